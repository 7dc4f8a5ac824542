//! Items in another currency than the payment.
//!
//! Cash is what the bank booked. The item is reduced by what the payer ordered in the item's currency; nothing is recomputed.

use super::Book;
use super::draft::{Case, Detail, Draft};
use crate::index::{DebtorNo, ItemNo, is_of_company};
use crate::model::matching::AmountLevel;
use crate::model::{Allocation, HypothesisKind, Payment, Signal};

/// Adds the hypotheses of one item, or all named items, in another currency.
pub(super) fn propose(case: &Case<'_>, drafts: &mut Vec<Draft>) {
    let payment = case.payment;
    let most = case.book.options.limits.items_per_customer as usize;
    let foreign = case.book.ledger.open_of(case.debtor, most, |owner, currency| {
        currency != payment.amount.currency && is_of_company(owner, &payment.company)
    });
    case.reading.work.add(foreign.len() * (1 + case.named.len()));
    let weights = &case.book.options.weights;
    let mut is_instructed = false;
    for open in foreign.iter() {
        let (item, record) = (open.item, case.item(open.item));
        let is_named = case.named_of(item).is_some();
        let fits = case
            .payment
            .instructed_amount
            .is_some_and(|amount| amount.currency == record.currency && amount.minor == record.open_amount);
        if fits && record.open_amount > 0 {
            is_instructed = true;
            let draft = Draft::new(HypothesisKind::Single, case.debtor, AmountLevel::Exact).with(
                Signal::AmountInstructed,
                weights.instructed,
                Detail::Instructed,
            );
            drafts.push(converted(case.book, payment, draft, item));
        } else if is_named && record.open_amount > 0 && !is_instructed {
            drafts.push(unexplained(case.book, payment, case.debtor, item));
        }
    }
}

/// Nothing says what was ordered in the item's currency.
pub(super) fn unexplained(book: &Book<'_>, payment: &Payment, debtor: DebtorNo, item: ItemNo) -> Draft {
    let mut draft = Draft::new(HypothesisKind::Single, debtor, AmountLevel::Differs).with(
        Signal::CurrencyDiffers,
        book.options.weights.short,
        Detail::None,
    );
    draft.marks.is_converted = true;
    converted(book, payment, draft, item)
}

/// The item in full, against all the cash that was booked.
fn converted(book: &Book<'_>, payment: &Payment, mut draft: Draft, item: ItemNo) -> Draft {
    draft.settle(Allocation {
        item_reduction: Some(book.ledger.item(item).open_amount),
        ..Allocation::cash(item, payment.amount.minor)
    });
    draft
}
