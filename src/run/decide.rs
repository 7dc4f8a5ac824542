//! What people decided → postings, set-asides and answers. A decision is carried out before the machine looks, and never overruled.

mod approval;
mod carry;
mod case;
mod find;
mod learn;
mod settle;
mod undo;

use crate::model::customer::Customer;
use crate::model::decision::{DecisionOutcome, DecisionResult, PutOff};
use crate::model::{
    Action, Allocation, Amendment, Decision, Explanation, HypothesisKind, Lesson, NaiveDate, OpenItem, Payment,
    PaymentId, SetAsideRule, Waiting, WaitingEnd,
};
use crate::run::lookup::Lookup;
use crate::settings::Approval;
use crate::store::StoredPayment;
use crate::words::Words;
use crate::words::decision as words;
use case::Case;
use std::collections::{BTreeMap, BTreeSet};
pub use undo::Undone;

/// An open payment as a person saw it last.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// The payment.
    pub payment: &'a Payment,
    /// Outcome and candidates of the last run.
    pub explanation: &'a Explanation,
    /// row_hash of the last sheet.
    pub row_hash: &'a str,
}

/// What the decisions are looked at against.
pub struct Desk<'a> {
    /// Number of this run.
    pub run: u64,
    /// Open payments by id.
    pub open: &'a BTreeMap<PaymentId, Shown<'a>>,
    /// What the record knows of a payment, be it open or settled; `None` when nobody knows the id.
    pub stored: &'a dyn Fn(&PaymentId) -> Option<StoredPayment>,
    /// Batches whose details arrived now: they are open payments no more.
    pub replaced: &'a BTreeSet<PaymentId>,
    /// Decisions of earlier runs that wait for a second person.
    pub waiting: &'a [Waiting],
    /// Items with their effective open amounts.
    pub items: &'a [OpenItem],
    /// Items that nobody may post on until a person looked.
    pub held_items: &'a BTreeSet<String>,
    /// Customers.
    pub customers: &'a [Customer],
    /// Both by what people call them.
    pub lookup: &'a Lookup<'a>,
    /// What a second person must approve.
    pub approval: &'a Approval,
    /// Days after the last day of a cash discount on which it still counts as in time.
    pub grace_days: u32,
    /// The day.
    pub as_of: NaiveDate,
    /// The language of the sheet.
    pub words: Words,
}

/// What a decision makes of a payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decided {
    /// The payment.
    pub payment_id: PaymentId,
    /// Who decided.
    pub decided_by: String,
    /// Who approved; empty when nobody had to.
    pub approved_by: String,
    /// What was decided.
    pub decision: Decision,
    /// What happens.
    pub effect: Effect,
}

/// What happens with a payment by a decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// It is posted so.
    Post {
        /// Kind of the posting.
        kind: HypothesisKind,
        /// Customer of the part on account, and of items without one.
        customer_id: String,
        /// Allocations by item position.
        allocations: Vec<Allocation>,
        /// Rest on account in minor units.
        on_account: i64,
    },
    /// It is no receipt.
    SetAside(SetAsideRule),
}

/// All answers.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// What happens.
    pub decided: Vec<Decided>,
    /// Payments that come back later.
    pub put_off: Vec<PutOff>,
    /// What is amended, so that the payments are matched again.
    pub amendments: Vec<Amendment>,
    /// Payments whose posting or setting aside is taken back.
    pub undone: Vec<Undone>,
    /// Decisions that begin to wait for a second person; the hash of their row is known when the night is judged.
    pub waiting: Vec<Waiting>,
    /// Decisions of earlier runs that wait no more.
    pub waiting_ended: Vec<(i64, WaitingEnd)>,
    /// One answer for each row, and for each waiting decision that ended.
    pub results: Vec<DecisionResult>,
    /// What is learned from them.
    pub lessons: Vec<Lesson>,
    /// What is open of each item after all of them, in minor units; in the order of the items.
    pub left: Vec<i64>,
}

/// Returns what becomes of the decisions; open amounts are used up in the order of the payments' ids.
///
/// What is taken back comes first: its items are open for the other decisions.
pub fn decide(decisions: &[Decision], desk: &Desk<'_>) -> Decisions {
    let mut cases: BTreeMap<&PaymentId, Case<'_>> = BTreeMap::new();
    for (position, decision) in decisions.iter().enumerate() {
        let case = cases.entry(&decision.payment_id).or_default();
        if decision.action == Action::Approve {
            case.approvals.push((position, decision));
        } else {
            case.fresh.push((position, decision));
        }
    }
    for waiting in desk.waiting {
        cases.entry(&waiting.decision.payment_id).or_default().waiting = Some(waiting);
    }
    let mut table = Table {
        desk,
        left: desk.items.iter().map(|item| item.open_amount).collect(),
        answered: BTreeMap::new(),
        made: Decisions::default(),
    };
    for is_undo in [true, false] {
        for (id, case) in cases.iter().filter(|(_, case)| case.is_undo() == is_undo) {
            table.judge(id, case);
        }
    }
    let mut made = table.made;
    let waited = std::mem::take(&mut made.results);
    made.results = table.answered.into_values().chain(waited).collect();
    made.left = table.left;
    made
}

/// The decisions while they are carried out.
struct Table<'d> {
    desk: &'d Desk<'d>,
    /// What is left open of each item.
    left: Vec<i64>,
    /// Answers by the position of their row.
    answered: BTreeMap<usize, DecisionResult>,
    /// What was made of them; `results` holds the answers to waiting decisions only.
    made: Decisions,
}

type Refused = (DecisionOutcome, String);

fn rejected(reason: String) -> Refused {
    (DecisionOutcome::Rejected, reason)
}

/// The folder that a sheet lay in identifies a person; a typed name only where there is none; nobody has to type one.
fn person(decision: &Decision) -> &str {
    let names = [decision.folder.as_str(), decision.decided_by.trim(), "not named"];
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
}

fn answer(decision: &Decision, outcome: DecisionOutcome, reason: &str) -> DecisionResult {
    DecisionResult {
        source: decision.source.clone(),
        payment_id: decision.payment_id.0.clone(),
        decision: decision.action.code().to_owned(),
        target: decision.target_text(),
        decided_by: person(decision).to_owned(),
        outcome,
        reason: reason.to_owned(),
        posting_ids: Vec::new(),
    }
}

/// Returns how a payment was settled; `None` when it is open.
fn how_settled(stored: &StoredPayment) -> Option<String> {
    use crate::store::State;
    let run = stored.last_run;
    match stored.known.state {
        State::Posted => {
            let lines = stored.postings.iter().filter(|posting| posting.revoked_in.is_none());
            let ids: Vec<&str> = lines
                .flat_map(|posting| &posting.posting.lines)
                .map(|line| line.id.as_str())
                .collect();
            Some(words::posted_in(run, &ids))
        }
        State::SetAside(rule) => Some(words::set_aside_in(run, rule)),
        State::Duplicate => Some(words::duplicate_in(run)),
        State::Open | State::Proposed => None,
    }
}
