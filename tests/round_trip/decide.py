"""Decides in a workbook as a reviewer with openpyxl would: decide.py IN.xlsx DECISIONS.json OUT.xlsx [mangled]

With "mangled" the sheet comes back as people hand it on: sorted the other way round, columns inserted, the first half of the
headers only, a title above, blank and subtotal rows.
"""

import json
import sys

import openpyxl


def column_of(sheet, row, name):
    for cell in sheet[row]:
        if str(cell.value or "").split(" ")[-1] == name:
            return cell.column
    raise SystemExit(f"no column {name}")


def decide(sheet, decisions):
    key = column_of(sheet, 1, "payment_id")
    rows = {str(sheet.cell(row, key).value): row for row in range(2, sheet.max_row + 1)}
    for decision in decisions:
        row = rows[decision["payment_id"]]
        for name in ("decision", "target", "target_amount", "note"):
            if decision.get(name) is not None:
                sheet.cell(row, column_of(sheet, 1, name)).value = decision[name]


def mangle(book, sheet):
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    header, body = rows[0], rows[1:]
    header = [str(name or "").rsplit(" ", 1)[0] for name in header]
    other = book.create_sheet("handed on", 0)
    other.append(["Exceptions, as discussed"])
    other.append([])
    insert = lambda row, what: [what] + row[:3] + [None] + row[3:]
    other.append(insert(header, "checked"))
    for number, row in enumerate(reversed(body)):
        other.append(insert(row, "x" if number % 2 else None))
        if number % 5 == 4:
            other.append([])
            other.append([None, None, "Subtotal"])
    # The sheet that was written stays beside it without its decisions, as people leave it.
    for column in range(1, 6):
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, column).value = None


def main():
    source, decisions, target = sys.argv[1:4]
    book = openpyxl.load_workbook(source, rich_text=True)
    sheet = book.worksheets[0]
    with open(decisions, encoding="utf-8") as file:
        decide(sheet, json.load(file))
    if "mangled" in sys.argv[4:]:
        mangle(book, sheet)
    book.save(target)


main()
