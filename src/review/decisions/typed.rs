//! What people type into cells: amounts with point or comma, dates, lists; and what spreadsheets make of it.

use crate::model::money::{AmountError, parse_signed};
use crate::model::{Currency, NaiveDate, date};
use crate::review::cells::half_width;

/// Returns a number cell as text, without an exponent: `1001`, `12.5`. Noise beyond six decimals is dropped.
pub(super) fn number_text(number: f64) -> String {
    if !number.is_finite() || number.abs() >= 1e18 {
        return format!("{number:e}");
    }
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Returns true for digits that a spreadsheet has rounded: `1.23457E+15`, 16 and more digits that end in zeros.
pub(super) fn is_mangled(text: &str) -> bool {
    let exponent = text.split_once(['E', 'e']).is_some_and(|(digits, exponent)| {
        exponent.strip_prefix('+').is_some_and(|rest| {
            !rest.is_empty()
                && rest.bytes().all(|b| b.is_ascii_digit())
                && !digits.is_empty()
                && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
        })
    });
    let rounded = text.len() >= 16 && text.bytes().all(|b| b.is_ascii_digit()) && text.ends_with("000");
    exponent || rounded
}

/// Returns the minor units of an amount as a person writes it: `1,234.56`, `1.234,56`, `1'234.56 EUR`, `-5`, `5-`, `(5)`.
///
/// A typed number has no thousands marks. Refuses, in words, what can be read in two ways (`1.234`) or has more decimals
/// than the currency.
pub(super) fn amount(written: &str, is_number: bool, currency: Option<Currency>) -> Result<i64, String> {
    let Some(currency) = currency else {
        return Err(format!(
            "the amount `{written}` cannot be read: the currency of the payment is not known"
        ));
    };
    let refusal = |why: &str| format!("`{}` is not an amount: {why}", written.trim());
    let text = half_width(written).replace('−', "-");
    let text: String = text
        .replace(currency.code(), "")
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '¥' | '￥' | '€' | '$' | '£' | '元' | '\'' | '’'))
        .collect();
    let (negative, digits) = sign(&text);
    let plain = if is_number {
        digits.to_owned()
    } else {
        without_thousands(digits, currency.decimals())
            .ok_or_else(|| refusal("it can be read in two ways, write it as 1234.56"))?
    };
    let magnitude = parse_signed(&plain, currency.decimals()).map_err(|error| match error {
        AmountError::TooPrecise => refusal(&format!("{currency} has {} decimals", currency.decimals())),
        AmountError::TooLong => refusal("it has too many digits"),
        AmountError::Empty | AmountError::Malformed => refusal("write it as 1234.56"),
    })?;
    Ok(if negative { -magnitude } else { magnitude })
}

fn sign(text: &str) -> (bool, &str) {
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return (true, inner);
    }
    match text.strip_prefix('-').or_else(|| text.strip_suffix('-')) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Returns digits with a point before the decimals; `None` when it is not clear what the marks mean.
fn without_thousands(digits: &str, decimals: u8) -> Option<String> {
    let marks: Vec<(usize, char)> = digits.char_indices().filter(|(_, c)| matches!(c, '.' | ',')).collect();
    let &[.., (at, last)] = marks.as_slice() else {
        return Some(digits.to_owned());
    };
    let is_repeated = marks.iter().filter(|(_, mark)| *mark == last).count() > 1;
    let has_both = marks.iter().any(|(_, mark)| *mark != last);
    let following = digits.len() - at - 1;
    let is_decimal = match (has_both, is_repeated) {
        (true, true) => return None,
        (true, false) => true,
        (false, true) => false,
        (false, false) if following == 3 && decimals != 3 => return None,
        (false, false) => true,
    };
    let (whole, fraction) = if is_decimal {
        (&digits[..at], &digits[at + 1..])
    } else {
        (digits, "")
    };
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    let is_grouped = groups.len() == 1
        || (groups[0].len() <= 3 && !groups[0].is_empty() && groups[1..].iter().all(|group| group.len() == 3));
    if !is_grouped {
        return None;
    }
    let whole: String = groups.concat();
    Some(if fraction.is_empty() {
        whole
    } else {
        format!("{whole}.{fraction}")
    })
}

/// Returns the date of `2026-03-31`, `2026/3/31`, `31.3.2026`, `2026年3月31日`. Refuses `3/4/2026`: it is two dates.
pub(super) fn date(written: &str) -> Option<NaiveDate> {
    let text = half_width(written);
    let text = text.trim();
    if let Some(date) = date::parse_iso_with_time(text) {
        return Some(date);
    }
    let day = text.split_whitespace().next()?;
    let numbers = |separators: &[char]| -> Option<[u32; 3]> {
        let parts: Vec<&str> = day.split(separators).filter(|part| !part.is_empty()).collect();
        let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
        (parts.len() == 3).then_some(())?;
        numbers.try_into().ok()
    };
    let [year, month, day] = if day.contains('.') {
        let [day, month, year] = numbers(&['.'])?;
        [year, month, day]
    } else if day.contains('年') {
        numbers(&['年', '月', '日'])?
    } else {
        numbers(&['/', '-'])?
    };
    let year = i32::try_from(year).ok().filter(|year| (1990..=2199).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Returns the parts of a list: split at `;`, `、`, line breaks, and commas that do not stand between two digits.
pub(super) fn split_list(list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let bytes = list.as_bytes();
    for (at, character) in list.char_indices() {
        let is_break = match character {
            ';' | '、' | '\n' | '\r' => true,
            ',' => {
                let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
                !(at > 0 && is_digit(bytes.get(at - 1)) && is_digit(bytes.get(at + 1)))
            }
            _ => false,
        };
        if is_break {
            parts.push(list[start..at].trim());
            start = at + character.len_utf8();
        }
    }
    parts.push(list[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let euro = Currency::new("EUR");
        for (written, minor) in [
            ("100", Some(10_000)),
            ("100.5", Some(10_050)),
            ("1,234.56", Some(123_456)),
            ("1.234,56", Some(123_456)),
            ("1'234.56 EUR", Some(123_456)),
            ("1 234,56 €", Some(123_456)),
            ("１２．５０", Some(1_250)),
            ("−15.00", Some(-1_500)),
            ("15-", Some(-1_500)),
            ("(15.00)", Some(-1_500)),
            ("1.234.567", Some(123_456_700)),
            ("1.234", None),
            ("1,234", None),
            ("1.2345,00", None),
            ("1,234,56", None),
            ("12.345,678", None),
            ("1e3", None),
            ("abc", None),
            ("", None),
        ] {
            assert_eq!(amount(written, false, euro).ok(), minor, "written: {written}");
        }
        assert_eq!(amount("1.234", true, Currency::new("KWD")), Ok(1_234));
        assert_eq!(amount("119.3", true, euro), Ok(11_930));
        assert!(amount("5", false, None).is_err());
    }

    #[test]
    fn numbers_of_spreadsheets_become_text() {
        for (number, text) in [
            (1001.0, "1001"),
            (0.1 + 0.2, "0.3"),
            (12.5, "12.5"),
            (1e15, "1000000000000000"),
        ] {
            assert_eq!(number_text(number), text);
        }
        for (text, expected) in [
            ("1.23457E+15", true),
            ("1,23457E+15", true),
            ("1234567890123000", true),
            ("1234567890123456", false),
            ("RE+15", false),
            ("INV-1", false),
        ] {
            assert_eq!(is_mangled(text), expected, "text: {text}");
        }
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (written, date_text) in [
            ("2026-03-31", Some("2026-03-31")),
            ("2026/3/31", Some("2026-03-31")),
            ("31.3.2026", Some("2026-03-31")),
            ("2026年3月31日", Some("2026-03-31")),
            ("２０２６－０３－３１", Some("2026-03-31")),
            ("3/4/2026", None),
            ("31.2.2026", None),
            ("soon", None),
        ] {
            assert_eq!(
                date(written).map(|date| date.to_string()).as_deref(),
                date_text,
                "written: {written}"
            );
        }
    }

    #[test]
    fn lists_are_split_where_people_mean_it() {
        for (list, parts) in [
            ("INV-1; INV-2", vec!["INV-1", "INV-2"]),
            ("INV-1,INV-2", vec!["INV-1", "INV-2"]),
            ("INV-1=1,234.00;INV-2", vec!["INV-1=1,234.00", "INV-2"]),
            ("甲1、乙2", vec!["甲1", "乙2"]),
            (" ; ", vec![]),
        ] {
            assert_eq!(split_list(list), parts, "list: {list}");
        }
    }
}
