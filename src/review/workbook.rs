//! `exceptions.xlsx`: the sheet that people work in, with its candidates, open items, summary and help.
//!
//! The same night gives the same bytes: the only date inside is the as-of date.

pub mod claims;
mod lists;
mod review;
mod style;

use crate::model::Night;
use crate::model::date::Datelike;
use crate::review::sheet::ExceptionRow;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

/// Returns the workbook as bytes. `rows` are those of [`crate::review::sheet::rows`] for the same night.
///
/// Fails only where a workbook's own limits end: more than 1,048,575 exceptions.
pub fn write(night: &Night, rows: &[ExceptionRow]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = empty(night, "Exceptions")?;
    let style = style::Style::new();
    review::write(workbook.add_worksheet(), night, rows, &style)?;
    lists::write_candidates(workbook.add_worksheet(), night, &style)?;
    lists::write_open_items(workbook.add_worksheet(), night, &style)?;
    lists::write_summary(workbook.add_worksheet(), night, &style)?;
    lists::write_help(workbook.add_worksheet(), &style)?;
    workbook.save_to_buffer()
}

/// A workbook of the night without sheets; the same night gives the same bytes.
fn empty(night: &Night, what: &str) -> Result<Workbook, XlsxError> {
    let as_of = night.run.as_of;
    let created = ExcelDateTime::from_ymd(
        u16::try_from(as_of.year()).unwrap_or(1900),
        u8::try_from(as_of.month()).unwrap_or(1),
        u8::try_from(as_of.day()).unwrap_or(1),
    )?;
    let mut workbook = Workbook::new();
    // A sheet of one morning: quick to write is worth more than small.
    workbook.set_zip_compression_level(1);
    workbook.set_properties(
        &DocProperties::new()
            .set_title(format!("{what} of run {}", night.run.number))
            .set_author("paymatch")
            .set_creation_datetime(&created),
    );
    Ok(workbook)
}
