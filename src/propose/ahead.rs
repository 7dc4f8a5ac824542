//! Looks at what the next stage will look at, for all payments that go through it together.
//!
//! What a night holds lies far from the processor, each item and customer somewhere else. A processor waits for many places at once
//! where none depends on another; a stage that thinks about one payment after the other makes it wait for nearly each of them. Here
//! they are looked at side by side, and are at hand when their turn comes. Nothing is learned from it: without it, all results are
//! the same.

use super::Book;
use super::payer::Payer;
use super::reading::{Reading, is_number};
use crate::index::{DebtorNo, ItemNo};
use crate::model::Payment;
use std::hint::black_box;

/// Open items of one customer that are looked at: most have fewer.
const OPEN: usize = 24;

/// The items that the numbers of the texts stand for.
pub(super) fn items(book: &Book<'_>, readings: &[Reading<'_>]) {
    let tokens = readings.iter().flat_map(|reading| &reading.tokens);
    let numbers = tokens.filter(|(_, token)| is_number(token));
    let items: Vec<ItemNo> = numbers
        .filter_map(|(_, token)| book.numbers.find(&token.key).next())
        .map(|entry| entry.item)
        .collect();
    let ledger = &book.ledger;
    look(items.iter().map(|item| {
        let record = ledger.item(*item);
        let texts = [
            &record.document_number,
            &record.customer_name,
            &record.company,
            &record.salesperson,
        ];
        let lengths: usize = texts.iter().map(|text| text.len()).sum();
        let places = ledger.debtor_of(*item) ^ ledger.rank[*item as usize];
        record.open_amount as u64 ^ u64::from(places) ^ (lengths + ledger.keys[*item as usize].len()) as u64
    }));
}

/// The customers that may pay, their items, and who has the amount open.
pub(super) fn cases(book: &Book<'_>, payments: &[&Payment], readings: &[Reading<'_>], payers: &[Payer]) {
    let named = readings.iter().flat_map(|reading| &reading.named);
    let named = named.map(|named| book.ledger.debtor_of(named.item));
    let known = payers.iter().flat_map(|payer| &payer.known);
    let debtors: Vec<DebtorNo> = named.chain(known.map(|known| known.debtor)).collect();
    let debtors = || debtors.iter().map(|debtor| book.ledger.debtor(*debtor));
    look(debtors().map(|debtor| debtor.open.len() as u64));
    let open = debtors().flat_map(|debtor| debtor.open.iter().take(OPEN));
    look(open.map(|open| open.amount as u64));
    let amounts = payments.iter().map(|payment| payment.amount);
    look(amounts.map(|amount| {
        let open = book.amounts.with_amount(amount.currency, amount.minor);
        let discounted = book.amounts.with_discounted(amount.currency, amount.minor);
        let first = [
            open.and_then(|mut items| items.next()),
            discounted.and_then(|mut items| items.next()),
        ];
        first.iter().flatten().map(|(item, _)| u64::from(*item)).sum()
    }));
}

/// Takes in what is seen, so that the compiler does not leave the looking out.
fn look(seen: impl Iterator<Item = u64>) {
    black_box(seen.fold(0, u64::wrapping_add));
}
