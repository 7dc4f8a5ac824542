//! What of a likely payer's items a person would look at first, when nothing explains the payment.
//!
//! Leads are no hypotheses: they have no posterior, compete for no item, and are never posted. They are shown behind what is.

use super::draft::{Detail, Draft};
use super::payer::{Known, Payer};
use super::reading::Reading;
use super::{Book, Proposal, Ranked, foreign, weigh};
use crate::evidence::amount;
use crate::index::{DebtorNo, ItemNo, Open, is_of_company};
use crate::model::matching::{AmountLevel, PayerLevel};
use crate::model::{Allocation, Hypothesis, HypothesisKind, Payment, Signal};
use std::cmp::Ordering;

/// A payment that something explains with this posterior needs no leads, in millionths.
const EXPLAINED_FROM: u32 = 500_000;

/// Customers whose items are shown; where more may have paid, none is likely.
const LIKELY_MAX: usize = 3;

/// Customers that much lighter than the likeliest one are not likely, in 1/100 bit.
const LIKELY_WITHIN: i32 = 200;

/// Items of one customer by amount.
const NEAREST: usize = 4;

/// Items that the oldest-first lead settles at most.
const OLDEST_MAX: usize = 8;

/// Items of a whole account at most.
const WHOLE_MAX: usize = 100;

/// Items of one customer in other currencies.
const FOREIGN_MAX: usize = 2;

/// Leads of one payment.
const LEADS_MAX: usize = 5;

/// Returns the leads of a payment, best first: of each of the `likely` customers in turn the whole account if it fits, the nearest amount, the
/// oldest items, and the next amounts; none where something explains the payment.
pub(super) fn propose(
    book: &Book<'_>,
    payment: &Payment,
    reading: &Reading<'_>,
    payer: &Payer,
    likely: &[DebtorNo],
    proposal: &Proposal,
) -> Vec<Hypothesis> {
    let is_explained = |best: &Ranked| best.probability.0 >= EXPLAINED_FROM && !best.hypothesis.allocations.is_empty();
    if proposal.candidates.first().is_some_and(is_explained) {
        return Vec::new();
    }
    let of_each: Vec<Vec<Draft>> = likely
        .iter()
        .map(|debtor| of_debtor(book, payment, reading, *debtor))
        .collect();
    let longest = of_each.iter().map(Vec::len).max().unwrap_or(0);
    let in_turn = (0..longest).flat_map(|place| of_each.iter().filter_map(move |drafts| drafts.get(place)));
    let mut shown: Vec<Vec<ItemNo>> = proposal
        .candidates
        .iter()
        .map(|known| items(&known.hypothesis.allocations))
        .collect();
    let mut leads: Vec<Draft> = Vec::new();
    for draft in in_turn {
        let settled = items(&draft.allocations);
        if leads.len() < LEADS_MAX && !shown.contains(&settled) {
            shown.push(settled);
            leads.push(draft.clone());
        }
    }
    weigh::unranked(book, payment, reading, payer, leads)
}

/// Returns the customers that may have paid by account, name or number. Where the bank names no payer, and hardly anybody owes anything:
/// those few.
pub(super) fn likely(book: &Book<'_>, payer: &Payer) -> Vec<DebtorNo> {
    let known: Vec<&Known> = payer
        .known
        .iter()
        .filter(|known| known.level <= PayerLevel::NameAlike)
        .collect();
    let best = known.iter().map(|known| known.weight).max().unwrap_or(0);
    let debtors = book.ledger.debtors.len();
    if known.is_empty() && !payer.is_given && debtors <= LIKELY_MAX {
        return (0..debtors as DebtorNo).collect();
    }
    let near = known.into_iter().filter(|known| best - known.weight <= LIKELY_WITHIN);
    let likely: Vec<DebtorNo> = near.map(|known| known.debtor).collect();
    if likely.len() > LIKELY_MAX { Vec::new() } else { likely }
}

fn of_debtor(book: &Book<'_>, payment: &Payment, reading: &Reading<'_>, debtor: DebtorNo) -> Vec<Draft> {
    let most = book.options.limits.items_per_customer as usize;
    let open = book.ledger.open_of(debtor, most, |owner, currency| {
        currency == payment.amount.currency && is_of_company(owner, &payment.company)
    });
    let mut drafts: Vec<Draft> = nearest(&open, payment.amount.minor)
        .into_iter()
        .map(|open| one(book, payment, debtor, &open))
        .collect();
    if let Some(oldest) = oldest_first(book, payment, debtor, &open) {
        drafts.insert(drafts.len().min(1), oldest);
    }
    if let Some(whole) = whole_balance(book, payment, debtor, &open) {
        drafts.insert(0, whole);
    }
    let foreign = book.ledger.open_of(debtor, most, |owner, currency| {
        currency != payment.amount.currency && is_of_company(owner, &payment.company)
    });
    reading.work.add(open.len() + foreign.len());
    let invoices = foreign.iter().filter(|open| open.amount > 0).take(FOREIGN_MAX);
    drafts.extend(invoices.map(|open| foreign::unexplained(book, payment, debtor, open.item)));
    drafts
}

/// The items whose amounts are nearest, of equally near ones those due first.
fn nearest(open: &[Open], paid: i64) -> Vec<Open> {
    let mut nearest: Vec<(i64, usize)> = Vec::with_capacity(NEAREST + 1);
    let invoices = open.iter().enumerate().filter(|(_, open)| open.amount > 0);
    for (place, open) in invoices {
        let distance = (open.amount - paid).abs();
        let is_near = nearest.len() < NEAREST || nearest.last().is_some_and(|last| distance < last.0);
        if is_near {
            nearest.push((distance, place));
            nearest.sort_unstable();
            nearest.truncate(NEAREST);
        }
    }
    nearest.into_iter().map(|(_, place)| open[place]).collect()
}

/// One item in part, or in full with the rest on account.
fn one(book: &Book<'_>, payment: &Payment, debtor: DebtorNo, open: &Open) -> Draft {
    let weights = &book.options.weights;
    let paid = payment.amount.minor;
    let rest = (paid - open.amount).abs();
    let (kind, signal, weight) = match paid.cmp(&open.amount) {
        Ordering::Less => (HypothesisKind::PartPayment, Signal::AmountShort, weights.short),
        Ordering::Greater => (HypothesisKind::Overpayment, Signal::AmountOver, weights.over),
        Ordering::Equal => return in_full(book, payment, HypothesisKind::Single, debtor, &[*open]),
    };
    let mut draft = Draft::new(kind, debtor, AmountLevel::Differs).with(signal, weight, Detail::Amount(rest));
    draft
        .allocations
        .push(Allocation::cash(open.item, paid.min(open.amount)));
    draft.on_account = (paid - open.amount).max(0);
    draft
}

fn in_full(book: &Book<'_>, payment: &Payment, kind: HypothesisKind, debtor: DebtorNo, items: &[Open]) -> Draft {
    let worth = amount::exact(book.population, 1);
    let mut draft = Draft::new(kind, debtor, AmountLevel::Exact).with(
        Signal::AmountExact,
        worth,
        Detail::Amount(payment.amount.minor),
    );
    draft.allocations = items
        .iter()
        .map(|open| Allocation::cash(open.item, open.amount))
        .collect();
    draft
}

/// All that is open, credit notes too, if it is what was paid.
fn whole_balance(book: &Book<'_>, payment: &Payment, debtor: DebtorNo, open: &[Open]) -> Option<Draft> {
    let sum: i64 = open.iter().map(|open| open.amount).sum();
    let is_whole = sum == payment.amount.minor && (2..=WHOLE_MAX).contains(&open.len());
    is_whole.then(|| in_full(book, payment, HypothesisKind::WholeBalance, debtor, open))
}

/// What is due first, until the cash is used up: the last item in part, or what is over on account.
fn oldest_first(book: &Book<'_>, payment: &Payment, debtor: DebtorNo, open: &[Open]) -> Option<Draft> {
    let mut left = payment.amount.minor;
    let mut taken: Vec<Open> = Vec::new();
    let mut invoices = open.iter().filter(|open| open.amount > 0);
    while left > 0 && taken.len() <= OLDEST_MAX {
        let Some(next) = invoices.next() else { break };
        taken.push(Open {
            amount: next.amount.min(left),
            ..*next
        });
        left -= next.amount.min(left);
    }
    let last = taken.last()?;
    if taken.len() > OLDEST_MAX {
        return None;
    }
    let rest = book.ledger.item(last.item).open_amount - last.amount;
    if left == 0 && rest == 0 {
        let is_one = taken.len() == 1;
        let kind = if is_one {
            HypothesisKind::Single
        } else {
            HypothesisKind::DueRun
        };
        return Some(in_full(book, payment, kind, debtor, &taken));
    }
    let weights = &book.options.weights;
    let (kind, signal, weight, difference) = if left > 0 {
        (HypothesisKind::Overpayment, Signal::AmountOver, weights.over, left)
    } else {
        (HypothesisKind::PartPayment, Signal::AmountShort, weights.short, rest)
    };
    let mut draft = Draft::new(kind, debtor, AmountLevel::Differs).with(signal, weight, Detail::Amount(difference));
    draft.allocations = taken
        .iter()
        .map(|open| Allocation::cash(open.item, open.amount))
        .collect();
    draft.on_account = left;
    Some(draft)
}

fn items(allocations: &[Allocation]) -> Vec<ItemNo> {
    let mut items: Vec<ItemNo> = allocations.iter().map(|part| part.item).collect();
    items.sort_unstable();
    items
}
