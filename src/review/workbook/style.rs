//! Formats of the workbook, and how a typed cell is put into a sheet.

use crate::model::NaiveDate;
use crate::model::date::Datelike;
use crate::model::money::decimal_text;
use crate::review::cells::Cell;
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, Worksheet, XlsxError};
use std::ops::Range;

/// The formats.
pub(super) struct Style {
    /// Header of columns that a person fills in.
    pub(super) header_input: Format,
    /// Header of all others.
    pub(super) header: Format,
    /// Input that stays text whatever is typed.
    pub(super) input_text: Format,
    /// Amounts that a person fills in.
    pub(super) input_amount: Format,
    /// Text in one line.
    pub(super) text: Format,
    /// Text over several lines.
    pub(super) wrapped: Format,
    /// Text in bold.
    pub(super) bold: Format,
    /// Title of a sheet.
    pub(super) title: Format,
    /// Dates.
    pub(super) date: Format,
    /// Whole numbers.
    pub(super) count: Format,
    /// Probabilities.
    pub(super) rate: Format,
    /// Bits.
    pub(super) bits: Format,
    /// Amounts by their decimals, 0 to 4.
    pub(super) amounts: [Format; 5],
}

impl Style {
    pub(super) fn new() -> Style {
        let base = || {
            Format::new()
                .set_align(FormatAlign::Top)
                .set_font_name("Arial")
                .set_font_size(10)
        };
        let header = |color: u32| {
            base()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(color))
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
        };
        let input = || base().set_text_wrap();
        // The indent keeps a figure apart from the currency beside it.
        let number = |format: &str| {
            base()
                .set_num_format(format)
                .set_align(FormatAlign::Right)
                .set_indent(1)
        };
        Style {
            header_input: header(0x8A_5A_00),
            header: header(0x1F_3A_5F),
            input_text: input().set_num_format("@"),
            input_amount: input().set_num_format("#,##0.00##").set_align(FormatAlign::Right),
            text: base().set_indent(1),
            wrapped: base().set_text_wrap(),
            bold: base().set_bold(),
            title: base().set_bold().set_font_size(14),
            date: base().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
            count: number("#,##0"),
            rate: number("0.00%"),
            bits: number("0.00"),
            amounts: ["#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000"].map(number),
        }
    }

    /// Puts a text of which pieces are bold; the rest has the font of its column.
    fn put_marked(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        text: &str,
        bold: &[Range<usize>],
    ) -> Result<(), XlsxError> {
        let pieces: Vec<(&Format, &str)> = pieces(text, bold)
            .into_iter()
            .map(|(is_bold, piece)| (if is_bold { &self.bold } else { &self.wrapped }, piece))
            .collect();
        sheet.write_rich_string(row, column, &pieces)?;
        Ok(())
    }

    /// Returns the format of numbers and dates; texts have that of their column.
    fn of<'s>(&'s self, cell: &Cell, column: &'s Format) -> &'s Format {
        match cell {
            Cell::Empty | Cell::Text(_) | Cell::Marked { .. } => column,
            Cell::Amount { decimals, .. } => &self.amounts[usize::from((*decimals).min(4))],
            Cell::Date(_) => &self.date,
            Cell::Count(_) => &self.count,
            Cell::Rate(_) => &self.rate,
        }
    }

    /// Puts a typed cell into a column that has a format; the cell gets its own only where it is another one, so that a sheet
    /// of many thousand rows stays quick.
    pub(super) fn put(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        cell: Cell,
        of_column: &Format,
    ) -> Result<(), XlsxError> {
        let own = self.of(&cell, of_column);
        let own = (!std::ptr::eq(own, of_column)).then_some(own);
        let mut text = |written: String| match own {
            Some(own) => sheet.write_string_with_format(row, column, written, own).map(|_| ()),
            None => sheet.write_string(row, column, written).map(|_| ()),
        };
        let number = match cell {
            Cell::Empty => return Ok(()),
            Cell::Text(written) => return text(written),
            Cell::Marked { text, bold } => return self.put_marked(sheet, (row, column), &text, &bold),
            Cell::Amount { minor, decimals } => match amount(minor, decimals) {
                Some(number) => number,
                None => return text(decimal_text(minor, decimals).into()),
            },
            Cell::Date(date) => match excel_date(date) {
                Some(date) => date.to_excel(),
                None => return text(date.to_string()),
            },
            Cell::Count(number) => number as f64,
            Cell::Rate(probability) => f64::from(probability.0) / 1e6,
        };
        match own {
            Some(own) => sheet.write_number_with_format(row, column, number, own)?,
            None => sheet.write_number(row, column, number)?,
        };
        Ok(())
    }
}

/// Returns the height in points that a text takes in a column so many characters wide, at least one line and `most` at most.
///
/// A Chinese character takes the room of two, and its line is higher; it also breaks earlier than a word.
pub(super) fn height(text: &str, width: f64, most: usize) -> f64 {
    let is_wide = |c: char| c >= '\u{1100}';
    let room: usize = text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum();
    let (per_line, line) = if text.contains(is_wide) {
        (width * 0.95, 16.5)
    } else {
        (width * 1.05, 13.5)
    };
    room.div_ceil(per_line as usize).clamp(1, most) as f64 * line
}

/// Returns the pieces of a text, each with whether it is bold; none is empty.
fn pieces<'t>(text: &'t str, bold: &[Range<usize>]) -> Vec<(bool, &'t str)> {
    let mut pieces = Vec::new();
    let mut end = 0;
    for piece in bold {
        pieces.push((false, &text[end..piece.start]));
        pieces.push((true, &text[piece.clone()]));
        end = piece.end;
    }
    pieces.push((false, &text[end..]));
    pieces.retain(|(_, piece)| !piece.is_empty());
    pieces
}

/// Returns an amount as a number; `None` where a spreadsheet's 15 digits would not hold it.
fn amount(minor: i64, decimals: u8) -> Option<f64> {
    (minor.unsigned_abs() < 1_000_000_000_000_000).then(|| minor as f64 / 10_f64.powi(i32::from(decimals)))
}

fn excel_date(date: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok()?;
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}
