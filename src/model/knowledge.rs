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

impl Knowledge {
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
