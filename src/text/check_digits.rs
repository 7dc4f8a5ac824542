//! References that prove themselves by check digits.

use super::glyph::{Glyph, glyphs};

/// A kind of reference with check digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scheme {
    /// RF creditor reference, ISO 11649, mod 97.
    Rf,
    /// Swiss QR reference, 27 digits, recursive mod 10.
    Qrr,
    /// Belgian structured communication, 12 digits, mod 97.
    Ogm,
    /// Finnish viitenumero, 4 to 20 digits, weights 7-3-1.
    Viitenumero,
    /// Estonian or Latvian reference, 2 to 20 digits, weights 7-3-1.
    Baltic,
    /// Norwegian KID, 2 to 25 digits, mod 10.
    KidMod10,
    /// Norwegian KID, 2 to 25 digits, mod 11; the last may be `-`.
    KidMod11,
    /// Swedish OCR, 2 to 25 digits, Luhn.
    Ocr,
    /// Slovenian SI01 or SI12 reference, mod 11.
    Si,
    /// IBAN, mod 97.
    Iban,
    /// Chinese unified social credit code, mod 31; about a third of real codes fail it: soft.
    SocialCredit,
    /// Chinese digital invoice number, 20 digits: structure only, no check digit.
    DigitalInvoice,
}

/// A reference found in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checked {
    /// Kind.
    pub scheme: Scheme,
    /// Byte position of the first character.
    pub start: usize,
    /// Byte position after the last character.
    pub end: usize,
    /// As written.
    pub written: String,
    /// Without prefix, check digits and leading zeros, in capitals: it often contains our document or customer number.
    pub payload: String,
}

/// Returns the references of strong schemes (RF, QRR, OGM, SI, social credit code, digital invoice number) in order of position.
///
/// Blanks of the printed form are understood, and one break inside. Weak schemes are asked with [`check`].
pub fn recognise(text: &str) -> Vec<Checked> {
    if !may_hold_one(text) {
        return Vec::new();
    }
    let glyphs = glyphs(text);
    let mut found = Vec::new();
    let mut place = 0;
    while place < glyphs.len() {
        match at(&glyphs, place) {
            Some((scheme, until, payload)) => {
                let (start, end) = (glyphs[place].start, glyphs[until - 1].end);
                let written = text.get(start..end).unwrap_or("").to_owned();
                found.push(Checked {
                    scheme,
                    start,
                    end,
                    written,
                    payload,
                });
                place = until;
            }
            None => place += 1,
        }
    }
    found
}

/// Quick look before the careful one: most texts hold no reference that proves itself.
///
/// RF and SI begin with their letters; OGM has slashes or three marks; QRR has 27 digits; all others are one run of 18 or 20.
fn may_hold_one(text: &str) -> bool {
    if !text.is_ascii() {
        return true;
    }
    // Most references are short.
    let is_pair = |pair: &[u8]| pair.eq_ignore_ascii_case(b"RF") || pair.eq_ignore_ascii_case(b"SI");
    if text.len() < 12 && !text.as_bytes().windows(2).any(is_pair) {
        return false;
    }
    let (mut words, mut digits, mut run) = (0, 0, 0);
    let (mut is_lettered, mut is_marked, mut has_run) = (false, false, false);
    let (mut before, mut second) = (b' ', b' ');
    for byte in text.bytes().map(|byte| byte.to_ascii_uppercase()) {
        if byte.is_ascii_alphanumeric() {
            words += 1;
            run += 1;
            digits += usize::from(byte.is_ascii_digit());
            is_lettered |= matches!((before, byte), (b'R', b'F') | (b'S', b'I'));
        } else {
            has_run |= matches!(run, 18 | 20);
            run = 0;
            is_marked |= byte == b'/' || (matches!(byte, b'+' | b'*') && byte == before && byte == second);
        }
        (second, before) = (before, byte);
    }
    has_run |= matches!(run, 18 | 20);
    digits > 0 && (has_run || digits >= 27 || (is_lettered && words >= 5) || (is_marked && digits >= 12))
}

/// Returns true when a reference without blanks, in capitals, satisfies the scheme.
pub fn check(scheme: Scheme, reference: &str) -> bool {
    let bytes = reference.as_bytes();
    let is_numeric = !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
    let has_length = |least: usize, most: usize| (least..=most).contains(&bytes.len());
    match scheme {
        Scheme::Rf => has_length(5, 25) && reference.starts_with("RF") && is_iso_7064(reference),
        Scheme::Iban => reference.get(..2).and_then(iban_length) == Some(bytes.len()) && is_iso_7064(reference),
        Scheme::Qrr => bytes.len() == 27 && is_numeric && recursive_mod_10(bytes) == 0 && !is_zero(bytes),
        Scheme::Ogm => bytes.len() == 12 && is_numeric && is_ogm(reference),
        Scheme::Viitenumero => has_length(4, 20) && is_numeric && is_731(bytes),
        Scheme::Baltic => has_length(2, 20) && is_numeric && is_731(bytes),
        Scheme::KidMod10 | Scheme::Ocr => has_length(2, 25) && is_numeric && is_luhn(bytes),
        Scheme::KidMod11 => has_length(2, 25) && is_kid_mod_11(bytes),
        Scheme::Si => is_si(reference),
        Scheme::SocialCredit => bytes.len() == 18 && is_social_credit(bytes),
        Scheme::DigitalInvoice => bytes.len() == 20 && is_numeric && is_digital_invoice(bytes),
    }
}

/// Lengths of IBANs by country, sorted.
#[rustfmt::skip]
const IBAN_LENGTHS: &[(&str, usize)] = &[
    ("AD", 24), ("AE", 23), ("AL", 28), ("AT", 20), ("AZ", 28), ("BA", 20), ("BE", 16), ("BG", 22), ("BH", 22), ("BR", 29),
    ("BY", 28), ("CH", 21), ("CR", 22), ("CY", 28), ("CZ", 24), ("DE", 22), ("DK", 18), ("DO", 28), ("EE", 20), ("EG", 29),
    ("ES", 24), ("FI", 18), ("FO", 18), ("FR", 27), ("GB", 22), ("GE", 22), ("GI", 23), ("GL", 18), ("GR", 27), ("GT", 28),
    ("HR", 21), ("HU", 28), ("IE", 22), ("IL", 23), ("IQ", 23), ("IS", 26), ("IT", 27), ("JO", 30), ("KW", 30), ("KZ", 20),
    ("LB", 28), ("LC", 32), ("LI", 21), ("LT", 20), ("LU", 20), ("LV", 21), ("LY", 25), ("MC", 27), ("MD", 24), ("ME", 22),
    ("MK", 19), ("MR", 27), ("MT", 31), ("MU", 30), ("NL", 18), ("NO", 15), ("PK", 24), ("PL", 28), ("PS", 29), ("PT", 25),
    ("QA", 29), ("RO", 24), ("RS", 22), ("SA", 24), ("SC", 31), ("SE", 24), ("SI", 19), ("SK", 24), ("SM", 27), ("ST", 25),
    ("SV", 28), ("TL", 23), ("TN", 24), ("TR", 26), ("UA", 29), ("VA", 22), ("VG", 24), ("XK", 20),
];

/// Returns the length of an IBAN of a country.
pub(super) fn iban_length(country: &str) -> Option<usize> {
    IBAN_LENGTHS
        .binary_search_by_key(&country, |(code, _)| code)
        .ok()
        .and_then(|place| IBAN_LENGTHS.get(place))
        .map(|(_, length)| *length)
}

/// Looks for a strong reference that begins at a place; its end and payload.
fn at(glyphs: &[Glyph], place: usize) -> Option<(Scheme, usize, String)> {
    let glyph = *glyphs.get(place)?;
    if !glyph.is_word() && !matches!(glyph.c, '+' | '*') {
        return None;
    }
    if place > 0 && glyphs[place - 1].is_word() {
        return None;
    }
    let ascii_word = |p: usize| glyphs.get(p).is_some_and(|g| g.c.is_ascii_alphanumeric());
    if glyph.c == 'R' && ascii_word(place + 1) {
        return grouped(glyphs, place, Scheme::Rf, 5, 25);
    }
    if glyph.c == 'S' && ascii_word(place + 1) && glyphs[place + 1].c == 'I' {
        return grouped(glyphs, place, Scheme::Si, 6, 24);
    }
    ogm_at(glyphs, place)
        .or_else(|| qrr_at(glyphs, place))
        .or_else(|| one_run(glyphs, place))
}

/// RF and SI: groups of letters and digits with single blanks (SI: hyphens) between them; the longest that checks.
fn grouped(
    glyphs: &[Glyph],
    place: usize,
    scheme: Scheme,
    least: usize,
    most: usize,
) -> Option<(Scheme, usize, String)> {
    let mut reference = String::new();
    let mut best = None;
    let mut at = place;
    while let Some(glyph) = glyphs.get(at) {
        if glyph.c.is_ascii_alphanumeric() {
            reference.push(glyph.c);
            if reference.len() > most {
                break;
            }
        } else if glyph.is_word() || !(glyph.is_blank() || (scheme == Scheme::Si && glyph.c == '-')) {
            break;
        } else if scheme == Scheme::Si && glyph.c == '-' {
            reference.push('-');
        }
        let is_last = !glyphs.get(at + 1).is_some_and(|next| next.is_word());
        if is_last && glyph.is_word() && reference.len() >= least && check(scheme, &reference) {
            let behind = if scheme == Scheme::Si {
                reference.len() - 1
            } else {
                reference.len()
            };
            best = Some((scheme, at + 1, payload(reference.get(4..behind).unwrap_or(""))));
        }
        let is_second_blank = glyph.is_blank() && glyphs.get(at + 1).is_some_and(|next| next.is_blank());
        if is_second_blank {
            break;
        }
        at += 1;
    }
    best
}

fn payload(digits: &str) -> String {
    let plain: String = digits.chars().filter(char::is_ascii_alphanumeric).collect();
    plain.trim_start_matches('0').to_owned()
}

/// Groups of digits from a place on, parted by one blank each: their digits, the end of each, and the lengths of groups.
fn digit_groups(glyphs: &[Glyph], place: usize, most: usize) -> Vec<(String, usize)> {
    let mut groups: Vec<(String, usize)> = Vec::new();
    let mut at = place;
    let mut total = 0;
    loop {
        let digits: String = glyphs
            .iter()
            .skip(at)
            .take_while(|g| g.is_digit())
            .map(|g| g.c)
            .take(most + 1)
            .collect();
        let end = at + digits.len();
        total += digits.len();
        let is_glued = glyphs.get(end).is_some_and(|next| next.is_word());
        if digits.is_empty() || is_glued || total > most {
            return groups;
        }
        groups.push((digits, end));
        if !glyphs.get(end).is_some_and(|next| next.is_blank()) {
            return groups;
        }
        at = end + 1;
    }
}

/// 27 digits in one run, in two (a break of the line), or as printed: 2 and five times 5.
fn qrr_at(glyphs: &[Glyph], place: usize) -> Option<(Scheme, usize, String)> {
    if !glyphs.get(place)?.is_digit() || glyphs.len() - place < 27 {
        return None;
    }
    let groups = digit_groups(glyphs, place, 27);
    let lengths: Vec<usize> = groups.iter().map(|(digits, _)| digits.len()).collect();
    if lengths.iter().sum::<usize>() != 27 || !(groups.len() <= 2 || lengths == [2, 5, 5, 5, 5, 5]) {
        return None;
    }
    let reference: String = groups.iter().map(|(digits, _)| digits.as_str()).collect();
    let end = groups.last()?.1;
    check(Scheme::Qrr, &reference).then(|| (Scheme::Qrr, end, payload(reference.get(..26).unwrap_or(""))))
}

/// `+++090/9337/55493+++`, with `***`, or 3/4/5 digits parted by slashes, dots or blanks inside the marks.
fn ogm_at(glyphs: &[Glyph], place: usize) -> Option<(Scheme, usize, String)> {
    let mark = glyphs.get(place)?.c;
    let marks = if matches!(mark, '+' | '*') {
        glyphs.iter().skip(place).take_while(|g| g.c == mark).count()
    } else {
        0
    };
    if marks > 3 || (marks == 0 && !glyphs.get(place)?.is_digit()) || glyphs.len() - place < 12 {
        return None;
    }
    let mut digits = String::new();
    let mut slashes = Vec::new();
    let mut at = place + marks;
    while let Some(glyph) = glyphs.get(at).filter(|_| digits.len() < 12) {
        match glyph.c {
            c if c.is_ascii_digit() => digits.push(c),
            '/' => slashes.push(digits.len()),
            ' ' | '.' if marks == 3 => {}
            _ => return None,
        }
        at += 1;
    }
    let is_shaped = slashes == [3, 7] || (marks == 3 && slashes.is_empty());
    if !is_shaped || glyphs.get(at).is_some_and(|next| next.is_word()) || !check(Scheme::Ogm, &digits) {
        return None;
    }
    while marks > 0 && at < place + marks + 24 && glyphs.get(at).is_some_and(|g| g.c == mark) {
        at += 1;
    }
    Some((Scheme::Ogm, at, payload(digits.get(..10).unwrap_or(""))))
}

/// Numbers of one run: social credit codes and digital invoice numbers.
fn one_run(glyphs: &[Glyph], place: usize) -> Option<(Scheme, usize, String)> {
    let length = glyphs.iter().skip(place).take(21).take_while(|g| g.is_word()).count();
    let scheme = match length {
        18 => Scheme::SocialCredit,
        20 => Scheme::DigitalInvoice,
        _ => return None,
    };
    let run: String = glyphs[place..place + length].iter().map(|g| g.c).collect();
    if !check(scheme, &run) {
        return None;
    }
    let payload = if scheme == Scheme::SocialCredit {
        run.get(..17).unwrap_or("").to_owned()
    } else {
        run
    };
    Some((scheme, place + length, payload))
}

/// ISO 7064 mod 97-10 of RF references and IBANs: four characters moved behind, letters as 10 … 35, remainder 1.
fn is_iso_7064(reference: &str) -> bool {
    let (Some(head), Some(tail)) = (reference.get(..4), reference.get(4..)) else {
        return false;
    };
    if !head.bytes().skip(2).all(|b| b.is_ascii_digit()) {
        return false;
    }
    let mut remainder = 0_u32;
    for byte in tail.bytes().chain(head.bytes()) {
        remainder = match byte {
            b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
            b'A'..=b'Z' => (remainder * 100 + u32::from(byte - b'A') + 10) % 97,
            _ => return false,
        };
    }
    remainder == 1
}

fn is_zero(digits: &[u8]) -> bool {
    digits.iter().all(|b| *b == b'0')
}

fn value(digit: &u8) -> usize {
    usize::from(digit.saturating_sub(b'0'))
}

/// Returns 0 when the last digit is the check digit of the others.
fn recursive_mod_10(digits: &[u8]) -> usize {
    const TABLE: [usize; 10] = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];
    let Some((last, base)) = digits.split_last() else {
        return 1;
    };
    let carry = base.iter().fold(0, |carry, digit| TABLE[(carry + value(digit)) % 10]);
    ((10 - carry) % 10).abs_diff(value(last))
}

fn is_ogm(digits: &str) -> bool {
    let number = |range: std::ops::Range<usize>| digits.get(range).and_then(|d| d.parse::<u64>().ok());
    match (number(0..10), number(10..12)) {
        (Some(0), _) => false,
        (Some(base), Some(check)) => (if base % 97 == 0 { 97 } else { base % 97 }) == check,
        _ => false,
    }
}

fn is_731(digits: &[u8]) -> bool {
    let Some((last, base)) = digits.split_last() else {
        return false;
    };
    let sum: usize = base
        .iter()
        .rev()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(digit, weight)| value(digit) * weight)
        .sum();
    !is_zero(base) && (10 - sum % 10) % 10 == value(last)
}

fn is_luhn(digits: &[u8]) -> bool {
    let doubled = |digit: usize| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: usize = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            if place % 2 == 1 {
                doubled(value(digit))
            } else {
                value(digit)
            }
        })
        .sum();
    !is_zero(digits) && sum.is_multiple_of(10)
}

fn is_kid_mod_11(reference: &[u8]) -> bool {
    let Some((last, base)) = reference.split_last() else {
        return false;
    };
    if !base.iter().all(u8::is_ascii_digit) || is_zero(base) {
        return false;
    }
    let sum: usize = base
        .iter()
        .rev()
        .zip((2..=7).cycle())
        .map(|(digit, weight)| value(digit) * weight)
        .sum();
    match (11 - sum % 11) % 11 {
        10 => *last == b'-',
        check => *last == b'0' + check as u8,
    }
}

/// SI01: all digits of the three parts; SI12: up to twelve digits and the check digit. Weights from 2 up, 10 and 11 give 0.
fn is_si(reference: &str) -> bool {
    let (Some(model), Some(rest)) = (reference.get(..4), reference.get(4..)) else {
        return false;
    };
    let is_model = match model {
        "SI01" => true,
        "SI12" => !rest.contains('-') && (3..=13).contains(&rest.len()),
        _ => false,
    };
    let digits: Vec<u8> = rest.bytes().filter(|b| *b != b'-').collect();
    if !is_model || digits.len() < 2 || digits.len() > 20 || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let Some((last, base)) = digits.split_last() else {
        return false;
    };
    let sum: usize = base
        .iter()
        .rev()
        .zip(2..)
        .map(|(digit, weight)| value(digit) * weight)
        .sum();
    let check = match 11 - sum % 11 {
        10 | 11 => 0,
        check => check,
    };
    !is_zero(base) && check == value(last)
}

fn is_social_credit(code: &[u8]) -> bool {
    const LETTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut sum = 0;
    let mut weight = 1;
    let mut values = Vec::with_capacity(18);
    for byte in code {
        let Some(value) = LETTERS.iter().position(|letter| letter == byte) else {
            return false;
        };
        values.push(value);
    }
    let Some((last, base)) = values.split_last() else {
        return false;
    };
    for value in base {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    // Third to eighth are the area, digits only.
    code.iter().skip(2).take(6).all(u8::is_ascii_digit) && (31 - sum % 31) % 31 == *last
}

/// Year 22 … 59, a province, a channel; the rest is a serial number.
fn is_digital_invoice(digits: &[u8]) -> bool {
    let pair = |at: usize| digits.get(at).map_or(0, value) * 10 + digits.get(at + 1).map_or(0, value);
    let is_province = matches!(pair(2), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65);
    matches!(pair(0), 22..=59) && is_province && !is_zero(digits.get(5..).unwrap_or(&[]))
}

#[cfg(test)]
#[path = "check_digits_tests.rs"]
mod tests;
