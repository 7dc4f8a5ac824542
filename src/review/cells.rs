//! Cells: what a row of the sheet is made of, and what a returned cell says once its spreadsheet dress is taken off.

use crate::model::date::iso;
use crate::model::money::decimal_text;
use crate::model::{NaiveDate, Probability};
use std::borrow::Cow;
use std::ops::Range;

/// A typed cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text; never a formula. Hidden characters are already written out.
    Text(String),
    /// Text with pieces in bold.
    Marked {
        /// The text.
        text: String,
        /// Where the bold pieces stand, in bytes, in order.
        bold: Vec<Range<usize>>,
    },
    /// Minor units with the decimals of their currency.
    Amount {
        /// Minor units.
        minor: i64,
        /// Decimals of the currency.
        decimals: u8,
    },
    /// A date.
    Date(NaiveDate),
    /// A whole number.
    Count(i64),
    /// A probability.
    Rate(Probability),
}

impl Cell {
    /// Returns a text cell; an empty text is an empty cell.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    /// Returns the cell as CSV shows it: decimals with a point, ISO dates, texts safe for spreadsheets.
    pub fn csv_text(&self) -> Cow<'_, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) | Cell::Marked { text, .. } => safe(text),
            Cell::Amount { minor, decimals } => Cow::Owned(decimal_text(*minor, *decimals).to_string()),
            Cell::Date(date) => Cow::Owned(iso(*date).to_string()),
            Cell::Count(number) => Cow::Owned(number.to_string()),
            Cell::Rate(probability) => Cow::Owned(probability.to_string()),
        }
    }
}

/// Returns a text that no spreadsheet takes for a formula: `'` stands before one that begins like one.
pub fn safe(text: &str) -> Cow<'_, str> {
    let is_formula = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if is_formula {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Returns a text with full-width letters, digits, signs and blanks made half-width.
pub fn half_width(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{3000}' | '\u{a0}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
            other => other,
        })
        .collect()
}

/// Returns what a person typed: no blanks, zero-width characters, leading `'` or backtick around it, `="…"` undone.
///
/// A cell of only `-`, `--`, `/` or `N/A` is empty.
pub fn bare(cell: &str) -> String {
    let is_nothing =
        |c: char| c.is_whitespace() || matches!(c, '\u{3000}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    let mut text = cell.trim_matches(is_nothing);
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        text = inner;
    }
    let text = text.trim_start_matches(['\'', '`']).trim_matches(is_nothing);
    match text {
        "-" | "--" | "/" | "N/A" | "n/a" => String::new(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_never_become_formulas() {
        for (text, written) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("+49 30 1234", "'+49 30 1234"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1+1", "'  =1+1"),
            ("＝1+1", "'＝1+1"),
            ("RE-1001", "RE-1001"),
            ("−15.00", "−15.00"),
            ("", ""),
        ] {
            assert_eq!(safe(text), written, "text: {text}");
        }
    }

    #[test]
    fn cells_lose_their_dress() {
        for (cell, text) in [
            (" ACCEPT\t", "ACCEPT"),
            ("'=HYPERLINK", "=HYPERLINK"),
            ("=\"00123\"", "00123"),
            ("\u{3000}接受\u{200b}", "接受"),
            ("--", ""),
            ("N/A", ""),
        ] {
            assert_eq!(bare(cell), text, "cell: {cell:?}");
        }
        assert_eq!(half_width("ＩＮＶ－１００１；　２"), "INV-1001; 2");
    }
}
