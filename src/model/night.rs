//! Everything that one run has to tell: what the writers of the outputs take.

use crate::model::NaiveDate;
use crate::model::claim::ClaimLine;
use crate::model::customer::Customer;
use crate::model::decision::{Decision, DecisionResult, Waiting};
use crate::model::explanation::Explanation;
use crate::model::finding::Finding;
use crate::model::language::Language;
use crate::model::matching::Outcome;
use crate::model::money::Currency;
use crate::model::open_item::OpenItem;
use crate::model::payment::Payment;
use crate::model::posting::{Posting, Reversal};
use crate::model::run::Run;
use crate::model::statement::Proof;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One run, complete and checked, before anything is written.
#[derive(Clone, Debug)]
pub struct Night {
    /// Number, inputs, settings hash, totals.
    pub run: Run,
    /// Open and recently closed items as the night leaves them: own postings in flight and tonight's taken off.
    pub items: Vec<OpenItem>,
    /// Customers.
    pub customers: Vec<Customer>,
    /// Payments that this run had to judge, by account, booking date, bank reference and id.
    pub payments: Vec<JudgedPayment>,
    /// What is posted, in the order of the payments.
    pub postings: Vec<Posting>,
    /// Postings of earlier runs that a person took back, in the order of the payments.
    pub reversals: Vec<Reversal>,
    /// Decisions that wait for a second person, by payment.
    pub waiting: Vec<Waiting>,
    /// Payments settled by earlier runs that a decision speaks of: one that this run answers, or one that waits.
    pub settled: BTreeMap<String, SettledPayment>,
    /// Entries known from another delivery, or suspected to be.
    pub duplicates: Vec<DuplicateEntry>,
    /// Findings on the inputs, in the order of the files.
    pub findings: Vec<Finding>,
    /// Answers to decisions, by file and row.
    pub decision_results: Vec<DecisionResult>,
    /// Statements of this run.
    pub statements: Vec<StatementLine>,
    /// Exceptions that wait too long, by position in [`Night::payments`], most urgent first.
    pub escalated: Vec<usize>,
    /// Claims compared with receipts; `None` where no claims were given.
    pub claims: Option<Vec<ClaimLine>>,
    /// True when an input is refused or held.
    pub is_partial: bool,
    /// True when one was refused or held that no earlier run had refused: exit code 3.
    pub has_new_refusal: bool,
    /// True when everything is proposed and nothing posted.
    pub is_shadow: bool,
    /// Language of what people read of it.
    pub language: Language,
}

/// A payment that an earlier run settled.
#[derive(Clone, Debug)]
pub struct SettledPayment {
    /// The payment.
    pub payment: Payment,
    /// What it is posted on; `None` when it is set aside or was taken back.
    pub posting: Option<Posting>,
}

/// A payment with what became of it.
#[derive(Clone, Debug)]
pub struct JudgedPayment {
    /// The payment.
    pub payment: Arc<Payment>,
    /// Outcome and candidates.
    pub explanation: Explanation,
    /// Position in [`Night::postings`].
    pub posting: Option<usize>,
    /// Run that saw it first.
    pub first_run: u64,
    /// Number of runs that saw it open, this one included.
    pub times_seen: u32,
    /// Days from booking date to as-of date.
    pub age_days: i64,
    /// What became of the last decision on it: `REJECTED: …`; empty when there was none.
    pub last_result: String,
    /// A person put it off until this day.
    pub put_off_until: Option<NaiveDate>,
    /// The decision that set it aside: who, what it names, and the note; `None` for what the program sets aside.
    pub set_aside_by: Option<Box<Decision>>,
}

impl JudgedPayment {
    /// Returns true for what the exceptions sheet shows: proposed or open.
    pub fn is_exception(&self) -> bool {
        matches!(self.explanation.outcome, Outcome::Proposed(_) | Outcome::Exception(_))
    }
}

/// An entry that is not a new payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DuplicateEntry {
    /// The payment that it repeats.
    pub payment_id: String,
    /// bank_ref.
    pub bank_ref: String,
    /// Our account.
    pub account: String,
    /// Booking date.
    pub booking_date: NaiveDate,
    /// Signed minor units.
    pub amount: i64,
    /// Currency.
    pub currency: Currency,
    /// `SAME_FILE`, `SAME_STATEMENT`, `OVERLAP`.
    pub rule: &'static str,
    /// Why, in words.
    pub text: String,
}

/// One statement for the report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatementLine {
    /// File.
    pub file: String,
    /// Our account.
    pub account: String,
    /// Currency.
    pub currency: Option<Currency>,
    /// Id or sequence number.
    pub name: String,
    /// First and last booking date.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// Opening balance in signed minor units.
    pub opening: Option<i64>,
    /// Closing balance in signed minor units.
    pub closing: Option<i64>,
    /// Booked money in: count and sum.
    pub credits: (u64, i64),
    /// Booked money out: count and signed sum.
    pub debits: (u64, i64),
    /// What is proved.
    pub proof: Proof,
    /// True when refused.
    pub is_refused: bool,
}
