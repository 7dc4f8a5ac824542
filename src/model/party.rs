//! Who pays, who is paid, and through which accounts and banks.

use crate::model::Label;
use serde::{Deserialize, Serialize};

/// A party or an agent of a payment (`PartyIdentification, BranchAndFinancialInstitutionIdentification`).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Party {
    /// Name (`Nm`), as written.
    pub name: Option<Label>,
    /// Unstructured address lines (`AdrLine`).
    pub address_lines: Vec<String>,
    /// Structured address parts in the order written [StrtNm, BldgNb, PstCd, TwnNm, Ctry …].
    pub address_parts: Vec<String>,
    /// Identifiers: scheme (code or proprietary, where given) and value.
    pub ids: Vec<(Option<Label>, Label)>,
    /// BIC of an agent, or of a party identified by one.
    pub bic: Option<Label>,
    /// Clearing system member id of an agent (`ClrSysMmbId/MmbId`).
    pub member_id: Option<Label>,
}

impl Party {
    /// Returns true when nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Party::default()
    }
}

/// A cash account (`CashAccount`).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Account {
    /// IBAN, blanks removed.
    pub iban: Option<Label>,
    /// Another identification (`Othr/Id`).
    pub other: Option<Label>,
    /// Its scheme (`Othr/SchmeNm`).
    pub scheme: Option<Label>,
    /// Currency (`Ccy`) as written.
    pub currency: Option<Label>,
    /// Name (`Nm`).
    pub name: Option<Label>,
}

impl Account {
    /// Returns the number to compare by: IBAN, else the other identification, in capitals without blanks.
    pub fn number(&self) -> Option<Label> {
        let written = self.iban.as_ref().or(self.other.as_ref())?;
        let is_plain = written.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'Z'));
        Some(if is_plain {
            written.clone()
        } else {
            account_number(written).into()
        })
    }

    /// Returns true when nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Account::default()
    }
}

/// Returns an account number without blanks, in capitals: the form that is compared and stored.
pub fn account_number(written: &str) -> String {
    let mut number = String::with_capacity(written.len());
    number.extend(written.chars().filter(|c| !c.is_whitespace()));
    number.make_ascii_uppercase();
    number
}

/// The parties of one transaction (`RltdPties, RltdAgts`).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Parties {
    /// Who asked for the payment (`InitgPty`).
    pub initiating_party: Option<Box<Party>>,
    /// Who pays (`Dbtr`).
    pub debtor: Option<Box<Party>>,
    /// Account that pays (`DbtrAcct`).
    pub debtor_account: Option<Box<Account>>,
    /// For whom it is paid (`UltmtDbtr`).
    pub ultimate_debtor: Option<Box<Party>>,
    /// Who is paid (`Cdtr`).
    pub creditor: Option<Box<Party>>,
    /// Account that is paid (`CdtrAcct`).
    pub creditor_account: Option<Box<Account>>,
    /// For whom it is received (`UltmtCdtr`).
    pub ultimate_creditor: Option<Box<Party>>,
    /// Bank that pays (`DbtrAgt`).
    pub debtor_agent: Option<Box<Party>>,
    /// Bank that is paid (`CdtrAgt`).
    pub creditor_agent: Option<Box<Party>>,
}
