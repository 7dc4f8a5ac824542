//! ZIP and gzip, in memory only, with limits on members, sizes and ratio. Member names are names, never paths.

use super::detect::{Format, format, plain};
use super::{FileReading, Options};
use crate::model::{Finding, FindingCode, Source};
use flate2::bufread::MultiGzDecoder;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Members that an archive may have.
const MEMBERS_MAX: usize = 1000;
/// Bytes that an archive may unpack to, over all members.
const INFLATED_BYTES_MAX: u64 = 2 << 30;
/// Bytes that may come out of each byte that goes in …
const RATIO_MAX: u64 = 100;
/// … once this much came out.
const RATIO_FREE_BYTES: u64 = 1 << 20;

/// Reads the statements of a ZIP archive, one reading per member. Members that are no statements are passed over with a note.
///
/// Refuses the whole archive when it is damaged, encrypted or unpacks beyond the limits.
pub(super) fn zip(name: &str, bytes: &[u8], options: &Options) -> Vec<FileReading> {
    match members(name, bytes) {
        Ok(members) => statements(name, members, options),
        Err(refusal) => vec![FileReading::refused(name, *refusal)],
    }
}

/// Reads the statement inside a gzip file.
pub(super) fn gzip(name: &str, bytes: &[u8], options: &Options) -> FileReading {
    let inflated = match inflate(MultiGzDecoder::new(bytes), bytes.len() as u64, INFLATED_BYTES_MAX) {
        Ok(inflated) => inflated,
        Err(fault) => return FileReading::refused(name, *fault.finding(name)),
    };
    if matches!(format(&inflated), Format::Zip | Format::Gzip) {
        return FileReading::refused(name, *nested(name));
    }
    plain(name, &inflated, options)
}

/// Why an archive was not unpacked.
enum Fault {
    Broken(String),
    Limit(String),
}

impl Fault {
    fn finding(self, name: &str) -> Box<Finding> {
        let (code, what) = match self {
            Fault::Broken(what) => (FindingCode::ArchiveBroken, what),
            Fault::Limit(what) => (FindingCode::ArchiveLimit, what),
        };
        Box::new(Finding::error(code, Source::file(name), vec![what]))
    }
}

fn nested(name: &str) -> Box<Finding> {
    Fault::Broken("it is an archive inside an archive".to_owned()).finding(name)
}

/// A member: its name below the archive's, and its bytes.
struct Member {
    name: String,
    bytes: Vec<u8>,
}

/// Returns the files of the archive in the order of its directory.
fn members(name: &str, bytes: &[u8]) -> Result<Vec<Member>, Box<Finding>> {
    let broken = |error: zip::result::ZipError| Fault::Broken(error.to_string()).finding(name);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MEMBERS_MAX {
        let what = format!("{} members, allowed are {MEMBERS_MAX}", archive.len());
        return Err(Fault::Limit(what).finding(name));
    }
    if listed_members(bytes).is_some_and(|listed| listed != archive.len()) {
        let what = "two of its members have the same name".to_owned();
        return Err(Fault::Broken(what).finding(name));
    }
    let mut found = Vec::new();
    // Many small members unpack to as much as a large one: the ratio counts over all of them, too.
    let mut left = INFLATED_BYTES_MAX.min((bytes.len() as u64).saturating_mul(RATIO_MAX).max(RATIO_FREE_BYTES));
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(broken)?;
        if member.is_dir() {
            continue;
        }
        let full = format!("{name}/{}", shown(&member.name().map_err(broken)?));
        let compressed = member.compressed_size();
        let inflated = inflate(member, compressed, left).map_err(|fault| fault.finding(&full))?;
        left -= inflated.len() as u64;
        found.push(Member {
            name: full,
            bytes: inflated,
        });
    }
    Ok(found)
}

/// Returns a member's name as it is shown: without control characters.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Returns the number of members that the end of the archive states: the reader drops one of two with the same name in silence.
fn listed_members(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let count = bytes.get(end + 10..end + 12)?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]])))
}

/// Returns the inflated bytes, counted while they come, never trusting the sizes that are written.
fn inflate(reader: impl Read, compressed: u64, left: u64) -> Result<Vec<u8>, Fault> {
    let ratio = compressed.saturating_mul(RATIO_MAX).max(RATIO_FREE_BYTES);
    let limit = ratio.min(left);
    let mut inflated = Vec::new();
    reader
        .take(limit + 1)
        .read_to_end(&mut inflated)
        .map_err(|error| Fault::Broken(error.to_string()))?;
    if inflated.len() as u64 > limit {
        let what = if limit == left {
            format!("its members together make more than {INFLATED_BYTES_MAX} bytes, or {RATIO_MAX} times the archive")
        } else {
            format!("more than {RATIO_MAX} times its {compressed} bytes")
        };
        return Err(Fault::Limit(what));
    }
    Ok(inflated)
}

fn statements(archive: &str, members: Vec<Member>, options: &Options) -> Vec<FileReading> {
    let mut readings: Vec<FileReading> = Vec::new();
    let mut notes = Vec::new();
    for member in members {
        if matches!(format(&member.bytes), Format::Zip | Format::Gzip) {
            readings.push(FileReading::refused(&member.name, *nested(&member.name)));
            continue;
        }
        let reading = plain(&member.name, &member.bytes, options);
        if is_something_else(&reading) {
            let short = member.name.strip_prefix(archive).unwrap_or(&member.name);
            let args = vec![short.trim_start_matches('/').to_owned()];
            notes.push(Finding::note(FindingCode::ArchiveMember, Source::file(archive), args));
            continue;
        }
        readings.push(reading);
    }
    match readings.first_mut() {
        Some(first) => first.findings.splice(0..0, notes).for_each(drop),
        None => {
            let args = vec!["an archive without a statement".to_owned()];
            let refusal = Finding::error(FindingCode::NotAStatement, Source::file(archive), args);
            let mut reading = FileReading::refused(archive, refusal);
            reading.findings = notes;
            readings.push(reading);
        }
    }
    readings
}

/// Returns true for members that never claimed to be a statement: other messages, notes to read, pictures.
fn is_something_else(reading: &FileReading) -> bool {
    let Some(refusal) = &reading.refusal else { return false };
    let is_table = reading.file.to_ascii_lowercase().ends_with(".csv");
    match refusal.code {
        FindingCode::NotAStatement | FindingCode::FormatUnknown | FindingCode::FileEmpty => true,
        FindingCode::HeaderUnknown => !is_table,
        _ => false,
    }
}
