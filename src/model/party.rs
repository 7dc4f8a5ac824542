//! Who pays, who is paid, and through which accounts and banks.

use serde::{Deserialize, Serialize};

/// A party or an agent of a payment (`PartyIdentification, BranchAndFinancialInstitutionIdentification`).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Party {
    /// Name (`Nm`), as written.
    pub name: Option<String>,
    /// Unstructured address lines (`AdrLine`).
    pub address_lines: Vec<String>,
    /// Structured address parts in the order written [StrtNm, BldgNb, PstCd, TwnNm, Ctry …].
    pub address_parts: Vec<String>,
    /// Identifiers: scheme (code or proprietary, where given) and value.
    pub ids: Vec<(Option<String>, String)>,
    /// BIC of an agent, or of a party identified by one.
    pub bic: Option<String>,
    /// Clearing system member id of an agent (`ClrSysMmbId/MmbId`).
    pub member_id: Option<String>,
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
    pub iban: Option<String>,
    /// Another identification (`Othr/Id`).
    pub other: Option<String>,
    /// Its scheme (`Othr/SchmeNm`).
    pub scheme: Option<String>,
    /// Currency (`Ccy`) as written.
    pub currency: Option<String>,
    /// Name (`Nm`).
    pub name: Option<String>,
}

impl Account {
    /// Returns the number to compare by: IBAN, else the other identification, in capitals without blanks.
    pub fn number(&self) -> Option<String> {
        self.iban.as_deref().or(self.other.as_deref()).map(account_number)
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
