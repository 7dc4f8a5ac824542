//! Returns: money that goes out again because an earlier payment came back. Proposed only when one item is named.

use super::Book;
use super::draft::{Detail, Draft};
use super::reading::Reading;
use crate::index::ItemNo;
use crate::model::matching::AmountLevel;
use crate::model::{Allocation, HypothesisKind, Payment, Signal};

/// Returns the hypothesis that the one item named by a return is open again.
pub(super) fn propose(book: &Book<'_>, payment: &Payment, reading: &Reading<'_>) -> Vec<Draft> {
    let named: Vec<ItemNo> = reading
        .named
        .iter()
        .filter(|named| named.is_strong())
        .map(|named| named.item)
        .collect();
    let mut drafts = Vec::new();
    if let [item] = named.as_slice() {
        let record = book.ledger.item(*item);
        let back = -payment.amount.minor;
        let is_plausible = record.currency == payment.amount.currency && back <= record.original_amount.abs() * 2;
        if is_plausible && record.original_amount > 0 {
            // The item opens again by what was paid; what the bank took beyond that are its fees.
            let reopened = back.min(record.original_amount);
            let mut draft = Draft::new(
                HypothesisKind::Return,
                book.ledger.debtor_of(*item),
                AmountLevel::Differs,
            )
            .with(
                Signal::AmountExact,
                book.options.weights.charges_unstated,
                Detail::Amount(back),
            );
            draft.allocations.push(Allocation {
                charges: back - reopened,
                ..Allocation::cash(*item, -back)
            });
            drafts.push(draft);
        }
    }
    drafts
}
