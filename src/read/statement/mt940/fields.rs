//! Lines → fields: `:61:` and what belongs to it, the blocks around a message, and where a message ends.

use super::{Refusal, Scan};
use crate::model::FindingCode;

/// Characters that a line holds before a bank wraps it, with or without its tag. Source: SWIFT format `65x`.
pub(super) const WRAP: usize = 65;
/// Characters from which on a line may have been wrapped: blanks at its end get lost.
const WRAP_MIN: usize = 60;
/// Lines that may stand before the first field of a message.
pub(super) const HEADER_LINES_MAX: usize = 10;
/// Characters of a line before a message.
const HEADER_CHARS_MAX: usize = 40;
/// Characters of one field. SWIFT allows 390 and German banks some more; some write texts without any limit.
const FIELD_CHARS_MAX: usize = 16_384;

/// A field: `:86:` and all of its lines.
#[derive(Debug)]
pub(super) struct Field<'a> {
    /// `61`; empty for the end of a message.
    pub tag: &'a str,
    /// Its lines, the tag taken off.
    pub lines: Vec<&'a str>,
    /// Line of its tag, from 1.
    pub line: u64,
}

impl Field<'_> {
    /// Returns line and column, from 1, of the character after `offset` characters of the value's first line.
    pub fn at(&self, offset: usize) -> (u64, u64) {
        let before = if self.tag.is_empty() { 0 } else { self.tag.len() + 2 };
        (self.line, (before + offset + 1) as u64)
    }
}

/// A field, or the end of a message.
pub(super) enum Part<'a> {
    /// A field.
    Field(Field<'a>),
    /// The line that ends a message.
    End(Field<'a>),
}

/// Where in a message a field may stand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Outside,
    Head,
    Opening,
    Entries,
    Closing,
}

/// Walks over the fields of a file.
pub(super) struct Fields<'a> {
    lines: std::iter::Peekable<std::str::Split<'a, char>>,
    /// Lines taken so far.
    taken: u64,
    phase: Phase,
    header_lines: usize,
    /// Type of the message by its block 2: `940`.
    message: Option<&'a str>,
    is_block_open: bool,
}

impl<'a> Fields<'a> {
    pub fn new(text: &'a str) -> Fields<'a> {
        let text = text.trim_end_matches(|c: char| c.is_whitespace() || c.is_control());
        let end = if text.contains('\n') { '\n' } else { '\r' };
        Fields {
            lines: text.split(end).peekable(),
            taken: 0,
            phase: Phase::Outside,
            header_lines: 0,
            message: None,
            is_block_open: false,
        }
    }

    /// Returns the type of the message by its header, `940`, where it has one.
    pub fn message(&self) -> Option<&'a str> {
        self.message
    }

    /// Returns true when a block `{4:` was opened and not closed.
    pub fn has_open_block(&self) -> bool {
        self.is_block_open
    }

    /// Returns the place after the last line.
    pub fn end_of_file(&self) -> Field<'static> {
        Field {
            tag: "",
            lines: Vec::new(),
            line: self.taken.max(1),
        }
    }

    /// Returns the next field or end. Refuses tags that are not known or cannot stand there, and text outside of fields.
    pub fn next(&mut self, scan: &Scan) -> Result<Option<Part<'a>>, Refusal> {
        while let Some(line) = self.lines.next().map(bare) {
            self.taken += 1;
            if let Some((tag, value)) = tag_of(line) {
                return self.field(scan, tag, value).map(Part::Field).map(Some);
            }
            if let Some(end) = self.end(line) {
                return Ok(Some(Part::End(end)));
            }
            if self.phase == Phase::Closing && begins_message(line) {
                self.phase = Phase::Outside;
            }
            self.outside(scan, line)?;
        }
        Ok(None)
    }

    /// Takes the line that ends a message; block 5 and the next message's header may stand behind it.
    fn end(&mut self, line: &'a str) -> Option<Field<'a>> {
        if self.phase == Phase::Outside || !is_end(line, self.phase) {
            return None;
        }
        self.phase = Phase::Outside;
        self.header_lines = 0;
        self.is_block_open &= !line.starts_with("-}");
        self.message = None;
        if let Some(behind) = line.find("{1:") {
            self.blocks(&line[behind..]);
        }
        Some(self.end_of_file())
    }

    /// Passes over a line before a message: blocks of the envelope, the bank's own heading, nothing.
    fn outside(&mut self, scan: &Scan, line: &'a str) -> Result<(), Refusal> {
        let line = line.trim_matches(|c: char| c.is_whitespace() || c.is_control());
        if line.is_empty() {
            return Ok(());
        }
        self.header_lines += 1;
        let is_header = self.phase == Phase::Outside && self.header_lines <= HEADER_LINES_MAX && is_header_line(line);
        if !is_header {
            let args = vec![
                line.to_owned(),
                "a tag such as `:61:` at the beginning of the line".to_owned(),
            ];
            return Err(scan.refuse(FindingCode::FieldFormat, "", (self.taken, 1), args));
        }
        self.blocks(line);
        Ok(())
    }

    fn blocks(&mut self, line: &'a str) {
        if let Some(at) = line.find("{2:") {
            self.message = line.get(at + 4..at + 7);
        }
        self.is_block_open |= line.contains("{4:");
    }

    /// Takes a field with the lines that continue it.
    fn field(&mut self, scan: &Scan, tag: &'a str, value: &'a str) -> Result<Field<'a>, Refusal> {
        let mut field = Field {
            tag,
            lines: Vec::with_capacity(1),
            line: self.taken,
        };
        self.phase = self.enter(tag).map_err(|expected| {
            let (code, args) = match expected {
                // The next statement begins, and this one has not ended.
                Some(_) if tag == "20" => (FindingCode::TagMissing, vec![":62F:".to_owned()]),
                Some(expected) => (FindingCode::TagMisplaced, vec![format!(":{tag}:"), expected.to_owned()]),
                None => (FindingCode::TagUnknown, vec![format!(":{tag}:")]),
            };
            scan.refuse(code, tag, (field.line, 1), args)
        })?;
        let mut left = FIELD_CHARS_MAX;
        let mut next = Some(value);
        while let Some(line) = next {
            left = left.checked_sub(line.chars().count() + 1).ok_or_else(|| {
                let args = vec![format!("{FIELD_CHARS_MAX} characters in one field")];
                scan.refuse(FindingCode::FieldLimit, tag, field.at(0), args)
            })?;
            field.lines.push(line);
            next = self.continuation(may_be_wrapped(&field));
        }
        Ok(field)
    }

    /// Takes the next line if it is text of the field before it, whose last line may have been wrapped.
    fn continuation(&mut self, is_wrapped: bool) -> Option<&'a str> {
        let next = self.lines.peek().copied().map(bare)?;
        let is_text = match tag_of(next) {
            // A wrapped text may go on with `:26:37`, a time: what cannot be a field there is text.
            Some((tag, _)) => is_wrapped && self.enter(tag).is_err(),
            None if self.phase == Phase::Closing => !is_end(next, self.phase) && !begins_message(next),
            None => !is_end(next, self.phase) || (is_wrapped && next == "-"),
        };
        if !is_text {
            return None;
        }
        self.taken += 1;
        self.lines.next().map(bare)
    }

    /// Returns the phase that a tag leads to; else what was expected, or nothing for a tag that no statement has.
    fn enter(&self, tag: &str) -> Result<Phase, Option<&'static str>> {
        use Phase::{Closing, Entries, Head, Opening, Outside};
        let (reached, from, expected): (Phase, &[Phase], &str) = match tag {
            "20" => (Head, &[Outside, Closing], "after the end of the statement before"),
            "21" | "25" | "25P" | "28" | "28C" | "13" | "13D" | "34F" => (Head, &[Head], "between :20: and :60F:"),
            "60F" | "60M" => (Opening, &[Head], "after :25: and before the first :61:"),
            "61" => (Entries, &[Head, Opening, Entries], "after the opening balance"),
            "86" | "NS" | "90C" | "90D" if self.phase == Outside => (Head, &[], "after :20:"),
            "86" | "NS" | "90C" | "90D" => (self.phase, &[Head, Opening, Entries, Closing], ""),
            "62F" | "62M" => (Closing, &[Opening, Entries], "once, after the opening balance"),
            "64" | "65" => (Closing, &[Closing], "after the closing balance"),
            _ => return Err(None),
        };
        if from.contains(&self.phase) {
            Ok(reached)
        } else {
            Err(Some(expected))
        }
    }
}

fn bare(line: &str) -> &str {
    line.strip_suffix('\r').unwrap_or(line)
}

/// Returns tag and value of a line that begins with one: `:` two digits, an optional capital letter `:`, or `:NS:`.
pub(super) fn tag_of(line: &str) -> Option<(&str, &str)> {
    let (tag, value) = line.strip_prefix(':')?.split_once(':')?;
    let is_tag = match tag.as_bytes() {
        [a, b] => (a.is_ascii_digit() && b.is_ascii_digit()) || tag == "NS",
        [a, b, letter] => a.is_ascii_digit() && b.is_ascii_digit() && letter.is_ascii_uppercase(),
        _ => false,
    };
    is_tag.then_some((tag, value))
}

/// `-`, or `-}` with anything behind it; some banks write `-XXX` after the closing balance.
fn is_end(line: &str, phase: Phase) -> bool {
    let line = line.trim_end();
    line == "-" || line.starts_with("-}") || (phase == Phase::Closing && line.starts_with('-') && line.len() <= 4)
}

/// A new envelope, or `:940:`, without an end before it.
fn begins_message(line: &str) -> bool {
    line.starts_with('{') || matches!(line.trim_end(), ":940:" | ":942:")
}

/// Blocks of an envelope, or a short heading: `ABNANL2A`, `940`, `:940:`.
pub(super) fn is_header_line(line: &str) -> bool {
    let line = line.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == ' ';
    let heading = line
        .strip_prefix(':')
        .and_then(|rest| rest.strip_suffix(':'))
        .unwrap_or(line);
    line.starts_with('{') || (heading.chars().all(is_word) && heading.len() <= HEADER_CHARS_MAX)
}

/// Returns true when the last line of the field is so long that its bank may have wrapped it.
fn may_be_wrapped(field: &Field<'_>) -> bool {
    let before = if field.lines.len() == 1 { field.tag.len() + 2 } else { 0 };
    field
        .lines
        .last()
        .is_some_and(|line| line.chars().count() + before >= WRAP_MIN)
}
