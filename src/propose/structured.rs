//! Structured remittance: the payer says which document gets how much. The strongest evidence there is, if it adds up.

use super::Book;
use super::draft::{Detail, Draft};
use super::reading::Reading;
use crate::evidence::reference;
use crate::index::{Field, Form, ItemNo};
use crate::model::matching::{AmountLevel, ReferenceLevel};
use crate::model::reference::ReferredDocument;
use crate::model::{Allocation, HypothesisKind, Payment, Signal};

/// Adds the hypothesis that the structured documents are paid as they say.
pub(super) fn propose(book: &Book<'_>, payment: &Payment, reading: &Reading<'_>, drafts: &mut Vec<Draft>) {
    let documents: Vec<&ReferredDocument> = payment
        .remittance
        .referred_documents
        .iter()
        .filter(|document| document.number.is_some())
        .collect();
    if documents.is_empty() || documents.len() > 2_000 {
        return;
    }
    let mut allocations: Vec<Allocation> = Vec::new();
    let mut is_terms = false;
    for document in &documents {
        let Some(item) = item_of(book, payment, document) else {
            return;
        };
        if allocations.iter().any(|known| known.item == item) {
            return;
        }
        let Some(part) = part(book, payment, item, document, documents.len()) else {
            return;
        };
        is_terms |= part.discount != 0;
        allocations.push(part);
    }
    let sum: i64 = allocations.iter().map(|part| part.cash).sum();
    let Some(first) = allocations.first() else { return };
    if sum != payment.amount.minor {
        return;
    }
    let debtor = book.ledger.debtor_of(first.item);
    let level = if is_terms {
        AmountLevel::Terms
    } else {
        AmountLevel::Exact
    };
    let weights = &book.options.weights;
    let worth = weights.amount_sum;
    let mut draft = Draft::new(HypothesisKind::Structured, debtor, level).with(
        Signal::AmountExact,
        worth,
        Detail::Amount(payment.amount.minor),
    );
    draft.marks.is_joint = allocations
        .iter()
        .any(|part| book.ledger.debtor_of(part.item) != debtor);
    draft.allocations = allocations;
    draft.class.reference = ReferenceLevel::Structured;
    let key = &book.ledger.keys[draft.allocations[0].item as usize];
    let number = reference::number(weights, Signal::StructuredDocument, key, reading.numbers, 1);
    let draft = draft.with(
        Signal::StructuredDocument,
        number,
        Detail::Count(documents.len() as u64),
    );
    drafts.push(draft);
}

/// All items that the document's number may name, whatever is open of them.
pub(super) fn items_of(book: &Book<'_>, document: &ReferredDocument) -> Vec<ItemNo> {
    let key = crate::text::reference::key(document.number.as_deref().unwrap_or(""));
    let bare = book.numbers.find(key.trim_start_matches('0'));
    let all = book.numbers.find(&key).chain(bare);
    all.filter(|entry| entry.field == Field::Document)
        .map(|entry| entry.item)
        .collect()
}

/// The one open item that the document's number names.
fn item_of(book: &Book<'_>, payment: &Payment, document: &ReferredDocument) -> Option<ItemNo> {
    let key = crate::text::reference::key(document.number.as_deref().unwrap_or(""));
    let find = |key: &str, form: Form| -> Option<ItemNo> {
        let mut found = book.numbers.find(key).filter(|entry| {
            entry.field == Field::Document
                && entry.form == form
                && book
                    .ledger
                    .is_payable(entry.item, &payment.company, payment.amount.currency)
        });
        let first = found.next()?;
        found.next().is_none().then_some(first.item)
    };
    find(&key, Form::Full).or_else(|| find(key.trim_start_matches('0'), Form::Digits))
}

/// What the document gets: RmtdAmt (negative for a credit note), with the discount that was applied.
fn part(
    book: &Book<'_>,
    payment: &Payment,
    item: ItemNo,
    document: &ReferredDocument,
    count: usize,
) -> Option<Allocation> {
    let currency = payment.amount.currency;
    let of = |element: &str| -> Option<i64> {
        let mut sum = None;
        for amount in document.amounts.iter().filter(|amount| amount.element == element) {
            if amount.amount.currency != currency {
                return None;
            }
            sum = Some(sum.unwrap_or(0) + amount.amount.minor);
        }
        sum
    };
    let open = book.ledger.item(item).open_amount;
    let remitted = match of("RmtdAmt").or_else(|| of("CdtNoteAmt").filter(|_| open < 0)) {
        Some(amount) => amount,
        None if count == 1 && document.amounts.is_empty() => payment.amount.minor,
        None => return None,
    };
    let discount = of("DscntApldAmt").unwrap_or(0);
    let (cash, discount) = if open < 0 {
        (-remitted.abs(), 0)
    } else {
        (remitted, discount)
    };
    let reduction = cash + discount;
    let fits = reduction != 0 && (open > 0) == (reduction > 0) && reduction.abs() <= open.abs();
    fits.then_some(Allocation {
        discount,
        ..Allocation::cash(item, cash)
    })
}
