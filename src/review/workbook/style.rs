//! Formats of the workbook, and how a typed cell is put into a sheet.

use crate::model::NaiveDate;
use crate::model::date::Datelike;
use crate::review::cells::Cell;
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, Worksheet, XlsxError};

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
        let number = |format: &str| base().set_num_format(format).set_align(FormatAlign::Right);
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

    /// Puts a typed cell into the sheet; texts with `text`, numbers and dates with their own format.
    pub(super) fn put(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        cell: &Cell,
        text: &Format,
    ) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => {}
            Cell::Text(written) => {
                sheet.write_string_with_format(row, column, written, text)?;
            }
            Cell::Amount { minor, decimals } => self.put_amount(sheet, (row, column), *minor, *decimals)?,
            Cell::Date(date) => {
                if let Some(date) = excel_date(*date) {
                    sheet.write_datetime_with_format(row, column, date, &self.date)?;
                } else {
                    sheet.write_string_with_format(row, column, date.to_string(), text)?;
                }
            }
            Cell::Count(number) => {
                sheet.write_number_with_format(row, column, *number as f64, &self.count)?;
            }
            Cell::Rate(probability) => {
                sheet.write_number_with_format(row, column, f64::from(probability.0) / 1e6, &self.rate)?;
            }
        }
        Ok(())
    }

    /// Puts a typed cell into a column that has the format of its kind; only amounts of other decimals get their own.
    pub(super) fn put_in_column(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        cell: &Cell,
    ) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => {}
            Cell::Text(written) => {
                sheet.write_string(row, column, written)?;
            }
            Cell::Count(number) => {
                sheet.write_number(row, column, *number as f64)?;
            }
            Cell::Rate(probability) => {
                sheet.write_number(row, column, f64::from(probability.0) / 1e6)?;
            }
            Cell::Amount { .. } | Cell::Date(_) => self.put(sheet, (row, column), cell, &self.text)?,
        }
        Ok(())
    }

    /// Puts an amount as a number; as text where a spreadsheet's 15 digits would not hold it.
    pub(super) fn put_amount(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        minor: i64,
        decimals: u8,
    ) -> Result<(), XlsxError> {
        let format = &self.amounts[usize::from(decimals.min(4))];
        if minor.unsigned_abs() < 1_000_000_000_000_000 {
            let number = minor as f64 / 10_f64.powi(i32::from(decimals));
            sheet.write_number_with_format(row, column, number, format)?;
        } else {
            let text = crate::model::money::decimal_text(minor, decimals);
            sheet.write_string_with_format(row, column, text, format)?;
        }
        Ok(())
    }
}

fn excel_date(date: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok()?;
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}
