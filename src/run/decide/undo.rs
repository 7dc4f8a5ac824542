//! What was posted or set aside is taken back: the payment is open again, and so are its items.

use super::{Refused, Table, person, rejected};
use crate::model::decision::DecisionOutcome;
use crate::model::{Decision, Explanation, Payment, PaymentId, Posting, SetAsideRule};
use crate::review::sheet;
use crate::store::{State, StoredPayment};
use crate::words::decision as words;
use std::sync::Arc;

/// A payment whose posting, or setting aside, is taken back.
#[derive(Clone, Debug)]
pub struct Undone {
    /// The payment.
    pub payment: Arc<Payment>,
    /// What was last said of it.
    pub explanation: Explanation,
    /// Its posting with its run; `None` when a person had set it aside.
    pub posting: Option<(u64, Posting)>,
    /// Run that saw it first.
    pub first_run: u64,
    /// Number of runs that saw it open.
    pub times_seen: u32,
    /// Key of the statement that it was read from first.
    pub statement_key: String,
    /// Who decided.
    pub decided_by: String,
    /// Who approved; empty when nobody had to.
    pub approved_by: String,
    /// Why.
    pub note: String,
}

impl Undone {
    /// Returns what the person is told.
    pub fn said(&self) -> String {
        let lines = self.posting.iter().flat_map(|(_, posting)| &posting.lines);
        let ids: Vec<&str> = lines.map(|line| line.id.as_str()).collect();
        words::undone(&ids)
    }
}

impl Table<'_> {
    /// Returns what is taken back; the items are open again.
    pub(super) fn undo(&mut self, decision: &Decision) -> Result<Undone, Refused> {
        let id = &decision.payment_id;
        let target = decision.targets.first().map_or("", |target| target.text.as_str());
        let Some(stored) = (self.desk.stored)(id) else {
            return Err(rejected(match target {
                "" => words::unknown_payment(),
                posting => words::unknown_posting(posting),
            }));
        };
        let is_named = |posting: &Posting| target.is_empty() || posting.lines.iter().any(|line| line.id == target);
        let before = stored.postings.iter().rev().find(|posting| is_named(&posting.posting));
        if let Some(run) = before.and_then(|posting| posting.revoked_in) {
            return Err((DecisionOutcome::Already, words::undone_before(run)));
        }
        let posting = match stored.known.state {
            State::Posted => {
                let live = before.ok_or_else(|| rejected(words::unknown_posting(target)))?;
                Some((live.run, live.posting.clone()))
            }
            State::SetAside(SetAsideRule::Detailed) => return Err(self.not_open(id)),
            State::SetAside(rule) if rule.is_decided() => None,
            State::SetAside(rule) => return Err(rejected(words::set_aside_by_program(rule))),
            State::Open | State::Proposed | State::Duplicate => return Err(rejected(words::nothing_to_undo())),
        };
        let StoredPayment {
            payment: Some(payment),
            known,
            explanation,
            times_seen,
            ..
        } = stored
        else {
            return Err(rejected(words::nothing_to_undo()));
        };
        let undone = Undone {
            payment: Arc::new(payment),
            explanation,
            posting,
            first_run: known.first_run,
            times_seen,
            statement_key: known.statement_key,
            decided_by: person(decision).to_owned(),
            approved_by: String::new(),
            note: decision.note.clone(),
        };
        self.open_items(&undone, 1);
        Ok(undone)
    }

    /// Opens the items of a posting again (1), or settles them after all (−1).
    pub(super) fn open_items(&mut self, undone: &Undone, sign: i64) {
        let lines = undone.posting.iter().flat_map(|(_, posting)| &posting.lines);
        for line in lines {
            let position = line.item_id.as_deref().and_then(|item| self.desk.lookup.item(item));
            if let Some(position) = position {
                self.left[position] += sign * line.item_amount.minor;
            }
        }
    }

    /// Returns the hash of the row that people see of a payment: of the exceptions, or of what is posted.
    pub(super) fn row_hash(&self, id: &PaymentId) -> Option<String> {
        if let Some(shown) = self.desk.open.get(id) {
            return Some(shown.row_hash.to_owned());
        }
        let stored = (self.desk.stored)(id)?;
        let live = stored.postings.iter().find(|posting| posting.revoked_in.is_none());
        Some(sheet::settled_hash(id, live.map(|live| &live.posting)))
    }
}
