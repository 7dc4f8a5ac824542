//! Ranges: "1001-1004", "1001 bis 04". Only over items that exist, of one customer, and only if they hit the amount.

use super::draft::{Case, Detail, Draft};
use crate::index::ItemNo;
use crate::model::matching::{AmountLevel, ReferenceLevel};
use crate::model::{HypothesisKind, Signal};
use crate::text::reference::Key;
use crate::text::tokens::TokenKind;

/// Words between the first and the last number of a range.
const UNTIL: [&str; 11] = [
    "bis", "to", "thru", "through", "until", "till", "tot", "a", "au", "al", "jusqu",
];

/// Adds the hypotheses of ranges that begin with a named item.
pub(super) fn propose(case: &Case<'_>, drafts: &mut Vec<Draft>) {
    for named in case.named.iter().filter(|named| named.level != ReferenceLevel::None) {
        for last in last_of_range(case, named.text, named.end) {
            if let Some(items) = between(case, named.item, &last) {
                settle(case, &items, drafts);
            }
        }
    }
}

/// Digits that end a range which begins before `end`.
fn last_of_range(case: &Case<'_>, text: usize, end: usize) -> Vec<Key> {
    let mut word_seen = false;
    let mut found = Vec::new();
    let mut before = end;
    for (_, token) in case
        .reading
        .tokens
        .iter()
        .filter(|(at, token)| *at == text && token.start >= end)
    {
        if token.start >= end + 40 || found.len() > 2 {
            break;
        }
        let is_word = token.kind == TokenKind::Letters && token.parts == 1;
        if is_word && UNTIL.iter().any(|word| token.written.eq_ignore_ascii_case(word)) {
            word_seen = true;
            before = token.end;
            continue;
        }
        if token.parts > 4 || token.key.is_empty() {
            continue;
        }
        let is_close = token.start.saturating_sub(before) <= 6;
        if is_close
            && (word_seen || has_dash(case, text, end, token.start))
            && token.key.bytes().any(|b| b.is_ascii_digit())
        {
            found.push(token.key.clone());
        }
    }
    found
}

/// A dash, or dots, between the two numbers: known by the distance, because tokens hold no separators.
fn has_dash(case: &Case<'_>, text: usize, end: usize, start: usize) -> bool {
    case.reading.gap(text, end, start).is_some_and(|gap| {
        let bare = gap.trim();
        matches!(bare, "-" | "–" | "—" | ".." | "..." | "…" | "~" | "至" | "到")
    })
}

/// Items of the customer from `first` to the one whose number is, or ends with, `last`.
fn between(case: &Case<'_>, first: ItemNo, last: &str) -> Option<Vec<ItemNo>> {
    let keys = &case.book.ledger.keys;
    let key = &keys[first as usize];
    let stem_length = key.len() - key.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (stem, from) = (&key[..stem_length], key[stem_length..].parse::<u64>().ok()?);
    let digits: String = last.chars().filter(char::is_ascii_digit).collect();
    let tail = &key[stem_length..];
    let to: u64 = if digits.len() >= tail.len() {
        digits[digits.len() - tail.len()..].parse().ok()?
    } else {
        format!("{}{digits}", &tail[..tail.len() - digits.len()]).parse().ok()?
    };
    if to <= from || to - from > 500 {
        return None;
    }
    case.reading.work.add(case.open.len());
    let items: Vec<ItemNo> = case
        .open
        .iter()
        .map(|open| open.item)
        .filter(|item| {
            let other = &keys[*item as usize];
            other.len() == key.len()
                && other.starts_with(stem)
                && other[stem_length..]
                    .parse::<u64>()
                    .is_ok_and(|at| (from..=to).contains(&at))
        })
        .collect();
    (items.len() >= 2).then_some(items)
}

fn settle(case: &Case<'_>, items: &[ItemNo], drafts: &mut Vec<Draft>) {
    let total: i64 = items.iter().map(|item| case.item(*item).open_amount).sum();
    let weights = &case.book.options.weights;
    if total == case.amount() {
        let sum = weights.amount_sum;
        drafts.push(
            Draft::new(HypothesisKind::Range, case.debtor, AmountLevel::Exact)
                .with(Signal::AmountExact, sum, Detail::Amount(case.amount()))
                .in_full(case, items),
        );
    } else if let Some(draft) = super::listed::with_discounts(case, items, HypothesisKind::Range) {
        drafts.push(draft);
    }
}
