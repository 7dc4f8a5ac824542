//! Calendar dates, strictly as ISO 8601 writes them. The only module that names the calendar library.

use crate::model::label::{self, Label};
pub use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Returns the date of exactly `YYYY-MM-DD`, nothing before or after it.
pub fn parse_iso(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| -> Option<u32> {
        bytes[range].iter().try_fold(0_u32, |sum, b| {
            b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0'))
        })
    };
    NaiveDate::from_ymd_opt(number(0..4)? as i32, number(5..7)?, number(8..10)?)
}

/// Returns `YYYY-MM-DD`: what the library writes, at a fraction of its cost.
pub fn iso(day: NaiveDate) -> Label {
    let Some(year) = u32::try_from(day.year()).ok().filter(|year| *year <= 9_999) else {
        return day.to_string().into();
    };
    let digit = |number: u32| b'0' + (number % 10) as u8;
    let (month, day) = (day.month(), day.day());
    let written = [
        digit(year / 1_000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(day / 10),
        digit(day),
    ];
    label::written(&written)
}

/// Returns the local date, as written, of `YYYY-MM-DD` with an optional time and an optional zone (`Z`, `+02:00`).
///
/// Source: xs:date and xs:dateTime of ISO 20022; banks mean the date that they wrote, not the one in UTC.
pub fn parse_iso_with_time(text: &str) -> Option<NaiveDate> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let date = parse_iso(text.get(..10)?)?;
    let mut rest = &text[10..];
    if let Some(time) = rest.strip_prefix('T') {
        rest = time_end(time)?;
    }
    is_zone(rest).then_some(date)
}

/// Returns what follows `hh:mm:ss[.fraction]`.
fn time_end(time: &str) -> Option<&str> {
    let bytes = time.as_bytes();
    let pair = |at: usize, limit: u8| -> Option<()> {
        let (tens, ones) = (bytes.get(at)?, bytes.get(at + 1)?);
        let is_valid = tens.is_ascii_digit() && ones.is_ascii_digit() && (tens - b'0') * 10 + (ones - b'0') <= limit;
        is_valid.then_some(())
    };
    pair(0, 24)?;
    pair(3, 59)?;
    pair(6, 60)?;
    if bytes.get(2) != Some(&b':') || bytes.get(5) != Some(&b':') {
        return None;
    }
    let rest = &time[8..];
    match rest.strip_prefix('.') {
        None => Some(rest),
        Some(fraction) => {
            let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            (digits > 0).then(|| &fraction[digits..])
        }
    }
}

fn is_zone(text: &str) -> bool {
    match text.as_bytes() {
        [] | [b'Z'] => true,
        [b'+' | b'-', hours @ .., b':', tens, ones] => {
            let is_hour = matches!(hours, [b'0', b'0'..=b'9'] | [b'1', b'0'..=b'4']);
            is_hour && matches!(tens, b'0'..=b'5') && ones.is_ascii_digit()
        }
        _ => false,
    }
}

/// Returns the whole days from `earlier` to `later`; negative when `later` comes first.
pub fn days_between(earlier: NaiveDate, later: NaiveDate) -> i64 {
    later.signed_duration_since(earlier).num_days()
}

/// Returns true for the dates that a bank entry can have: 1990-01-01 to `as_of` + 400 days.
pub fn is_plausible_bank_date(date: NaiveDate, as_of: NaiveDate) -> bool {
    date.year() >= 1990 && days_between(as_of, date) <= 400
}

/// Returns true for the dates that an invoice can be due on: 1990 to 2199.
pub fn is_plausible_due_date(date: NaiveDate) -> bool {
    (1990..=2199).contains(&date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_the_library_writes_them() {
        for (year, month, day) in [(2026, 1, 31), (1, 12, 9), (9_999, 10, 10), (10_000, 1, 1), (-1, 2, 3)] {
            let date = NaiveDate::from_ymd_opt(year, month, day).expect("a date");
            assert_eq!(iso(date), date.to_string());
        }
    }

    #[test]
    fn dates_are_read_strictly() {
        for (written, read) in [
            ("2026-01-31", Some("2026-01-31")),
            ("2026-01-31Z", Some("2026-01-31")),
            ("2026-01-31+02:00", Some("2026-01-31")),
            ("2026-01-31T23:59:59.07-05:00", Some("2026-01-31")),
            ("2026-01-31T23:59:59", Some("2026-01-31")),
            (" 2026-01-31 ", Some("2026-01-31")),
            ("2026-02-30", None),
            ("2026-2-3", None),
            ("24-02-03", None),
            ("20260131", None),
            ("2026-01-31T25:00:00", None),
            ("2026-01-31T23:59", None),
            ("2026-01-31x", None),
            ("", None),
        ] {
            assert_eq!(
                parse_iso_with_time(written).map(|d| d.to_string()).as_deref(),
                read,
                "written: {written}"
            );
        }
    }
}
