//! `claims.xlsx`: the comparison of claims and receipts, a sheet for each salesperson.

use super::style::Style;
use crate::model::Night;
use crate::model::claim::{ClaimLine, ClaimState};
use crate::review::cells::Cell;
use crate::review::claims::{COLUMNS, cells};
use crate::words::catalogue::{Words, say};
use crate::words::header;
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::collections::BTreeMap;

/// Width of each column.
const WIDTHS: [u16; 18] = [18, 14, 12, 28, 13, 14, 9, 24, 24, 9, 26, 22, 12, 14, 12, 28, 14, 20];

/// What needs a person first.
const STATES: [ClaimState; 7] = [
    ClaimState::ClaimedTwice,
    ClaimState::OtherCustomer,
    ClaimState::AmountDiffers,
    ClaimState::NotReceived,
    ClaimState::Unclaimed,
    ClaimState::Waiting,
    ClaimState::Received,
];

/// Returns the workbook as bytes; what belongs to no salesperson stands on the sheet `-`.
pub fn write(night: &Night, lines: &[ClaimLine]) -> Result<Vec<u8>, XlsxError> {
    let mut people: BTreeMap<&str, Vec<&ClaimLine>> = BTreeMap::new();
    for line in lines {
        people.entry(line.salesperson.trim()).or_default().push(line);
    }
    if people.is_empty() {
        people.insert("", Vec::new());
    }
    let words = Words::of(night.language);
    let title = say!(words, "sheet.claims_title", run = night.run.number.to_string());
    let mut workbook = super::empty(night, &title)?;
    let style = Style::new();
    let mut taken: Vec<String> = Vec::new();
    for (person, mut lines) in people {
        let name = sheet_name(person, &taken);
        lines.sort_by_key(|line| STATES.iter().position(|state| *state == line.state));
        write_sheet(workbook.add_worksheet().set_name(&name)?, words, &lines, &style)?;
        taken.push(name.to_lowercase());
    }
    workbook.save_to_buffer()
}

/// A name that a sheet may have: at most 31 characters, none of `[]:*?/\\`, no apostrophe at its ends, no other sheet's.
fn sheet_name(person: &str, taken: &[String]) -> String {
    let plain = |c: char| {
        if "[]:*?/\\".contains(c) || c.is_control() {
            ' '
        } else {
            c
        }
    };
    let name: String = person.chars().map(plain).take(20).collect();
    let name = name.trim().trim_matches('\'').trim();
    let name = if name.is_empty() { "-" } else { name };
    let is_free = |name: &String| !taken.contains(&name.to_lowercase()) && name.to_lowercase() != "history";
    let first = Some(name.to_owned()).filter(is_free);
    let numbered = || {
        (2..=taken.len() + 2)
            .map(|number| format!("{name} {number}"))
            .find(is_free)
    };
    first.or_else(numbered).unwrap_or_else(|| name.to_owned())
}

fn write_sheet(sheet: &mut Worksheet, words: Words, lines: &[&ClaimLine], style: &Style) -> Result<(), XlsxError> {
    let mut row = 0;
    // How many of what, first: the page answers at a glance.
    for state in STATES {
        let count = lines.iter().filter(|line| line.state == state).count();
        if count > 0 {
            let key = format!("claim_state.{}", state.code());
            sheet.write_string_with_format(row, 0, words.find(&key).unwrap_or(state.code()), &style.bold)?;
            style.put(sheet, (row, 1), &Cell::Count(count as i64), &style.text)?;
            row += 1;
        }
    }
    row += 1;
    for ((column, name), width) in (0_u16..).zip(COLUMNS).zip(WIDTHS) {
        sheet.write_string_with_format(row, column, header::bilingual(words, name), &style.header)?;
        sheet.set_column_width(column, f64::from(width))?;
    }
    let first = row;
    sheet.set_freeze_panes(first + 1, 0)?;
    for line in lines {
        row += 1;
        for (column, cell) in (0_u16..).zip(cells(line)) {
            style.put(sheet, (row, column), &cell, &style.text)?;
        }
    }
    sheet.autofilter(first, 0, row, COLUMNS.len() as u16 - 1)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_salesperson_has_a_sheet_of_a_name_that_may_be() {
        let mut taken = Vec::new();
        for (person, expected) in [
            ("Anna Berg", "Anna Berg"),
            ("anna berg", "anna berg 2"),
            ("", "-"),
            ("[A/B]:'", "A B"),
            ("History", "History 2"),
            ("王小明", "王小明"),
            ("A very long name of a salesperson indeed", "A very long name of"),
        ] {
            let name = sheet_name(person, &taken);
            assert_eq!(name, expected, "{person}");
            taken.push(name.to_lowercase());
        }
    }
}
