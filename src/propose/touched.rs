//! What must be thought over when less is open of some items: only payments that looked at them.

use super::payer::Payer;
use super::reading::Reading;
use super::{Book, Proposal};
use crate::index::{DebtorNo, ItemNo};
use crate::model::{Currency, Payment};
use rustc_hash::FxHashSet;

/// An item of which less is open now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Changed {
    /// The item.
    pub item: ItemNo,
    /// What was open before, in minor units.
    pub before: i64,
}

/// Customers and amounts that changed items touch.
#[derive(Debug, Default)]
pub struct Touched {
    debtors: FxHashSet<DebtorNo>,
    amounts: FxHashSet<(Currency, i64)>,
}

impl Touched {
    /// Returns what these items touch, as they were and as the book has them now.
    pub fn new(book: &Book<'_>, changed: &[Changed]) -> Touched {
        let mut touched = Touched::default();
        for Changed { item, before } in changed {
            touched.debtors.insert(book.ledger.debtor_of(*item));
            let now = book.ledger.item(*item);
            for open in [now.open_amount, *before] {
                touched.amounts.insert((now.currency, open));
                for terms in &now.cash_discounts {
                    let discounted = open - now.discount_when_open(terms, open);
                    touched.amounts.insert((now.currency, discounted));
                }
            }
        }
        touched
    }

    /// Returns true when the payment must be thought over: the same proposal would come out otherwise.
    pub fn concerns(&self, payment: &Payment, proposal: &Proposal) -> bool {
        self.amounts.contains(&(payment.amount.currency, payment.amount.minor))
            || proposal.looked_at.iter().any(|debtor| self.debtors.contains(debtor))
    }
}

/// The customers whose items a proposal depends on: those looked at, and all that the payment names or that may pay.
pub(super) fn looked_at(
    book: &Book<'_>,
    payment: &Payment,
    reading: &Reading<'_>,
    payer: &Payer,
    mut debtors: Vec<DebtorNo>,
) -> Box<[DebtorNo]> {
    debtors.extend(reading.named.iter().map(|named| book.ledger.debtor_of(named.item)));
    debtors.extend(payer.known.iter().map(|known| known.debtor));
    debtors.extend(&reading.customers);
    for document in &payment.remittance.referred_documents {
        let items = super::structured::items_of(book, document);
        debtors.extend(items.into_iter().map(|item| book.ledger.debtor_of(item)));
    }
    debtors.sort_unstable();
    debtors.dedup();
    debtors.into()
}
