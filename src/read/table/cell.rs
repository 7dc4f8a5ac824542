//! What stands in one cell: stripped text, amounts and dates by strict grammars.
//!
//! Knows nothing of files and columns; an answer is a value, nothing, or why it is neither.

use crate::model::money::{AmountError, parse_unsigned};
use crate::model::{Currency, NaiveDate};

/// Stands before the digits of a number cell of a sheet, whose decimal mark is a point whatever the layout says.
pub const NUMBER_MARK: char = '\u{e000}';

/// The mark between whole units and decimals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecimalMark {
    /// `1,234.50`
    Point,
    /// `1.234,50`
    Comma,
}

/// Returns the cell's text without what exports wrap around it; placeholders become an empty text.
///
/// Source: FIELD, tables: blanks, TAB, U+3000, zero width, a leading backtick or `'`, `="…"`; `-`, `--`, `/`, `N/A` are empty.
pub fn strip(cell: &str) -> &str {
    let bytes = cell.as_bytes();
    if let ([first, ..], [.., last]) = (bytes, bytes) {
        // Most cells begin and end with a letter or a digit of ASCII: nothing is wrapped around them.
        let is_bare = first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric();
        if is_bare && !matches!(first, b'N' | b'n') {
            return cell;
        }
    }
    let mut text = cell.trim_matches(is_padding);
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        text = inner.trim_matches(is_padding);
    }
    if let Some(rest) = text.strip_prefix('`') {
        text = rest.trim_matches(is_padding);
    } else if let Some(rest) = text.strip_prefix('\'') {
        // `'t Hof` is a name; `'0012` is a text mark of a spreadsheet.
        if !rest.starts_with(|c: char| c.is_ascii_lowercase()) {
            text = rest.trim_matches(is_padding);
        }
    }
    if is_placeholder(text) { "" } else { text }
}

fn is_padding(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | NUMBER_MARK
        )
}

fn is_placeholder(text: &str) -> bool {
    match text.as_bytes().first() {
        Some(b'-') => text.bytes().all(|byte| byte == b'-'),
        Some(b'/') => text.len() == 1,
        Some(b'N' | b'n') => text.eq_ignore_ascii_case("n/a"),
        _ => false,
    }
}

/// Returns the signed minor units of an amount cell; `None` for an empty one.
///
/// Thousands only in groups of three, with one kind of mark; a sign before or after, or brackets; the currency's own sign or code.
pub fn amount(cell: &str, currency: Currency, mark: DecimalMark) -> Result<Option<i64>, AmountError> {
    if let Some(minor) = plain_amount(cell, currency, mark) {
        return Ok(Some(minor));
    }
    let written = cell.trim_matches(|c: char| c != NUMBER_MARK && is_padding(c));
    let mark = if written.starts_with(NUMBER_MARK) {
        DecimalMark::Point
    } else {
        mark
    };
    let text = strip(cell);
    if text.is_empty() {
        return Ok(None);
    }
    let (text, is_negative) = unsign(unmark(text, currency))?;
    let text = unmark(text, currency);
    let mut plain = [0_u8; 48];
    let length = ungroup(text, mark, &mut plain)?;
    let digits = std::str::from_utf8(&plain[..length]).map_err(|_| AmountError::Malformed)?;
    let minor = parse_unsigned(digits, currency.decimals())?;
    Ok(Some(if is_negative { -minor } else { minor }))
}

/// Returns the amount of what most cells hold: a sign, at most twelve digits, the decimal mark, the currency's decimals.
fn plain_amount(cell: &str, currency: Currency, mark: DecimalMark) -> Option<i64> {
    let decimal = if mark == DecimalMark::Point { b'.' } else { b',' };
    let bytes = cell.as_bytes();
    let (digits, is_negative) = match bytes.strip_prefix(b"-") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let decimals = usize::from(currency.decimals());
    let point = digits.len().checked_sub(decimals + 1)?;
    if decimals == 0 || !(1..=12).contains(&point) || digits[point] != decimal {
        return None;
    }
    let mut minor = 0_i64;
    for (at, byte) in digits.iter().enumerate() {
        if at == point {
            continue;
        }
        if !byte.is_ascii_digit() {
            return None;
        }
        minor = minor * 10 + i64::from(byte - b'0');
    }
    Some(if is_negative { -minor } else { minor })
}

/// Removes the currency's code or sign before or behind the digits.
fn unmark(text: &str, currency: Currency) -> &str {
    let signs: &[&str] = match currency.code() {
        "CNY" => &["¥", "￥", "元", "RMB"],
        "JPY" => &["¥", "￥", "円"],
        "EUR" => &["€"],
        "USD" => &["$"],
        "GBP" => &["£"],
        _ => &[],
    };
    let trimmed = text.trim_matches(is_padding);
    for sign in signs.iter().copied().chain(std::iter::once(currency.code())) {
        let rest = trimmed.strip_prefix(sign).or_else(|| trimmed.strip_suffix(sign));
        if let Some(rest) = rest {
            return rest.trim_matches(is_padding);
        }
    }
    trimmed
}

/// Takes the one sign off; brackets and a trailing minus are negative.
fn unsign(text: &str) -> Result<(&str, bool), AmountError> {
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return Ok((inner, true));
    }
    let minus = ['-', '\u{2212}'];
    let (rest, is_negative) = if let Some(rest) = text.strip_prefix(minus) {
        (rest, true)
    } else if let Some(rest) = text.strip_suffix(minus) {
        (rest, true)
    } else if let Some(rest) = text.strip_prefix('+') {
        (rest, false)
    } else {
        (text, false)
    };
    let rest = rest.trim_matches(is_padding);
    if rest.starts_with(['+', '-', '\u{2212}', '(']) || rest.ends_with(['+', '-', '\u{2212}']) {
        return Err(AmountError::Malformed);
    }
    Ok((rest, is_negative))
}

/// Writes the digits with a point into `plain` and returns their length; thousands only where groups are right.
fn ungroup(text: &str, mark: DecimalMark, plain: &mut [u8; 48]) -> Result<usize, AmountError> {
    let decimal = match mark {
        DecimalMark::Point => '.',
        DecimalMark::Comma => ',',
    };
    let (mut length, mut group, mut groups) = (0, 0, 0);
    let mut thousands = None;
    let mut is_fraction = false;
    for character in text.chars() {
        let byte = match character {
            '0'..='9' => {
                group += 1;
                character as u8
            }
            _ if character == decimal && !is_fraction => {
                if thousands.is_some() && group != 3 {
                    return Err(AmountError::Malformed);
                }
                is_fraction = true;
                b'.'
            }
            ',' | '.' | '\'' | '\u{2019}' | ' ' | '\u{a0}' | '\u{202f}' | '\t' if !is_fraction => {
                let is_first = groups == 0 && (1..=3).contains(&group) && plain[0] != b'0';
                let is_right = is_first || (groups > 0 && group == 3);
                if !is_right || thousands.is_some_and(|kind| kind != character) || character == decimal {
                    return Err(AmountError::Malformed);
                }
                thousands = Some(character);
                groups += 1;
                group = 0;
                continue;
            }
            _ => return Err(AmountError::Malformed),
        };
        *plain.get_mut(length).ok_or(AmountError::TooLong)? = byte;
        length += 1;
    }
    if !is_fraction && thousands.is_some() && group != 3 {
        return Err(AmountError::Malformed);
    }
    Ok(length)
}

/// What the cells of a column say about their decimal mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct MarkEvidence {
    /// Cells that are only right with a point.
    pub point: u64,
    /// Cells that are only right with a comma.
    pub comma: u64,
    /// Cells that are right with both and mean something else: `1.234`.
    pub either: u64,
}

impl MarkEvidence {
    /// Adds what one cell says. A cell that is no amount with either mark says nothing.
    pub fn look_at(&mut self, cell: &str) {
        let text = strip(cell);
        let last = text.rfind(['.', ',']);
        let (Some(last), false) = (last, cell.trim_start().starts_with(NUMBER_MARK)) else {
            return;
        };
        let behind = text.len() - last - 1;
        let is_plain = text[..last].bytes().all(|byte| byte.is_ascii_digit());
        if is_plain && behind == 2 && text[last + 1..].bytes().all(|byte| byte.is_ascii_digit()) {
            // The common case: two decimals and no thousands.
            self.add(text.as_bytes()[last] == b'.', text.as_bytes()[last] == b',');
            return;
        }
        let digits = text.trim_matches(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
        let fits = |mark| {
            let mut plain = [0_u8; 48];
            ungroup(digits, mark, &mut plain).is_ok()
        };
        self.add(fits(DecimalMark::Point), fits(DecimalMark::Comma));
    }

    fn add(&mut self, fits_point: bool, fits_comma: bool) {
        match (fits_point, fits_comma) {
            (true, true) => self.either += 1,
            (true, false) => self.point += 1,
            (false, true) => self.comma += 1,
            (false, false) => {}
        }
    }

    /// Returns the decimal mark; `None` when the cells contradict each other or do not say it.
    pub fn mark(&self) -> Option<DecimalMark> {
        match (self.point > 0, self.comma > 0, self.either > 0) {
            (true, false, _) => Some(DecimalMark::Point),
            (false, true, _) => Some(DecimalMark::Comma),
            (false, false, false) => Some(DecimalMark::Point),
            (true, true, _) | (false, false, true) => None,
        }
    }
}

/// Returns true for what is a day or an amount, however it is written, and so no name of a column.
pub fn is_value(text: &str) -> bool {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let is_part = |c: char| c.is_ascii_digit() || c.is_whitespace() || ".,:'’-+/年月日€$£¥￥元".contains(c);
    has_digit && text.chars().all(|c| is_part(c) || c == NUMBER_MARK)
}

/// Returns true for `6.2220202E+18`: what a spreadsheet leaves of a longer number.
pub fn is_mangled(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    whole.len() == 1
        && is_number(whole)
        && is_number(fraction)
        && is_number(exponent.strip_prefix('+').unwrap_or(exponent))
}

/// A way to write dates: `DD.MM.YYYY`, `YYYY年MM月DD日`, `D.M.YYYY` …
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DateFormat {
    pattern: String,
}

impl DateFormat {
    /// Returns the format of a pattern of `YYYY` or `YY`, `MM` or `M`, `DD` or `D` (one letter: one or two digits) and marks.
    pub fn new(pattern: &str) -> Option<DateFormat> {
        let count = |letter: char| pattern.chars().filter(|c| *c == letter).count();
        let is_valid = matches!(count('Y'), 2 | 4)
            && matches!(count('M'), 1 | 2)
            && matches!(count('D'), 1 | 2)
            && pattern
                .chars()
                .all(|c| matches!(c, 'Y' | 'M' | 'D') || !c.is_ascii_alphanumeric());
        is_valid.then(|| DateFormat {
            pattern: pattern.to_owned(),
        })
    }

    /// Returns the pattern.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Returns the date at the start of the text, when nothing but a time of day follows. Two-digit years are 2000+.
    pub fn read(&self, text: &str) -> Option<NaiveDate> {
        let (mut year, mut month, mut day) = (None, None, None);
        let mut pattern = self.pattern.as_str();
        let mut rest = text;
        while let Some(letter) = pattern.chars().next() {
            let run = pattern.chars().take_while(|c| *c == letter).count();
            let slot = match letter {
                'Y' => &mut year,
                'M' => &mut month,
                'D' => &mut day,
                _ => {
                    rest = rest.strip_prefix(letter)?;
                    pattern = &pattern[letter.len_utf8()..];
                    continue;
                }
            };
            let found = rest.bytes().take_while(u8::is_ascii_digit).count();
            let width = if run == 1 { found.min(2) } else { run };
            if width == 0 || found < width || (found > width && !is_adjacent(&pattern[run..])) {
                return None;
            }
            *slot = rest[..width].parse::<u32>().ok();
            rest = &rest[width..];
            pattern = &pattern[run..];
        }
        if !is_time(rest) {
            return None;
        }
        let year = if year? < 100 { year? + 2000 } else { year? };
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month?, day?)
    }
}

/// Returns true when the next thing in the pattern is a digit, as in `YYYYMMDD`.
fn is_adjacent(pattern: &str) -> bool {
    pattern.starts_with(['Y', 'M', 'D'])
}

/// Returns true for nothing, or a time of day after a blank or `T`: `10:20`, `10:20:30.5`, `102030`, with an optional zone.
fn is_time(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let Some(time) = text.strip_prefix([' ', 'T']) else {
        return false;
    };
    let time = time.trim_start_matches(' ');
    let time = time.strip_suffix('Z').unwrap_or(time);
    let time = match time.rfind(['+', '-']) {
        Some(at) if at >= 5 => &time[..at],
        _ => time,
    };
    let digits = time.bytes().filter(u8::is_ascii_digit).count();
    (3..=15).contains(&digits) && time.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.'))
}

/// Returns the date that all fitting formats agree on.
///
/// Refuses a text that none reads, and one that two formats read as different days.
pub fn date(text: &str, formats: &[DateFormat]) -> Result<NaiveDate, DateError> {
    // No other format can read what ISO 8601 writes in full.
    if let Some(date) = crate::model::date::parse_iso(text) {
        return Ok(date);
    }
    let mut found = None;
    let iso = crate::model::date::parse_iso_with_time(text);
    for read in formats
        .iter()
        .map(|format| format.read(text))
        .chain(std::iter::once(iso))
        .flatten()
    {
        match found {
            None => found = Some(read),
            Some(earlier) if earlier != read => return Err(DateError::Ambiguous),
            Some(_) => {}
        }
    }
    found.ok_or(DateError::Unreadable)
}

/// Why a text is no date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DateError {
    /// No format reads it.
    Unreadable,
    /// Two formats read it as different days.
    Ambiguous,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_lose_their_wrapping() {
        for (written, read) in [
            ("  a b\t", "a b"),
            ("\u{3000}账\u{200b}", "账"),
            ("`4200001", "4200001"),
            ("'0012", "0012"),
            ("'t Hof", "'t Hof"),
            ("=\"007\"", "007"),
            ("-", ""),
            ("-----", ""),
            ("/", ""),
            ("n/a", ""),
            ("-5", "-5"),
            ("/RFB/1", "/RFB/1"),
            ("=HYPERLINK(\"x\")", "=HYPERLINK(\"x\")"),
        ] {
            assert_eq!(strip(written), read, "written: {written}");
        }
    }

    #[test]
    fn amounts_follow_their_marks() {
        use AmountError::{Malformed, TooLong, TooPrecise};
        use DecimalMark::{Comma, Point};
        for (written, code, mark, read) in [
            ("1,234.50", "EUR", Point, Ok(Some(123_450))),
            ("1.234,50", "EUR", Comma, Ok(Some(123_450))),
            ("1'234'567.50", "CHF", Point, Ok(Some(123_456_750))),
            ("1’234.5", "CHF", Point, Ok(Some(123_450))),
            ("1 234,50", "EUR", Comma, Ok(Some(123_450))),
            ("+267.10", "CNY", Point, Ok(Some(26_710))),
            ("-12,50", "EUR", Comma, Ok(Some(-1_250))),
            ("12,50-", "EUR", Comma, Ok(Some(-1_250))),
            ("(1.00)", "USD", Point, Ok(Some(-100))),
            ("￥1,000.00", "CNY", Point, Ok(Some(100_000))),
            ("-¥10", "CNY", Point, Ok(Some(-1_000))),
            ("10.00元", "CNY", Point, Ok(Some(1_000))),
            ("CNY 10", "CNY", Point, Ok(Some(1_000))),
            ("1.361,16 €", "EUR", Comma, Ok(Some(136_116))),
            ("34161.980000000", "CHF", Point, Ok(Some(3_416_198))),
            ("\u{e000}1.25", "EUR", Comma, Ok(Some(125))),
            ("1000", "JPY", Point, Ok(Some(1000))),
            ("", "EUR", Point, Ok(None)),
            (" -- ", "EUR", Point, Ok(None)),
            ("1,23.50", "EUR", Point, Err(Malformed)),
            ("1234,567.00", "EUR", Point, Err(Malformed)),
            ("1,234'567.00", "EUR", Point, Err(Malformed)),
            ("1,00", "EUR", Point, Err(Malformed)),
            ("0,125", "EUR", Point, Err(Malformed)),
            ("1.234", "EUR", Point, Err(TooPrecise)),
            ("1e5", "EUR", Point, Err(Malformed)),
            ("--1", "EUR", Point, Err(Malformed)),
            ("-1-", "EUR", Point, Err(Malformed)),
            ("(-1)", "EUR", Point, Err(Malformed)),
            ("€ 5", "USD", Point, Err(Malformed)),
            ("１００", "EUR", Point, Err(Malformed)),
            ("1.2.3", "EUR", Point, Err(Malformed)),
            ("=1+1", "EUR", Point, Err(Malformed)),
            ("99999999999999999999", "EUR", Point, Err(TooLong)),
        ] {
            let currency = Currency::new(code).expect(code);
            assert_eq!(amount(written, currency, mark), read, "written: {written}");
        }
    }

    #[test]
    fn a_column_says_its_decimal_mark() {
        for (cells, mark) in [
            (&["1,234.50", "7"][..], Some(DecimalMark::Point)),
            (&["1.234,50", "1.234"], Some(DecimalMark::Comma)),
            (&["12,5"], Some(DecimalMark::Comma)),
            (&["0.125"], Some(DecimalMark::Point)),
            (&["1,234,567"], Some(DecimalMark::Point)),
            (&["5", "10"], Some(DecimalMark::Point)),
            (&["1.234"], None),
            (&["1.5", "1,5"], None),
        ] {
            let mut evidence = MarkEvidence::default();
            cells.iter().for_each(|cell| evidence.look_at(cell));
            assert_eq!(evidence.mark(), mark, "{cells:?}");
        }
    }

    #[test]
    fn dates_follow_their_format() {
        for (pattern, written, read) in [
            ("DD.MM.YYYY", "03.04.2026", Some("2026-04-03")),
            ("DD.MM.YY", "03.04.26", Some("2026-04-03")),
            ("DD.MM.YY", "03.04.2026", None),
            ("DD.MM.YYYY", "3.4.2026", None),
            ("D.M.YYYY", "3.4.2026", Some("2026-04-03")),
            ("D.M.YYYY", "13.04.2026", Some("2026-04-13")),
            ("YYYYMMDD", "20260403", Some("2026-04-03")),
            ("YYYYMMDD", "20260403 09:11:02", Some("2026-04-03")),
            ("YYYYMMDD", "202604031", None),
            ("YYYY-MM-DD", "2026-04-03 21:28:36", Some("2026-04-03")),
            ("YYYY/MM/DD", "2026/04/03", Some("2026-04-03")),
            ("YYYY年MM月DD日", "2026年04月03日", Some("2026-04-03")),
            ("DD.MM.YYYY", "31.02.2026", None),
            ("DD.MM.YYYY", "03.04.2026x", None),
            ("DD.MM.YYYY", "", None),
        ] {
            let format = DateFormat::new(pattern).expect(pattern);
            assert_eq!(
                format.read(written).map(|d| d.to_string()).as_deref(),
                read,
                "{pattern}: {written}"
            );
        }
        assert_eq!(DateFormat::new("DD.MM"), None);
        let both: Vec<DateFormat> = ["DD/MM/YYYY", "MM/DD/YYYY"]
            .iter()
            .filter_map(|p| DateFormat::new(p))
            .collect();
        assert_eq!(date("03/04/2026", &both), Err(DateError::Ambiguous));
        assert!(date("13/04/2026", &both).is_ok());
        assert!(date("04/04/2026", &both).is_ok());
    }
}
