//! I12: each row is answered, people are obeyed, and no machine overrules them.

use super::bank::{Key, date};
use super::erp::Erp;
use super::eyes::{Waiting, nobody_is_asked_in_vain};
use super::files::{Files, Row, ensure, key, key_of_lines};
use super::office::Handed;
use super::words::{Does, Outcomes, Said, WORDS};
use std::collections::{BTreeMap, BTreeSet};

/// A payment that is posted, or set aside by a person.
struct Settled {
    key: Key,
    /// Lines of its posting; none when it is set aside.
    lines: Vec<Row>,
}

/// What people said, and what became of it.
#[derive(Default)]
pub struct People {
    settled: BTreeMap<String, Settled>,
    /// Ids of all postings of a payment, oldest first, those that were taken back included.
    posting_ids: BTreeMap<String, Vec<String>>,
    /// Payments whose posting was taken back, and nobody said anything new about them.
    taken_back: BTreeSet<String>,
    /// Payments that are put off, and until when.
    put_off: BTreeMap<String, String>,
    /// By payment.
    pub(super) waiting: BTreeMap<String, Waiting>,
    /// Numbers of the rows that were answered.
    answered: BTreeSet<usize>,
    /// Hashes of the rows of the last sheet.
    hashes: BTreeMap<String, String>,
    /// Which words were answered how.
    pub outcomes: Outcomes,
}

/// A row that is answered tonight.
pub struct Answered<'a> {
    pub file: String,
    pub said: Said,
    /// Whose decision counts: of several that say the same, the one that waits.
    pub decider: &'static str,
    pub answer: &'a Row,
}

impl Answered<'_> {
    pub fn is(&self, outcome: &str) -> bool {
        self.answer["outcome"] == outcome
    }

    pub fn approves(&self, id: &str) -> bool {
        self.said.word.does == Does::Approves && self.said.payment == id && self.is("APPLIED")
    }
}

impl People {
    pub fn is_answered(&self, said: &Said) -> bool {
        self.answered.contains(&said.number)
    }

    /// Decisions that wait for a second person.
    pub fn waiting(&self) -> impl Iterator<Item = &Said> {
        self.waiting.values().map(|waiting| &waiting.said)
    }

    /// Payments that are settled, or were once.
    pub fn ever_settled(&self) -> BTreeSet<&str> {
        let ids = self.settled.keys().chain(self.posting_ids.keys());
        ids.map(String::as_str).collect()
    }

    /// Ids of all postings of a payment.
    pub fn posting_ids(&self, id: &str) -> &[String] {
        self.posting_ids.get(id).map_or(&[], Vec::as_slice)
    }

    pub fn is_posted(&self, id: &str) -> bool {
        self.settled.get(id).is_some_and(|settled| !settled.lines.is_empty())
    }

    /// The row of a payment as people see it: it changes with the candidates, or with the posting.
    pub(super) fn shown(&self, id: &str) -> String {
        let settled = self.settled.get(id);
        let lines = settled.map(|settled| settled.lines.iter().map(|line| line["posting_id"].as_str()));
        match (self.hashes.get(id), lines) {
            (Some(hash), _) => hash.clone(),
            (None, Some(lines)) => format!("settled {}", lines.collect::<Vec<_>>().join(" ")),
            (None, None) => String::new(),
        }
    }

    /// Looks at a night; returns the payments that it took back, with their keys.
    pub fn look(
        &mut self,
        files: &Files,
        handed: &Handed,
        run: u64,
        erp: &Erp,
    ) -> Result<BTreeMap<String, Key>, String> {
        let answered = self.answers(files, handed)?;
        for one in &answered {
            let outcome = (one.said.word.code, one.answer["outcome"].clone());
            *self.outcomes.entry(outcome).or_default() += 1;
            match one.answer["outcome"].as_str() {
                "APPLIED" => self.carried_out(files, one, &answered, erp)?,
                "NEEDS_APPROVAL" if one.said.word.does == Does::Approves => {
                    self.agreement_counts(&one.said, &answered)?
                }
                "NEEDS_APPROVAL" => nobody_is_asked_in_vain(files, one)?,
                _ => {}
            }
        }
        let back: BTreeMap<String, Key> = answered
            .iter()
            .filter(|one| one.said.word.does == Does::TakesBack && one.is("APPLIED"))
            .map(|one| &one.said.payment)
            .filter_map(|id| Some((id.clone(), self.settled.get(id)?.key.clone())))
            .collect();
        self.nothing_is_done_unasked(files, &answered)?;
        self.nothing_is_overruled(files, handed, &back, &answered)?;
        self.remember(files, &back, &answered);
        self.remember_waiting(&answered, run);
        let booked = self.waiting.keys().find(|id| files.postings.contains_key(*id));
        ensure(booked.is_none(), "I23", || {
            format!("{booked:?} waits for a second person, and is posted")
        })?;
        let numbers: Vec<usize> = handed.decisions.values().map(|said| said.number).collect();
        self.answered.extend(numbers);
        Ok(back)
    }

    /// Each row is answered in the night that reads it, and a decision that waits once more, when it waits no more.
    fn answers<'f>(&self, files: &'f Files, handed: &Handed) -> Result<Vec<Answered<'f>>, String> {
        let waits = self
            .waiting
            .values()
            .map(|waiting| (waiting.file.as_str(), &waiting.said));
        let waits: BTreeMap<&str, &Said> = waits.collect();
        let fresh = handed.decisions.iter().filter(|(_, said)| !self.is_answered(said));
        let mut fresh: BTreeMap<&str, &Said> = fresh.map(|(file, said)| (file.as_str(), said)).collect();
        let mut answered = Vec::new();
        for answer in &files.answers {
            let file = answer["file"].trim_start_matches("decisions/");
            let said = match fresh.remove(file) {
                Some(said) => said,
                None => {
                    let again = waits.get(file).filter(|_| answer["outcome"] != "NEEDS_APPROVAL");
                    again.ok_or_else(|| format!("answers: {file} is answered again: {answer:?}"))?
                }
            };
            let is_its = answer["payment_id"] == said.payment && answer["decided_by"] == said.person;
            ensure(is_its, "answers", || format!("{file} says {said:?}: {answer:?}"))?;
            let is_twice = answered.iter().any(|one: &Answered<'_>| one.file == file);
            ensure(!is_twice, "answers", || format!("{file} is answered twice"))?;
            let waiting = self
                .waiting
                .get(&said.payment)
                .filter(|waiting| waiting.said.is_same(said));
            let decider = waiting.map_or(said.person, |waiting| waiting.said.person);
            answered.push(Answered {
                file: file.to_owned(),
                said: said.clone(),
                decider,
                answer,
            });
        }
        ensure(fresh.is_empty(), "answers", || format!("{fresh:?} is not answered"))?;
        Ok(answered)
    }

    /// What a carried-out decision leaves in the files.
    fn carried_out(&self, files: &Files, one: &Answered<'_>, all: &[Answered<'_>], erp: &Erp) -> Result<(), String> {
        let id = one.said.payment.as_str();
        let posted = files.postings.get(id);
        let posted_by =
            |person: &str| posted.is_some_and(|lines| lines.iter().all(|line| line["decided_by"] == person));
        let is_open = files.exception(id).is_some();
        let is_done = match one.said.word.does {
            Does::Books => posted_by(one.decider),
            Does::SetsAside(rule) => {
                let mut rows = files.set_aside.iter();
                rows.any(|row| row["payment_id"] == id && row["rule"] == rule)
            }
            Does::Waits => is_open,
            Does::Amends => is_open || posted_by("paymatch"),
            Does::TakesBack => {
                return self
                    .taken_back(files, one)
                    .and_then(|()| self.by_two(files, one, all, erp));
            }
            Does::Approves => all.iter().any(|other| {
                let is_decision = other.said.word.does != Does::Approves;
                is_decision && other.is("APPLIED") && other.said.payment == id
            }),
            Does::Nothing => false,
        };
        ensure(is_done, "I12", || {
            format!("{} of {id} is applied and not there", one.said.word.code)
        })?;
        self.by_two(files, one, all, erp)
    }

    /// What is taken back is what stands, whole, and once.
    fn taken_back(&self, files: &Files, one: &Answered<'_>) -> Result<(), String> {
        let id = one.said.payment.as_str();
        let settled = self.settled.get(id);
        let settled = settled.ok_or_else(|| format!("I4: {id} is taken back, and is not settled"))?;
        let is_named =
            one.said.target.is_empty() || settled.lines.iter().any(|line| line["posting_id"] == one.said.target);
        ensure(is_named, "I12", || {
            format!(
                "{} is to be taken back, and another posting of {id} was",
                one.said.target
            )
        })?;
        let turned = |line: &Row| -> Vec<String> {
            let minus = |column: &str| {
                let figure = line[column].as_str();
                let is_zero = figure.bytes().all(|byte| matches!(byte, b'0' | b'.'));
                match figure.strip_prefix('-') {
                    Some(bare) => bare.to_owned(),
                    None if is_zero => figure.to_owned(),
                    None => format!("-{figure}"),
                }
            };
            let figures = ["amount", "discount", "charges", "write_off", "item_amount"].map(minus);
            let names = ["posting_id", "customer_id", "item_id"].map(|column| line[column].clone());
            names.into_iter().chain(figures).collect()
        };
        let told = |line: &Row| -> Vec<String> {
            let columns = [
                "reverses",
                "customer_id",
                "item_id",
                "amount",
                "discount",
                "charges",
                "write_off",
                "item_amount",
            ];
            columns.map(|column| line[column].clone()).to_vec()
        };
        let lines = files.reversals.get(id).map_or(&[][..], Vec::as_slice);
        let (expected, found): (BTreeSet<_>, BTreeSet<_>) = (
            settled.lines.iter().map(turned).collect(),
            lines.iter().map(told).collect(),
        );
        let is_whole = expected == found && lines.len() == settled.lines.len();
        ensure(is_whole, "I4", || {
            format!("{id}: {expected:?} are taken back as {found:?}")
        })?;
        let is_open = files.exception(id).is_some();
        // What a person had set aside was never matched: the machine may.
        let is_matched = settled.lines.is_empty() && files.postings.contains_key(id);
        ensure(is_open || is_matched, "I12", || {
            format!("{id} is taken back and is nowhere")
        })
    }

    /// I12: nothing is booked, ended or taken back in the name of somebody who did not ask for it tonight.
    fn nothing_is_done_unasked(&self, files: &Files, answered: &[Answered<'_>]) -> Result<(), String> {
        let asked = |id: &str, person: Option<&str>, does: &dyn Fn(Does) -> bool| {
            answered.iter().any(|one| {
                let is_person = person.is_none_or(|person| one.decider == person);
                is_person && one.is("APPLIED") && one.said.payment == id && does(one.said.word.does)
            })
        };
        let by_people = |lines: &Vec<Row>| lines[0]["decided_by"] != "paymatch";
        for (id, lines) in files.postings.iter().filter(|(_, lines)| by_people(lines)) {
            let is_asked = asked(id, Some(&lines[0]["decided_by"]), &|does| does == Does::Books);
            ensure(is_asked, "I12", || {
                format!("{id} is posted for a person who decided nothing")
            })?;
        }
        for (id, lines) in &files.reversals {
            let is_asked = asked(id, Some(&lines[0]["decided_by"]), &|does| does == Does::TakesBack);
            ensure(is_asked, "I12", || {
                format!("{id} is taken back for a person who decided nothing")
            })?;
        }
        let rules = WORDS.iter().map(|word| word.does);
        let rules: Vec<Does> = rules.filter(|does| matches!(does, Does::SetsAside(_))).collect();
        for row in &files.set_aside {
            let (id, rule) = (row["payment_id"].as_str(), row["rule"].as_str());
            let by_person = rules
                .iter()
                .any(|does| matches!(does, Does::SetsAside(known) if *known == rule));
            let is_asked = asked(
                id,
                None,
                &|does| matches!(does, Does::SetsAside(asked) if asked == rule),
            );
            let is_known = self.settled.contains_key(id);
            ensure(!by_person || is_asked || is_known, "I12", || {
                format!("{id} is set aside ({rule}), and nobody said so")
            })?;
        }
        Ok(())
    }

    /// I4 and I12: what is settled stays so, until a person takes it back; no machine posts what a person keeps from it.
    fn nothing_is_overruled(
        &self,
        files: &Files,
        handed: &Handed,
        back: &BTreeMap<String, Key>,
        answered: &[Answered<'_>],
    ) -> Result<(), String> {
        for id in self.settled.keys().filter(|id| !back.contains_key(*id)) {
            let is_anew = files.postings.contains_key(id) || files.exception(id).is_some();
            ensure(!is_anew, "I12", || format!("{id} was settled and is decided again"))?;
        }
        let as_of = date(handed.day).to_string();
        let by_machine = |id: &str| {
            files
                .postings
                .get(id)
                .is_some_and(|lines| lines[0]["decided_by"] == "paymatch")
        };
        for (id, until) in &self.put_off {
            ensure(!by_machine(id) || *until <= as_of, "I12", || {
                format!("{id} is put off until {until}")
            })?;
        }
        let taken_back = self
            .taken_back
            .iter()
            .chain(back.keys().filter(|id| self.is_posted(id)));
        for id in taken_back {
            let amends = |one: &Answered<'_>| one.said.word.does == Does::Amends && one.said.payment == *id;
            let is_amended = answered.iter().any(|one| amends(one) && one.is("APPLIED"));
            ensure(!by_machine(id) || is_amended, "I12", || {
                format!("{id} was taken back by a person and is posted again by the program")
            })?;
        }
        Ok(())
    }

    fn remember(&mut self, files: &Files, back: &BTreeMap<String, Key>, answered: &[Answered<'_>]) {
        for id in back.keys() {
            let settled = self.settled.remove(id);
            if settled.is_some_and(|settled| !settled.lines.is_empty()) {
                self.taken_back.insert(id.clone());
            }
            self.put_off.remove(id);
        }
        for one in answered.iter().filter(|one| one.is("APPLIED")) {
            let id = &one.said.payment;
            match one.said.word.does {
                Does::Waits => drop(self.put_off.insert(id.clone(), one.answer["target"].clone())),
                Does::Amends => drop(self.taken_back.remove(id)),
                Does::SetsAside(_) => {
                    let row = files.set_aside.iter().find(|row| row["payment_id"] == *id);
                    let key = key(row.expect("a row that was looked at"));
                    self.settled.insert(id.clone(), Settled { key, lines: Vec::new() });
                }
                _ => {}
            }
        }
        for (id, lines) in &files.postings {
            let settled = Settled {
                key: key_of_lines(lines),
                lines: lines.clone(),
            };
            self.settled.insert(id.clone(), settled);
            self.taken_back.remove(id);
            let ids = self.posting_ids.entry(id.clone()).or_default();
            ids.push(lines[0]["posting_id"].clone());
        }
        let hash = |row: &Row| (row["payment_id"].clone(), row["row_hash"].clone());
        self.hashes = files.exceptions.iter().map(hash).collect();
    }
}
