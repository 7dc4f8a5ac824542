//! Numbers that mean something inside one customer only: a counter, a number cut off, a typing mistake.

use super::Book;
use super::reading::{Reading, is_number, is_own_amount};
use crate::index::Glance;
use crate::model::Payment;
use crate::text::tokens::{Token, TokenKind};

/// A number of the text that may name an item inside one customer only: by its end, its beginning, or with a typing mistake.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sought {
    /// Position in the tokens.
    pub token: usize,
    /// Letters in front that only say that a number follows.
    label: usize,
    /// Digits only, but for the label.
    pub is_plain: bool,
    /// Nothing follows: the text may be cut here.
    pub is_last: bool,
}

impl Sought {
    /// Returns the key without the label.
    pub fn digits<'k>(&self, token: &'k Token<'_>) -> &'k str {
        &token.key[self.label..]
    }

    /// Returns what must agree at the least.
    pub fn glance(&self, token: &Token<'_>) -> Glance {
        let digits = if self.is_plain { self.digits(token) } else { "" };
        Glance::of(&token.key, digits)
    }
}

/// Returns the numbers that no whole number explains.
pub(super) fn find(book: &Book<'_>, payment: &Payment, reading: &Reading<'_>) -> Vec<Sought> {
    let mut all = Vec::new();
    for (at, (text, token)) in reading.tokens.iter().enumerate() {
        let is_candidate = matches!(token.kind, TokenKind::Digits | TokenKind::Mixed)
            && is_number(token)
            && !is_own_amount(token, payment)
            && !book.customer_numbers.contains_key(token.key.as_str())
            && !reading.is_taken(*text, token.start, token.end);
        if !is_candidate {
            continue;
        }
        let digits = book.shapes.without_label(&token.key).unwrap_or(&token.key);
        let is_last = token.key.len() >= 5
            && reading.tokens[at + 1..]
                .iter()
                .all(|(other, next)| other != text || next.start < token.end);
        all.push(Sought {
            token: at,
            label: token.key.len() - digits.len(),
            is_plain: digits.bytes().all(|byte| byte.is_ascii_digit()),
            is_last,
        });
    }
    all
}
