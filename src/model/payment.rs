//! The unit of matching: one transaction of a booked entry, or an entry that is not split.

use crate::model::Label;
use crate::model::NaiveDate;
use crate::model::date::iso;
use crate::model::decision::{Amended, Amendment};
use crate::model::matching::{Reason, SetAsideRule};
use crate::model::money::Amount;
use crate::model::reference::{References, Remittance};
use crate::model::source::Source;
use serde::ser::SerializeTuple;
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// Names a payment for ever: made from bank facts, never from a file name or a row number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PaymentId(pub String);

impl fmt::Display for PaymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A payment as the matcher sees it. Signed by its own side: money in is positive.
///
/// Recorded without names of its fields: a night records a hundred thousand. New fields come last and have a default; what was once
/// recorded with names is read as well.
#[derive(Clone, Debug, Deserialize)]
pub struct Payment {
    /// Identity, stable over formats and deliveries.
    pub id: PaymentId,
    /// Our account: IBAN or number, in capitals without blanks.
    pub account: Label,
    /// The company that the account belongs to; empty where there is one.
    pub company: Label,
    /// The day to book: as written, else the fall-backs of the reader.
    pub booking_date: NaiveDate,
    /// Value date, where written.
    #[serde(default)]
    pub value_date: Option<NaiveDate>,
    /// Signed cash in the account's currency.
    pub amount: Amount,
    /// What the payer ordered in another currency, unsigned, where written.
    #[serde(default)]
    pub instructed_amount: Option<Amount>,
    /// Charges that the bank kept from this payment, unsigned, in the account's currency.
    pub charges: i64,
    /// The reference that people find it by: detail's servicer reference, else the entry's, else NtryRef, else the CSV's own.
    pub bank_ref: Label,
    /// Who may be the payer, strongest first; never our own name.
    #[serde(default)]
    pub payer_names: Vec<PayerName>,
    /// The account that paid, in capitals without blanks.
    #[serde(default)]
    pub payer_account: Option<Label>,
    /// References; placeholders removed.
    pub references: References,
    /// What the payer says that is paid.
    pub remittance: Remittance,
    /// Further texts of the bank and of the detail.
    #[serde(default)]
    pub additional_texts: Vec<String>,
    /// Bank transaction code: `PMNT/RCDT/ESCT`, else the proprietary one, else empty.
    pub bank_code: Label,
    /// Reason of a return, where it is one.
    #[serde(default)]
    pub return_reason: Option<String>,
    /// Number of payments that the bank lumped together, where details are missing.
    #[serde(default)]
    pub batch_count: Option<u64>,
    /// What the details that were notified of a batch add up to, in signed minor units, where that is not its amount.
    #[serde(default)]
    pub notified: Option<i64>,
    /// What a person corrected before it was matched again; the remittance is the corrected one then.
    #[serde(default)]
    pub correction: Option<Correction>,
    /// Customers whose payment it is, as a person said.
    #[serde(default)]
    pub decided_customers: Vec<String>,
    /// Whether it is to be matched at all.
    pub standing: Standing,
    /// Where it was read first.
    pub source: Source,
}

/// The text that a person corrected.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Correction {
    /// Who corrected it.
    pub decided_by: String,
    /// What the bank delivered.
    pub original: String,
}

/// A name that may be the payer's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PayerName {
    /// Where it stands.
    pub role: PayerRole,
    /// As written.
    pub text: Label,
}

/// Where a payer's name stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum PayerRole {
    /// Dbtr of a credit, Cdtr of a debit.
    Counterparty,
    /// UltmtDbtr: for whom it is paid.
    Ultimate,
    /// InitgPty.
    Initiator,
    /// A name of the account itself (`DbtrAcct/Nm`).
    AccountName,
}

/// Whether a payment is to be matched.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Standing {
    /// Booked money in: to be matched.
    Receipt,
    /// Not a receipt, by a named rule.
    SetAside(SetAsideRule),
    /// Booked, and only a person can say what it is.
    Held(Reason),
}

impl Serialize for Payment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Named one by one, so that a field that is added cannot be forgotten here.
        let Payment {
            id,
            account,
            company,
            booking_date,
            value_date,
            amount,
            instructed_amount,
            charges,
            bank_ref,
            payer_names,
            payer_account,
            references,
            remittance,
            additional_texts,
            bank_code,
            return_reason,
            batch_count,
            notified,
            correction,
            decided_customers,
            standing,
            source,
        } = self;
        let mut fields = serializer.serialize_tuple(22)?;
        fields.serialize_element(id)?;
        fields.serialize_element(account)?;
        fields.serialize_element(company)?;
        fields.serialize_element(&iso(*booking_date))?;
        fields.serialize_element(&value_date.map(iso))?;
        fields.serialize_element(amount)?;
        fields.serialize_element(instructed_amount)?;
        fields.serialize_element(charges)?;
        fields.serialize_element(bank_ref)?;
        fields.serialize_element(payer_names)?;
        fields.serialize_element(payer_account)?;
        fields.serialize_element(references)?;
        fields.serialize_element(remittance)?;
        fields.serialize_element(additional_texts)?;
        fields.serialize_element(bank_code)?;
        fields.serialize_element(return_reason)?;
        fields.serialize_element(batch_count)?;
        fields.serialize_element(notified)?;
        fields.serialize_element(correction)?;
        fields.serialize_element(decided_customers)?;
        fields.serialize_element(standing)?;
        fields.serialize_element(source)?;
        fields.end()
    }
}

impl Payment {
    /// Puts what a person said in the place of what the bank delivered. The bank's own text is kept beside it, once.
    pub fn amend(&mut self, amendment: &Amendment) {
        match &amendment.amended {
            Amended::Customers(customers) => self.decided_customers.clone_from(customers),
            Amended::Text(text) => {
                let original = match self.correction.take() {
                    Some(correction) => correction.original,
                    None => self.remittance_text(),
                };
                self.correction = Some(Correction {
                    decided_by: amendment.decided_by.clone(),
                    original,
                });
                self.additional_texts.clear();
                self.remittance = Remittance {
                    unstructured: vec![text.clone()],
                    ..Remittance::default()
                };
            }
        }
    }

    /// Returns what payments are ordered by in all outputs: account, booking date, bank reference, id.
    pub fn order(&self) -> (&str, NaiveDate, &str, &PaymentId) {
        (&self.account, self.booking_date, &self.bank_ref, &self.id)
    }

    /// Returns the strongest payer name, or an empty text.
    pub fn payer_name(&self) -> &str {
        self.payer_names.first().map_or("", |name| name.text.as_str())
    }

    /// Returns everything the payer wrote, lines joined by a blank.
    pub fn remittance_text(&self) -> String {
        let lines = self.remittance.unstructured.iter().chain(&self.remittance.additional);
        let references = self
            .remittance
            .creditor_references
            .iter()
            .map(|reference| reference.reference.as_str());
        let documents = self
            .remittance
            .referred_documents
            .iter()
            .filter_map(|document| document.number.as_deref());
        let lines = lines.map(String::as_str);
        let all: Vec<&str> = lines.chain(references).chain(documents).collect();
        all.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_is_read_as_it_is_recorded_and_as_it_once_was() {
        let named = r#"{"id":"P1","account":"DE1","company":"","booking_date":"2026-03-02","amount":{"minor":-5,"currency":"JPY"},
            "charges":0,"bank_ref":"B1","payer_names":[{"role":"Ultimate","text":"東京商事"}],"references":{"end_to_end_id":"E1"},
            "remittance":{"unstructured":["RE-1"]},"bank_code":"PMNT/RCDT/ESCT","batch_count":3,"standing":{"Held":"Returned"},
            "source":{"file":"a.xml","at":{"Entry":{"statement":1,"entry":2,"detail":0}}}}"#;
        let once: Payment = serde_json::from_str(named).expect("with names");
        let recorded = serde_json::to_string(&once).expect("JSON");
        let read: Payment = serde_json::from_str(&recorded).expect("as recorded");
        assert_eq!(format!("{read:?}"), format!("{once:?}"));
        assert_eq!(
            (once.payer_name(), once.remittance_text()),
            ("東京商事", "RE-1".to_owned())
        );
        assert_eq!(
            (once.value_date, once.batch_count, once.correction),
            (None, Some(3), None)
        );
        assert!(recorded.starts_with(r#"["P1","DE1","","2026-03-02",null,{"minor":-5,"currency":"JPY"},null,0,"B1","#));
    }
}
