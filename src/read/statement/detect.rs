//! What a file is, by its first bytes and the members of an archive: XML, ZIP, gzip, SWIFT, else a table. Never by its name.

use super::{FileReading, Options, archive, camt, csv, mt940};
use crate::model::{Finding, FindingCode, Source};
use crate::read::table::sheet;

/// What the first bytes of a file speak for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    /// Begins with `<`, in any encoding.
    Xml,
    /// A ZIP archive that is no spreadsheet.
    Zip,
    /// A gzip file.
    Gzip,
    /// SWIFT fields, in their blocks or bare.
    Swift,
    /// Anything else.
    Table,
}

/// Reads one file of any known format. An archive gives one reading per member, named `two.zip/a.xml`.
///
/// Never fails and never panics: a refusal is part of the reading. [`super::proof::prove`] must follow, over all files.
pub fn read(name: &str, bytes: &[u8], options: &Options) -> Vec<FileReading> {
    match format(bytes) {
        Format::Zip => archive::zip(name, bytes, options),
        Format::Gzip => vec![archive::gzip(name, bytes, options)],
        Format::Xml | Format::Swift | Format::Table => vec![plain(name, bytes, options)],
    }
}

/// Returns a layout for a table, as [`csv::suggest`] does. Refuses what is no table.
pub fn suggest_profile(name: &str, bytes: &[u8], options: &Options) -> Result<String, Finding> {
    match format(bytes) {
        Format::Table => csv::suggest(name, bytes, &options.profiles, options.as_of),
        Format::Xml | Format::Zip | Format::Gzip | Format::Swift => {
            Err(Finding::error(FindingCode::NotATable, Source::file(name), vec![]))
        }
    }
}

/// Reads a file that is no archive.
pub(super) fn plain(name: &str, bytes: &[u8], options: &Options) -> FileReading {
    if bytes.is_empty() {
        let refusal = Finding::error(FindingCode::FileEmpty, Source::file(name), vec![]);
        return FileReading::refused(name, refusal);
    }
    match format(bytes) {
        Format::Xml => camt::read(name, bytes, options),
        Format::Swift => mt940::read(name, bytes, options),
        _ => csv::read(name, bytes, &options.profiles, options.as_of),
    }
}

/// Returns what the first bytes speak for.
pub(super) fn format(bytes: &[u8]) -> Format {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        // A spreadsheet is an archive, too, but its members are no files of their own.
        return match sheet::kind(bytes) {
            Some(_) => Format::Table,
            None => Format::Zip,
        };
    }
    if bytes.starts_with(&[0x1F, 0x8B]) {
        return Format::Gzip;
    }
    let marks: [&[u8]; 3] = [&[0xEF, 0xBB, 0xBF], &[0xFF, 0xFE], &[0xFE, 0xFF]];
    let content = marks.iter().find_map(|mark| bytes.strip_prefix(*mark)).unwrap_or(bytes);
    let first = content.iter().find(|b| **b != 0 && !b.is_ascii_whitespace());
    if first == Some(&b'<') {
        Format::Xml
    } else if mt940::is_swift(content) {
        Format::Swift
    } else {
        Format::Table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell_the_format() {
        for (bytes, expected) in [
            (&b"<?xml"[..], Format::Xml),
            (b"\n  <Document", Format::Xml),
            (b"\xEF\xBB\xBF<a/>", Format::Xml),
            (b"\xFF\xFE<\0a\0", Format::Xml),
            (b"\0<\0a", Format::Xml),
            (b"PK\x03\x04rest", Format::Zip),
            (b"\x1F\x8B\x08", Format::Gzip),
            (b"{1:F01BANKDEFFXXXX0000000000}{2:I940", Format::Swift),
            (b"\r\n:20:STARTUMSE\r\n:25:1", Format::Swift),
            (b"\xEF\xBB\xBF:20:X", Format::Swift),
            (b":\x002\x000\0:\0X\0", Format::Swift),
            (b"BANKNL2A\r\n940\r\nBANKNL2A\r\n:20:X", Format::Swift),
            (b":940:\n:20:X", Format::Swift),
            (b":61:2603020302C1,00NTRF", Format::Swift),
            (b"{\"1\":2}", Format::Table),
            (b"Datum\nBetrag\n20", Format::Table),
            (b"Buchungstag;Betrag", Format::Table),
            (b"", Format::Table),
        ] {
            assert_eq!(format(bytes), expected, "bytes: {bytes:?}");
        }
    }
}
