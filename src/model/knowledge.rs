//! What was learned, only from what a person confirmed or the given history says.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

use crate::model::NaiveDate;
use crate::model::claim::Claim;
use crate::model::money::Amount;
use crate::model::payment::PaymentId;
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

/// What a lesson says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum LessonKind {
    /// Account and name paid for this customer.
    Confirmed,
    /// The name stands for this customer.
    Alias,
    /// Account and name were taken for this customer, and that was wrong.
    Doubt,
}

/// What a decision teaches, and where it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lesson {
    /// What it says.
    pub kind: LessonKind,
    /// Payer, customer and documents.
    pub confirmed: ConfirmedPayment,
    /// The payment that was decided.
    pub payment_id: PaymentId,
    /// Who decided.
    pub decided_by: String,
    /// Who approved; empty when nobody had to.
    pub approved_by: String,
}

/// Name that stands for "somebody else" in the counts: it makes what was taken back less sure.
const SOMEBODY_ELSE: &str = "";

/// Confirmed payments that a name counts for when a person says whose name it is: two are sure.
const ALIAS_COUNTS: u32 = 2;

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

impl ConfirmedPayment {
    /// Returns what is left of a lesson of a run once people have revoked accounts and names: what later runs confirmed counts again.
    pub fn less(&self, run: u64, changes: &[KnownChange]) -> ConfirmedPayment {
        let mut left = self.clone();
        let revoked = changes
            .iter()
            .filter(|change| change.is_revoked && run <= change.after_run);
        for change in revoked.filter(|change| change.learned.customer_id == self.customer_id) {
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
    /// Adds what a decision teaches.
    pub fn learn_lesson(&mut self, kind: LessonKind, confirmed: &ConfirmedPayment) {
        match kind {
            LessonKind::Confirmed => self.learn(confirmed),
            LessonKind::Alias => self.count(&confirmed.payer_name, "", &confirmed.customer_id, ALIAS_COUNTS),
            LessonKind::Doubt => self.count(&confirmed.payer_name, &confirmed.payer_account, SOMEBODY_ELSE, 1),
        }
    }

    fn count(&mut self, name: &str, account: &str, customer: &str, times: u32) {
        for (key, counts) in [(name, &mut self.aliases), (account, &mut self.accounts)] {
            if !key.is_empty() {
                let customers = counts.entry(key.to_owned()).or_default();
                *customers.entry(customer.to_owned()).or_default() += times;
            }
        }
    }

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
