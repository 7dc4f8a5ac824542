//! Numbers and words in running text, with what is no reference masked: dates, amounts, accounts, telephones.

use super::glyph::{Glyph, glyphs};
use super::mask::{self, Mask};
use super::reference::{Key, of_ascii};
use crate::model::Currency;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TokenKind {
    /// Letters only.
    Letters,
    /// Digits only.
    Digits,
    /// Letters and digits.
    Mixed,
    /// A date or a time of day: no reference.
    Date,
    /// A telephone number: no reference.
    Phone,
    /// An IBAN whose check digits hold: no reference.
    Iban,
    /// A bank's BIC: no reference.
    Bic,
    /// An amount of money; `Token::amount` is its value.
    Amount,
    /// A percentage.
    Percent,
}

/// A piece of text that may be a reference, or is known not to be one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token<'a> {
    /// As written.
    pub written: &'a str,
    /// Letters and digits in capitals, accents dropped.
    pub key: Key,
    /// Byte position of the first character.
    pub start: usize,
    /// Byte position after the last character.
    pub end: usize,
    /// What it is.
    pub kind: TokenKind,
    /// Number of runs it joins: 1 for a run of its own, more for neighbours joined.
    pub parts: u8,
    /// The value, where it is an amount.
    pub amount: Option<WrittenAmount>,
}

impl Token<'_> {
    /// Returns true for dates, telephones, accounts, amounts and percentages: what cannot be a reference.
    pub fn is_masked(&self) -> bool {
        !matches!(self.kind, TokenKind::Letters | TokenKind::Digits | TokenKind::Mixed)
    }
}

/// An amount as people write it, decimal mark inferred.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WrittenAmount {
    /// Value in units of 10^-decimals; negative with a minus in front or behind.
    pub units: i64,
    /// Number of decimals written: 0 to 3.
    pub decimals: u8,
    /// The currency that stands beside it; `$` and `¥` alone name none.
    pub currency: Option<Currency>,
}

impl WrittenAmount {
    /// Returns the value in minor units of a currency with so many decimals; `None` when it is written more precisely, or too large.
    pub fn minor(&self, decimals: u8) -> Option<i64> {
        if self.decimals <= decimals {
            let factor = 10_i64.checked_pow(u32::from(decimals - self.decimals))?;
            return self.units.checked_mul(factor);
        }
        let factor = 10_i64.checked_pow(u32::from(self.decimals - decimals))?;
        (self.units % factor == 0).then_some(self.units / factor)
    }
}

/// At most so many runs are joined to one token.
const PARTS_MAX: usize = 5;
/// Joined tokens are at most this long: no document number is longer.
const KEY_MAX: usize = 35;
/// Characters of a text that are looked at; a remittance has a few hundred.
const TEXT_MAX: usize = 20_000;

/// Runs of a text that room is made for beforehand.
const SINGLES_FORESEEN: usize = 12;

/// Returns the tokens of a text by position, shorter ones of one start first: every run of letters and digits,
/// and up to five neighbours joined over blanks, line breaks and separators, where one of them has a digit.
///
/// Chinese and Japanese characters part runs. Only the first 20,000 characters are looked at.
pub fn scan(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    scan_each(text, &mut |token| tokens.push(token));
    tokens
}

/// As [`scan`], each token given to `put`.
pub fn scan_each<'a>(text: &'a str, put: &mut impl FnMut(Token<'a>)) {
    match number_alone(text) {
        Some(only) => put(only),
        None => scan_all(text, put),
    }
}

/// A text that is digits behind one letter at most, as references are: nothing in it can be a date, an amount or an account.
fn number_alone(text: &str) -> Option<Token<'_>> {
    let (first, rest) = text.as_bytes().split_first()?;
    let is_number = first.is_ascii_alphanumeric() && !rest.is_empty() && rest.iter().all(u8::is_ascii_digit);
    if !is_number || text.len() > KEY_MAX {
        return None;
    }
    Some(Token {
        written: text,
        key: of_ascii(text.len(), text.bytes().map(|byte| byte.to_ascii_uppercase())),
        start: 0,
        end: text.len(),
        kind: if first.is_ascii_digit() {
            TokenKind::Digits
        } else {
            TokenKind::Mixed
        },
        parts: 1,
        amount: None,
    })
}

fn scan_all<'a>(text: &'a str, put: &mut impl FnMut(Token<'a>)) {
    let mut glyphs = glyphs(text);
    glyphs.truncate(TEXT_MAX);
    let masks = mask::find(&glyphs);
    let mut single = singles(text, &glyphs, &masks);
    for place in 0..single.len() {
        join_from(text, &mut single, place, put);
    }
}

/// Returns the amounts of a text by position.
pub fn amounts(text: &str) -> Vec<Token<'_>> {
    let mut found = scan(text);
    found.retain(|token| token.kind == TokenKind::Amount);
    found
}

/// Runs of letters and digits outside of masks, and the masks.
fn singles<'a>(text: &'a str, glyphs: &[Glyph], masks: &[Mask]) -> Vec<Token<'a>> {
    let mut tokens = Vec::with_capacity(SINGLES_FORESEEN);
    let mut masks = masks.iter().peekable();
    let mut place = 0;
    while place < glyphs.len() {
        if let Some(mask) = masks.next_if(|mask| mask.start == place) {
            tokens.extend(token(text, glyphs, mask.start, mask.end, mask.kind, mask.amount));
            place = mask.end;
            continue;
        }
        let limit = masks.peek().map_or(glyphs.len(), |mask| mask.start);
        let end = place + glyphs[place..limit].iter().take_while(|g| g.is_word()).count();
        if end == place {
            place += 1;
            continue;
        }
        let run = &glyphs[place..end];
        let kind = match (run.iter().any(|g| g.is_letter()), run.iter().any(|g| g.is_digit())) {
            (true, true) => TokenKind::Mixed,
            (false, true) => TokenKind::Digits,
            _ => TokenKind::Letters,
        };
        tokens.extend(token(text, glyphs, place, end, kind, None));
        place = end;
    }
    tokens
}

fn token<'a>(
    text: &'a str,
    glyphs: &[Glyph],
    from: usize,
    until: usize,
    kind: TokenKind,
    amount: Option<WrittenAmount>,
) -> Option<Token<'a>> {
    let run = glyphs.get(from..until)?;
    let (start, end) = (run.first()?.start, run.last()?.end);
    let word = || run.iter().filter(|glyph| glyph.is_word()).map(|glyph| glyph.c);
    let key = if word().all(|c| c.is_ascii()) {
        of_ascii(run.len(), word().map(|c| c as u8))
    } else {
        word().collect()
    };
    Some(Token {
        written: text.get(start..end)?,
        key,
        start,
        end,
        kind,
        parts: 1,
        amount,
    })
}

/// The token at a place, whose key is taken, then its joins with what follows.
fn join_from<'a>(text: &'a str, single: &mut [Token<'a>], place: usize, put: &mut impl FnMut(Token<'a>)) {
    let first = Token {
        key: std::mem::take(&mut single[place].key),
        ..single[place]
    };
    let (start, kind) = (first.start, first.kind);
    if first.is_masked() {
        return put(first);
    }
    let mut key = first.key.clone();
    put(first);
    let (mut has_digits, mut has_letters) = (kind != TokenKind::Letters, kind != TokenKind::Digits);
    for (count, next) in single.iter().enumerate().skip(place + 1).take(PARTS_MAX - 1) {
        let previous_end = single[count - 1].end;
        let is_joined = text
            .get(previous_end..next.start)
            .is_some_and(|gap| gap == " " || is_gap(gap));
        if next.is_masked() || !is_joined || key.len() + next.key.len() > KEY_MAX {
            return;
        }
        key.push_str(&next.key);
        has_digits |= next.kind != TokenKind::Letters;
        has_letters |= next.kind != TokenKind::Digits;
        if !has_digits {
            continue;
        }
        let Some(written) = text.get(start..next.end) else {
            return;
        };
        put(Token {
            written,
            key: key.clone(),
            start,
            end: next.end,
            kind: if has_letters {
                TokenKind::Mixed
            } else {
                TokenKind::Digits
            },
            parts: (count - place + 1) as u8,
            amount: None,
        });
    }
}

/// Blanks, line breaks and separators of a number, three at most; commas and semicolons part numbers of a list.
fn is_gap(gap: &str) -> bool {
    gap.chars().count() <= 3 && gap.chars().all(|c| c.is_whitespace() || "-/._#:\\'–‐".contains(c))
}

#[cfg(test)]
#[path = "tokens_tests.rs"]
mod tests;
