//! `claims.xlsx`: the comparison of claims and receipts, a sheet for each salesperson.

use super::lists::{set_up_print, write_header, write_row};
use super::style::Style;
use crate::model::Night;
use crate::model::claim::{ClaimLine, ClaimState};
use crate::review::cells::Cell;
use crate::review::claims::{COLUMNS, cells};
use crate::words::catalogue::{Words, say};
use rust_xlsxwriter::{Format, Worksheet, XlsxError};
use std::collections::BTreeMap;

/// The columns of a sheet with their widths: what is said and what came stand side by side; what only programs need is last, and not
/// on paper.
const SHOWN: [(&str, f64); 18] = [
    ("state", 16.0),
    ("age_days", 9.0),
    ("claimed_on", 12.0),
    ("customer", 28.0),
    ("claimed", 14.0),
    ("received", 14.0),
    ("difference", 12.0),
    ("currency", 9.0),
    ("booking_date", 12.0),
    ("payer_name", 28.0),
    ("received_for", 14.0),
    ("references", 22.0),
    ("note", 28.0),
    ("bank_ref", 20.0),
    ("salesperson", 14.0),
    ("customer_id", 13.0),
    ("source", 20.0),
    ("payment_id", 26.0),
];

/// Columns on paper: up to the note.
const ON_PAPER: u16 = 13;

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
        write_sheet(workbook.add_worksheet().set_name(&name)?, night, &lines, &style)?;
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

fn write_sheet(sheet: &mut Worksheet, night: &Night, lines: &[&ClaimLine], style: &Style) -> Result<(), XlsxError> {
    let words = Words::of(night.language);
    let title = say!(words, "sheet.claims_title", run = night.run.number.to_string());
    sheet.write_string_with_format(0, 0, &title, &style.title)?;
    sheet.set_row_height(0, 24)?;
    let mut row = 1;
    // How many of what, first: the page answers at a glance.
    for state in STATES {
        let count = lines.iter().filter(|line| line.state == state).count();
        if count > 0 {
            sheet.write_string_with_format(row, 0, state_word(words, state), &style.bold)?;
            style.put(sheet, (row, 1), Cell::Count(count as i64), &style.text)?;
            row += 1;
        }
    }
    row += 1;
    let columns = SHOWN.map(|(name, width)| (name, width, format(name, style)));
    write_header(sheet, words, style, (row, 0), &columns)?;
    sheet.set_row_height(row, 30)?;
    let first = row;
    sheet.set_freeze_panes(first + 1, 0)?;
    for line in lines {
        row += 1;
        write_row(sheet, row, style, shown(words, line), &columns)?;
    }
    sheet.autofilter(first, 0, row, COLUMNS.len() as u16 - 1)?;
    set_up_print(sheet, words);
    sheet.set_repeat_rows(first, first)?;
    sheet.set_print_area(0, 0, row, ON_PAPER - 1)?;
    let as_of = say!(words, "sheet.as_of", day = night.run.as_of);
    sheet.set_header(format!("&L{title}&R{as_of}"));
    Ok(())
}

fn state_word(words: Words, state: ClaimState) -> &'static str {
    let key = format!("claim_state.{}", state.code());
    words.find(&key).unwrap_or(state.code())
}

/// Returns the cells of a line in the order of [`SHOWN`], the state in words.
fn shown(words: Words, line: &ClaimLine) -> Vec<Cell> {
    let mut by_name: BTreeMap<&str, Cell> = COLUMNS.into_iter().zip(cells(line)).collect();
    by_name.insert("state", Cell::text(state_word(words, line.state)));
    SHOWN
        .iter()
        .map(|(name, _)| by_name.remove(name).unwrap_or(Cell::Empty))
        .collect()
}

fn format<'s>(column: &str, style: &'s Style) -> &'s Format {
    match column {
        "state" => &style.bold,
        "customer" | "payer_name" | "references" | "note" => &style.wrapped,
        "claimed" | "received" | "difference" => &style.amounts[2],
        "claimed_on" | "booking_date" => &style.date,
        "age_days" => &style.count,
        _ => &style.text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_shown_once() {
        let mut shown = SHOWN.map(|(name, _)| name);
        let mut columns = COLUMNS;
        shown.sort_unstable();
        columns.sort_unstable();
        assert_eq!(shown, columns);
    }

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
