//! What was learned, only from what a person confirmed or the given history says.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

use crate::model::NaiveDate;
use crate::model::claim::Claim;
use crate::model::money::Amount;
use crate::model::source::Source;

/// Counts of confirmed matches. Keys are in the form the reader compares by: account numbers in capitals without blanks.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Knowledge {
    /// Payer account → customer_id → confirmed payments.
    pub accounts: BTreeMap<String, BTreeMap<String, u32>>,
    /// Payer name as written → customer_id → confirmed payments.
    pub aliases: BTreeMap<String, BTreeMap<String, u32>>,
    /// customer_id → what it usually keeps.
    pub deductions: BTreeMap<String, Deductions>,
    /// Payer accounts of payment providers, factors and platforms: never one customer's.
    pub shared_accounts: BTreeSet<String>,
    /// What salespeople claim; not learned, but said for these days.
    pub claims: Vec<Claim>,
}

/// What a customer usually keeps from its payments.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Deductions {
    /// Confirmed payments in full.
    pub in_full: u32,
    /// Confirmed payments with a deduction.
    pub with_deduction: u32,
}

/// One confirmed payment of the past: a row of `history.csv`, or a decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConfirmedPayment {
    /// Day of the payment.
    pub date: NaiveDate,
    /// Payer's name as written; may be empty.
    pub payer_name: String,
    /// Payer's account in capitals without blanks; may be empty.
    pub payer_account: String,
    /// What the payer wrote; may be empty.
    pub remittance: String,
    /// Signed amount.
    pub amount: Amount,
    /// The customer that it was booked for.
    pub customer_id: String,
    /// The documents that it settled.
    pub document_numbers: Vec<String>,
    /// What was deducted, in minor units.
    pub deduction: i64,
    /// Where it stands.
    pub source: Source,
}

/// What an alias or account is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum KnownKind {
    /// A payer's account.
    Account,
    /// A payer's name.
    Name,
}

impl KnownKind {
    /// Returns `account` or `name`.
    pub fn code(self) -> &'static str {
        match self {
            KnownKind::Account => "account",
            KnownKind::Name => "name",
        }
    }
}

/// An account or a name that was confirmed for a customer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Learned {
    /// Account or name.
    pub kind: KnownKind,
    /// As it is compared: see [`Knowledge`].
    pub value: String,
    /// The customer.
    pub customer_id: String,
}

impl Learned {
    /// Returns what a confirmed payment teaches.
    pub fn of(confirmed: &ConfirmedPayment) -> Vec<Learned> {
        let values = [
            (KnownKind::Account, &confirmed.payer_account),
            (KnownKind::Name, &confirmed.payer_name),
        ];
        let taught = values
            .into_iter()
            .filter(|(_, value)| !value.is_empty() && !confirmed.customer_id.is_empty());
        taught
            .map(|(kind, value)| Learned {
                kind,
                value: value.clone(),
                customer_id: confirmed.customer_id.clone(),
            })
            .collect()
    }
}

/// What a person said about an account or a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownChange {
    /// The last run before it was said: what earlier runs learned is meant.
    pub after_run: u64,
    /// What it is about.
    pub learned: Learned,
    /// Revoked; else approved.
    pub is_revoked: bool,
    /// Who, as typed.
    pub changed_by: String,
    /// The day.
    pub changed_on: NaiveDate,
    /// Why.
    pub note: String,
}

/// What a decision taught, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lesson {
    /// The run that carried the decision out.
    pub run: u64,
    /// The payment; empty where the record does not tell.
    pub payment_id: String,
    /// Who decided.
    pub decided_by: String,
    /// What was confirmed.
    pub confirmed: ConfirmedPayment,
}

impl Lesson {
    /// Returns what is left of it once people have revoked accounts and names: what later runs confirmed counts again.
    pub fn less(&self, changes: &[KnownChange]) -> ConfirmedPayment {
        let mut left = self.confirmed.clone();
        let revoked = changes
            .iter()
            .filter(|change| change.is_revoked && self.run <= change.after_run);
        for change in revoked.filter(|change| change.learned.customer_id == self.confirmed.customer_id) {
            let taught = match change.learned.kind {
                KnownKind::Account => &mut left.payer_account,
                KnownKind::Name => &mut left.payer_name,
            };
            if *taught == change.learned.value {
                taught.clear();
            }
        }
        left
    }
}

impl Knowledge {
    /// Counts an account or a name once more.
    pub fn approve(&mut self, learned: &Learned) {
        let known = match learned.kind {
            KnownKind::Account => &mut self.accounts,
            KnownKind::Name => &mut self.aliases,
        };
        let customers = known.entry(learned.value.clone()).or_default();
        *customers.entry(learned.customer_id.clone()).or_default() += 1;
    }

    /// Adds one confirmed payment to the counts.
    pub fn learn(&mut self, confirmed: &ConfirmedPayment) {
        if confirmed.customer_id.is_empty() {
            return;
        }
        let customer = &confirmed.customer_id;
        if !confirmed.payer_account.is_empty() {
            let customers = self.accounts.entry(confirmed.payer_account.clone()).or_default();
            *customers.entry(customer.clone()).or_default() += 1;
        }
        if !confirmed.payer_name.is_empty() {
            let customers = self.aliases.entry(confirmed.payer_name.clone()).or_default();
            *customers.entry(customer.clone()).or_default() += 1;
        }
        let deductions = self.deductions.entry(customer.clone()).or_default();
        if confirmed.deduction == 0 {
            deductions.in_full += 1;
        } else {
            deductions.with_deduction += 1;
        }
    }
}
