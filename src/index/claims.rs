//! Claims of salespeople by amount: whom they say a receipt is from.

use super::ledger::{DebtorNo, Ledger};
use crate::model::claim::Claim;
use crate::model::{Currency, Knowledge, Payment};
use crate::text::reference;
use rustc_hash::FxHashMap;

/// A claim of a known customer.
#[derive(Clone, Debug)]
struct Claimed {
    claim: Claim,
    debtor: DebtorNo,
    /// Its document numbers in the form that is compared.
    documents: Vec<reference::Key>,
}

/// All claims of known customers.
#[derive(Debug, Default)]
pub struct Claims(FxHashMap<(Currency, i64), Vec<Claimed>>);

/// What claims say of a payment and a customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    /// Nobody claims it.
    Nothing,
    /// It is claimed for this customer, and for nobody else.
    This,
    /// It is claimed for this customer, with documents.
    Documents,
    /// It is claimed for this customer, and for another one.
    Both,
    /// It is claimed for this other customer only.
    Other(DebtorNo),
}

impl Claims {
    /// Returns the claims whose customer is a debtor.
    pub fn new(ledger: &Ledger<'_>, knowledge: &Knowledge) -> Claims {
        let mut claims = Claims::default();
        if knowledge.claims.is_empty() {
            return claims;
        }
        let ids = ledger.debtors.iter().enumerate();
        let numbers: FxHashMap<&str, DebtorNo> = ids.map(|(at, debtor)| (debtor.id, at as DebtorNo)).collect();
        for claim in &knowledge.claims {
            let Some(debtor) = claim.customer_id.as_deref().and_then(|id| numbers.get(id)) else {
                continue;
            };
            let key = (claim.amount.currency, claim.amount.minor);
            claims.0.entry(key).or_default().push(Claimed {
                claim: claim.clone(),
                debtor: *debtor,
                documents: claim.references.iter().map(|text| reference::key(text)).collect(),
            });
        }
        claims
    }

    fn of<'c>(&'c self, payment: &Payment) -> impl Iterator<Item = &'c Claimed> {
        let (amount, booked_on) = (payment.amount, payment.booking_date);
        let all = self.0.get(&(amount.currency, amount.minor)).into_iter().flatten();
        all.filter(move |claimed| claimed.claim.fits(amount, booked_on))
    }

    /// Returns the customers that a payment is claimed for, in the order of the claims.
    pub fn debtors(&self, payment: &Payment) -> impl Iterator<Item = DebtorNo> {
        self.of(payment).map(|claimed| claimed.debtor)
    }

    /// Returns what the claims say of a payment, a customer and the document numbers that would be settled.
    pub fn say<'d>(&self, payment: &Payment, debtor: DebtorNo, settled: impl Iterator<Item = &'d str>) -> Said {
        if self.0.is_empty() {
            return Said::Nothing;
        }
        let other = self.of(payment).find(|claimed| claimed.debtor != debtor);
        let mut own = self.of(payment).filter(|claimed| claimed.debtor == debtor).peekable();
        match (own.peek(), other) {
            (None, None) => return Said::Nothing,
            (None, Some(other)) => return Said::Other(other.debtor),
            (Some(_), Some(_)) => return Said::Both,
            (Some(_), None) => {}
        }
        let mut settled: Vec<reference::Key> = settled.map(reference::key).collect();
        settled.sort();
        let is_named = |claimed: &Claimed| {
            let mut documents = claimed.documents.clone();
            documents.sort();
            !documents.is_empty() && documents == settled
        };
        if own.any(is_named) { Said::Documents } else { Said::This }
    }
}
