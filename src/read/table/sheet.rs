//! Workbooks: cells of XLSX files as rows of text, read one by one with limits; declared sizes are never believed.
//!
//! No links, no macros, no formulas: only the values that the cells hold.

mod guard;

use crate::read::table::COLUMNS_MAX;
use crate::read::table::cell::NUMBER_MARK;
use calamine::{DataRef, Reader, Xlsx};
use csv::StringRecord;
use std::io::Cursor;

const ROWS_MAX: u32 = 1_048_576;
/// The longest text that a spreadsheet program writes into a cell, in bytes.
const CELL_BYTES_MAX: usize = 4 * 32_767;
const SHEETS_MAX: usize = 50;
/// Bytes that a workbook of no size may unpack to, and may take in memory …
const FREE_BYTES: u64 = 32 << 20;
/// … and those that each byte of it may take: a text that many cells share is counted with each of them.
const MEMORY_RATIO_MAX: u64 = 32;
const MEMORY_MAX: u64 = 2 << 30;
/// What a cell takes beside its text, in bytes.
const CELL_COST: u64 = 16;

/// One sheet: its rows with their numbers, counted from 1; empty rows are left out.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Row number and cells.
    pub rows: Vec<(u64, StringRecord)>,
}

/// What an archive is, by the names of its members.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spreadsheet {
    /// A workbook of cells in XML (.xlsx, .xlsm), which is read.
    Workbook,
    /// A spreadsheet of another kind, which is not.
    Foreign(&'static str),
}

/// Returns which kind of spreadsheet an archive is; `None` when it is none, or no archive.
pub fn kind(bytes: &[u8]) -> Option<Spreadsheet> {
    if !bytes.starts_with(b"PK") {
        return None;
    }
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let has = |wanted: &str| {
        let mut names = archive.file_names().filter_map(Result::ok);
        names.any(|name| name.replace('\\', "/").eq_ignore_ascii_case(wanted))
    };
    if has("xl/workbook.xml") {
        Some(Spreadsheet::Workbook)
    } else if has("xl/workbook.bin") {
        Some(Spreadsheet::Foreign("a binary workbook (.xlsb)"))
    } else if has("content.xml") && has("mimetype") {
        Some(Spreadsheet::Foreign("an OpenDocument sheet (.ods)"))
    } else {
        None
    }
}

/// Returns the sheets of a workbook, or why it is not read.
pub fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    guard::check(bytes)?;
    // The workbook reader subtracts and counts unchecked in places: a lying position must not end the run.
    let reading = std::panic::catch_unwind(|| read_all(bytes));
    reading.unwrap_or_else(|_| Err("its cell positions are broken".to_owned()))
}

fn read_all(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let mut workbook: Xlsx<Cursor<&[u8]>> = Xlsx::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let names: Vec<String> = workbook.sheet_names().to_vec();
    if names.len() > SHEETS_MAX {
        return Err(format!("it has {} sheets, expected at most {SHEETS_MAX}", names.len()));
    }
    let mut sheets = Vec::new();
    let mut budget = allowed(bytes, MEMORY_RATIO_MAX, MEMORY_MAX);
    for name in names {
        let mut cells = match workbook.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(error.to_string()),
        };
        let rows = read_sheet(&mut cells, &mut budget).map_err(|error| format!("sheet `{name}`: {error}"))?;
        sheets.push(Sheet { name, rows });
    }
    Ok(sheets)
}

type Cells<'a, 'b> = calamine::XlsxCellReader<'a, Cursor<&'b [u8]>>;

fn read_sheet(cells: &mut Cells<'_, '_>, budget: &mut u64) -> Result<Vec<(u64, StringRecord)>, String> {
    let mut rows: Vec<(u64, StringRecord)> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
        let (row, column) = cell.get_position();
        if row >= ROWS_MAX || column as usize >= COLUMNS_MAX {
            return Err(format!(
                "a cell in row {} and column {} is too far out",
                u64::from(row) + 1,
                u64::from(column) + 1
            ));
        }
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let number = u64::from(row) + 1;
        if text.len() > CELL_BYTES_MAX {
            return Err(format!("a cell in row {number} is longer than {CELL_BYTES_MAX} bytes"));
        }
        *budget = budget
            .checked_sub((u64::from(column) + 1) * CELL_COST + text.len() as u64)
            .ok_or("it has too many cells")?;
        if rows.last().is_none_or(|(last, _)| *last < number) {
            rows.push((number, StringRecord::new()));
        }
        let Some((last, record)) = rows.last_mut() else {
            continue;
        };
        let position = column as usize;
        if *last != number || record.len() > position {
            return Err(format!("the cells of row {number} are out of order"));
        }
        while record.len() < position {
            record.push_field("");
        }
        record.push_field(&text);
    }
    Ok(rows)
}

/// Returns what a cell holds; numbers are marked, so that their point is not taken for a thousands mark.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.replace(NUMBER_MARK, ""),
        DataRef::SharedString(text) => text.replace(NUMBER_MARK, ""),
        DataRef::Int(number) => format!("{NUMBER_MARK}{number}"),
        DataRef::Float(number) => format!("{NUMBER_MARK}{}", decimal(*number)),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            if (hour, minute, second) == (0, 0, 0) {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
            }
        }
        DataRef::DateTime(moment) => format!("{NUMBER_MARK}{}", decimal(moment.as_f64())),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// Returns the number as a spreadsheet shows it: 15 significant digits; longer ones keep their exponent, which no amount has.
fn decimal(number: f64) -> String {
    let scientific = format!("{number:.14e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let Ok(exponent) = exponent.parse::<i32>() else {
        return scientific;
    };
    if !(-9..15).contains(&exponent) {
        return if scientific.starts_with("0.0") {
            "0".to_owned()
        } else {
            scientific
        };
    }
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let (whole, fraction) = if exponent < 0 {
        (
            "0".to_owned(),
            format!("{}{digits}", "0".repeat(exponent.unsigned_abs() as usize - 1)),
        )
    } else {
        let (whole, fraction) = digits.split_at(exponent as usize + 1);
        (whole.to_owned(), fraction.to_owned())
    };
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// Returns how many bytes a file may become: some for every file, more for a larger one.
fn allowed(bytes: &[u8], ratio: u64, limit: u64) -> u64 {
    let grown = (bytes.len() as u64).saturating_mul(ratio);
    grown.saturating_add(FREE_BYTES).min(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_a_sheet_shows_them() {
        for (number, written) in [
            (119.3, "119.3"),
            (0.1 + 0.2, "0.3"),
            (-12_345.6, "-12345.6"),
            (0.05, "0.05"),
            (100.0, "100"),
            (0.0, "0"),
            (123_456_789_012_345.0, "123456789012345"),
            (6_222_020_200_012_345_678.0, "6.22202020001235e18"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(decimal(number), written);
        }
    }
}
