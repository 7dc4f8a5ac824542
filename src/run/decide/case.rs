//! Everything that people said about one payment, looked at together: who agrees, who waits, who approves.

use super::carry::Carried;
use super::{Refused, Table, answer, approval, person, rejected};
use crate::model::decision::DecisionOutcome;
use crate::model::{Action, Decision, PaymentId, Waiting, WaitingEnd};
use crate::words::decision as words;

/// Rows about one payment with their positions among all, and what waits since an earlier run.
#[derive(Default)]
pub(super) struct Case<'c> {
    pub(super) fresh: Vec<(usize, &'c Decision)>,
    pub(super) approvals: Vec<(usize, &'c Decision)>,
    pub(super) waiting: Option<&'c Waiting>,
}

impl Case<'_> {
    /// Returns true when this is about taking something back.
    pub(super) fn is_undo(&self) -> bool {
        let waiting = self.waiting.iter().map(|waiting| &waiting.decision);
        let all = self.fresh.iter().map(|(_, decision)| *decision).chain(waiting);
        all.map(|decision| decision.action).any(|action| action == Action::Undo)
    }
}

/// The decision that counts, if any does.
struct Main<'c> {
    decision: &'c Decision,
    /// Rows of tonight that say it.
    rows: Vec<usize>,
    /// It waits since an earlier run.
    waiting: Option<&'c Waiting>,
    /// It took the place of another one that waited: nobody saw it yet.
    is_edited: bool,
}

fn is_same(one: &Decision, other: &Decision) -> bool {
    one.action == other.action && one.targets == other.targets
}

impl Table<'_> {
    /// Answers every row of a case.
    pub(super) fn judge(&mut self, id: &PaymentId, case: &Case<'_>) {
        let mut waiting = case.waiting;
        let is_void = waiting.is_some_and(|waiting| self.row_hash(id).is_none_or(|hash| hash != waiting.row_hash));
        if let Some(void) = waiting.filter(|_| is_void) {
            self.end(void, WaitingEnd::Void, DecisionOutcome::Stale, &words::void());
            waiting = None;
        }
        let Some(main) = self.main(case, waiting) else {
            return;
        };
        let Some(main) = main else {
            let refused = if is_void {
                (DecisionOutcome::Stale, words::void())
            } else {
                self.nothing_to_approve(id)
            };
            self.answer_approvals(case, &refused);
            return;
        };
        self.decide_main(case, &main);
    }

    /// Returns the decision that counts: `None` when people disagree, which is answered then; `Some(None)` when there is none.
    #[expect(clippy::option_option, reason = "no decision and a disagreement are two answers")]
    fn main<'c>(&mut self, case: &Case<'c>, waiting: Option<&'c Waiting>) -> Option<Option<Main<'c>>> {
        let Some((_, first)) = case.fresh.first().copied() else {
            return Some(waiting.map(|waiting| Main {
                decision: &waiting.decision,
                rows: Vec::new(),
                waiting: Some(waiting),
                is_edited: false,
            }));
        };
        if case.fresh.iter().any(|(_, row)| !is_same(row, first)) {
            self.disagree(case, waiting, &words::conflict());
            return None;
        }
        let rows: Vec<usize> = case.fresh.iter().map(|(position, _)| *position).collect();
        let main = |decision, waiting, is_edited| Main {
            decision,
            rows: rows.clone(),
            waiting,
            is_edited,
        };
        match waiting {
            None => Some(Some(main(first, None, false))),
            Some(known) if is_same(&known.decision, first) => Some(Some(main(&known.decision, waiting, false))),
            Some(known) if case.fresh.iter().all(|(_, row)| row.folder == known.decision.folder) => {
                self.made.waiting_ended.push((known.number, WaitingEnd::Replaced));
                Some(Some(main(first, None, true)))
            }
            Some(known) => {
                let reason = words::conflict_with_waiting(&known.decision, person(&known.decision));
                self.disagree(case, waiting, &reason);
                None
            }
        }
    }

    fn disagree(&mut self, case: &Case<'_>, waiting: Option<&Waiting>, reason: &str) {
        for (position, row) in case.fresh.iter().chain(&case.approvals) {
            self.answered
                .insert(*position, answer(row, DecisionOutcome::Conflict, reason));
        }
        if let Some(waiting) = waiting {
            self.end(waiting, WaitingEnd::Void, DecisionOutcome::Conflict, reason);
        }
    }

    fn decide_main(&mut self, case: &Case<'_>, main: &Main<'_>) {
        let carried = self.carry_out(main.decision, main.waiting.is_some());
        let carried = match carried {
            Ok(carried) => carried,
            Err(refused) => {
                self.answer_main(case, main, refused.0, &refused.1);
                if let Some(waiting) = main.waiting {
                    self.made.waiting_ended.push((waiting.number, WaitingEnd::Void));
                }
                self.answer_approvals(case, &refused);
                return;
            }
        };
        let Some(why) = approval::needed(self.desk, main.decision, &carried) else {
            let said = self.make(main.decision, carried, "");
            self.answer_main(case, main, DecisionOutcome::Applied, &said);
            if let Some(waiting) = main.waiting {
                self.made.waiting_ended.push((waiting.number, WaitingEnd::Approved));
            }
            self.answer_approvals(case, &(DecisionOutcome::Already, words::no_approval_needed()));
            return;
        };
        let mut approver = None;
        for (position, row) in &case.approvals {
            match self.check_approval(main, row) {
                Ok(()) if approver.is_none() => approver = Some((*position, *row)),
                Ok(()) => {
                    let same =
                        words::same_decision(&approver.map_or_else(String::new, |(_, row)| row.source.to_string()));
                    self.answered
                        .insert(*position, answer(row, DecisionOutcome::Already, &same));
                }
                Err((outcome, reason)) => {
                    self.answered.insert(*position, answer(row, outcome, &reason));
                }
            }
        }
        match approver {
            Some((position, row)) => {
                let approved_by = person(row).to_owned();
                let said = self.make(main.decision, carried, &approved_by);
                let reason = words::approved_by(&approved_by, &said);
                self.answer_main(case, main, DecisionOutcome::Applied, &reason);
                let reason = words::approves(main.decision, person(main.decision));
                self.answered
                    .insert(position, answer(row, DecisionOutcome::Applied, &reason));
                if let Some(waiting) = main.waiting {
                    self.made.waiting_ended.push((waiting.number, WaitingEnd::Approved));
                }
            }
            None => {
                self.put_back(&carried);
                self.wait(case, main, &why);
            }
        }
    }

    /// The decision waits for a second person, from now on or further on.
    fn wait(&mut self, case: &Case<'_>, main: &Main<'_>, why: &str) {
        if let Some(waiting) = main.waiting {
            self.answer_rows(
                case,
                main,
                DecisionOutcome::NeedsApproval,
                &words::waits_since(waiting.run),
            );
            return;
        }
        if main.decision.folder.is_empty() {
            self.answer_rows(case, main, DecisionOutcome::NeedsApproval, &words::folder_missing(why));
            return;
        }
        let reason = words::needs_approval(main.decision, person(main.decision), why);
        self.answer_rows(case, main, DecisionOutcome::NeedsApproval, &reason);
        // What is open gets the hash of tonight's row, when the night is judged; what is settled stays as it is.
        let id = &main.decision.payment_id;
        let is_open = self.desk.open.contains_key(id);
        let row_hash = self.row_hash(id).filter(|_| !is_open);
        self.made.waiting.push(Waiting {
            number: 0,
            run: self.desk.run,
            decision: main.decision.clone(),
            row_hash: row_hash.unwrap_or_default(),
            is_edited: main.is_edited,
        });
    }

    /// What counts is another person's folder, the row as it is now, and that they saw what was decided.
    fn check_approval(&self, main: &Main<'_>, row: &Decision) -> Result<(), Refused> {
        let decision = main.decision;
        let who = person(decision);
        if row.folder.is_empty() {
            return Err((DecisionOutcome::NeedsApproval, words::approval_without_folder()));
        }
        if decision.folder.is_empty() {
            return Err((DecisionOutcome::NeedsApproval, words::approves_other(decision, who)));
        }
        if row.folder.to_lowercase() == decision.folder.to_lowercase() {
            return Err((DecisionOutcome::NeedsApproval, words::own_decision(who)));
        }
        if main.is_edited {
            return Err((DecisionOutcome::Stale, words::edited_since(decision, who)));
        }
        let hash = self.row_hash(&decision.payment_id).unwrap_or_default();
        if !row.row_hash.is_empty() && row.row_hash != hash {
            return Err((DecisionOutcome::Stale, words::void()));
        }
        let is_blank = row.typed.trim_matches('|').is_empty();
        let is_same = row.typed == decision.typed;
        // What waits since an earlier run was shown; what was edited meanwhile is shown by the newer sheet only.
        let is_shown = main.waiting.is_some_and(|waiting| {
            let is_newer = row.seen_run.is_some_and(|run| run >= waiting.run);
            is_newer || !waiting.is_edited
        });
        if is_shown && (is_same || is_blank) || main.waiting.is_none() && is_same {
            return Ok(());
        }
        Err((DecisionOutcome::NeedsApproval, words::approves_other(decision, who)))
    }

    fn answer_main(&mut self, case: &Case<'_>, main: &Main<'_>, outcome: DecisionOutcome, reason: &str) {
        if let (Some(waiting), true) = (main.waiting, main.rows.is_empty()) {
            self.made.results.push(answer(&waiting.decision, outcome, reason));
            return;
        }
        self.answer_rows(case, main, outcome, reason);
    }

    /// The first row that says it is answered, the others are told where it stands.
    fn answer_rows(&mut self, case: &Case<'_>, main: &Main<'_>, outcome: DecisionOutcome, reason: &str) {
        let mut first: Option<&Decision> = None;
        for (position, row) in case.fresh.iter().filter(|(position, _)| main.rows.contains(position)) {
            let told = match first {
                None => answer(row, outcome, reason),
                Some(first) => {
                    let same = words::same_decision(&first.source.to_string());
                    let outcome = if outcome == DecisionOutcome::NeedsApproval {
                        outcome
                    } else {
                        DecisionOutcome::Already
                    };
                    answer(row, outcome, &same)
                }
            };
            first.get_or_insert(row);
            self.answered.insert(*position, told);
        }
    }

    fn answer_approvals(&mut self, case: &Case<'_>, refused: &Refused) {
        for (position, row) in &case.approvals {
            self.answered.insert(*position, answer(row, refused.0, &refused.1));
        }
    }

    fn nothing_to_approve(&self, id: &PaymentId) -> Refused {
        if self.desk.open.contains_key(id) {
            return rejected(words::nothing_to_approve());
        }
        self.not_open(id)
    }

    fn end(&mut self, waiting: &Waiting, how: WaitingEnd, outcome: DecisionOutcome, reason: &str) {
        self.made.waiting_ended.push((waiting.number, how));
        self.made.results.push(answer(&waiting.decision, outcome, reason));
    }

    /// Makes what was carried out true; returns what the person is told.
    fn make(&mut self, decision: &Decision, carried: Carried, approved_by: &str) -> String {
        let decided_by = person(decision).to_owned();
        match carried {
            Carried::Effect(effect) => {
                self.learn(decision, &effect, approved_by);
                let said = match effect {
                    super::Effect::Post { .. } => words::booked(),
                    super::Effect::SetAside(_) => words::left_the_list(),
                };
                self.made.decided.push(super::Decided {
                    payment_id: decision.payment_id.clone(),
                    decided_by,
                    approved_by: approved_by.to_owned(),
                    decision: decision.clone(),
                    effect,
                });
                said
            }
            Carried::PutOff(until) => {
                self.made.put_off.push(crate::model::decision::PutOff {
                    payment_id: decision.payment_id.clone(),
                    until,
                });
                words::put_off(until)
            }
            Carried::Amend(amended) => {
                self.made.amendments.push(crate::model::Amendment {
                    payment_id: decision.payment_id.clone(),
                    amended,
                    decided_by,
                });
                String::new()
            }
            Carried::Alias(customer_id) => {
                self.learn_alias(decision, &customer_id, approved_by);
                self.made.amendments.push(crate::model::Amendment {
                    payment_id: decision.payment_id.clone(),
                    amended: crate::model::Amended::Customers(vec![customer_id]),
                    decided_by,
                });
                String::new()
            }
            Carried::Undo(undone) => {
                let mut undone = *undone;
                undone.approved_by = approved_by.to_owned();
                self.doubt(decision, &undone, approved_by);
                let said = undone.said();
                self.made.undone.push(undone);
                said
            }
        }
    }
}
