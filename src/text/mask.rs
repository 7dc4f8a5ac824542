//! What looks like a number and is no reference: dates, amounts, percentages, telephones, accounts, banks.

use super::check_digits::{Scheme, check, iban_length};
use super::glyph::Glyph;
use super::money_mask::amount;
use super::reference::Key;
use super::tokens::{TokenKind, WrittenAmount};

/// A stretch of glyphs that is no reference.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mask {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: TokenKind,
    pub(super) amount: Option<WrittenAmount>,
}

/// Words before a date without separators, or after which eight digits are a date.
const DATE_WORDS: [&str; 18] = [
    "VOM",
    "DATUM",
    "DATED",
    "DATE",
    "DU",
    "DD",
    "AM",
    "PER",
    "DATA",
    "DEL",
    "DN",
    "DATUMS",
    "LEISTUNGSDATUM",
    "RECHNUNGSDATUM",
    "DAT",
    "BIS",
    "UNTIL",
    "FÄLLIG",
];

/// Words before a telephone number.
const PHONE_WORDS: [&str; 12] = [
    "TEL",
    "TELEFON",
    "PHONE",
    "FAX",
    "MOBIL",
    "HANDY",
    "MOBILE",
    "TELEPHONE",
    "TELEFAX",
    "FON",
    "CELL",
    "GSM",
];

/// Returns the masks by position; none overlap.
pub(super) fn find(glyphs: &[Glyph]) -> Vec<Mask> {
    let mut masks: Vec<Mask> = Vec::new();
    let mut place = 0;
    while place < glyphs.len() {
        let previous_end = masks.last().map_or(0, |mask| mask.end);
        match at(glyphs, place, previous_end) {
            Some(mask) => {
                place = mask.end.max(place + 1);
                masks.push(mask);
            }
            None => place = after_run(glyphs, place),
        }
    }
    masks
}

/// Where the next mask may begin when none begins at a place: none begins inside a run of letters or of digits.
fn after_run(glyphs: &[Glyph], place: usize) -> usize {
    let inside = |is_alike: fn(Glyph) -> bool| {
        let run = glyphs[place + 1..].iter();
        run.take_while(|glyph| is_alike(**glyph)).count()
    };
    let glyph = glyphs[place];
    let rest = if glyph.is_letter() {
        inside(Glyph::is_letter)
    } else if glyph.is_digit() {
        inside(Glyph::is_digit)
    } else {
        0
    };
    place + 1 + rest
}

fn at(glyphs: &[Glyph], place: usize, previous_end: usize) -> Option<Mask> {
    let glyph = glyphs.get(place)?;
    let begins_word = glyph.is_word() && !(place > previous_end && glyphs[place - 1].is_word());
    let mask = |end, kind| Mask {
        start: place,
        end,
        kind,
        amount: None,
    };
    if glyph.is_letter() {
        if !begins_word {
            return None;
        }
        return iban(glyphs, place)
            .map(|end| mask(end, TokenKind::Iban))
            .or_else(|| bic(glyphs, place).map(|end| mask(end, TokenKind::Bic)));
    }
    if let Some(end) = phone(glyphs, place) {
        return Some(mask(end, TokenKind::Phone));
    }
    if !glyph.is_digit() || (place > previous_end && glyphs[place - 1].is_digit()) {
        return None;
    }
    if begins_word {
        if let Some(end) = date(glyphs, place, previous_end) {
            return Some(mask(end, TokenKind::Date));
        }
        if let Some(end) = percent(glyphs, place) {
            return Some(mask(end, TokenKind::Percent));
        }
    }
    amount(glyphs, place, previous_end)
}

pub(super) fn c(glyphs: &[Glyph], place: usize) -> char {
    glyphs.get(place).map_or('\0', |g| g.c)
}

pub(super) fn is_word_at(glyphs: &[Glyph], place: usize) -> bool {
    glyphs.get(place).is_some_and(|g| g.is_word())
}

/// Digits from a place on, at most `most`: value and end.
fn number(glyphs: &[Glyph], place: usize, most: usize) -> Option<(u32, usize)> {
    let count = glyphs
        .iter()
        .skip(place)
        .take(most)
        .take_while(|g| g.is_digit())
        .count();
    if count == 0 {
        return None;
    }
    let value = glyphs[place..place + count]
        .iter()
        .fold(0_u32, |sum, g| sum * 10 + g.c.to_digit(10).unwrap_or(0));
    Some((value, place + count))
}

/// The word of letters that ends before a place, blanks and `.:` left out.
fn word_before(glyphs: &[Glyph], place: usize) -> &[Glyph] {
    let mut end = place;
    while end > 0 && place - end < 4 && (glyphs[end - 1].is_blank() || matches!(glyphs[end - 1].c, '.' | ':')) {
        end -= 1;
    }
    let count = glyphs[..end]
        .iter()
        .rev()
        .take(20)
        .take_while(|g| g.is_letter())
        .count();
    &glyphs[end - count..end]
}

fn is_one_of(run: &[Glyph], words: &[&str]) -> bool {
    words.iter().any(|word| run.iter().map(|g| g.c).eq(word.chars()))
}

fn is_day(day: u32, month: u32) -> bool {
    (1..=31).contains(&day) && (1..=12).contains(&month)
}

fn is_year(year: u32, digits: usize) -> bool {
    match digits {
        4 => (1990..=2099).contains(&year),
        2 => (10..=60).contains(&year),
        _ => false,
    }
}

/// 31.12.2025, 31/12/25, 2025-12-31, 2025年12月31日, 31. Dezember 2025, a time 12:19; 20251231 behind a word that says so.
fn date(glyphs: &[Glyph], place: usize, previous_end: usize) -> Option<usize> {
    let (first, after_first) = number(glyphs, place, 8)?;
    let separator = c(glyphs, after_first);
    let first_digits = after_first - place;
    if separator == ':' && first_digits <= 2 {
        return time(glyphs, after_first, first);
    }
    if first_digits == 8 && !is_word_at(glyphs, after_first) {
        let is_plausible = is_year(first / 10_000, 4) && is_day(first % 100, first / 100 % 100);
        let is_said = is_one_of(word_before(glyphs, place), &DATE_WORDS) || ends_with_han(glyphs, place, "日期");
        return (is_plausible && is_said).then_some(after_first);
    }
    if first_digits <= 2
        && let Some(end) = date_with_month(glyphs, after_first, first)
    {
        return Some(end);
    }
    if separator == '年' && is_year(first, first_digits) {
        return chinese_date(glyphs, after_first);
    }
    if !matches!(separator, '.' | '/' | '-') {
        return None;
    }
    let (second, after_second) = number(glyphs, after_first + 1, 2)?;
    if c(glyphs, after_second) != separator {
        return None;
    }
    let (third, end) = number(glyphs, after_second + 1, 4)?;
    let third_digits = end - after_second - 1;
    let is_plausible = match (first_digits, third_digits) {
        (4, 1 | 2) => is_year(first, 4) && is_day(third, second),
        (1 | 2, 2 | 4) => {
            is_year(third, third_digits) && (is_day(first, second) || (separator != '.' && is_day(second, first)))
        }
        _ => false,
    };
    // RE-2026-01-12 and 2026-01-12-7 are numbers, not dates; two dates may be a period.
    let is_tail =
        place > previous_end + 1 && c(glyphs, place - 1) == separator && is_word_at(glyphs, place.saturating_sub(2));
    let is_head = is_word_at(glyphs, end) || (c(glyphs, end) == separator && is_word_at(glyphs, end + 1));
    (is_plausible && !is_tail && !is_head).then_some(end)
}

/// `:19` or `:19:05` behind an hour.
fn time(glyphs: &[Glyph], after_hour: usize, hour: u32) -> Option<usize> {
    let (minute, mut end) = number(glyphs, after_hour + 1, 2)?;
    if c(glyphs, end) == ':'
        && let Some((second, after)) = number(glyphs, end + 1, 2)
        && second < 60
    {
        end = after;
    }
    let is_plausible = hour < 24 && minute < 60 && end > after_hour + 2;
    (is_plausible && !is_word_at(glyphs, end) && c(glyphs, end) != ':').then_some(end)
}

/// 年12月31日, the day may be missing.
fn chinese_date(glyphs: &[Glyph], after_year: usize) -> Option<usize> {
    let (month, after_month) = number(glyphs, after_year + 1, 2)?;
    if c(glyphs, after_month) != '月' || !is_day(1, month) {
        return None;
    }
    match number(glyphs, after_month + 1, 2) {
        Some((day, end)) if is_day(day, month) => Some(if matches!(c(glyphs, end), '日' | '号') {
            end + 1
        } else {
            end
        }),
        _ => Some(after_month + 1),
    }
}

/// `. Dezember 2025` behind a day.
fn date_with_month(glyphs: &[Glyph], after_day: usize, day: u32) -> Option<usize> {
    const MONTHS: [&str; 26] = [
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC", "MAI", "OKT", "DEZ", "FEV",
        "AVR", "AOU", "JUI", "MRT", "MEI", "GEN", "MAG", "GIU", "LUG", "OTT",
    ];
    let skip = |place: usize| {
        place
            + glyphs
                .iter()
                .skip(place)
                .take(2)
                .take_while(|g| g.is_blank() || matches!(g.c, '.' | '-'))
                .count()
    };
    let start = skip(after_day);
    let letters = glyphs.iter().skip(start).take(10).take_while(|g| g.is_letter()).count();
    if !(3..=9).contains(&letters) || !is_day(day, 1) {
        return None;
    }
    let year_at = skip(start + letters);
    let (year, end) = number(glyphs, year_at, 4)?;
    let is_year = is_year(year, end - year_at) && !is_word_at(glyphs, end);
    (is_year && is_one_of(&glyphs[start..start + 3], &MONTHS)).then_some(end)
}

fn ends_with_han(glyphs: &[Glyph], place: usize, word: &str) -> bool {
    let before = glyphs[..place]
        .iter()
        .rev()
        .skip_while(|g| g.is_blank() || matches!(g.c, ':' | '：'));
    before.map(|g| g.c).take(word.chars().count()).eq(word.chars().rev())
}

fn percent(glyphs: &[Glyph], place: usize) -> Option<usize> {
    let (_, mut end) = number(glyphs, place, 3)?;
    if matches!(c(glyphs, end), '.' | ',') {
        end = number(glyphs, end + 1, 3)?.1;
    }
    if c(glyphs, end) == ' ' {
        end += 1;
    }
    if c(glyphs, end) == '%' {
        return Some(end + 1);
    }
    let rest = glyphs.get(end..).unwrap_or_default();
    let letters = rest.iter().take(8).take_while(|g| g.is_letter()).count();
    is_one_of(&rest[..letters], &["PROZENT", "PERCENT", "PCT"]).then_some(end + letters)
}

/// `+49 89 1234567`, or any number behind Tel, Fax …
fn phone(glyphs: &[Glyph], place: usize) -> Option<usize> {
    let glyph = glyphs.get(place)?;
    let is_international =
        glyph.c == '+' && c(glyphs, place + 1).is_ascii_digit() && !(place > 0 && c(glyphs, place - 1) == '+');
    let begins = is_international || (glyph.is_digit() && !(place > 0 && is_word_at(glyphs, place - 1)));
    if !begins {
        return None;
    }
    let is_said = || {
        is_one_of(word_before(glyphs, place), &PHONE_WORDS)
            || ["电话", "手机"].iter().any(|word| ends_with_han(glyphs, place, word))
    };
    if !is_international && !is_said() {
        return None;
    }
    let mut digits = 0;
    let mut end = place + 1;
    for (at, glyph) in glyphs.iter().enumerate().skip(place) {
        match glyph.c {
            c if c.is_ascii_digit() => {
                digits += 1;
                end = at + 1;
            }
            ' ' | '-' | '/' | '(' | ')' | '.' => {
                let gap = at + 1 - end;
                if gap > 2 {
                    break;
                }
            }
            '+' if at == place => {}
            _ => break,
        }
        if digits > 15 {
            return None;
        }
    }
    (digits >= 6 && !is_word_at(glyphs, end)).then_some(end)
}

/// An IBAN whose check digits hold, single blanks inside.
fn iban(glyphs: &[Glyph], place: usize) -> Option<usize> {
    if !c(glyphs, place + 2).is_ascii_digit() {
        return None;
    }
    let country: Key = glyphs.get(place..place + 2)?.iter().map(|g| g.c).collect();
    let length = iban_length(&country)?;
    let mut reference = String::with_capacity(length);
    let mut at = place;
    while reference.len() < length {
        let glyph = glyphs.get(at)?;
        if glyph.c.is_ascii_alphanumeric() {
            reference.push(glyph.c);
        } else if !glyph.is_blank() || !glyphs.get(at + 1)?.is_word() {
            return None;
        }
        at += 1;
    }
    (!is_word_at(glyphs, at) && check(Scheme::Iban, &reference)).then_some(at)
}

/// Eight or eleven letters and digits behind BIC or SWIFT, or eleven that end in XXX.
fn bic(glyphs: &[Glyph], place: usize) -> Option<usize> {
    let letters = || glyphs[place..].iter().take(12).take_while(|g| g.is_word()).map(|g| g.c);
    let is_shaped = matches!(letters().count(), 8 | 11)
        && letters().take(6).all(|c| c.is_ascii_uppercase())
        && letters().all(|c| c.is_ascii());
    if !is_shaped {
        return None;
    }
    let run = &glyphs[place..place + letters().count()];
    let is_said = is_one_of(word_before(glyphs, place), &["BIC", "SWIFT", "CODE"]);
    (is_said || (run.len() == 11 && is_one_of(&run[8..], &["XXX"]))).then_some(place + run.len())
}
