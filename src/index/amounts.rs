//! Open items by amount: as they are open, and less the cash discount that they grant.

use super::ledger::{DebtorNo, ItemNo, Ledger};
use crate::model::Currency;
use rustc_hash::FxHashMap;

/// Items of one amount are listed up to this number; beyond it the amount says nothing about who pays.
const LISTED: u32 = 24;

/// Open amounts of the book.
#[derive(Debug, Default)]
pub struct Amounts {
    open: ByAmount,
    discounted: ByAmount,
}

/// Items by amount: those of one amount are linked, in stable order.
#[derive(Debug, Default)]
struct ByAmount {
    found: FxHashMap<(Currency, i64), Found>,
    listed: Vec<Listed>,
}

#[derive(Clone, Copy, Debug)]
struct Found {
    count: u32,
    first: u32,
    last: u32,
    /// The debtor of the first item.
    debtor: DebtorNo,
    /// Items of other debtors, too.
    is_of_several: bool,
}

#[derive(Clone, Copy, Debug)]
struct Listed {
    item: ItemNo,
    debtor: DebtorNo,
    next: u32,
}

const END: u32 = u32::MAX;

impl ByAmount {
    fn with_room(amounts: usize) -> ByAmount {
        ByAmount {
            found: FxHashMap::with_capacity_and_hasher(amounts, rustc_hash::FxBuildHasher),
            listed: Vec::with_capacity(amounts),
        }
    }

    fn enter(&mut self, key: (Currency, i64), item: ItemNo, debtor: DebtorNo) {
        let at = self.listed.len() as u32;
        let found = self.found.entry(key).or_insert(Found {
            count: 0,
            first: at,
            last: at,
            debtor,
            is_of_several: false,
        });
        found.is_of_several |= found.debtor != debtor;
        found.count += 1;
        if found.count > LISTED {
            return;
        }
        if let Some(last) = self.listed.get_mut(found.last as usize) {
            last.next = at;
        }
        found.last = at;
        self.listed.push(Listed {
            item,
            debtor,
            next: END,
        });
    }

    /// Returns the items of an amount with their debtors; `None` when there are more than are listed.
    fn items(&self, key: (Currency, i64)) -> Option<impl Iterator<Item = (ItemNo, DebtorNo)> + '_> {
        let found = self.found.get(&key);
        let mut at = match found {
            Some(found) if found.count > LISTED => return None,
            Some(found) => found.first,
            None => END,
        };
        Some(std::iter::from_fn(move || {
            let listed = self.listed.get(at as usize)?;
            at = listed.next;
            Some((listed.item, listed.debtor))
        }))
    }
}

impl Amounts {
    /// Returns the amounts of the open items.
    pub fn new(ledger: &Ledger<'_>) -> Amounts {
        let mut amounts = Amounts {
            open: ByAmount::with_room(ledger.by_rank.len()),
            discounted: ByAmount::with_room(ledger.discounts()),
        };
        for item in &ledger.by_rank {
            let record = ledger.item(*item);
            if record.is_closed() {
                continue;
            }
            let debtor = ledger.debtor_of(*item);
            amounts.open.enter((record.currency, record.open_amount), *item, debtor);
            for granted in ledger.granted(*item) {
                let key = (record.currency, record.open_amount - granted.discount);
                amounts.discounted.enter(key, *item, debtor);
            }
        }
        amounts
    }

    /// Returns how many open items are open with exactly this amount.
    pub fn count(&self, currency: Currency, amount: i64) -> u32 {
        let found = self.open.found.get(&(currency, amount));
        found.map_or(0, |found| found.count)
    }

    /// Returns true when somebody else than `debtor` has exactly this amount open.
    pub fn is_open_of_others(&self, currency: Currency, amount: i64, debtor: DebtorNo) -> bool {
        let found = self.open.found.get(&(currency, amount));
        found.is_some_and(|found| found.is_of_several || found.debtor != debtor)
    }

    /// Returns the items open with this amount and their debtors, in stable order; `None` when there are more than 24.
    pub fn with_amount(
        &self,
        currency: Currency,
        amount: i64,
    ) -> Option<impl Iterator<Item = (ItemNo, DebtorNo)> + '_> {
        self.open.items((currency, amount))
    }

    /// Returns the items that a payer could settle with this amount after cash discount, an item once for each discount that fits, and
    /// their debtors; `None` when there are more than 24.
    pub fn with_discounted(
        &self,
        currency: Currency,
        amount: i64,
    ) -> Option<impl Iterator<Item = (ItemNo, DebtorNo)> + '_> {
        self.discounted.items((currency, amount))
    }
}
