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
    /// What must agree at the least.
    pub glance: Glance,
}

impl Sought {
    /// Returns the key without the label.
    pub fn digits<'k>(&self, token: &'k Token<'_>) -> &'k str {
        &token.key[self.label..]
    }
}

/// What all numbers that are sought look like at a glance: nearly all items of a customer are none of them.
#[derive(Debug, Default)]
pub(super) struct Glances {
    /// Ends of numbers, one bit each.
    ends: [u64; 16],
    /// Beginnings of numbers that may be cut.
    heads: Vec<[u8; 3]>,
    /// First bytes of the beginnings, one bit for four of them: most items differ here.
    firsts: u64,
}

impl Glances {
    fn enter(&mut self, sought: &Sought) {
        let Glance { end, head } = sought.glance;
        if end != Glance::NO_END {
            self.ends[usize::from(end) / 64] |= 1 << (end % 64);
        }
        if sought.is_last && !self.heads.contains(&head) {
            self.heads.push(head);
            self.firsts |= Glances::first(head);
        }
    }

    fn first([first, ..]: [u8; 3]) -> u64 {
        1 << (first / 4)
    }

    /// Returns true when an item that looks so may be named by one of them.
    pub fn may_name(&self, glance: &Glance) -> bool {
        let has_end = self.ends[usize::from(glance.end) / 64 % 16] & (1 << (glance.end % 64)) != 0;
        has_end || (self.firsts & Glances::first(glance.head) != 0 && self.heads.contains(&glance.head))
    }
}

/// Returns the numbers that no whole number explains, and what they look like.
pub(super) fn find(book: &Book<'_>, payment: &Payment, reading: &Reading<'_>) -> (Vec<Sought>, Glances) {
    let mut all = Vec::new();
    let mut glances = Glances::default();
    for (at, (text, token)) in reading.tokens.iter().enumerate() {
        let is_candidate = matches!(token.kind, TokenKind::Digits | TokenKind::Mixed)
            && is_number(token)
            && !is_own_amount(token, payment)
            && book.customer_numbers.find(&token.key).is_none()
            && !reading.is_taken(*text, token.start, token.end);
        if !is_candidate {
            continue;
        }
        let digits = book.shapes.without_label(&token.key).unwrap_or(&token.key);
        let is_last = token.key.len() >= 5
            && reading.tokens[at + 1..]
                .iter()
                .all(|(other, next)| other != text || next.start < token.end);
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        let sought = Sought {
            token: at,
            label: token.key.len() - digits.len(),
            is_plain,
            is_last,
            glance: Glance::of(&token.key, if is_plain { digits } else { "" }),
        };
        glances.enter(&sought);
        all.push(sought);
    }
    (all, glances)
}
