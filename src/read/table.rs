//! Tables: rows by header name from CSV text and from workbooks; every cell knows its file, row and column.
//!
//! Knows nothing of banks and items. A quote that swallows rows, a ragged row, a table too large is refused, never guessed.

pub mod cell;
pub mod master;
mod raw;
pub mod sheet;

use crate::model::{At, Finding, FindingCode, Source};
use crate::read::encoding;
use csv::StringRecord;
use raw::{Fault, Inner, RawRows};
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// The longest row in bytes.
pub const ROW_BYTES_MAX: usize = 1 << 20;
/// The most columns that a table may have.
pub const COLUMNS_MAX: usize = 512;
/// Rows that are searched for the header.
const HEADER_ROWS: usize = 40;
/// Known names that make a header.
const HEADER_NAMES_MIN: usize = 3;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A file that holds a table.
pub struct Document<'b> {
    /// The file's name, shared by all sources.
    pub file: Arc<str>,
    /// The encoding that was found; `XLSX` for a workbook.
    pub encoding: &'static str,
    content: Content<'b>,
}

enum Content<'b> {
    Text(Cow<'b, str>),
    Sheets(Vec<sheet::Sheet>),
}

/// Where the header of a table stands.
#[derive(Clone, Debug)]
pub struct Header {
    /// Its line.
    pub line: u64,
    /// Names as written, stripped.
    pub names: Vec<String>,
    exact: Vec<String>,
    short: Vec<String>,
    /// How many known names it has.
    pub known: usize,
    delimiter: u8,
    start: usize,
    sheet: usize,
}

/// What a column is known by: names in order of preference.
pub type Aliases<'a> = &'a [String];

impl<'b> Document<'b> {
    /// Returns the decoded file. `hint` is the charset of the layout, where one is chosen already.
    pub fn open(name: &str, bytes: &'b [u8], hint: Option<&str>) -> Result<Document<'b>, Finding> {
        let file: Arc<str> = name.into();
        let whole = |code, args| {
            Finding::error(
                code,
                Source {
                    file: file.clone(),
                    at: At::File,
                },
                args,
            )
        };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(whole(FindingCode::FileEmpty, vec![]));
        }
        if let Some(kind) = foreign(bytes) {
            return Err(whole(FindingCode::FormatSpreadsheet, vec![kind.to_owned()]));
        }
        if bytes.starts_with(b"%PDF") {
            return Err(whole(FindingCode::FormatUnknown, vec!["%PDF".to_owned()]));
        }
        if bytes.starts_with(b"PK\x03\x04") {
            let sheets = sheet::sheets(bytes).map_err(|why| whole(FindingCode::ArchiveBroken, vec![why]))?;
            return Ok(Document {
                file,
                encoding: "XLSX",
                content: Content::Sheets(sheets),
            });
        }
        let (mut text, encoding) = encoding::decode(bytes, hint).map_err(|error| error.finding(name))?;
        if text.contains('\r') && !text.contains('\n') {
            // Some banks end lines with a bare CR; lines are counted by LF.
            text = Cow::Owned(text.replace('\r', "\n"));
        }
        Ok(Document {
            file,
            encoding,
            content: Content::Text(text),
        })
    }

    /// Returns a warning when characters were lost before the file came here: texts with them are worth less.
    pub fn lost_characters(&self) -> Option<Finding> {
        let Content::Text(text) = &self.content else {
            return None;
        };
        let first = text.find(LOST)?;
        let line = 1 + text[..first].bytes().filter(|byte| *byte == b'\n').count() as u64;
        let args = vec![text.matches(LOST).count().to_string()];
        Some(Finding::warning(FindingCode::CharactersLost, self.line(line), args))
    }

    /// Returns the place of a line.
    pub fn line(&self, line: u64) -> Source {
        Source {
            file: self.file.clone(),
            at: At::Line(line),
        }
    }

    /// Returns the row with the most known names among the first rows, with the delimiter that shows them; at least three.
    pub fn find_header(&self, known: &KnownNames) -> Option<Header> {
        // The first of equal ones: a header stands above what repeats it.
        let headers = self.find_headers(known).into_iter().rev();
        headers.max_by_key(|header| header.known)
    }

    /// Returns the headers that [`Document::find_header`] finds in each sheet; one at most for a text.
    pub fn find_headers(&self, known: &KnownNames) -> Vec<Header> {
        let mut best: Vec<Header> = Vec::new();
        self.each_candidate(&mut |candidate| {
            let count = known.count(&candidate);
            if count < HEADER_NAMES_MIN {
                return;
            }
            let candidate = Header {
                known: count,
                ..candidate
            };
            match best.iter_mut().find(|earlier| earlier.sheet == candidate.sheet) {
                Some(earlier) if count > earlier.known => *earlier = candidate,
                Some(_) => {}
                None => best.push(candidate),
            }
        });
        best
    }

    /// Returns the name of the sheet that holds the header; an empty text where there are no sheets.
    pub fn sheet_name(&self, header: &Header) -> &str {
        match &self.content {
            Content::Text(_) => "",
            Content::Sheets(sheets) => &sheets[header.sheet].name,
        }
    }

    /// Returns what the header probably is when no name is known: the first row with the most different names among the first
    /// rows; a row that holds a day or an amount is none.
    pub fn likely_header(&self) -> Option<Header> {
        let mut best: Option<Header> = None;
        self.each_candidate(&mut |candidate| {
            let mut names: Vec<&String> = candidate.exact.iter().filter(|name| !name.is_empty()).collect();
            names.sort_unstable();
            names.dedup();
            let count = names.len();
            let is_header = count > 1 && !candidate.names.iter().any(|name| cell::is_value(name));
            if is_header && best.as_ref().is_none_or(|earlier| count > earlier.known) {
                best = Some(Header {
                    known: count,
                    ..candidate
                });
            }
        });
        best
    }

    /// Returns the names of [`Document::likely_header`], or of the widest row where there is none.
    pub fn likely_names(&self) -> String {
        let filled = |mut names: Vec<String>| {
            names.retain(|name| !name.is_empty());
            names
        };
        let mut widest = self
            .likely_header()
            .map_or_else(Vec::new, |header| filled(header.names));
        if widest.is_empty() {
            self.each_candidate(&mut |candidate| {
                let names = filled(candidate.names);
                if names.len() > widest.len() {
                    widest = names;
                }
            });
        }
        widest.join(", ")
    }

    fn each_candidate(&self, look: &mut dyn FnMut(Header)) {
        let mut look = |record: &StringRecord, line, delimiter, start, sheet| {
            if record.len() <= COLUMNS_MAX {
                look(Header::new(record, line, delimiter, start, sheet));
            }
        };
        match &self.content {
            Content::Text(text) => {
                for delimiter in DELIMITERS {
                    let mut rows = RawRows::text(text, delimiter, 0, 1);
                    for _ in 0..HEADER_ROWS {
                        let Ok(true) = rows.advance() else { break };
                        look(&rows.record, rows.line, delimiter, rows.start, 0);
                    }
                }
            }
            Content::Sheets(sheets) => {
                for (number, sheet) in sheets.iter().enumerate() {
                    for (at, (line, record)) in sheet.rows.iter().take(HEADER_ROWS).enumerate() {
                        look(record, *line, 0, at, number);
                    }
                }
            }
        }
    }

    /// Returns the rows above the header, cells stripped.
    pub fn preamble(&self, header: &Header) -> Vec<(u64, Vec<String>)> {
        let mut rows = match &self.content {
            Content::Text(text) => RawRows::text(&text[..header.start], header.delimiter, 0, 1),
            Content::Sheets(sheets) => RawRows::sheet(&sheets[header.sheet].rows[..header.start]),
        };
        let mut lines = Vec::new();
        while let Ok(true) = rows.advance() {
            let record = &rows.record;
            // A preamble may have another delimiter than the table below it.
            let only = record.get(0).filter(|_| record.len() == 1).unwrap_or("");
            let other = [b';', b',', b'\t']
                .into_iter()
                .find(|mark| only.as_bytes().contains(mark));
            let inner = other.map(|mark| RawRows::text(only, mark, 0, 1)).and_then(|mut inner| {
                let is_read = inner.advance().unwrap_or(false);
                is_read.then_some(inner.record)
            });
            let record = inner.as_ref().unwrap_or(record);
            let cells = record.iter().map(|part| cell::strip(part).to_owned()).collect();
            lines.push((rows.line, cells));
        }
        lines
    }

    /// Returns a reader of the rows below the header.
    pub fn rows(&self, header: &Header) -> RowReader<'_> {
        let mut raw = match &self.content {
            Content::Text(text) => {
                let line = header.line;
                RawRows::text(&text[header.start..], header.delimiter, 0, line)
            }
            Content::Sheets(sheets) => RawRows::sheet(&sheets[header.sheet].rows[header.start..]),
        };
        let has_header = raw.advance().unwrap_or(false);
        debug_assert!(has_header, "the header was found there");
        let named = header
            .names
            .iter()
            .rposition(|name| !name.is_empty())
            .map_or(0, |at| at + 1);
        RowReader {
            file: self.file.clone(),
            raw,
            width: header.names.len(),
            named,
        }
    }
}

/// Returns which kind of spreadsheet that is not read the bytes are.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return Some("an old workbook (.xls), or one with a password");
    }
    match sheet::kind(bytes) {
        Some(sheet::Spreadsheet::Foreign(kind)) => Some(kind),
        _ => None,
    }
}

impl Header {
    fn new(record: &StringRecord, line: u64, delimiter: u8, start: usize, sheet: usize) -> Header {
        let names: Vec<String> = record.iter().map(|name| cell::strip(name).to_owned()).collect();
        // A long text is no name; preambles and payments have many.
        let name_of = |name: &String| {
            if name.len() > 160 {
                String::new()
            } else {
                normalise(name)
            }
        };
        let exact: Vec<String> = names.iter().map(name_of).collect();
        Header {
            line,
            short: exact.iter().map(|name| without_brackets(name)).collect(),
            exact,
            names,
            known: 0,
            delimiter,
            start,
            sheet,
        }
    }

    /// Returns the position of the first alias that is there: as written in full, else without what stands in brackets.
    ///
    /// Refuses with the name when two columns fit equally.
    pub fn find(&self, aliases: Aliases<'_>) -> Result<Option<usize>, String> {
        for alias in aliases {
            for (names, wanted) in [(&self.exact, normalise(alias)), (&self.short, normalise_short(alias))] {
                if wanted.is_empty() {
                    continue;
                }
                let mut fitting = names.iter().enumerate().filter(|(_, name)| is_same(name, &wanted));
                let Some(first) = fitting.next().map(|(at, _)| at) else {
                    continue;
                };
                if fitting.next().is_some() {
                    return Err(alias.clone());
                }
                return Ok(Some(first));
            }
        }
        Ok(None)
    }

    /// Returns all columns with this name.
    pub fn all(&self, alias: &str) -> Vec<usize> {
        let (exact, short) = (normalise(alias), normalise_short(alias));
        let is_named = |at: &usize| is_same(&self.exact[*at], &exact) || is_same(&self.short[*at], &short);
        (0..self.names.len())
            .filter(|at| !self.names[*at].is_empty() && is_named(at))
            .collect()
    }

    /// Returns the name of a column as the file writes it.
    pub fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// Returns the delimiter; NUL for a workbook.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }
}

/// Names that headers are recognised by.
#[derive(Clone, Debug, Default)]
pub struct KnownNames(FxHashSet<String>);

impl KnownNames {
    /// Adds a name.
    pub fn add(&mut self, name: &str) {
        self.0.insert(normalise(name));
        self.0.insert(normalise_short(name));
    }

    fn count(&self, header: &Header) -> usize {
        let is_known = |name: &String| !name.is_empty() && self.0.contains(name);
        let pairs = header.exact.iter().zip(&header.short);
        pairs
            .filter(|(exact, short)| is_known(exact) || is_known(short))
            .count()
    }
}

/// Returns a header name as it is compared: NFKC, lower case, without blanks and punctuation, 帐 → 账, 它 → 他.
pub fn normalise(name: &str) -> String {
    // Most names are plain, and NFKC leaves those as they are.
    if name.is_ascii() {
        return folded(name.chars().map(|character| character.to_ascii_lowercase()));
    }
    folded(name.nfkc().flat_map(char::to_lowercase))
}

fn folded(characters: impl Iterator<Item = char>) -> String {
    let mut folded = String::new();
    for character in characters {
        match character {
            '帐' => folded.push('账'),
            '它' => folded.push('他'),
            '_' | '-' | '.' | ':' | '*' | '"' | '\'' | '#' | '`' => {}
            _ if character.is_whitespace() || character.is_control() => {}
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
            _ => folded.push(character),
        }
    }
    folded
}

/// Stands where a character was lost before the file came here.
const LOST: char = '\u{fffd}';

/// Returns true for the same name; a lost character stands for any other.
fn is_same(name: &str, wanted: &str) -> bool {
    if !name.contains(LOST) {
        return name == wanted;
    }
    let mut rest = wanted.chars();
    let fits = name
        .chars()
        .all(|character| rest.next().is_some_and(|other| character == LOST || character == other));
    fits && rest.next().is_none()
}

/// Returns [`normalise`] without what stands in brackets.
fn normalise_short(name: &str) -> String {
    without_brackets(&normalise(name))
}

fn without_brackets(name: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for character in name.chars() {
        match character {
            '(' | '[' | '{' | '【' => depth += 1,
            ')' | ']' | '}' | '】' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(character),
            _ => {}
        }
    }
    kept
}

/// One row of a table.
#[derive(Clone, Copy)]
pub struct Row<'r> {
    /// Its line.
    pub line: u64,
    record: &'r StringRecord,
}

impl<'r> Row<'r> {
    /// Returns the stripped cell; an empty text where the row has none.
    pub fn cell(&self, column: usize) -> &'r str {
        cell::strip(self.raw(column))
    }

    /// Returns the cell as written.
    pub fn raw(&self, column: usize) -> &'r str {
        self.record.get(column).unwrap_or("")
    }

    /// Returns the stripped cells.
    pub fn cells(&self) -> impl Iterator<Item = &'r str> {
        self.record.iter().map(cell::strip)
    }

    /// Returns true when no cell has anything.
    pub fn is_blank(&self) -> bool {
        self.record.iter().all(|cell| cell::strip(cell).is_empty())
    }

    /// Returns the number of cells.
    pub fn width(&self) -> usize {
        self.record.len()
    }
}

/// Reads the rows below a header, one at a time.
pub struct RowReader<'d> {
    file: Arc<str>,
    raw: RawRows<'d>,
    width: usize,
    named: usize,
}

impl RowReader<'_> {
    /// Returns the next row, `None` at the end.
    ///
    /// Refuses a quote that swallows rows, and a row that is too large.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, Finding> {
        match self.raw.advance() {
            Ok(true) => Ok(Some(Row {
                line: self.raw.line,
                record: &self.raw.record,
            })),
            Ok(false) => Ok(None),
            Err((line, fault)) => {
                let (code, args) = match fault {
                    Fault::Quote => (FindingCode::QuoteUnterminated, vec![]),
                    Fault::TooLarge => (FindingCode::RowTooLarge, vec![ROW_BYTES_MAX.to_string()]),
                };
                Err(Finding::error(
                    code,
                    Source {
                        file: self.file.clone(),
                        at: At::Line(line),
                    },
                    args,
                ))
            }
        }
    }

    /// Returns what is wrong with the width of the row that was read last: a cell for each named column, nothing behind the last column.
    pub fn width_fault(&self) -> Option<Finding> {
        let record = &self.raw.record;
        let is_sheet = matches!(self.raw.inner, Inner::Sheet(_));
        let is_short = record.len() < self.named && !is_sheet;
        let is_long = record.iter().skip(self.width).any(|cell| !cell::strip(cell).is_empty());
        (is_short || is_long).then(|| {
            Finding::error(
                FindingCode::RowWidth,
                Source {
                    file: self.file.clone(),
                    at: At::Line(self.raw.line),
                },
                vec![record.len().to_string(), self.width.to_string()],
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(names: &[&str]) -> KnownNames {
        let mut known = KnownNames::default();
        names.iter().for_each(|name| known.add(name));
        known
    }

    fn rows_of(text: &str) -> Result<Vec<(u64, Vec<String>)>, Finding> {
        let document = Document::open("a.csv", text.as_bytes(), None)?;
        let header = document
            .find_header(&known(&["date", "text", "amount"]))
            .expect("header");
        let mut reader = document.rows(&header);
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row()? {
            rows.push((row.line, row.cells().map(str::to_owned).collect()));
            if let Some(fault) = reader.width_fault() {
                return Err(fault);
            }
        }
        Ok(rows)
    }

    #[test]
    fn rows_know_their_lines() {
        let text = "Account;DE1\n\n\"Date\";Text;Amount\n\n2026;\"a\nb\";1\n2027;\"x\"\"y\";2\n";
        let rows = rows_of(text).expect("rows");
        assert_eq!(rows[0], (5, vec!["2026".to_owned(), "a\nb".to_owned(), "1".to_owned()]));
        assert_eq!(rows[1], (7, vec!["2027".to_owned(), "x\"y".to_owned(), "2".to_owned()]));
    }

    #[test]
    fn swallowed_rows_are_refused_where_the_quote_begins() {
        for (text, code, line) in [
            (
                "date,text,amount\n1,a,1\n2,\"b,2\n3,c,3\n",
                FindingCode::QuoteUnterminated,
                3,
            ),
            (
                "date,text,amount\n2,\"b,2\n3,c\"c,3\n",
                FindingCode::QuoteUnterminated,
                2,
            ),
            ("date,text,amount\n1,a\n", FindingCode::RowWidth, 2),
            ("date,text,amount\n1,a,1,extra\n", FindingCode::RowWidth, 2),
        ] {
            let fault = rows_of(text).expect_err(text);
            assert_eq!((fault.code, fault.source.at), (code, At::Line(line)), "{text}");
        }
        assert_eq!(rows_of("date,text,amount\n1,a,1,\n").map(|rows| rows.len()), Ok(1));
        let long = format!("date,text,amount\n1,{},1\n", "x".repeat(ROW_BYTES_MAX));
        assert_eq!(rows_of(&long).expect_err("long").code, FindingCode::RowTooLarge);
    }

    #[test]
    fn header_names_are_compared_without_their_dress() {
        for (written, compared) in [
            ("Kunden-Nr.", "kundennr"),
            ("对方帐号", "对方账号"),
            ("ＩＢＡＮ", "iban"),
            ("借方发生额（支取）", "借方发生额"),
            ("交易日期[ Transaction Date ]", "交易日期"),
            ("Betrag (€)", "betrag"),
        ] {
            assert_eq!(normalise_short(written), compared, "{written}");
        }
    }
}
