//! Raw rows of a text or a sheet, with the true line of each.
//!
//! Knows nothing of headers; a quote that swallows rows is found here.

use crate::read::table::ROW_BYTES_MAX;
use csv::StringRecord;

/// Why a row cannot be read.
pub enum Fault {
    /// A quote that swallows rows.
    Quote,
    /// More bytes than a row may have.
    TooLarge,
}

/// Rows of text or of a sheet, with the true line of each.
pub struct RawRows<'d> {
    /// Where they come from.
    pub inner: Inner<'d>,
    /// Cells of the row that was read last.
    pub record: StringRecord,
    /// Its line.
    pub line: u64,
    /// Byte where the row begins, or its position in the sheet.
    pub start: usize,
}

/// Where rows come from.
pub enum Inner<'d> {
    /// Text.
    Text {
        reader: csv::Reader<&'d [u8]>,
        text: &'d str,
        delimiter: u8,
        first_line: u64,
    },
    /// Rows of a sheet.
    Sheet(std::iter::Enumerate<std::slice::Iter<'d, (u64, StringRecord)>>),
}

impl<'d> RawRows<'d> {
    /// Returns the rows of a text; its first line counts as `first_line`.
    pub fn text(text: &'d str, delimiter: u8, start: usize, first_line: u64) -> RawRows<'d> {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(1 << 16)
            .from_reader(text.as_bytes());
        let inner = Inner::Text {
            reader,
            text,
            delimiter,
            first_line,
        };
        RawRows {
            inner,
            record: StringRecord::new(),
            line: first_line,
            start,
        }
    }

    /// Returns the rows of a sheet.
    pub fn sheet(rows: &'d [(u64, StringRecord)]) -> RawRows<'d> {
        RawRows {
            inner: Inner::Sheet(rows.iter().enumerate()),
            record: StringRecord::new(),
            line: 1,
            start: 0,
        }
    }

    /// Reads the next row into `record`; false at the end.
    pub fn advance(&mut self) -> Result<bool, (u64, Fault)> {
        match &mut self.inner {
            Inner::Sheet(rows) => {
                let Some((at, (line, record))) = rows.next() else {
                    return Ok(false);
                };
                self.record.clone_from(record);
                (self.line, self.start) = (*line, at);
                Ok(true)
            }
            Inner::Text {
                reader,
                text,
                delimiter,
                first_line,
            } => {
                // The text is valid UTF-8 and the reader reads from memory: it cannot fail.
                if !reader.read_record(&mut self.record).unwrap_or(false) {
                    return Ok(false);
                }
                let before = self
                    .record
                    .position()
                    .map_or((0, 1), |place| (place.byte() as usize, place.line()));
                let after = reader.position();
                let (end, last_line) = (after.byte() as usize, after.line());
                // Blank lines in front of a row belong to the row's span, but not to its place.
                let skipped = text.as_bytes()[before.0..end]
                    .iter()
                    .take_while(|byte| matches!(byte, b'\r' | b'\n'));
                let (mut start, mut line) = (before.0, before.1);
                for byte in skipped {
                    start += 1;
                    line += u64::from(*byte == b'\n');
                }
                (self.line, self.start) = (line + *first_line - 1, start);
                if end - start > ROW_BYTES_MAX {
                    return Err((
                        self.line,
                        quote_fault(&text[start..end], *delimiter).map_or(Fault::TooLarge, |_| Fault::Quote),
                    ));
                }
                // Only a row of several lines, or the last one, can have swallowed others.
                let is_suspect = last_line > line + 1 || end == text.len();
                let fault = if is_suspect {
                    quote_fault(&text[start..end], *delimiter)
                } else {
                    None
                };
                if let Some(at) = fault {
                    let lines = text[start..start + at].bytes().filter(|byte| *byte == b'\n').count();
                    return Err((self.line + lines as u64, Fault::Quote));
                }
                Ok(true)
            }
        }
    }
}

/// Returns where a quote begins that is never closed, or closed in the middle of a later cell.
fn quote_fault(row: &str, delimiter: u8) -> Option<usize> {
    enum State {
        Start,
        Plain,
        Quoted,
        Closing,
    }
    let (mut state, mut began) = (State::Start, 0);
    for (at, byte) in row.bytes().enumerate() {
        let is_end = byte == delimiter || byte == b'\n' || byte == b'\r';
        state = match (state, byte) {
            (State::Start, b'"') => {
                began = at;
                State::Quoted
            }
            (State::Quoted, b'"') => State::Closing,
            (State::Quoted, _) => State::Quoted,
            (State::Closing, b'"') => State::Quoted,
            (State::Closing, _) if !is_end && !byte.is_ascii_whitespace() => return Some(began),
            (_, _) if is_end => State::Start,
            (_, _) => State::Plain,
        };
    }
    matches!(state, State::Quoted).then_some(began)
}
