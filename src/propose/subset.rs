//! The only small sum of a known payer's items that hits the amount, if chance would not have hit it as well.

use super::draft::{Case, Detail, Draft};
use crate::evidence::{amount, sum};
use crate::index::{ItemNo, Open};
use crate::model::matching::AmountLevel;
use crate::model::{HypothesisKind, Signal};
use crate::text::bits::log2;

/// What the search found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The first sum, fewest items first.
    pub first: Option<Vec<ItemNo>>,
    /// A second sum was found, or the search was not finished.
    pub is_ambiguous: bool,
    /// Accidental hits to expect, in millionths.
    pub accidents: u64,
    /// Cost of the description in 1/100 bit; not positive.
    pub cost: i32,
}

/// Adds the hypothesis of a sum that no number names.
pub(super) fn propose(case: &Case<'_>, drafts: &mut Vec<Draft>) {
    if !case.is_payer_known() || case.open.len() < 2 || case.named.iter().any(|named| named.is_strong()) {
        return;
    }
    let is_explained = drafts.iter().any(|draft| {
        let is_fit = matches!(draft.amount, AmountLevel::Exact | AmountLevel::Terms);
        draft.debtor == case.debtor && is_fit && draft.kind != HypothesisKind::Subset
    });
    if is_explained {
        return;
    }
    let limits = &case.book.options.limits;
    let most = if case.open.len() <= 50 {
        limits.sum_items_few
    } else {
        limits.sum_items
    };
    let found = find(case, &case.open, case.amount(), most as usize);
    let Some(items) = &found.first else { return };
    let worth = amount::exact(case.book.population, 1);
    let mut draft = Draft::new(HypothesisKind::Subset, case.debtor, AmountLevel::Exact)
        .with(Signal::AmountExact, worth, Detail::Amount(case.amount()))
        .with(Signal::Description, found.cost, Detail::Count(items.len() as u64))
        .in_full(case, items);
    draft.marks.has_other_sum = found.is_ambiguous;
    draft.marks.is_chance = found.accidents > u64::from(limits.sum_accidents);
    drafts.push(draft);
}

/// Searches the sums of two to `most` items, fewest first; stops at the second one or at the end of the steps.
pub(super) fn find(case: &Case<'_>, items: &[Open], wanted: i64, most: usize) -> Found {
    let mut found = Found::default();
    if items.len() > 500 || items.is_empty() {
        return found;
    }
    let mut amounts: Vec<(i64, ItemNo)> = items.iter().map(|open| (open.amount, open.item)).collect();
    amounts.sort_by_key(|(amount, item)| (std::cmp::Reverse(*amount), case.book.ledger.rank[*item as usize]));
    let mut search = Search {
        amounts: &amounts,
        steps: case.book.options.limits.sum_steps,
        chosen: Vec::new(),
        found: Vec::new(),
    };
    for count in 1..=most.min(items.len()) {
        search.go(0, count, wanted);
        if search.found.len() > 1 || search.steps == 0 {
            break;
        }
    }
    let is_unfinished = search.steps == 0;
    let taken = case.book.options.limits.sum_steps - search.steps;
    case.reading.work.add(items.len() + taken as usize);
    let mut sums = search.found.into_iter();
    let Some(first) = sums.next() else { return found };
    let plain: Vec<i64> = amounts.iter().map(|(amount, _)| *amount).collect();
    found.is_ambiguous = sums.next().is_some() || is_unfinished;
    found.accidents = sum::accidental_hits(&plain, first.len());
    found.cost = -log2(sum::combinations(items.len(), first.len()));
    found.first = Some(first);
    found
}

struct Search<'s> {
    amounts: &'s [(i64, ItemNo)],
    steps: u32,
    chosen: Vec<ItemNo>,
    found: Vec<Vec<ItemNo>>,
}

impl Search<'_> {
    /// Amounts fall; when `left` of the largest are too little, or of the smallest too much, nothing further fits.
    fn go(&mut self, from: usize, left: usize, wanted: i64) {
        if left == 0 {
            if wanted == 0 {
                self.found.push(self.chosen.clone());
            }
            return;
        }
        for at in from..self.amounts.len() {
            if self.steps == 0 || self.found.len() > 1 || self.amounts.len() - at < left {
                return;
            }
            self.steps -= 1;
            let (amount, item) = self.amounts[at];
            let most = i128::from(amount) * left as i128;
            if most < i128::from(wanted) {
                return;
            }
            let smallest = self.amounts[self.amounts.len() - 1].0;
            let least = i128::from(amount) + i128::from(smallest) * (left as i128 - 1);
            if least > i128::from(wanted) {
                continue;
            }
            self.chosen.push(item);
            self.go(at + 1, left - 1, wanted - amount);
            self.chosen.pop();
        }
    }
}
