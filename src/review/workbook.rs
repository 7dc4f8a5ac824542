//! `exceptions.xlsx`: the sheet that people work in, with what became of their decisions, what was posted, candidates, open items, summary and help.
//!
//! The same night gives the same bytes: the only date inside is the as-of date.

pub mod claims;
mod decided;
mod lists;
mod review;
mod style;

use crate::model::Night;
use crate::model::date::Datelike;
use crate::review::sheet::ExceptionRow;
use crate::words::catalogue::{Words, say};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::any::Any;
use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Once;

/// Returns the workbook as bytes. `rows` are those of [`crate::review::sheet::rows`] for the same night.
///
/// The rows of its large sheets lie in nameless files in the folder `scratch` until the workbook is whole. Fails where they cannot
/// be written, and where a workbook's own limits end: more than 1,048,575 exceptions.
pub fn write(night: &Night, rows: &[ExceptionRow], scratch: &Path) -> io::Result<Vec<u8>> {
    // The library ends the thread where a row cannot be written.
    match quietly(|| catch_unwind(AssertUnwindSafe(|| write_sheets(night, rows, scratch)))) {
        Ok(written) => written.map_err(|error| match error {
            XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => error,
            other => io::Error::other(other),
        }),
        Err(cause) => Err(unwritable(&*cause, scratch)),
    }
}

/// What the disk said, as far as the end of the thread tells it: `… Os { code: 28, kind: StorageFull, … }`.
fn unwritable(cause: &(dyn Any + Send), scratch: &Path) -> io::Error {
    let said = cause.downcast_ref::<String>().map_or("", String::as_str);
    let code = said.split_once("code: ").map_or("", |(_, rest)| rest);
    let code = code.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    code.parse().map_or_else(
        |_| {
            io::Error::other(format!(
                "the rows of its sheets cannot be written in {}: {said}",
                scratch.display()
            ))
        },
        io::Error::from_raw_os_error,
    )
}

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs what may end its thread, which is caught, without a word about it on the terminal.
fn quietly<T>(run: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |end| {
            if !IS_QUIET.get() {
                usual(end);
            }
        }));
    });
    IS_QUIET.set(true);
    let done = run();
    IS_QUIET.set(false);
    done
}

fn write_sheets(night: &Night, rows: &[ExceptionRow], scratch: &Path) -> Result<Vec<u8>, XlsxError> {
    let words = Words::of(night.language);
    let title = say!(words, "sheet.title", run = night.run.number.to_string());
    let mut workbook = empty(night, &title)?;
    workbook.set_tempdir(scratch)?;
    let style = style::Style::new();
    review::write(workbook.add_worksheet_with_constant_memory()?, night, rows, &style)?;
    decided::write_answers(workbook.add_worksheet(), night, &style)?;
    decided::write_posted(workbook.add_worksheet_with_constant_memory()?, night, &style)?;
    lists::write_candidates(workbook.add_worksheet_with_constant_memory()?, night, &style)?;
    lists::write_open_items(workbook.add_worksheet_with_constant_memory()?, night, &style)?;
    lists::write_summary(workbook.add_worksheet(), night, &style)?;
    lists::write_help(workbook.add_worksheet(), words, &style)?;
    workbook.save_to_buffer()
}

/// A workbook of the night without sheets; the same night gives the same bytes.
fn empty(night: &Night, title: &str) -> Result<Workbook, XlsxError> {
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
            .set_title(title)
            .set_author("paymatch")
            .set_creation_datetime(&created),
    );
    Ok(workbook)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_disk_said_is_told() {
        let scratch = Path::new("out/.7");
        let full: Box<dyn Any + Send> = Box::new(
            "Couldn't write to xml file: Os { code: 28, kind: StorageFull, message: \"No space left on device\" }"
                .to_owned(),
        );
        assert_eq!(unwritable(&*full, scratch).kind(), io::ErrorKind::StorageFull);
        let other: Box<dyn Any + Send> = Box::new("out of its mind".to_owned());
        let told = unwritable(&*other, scratch);
        assert_eq!(told.raw_os_error(), None);
        assert!(told.to_string().contains("out/.7: out of its mind"), "{told}");
    }

    #[test]
    fn what_ends_its_thread_is_caught_and_others_are_heard_again() {
        let caught = quietly(|| catch_unwind(|| panic!("a row")));
        assert!(caught.is_err());
        assert!(!IS_QUIET.get());
    }
}
