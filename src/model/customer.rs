//! Who owes: customers as the master data know them.

use crate::model::source::Source;
use serde::{Deserialize, Serialize};

/// One customer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Customer {
    /// customer_id of the ERP.
    pub id: String,
    /// customer_no: the number that the customer knows; may be empty.
    pub number: String,
    /// Names, the legal one first.
    pub names: Vec<CustomerName>,
    /// Accounts: IBANs and other numbers, in capitals without blanks.
    pub accounts: Vec<String>,
    /// Tax or registration number; may be empty.
    pub tax_id: String,
    /// customer_id of the parent; may be empty.
    pub parent_id: String,
    /// Salesperson; may be empty.
    pub salesperson: String,
    /// Country code; may be empty.
    pub country: String,
    /// City; may be empty.
    pub city: String,
    /// Terms of payment in days.
    pub terms_days: Option<u32>,
    /// Where it stands.
    pub source: Source,
}

/// A name of a customer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CustomerName {
    /// As written.
    pub text: String,
    /// What kind of name.
    pub kind: NameKind,
}

/// What kind of name it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum NameKind {
    /// The registered name.
    Legal,
    /// A trading name, an alias of the master data.
    Trading,
    /// Kana reading.
    Kana,
    /// English name.
    English,
    /// Learned from confirmed matches.
    Learned,
}

impl Customer {
    /// Returns the legal name, or an empty text.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", |name| name.text.as_str())
    }
}
