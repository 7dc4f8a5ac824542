//! What must hold of a run before anything of it is written.

use crate::model::PaymentId;
use crate::store::commit::Commit;
use crate::store::error::StoreError;
use crate::store::files::sha256;
use crate::store::records::State;
use rustc_hash::FxHashSet;

/// Refuses a run that contradicts itself, whatever the store knows.
pub(super) fn check_alone(commit: &Commit<'_>) -> Result<(), StoreError> {
    check_totals(commit)?;
    check_outputs(commit)?;
    check_states(commit)?;
    check_postings(commit)?;
    check_in_flight(commit)
}

fn refuse<T>(detail: String) -> Result<T, StoreError> {
    Err(StoreError::inconsistent(detail))
}

fn check_totals(commit: &Commit<'_>) -> Result<(), StoreError> {
    match commit.run.totals.first_gap() {
        None => Ok(()),
        Some((account, currency, side)) => refuse(format!(
            "its totals do not tie for {account} {currency} {}",
            side.code()
        )),
    }
}

fn check_outputs(commit: &Commit<'_>) -> Result<(), StoreError> {
    let mut names = FxHashSet::default();
    for output in commit.outputs {
        if !names.insert(output.name.as_str()) {
            return refuse(format!("{} is written twice", output.name));
        }
        if output.name == "manifest.json" && output.sha256 != sha256(commit.manifest.as_bytes()) {
            return refuse("manifest.json was written with another content than the manifest".to_owned());
        }
    }
    if commit.outbox.is_none() && !(commit.postings.is_empty() && commit.reversals.is_empty()) {
        return refuse("it posts, but has no file for the outbox".to_owned());
    }
    Ok(())
}

/// Each payment goes to one place, each new one to some place, and the posted ones are those with a posting.
fn check_states(commit: &Commit<'_>) -> Result<(), StoreError> {
    let mut judged = Payments::new(commit);
    let mut posted = Payments::new(commit);
    for new in commit.states {
        let id = new.payment_id;
        if !is_new_one(commit, new.new, id) {
            return refuse(format!("payment {id} is not the new one that it is said to be"));
        }
        if !judged.insert(new.new, id) {
            return refuse(format!("payment {id} goes to two places"));
        }
        if new.state == State::Posted {
            posted.insert(new.new, id);
        }
        if new.state != State::Duplicate && new.state != State::of(&new.explanation.outcome) {
            return refuse(format!("payment {id} goes elsewhere than its explanation says"));
        }
    }
    let mut new = commit.payments.iter().zip(&judged.new);
    if let Some((new, _)) = new.find(|(_, is_judged)| !**is_judged) {
        return refuse(format!("payment {} goes nowhere", new.payment.id));
    }
    if let Some(reversal) = commit
        .reversals
        .iter()
        .find(|reversal| !judged.known.contains(&reversal.payment.id))
    {
        return refuse(format!(
            "payment {} is taken back and goes nowhere",
            reversal.payment.id
        ));
    }
    for new in commit.postings {
        let id = &new.posting.payment_id;
        if !is_new_one(commit, new.new, id) || !posted.remove(new.new, id) {
            return refuse(format!(
                "payment {id} has a posting, but is not posted, or two postings"
            ));
        }
    }
    let new = commit.payments.iter().zip(&posted.new);
    let new = new.filter(|(_, is_left)| **is_left).map(|(new, _)| &new.payment.id);
    match new.chain(posted.known).min() {
        None => Ok(()),
        Some(id) => refuse(format!("payment {id} is posted without a posting")),
    }
}

/// A payment that is said to stand among the new ones stands there.
fn is_new_one(commit: &Commit<'_>, new: Option<usize>, id: &PaymentId) -> bool {
    // As a rule it is the same id, not only an equal one: it need not be looked at.
    let is_same = |new: &PaymentId| std::ptr::eq(new, id) || new == id;
    let is_it = |at: usize| commit.payments.get(at).is_some_and(|new| is_same(&new.payment.id));
    new.is_none_or(is_it)
}

/// A set of payments: new ones by their position, those of earlier runs by id.
struct Payments<'c> {
    new: Vec<bool>,
    known: FxHashSet<&'c PaymentId>,
}

impl<'c> Payments<'c> {
    fn new(commit: &Commit<'_>) -> Payments<'c> {
        Payments {
            new: vec![false; commit.payments.len()],
            known: FxHashSet::default(),
        }
    }

    /// Returns false when it was in the set.
    fn insert(&mut self, new: Option<usize>, id: &'c PaymentId) -> bool {
        match new.and_then(|at| self.new.get_mut(at)) {
            Some(place) => !std::mem::replace(place, true),
            None => self.known.insert(id),
        }
    }

    /// Returns false when it was not in the set.
    fn remove(&mut self, new: Option<usize>, id: &PaymentId) -> bool {
        match new.and_then(|at| self.new.get_mut(at)) {
            Some(place) => std::mem::take(place),
            None => self.known.remove(id),
        }
    }
}

fn check_postings(commit: &Commit<'_>) -> Result<(), StoreError> {
    let prefix = format!("{}-", commit.run.number);
    let (mut ids, mut items) = (FxHashSet::default(), FxHashSet::default());
    for line in commit.reversals.iter().flat_map(|reversal| &reversal.lines) {
        if !line.id.starts_with(&prefix) || !ids.insert(line.id.as_str()) {
            return refuse(format!("two lines are posting {}, or it is not the run's", line.id));
        }
    }
    for new in commit.postings {
        let posting = new.posting;
        if posting.lines.is_empty() {
            return refuse(format!("the posting of payment {} has no line", posting.payment_id));
        }
        for line in &posting.lines {
            if !line.id.starts_with(&prefix) {
                return refuse(format!("posting {} does not carry the run's number", line.id));
            }
            if !ids.insert(line.id.as_str()) {
                return refuse(format!("two lines are posting {}", line.id));
            }
        }
        if posting.lines.len() == 1 {
            continue;
        }
        items.clear();
        let mut item_ids = posting.lines.iter().filter_map(|line| line.item_id.as_deref());
        if let Some(item) = item_ids.find(|item| !items.insert(*item)) {
            return refuse(format!("payment {} reduces item {item} twice", posting.payment_id));
        }
    }
    Ok(())
}

/// No item is reduced by more than the export said was open.
fn check_in_flight(commit: &Commit<'_>) -> Result<(), StoreError> {
    for item in commit.in_flight {
        // The opposite sign opens an item again: a return.
        let (posted, open) = (item.posted, item.exported_open);
        if (posted > 0 && open >= 0 && posted > open) || (posted < 0 && open < 0 && posted < open) {
            return refuse(format!(
                "item {} would be reduced by {} of {} {} minor units",
                item.item_id, item.posted, item.exported_open, item.currency
            ));
        }
    }
    Ok(())
}
