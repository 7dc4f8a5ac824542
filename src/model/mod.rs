//! The nouns of the trade: money, parties, references, statements, payments, open items, customers, matches, postings,
//! decisions and runs. Every other room speaks in them.
//!
//! Knows no files, no clock, no text rules beyond strict amounts and dates, and depends on no other room.

pub mod claim;
pub mod customer;
pub mod date;
pub mod decision;
pub mod evidence;
pub mod explanation;
pub mod finding;
pub mod knowledge;
pub mod label;
pub mod labelled;
pub mod language;
pub mod matching;
pub mod money;
pub mod night;
pub mod open_item;
pub mod party;
pub mod payment;
pub mod posting;
pub mod reference;
pub mod run;
pub mod source;
pub mod statement;

pub use customer::Customer;
pub use date::NaiveDate;
pub use decision::{Action, Amended, Amendment, Decision, Waiting, WaitingEnd};
pub use evidence::Evidence;
pub use explanation::{Candidate, CandidateAllocation, Explanation};
pub use finding::{Finding, FindingCode, Severity};
pub use knowledge::{Knowledge, Lesson, LessonKind};
pub use label::Label;
pub use language::Language;
pub use matching::{
    Allocation, EvidenceClass, Hypothesis, HypothesisKind, Outcome, Probability, Reason, SetAsideRule, Signal,
    Suggestion, Verdict,
};
pub use money::{Amount, Currency};
pub use night::{JudgedPayment, Night};
pub use open_item::{ItemKind, OpenItem};
pub use party::{Account, Parties, Party};
pub use payment::{Payment, PaymentId, Standing};
pub use posting::{Posting, PostingLine, Reversal};
pub use reference::{References, Remittance};
pub use source::{At, Source};
pub use statement::{Balance, Entry, Side, Statement, TransactionDetails};
