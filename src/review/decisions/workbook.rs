//! A returned sheet as a workbook: every sheet, cell by cell, within limits.

use super::{Grid, Unreadable, Written};
use crate::model::{FindingCode, NaiveDate};
use calamine::{DataRef, Reader, Xlsx};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Most members of the archive.
const MEMBERS_MAX: usize = 1_000;
/// Most bytes that the archive may unpack to.
const INFLATED_MAX: u64 = 512 << 20;
/// Most cells that are looked at in one workbook.
const CELLS_MAX: usize = 20_000_000;
/// Most columns that are looked at.
const COLUMNS_MAX: u32 = 512;

/// Returns all sheets of a workbook that have rows.
pub(super) fn grids(bytes: &[u8]) -> Result<Vec<Grid>, Unreadable> {
    check_archive(bytes)?;
    // The reader is foreign code; a workbook made to break it must not end the run.
    match std::panic::catch_unwind(|| sheets(bytes)) {
        Ok(read) => read,
        Err(_) => Err(broken("its sheets cannot be read")),
    }
}

fn broken(why: impl ToString) -> Unreadable {
    Unreadable::Refused(FindingCode::ArchiveBroken, vec![why.to_string()])
}

fn limit(what: String) -> Unreadable {
    Unreadable::Refused(FindingCode::ArchiveLimit, vec![what])
}

/// Refuses what unpacks to too much; leaves what is not whole yet.
fn check_archive(bytes: &[u8]) -> Result<(), Unreadable> {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return Err(Unreadable::Left("it is cut off or being written".to_owned()));
    };
    if archive.len() > MEMBERS_MAX {
        return Err(limit(format!("{} members", archive.len())));
    }
    let mut inflated = 0_u64;
    for position in 0..archive.len() {
        let member = archive.by_index(position).map_err(broken)?;
        let name = member.name().map_err(broken)?.into_owned();
        let mut member = member.take(INFLATED_MAX + 1);
        let mut head = vec![0_u8; 4096];
        let mut filled = 0;
        let mut chunk = vec![0_u8; 1 << 16];
        loop {
            let count = member.read(&mut chunk).map_err(broken)?;
            if count == 0 {
                break;
            }
            let kept = count.min(head.len() - filled);
            head[filled..filled + kept].copy_from_slice(&chunk[..kept]);
            filled += kept;
            inflated += count as u64;
            if inflated > INFLATED_MAX {
                return Err(limit(format!("more than {} MB", INFLATED_MAX >> 20)));
            }
        }
        if name.to_lowercase().ends_with("sharedstrings.xml") {
            check_declared_strings(&head[..filled])?;
        }
    }
    Ok(())
}

/// Refuses a table of texts that claims more texts than fit: the reader reserves room for as many as are claimed.
fn check_declared_strings(head: &[u8]) -> Result<(), Unreadable> {
    let text = String::from_utf8_lossy(head);
    for claim in text.split("ount=").skip(1) {
        let digits: String = claim
            .chars()
            .skip(1)
            .skip_while(|c| c.is_whitespace() || *c == '+')
            .take_while(char::is_ascii_digit)
            .collect();
        if digits.trim_start_matches('0').len() > 7 {
            return Err(limit(format!("{digits} texts")));
        }
    }
    Ok(())
}

fn sheets(bytes: &[u8]) -> Result<Vec<Grid>, Unreadable> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let mut cells_left = CELLS_MAX;
    let mut grids = Vec::new();
    for sheet in workbook.sheet_names() {
        // Chart sheets have no cells; they are no fault of the file.
        let Ok(mut reader) = workbook.worksheet_cells_reader(&sheet) else {
            continue;
        };
        let mut rows: BTreeMap<u64, BTreeMap<usize, Written>> = BTreeMap::new();
        while let Some(cell) = reader.next_cell().map_err(broken)? {
            let (row, column) = cell.get_position();
            cells_left = cells_left
                .checked_sub(1)
                .ok_or_else(|| limit(format!("{CELLS_MAX} cells")))?;
            if column >= COLUMNS_MAX {
                continue;
            }
            if let Some(written) = written(cell.get_value()) {
                rows.entry(u64::from(row) + 1)
                    .or_default()
                    .insert(column as usize, written);
            }
        }
        grids.push(Grid {
            sheet,
            rows: rows.into_iter().collect(),
        });
    }
    Ok(grids)
}

fn written(value: &DataRef<'_>) -> Option<Written> {
    match value {
        DataRef::Int(number) => Some(Written::Number(*number as f64)),
        DataRef::Float(number) => Some(Written::Number(*number)),
        DataRef::String(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Bool(truth) => Some(Written::Text(if *truth { "TRUE" } else { "FALSE" }.to_owned())),
        DataRef::DateTime(moment) => {
            let days = moment.as_f64();
            if !(1.0..2_958_466.0).contains(&days) {
                return Some(Written::Number(days));
            }
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
            Some(date.map_or(Written::Number(days), Written::Date))
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_cell(text),
        DataRef::Error(error) => Some(Written::Text(error.to_string())),
        DataRef::Empty => None,
    }
}

fn text_cell(text: &str) -> Option<Written> {
    (!text.trim().is_empty()).then(|| Written::Text(text.to_owned()))
}
