//! Amounts of money in running text: thousands and decimal marks inferred, currencies beside them.

use super::glyph::Glyph;
use super::mask::{Mask, c, is_word_at};
use super::tokens::{TokenKind, WrittenAmount};
use crate::model::Currency;

/// Currencies that stand beside amounts; words such as ALL or TOP are left out on purpose.
const CURRENCIES: [&str; 44] = [
    "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "HKD", "PLN", "CZK", "HUF", "DKK", "SEK", "NOK", "RON", "BGN", "HRK",
    "TRY", "INR", "AUD", "CAD", "NZD", "SGD", "KRW", "TWD", "THB", "BRL", "MXN", "ZAR", "AED", "SAR", "ILS", "RUB",
    "UAH", "RSD", "ISK", "MYR", "IDR", "PHP", "VND", "KWD", "BHD", "QAR", "EGP", "MAD",
];

/// Letters of the longest word for a currency, and one more.
const WORD_MAX: usize = 6;

/// A number with two decimals, or any with a currency beside it.
pub(super) fn amount(glyphs: &[Glyph], place: usize, previous_end: usize) -> Option<Mask> {
    let before = currency_before(glyphs, place, previous_end);
    let is_glued = place > previous_end && is_word_at(glyphs, place - 1);
    if is_glued && before.is_none() {
        return None;
    }
    let plain = written(glyphs, place, false)?;
    let after = currency_after(glyphs, plain.end);
    let has_currency = before.is_some() || after.is_some();
    // Blanks part thousands only where the number is money for sure.
    let spaced = written(glyphs, place, true)
        .filter(|spaced| spaced.end > plain.end && (before.is_some() || currency_after(glyphs, spaced.end).is_some()));
    let number = spaced.unwrap_or(plain);
    let after = if number.end == plain.end {
        after
    } else {
        currency_after(glyphs, number.end)
    };
    if number.decimals != 2 && !has_currency && after.is_none() {
        return None;
    }
    let separator = if place > 0 { c(glyphs, place - 1) } else { ' ' };
    let is_part_of_number = place > previous_end
        && place > 1
        && matches!(separator, '-' | '/' | '.' | '_' | '#' | ',')
        && is_word_at(glyphs, place - 2);
    let goes_on =
        matches!(c(glyphs, number.end), '-' | '/' | '_') && is_word_at(glyphs, number.end + 1) && after.is_none();
    if (is_part_of_number && before.is_none()) || goes_on {
        return None;
    }
    let is_letter_behind = glyphs.get(number.end).is_some_and(|g| g.is_word());
    if is_letter_behind && number.decimals != 2 && after.is_none() {
        return None;
    }
    let mut end = number.end;
    let mut units = number.units;
    if place > 0
        && matches!(separator, '-' | '−')
        && !is_part_of_number
        && !(place > 1 && is_word_at(glyphs, place - 2))
    {
        units = -units;
    } else if matches!(c(glyphs, end), '-' | '−') && !is_word_at(glyphs, end + 1) && number.decimals == 2 {
        units = -units;
        end += 1;
    }
    let currency = before.or(after).and_then(Currency::new);
    let amount = WrittenAmount {
        units,
        decimals: number.decimals,
        currency,
    };
    Some(Mask {
        start: place,
        end,
        kind: TokenKind::Amount,
        amount: Some(amount),
    })
}

/// Groups of digits of one number that are looked at.
const GROUPS_MAX: usize = 8;

#[derive(Clone, Copy)]
struct Written {
    units: i64,
    decimals: u8,
    end: usize,
}

/// Reads digits with thousands and decimal marks; the last mark is the decimal one unless three digits follow it alone.
fn written(glyphs: &[Glyph], place: usize, with_blanks: bool) -> Option<Written> {
    let mut found = [('\0', 0_usize, 0_usize); GROUPS_MAX];
    let mut count = 0;
    let mut at = place;
    let mut mark = '\0';
    loop {
        let end = at + glyphs.iter().skip(at).take_while(|g| g.is_digit()).count();
        if end == at {
            break;
        }
        // A blank parts thousands only: three digits behind it, one to three before.
        let is_blank = matches!(mark, ' ' | '\u{a0}' | '\u{202f}');
        if is_blank
            && (end - at != 3
                || found[..count]
                    .iter()
                    .any(|(m, from, to)| to - from > 3 || matches!(m, ',' | '.')))
        {
            break;
        }
        found[count] = (mark, at, end);
        count += 1;
        mark = c(glyphs, end);
        let is_mark =
            matches!(mark, '.' | ',' | '\'' | '’') || (with_blanks && matches!(mark, ' ' | '\u{a0}' | '\u{202f}'));
        if !is_mark || count == GROUPS_MAX {
            break;
        }
        at = end + 1;
    }
    let groups = &found[..count];
    let (last_mark, from, end) = *groups.last()?;
    let length = end - from;
    let mut thousands = groups.iter().skip(1).map(|(m, _, _)| *m);
    let is_decimal = groups.len() > 1
        && matches!(last_mark, '.' | ',')
        && (length <= 2 || (length == 3 && thousands.clone().rev().skip(1).any(|m| m != last_mark)));
    let whole = if is_decimal { groups.len() - 1 } else { groups.len() };
    let first_mark = thousands.next();
    let is_well_parted = groups
        .iter()
        .take(whole)
        .enumerate()
        .all(|(number, (m, from, to))| match number {
            0 => whole == 1 || to - from <= 3,
            _ => to - from == 3 && Some(*m) == first_mark,
        });
    if !is_well_parted || (is_decimal && whole > 1 && first_mark == Some(last_mark)) {
        return None;
    }
    let digits = groups.iter().flat_map(|(_, from, to)| &glyphs[*from..*to]);
    let units = digits.take(19).try_fold(0_i64, |sum, g| {
        sum.checked_mul(10)?.checked_add(i64::from(g.c.to_digit(10)?))
    })?;
    if groups.iter().map(|(_, from, to)| to - from).sum::<usize>() > 15 {
        return None;
    }
    let mut end = end;
    let mut decimals = if is_decimal { length as u8 } else { 0 };
    let mut units = units;
    // 100,- and 100.-- are whole.
    if !is_decimal && matches!(c(glyphs, end), ',' | '.') && c(glyphs, end + 1) == '-' {
        end += if c(glyphs, end + 2) == '-' { 3 } else { 2 };
        (units, decimals) = (units.checked_mul(100)?, 2);
    }
    Some(Written { units, decimals, end })
}

fn symbol(c: char) -> Option<&'static str> {
    match c {
        '€' => Some("EUR"),
        '£' => Some("GBP"),
        '元' | '圆' => Some("CNY"),
        '円' => Some("JPY"),
        // Dollars and yen or yuan of which country is not said.
        '$' | '¥' | '￥' => Some(""),
        _ => None,
    }
}

fn code(word: &[Glyph]) -> Option<&'static str> {
    let mut letters = [0_u8; WORD_MAX];
    for (letter, glyph) in letters.iter_mut().zip(word) {
        *letter = u8::try_from(glyph.c).ok().filter(u8::is_ascii_uppercase)?;
    }
    let code = match std::str::from_utf8(letters.get(..word.len())?).ok()? {
        "RMB" => "CNY",
        "EURO" | "EUROS" => "EUR",
        "SFR" | "FR" => "CHF",
        "ZL" => "PLN",
        "KC" => "CZK",
        "YUAN" => "CNY",
        word => word,
    };
    CURRENCIES.iter().find(|known| **known == code).copied()
}

/// The currency before a number, at most one blank, colon or minus between.
fn currency_before(glyphs: &[Glyph], place: usize, previous_end: usize) -> Option<&'static str> {
    let mut end = place;
    while end > previous_end
        && place - end < 2
        && (glyphs[end - 1].is_blank() || matches!(glyphs[end - 1].c, ':' | '.' | '-'))
    {
        end -= 1;
    }
    if end == previous_end {
        return None;
    }
    if let Some(code) = symbol(glyphs[end - 1].c).filter(|_| glyphs[end - 1].c != '元') {
        return Some(code);
    }
    let count = glyphs[previous_end..end]
        .iter()
        .rev()
        .take(WORD_MAX)
        .take_while(|g| g.is_letter())
        .count();
    let is_whole = end == count || !is_word_at(glyphs, (end - count).wrapping_sub(1)) || end - count == previous_end;
    if is_whole {
        code(&glyphs[end - count..end])
    } else {
        None
    }
}

/// The currency behind a number, at most one blank between; not when it belongs to the number behind it.
fn currency_after(glyphs: &[Glyph], place: usize) -> Option<&'static str> {
    let start = if glyphs.get(place).is_some_and(|g| g.is_blank()) {
        place + 1
    } else {
        place
    };
    if let Some(code) = symbol(c(glyphs, start)) {
        let is_of_next = start > place && c(glyphs, start + 1).is_ascii_digit();
        return (!is_of_next).then_some(code);
    }
    let count = glyphs
        .iter()
        .skip(start)
        .take(WORD_MAX)
        .take_while(|g| g.is_letter())
        .count();
    let end = start + count;
    let next = if glyphs.get(end).is_some_and(|g| g.is_blank() || g.c == ':') {
        end + 1
    } else {
        end
    };
    let is_of_next = c(glyphs, next).is_ascii_digit()
        && written(glyphs, next, false).is_some_and(|n| n.decimals > 0 || start > place);
    let has_own_decimals = place >= 3 && matches!(c(glyphs, place - 3), '.' | ',');
    if is_of_next && !has_own_decimals {
        return None;
    }
    code(glyphs.get(start..start + count)?)
}
