//! SWIFT MT940 (and MT950): fields by tag, one file per kind of field. MT941 and MT942 are read too, and never post.
//!
//! Knows nothing of tables and XML. A file is all or nothing; what was read before a fault is only shown.

mod account;
mod entry;
mod fields;
mod german;
mod line;
mod slashes;
mod statement;
mod text;
mod values;

use super::{FileReading, Options};
use crate::model::{At, Finding, FindingCode, NaiveDate, Source};
use crate::read::encoding::{self, EncodingError};
use fields::{Field, Fields, Part};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Fields that a file may have: so many fit into memory, and no bank writes more into one file.
const FIELDS_MAX: usize = 2_000_000;
/// Bytes in which a file shows what it is.
const SNIFFED_BYTES: usize = 2048;

/// Why reading stops.
type Refusal = Box<Finding>;

/// What all parts of a file share: its name, the day of the run, and what was noticed.
struct Scan {
    file: Arc<str>,
    as_of: NaiveDate,
    findings: Vec<Finding>,
    warned: BTreeSet<(FindingCode, Vec<String>)>,
}

impl Scan {
    /// Warns of something in a field, of the same thing once.
    fn warn_once(&mut self, code: FindingCode, field: &Field<'_>, offset: usize, args: Vec<String>) {
        if self.warned.insert((code, args.clone())) {
            let (line, column) = field.at(offset);
            let place = self.place(field.tag, line, column);
            self.findings.push(Finding::warning(code, place, args));
        }
    }

    /// Returns the refusal of something in a field; `line` and `column` count from 1.
    fn refuse(&self, code: FindingCode, tag: &str, (line, column): (u64, u64), args: Vec<String>) -> Refusal {
        Box::new(Finding::error(code, self.place(tag, line, column), args))
    }

    fn place(&self, tag: &str, line: u64, column: u64) -> Source {
        let path = if tag.is_empty() {
            String::new()
        } else {
            format!("tag {tag}")
        };
        Source {
            file: self.file.clone(),
            at: At::Element { line, column, path },
        }
    }

    /// Returns the refusal of bytes that are no text, with their line where lines can be counted.
    fn placed(&self, error: &EncodingError, bytes: &[u8]) -> Finding {
        let mut finding = error.finding(&self.file);
        if let EncodingError::Broken { position, .. } = error {
            let before = &bytes[..bytes.len().min(*position)];
            let line = before.iter().filter(|b| **b == b'\n').count() as u64 + 1;
            let column = before.iter().rev().take_while(|b| **b != b'\n').count() as u64 + 1;
            finding.source = self.place("", line, column);
        }
        finding
    }

    /// Returns the refusal of a field's value as a whole.
    fn wrong(&self, field: &Field<'_>, expected: &str) -> Refusal {
        let written = field.lines.first().copied().unwrap_or_default();
        self.wrong_part(field, 0, written, expected)
    }

    /// Returns the refusal of a part of a field's first line that begins after `offset` characters.
    fn wrong_part(&self, field: &Field<'_>, offset: usize, written: &str, expected: &str) -> Refusal {
        let args = vec![written.to_owned(), expected.to_owned()];
        self.refuse(FindingCode::FieldFormat, field.tag, field.at(offset), args)
    }
}

/// Returns true when the bytes begin as a SWIFT statement does: a block `{1:`, or a tag after a few short lines.
pub(super) fn is_swift(bytes: &[u8]) -> bool {
    // In UTF-16 every second byte is NUL.
    let head: Vec<u8> = bytes.iter().take(SNIFFED_BYTES).copied().filter(|b| *b != 0).collect();
    let text = String::from_utf8_lossy(&head);
    let begin = text.trim_start_matches(|c: char| !c.is_ascii_graphic());
    if begin.starts_with("{1:") {
        return true;
    }
    let mut lines = begin.lines().take(fields::HEADER_LINES_MAX + 1).map(str::trim_end);
    lines
        .find(|line| !fields::is_header_line(line))
        .is_some_and(|line| fields::tag_of(line).is_some())
}

/// Reads a file of SWIFT statements. Never fails: a refusal is part of what is returned.
pub(super) fn read(name: &str, bytes: &[u8], options: &Options) -> FileReading {
    let mut reading = FileReading::new(name);
    reading.message = Some("MT940".to_owned());
    let mut scan = Scan {
        file: name.into(),
        as_of: options.as_of,
        findings: Vec::new(),
        warned: BTreeSet::new(),
    };
    let text = match encoding::decode(bytes, None) {
        Ok((text, _)) => text,
        Err(error) => {
            reading.refusal = Some(scan.placed(&error, bytes));
            return reading;
        }
    };
    if let Err(refusal) = messages(&mut scan, &text, &mut reading) {
        reading.refusal = Some(*refusal);
    }
    reading.findings.append(&mut scan.findings);
    reading
}

/// Reads all messages of a file. Refuses text outside of them, and a message without its end.
fn messages(scan: &mut Scan, text: &str, reading: &mut FileReading) -> Result<(), Refusal> {
    let mut fields = Fields::new(text);
    let mut open: Option<statement::Draft> = None;
    let mut left = FIELDS_MAX;
    while let Some(part) = fields.next(scan)? {
        match part {
            Part::Field(field) => {
                if field.tag == "20"
                    && let Some(draft) = open.take()
                {
                    draft.finish(scan, &field, reading)?;
                }
                left = left.checked_sub(1).ok_or_else(|| {
                    let args = vec![format!("{FIELDS_MAX} fields")];
                    scan.refuse(FindingCode::FieldLimit, field.tag, field.at(0), args)
                })?;
                let before = reading.statements.len();
                let draft = open.get_or_insert_with(|| statement::Draft::new(scan, before, fields.message()));
                draft.take(scan, field)?;
            }
            Part::End(end) => {
                if let Some(draft) = open.take() {
                    draft.finish(scan, &end, reading)?;
                }
            }
        }
    }
    if let Some(draft) = open.take() {
        draft.finish(scan, &fields.end_of_file(), reading)?;
    }
    if reading.statements.is_empty() || fields.has_open_block() {
        let end = fields.end_of_file();
        let missing = if reading.statements.is_empty() { ":20:" } else { "-}" };
        return Err(scan.refuse(FindingCode::TagMissing, "", end.at(0), vec![missing.to_owned()]));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{UTF_8, WINDOWS_1252};

    #[test]
    fn names_keep_their_letters_in_every_encoding() {
        let options = Options {
            profiles: Vec::new(),
            as_of: NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date"),
            inverted_reversal_accounts: BTreeSet::new(),
        };
        for name in [
            "Müller",
            "MÜLLER",
            "SÜß",
            "GRÖSSE",
            "Café",
            "Bäckerei Jäger",
            "Öz",
            "ÄÖÜ",
            "Straße 5",
            "Größe & Söhne",
            "Peña",
            "Brønsted",
            "FRANÇOIS",
            "Tür – Tor",
            "Lönß’s €",
        ] {
            for encoding in [WINDOWS_1252, UTF_8] {
                let text = format!(
                    ":20:X\r\n:25:1234567\r\n:28C:1\r\n:60F:C260301EUR0,00\r\n:61:2603020302CR1,00NTRFNONREF\r\n\
                     :86:166?00GUTSCHRIFT?20SVWZ+RE-1001?32{name}\r\n:62F:C260302EUR1,00\r\n-\r\n"
                );
                let (bytes, _, _) = encoding.encode(&text);
                let reading = read("a.sta", &bytes, &options);
                let debtor = &reading.statements[0].entries[0].details[0].parties.debtor;
                let read = debtor.as_ref().and_then(|debtor| debtor.name.as_deref());
                assert_eq!(read, Some(name), "{}", encoding.name());
            }
        }
    }
}
