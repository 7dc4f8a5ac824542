//! All that was due up to a day, or all that is open: for payers who are known and write no numbers.

use super::draft::{Case, Detail, Draft};
use crate::evidence::{amount, sum};
use crate::index::{ItemNo, Open};
use crate::model::matching::AmountLevel;
use crate::model::{HypothesisKind, Signal};
use crate::text::bits::log2;

/// Runs that are thought of: where invoices and credit notes cancel out again and again, many hit the amount, and none is the one.
const RUNS_MAX: usize = 4;

/// Adds the hypotheses that all items up to a due date, or all items, are paid.
pub(super) fn propose(case: &Case<'_>, drafts: &mut Vec<Draft>) {
    if !case.is_payer_known() || case.open.len() < 2 {
        return;
    }
    if case.open.iter().any(|open| open.amount <= 0) {
        run(case, false, drafts);
    }
    run(case, true, drafts);
}

fn run(case: &Case<'_>, only_invoices: bool, drafts: &mut Vec<Draft>) {
    let (mut in_full, mut discounted) = (0_i64, 0_i64);
    let items = || case.open.iter().filter(|open| !only_invoices || open.amount > 0);
    case.reading.work.add(case.open.len());
    let mut following = items().skip(1);
    let before = drafts.len();
    for (at, open) in items().enumerate() {
        in_full += open.amount;
        discounted += open.amount - case.best_discount(open);
        // Sums of invoices only grow: what is too much already hits nothing further.
        if only_invoices && discounted > case.amount() {
            break;
        }
        let is_border = following.next().is_none_or(|next| next.due_date != open.due_date);
        let is_hit = in_full == case.amount() || discounted == case.amount();
        if at == 0 || !is_border || !is_hit {
            continue;
        }
        if drafts.len() >= before + RUNS_MAX {
            break;
        }
        let is_all = at + 1 == case.open.len();
        let kind = if is_all {
            HypothesisKind::WholeBalance
        } else {
            HypothesisKind::DueRun
        };
        let chosen: Vec<ItemNo> = items().take(at + 1).map(|open| open.item).collect();
        let days = borders(items());
        if in_full == case.amount() {
            drafts.push(full(case, &chosen, kind, days));
        } else if let Some(mut draft) = super::listed::with_discounts(case, &chosen, kind) {
            mark(case, &mut draft, days, chosen.len());
            drafts.push(draft);
        }
    }
}

fn full(case: &Case<'_>, items: &[ItemNo], kind: HypothesisKind, days: usize) -> Draft {
    let worth = amount::exact(case.book.population, 1);
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
    let amounts: Vec<i64> = case.open.iter().map(|open| open.amount).collect();
    let one = sum::accidental_hits(&amounts, 1).min(1_000_000);
    let hits = if one == u64::MAX {
        0
    } else {
        one * days as u64 / amounts.len().max(1) as u64
    };
    draft.marks.is_chance = hits > u64::from(case.book.options.limits.sum_accidents);
}

fn borders<'o>(items: impl Iterator<Item = &'o Open> + Clone) -> usize {
    let pairs = items.clone().zip(items.skip(1));
    pairs.filter(|(one, next)| one.due_date != next.due_date).count() + 1
}
