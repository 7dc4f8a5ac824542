//! One item: in full, less discount, less charges, in part, or with something over.

use super::draft::{Case, Detail, Draft};
use crate::evidence::amount;
use crate::index::{ItemNo, Open};
use crate::model::matching::AmountLevel;
use crate::model::{Allocation, HypothesisKind, Signal};
use crate::text::bits::log2;

/// Items of one customer and amount that are thought of besides those that are named: the oldest ones.
const EQUAL_MAX: usize = 32;

/// Adds the hypotheses of one item.
pub(super) fn propose(case: &Case<'_>, drafts: &mut Vec<Draft>) {
    exact(case, drafts);
    for open in case.with_discounted().iter().filter(|open| open.amount > 0) {
        discounted(case, open.item, drafts);
    }
    stated_charges(case, drafts);
    let strong = case.strong();
    match strong.as_slice() {
        [only] => differing(case, *only, drafts),
        [] => {
            let any = case.any_named();
            if let [only] = any.as_slice() {
                differing(case, *only, drafts);
            } else if any.is_empty() && case.is_payer_known() {
                without_number(case, drafts);
            }
        }
        several => {
            for item in several.iter().take(4) {
                differing(case, *item, drafts);
            }
        }
    }
}

/// Items of exactly this amount. Those that no number names and that fall due later are substitutes of the oldest: to pay any of
/// them is one choice, and as likely as all of them.
fn exact(case: &Case<'_>, drafts: &mut Vec<Draft>) {
    let book = case.book;
    let count = book.amounts.count(case.payment.amount.currency, case.amount());
    let weight = amount::exact(book.population, count);
    let (named, mut unnamed): (Vec<Open>, Vec<Open>) =
        case.exact().iter().partition(|open| case.named_of(open.item).is_some());
    unnamed.truncate(EQUAL_MAX);
    let oldest = unnamed.first().map(|open| open.due_date);
    let is_substitute = |open: &Open| oldest.is_some_and(|due| due < open.due_date);
    let substitutes = unnamed.iter().filter(|open| is_substitute(open)).count();
    let any_of_them = weight + log2(substitutes as u64 + 1);
    let named = named.iter().map(|open| (open, weight, false));
    let unnamed = unnamed.iter().map(|open| (open, any_of_them, is_substitute(open)));
    for (open, weight, is_substitute) in named.chain(unnamed) {
        let mut draft = Draft::new(HypothesisKind::Single, case.debtor, AmountLevel::Exact)
            .with(Signal::AmountExact, weight, Detail::Amount(case.amount()))
            .in_full(case, &[open.item]);
        draft.is_substitute = is_substitute;
        drafts.push(draft);
    }
}

fn discounted(case: &Case<'_>, item: ItemNo, drafts: &mut Vec<Draft>) {
    let book = case.book;
    let weights = &book.options.weights;
    let open = case.item(item).open_amount;
    for (discount, is_in_time) in case.discounts(item) {
        if open - discount != case.amount() {
            continue;
        }
        let count = book.amounts.count(case.payment.amount.currency, case.amount()) + 1;
        let weight = amount::exact(book.population, count);
        let (signal, less) = if is_in_time {
            (Signal::AmountDiscount, weights.discount)
        } else {
            (Signal::AmountLateDiscount, weights.late_discount)
        };
        let level = if is_in_time {
            AmountLevel::Terms
        } else {
            AmountLevel::Differs
        };
        let mut draft = Draft::new(HypothesisKind::Discount, case.debtor, level).with(
            signal,
            weight + less,
            Detail::Amount(discount),
        );
        if !is_in_time {
            draft = draft.with(Signal::History, case.habit(), Detail::None);
        }
        draft.marks.is_late_discount = !is_in_time;
        draft.settle(Allocation {
            discount,
            ..Allocation::cash(item, case.amount())
        });
        drafts.push(draft);
    }
}

fn stated_charges(case: &Case<'_>, drafts: &mut Vec<Draft>) {
    let charges = case.payment.charges;
    if charges <= 0 {
        return;
    }
    let book = case.book;
    let weights = &book.options.weights;
    let weight = amount::exact(book.population, 1) + weights.charges_stated;
    for open in case.with_amount(case.amount() + charges) {
        let mut draft = Draft::new(HypothesisKind::Charges, case.debtor, AmountLevel::Terms).with(
            Signal::AmountCharges,
            weight,
            Detail::Amount(charges),
        );
        draft.settle(Allocation {
            charges,
            ..Allocation::cash(open.item, case.amount())
        });
        drafts.push(draft);
    }
}

/// The named item, paid less or more than is open.
fn differing(case: &Case<'_>, item: ItemNo, drafts: &mut Vec<Draft>) {
    let open = case.item(item).open_amount;
    if open <= 0 || open == case.amount() {
        return;
    }
    if case.amount() < open {
        short(case, item, drafts);
        return;
    }
    let weights = &case.book.options.weights;
    let rest = case.amount() - open;
    let mut draft = Draft::new(HypothesisKind::Overpayment, case.debtor, AmountLevel::Differs)
        .with(Signal::AmountOver, weights.over, Detail::Amount(rest))
        .in_full(case, &[item]);
    draft.on_account = rest;
    drafts.push(draft);
}

fn short(case: &Case<'_>, item: ItemNo, drafts: &mut Vec<Draft>) {
    let limits = &case.book.options.limits;
    let weights = &case.book.options.weights;
    let open = case.item(item).open_amount;
    let rest = open - case.amount();
    let is_within = |permille: u32| i128::from(rest) * 1_000 < i128::from(open) * i128::from(permille);
    let is_small = is_within(limits.part_rest_permille);
    if is_within(limits.charges_permille + 1) {
        let mut draft = Draft::new(HypothesisKind::Charges, case.debtor, AmountLevel::Differs).with(
            Signal::AmountCharges,
            weights.charges_unstated,
            Detail::Amount(rest),
        );
        draft = draft.with(Signal::History, case.habit(), Detail::None);
        draft.marks.has_unstated_charges = true;
        draft.settle(Allocation {
            charges: rest,
            ..Allocation::cash(item, case.amount())
        });
        drafts.push(draft);
    }
    let weight = if is_small {
        weights.slightly_short
    } else {
        weights.short
    };
    let mut draft = Draft::new(HypothesisKind::PartPayment, case.debtor, AmountLevel::Differs).with(
        Signal::AmountShort,
        weight,
        Detail::Amount(rest),
    );
    draft.marks.is_small_rest = is_small;
    draft.settle(Allocation::cash(item, case.amount()));
    drafts.push(draft);
}

/// The payer is known, no number helps: the two nearest items are worth a look by a person.
fn without_number(case: &Case<'_>, drafts: &mut Vec<Draft>) {
    case.reading.work.add(case.open.len());
    let rank = |open: &Open| case.book.ledger.rank[open.item as usize];
    let mut nearest: Vec<(i64, u32, Open)> = Vec::with_capacity(3);
    let mut count = 0;
    for open in case.open.iter().filter(|open| open.amount > 0) {
        count += 1;
        let distance = (open.amount - case.amount()).abs();
        let is_far = nearest
            .last()
            .is_some_and(|last| nearest.len() == 2 && last.0 < distance);
        if distance != 0 && !is_far {
            nearest.push((distance, rank(open), *open));
            nearest.sort_unstable_by_key(|(distance, rank, _)| (*distance, *rank));
            nearest.truncate(2);
        }
    }
    for (distance, _, open) in nearest {
        if distance.saturating_mul(20) <= open.amount || count == 1 {
            differing(case, open.item, drafts);
        }
    }
}

/// The customer pays, and no item explains what: on account, as a last resort.
pub(super) fn on_account(case: &Case<'_>, drafts: &mut Vec<Draft>) {
    if !case.is_payer_known() {
        return;
    }
    let mut draft = Draft::new(HypothesisKind::OnAccount, case.debtor, AmountLevel::Differs).with(
        Signal::Description,
        case.book.options.weights.on_account,
        Detail::None,
    );
    draft.on_account = case.amount();
    drafts.push(draft);
}
