//! Debtors by the account that pays: of the master data, and confirmed before.

use super::ledger::{DebtorNo, Ledger};
use crate::model::Knowledge;
use crate::model::party::account_number;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// Debtors of one account that are kept: a factoring firm pays for thousands.
const HOLDERS_MAX: usize = 16;

/// A debtor that an account stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AccountHolder {
    /// The debtor.
    pub debtor: DebtorNo,
    /// True when the master data name the account.
    pub is_master: bool,
    /// Confirmed payments from this account for this debtor.
    pub confirmed: u32,
    /// Confirmed payments from this account for anybody.
    pub confirmed_all: u32,
    /// Debtors that the master data name for this account.
    pub masters: u32,
}

/// Payer accounts.
#[derive(Debug, Default)]
pub struct Accounts {
    holders: FxHashMap<Box<str>, Vec<AccountHolder>>,
}

impl Accounts {
    /// Returns the accounts of customers and of what was confirmed; accounts of payment providers are left out.
    pub fn new(ledger: &Ledger<'_>, knowledge: &Knowledge) -> Accounts {
        let mut holders: FxHashMap<Box<str>, Vec<AccountHolder>> = FxHashMap::default();
        for (at, debtor) in ledger.debtors.iter().enumerate() {
            for account in debtor.customer.map_or(&[][..], |customer| &customer.accounts) {
                let key = account_number(account);
                if key.is_empty() || knowledge.shared_accounts.contains(&key) {
                    continue;
                }
                let list = holders.entry(key.into()).or_default();
                if !list.iter().any(|holder| holder.debtor == at as u32) {
                    list.push(AccountHolder {
                        debtor: at as u32,
                        is_master: true,
                        confirmed: 0,
                        confirmed_all: 0,
                        masters: 0,
                    });
                }
            }
        }
        let numbers: FxHashMap<&str, DebtorNo> = ledger
            .debtors
            .iter()
            .enumerate()
            .filter(|(_, debtor)| !debtor.id.is_empty())
            .map(|(at, debtor)| (debtor.id, at as u32))
            .collect();
        for (account, counts) in &knowledge.accounts {
            let key = account_number(account);
            if key.is_empty() || knowledge.shared_accounts.contains(&key) {
                continue;
            }
            confirm(holders.entry(key.into()).or_default(), counts, &numbers);
        }
        for list in holders.values_mut() {
            let masters = list.iter().filter(|holder| holder.is_master).count() as u32;
            list.iter_mut().for_each(|holder| holder.masters = masters);
            let own = |holder: &AccountHolder| (Reverse((holder.is_master, holder.confirmed)), holder.debtor);
            list.sort_unstable_by_key(own);
            list.truncate(HOLDERS_MAX);
            list.sort_unstable_by_key(|holder| holder.debtor);
        }
        Accounts { holders }
    }

    /// Returns the debtors that the account stands for, in stable order; of many, those that it paid for most.
    pub fn of(&self, account: &str) -> &[AccountHolder] {
        self.holders.get(account).map_or(&[], Vec::as_slice)
    }
}

fn confirm(
    list: &mut Vec<AccountHolder>,
    counts: &std::collections::BTreeMap<String, u32>,
    numbers: &FxHashMap<&str, DebtorNo>,
) {
    let all: u32 = counts.values().sum();
    for (customer, count) in counts {
        let Some(debtor) = numbers.get(customer.as_str()) else {
            continue;
        };
        match list.iter_mut().find(|holder| holder.debtor == *debtor) {
            Some(holder) => holder.confirmed = *count,
            None => list.push(AccountHolder {
                debtor: *debtor,
                is_master: false,
                confirmed: *count,
                confirmed_all: 0,
                masters: 0,
            }),
        }
    }
    list.iter_mut().for_each(|holder| holder.confirmed_all = all);
}
