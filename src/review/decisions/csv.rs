//! A returned sheet as CSV: whatever encoding and delimiter a spreadsheet program saved it with.

use super::{Grid, Unreadable, Written};
use crate::model::FindingCode;
use crate::review::columns::Column;
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::collections::BTreeMap;

/// Largest file, in bytes.
const BYTES_MAX: usize = 256 << 20;
/// Most columns that are looked at.
const COLUMNS_MAX: usize = 512;

/// Returns the rows of a file.
pub(super) fn grid(bytes: &[u8]) -> Result<Grid, Unreadable> {
    if bytes.len() > BYTES_MAX {
        let args = vec![bytes.len().to_string(), BYTES_MAX.to_string()];
        return Err(Unreadable::Refused(FindingCode::FileTooLarge, args));
    }
    let text = decode(bytes)?;
    if text.trim().is_empty() {
        return Err(Unreadable::Left("it is empty".to_owned()));
    }
    if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
        return Err(Unreadable::Left("it ends inside a quoted cell".to_owned()));
    }
    let delimiter = delimiter(&text);
    let grid = rows(&text, delimiter);
    // A copy that was cut off ends within a line that is too short.
    let is_cut = !text.ends_with(['\n', '\r'])
        && matches!(grid.widths.as_slice(), [first, .., last] if last < first && *first > 1);
    if is_cut {
        return Err(Unreadable::Left("its last line is cut off".to_owned()));
    }
    Ok(grid.grid)
}

struct Rows {
    grid: Grid,
    widths: Vec<usize>,
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

fn rows(text: &str, delimiter: u8) -> Rows {
    let mut rows = Vec::new();
    let mut widths = Vec::new();
    for record in reader(text, delimiter).records() {
        let Ok(record) = record else { break };
        let line = record.position().map_or(0, |position| line_of(text, position));
        let cells: BTreeMap<usize, Written> = record
            .iter()
            .take(COLUMNS_MAX)
            .enumerate()
            .filter(|(_, cell)| !cell.trim().is_empty())
            .map(|(column, cell)| (column, Written::Text(cell.to_owned())))
            .collect();
        widths.push(record.len());
        rows.push((line, cells));
    }
    let sheet = String::new();
    Rows {
        grid: Grid { sheet, rows },
        widths,
    }
}

/// Returns the line of a record: the reader takes the line ends before it as part of it, that of `\r\n` included.
fn line_of(text: &str, position: &csv::Position) -> u64 {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let before = text.as_bytes().get(start..).unwrap_or_default().iter();
    let ends = before.take_while(|byte| matches!(byte, b'\n' | b'\r'));
    position.line() + ends.filter(|byte| **byte == b'\n').count() as u64
}

/// Returns the delimiter with which the first rows show the most names of columns.
fn delimiter(text: &str) -> u8 {
    let names = |delimiter: u8| -> usize {
        let records = reader(text, delimiter).into_records();
        records
            .take(super::HEADER_ROWS)
            .map_while(Result::ok)
            .map(|record| {
                let cells = record.iter().take(COLUMNS_MAX);
                cells.filter(|cell| Column::named(cell).is_some()).count()
            })
            .max()
            .unwrap_or(0)
    };
    // The first one wins a tie: a comma is what we write ourselves.
    let mut best = (b',', names(b','));
    for candidate in [b';', b'\t'] {
        let count = names(candidate);
        if count > best.1 {
            best = (candidate, count);
        }
    }
    best.0
}

/// Returns the text: byte order mark, NUL pattern, strict UTF-8, GB18030 where the bytes pair up, else windows-1252.
fn decode(bytes: &[u8]) -> Result<String, Unreadable> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return strict(encoding_rs::UTF_8, rest);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return strict(UTF_16LE, rest);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return strict(UTF_16BE, rest);
    }
    let head = &bytes[..bytes.len().min(512)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    if zeros(1) * 8 > head.len() {
        return strict(UTF_16LE, bytes);
    }
    if zeros(0) * 8 > head.len() {
        return strict(UTF_16BE, bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    if is_paired(bytes)
        && let Ok(text) = strict(GB18030, bytes)
    {
        return Ok(text);
    }
    strict(WINDOWS_1252, bytes)
}

fn strict(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Result<String, Unreadable> {
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text.into_owned()),
        None => Err(Unreadable::Refused(
            FindingCode::EncodingBroken,
            vec!["of the file".to_owned(), encoding.name().to_owned()],
        )),
    }
}

/// Returns true when more than 60 % of the high bytes pair up as GB18030 does.
fn is_paired(bytes: &[u8]) -> bool {
    let (mut high, mut paired, mut at) = (0_usize, 0_usize, 0);
    while at < bytes.len() {
        if bytes[at] < 0x80 {
            at += 1;
            continue;
        }
        let is_pair = (0x81..=0xfe).contains(&bytes[at])
            && bytes
                .get(at + 1)
                .is_some_and(|next| matches!(next, 0x40..=0x7e | 0x80..=0xfe));
        let trails_high = bytes.get(at + 1).is_some_and(|next| *next >= 0x80);
        let width = if is_pair { 2 } else { 1 };
        let counted = if is_pair && trails_high { 2 } else { 1 };
        high += counted;
        if is_pair && trails_high {
            paired += 2;
        }
        at += width;
    }
    paired * 10 > high * 6
}
