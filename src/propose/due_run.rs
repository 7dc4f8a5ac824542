//! All that was due up to a day, or all that is open: for payers who are known and write no numbers.

use super::draft::{Case, Detail, Draft};
use crate::evidence::{amount, sum};
use crate::index::ItemNo;
use crate::model::matching::AmountLevel;
use crate::model::{HypothesisKind, Signal};
use crate::text::bits::log2;

/// Adds the hypotheses that all items up to a due date, or all items, are paid.
pub(super) fn propose(case: &Case<'_>, drafts: &mut Vec<Draft>) {
    if !case.is_payer_known() || case.open.len() < 2 {
        return;
    }
    let invoices: Vec<ItemNo> = case
        .open
        .iter()
        .copied()
        .filter(|item| case.item(*item).open_amount > 0)
        .collect();
    run(case, &case.open, drafts);
    if invoices.len() != case.open.len() {
        run(case, &invoices, drafts);
    }
}

fn run(case: &Case<'_>, items: &[ItemNo], drafts: &mut Vec<Draft>) {
    let (mut in_full, mut discounted) = (0_i64, 0_i64);
    let days = borders(case, items);
    for (at, item) in items.iter().enumerate() {
        let open = case.item(*item).open_amount;
        let best = case
            .discounts(*item)
            .iter()
            .filter(|(_, timely)| *timely)
            .map(|(discount, _)| *discount)
            .max();
        in_full += open;
        discounted += open - best.unwrap_or(0);
        let is_border = at + 1 == items.len() || case.item(items[at + 1]).due_date != case.item(*item).due_date;
        if at == 0 || !is_border {
            continue;
        }
        let is_all = at + 1 == case.open.len();
        let kind = if is_all {
            HypothesisKind::WholeBalance
        } else {
            HypothesisKind::DueRun
        };
        if in_full == case.amount() {
            drafts.push(full(case, &items[..=at], kind, days));
        } else if discounted == case.amount()
            && let Some(mut draft) = super::listed::with_discounts(case, &items[..=at], kind)
        {
            mark(case, &mut draft, days, at + 1);
            drafts.push(draft);
        }
    }
}

fn full(case: &Case<'_>, items: &[ItemNo], kind: HypothesisKind, days: usize) -> Draft {
    let weights = &case.book.options.weights;
    let worth = amount::exact_sum(weights, case.book.ledger.open_count);
    let mut draft = Draft::new(kind, case.debtor, AmountLevel::Exact)
        .with(Signal::AmountExact, worth, Detail::Amount(case.amount()))
        .in_full(case, items);
    mark(case, &mut draft, days, items.len());
    draft
}

/// A run is one choice among the days; it hits by accident about as often as a single amount does.
fn mark(case: &Case<'_>, draft: &mut Draft, days: usize, chosen: usize) {
    let weights = &case.book.options.weights;
    let cost = weights.description_run - log2(days as u64);
    draft
        .evidence
        .push((Signal::Description, cost, Detail::Count(chosen as u64)));
    let amounts: Vec<i64> = case.open.iter().map(|item| case.item(*item).open_amount).collect();
    let one = sum::accidental_hits(&amounts, 1).min(1_000_000);
    let hits = if one == u64::MAX {
        0
    } else {
        one * days as u64 / amounts.len().max(1) as u64
    };
    draft.marks.is_chance = hits > u64::from(case.book.options.limits.sum_accidents);
}

fn borders(case: &Case<'_>, items: &[ItemNo]) -> usize {
    let days = items
        .windows(2)
        .filter(|pair| case.item(pair[0]).due_date != case.item(pair[1]).due_date)
        .count();
    days + 1
}
