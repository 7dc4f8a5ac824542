//! Open items by amount: as they are open, and less the cash discount that they grant.

use super::ledger::{DebtorNo, ItemNo, Ledger};
use crate::model::Currency;
use rustc_hash::FxHashMap;

/// Items of one amount are listed up to this number; beyond it the amount says nothing about who pays.
const LISTED: usize = 24;

/// Open amounts of the book.
#[derive(Debug, Default)]
pub struct Amounts {
    open: FxHashMap<(Currency, i64), Found>,
    discounted: FxHashMap<(Currency, i64), Found>,
}

#[derive(Debug, Default)]
struct Found {
    count: u32,
    items: Vec<ItemNo>,
    /// The debtor of the first item.
    debtor: DebtorNo,
    /// Items of other debtors, too.
    is_of_several: bool,
}

impl Found {
    fn enter(&mut self, item: ItemNo, debtor: DebtorNo) {
        if self.count == 0 {
            self.debtor = debtor;
        }
        self.is_of_several |= self.debtor != debtor;
        self.count += 1;
        if self.items.len() < LISTED {
            self.items.push(item);
        }
    }
}

impl Amounts {
    /// Returns the amounts of the open items.
    pub fn new(ledger: &Ledger<'_>) -> Amounts {
        let mut amounts = Amounts::default();
        for item in &ledger.by_rank {
            let record = ledger.item(*item);
            if record.is_closed() {
                continue;
            }
            let key = (record.currency, record.open_amount);
            amounts
                .open
                .entry(key)
                .or_default()
                .enter(*item, ledger.debtor_of(*item));
            for granted in ledger.granted(*item) {
                let key = (record.currency, record.open_amount - granted.discount);
                amounts
                    .discounted
                    .entry(key)
                    .or_default()
                    .enter(*item, ledger.debtor_of(*item));
            }
        }
        amounts
    }

    /// Returns how many open items are open with exactly this amount.
    pub fn count(&self, currency: Currency, amount: i64) -> u32 {
        self.open.get(&(currency, amount)).map_or(0, |found| found.count)
    }

    /// Returns true when somebody else than `debtor` has exactly this amount open.
    pub fn is_open_of_others(&self, currency: Currency, amount: i64, debtor: DebtorNo) -> bool {
        let found = self.open.get(&(currency, amount));
        found.is_some_and(|found| found.is_of_several || found.debtor != debtor)
    }

    /// Returns the items open with this amount, in stable order; `None` when there are more than 24.
    pub fn with_amount(&self, currency: Currency, amount: i64) -> Option<&[ItemNo]> {
        listed(self.open.get(&(currency, amount)))
    }

    /// Returns the items that a payer could settle with this amount after cash discount; `None` when there are more than 24.
    pub fn with_discounted(&self, currency: Currency, amount: i64) -> Option<&[ItemNo]> {
        listed(self.discounted.get(&(currency, amount)))
    }
}

fn listed(found: Option<&Found>) -> Option<&[ItemNo]> {
    match found {
        None => Some(&[]),
        Some(found) => (found.count as usize == found.items.len()).then_some(&found.items),
    }
}
