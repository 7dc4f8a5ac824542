//! Customers by their number.

use super::ledger::{DebtorNo, Ledger};
use super::lengths::Lengths;
use crate::text::reference::{self, Key};
use rustc_hash::FxHashMap;

/// Shorter numbers stand for nobody.
const KEY_MIN: usize = 4;

/// Customer numbers of four characters or more with a digit; one that two customers have stands for neither.
#[derive(Debug, Default)]
pub struct CustomerNumbers {
    debtors: FxHashMap<Key, DebtorNo>,
    lengths: Lengths,
}

impl CustomerNumbers {
    /// Returns the numbers of all debtors.
    pub fn new(ledger: &Ledger<'_>) -> CustomerNumbers {
        let mut numbers = CustomerNumbers::default();
        let mut twice: Vec<Key> = Vec::new();
        for (at, debtor) in ledger.debtors.iter().enumerate() {
            let written = [
                debtor.id,
                debtor.customer.map_or("", |customer| customer.number.as_str()),
            ];
            for text in written {
                let key = reference::key(text);
                if key.len() < KEY_MIN || !key.bytes().any(|byte| byte.is_ascii_digit()) {
                    continue;
                }
                numbers.lengths.enter(&key);
                if numbers
                    .debtors
                    .insert(key.clone(), at as DebtorNo)
                    .is_some_and(|known| known != at as DebtorNo)
                {
                    twice.push(key);
                }
            }
        }
        for key in twice {
            numbers.debtors.remove(&key);
        }
        numbers
    }

    /// Returns the customer of this number.
    pub fn find(&self, key: &str) -> Option<DebtorNo> {
        let is_possible = self.lengths.has(key);
        is_possible.then(|| self.debtors.get(key).copied()).flatten()
    }
}
