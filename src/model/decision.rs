//! What a person decided about a payment.

use crate::model::NaiveDate;
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
    /// The whole payment on account of the customer in `targets`.
    OnAccount,
    /// Not a payment of a receivable; `targets` may name a ledger account.
    NotReceivable,
    /// Ask again, on the day in `targets` if one is given.
    Later,
    /// Booked in the ERP by hand; `targets` names its document.
    Done,
    /// Nothing to do; needs a note.
    Ignore,
}

impl Action {
    /// All actions in the order that people are offered them.
    pub const ALL: [Action; 7] = [
        Action::Accept,
        Action::Apply,
        Action::OnAccount,
        Action::NotReceivable,
        Action::Later,
        Action::Done,
        Action::Ignore,
    ];

    /// Returns the word of the sheet: `ACCEPT`, `ON_ACCOUNT` …
    pub fn code(self) -> &'static str {
        match self {
            Action::Accept => "ACCEPT",
            Action::Apply => "APPLY",
            Action::OnAccount => "ON_ACCOUNT",
            Action::NotReceivable => "NOT_RECEIVABLE",
            Action::Later => "LATER",
            Action::Done => "DONE",
            Action::Ignore => "IGNORE",
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
    /// Who decided: the `decided_by` cell, else the folder's name.
    pub decided_by: String,
    /// The folder below the decisions folder that the file came from; empty for the folder itself.
    pub folder: String,
    /// Free text.
    pub note: String,
    /// row_hash as it came back: what the person saw. Empty when the column was lost.
    pub row_hash: String,
    /// Where it stands.
    pub source: Source,
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
