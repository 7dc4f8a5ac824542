//! Why a payment became what it became, complete in itself: no positions, only ids and numbers that people know.

use crate::model::date::serialize_iso_or_none;
use crate::model::evidence::Evidence;
use crate::model::matching::{EvidenceClass, HypothesisKind, Outcome, Probability};
use crate::model::money::{Amount, Currency};
use crate::model::{Label, NaiveDate};
use serde::{Deserialize, Serialize};

/// The outcome of a payment with its candidates, as it is stored, shown and explained.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Explanation {
    /// The outcome.
    pub outcome: Outcome,
    /// Strongest first, at most five, two of what is posted; the first is the match of Posted and Proposed.
    pub candidates: Vec<Candidate>,
    /// Posterior of "none of them".
    pub none: Probability,
}

/// One hypothesis in the words of the export.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Candidate {
    /// How it explains the payment.
    pub kind: HypothesisKind,
    /// Customer; may be empty.
    pub customer_id: Label,
    /// Customer's name; may be empty.
    pub customer_name: Label,
    /// What it settles.
    pub allocations: Vec<CandidateAllocation>,
    /// Cash that no item takes, in minor units of the payment's currency.
    pub on_account: i64,
    /// For and against.
    pub evidence: Vec<Evidence>,
    /// Class of the evidence.
    pub class: EvidenceClass,
    /// Posterior.
    pub probability: Probability,
}

/// What a candidate takes from one item. Minor units of the payment's currency, signed as the item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CandidateAllocation {
    /// item_id.
    pub item_id: Label,
    /// Document number.
    pub document_number: Label,
    /// Due date.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "serialize_iso_or_none"
    )]
    pub due_date: Option<NaiveDate>,
    /// Open amount of the item, in its own currency, when it was looked at.
    pub open: Amount,
    /// Cash.
    pub cash: i64,
    /// Cash discount.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub discount: i64,
    /// Bank charges.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub charges: i64,
    /// Written off.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub write_off: i64,
    /// Reduction of the item in its own currency, minor units.
    pub item_reduction: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_zero(minor: &i64) -> bool {
    *minor == 0
}

impl Candidate {
    /// Returns the sum of the evidence in 1/100 bit.
    pub fn weight(&self) -> i32 {
        self.evidence.iter().map(|evidence| evidence.weight).sum()
    }

    /// Returns payment less what is open of its items, in minor units; `None` across currencies.
    ///
    /// Negative: the payer paid less than is open.
    pub fn difference(&self, payment: i64, currency: Currency) -> Option<i64> {
        let is_one_currency = self
            .allocations
            .iter()
            .all(|allocation| allocation.open.currency == currency);
        let open: i64 = self.allocations.iter().map(|allocation| allocation.open.minor).sum();
        is_one_currency.then(|| payment - open)
    }
}
