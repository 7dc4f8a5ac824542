//! Several items that the text names: with discounts, with credit notes, with the end of the list cut off, or of several customers.

use super::draft::{Case, Detail, Draft};
use super::payer::Payer;
use super::reading::Reading;
use super::{Book, subset};
use crate::evidence::amount;
use crate::index::{DebtorNo, ItemNo, Open};
use crate::model::matching::AmountLevel;
use crate::model::{Allocation, HypothesisKind, Payment, Signal};

/// Items among which the rest of a list that was cut off is searched.
const OTHERS_MAX: usize = 200;

/// Steps of the search for who took which discount.
const CHOICES_MAX: u32 = 20_000;

/// Adds the hypotheses of items that one customer's text names.
pub(super) fn propose(case: &Case<'_>, drafts: &mut Vec<Draft>) {
    let strong = case.strong();
    let any = case.any_named();
    if strong.len() >= 2 {
        whole_list(case, &strong, drafts);
    }
    if any.len() >= 2 && any.len() != strong.len() {
        whole_list(case, &any, drafts);
    }
    for named in [&strong, &any] {
        if !named.is_empty() && (named.len() == strong.len() || strong.is_empty()) {
            with_credit_notes(case, named, drafts);
        }
    }
    if !strong.is_empty() {
        longer_list(case, &strong, drafts);
        instalments(case, &strong, drafts);
    }
}

/// The list adds up as it stands, or with cash discounts.
fn whole_list(case: &Case<'_>, items: &[ItemNo], drafts: &mut Vec<Draft>) {
    let total: i64 = items.iter().map(|item| case.item(*item).open_amount).sum();
    let weights = &case.book.options.weights;
    let sum = weights.amount_sum;
    if total == case.amount() {
        drafts.push(
            Draft::new(HypothesisKind::Listed, case.debtor, AmountLevel::Exact)
                .with(Signal::AmountExact, sum, Detail::Amount(case.amount()))
                .in_full(case, items),
        );
        return;
    }
    if total > case.amount() && total - case.amount() == case.payment.charges {
        charged_list(case, items, drafts);
    }
    if let Some(draft) = with_discounts(case, items, HypothesisKind::Listed) {
        drafts.push(draft);
    } else if total < case.amount() && total > 0 {
        let mut draft = Draft::new(HypothesisKind::Overpayment, case.debtor, AmountLevel::Differs)
            .with(Signal::AmountOver, weights.over, Detail::Amount(case.amount() - total))
            .in_full(case, items);
        draft.on_account = case.amount() - total;
        drafts.push(draft);
    } else if total > case.amount() {
        oldest_first(case, items, drafts);
    }
}

/// Charges that the bank states, taken off the last item of the list.
fn charged_list(case: &Case<'_>, items: &[ItemNo], drafts: &mut Vec<Draft>) {
    let charges = case.payment.charges;
    let weights = &case.book.options.weights;
    let mut draft = Draft::new(HypothesisKind::Charges, case.debtor, AmountLevel::Terms)
        .with(
            Signal::AmountCharges,
            weights.amount_sum + weights.charges_stated,
            Detail::Amount(charges),
        )
        .in_full(case, items);
    let Some(last) = draft.allocations.iter_mut().rev().find(|part| part.cash > charges) else {
        return;
    };
    last.cash -= charges;
    last.charges = charges;
    drafts.push(draft);
}

/// Returns the settlement of all items where some take a discount, if exactly one choice adds up.
pub(super) fn with_discounts(case: &Case<'_>, items: &[ItemNo], kind: HypothesisKind) -> Option<Draft> {
    let total: i64 = items.iter().map(|item| case.item(*item).open_amount).sum();
    let wanted = total - case.amount();
    if wanted <= 0 {
        return None;
    }
    let all: Vec<Vec<(i64, bool)>> = items.iter().map(|item| case.discounts(*item)).collect();
    if all.iter().all(Vec::is_empty) {
        return None;
    }
    let timely: Vec<Vec<i64>> = all.iter().map(|list| timely(list, true)).collect();
    let (chosen, is_late) = match choose(&timely, wanted) {
        Some(chosen) => (chosen, false),
        None => {
            let any: Vec<Vec<i64>> = all.iter().map(|list| self::timely(list, false)).collect();
            (choose(&any, wanted)?, true)
        }
    };
    let weights = &case.book.options.weights;
    let sum = match kind {
        HypothesisKind::DueRun | HypothesisKind::WholeBalance => amount::exact(case.book.population, 1),
        _ => weights.amount_sum,
    };
    let (signal, less, level) = if is_late {
        (Signal::AmountLateDiscount, weights.late_discount, AmountLevel::Differs)
    } else {
        (Signal::AmountDiscount, weights.discount, AmountLevel::Terms)
    };
    let mut draft = Draft::new(kind, case.debtor, level).with(signal, sum + less, Detail::Amount(wanted));
    draft.marks.is_late_discount = is_late;
    for (item, discount) in items.iter().zip(chosen) {
        draft.allocations.push(Allocation {
            discount,
            ..Allocation::cash(*item, case.item(*item).open_amount - discount)
        });
    }
    Some(draft)
}

fn timely(list: &[(i64, bool)], only_timely: bool) -> Vec<i64> {
    list.iter()
        .filter(|(_, is_in_time)| *is_in_time || !only_timely)
        .map(|(discount, _)| *discount)
        .collect()
}

/// Returns for each item its discount or nothing, so that they add up; `None` when no choice or several do.
fn choose(options: &[Vec<i64>], wanted: i64) -> Option<Vec<i64>> {
    // What everybody granted is what people mean: all discounts taken.
    let all: Vec<i64> = options.iter().map(|list| list.first().copied().unwrap_or(0)).collect();
    if all.iter().sum::<i64>() == wanted {
        return Some(all);
    }
    let mut rest = vec![0_i64; options.len() + 1];
    for at in (0..options.len()).rev() {
        rest[at] = rest[at + 1] + options[at].iter().copied().max().unwrap_or(0).max(0);
    }
    let mut search = Choice {
        options,
        rest: &rest,
        steps: CHOICES_MAX,
        chosen: Vec::new(),
        found: Vec::new(),
    };
    search.go(0, wanted);
    if search.found.len() == 1 && search.steps > 0 {
        search.found.pop()
    } else {
        None
    }
}

struct Choice<'c> {
    options: &'c [Vec<i64>],
    rest: &'c [i64],
    steps: u32,
    chosen: Vec<i64>,
    found: Vec<Vec<i64>>,
}

impl Choice<'_> {
    fn go(&mut self, at: usize, wanted: i64) {
        if self.steps == 0 || self.found.len() > 1 {
            return;
        }
        self.steps -= 1;
        if at == self.options.len() {
            if wanted == 0 {
                self.found.push(self.chosen.clone());
            }
            return;
        }
        if wanted > self.rest[at] {
            return;
        }
        for discount in self.options[at].iter().copied().chain([0]) {
            self.chosen.push(discount);
            self.go(at + 1, wanted - discount);
            self.chosen.pop();
        }
    }
}

/// More is named than paid: the oldest first, the last one in part. For a person to look at.
fn oldest_first(case: &Case<'_>, items: &[ItemNo], drafts: &mut Vec<Draft>) {
    let mut left = case.amount();
    let mut draft = Draft::new(HypothesisKind::PartPayment, case.debtor, AmountLevel::Differs);
    for open in case.open.iter().filter(|open| items.contains(&open.item)) {
        if open.amount <= 0 || left == 0 {
            continue;
        }
        let cash = open.amount.min(left);
        left -= cash;
        draft.allocations.push(Allocation::cash(open.item, cash));
    }
    if left == 0 && draft.allocations.len() > 1 {
        let short = items.iter().map(|item| case.item(*item).open_amount).sum::<i64>() - case.amount();
        let weights = &case.book.options.weights;
        drafts.push(draft.with(Signal::AmountShort, weights.slightly_short, Detail::Amount(short)));
    }
}

/// The named invoices less credit notes that nobody names: one, two, or all of them.
fn with_credit_notes(case: &Case<'_>, named: &[ItemNo], drafts: &mut Vec<Draft>) {
    let total: i64 = named.iter().map(|item| case.item(*item).open_amount).sum();
    let wanted = case.amount() - total;
    if wanted >= 0 {
        return;
    }
    let notes: Vec<ItemNo> = case
        .open
        .iter()
        .filter(|open| open.amount < 0 && !named.contains(&open.item))
        .map(|open| open.item)
        .take(12)
        .collect();
    let open = |item: &ItemNo| case.item(*item).open_amount;
    let mut found: Vec<Vec<ItemNo>> = Vec::new();
    for (at, first) in notes.iter().enumerate() {
        if open(first) == wanted {
            found.push(vec![*first]);
        }
        for second in &notes[at + 1..] {
            if open(first) + open(second) == wanted {
                found.push(vec![*first, *second]);
            }
        }
    }
    if notes.len() > 2 && notes.iter().map(open).sum::<i64>() == wanted {
        found.push(notes.clone());
    }
    let weights = &case.book.options.weights;
    let is_one = found.len() == 1;
    for chosen in found.into_iter().take(3) {
        let items: Vec<ItemNo> = named.iter().chain(&chosen).copied().collect();
        let cost = weights.description_credit_note * chosen.len() as i32;
        let sum = weights.amount_sum;
        let mut draft = Draft::new(HypothesisKind::Listed, case.debtor, AmountLevel::Exact)
            .with(Signal::AmountExact, sum, Detail::Amount(case.amount()))
            .with(Signal::Description, cost, Detail::Count(chosen.len() as u64))
            .in_full(case, &items);
        draft.marks.has_other_sum = !is_one;
        drafts.push(draft);
    }
}

/// The text was cut, or only the first numbers are given: the rest is all that was due, or the only small sum that fits.
fn longer_list(case: &Case<'_>, named: &[ItemNo], drafts: &mut Vec<Draft>) {
    let total: i64 = named.iter().map(|item| case.item(*item).open_amount).sum();
    let wanted = case.amount() - total;
    if wanted <= 0 || case.open.len() > OTHERS_MAX + named.len() {
        return;
    }
    let others: Vec<Open> = case
        .open
        .iter()
        .copied()
        .filter(|open| !named.contains(&open.item))
        .collect();
    if others.is_empty() || others.len() > OTHERS_MAX {
        return;
    }
    let weights = &case.book.options.weights;
    let sum = weights.amount_sum;
    let mut enter = |rest: &[ItemNo], cost: i32, is_chance: bool, has_other: bool| {
        let items: Vec<ItemNo> = named.iter().chain(rest).copied().collect();
        let mut draft = Draft::new(HypothesisKind::Listed, case.debtor, AmountLevel::Exact)
            .with(Signal::AmountExact, sum, Detail::Amount(case.amount()))
            .with(Signal::Description, cost, Detail::Count(rest.len() as u64))
            .in_full(case, &items);
        draft.marks.is_chance = is_chance;
        draft.marks.has_other_sum = has_other;
        drafts.push(draft);
    };
    let mut reached = 0;
    for (count, open) in others.iter().enumerate() {
        reached += open.amount;
        let is_border = others.get(count + 1).is_none_or(|next| next.due_date != open.due_date);
        if reached == wanted && is_border && count > 0 {
            let rest: Vec<ItemNo> = others[..=count].iter().map(|open| open.item).collect();
            enter(&rest, weights.description_run, false, false);
            return;
        }
    }
    let found = subset::find(case, &others, wanted, 3);
    if let Some(chosen) = &found.first {
        let is_chance = found.accidents > u64::from(case.book.options.limits.sum_accidents);
        enter(chosen, found.cost, is_chance, found.is_ambiguous);
    }
}

/// One of several named items is paid in part beside others in full: only as (number, amount) pairs say it.
fn instalments(case: &Case<'_>, named: &[ItemNo], drafts: &mut Vec<Draft>) {
    let pairs = pairs(case, named);
    if pairs.len() != named.len() || pairs.is_empty() {
        return;
    }
    let sum: i64 = pairs.iter().map(|(_, amount)| *amount).sum();
    let fits = pairs.iter().all(|(item, amount)| {
        let open = case.item(*item).open_amount;
        (*amount).abs() <= open.abs() && (open > 0) == (*amount > 0)
    });
    if sum != case.amount() || !fits || pairs.len() < 2 {
        return;
    }
    let weights = &case.book.options.weights;
    let worth = weights.amount_sum + weights.pairs;
    let mut draft = Draft::new(HypothesisKind::Listed, case.debtor, AmountLevel::Exact).with(
        Signal::PairsInText,
        worth,
        Detail::Count(pairs.len() as u64),
    );
    draft.allocations = pairs
        .iter()
        .map(|(item, amount)| Allocation::cash(*item, *amount))
        .collect();
    drafts.push(draft);
}

/// The amount that follows each number before the next number.
fn pairs(case: &Case<'_>, named: &[ItemNo]) -> Vec<(ItemNo, i64)> {
    let decimals = case.payment.amount.currency.decimals();
    let mut pairs = Vec::new();
    for item in named {
        let Some(number) = case.named_of(*item) else { continue };
        let next = case
            .named
            .iter()
            .filter(|other| other.text == number.text && other.start >= number.end)
            .map(|other| other.start)
            .min()
            .unwrap_or(usize::MAX);
        let amount = case
            .reading
            .tokens
            .iter()
            .filter(|(text, token)| *text == number.text && token.start >= number.end && token.start < next)
            .find_map(|(_, token)| token.amount.and_then(|amount| amount.minor(decimals)));
        if let Some(amount) = amount {
            pairs.push((*item, amount));
        }
    }
    pairs
}

/// Adds the hypothesis that all named items, of several customers, are paid at once.
pub(super) fn joint(book: &Book<'_>, payment: &Payment, reading: &Reading<'_>, payer: &Payer, drafts: &mut Vec<Draft>) {
    let items: Vec<ItemNo> = reading
        .named
        .iter()
        .filter(|named| {
            named.is_strong()
                && book
                    .ledger
                    .is_payable(named.item, &payment.company, payment.amount.currency)
        })
        .map(|named| named.item)
        .collect();
    let mut debtors: Vec<DebtorNo> = items.iter().map(|item| book.ledger.debtor_of(*item)).collect();
    let first = debtors.first().copied();
    debtors.sort_unstable();
    debtors.dedup();
    if debtors.len() < 2 {
        return;
    }
    let Some(first) = first else { return };
    let payer_of = payer
        .known
        .iter()
        .map(|known| known.debtor)
        .find(|debtor| debtors.contains(debtor));
    let case = Case::new(book, payment, reading, payer, payer_of.unwrap_or(first)).of_several(
        items.iter().map(|item| book.ledger.open(*item)).collect(),
        reading.named.iter().filter(|named| named.is_open).copied().collect(),
    );
    let total: i64 = items.iter().map(|item| case.item(*item).open_amount).sum();
    let draft = if total == case.amount() {
        let sum = book.options.weights.amount_sum;
        Some(
            Draft::new(HypothesisKind::Listed, case.debtor, AmountLevel::Exact)
                .with(Signal::AmountExact, sum, Detail::Amount(case.amount()))
                .in_full(&case, &items),
        )
    } else {
        with_discounts(&case, &items, HypothesisKind::Listed)
    };
    if let Some(mut draft) = draft {
        draft.marks.is_joint = true;
        drafts.push(draft);
    }
}
