//! I23: what needs two people is done by two, and nobody is asked in vain.

use super::PRIVATE_PAYER;
use super::erp::Erp;
use super::files::{Files, Row, cents, ensure};
use super::people::{Answered, People};
use super::words::{Does, GIVEN_AWAY_MAX, IGNORED_MAX, Said, Second};
use std::collections::BTreeSet;

/// A decision that waits for a second person.
pub struct Waiting {
    pub file: String,
    pub said: Said,
    /// Run that asked for the second person.
    pub since: u64,
    /// The row as that run left it.
    pub shown: String,
    /// It took the place of another one.
    pub is_edited: bool,
}

impl People {
    /// I23: what needs a second person was approved from another folder, by somebody who saw exactly this.
    pub(super) fn by_two(
        &self,
        files: &Files,
        one: &Answered<'_>,
        all: &[Answered<'_>],
        erp: &Erp,
    ) -> Result<(), String> {
        let (id, said) = (one.said.payment.as_str(), &one.said);
        let approvals: Vec<&Said> = all
            .iter()
            .filter(|other| other.approves(id))
            .map(|other| &other.said)
            .collect();
        if said.word.does == Does::Approves || (approvals.is_empty() && !needs_second(files, said, erp)) {
            return Ok(());
        }
        let broken = |what: &str| format!("{} of {id} by {}: {what}", said.word.code, said.person);
        let [approval] = approvals.as_slice() else {
            return Err(format!("I23: {}", broken(&format!("{} approved", approvals.len()))));
        };
        ensure(approval.person != one.decider, "I23", || broken("approved by the same"))?;
        let shown = self.shown(id);
        let is_other = !approval.hash.is_empty() && approval.hash != shown;
        ensure(!is_other, "I23", || broken("approved in a row that changed since"))?;
        let before = self.waiting.get(id).filter(|waiting| waiting.shown == shown);
        let is_repeated = approval.target == said.target;
        match before {
            Some(before) if before.said.is_same(said) => {
                ensure(is_repeated || approval.target.is_empty(), "I23", || {
                    broken("another decision was approved")
                })?;
                ensure(!before.is_edited || approval.run >= before.since, "I23", || {
                    broken("the approval is of what stood there before the edit")
                })?;
            }
            Some(_) => return Err(format!("I23: {}", broken("edited, and approved the same night"))),
            None => {
                let is_fresh = !self.is_answered(said);
                ensure(is_fresh && is_repeated, "I23", || {
                    broken("approved by who did not see it")
                })?;
            }
        }
        let lines = files.postings.get(id).into_iter().flatten();
        let mut lines = lines.filter(|line| line["decided_by"] != "paymatch");
        let told = format!("approved by {}", approval.person);
        ensure(lines.all(|line| line["text"].contains(&told)), "I23", || {
            broken("the posting does not name who approved")
        })
    }

    /// A colleague who saw in the last sheet what waits, and agrees, is not asked again.
    pub(super) fn agreement_counts(&self, approval: &Said, all: &[Answered<'_>]) -> Result<(), String> {
        let id = approval.payment.as_str();
        let is_other = |one: &Answered<'_>| one.said.payment == id && one.said.word.does != Does::Approves;
        let Some(waiting) = self.waiting.get(id).filter(|_| !all.iter().any(is_other)) else {
            return Ok(());
        };
        let is_same = approval.target.is_empty() || approval.target == waiting.said.target;
        let is_agreed = is_same && approval.person != waiting.said.person && approval.run >= waiting.since;
        ensure(!is_agreed, "I23", || {
            format!("{approval:?} does not count for {:?}", waiting.said)
        })
    }

    /// What waits after the night: what was answered waits no more, a new decision takes the place of the one before. A word that
    /// nobody understands is no decision.
    pub(super) fn remember_waiting(&mut self, answered: &[Answered<'_>], run: u64) {
        let is_ended = |waiting: &Waiting| answered.iter().any(|one| one.file == waiting.file);
        self.waiting.retain(|_, waiting| !is_ended(waiting));
        let mut edited = BTreeSet::new();
        let is_decision = |one: &&Answered<'_>| !matches!(one.said.word.does, Does::Approves | Does::Nothing);
        for one in answered.iter().filter(is_decision) {
            let id = &one.said.payment;
            let is_kept = |waiting: &Waiting| one.is("NEEDS_APPROVAL") && waiting.said.is_same(&one.said);
            if self.waiting.get(id).is_some_and(|waiting| !is_kept(waiting)) {
                self.waiting.remove(id);
                edited.insert(id.clone());
            }
        }
        for one in answered
            .iter()
            .filter(|one| one.said.word.does != Does::Approves && one.is("NEEDS_APPROVAL"))
        {
            let id = &one.said.payment;
            if !self.waiting.contains_key(id) {
                let waiting = Waiting {
                    file: one.file.clone(),
                    said: one.said.clone(),
                    since: run,
                    shown: self.shown(id),
                    is_edited: edited.contains(id),
                };
                self.waiting.insert(id.clone(), waiting);
            }
        }
    }
}

/// Whether one person alone could not do what was done. By what was written, not by the program's own account.
fn needs_second(files: &Files, said: &Said, erp: &Erp) -> bool {
    let lines = files.postings.get(&said.payment).map_or(&[][..], Vec::as_slice);
    let is_private = said.word.does == Does::Books && lines.iter().any(|line| line["payer_name"] == PRIVATE_PAYER);
    let sum = |figure: &dyn Fn(&Row) -> i64| lines.iter().map(figure).sum::<i64>();
    let beyond_terms = |line: &Row| (cents(&line["discount"]) - erp.discount(&line["item_id"])).max(0);
    is_private
        || match said.word.second {
            Second::Never => false,
            Second::Always => true,
            Second::GivesAway => {
                let given_away = [
                    sum(&|line| cents(&line["write_off"]).abs()),
                    sum(&|line| cents(&line["charges"])),
                    sum(&beyond_terms),
                ];
                given_away.into_iter().any(|given| given > GIVEN_AWAY_MAX)
            }
            Second::Large => {
                let mut rows = files.set_aside.iter().filter(|row| row["payment_id"] == said.payment);
                rows.any(|row| cents(&row["amount"]).abs() > IGNORED_MAX)
            }
        }
}

/// Who decides what needs no second person is not sent to one.
pub fn nobody_is_asked_in_vain(files: &Files, one: &Answered<'_>) -> Result<(), String> {
    let said = &one.said;
    let row = files.exception(&said.payment);
    let is_private = row.is_some_and(|row| row["payer_name"] == PRIVATE_PAYER);
    let may_be = match said.word.second {
        Second::Never => said.word.does == Does::Books && is_private,
        Second::Large => row.is_some_and(|row| cents(&row["amount"]).abs() > IGNORED_MAX),
        Second::Always | Second::GivesAway => true,
    };
    ensure(may_be, "I23", || {
        format!(
            "{} of {} needs no second person: {:?}",
            said.word.code, said.payment, one.answer
        )
    })
}
