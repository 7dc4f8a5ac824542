//! How texts and figures are shown to people: nothing hidden, thousands grouped, dates as written by ISO 8601.

use crate::model::Language;
use crate::model::money::{Amount, Currency, decimal_text, parse_signed};

/// Returns a text in full whose control and bidirectional characters are written out as `\u{1b}`.
///
/// Line breaks and tabs become one blank: banks wrap what belongs together.
pub fn text(written: &str) -> String {
    if written.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return written.to_owned();
    }
    let mut shown = String::with_capacity(written.len());
    for character in written.chars() {
        if matches!(character, '\n' | '\r' | '\t') {
            if !shown.ends_with(' ') {
                shown.push(' ');
            }
        } else if is_hidden(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Returns true for characters that steer a terminal, turn the reading direction, or cannot be seen.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Returns the first `most` characters of a text, with `…` where something was cut off.
pub fn cut(written: &str, most: usize) -> String {
    match written.char_indices().nth(most) {
        None => written.to_owned(),
        Some((at, _)) => format!("{}…", written[..at].trim_end()),
    }
}

/// Returns minor units for people in English: `12,345.60`, `−5.00` with a real minus sign.
pub fn figure(minor: i64, decimals: u8) -> String {
    figure_in(minor, decimals, Language::English)
}

/// Returns minor units for people: `12,345.60`, in German `12.345,60`.
pub(super) fn figure_in(minor: i64, decimals: u8, language: Language) -> String {
    let plain = decimal_text(minor, decimals);
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let (thousands, point) = marks(language);
    let mut shown = String::with_capacity(plain.len() + plain.len() / 3);
    if minor < 0 {
        shown.push('−');
    }
    push_grouped(&mut shown, whole, thousands);
    if !fraction.is_empty() {
        shown.push(point);
        shown.push_str(fraction);
    }
    shown
}

/// Returns the marks of thousands and of decimals.
fn marks(language: Language) -> (char, char) {
    match language {
        Language::German => ('.', ','),
        Language::English | Language::SimplifiedChinese | Language::TraditionalChinese => (',', '.'),
    }
}

/// Writes a number of things with grouped thousands.
pub(super) fn push_count(shown: &mut String, number: u64, language: Language) {
    if number < 10 {
        shown.push(char::from(b'0' + number as u8));
    } else {
        push_grouped(shown, &number.to_string(), marks(language).0);
    }
}

/// Returns the amount of a text that is nothing but one in decimals, as the engine writes it: `15.00 EUR`.
pub(super) fn amount_of(text: &str) -> Option<Amount> {
    let (figure, code) = text.rsplit_once(' ')?;
    let is_figure = figure.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && figure
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if !is_figure {
        return None;
    }
    let currency = Currency::new(code)?;
    parse_signed(figure, currency.decimals())
        .ok()
        .map(|minor| Amount::new(minor, currency))
}

/// Returns an amount with its currency: `12,345.60 EUR`.
pub fn amount(amount: Amount) -> String {
    format!(
        "{} {}",
        figure(amount.minor, amount.currency.decimals()),
        amount.currency
    )
}

/// Returns a count with grouped thousands: `12,345`.
pub fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// Returns `part` of `whole` in percent with one decimal, rounded down so that 100.0 means all; `–` of nothing.
pub fn percent(part: u128, whole: u128) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let permille = part.saturating_mul(1000) / whole;
    format!("{}.{} %", permille / 10, permille % 10)
}

/// Returns `part` of `whole` in percent with three decimals, rounded down so that 100.000 means all; `–` of nothing.
pub fn fine_percent(part: u128, whole: u128) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let fine = part.saturating_mul(100_000) / whole;
    format!("{}.{:03} %", fine / 1_000, fine % 1_000)
}

/// Returns `1 payment`, `2 payments`.
pub fn plural(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// Returns a code in words: `AMBIGUOUS_INVOICE` is `Ambiguous invoice`.
pub fn code_words(code: &str) -> String {
    let words = code.to_lowercase().replace('_', " ");
    let mut characters = words.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => words,
    }
}

fn grouped(digits: &str) -> String {
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    push_grouped(&mut shown, digits, ',');
    shown
}

fn push_grouped(shown: &mut String, digits: &str, mark: char) {
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            shown.push(mark);
        }
        shown.push(digit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped() {
        for (minor, decimals, shown) in [
            (0, 2, "0.00"),
            (-5, 2, "−0.05"),
            (123_456_789, 2, "1,234,567.89"),
            (100_000, 0, "100,000"),
            (-1_234_567, 3, "−1,234.567"),
            (i64::MIN, 2, "−92,233,720,368,547,758.08"),
        ] {
            assert_eq!(figure(minor, decimals), shown, "{minor} with {decimals} decimals");
        }
    }

    #[test]
    fn nothing_is_hidden() {
        for (written, shown) in [
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("RE-1001\r\n  Danke", "RE-1001   Danke"),
            ("绿邦实业有限公司", "绿邦实业有限公司"),
        ] {
            assert_eq!(text(written), shown, "{written:?}");
        }
    }

    #[test]
    fn rates_round_down() {
        assert_eq!(percent(9_999, 10_000), "99.9 %");
        assert_eq!(percent(0, 0), "–");
        assert_eq!(fine_percent(99_999, 100_001), "99.998 %");
        assert_eq!(fine_percent(0, 0), "–");
        assert_eq!(code_words("AMBIGUOUS_INVOICE"), "Ambiguous invoice");
        assert_eq!(cut("绿邦实业有限公司", 4), "绿邦实业…");
    }
}
