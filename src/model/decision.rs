//! What a person decided about a payment.

use crate::model::NaiveDate;
use crate::model::money::Currency;
use crate::model::payment::PaymentId;
use crate::model::source::Source;
use serde::{Deserialize, Serialize};

/// What a person wants done with a payment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Action {
    /// Take the suggestion: the first candidate, or the one in `target`.
    Accept,
    /// Apply to the documents named in `targets`.
    Apply,
    /// Apply as a part payment: the rest of the document stays open.
    Partial,
    /// What the payment is short of the documents is written off.
    WriteOff,
    /// What the payment is short of the documents was kept by banks.
    Charges,
    /// What the payment is short of the documents is granted as cash discount.
    Discount,
    /// The whole payment on account of the customer in `targets`.
    OnAccount,
    /// Not a payment of a receivable; `targets` may name a ledger account.
    NotReceivable,
    /// To be paid back; nothing is settled with it.
    Refund,
    /// The payer's name stands for the customer in `targets`, now and later; the payment is matched again.
    Alias,
    /// The payer meant another text; the payment is matched again with it.
    CorrectText,
    /// A person says whose payment it is: a customer, or a salesperson; the payment is matched again.
    Claim,
    /// Ask again, on the day in `targets` if one is given.
    Later,
    /// Booked in the ERP by hand; `targets` or the note names its document.
    Done,
    /// Nothing to do; needs a note.
    Ignore,
    /// Take an earlier posting or setting aside back.
    Undo,
    /// Another person's decision on the payment is right.
    Approve,
}

impl Action {
    /// All actions in the order that people are offered them.
    pub const ALL: [Action; 17] = [
        Action::Accept,
        Action::Apply,
        Action::Partial,
        Action::WriteOff,
        Action::Charges,
        Action::Discount,
        Action::OnAccount,
        Action::NotReceivable,
        Action::Refund,
        Action::Alias,
        Action::CorrectText,
        Action::Claim,
        Action::Later,
        Action::Done,
        Action::Ignore,
        Action::Undo,
        Action::Approve,
    ];

    /// Returns the word of the sheet: `ACCEPT`, `ON_ACCOUNT` …
    pub fn code(self) -> &'static str {
        match self {
            Action::Accept => "ACCEPT",
            Action::Apply => "APPLY",
            Action::Partial => "PARTIAL",
            Action::WriteOff => "WRITE_OFF",
            Action::Charges => "CHARGES",
            Action::Discount => "DISCOUNT",
            Action::OnAccount => "ON_ACCOUNT",
            Action::NotReceivable => "NOT_RECEIVABLE",
            Action::Refund => "REFUND",
            Action::Alias => "ALIAS",
            Action::CorrectText => "CORRECT_TEXT",
            Action::Claim => "CLAIM",
            Action::Later => "LATER",
            Action::Done => "DONE",
            Action::Ignore => "IGNORE",
            Action::Undo => "UNDO",
            Action::Approve => "APPROVE",
        }
    }
}

/// One row of a returned sheet that carries a decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// The payment that it is about.
    pub payment_id: PaymentId,
    /// What to do.
    pub action: Action,
    /// Documents, a customer, a date or a ledger account, by action; each with its amount in minor units where one is given.
    pub targets: Vec<Target>,
    /// Currency of the amounts: that of the payment, where it is known.
    pub currency: Option<Currency>,
    /// Who decided: the `decided_by` cell, else the folder's name.
    pub decided_by: String,
    /// The folder below the decisions folder that the file came from; empty for the folder itself.
    pub folder: String,
    /// Free text.
    pub note: String,
    /// row_hash as it came back: what the person saw. Empty when the column was lost.
    pub row_hash: String,
    /// Run of the sheet that the person saw; `None` when the column was lost.
    pub seen_run: Option<u64>,
    /// The first candidate of the row as it came back: what the person saw. Empty when the column was lost.
    pub seen: String,
    /// `target` and `target_amount` as typed, without blanks: what an approval is compared with.
    pub typed: String,
    /// Where it stands.
    pub source: Source,
}

impl Decision {
    /// Returns the targets as people write them: `RE-1001; RE-1002`.
    pub fn target_text(&self) -> String {
        let targets: Vec<&str> = self.targets.iter().map(|target| target.text.as_str()).collect();
        targets.join("; ")
    }
}

/// One target of a decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Target {
    /// Document number, item_id, customer_id, ISO date or account, as written.
    pub text: String,
    /// Amount in minor units of the payment's currency, where one is given.
    pub amount: Option<i64>,
}

/// What became of a decision.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum DecisionOutcome {
    /// Done in this run.
    Applied,
    /// Done before; nothing changed.
    Already,
    /// The payment or its candidate changed since; nothing posted.
    Stale,
    /// Two files disagree; neither counts.
    Conflict,
    /// Not possible; the reason says why.
    Rejected,
    /// Waits for a second person.
    NeedsApproval,
}

impl DecisionOutcome {
    /// Returns the word of `decisions_result.csv`.
    pub fn code(self) -> &'static str {
        match self {
            DecisionOutcome::Applied => "APPLIED",
            DecisionOutcome::Already => "ALREADY",
            DecisionOutcome::Stale => "STALE",
            DecisionOutcome::Conflict => "CONFLICT",
            DecisionOutcome::Rejected => "REJECTED",
            DecisionOutcome::NeedsApproval => "NEEDS_APPROVAL",
        }
    }
}

/// The answer to one row of a returned sheet: each is answered exactly once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DecisionResult {
    /// The decision as it was read.
    pub source: Source,
    /// payment_id as it came back.
    pub payment_id: String,
    /// The decision cell as written.
    pub decision: String,
    /// The target cell as written.
    pub target: String,
    /// Who decided.
    pub decided_by: String,
    /// What became of it.
    pub outcome: DecisionOutcome,
    /// Why, in words.
    pub reason: String,
    /// What it posted.
    pub posting_ids: Vec<String>,
}

/// A payment that a person put off.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PutOff {
    /// The payment.
    pub payment_id: PaymentId,
    /// The day to ask again; `None`: the next run.
    pub until: Option<NaiveDate>,
}

/// What a person said about a payment so that it is matched again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Amendment {
    /// The payment.
    pub payment_id: PaymentId,
    /// What was said.
    pub amended: Amended,
    /// Who said it.
    pub decided_by: String,
}

/// What is amended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Amended {
    /// The text that the payer meant.
    Text(String),
    /// Customers whose payment it is: one, or those of a salesperson.
    Customers(Vec<String>),
}

/// A decision that a second person has to approve.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// Its number in the record.
    pub number: i64,
    /// Run that asked for the approval.
    pub run: u64,
    /// The decision.
    pub decision: Decision,
    /// Hash of the row that the second person is shown.
    pub row_hash: String,
    /// It took the place of another one: an older sheet shows that one.
    pub is_edited: bool,
}

/// How the waiting for a second person ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WaitingEnd {
    /// A second person approved, and it was carried out.
    Approved,
    /// The same person decided otherwise.
    Replaced,
    /// The row changed, or somebody else decided.
    Void,
}

impl WaitingEnd {
    /// Returns the word of the record.
    pub fn code(self) -> &'static str {
        match self {
            WaitingEnd::Approved => "approved",
            WaitingEnd::Replaced => "replaced",
            WaitingEnd::Void => "void",
        }
    }
}
