//! What goes into the store and what comes out of it.

use crate::model::decision::DecisionResult;
use crate::model::knowledge::{ConfirmedPayment, LessonKind};
use crate::model::{
    Amount, Currency, Entry, Explanation, Label, NaiveDate, Outcome, Payment, PaymentId, Posting, SetAsideRule,
};
use std::sync::Arc;

/// The one place where a payment is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// An exception that waits for a person.
    Open,
    /// One ACCEPT away from being posted.
    Proposed,
    /// Posted.
    Posted,
    /// No receipt, by a named rule.
    SetAside(SetAsideRule),
    /// Found to be another delivery of a known payment.
    Duplicate,
}

impl State {
    /// Returns the state that an outcome leads to.
    pub fn of(outcome: &Outcome) -> State {
        match outcome {
            Outcome::Posted => State::Posted,
            Outcome::Proposed(_) => State::Proposed,
            Outcome::Exception(_) => State::Open,
            Outcome::SetAside(rule) => State::SetAside(*rule),
        }
    }

    /// Returns the word of the store: `open`, `set_aside` …
    pub fn code(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Proposed => "proposed",
            State::Posted => "posted",
            State::SetAside(_) => "set_aside",
            State::Duplicate => "duplicate",
        }
    }

    /// Returns true for what is judged again by the next run.
    pub fn is_open(self) -> bool {
        matches!(self, State::Open | State::Proposed)
    }
}

/// A payment of an earlier run, by its bank facts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownPayment {
    /// Its id.
    pub id: PaymentId,
    /// Our account.
    pub account: String,
    /// Booking date.
    pub booking_date: NaiveDate,
    /// Signed cash.
    pub amount: Amount,
    /// bank_ref.
    pub bank_ref: String,
    /// Where it is.
    pub state: State,
    /// Key of its entry, as the rules of identity made it.
    pub entry_key: String,
    /// Ordinal of its entry among identical ones of the statement, as it was given.
    pub ordinal: u32,
    /// Ordinal of the detail in its entry; 0 for an entry that is not split.
    pub detail: u32,
    /// The bank's reference, where there is one.
    pub servicer_reference: Option<String>,
    /// The payer's reference, where there is one.
    pub end_to_end_id: Option<String>,
    /// Its names and texts as words, for comparing deliveries.
    pub text: String,
    /// Key of the statement that it was read from first.
    pub statement_key: String,
    /// SHA-256 of the file that it was read from first.
    pub file_sha256: String,
    /// Run that saw it first.
    pub first_run: u64,
}

/// A payment that a run saw for the first time.
#[derive(Clone, Copy, Debug)]
pub struct NewPayment<'a> {
    /// The payment.
    pub payment: &'a Payment,
    /// Key of its entry.
    pub entry_key: &'a str,
    /// Ordinal of its entry among identical ones of the statement.
    pub ordinal: u32,
    /// Ordinal of the detail in its entry; 0 for an entry that is not split.
    pub detail: u32,
    /// The bank's reference, where there is one.
    pub servicer_reference: Option<&'a str>,
    /// The payer's reference, where there is one.
    pub end_to_end_id: Option<&'a str>,
    /// Its names and texts as words, for comparing deliveries.
    pub text: &'a str,
    /// Key of its statement.
    pub statement_key: &'a str,
    /// SHA-256 of its file: one of the run's inputs.
    pub file_sha256: &'a str,
}

/// A file that delivered a payment which is new or known.
#[derive(Clone, Copy, Debug)]
pub struct Delivered<'a> {
    /// SHA-256 of the file: one of the run's inputs.
    pub file_sha256: &'a str,
    /// The payment.
    pub payment_id: &'a PaymentId,
}

/// An entry of a notification that a run was given for the first time.
#[derive(Clone, Copy, Debug)]
pub struct NewNotice<'a> {
    /// Made of bank facts: the same notification again has the same key.
    pub key: &'a str,
    /// Our account.
    pub account: &'a str,
    /// Booking date.
    pub booking_date: NaiveDate,
    /// The entry with its details.
    pub entry: &'a Entry,
}

/// An entry of a notification that no entry of a statement has used yet.
#[derive(Clone, Debug)]
pub struct KnownNotice {
    /// Its key.
    pub key: String,
    /// Our account.
    pub account: String,
    /// Booking date.
    pub booking_date: NaiveDate,
    /// The entry with its details.
    pub entry: Entry,
}

/// A statement that a run accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewStatement {
    /// Our account.
    pub account: String,
    /// Key of identity: year and sequence number, else id and creation date. Once per account.
    pub key: String,
    /// Hash of its content.
    pub content_hash: String,
    /// Format of the delivery: `camt`, `csv:dkb` …
    pub format: String,
    /// Currency of the balances, where known.
    pub currency: Option<Currency>,
    /// Sequence number, where it is a number.
    pub sequence: Option<u64>,
    /// Booking year.
    pub year: i32,
    /// First day covered, where known.
    pub from: Option<NaiveDate>,
    /// Last day covered, where known.
    pub to: Option<NaiveDate>,
    /// First and last day that the statement itself says it covers, where it does.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Opening balance in signed minor units, where known.
    pub opening: Option<i64>,
    /// Closing balance in signed minor units, where known.
    pub closing: Option<i64>,
    /// True when balances or control totals prove its entries.
    pub is_proved: bool,
    /// SHA-256 of its file: one of the run's inputs.
    pub file_sha256: String,
}

/// A statement of an earlier run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownStatement {
    /// What was said of it.
    pub statement: NewStatement,
    /// Run that accepted it.
    pub run: u64,
    /// Name of the file that it was read from.
    pub file: String,
}

/// Where a run puts a payment, new or known.
#[derive(Clone, Copy, Debug)]
pub struct NewState<'a> {
    /// The payment.
    pub payment_id: &'a PaymentId,
    /// Its position among the new payments; `None` for one of an earlier run.
    pub new: Option<usize>,
    /// Where it goes.
    pub state: State,
    /// Why.
    pub explanation: &'a Explanation,
    /// Number of runs that saw it open, this one included.
    pub times_seen: u32,
    /// What became of the last decision on it; empty when there was none.
    pub last_result: &'a str,
    /// Hash of the row of the exceptions sheet that was shown; empty when none was.
    pub row_hash: &'a str,
}

/// A posting of a run.
#[derive(Clone, Copy, Debug)]
pub struct NewPosting<'a> {
    /// The posting.
    pub posting: &'a Posting,
    /// Position of its payment among the new ones; `None` for one of an earlier run.
    pub new: Option<usize>,
}

/// A lesson with where it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredLesson {
    /// Its number in the record.
    pub number: i64,
    /// Run that learned it.
    pub run: u64,
    /// What it says.
    pub kind: LessonKind,
    /// Payer, customer and documents.
    pub confirmed: ConfirmedPayment,
    /// The payment that was decided; `None` for lessons of older versions, which name the row of the sheet only.
    pub payment_id: Option<PaymentId>,
    /// Who decided; empty for lessons of older versions.
    pub decided_by: String,
    /// Who approved; empty when nobody had to.
    pub approved_by: String,
    /// Run since which it does not count any more.
    pub revoked_in: Option<u64>,
}

/// An item that is open again, although the export does not show it yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReopenedItem {
    /// Its customer.
    pub customer_id: String,
    /// Its document number.
    pub document_number: String,
}

/// Own postings on an item that the ERP's export does not show yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InFlight {
    /// The item.
    pub item_id: Label,
    /// Its currency.
    pub currency: Currency,
    /// E₀: what the export said was open when it was posted, in signed minor units.
    pub exported_open: i64,
    /// P: own postings since, less what was taken back, in signed minor units of the item's currency; 0 when they cancel each other out.
    pub posted: i64,
    /// SHA-256 of that export.
    pub export_sha256: Arc<str>,
    /// Last run that posted on the item.
    pub last_run: u64,
}

/// A payment that earlier runs left open or proposed.
#[derive(Clone, Debug)]
pub struct OpenPayment {
    /// The payment as it was read.
    pub payment: Arc<Payment>,
    /// Open or proposed.
    pub state: State,
    /// What was last said of it.
    pub explanation: Explanation,
    /// Run that saw it first.
    pub first_run: u64,
    /// Number of runs that saw it open.
    pub times_seen: u32,
    /// What became of the last decision on it.
    pub last_result: String,
    /// A person put it off until this day.
    pub put_off_until: Option<NaiveDate>,
    /// Hash of the row of the exceptions sheet that was last shown.
    pub row_hash: String,
    /// Key of the statement that it was read from first.
    pub statement_key: String,
    /// A person took a posting of it back and said nothing since that has it matched again: only a person posts it.
    pub is_taken_back: bool,
}

/// Everything that is known of one payment.
#[derive(Clone, Debug)]
pub struct StoredPayment {
    /// Its bank facts.
    pub known: KnownPayment,
    /// The payment as it was read; `None` for what was set aside at first sight.
    pub payment: Option<Payment>,
    /// Why it is where it is.
    pub explanation: Explanation,
    /// Run that judged it last.
    pub last_run: u64,
    /// Number of runs that saw it open.
    pub times_seen: u32,
    /// What became of the last decision on it.
    pub last_result: String,
    /// Its postings, with the run of each.
    pub postings: Vec<StoredPosting>,
    /// Answers to decisions on it, oldest first.
    pub decisions: Vec<DecisionResult>,
}

/// A posting of an earlier run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredPosting {
    /// Its run.
    pub run: u64,
    /// The posting.
    pub posting: Posting,
    /// Run that took it back.
    pub revoked_in: Option<u64>,
}

/// The answer to one row of a returned sheet.
#[derive(Clone, Copy, Debug)]
pub struct AnsweredDecision<'a> {
    /// SHA-256 of the sheet.
    pub file_sha256: &'a str,
    /// The answer.
    pub result: &'a DecisionResult,
}
