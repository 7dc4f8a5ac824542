//! Why a payment became what it became, complete in itself: no positions, only ids and numbers that people know.

use crate::model::date::iso;
use crate::model::evidence::Evidence;
use crate::model::matching::{EvidenceClass, HypothesisKind, Outcome, Probability};
use crate::model::money::{Amount, Currency};
use crate::model::{Label, NaiveDate};
use serde::{Deserialize, Serialize, Serializer};

/// The outcome of a payment with its candidates, as it is stored, shown and explained.
///
/// Recorded without names of fields, as all in it: a night records two hundred thousand candidates. New fields come last and have
/// a default; what was once recorded with names is read as well.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Explanation {
    /// The outcome.
    pub outcome: Outcome,
    /// Strongest first, at most five, two of what is posted; the first is the match of Posted and Proposed.
    pub candidates: Vec<Candidate>,
    /// Posterior of "none of them".
    pub none: Probability,
}

/// One hypothesis in the words of the export.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
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
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct CandidateAllocation {
    /// item_id.
    pub item_id: Label,
    /// Document number.
    pub document_number: Label,
    /// Due date.
    #[serde(default)]
    pub due_date: Option<NaiveDate>,
    /// Open amount of the item, in its own currency, when it was looked at.
    pub open: Amount,
    /// Cash.
    pub cash: i64,
    /// Cash discount.
    #[serde(default)]
    pub discount: i64,
    /// Bank charges.
    #[serde(default)]
    pub charges: i64,
    /// Written off.
    #[serde(default)]
    pub write_off: i64,
    /// Reduction of the item in its own currency, minor units.
    pub item_reduction: i64,
}

impl Serialize for Explanation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Named one by one here and below, so that a field that is added cannot be forgotten.
        let Explanation {
            outcome,
            candidates,
            none,
        } = self;
        (outcome, candidates, none).serialize(serializer)
    }
}

impl Serialize for Candidate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Candidate {
            kind,
            customer_id,
            customer_name,
            allocations,
            on_account,
            evidence,
            class,
            probability,
        } = self;
        let fields = (
            kind,
            customer_id,
            customer_name,
            allocations,
            on_account,
            evidence,
            class,
            probability,
        );
        fields.serialize(serializer)
    }
}

impl Serialize for CandidateAllocation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let CandidateAllocation {
            item_id,
            document_number,
            due_date,
            open,
            cash,
            discount,
            charges,
            write_off,
            item_reduction,
        } = self;
        let due_date = due_date.map(iso);
        let fields = (
            item_id,
            document_number,
            due_date,
            open,
            cash,
            discount,
            charges,
            write_off,
            item_reduction,
        );
        fields.serialize(serializer)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explanation_is_read_as_it_is_recorded_and_as_it_once_was() {
        let named = r#"{"outcome":{"Proposed":"LowConfidence"},"none":7,"candidates":[{
            "kind":"Discount","customer_id":"C1","customer_name":"Nordwind","on_account":5,"probability":999000,
            "evidence":[["Prior",-1200],["NumberExact",2166,"RE-1"]],
            "class":{"payer":"Account","reference":"Number","amount":"Terms","kind":"Discount"},
            "allocations":[
                {"item_id":"1","document_number":"RE-1","due_date":"2026-03-02","open":{"minor":100,"currency":"EUR"},
                 "cash":98,"discount":2,"item_reduction":100},
                {"item_id":"2","document_number":"GS-2","open":{"minor":-9,"currency":"EUR"},"cash":-9,"item_reduction":-9}]}]}"#;
        let recorded = r#"[{"Proposed":"LowConfidence"},[["Discount","C1","Nordwind",[["1","RE-1","2026-03-02",{"minor":100,"currency":"EUR"},98,2,0,0,100],["2","GS-2",null,{"minor":-9,"currency":"EUR"},-9,0,0,0,-9]],5,[["Prior",-1200],["NumberExact",2166,"RE-1"]],{"payer":"Account","reference":"Number","amount":"Terms","kind":"Discount"},999000]],7]"#;
        let once: Explanation = serde_json::from_str(named).expect("with names");
        assert_eq!(serde_json::to_string(&once).expect("JSON"), recorded);
        assert_eq!(
            serde_json::from_str::<Explanation>(recorded).expect("as recorded"),
            once
        );
        let (first, second) = (&once.candidates[0].allocations[0], &once.candidates[0].allocations[1]);
        assert_eq!((first.discount, first.charges, first.item_reduction), (2, 0, 100));
        assert_eq!((second.discount, second.due_date, second.cash), (0, None, -9));
    }
}
