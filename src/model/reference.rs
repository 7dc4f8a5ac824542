//! What identifies a payment and what it says it pays.

use crate::model::money::Amount;
use crate::model::{Label, NaiveDate};
use serde::{Deserialize, Serialize};

/// References of an entry or a transaction (`Refs`). Placeholders are kept as written here; ask [`is_placeholder`].
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct References {
    /// MsgId.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<Label>,
    /// AcctSvcrRef: the bank's own reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub servicer_reference: Option<Label>,
    /// PmtInfId.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_information_id: Option<Label>,
    /// InstrId.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction_id: Option<Label>,
    /// EndToEndId: the payer's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_to_end_id: Option<Label>,
    /// TxId.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<Label>,
    /// UETR.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uetr: Option<Label>,
    /// MndtId.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate_id: Option<Label>,
    /// ClrSysRef.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clearing_reference: Option<Label>,
    /// ChqNb.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cheque_number: Option<Label>,
    /// Prtry: type and reference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proprietary: Vec<(Option<Label>, Label)>,
    /// Any other reference element by its name, so that none is dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<(Label, Label)>,
}

/// No placeholder has more letters, unless it repeats one.
const PLACEHOLDER_MAX: usize = 22;

/// Returns true for what banks write when there is no reference: NOTPROVIDED, NONREF, `/`, `000000000` and their kin.
pub fn is_placeholder(reference: &str) -> bool {
    let significant = || {
        reference
            .chars()
            .filter(|c| c.is_alphanumeric())
            .map(|c| c.to_ascii_uppercase())
    };
    let mut following = significant();
    let Some(first) = following.next() else { return true };
    let (mut count, mut is_repeated, mut has_digit) = (1, true, first.is_ascii_digit());
    for c in following {
        count += 1;
        is_repeated &= c == first;
        has_digit |= c.is_ascii_digit();
        // All words of the list begin with one of these.
        if !is_repeated && (has_digit || count > PLACEHOLDER_MAX || !matches!(first, 'K' | 'N' | 'U')) {
            return false;
        }
    }
    if is_repeated {
        return count > 1 || first == '0';
    }
    let compact: String = significant().collect();
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
    )
}

/// What the payer says that is paid (`RmtInf`).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Remittance {
    /// Unstructured lines (`Ustrd`), in order, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unstructured: Vec<String>,
    /// Creditor references (`Strd/CdtrRefInf/Ref`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub creditor_references: Vec<CreditorReference>,
    /// Documents named with their amounts (`Strd/RfrdDocInf, RfrdDocAmt`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub referred_documents: Vec<ReferredDocument>,
    /// Amounts of a structured block that names no document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub referred_amounts: Vec<ReferredAmount>,
    /// Further structured text (`Strd/AddtlRmtInf`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional: Vec<String>,
}

/// One creditor reference.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CreditorReference {
    /// The reference as written.
    pub reference: Label,
    /// Its type: SCOR, QRR …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Label>,
    /// True when the type is a proprietary one (`Tp/CdOrPrtry/Prtry`).
    pub is_proprietary: bool,
    /// Issuer (`Tp/Issr`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Label>,
}

/// A document named in structured remittance, with what is said of its amounts.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ReferredDocument {
    /// CINV, CREN, …; proprietary types as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Label>,
    /// Document number (`Nb`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Label>,
    /// Document date (`RltdDt`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// Amounts by their element: DuePyblAmt, DscntApldAmt, CdtNoteAmt, RmtdAmt, AdjstmntAmtAndRsn …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<super::Side>,
    /// Reason where given (adjustments).
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
