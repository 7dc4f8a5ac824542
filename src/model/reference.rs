//! What identifies a payment and what it says it pays.

use crate::model::NaiveDate;
use crate::model::money::Amount;
use serde::{Deserialize, Serialize};

/// References of an entry or a transaction (`Refs`). Placeholders are kept as written here; ask [`is_placeholder`].
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct References {
    /// MsgId.
    pub message_id: Option<String>,
    /// AcctSvcrRef: the bank's own reference.
    pub servicer_reference: Option<String>,
    /// PmtInfId.
    pub payment_information_id: Option<String>,
    /// InstrId.
    pub instruction_id: Option<String>,
    /// EndToEndId: the payer's reference.
    pub end_to_end_id: Option<String>,
    /// TxId.
    pub transaction_id: Option<String>,
    /// UETR.
    pub uetr: Option<String>,
    /// MndtId.
    pub mandate_id: Option<String>,
    /// ClrSysRef.
    pub clearing_reference: Option<String>,
    /// ChqNb.
    pub cheque_number: Option<String>,
    /// Prtry: type and reference.
    pub proprietary: Vec<(Option<String>, String)>,
    /// Any other reference element by its name, so that none is dropped.
    pub others: Vec<(String, String)>,
}

/// Returns true for what banks write when there is no reference: NOTPROVIDED, NONREF, `/`, `000000000` and their kin.
pub fn is_placeholder(reference: &str) -> bool {
    let compact: String = reference
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let mut characters = compact.chars();
    let Some(first) = characters.next() else { return true };
    if compact.len() > 1 && characters.all(|c| c == first) {
        return true;
    }
    matches!(
        compact.as_str(),
        "NOTPROVIDED"
            | "NOTAVAILABLE"
            | "NONREF"
            | "NOREF"
            | "NONE"
            | "NA"
            | "KREF"
            | "NOTPROVIDEDNOTPROVIDED"
            | "NULL"
            | "UNKNOWN"
    ) || compact == "0"
}

/// What the payer says that is paid (`RmtInf`).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Remittance {
    /// Unstructured lines (`Ustrd`), in order, as written.
    pub unstructured: Vec<String>,
    /// Creditor references (`Strd/CdtrRefInf/Ref`).
    pub creditor_references: Vec<CreditorReference>,
    /// Documents named with their amounts (`Strd/RfrdDocInf, RfrdDocAmt`).
    pub referred_documents: Vec<ReferredDocument>,
    /// Amounts of a structured block that names no document.
    pub referred_amounts: Vec<ReferredAmount>,
    /// Further structured text (`Strd/AddtlRmtInf`).
    pub additional: Vec<String>,
}

/// One creditor reference.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CreditorReference {
    /// The reference as written.
    pub reference: String,
    /// Its type: SCOR, QRR …
    pub kind: Option<String>,
    /// True when the type is a proprietary one (`Tp/CdOrPrtry/Prtry`).
    pub is_proprietary: bool,
    /// Issuer (`Tp/Issr`).
    pub issuer: Option<String>,
}

/// A document named in structured remittance, with what is said of its amounts.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ReferredDocument {
    /// CINV, CREN, …; proprietary types as written.
    pub kind: Option<String>,
    /// Document number (`Nb`).
    pub number: Option<String>,
    /// Document date (`RltdDt`).
    pub date: Option<NaiveDate>,
    /// Amounts by their element: DuePyblAmt, DscntApldAmt, CdtNoteAmt, RmtdAmt, AdjstmntAmtAndRsn …
    pub amounts: Vec<ReferredAmount>,
}

/// One amount of structured remittance.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReferredAmount {
    /// The element's name: RmtdAmt, DscntApldAmt …
    pub element: String,
    /// The amount, unsigned.
    pub amount: Amount,
    /// CRDT or DBIT where given (adjustments).
    pub side: Option<super::Side>,
    /// Reason where given (adjustments).
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_no_references() {
        for (written, expected) in [
            ("NOTPROVIDED", true),
            ("not provided", true),
            ("/", true),
            ("", true),
            ("000000000", true),
            ("N/A", true),
            ("RE-1001", false),
            ("1", false),
            ("0", true),
            ("12", false),
        ] {
            assert_eq!(is_placeholder(written), expected, "written: {written}");
        }
    }
}
