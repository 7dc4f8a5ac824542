//! What a bank says about an account: statements, balances, entries and their details, as faithfully as it was written.

use crate::model::money::{Amount, Currency};
use crate::model::party::{Account, Parties, Party};
use crate::model::reference::{References, Remittance};
use crate::model::source::Source;
use crate::model::{Finding, Label, NaiveDate};
use serde::{Deserialize, Serialize};

/// Money in or money out, as seen by the account's owner (`CdtDbtInd`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Side {
    /// CRDT: money in.
    Credit,
    /// DBIT: money out.
    Debit,
}

impl Side {
    /// Returns the ISO code: `CRDT` or `DBIT`.
    pub fn code(self) -> &'static str {
        match self {
            Side::Credit => "CRDT",
            Side::Debit => "DBIT",
        }
    }

    /// Returns `minor` with the sign of this side: money in is positive.
    pub fn signed(self, minor: i64) -> i64 {
        match self {
            Side::Credit => minor,
            Side::Debit => -minor,
        }
    }

    /// Returns the side of a signed amount; zero counts as money in.
    pub fn of(signed_minor: i64) -> Side {
        if signed_minor < 0 { Side::Debit } else { Side::Credit }
    }
}

/// What kind of message a statement is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum StatementKind {
    /// camt.053, a bank's CSV, MT940: the record.
    Statement,
    /// camt.052: an intraday report; never posts.
    Report,
    /// camt.054: a notification; only explains batch entries of a statement.
    Notification,
}

impl StatementKind {
    /// Returns the message that holds it: `camt.053`, `camt.052`, `camt.054`.
    pub fn message(self) -> &'static str {
        match self {
            StatementKind::Statement => "camt.053",
            StatementKind::Report => "camt.052",
            StatementKind::Notification => "camt.054",
        }
    }

    /// Returns the element name: `Stmt`, `Rpt`, `Ntfctn`.
    pub fn element(self) -> &'static str {
        match self {
            StatementKind::Statement => "Stmt",
            StatementKind::Report => "Rpt",
            StatementKind::Notification => "Ntfctn",
        }
    }
}

/// One statement of one account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Statement {
    /// Statement, report or notification.
    pub kind: StatementKind,
    /// Id.
    pub id: Option<String>,
    /// ElctrncSeqNb as written.
    pub electronic_sequence: Option<String>,
    /// LglSeqNb as written.
    pub legal_sequence: Option<String>,
    /// StmtPgntn/RptPgntn: page number and whether it is the last.
    pub page: Option<Page>,
    /// CreDtTm as written, else the message's.
    pub created: Option<String>,
    /// FrToDt: first day covered.
    pub from: Option<NaiveDate>,
    /// FrToDt: last day covered.
    pub to: Option<NaiveDate>,
    /// CpyDplctInd: COPY, DUPL, CODU.
    pub copy_indicator: Option<String>,
    /// The account.
    pub account: Account,
    /// Its owner.
    pub owner: Option<Party>,
    /// The bank.
    pub servicer: Option<Party>,
    /// Balances in the order written.
    pub balances: Vec<Balance>,
    /// Entries in the order written.
    pub entries: Vec<Entry>,
    /// Control totals that the bank states [TxsSummry; a CSV's footer].
    pub control: Vec<ControlTotal>,
    /// What the balances and control totals prove.
    pub proof: Proof,
    /// Set when this statement may not be used; its entries are then only shown.
    pub refusal: Option<Finding>,
    /// Where it stands.
    pub source: Source,
}

impl Statement {
    /// Returns the currency of the account: stated, else that of its balances, else of its entries.
    pub fn currency(&self) -> Option<Currency> {
        let stated = self.account.currency.as_deref().and_then(Currency::new);
        stated
            .or_else(|| self.balances.first().map(|balance| balance.amount.currency))
            .or_else(|| self.entries.first().map(|entry| entry.amount.currency))
    }

    /// Returns the first balance of that kind.
    pub fn balance(&self, kind: &BalanceKind) -> Option<&Balance> {
        self.balances.iter().find(|balance| balance.kind == *kind)
    }
}

/// A page of a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Page {
    /// PgNb, from 1.
    pub number: u32,
    /// LastPgInd.
    pub is_last: bool,
}

/// What balances and control totals prove about the entries of a statement.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Proof {
    /// Not looked at yet, or a report or notification, which need none.
    #[default]
    NotChecked,
    /// Opening + booked movements = closing, to the minor unit, or a control total agrees.
    Proved,
    /// No pair of balances and no control total.
    Unproved,
    /// Pages are missing; held until they arrive.
    Incomplete,
    /// The figures do not add up.
    Broken {
        /// What the bank states, in minor units.
        stated: i64,
        /// What the entries add up to, in minor units.
        computed: i64,
    },
}

/// A balance (`Bal`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Balance {
    /// Its kind.
    pub kind: BalanceKind,
    /// Sub-type (`SubTp`), as written.
    pub sub_kind: Option<String>,
    /// The amount, unsigned.
    pub amount: Amount,
    /// The side; a balance without one counts as credit.
    pub side: Option<Side>,
    /// The date.
    pub date: Option<NaiveDate>,
}

impl Balance {
    /// Returns the balance in signed minor units: overdrawn is negative.
    pub fn signed(&self) -> i64 {
        self.side.unwrap_or(Side::Credit).signed(self.amount.minor)
    }
}

/// The kind of a balance (`Bal/Tp`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum BalanceKind {
    /// OPBD.
    Opening,
    /// PRCD: closing of the day before.
    PreviousClosing,
    /// CLBD.
    Closing,
    /// ITBD: interim booked, between pages.
    Interim,
    /// Any other code, as written.
    Other(String),
}

impl BalanceKind {
    /// Returns the kind of a code.
    pub fn from_code(code: &str) -> BalanceKind {
        match code {
            "OPBD" => BalanceKind::Opening,
            "PRCD" => BalanceKind::PreviousClosing,
            "CLBD" => BalanceKind::Closing,
            "ITBD" => BalanceKind::Interim,
            other => BalanceKind::Other(other.to_owned()),
        }
    }

    /// Returns the code.
    pub fn code(&self) -> &str {
        match self {
            BalanceKind::Opening => "OPBD",
            BalanceKind::PreviousClosing => "PRCD",
            BalanceKind::Closing => "CLBD",
            BalanceKind::Interim => "ITBD",
            BalanceKind::Other(code) => code,
        }
    }
}

/// A count or sum that the bank states over the booked entries of a statement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ControlTotal {
    /// Over one side, or over both.
    pub side: Option<Side>,
    /// Number of entries, where stated.
    pub count: Option<u64>,
    /// Sum in minor units without a sign, where stated.
    pub sum: Option<i64>,
    /// Where it stands.
    pub source: Source,
}

/// Whether an entry is in the books (`Sts`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum EntryStatus {
    /// BOOK.
    Booked,
    /// PDNG.
    Pending,
    /// INFO.
    Information,
    /// FUTR or any other code, as written.
    Other(String),
}

impl EntryStatus {
    /// Returns the status of a code.
    pub fn from_code(code: &str) -> EntryStatus {
        match code {
            "BOOK" => EntryStatus::Booked,
            "PDNG" => EntryStatus::Pending,
            "INFO" => EntryStatus::Information,
            other => EntryStatus::Other(other.to_owned()),
        }
    }

    /// Returns the code.
    pub fn code(&self) -> &str {
        match self {
            EntryStatus::Booked => "BOOK",
            EntryStatus::Pending => "PDNG",
            EntryStatus::Information => "INFO",
            EntryStatus::Other(code) => code,
        }
    }
}

/// One line of a statement (`Ntry`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// NtryRef, as written.
    pub reference: Option<Label>,
    /// AcctSvcrRef, as written.
    pub servicer_reference: Option<Label>,
    /// Amount, unsigned.
    pub amount: Amount,
    /// Money in or out; the only thing that decides the sign.
    pub side: Side,
    /// RvslInd.
    pub is_reversal: bool,
    /// Sts; `None` where the bank writes none, which counts as booked.
    pub status: Option<EntryStatus>,
    /// BookgDt, as written.
    pub booking_date: Option<NaiveDate>,
    /// ValDt, as written.
    pub value_date: Option<NaiveDate>,
    /// The booking date to use: as written, else value date, else balance date, else creation date.
    pub effective_date: Option<NaiveDate>,
    /// BkTxCd.
    pub code: BankCode,
    /// Charges of the entry.
    pub charges: Vec<Charge>,
    /// Batches that it sums (`Btch`).
    pub batches: Vec<Batch>,
    /// Amounts beside the booked one (`AmtDtls`).
    pub amounts: AmountDetails,
    /// AddtlNtryInf; the booking text of a CSV.
    pub additional_information: Option<String>,
    /// Transactions inside (`NtryDtls/TxDtls`).
    pub details: Vec<TransactionDetails>,
    /// Where it stands.
    pub source: Source,
}

impl Entry {
    /// Returns true when the entry is in the books: BOOK, or no status at all.
    pub fn is_booked(&self) -> bool {
        matches!(self.status, None | Some(EntryStatus::Booked))
    }

    /// Returns the amount in signed minor units: money in is positive.
    pub fn signed(&self) -> i64 {
        self.side.signed(self.amount.minor)
    }
}

/// The bank's code of a transaction (`BkTxCd`).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct BankCode {
    /// Domain, family and sub-family, joined by `/`: `PMNT/RCDT/ESCT`.
    pub domain: Option<Label>,
    /// Proprietary code.
    pub proprietary: Option<Label>,
    /// Issuer of the proprietary code.
    pub issuer: Option<Label>,
}

/// A charge (`Chrgs`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Charge {
    /// The amount, unsigned.
    pub amount: Amount,
    /// True for the total of several (`TtlChrgsAndTaxAmt`).
    pub is_total: bool,
    /// DBIT: charged to us; CRDT: given back.
    pub side: Option<Side>,
    /// ChrgInclInd: the booked amount already contains it.
    pub is_included: Option<bool>,
    /// Type, as written.
    pub kind: Option<String>,
    /// Bearer: CRED, DEBT, SHAR, SLEV.
    pub bearer: Option<String>,
}

/// A batch that an entry sums (`Btch`).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Batch {
    /// MsgId.
    pub message_id: Option<Label>,
    /// PmtInfId.
    pub payment_information_id: Option<Label>,
    /// NbOfTxs.
    pub count: Option<u64>,
    /// TtlAmt.
    pub total: Option<Amount>,
    /// CdtDbtInd.
    pub side: Option<Side>,
}

/// Amounts beside the booked one (`AmtDtls`).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct AmountDetails {
    /// InstdAmt: what the payer ordered, in the payer's currency.
    pub instructed: Option<Box<ConvertedAmount>>,
    /// TxAmt.
    pub transaction: Option<Box<ConvertedAmount>>,
    /// CntrValAmt.
    pub counter_value: Option<Box<ConvertedAmount>>,
    /// AnncdPstngAmt.
    pub announced_posting: Option<Box<ConvertedAmount>>,
    /// PrtryAmt: type and amount.
    pub proprietary: Vec<(String, ConvertedAmount)>,
}

/// An amount with the rate that it was converted at, never recomputed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConvertedAmount {
    /// The amount, unsigned.
    pub amount: Amount,
    /// SrcCcy as written.
    pub source_currency: Option<String>,
    /// TrgtCcy as written.
    pub target_currency: Option<String>,
    /// UnitCcy as written.
    pub unit_currency: Option<String>,
    /// XchgRate as written.
    pub rate: Option<String>,
    /// QtnDt as written.
    pub quoted: Option<String>,
}

/// Where the amount of a detail was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum AmountOrigin {
    /// TxDtls/Amt.
    Detail,
    /// AmtDtls/TxAmt.
    TransactionAmount,
    /// AmtDtls/InstdAmt.
    InstructedAmount,
}

/// One transaction inside an entry (`TxDtls`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TransactionDetails {
    /// References.
    pub references: References,
    /// The amount where one is written, unsigned.
    pub amount: Option<Amount>,
    /// Where it was found.
    pub amount_origin: Option<AmountOrigin>,
    /// Its own side where written, else the entry's.
    pub side: Side,
    /// Amounts beside the booked one.
    pub amounts: AmountDetails,
    /// Parties, accounts, agents.
    pub parties: Parties,
    /// Remittance information.
    pub remittance: Remittance,
    /// Purpose code or text (`Purp`).
    pub purpose: Option<Label>,
    /// BkTxCd of the detail.
    pub code: BankCode,
    /// Why it came back (`RtrInf`).
    pub return_information: Option<Box<ReturnInformation>>,
    /// Charges of the detail.
    pub charges: Vec<Charge>,
    /// AddtlTxInf.
    pub additional_information: Option<String>,
}

/// Why a payment came back (`RtrInf`).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ReturnInformation {
    /// ISO reason code.
    pub code: Option<String>,
    /// Proprietary reason.
    pub proprietary: Option<String>,
    /// Original bank transaction code.
    pub original_code: Option<String>,
    /// Text.
    pub information: Vec<String>,
}
