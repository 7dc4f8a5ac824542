//! What must hold after every night, by a model that knows only the bank's books, the ERP's books and the written files.

use super::bank::{Bank, Key, date};
use super::erp::Erp;
use super::office::{Rows, Told};
use crate::program::rows;
use paymatch::model::Night;
use paymatch::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Row = BTreeMap<String, String>;

/// What lay before a night.
#[derive(Clone, Debug)]
pub struct Handed {
    pub day: u64,
    pub files: BTreeSet<String>,
    pub export: usize,
    pub decisions: BTreeMap<String, Rows>,
}

/// A payment that a person settled, or put off.
#[derive(Clone, Debug)]
enum ByPerson {
    Settled,
    PutOff(String),
}

/// What the files of all nights said.
#[derive(Default)]
pub struct Promises {
    /// Statements that a night accepted as camt.
    pub accepted_camt: BTreeSet<usize>,
    /// Files that a night read or refused.
    pub settled_files: BTreeSet<String>,
    handed: Vec<Handed>,
    last_run: u64,
    /// Payments posted: their key and the cents of all their lines over all runs.
    posted: BTreeMap<String, (Key, i64)>,
    /// Cents of each item that was posted on, over all runs.
    items: BTreeMap<usize, i64>,
    /// Exceptions of the last night.
    open: BTreeMap<String, Key>,
    /// Payments ever seen, by key; among them those that may be another one.
    seen: BTreeMap<Key, BTreeSet<String>>,
    suspects: BTreeSet<String>,
    /// Entries of the bank's books in files that were accepted.
    delivered: BTreeSet<usize>,
    by_person: BTreeMap<String, ByPerson>,
    /// Decision files that were answered.
    answered: BTreeSet<String>,
}

fn cents(text: &str) -> i64 {
    text.replace('.', "").parse().expect("an amount")
}

fn key(row: &Row) -> Key {
    (
        row["account"].clone(),
        row["booking_date"].clone(),
        cents(&row["amount"]),
    )
}

fn count(keys: impl Iterator<Item = Key>) -> BTreeMap<Key, i64> {
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

fn ensure(holds: bool, promise: &str, told: impl FnOnce() -> String) -> Result<(), String> {
    if holds {
        Ok(())
    } else {
        Err(format!("{promise}: {}", told()))
    }
}

/// The files of one night.
struct Files {
    /// Payments posted, with their lines.
    postings: BTreeMap<String, Vec<Row>>,
    exceptions: Vec<Row>,
    set_aside: Vec<Row>,
    duplicates: Vec<Row>,
    answers: Vec<Row>,
    findings: Vec<Row>,
    /// Statement files by their names, with what became of them.
    inputs: BTreeMap<String, String>,
}

impl Files {
    fn read(out: &Path) -> Files {
        let mut postings: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in rows(&out.join("postings.csv")) {
            postings.entry(row["payment_id"].clone()).or_default().push(row);
        }
        let manifest = std::fs::read_to_string(out.join("manifest.json")).expect("a manifest");
        let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        let inputs = manifest["run"]["inputs"].as_array().expect("inputs");
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        Files {
            postings,
            exceptions: rows(&out.join("exceptions.csv")),
            set_aside: rows(&out.join("set_aside.csv")),
            duplicates: rows(&out.join("duplicates.csv")),
            answers: rows(&out.join("decisions_result.csv")),
            findings: rows(&out.join("findings.csv")),
            inputs: inputs
                .iter()
                .filter(|input| input["role"] == "statement")
                .map(|input| (text(&input["name"]).replace("inbox/", ""), text(&input["state"])))
                .collect(),
        }
    }

    /// The key of each posted payment: its lines add up to its cash.
    fn posted(&self) -> BTreeMap<String, Key> {
        let of_lines = |lines: &Vec<Row>| {
            let sum = lines.iter().map(|line| cents(&line["amount"])).sum();
            (lines[0]["account"].clone(), lines[0]["booking_date"].clone(), sum)
        };
        self.postings
            .iter()
            .map(|(id, lines)| (id.clone(), of_lines(lines)))
            .collect()
    }
}

impl Promises {
    /// Remembers what a night was given, whether it came through or not.
    pub fn attempt(&mut self, handed: Handed) {
        self.handed.push(handed);
    }

    /// Returns true when a night may have been committed whose files nobody has seen yet.
    pub fn is_waiting(&self) -> bool {
        !self.handed.is_empty()
    }

    /// Returns the cents posted on an item, over all runs.
    pub fn posted_on(&self, item: usize) -> i64 {
        self.items.get(&item).copied().unwrap_or(0)
    }

    /// Looks at each run that was published since, and at the record.
    pub fn keep(&mut self, folder: &Path, bank: &Bank, erp: &Erp, told: &BTreeMap<String, Told>) -> Result<(), String> {
        let state = folder.join("state");
        if !state.join("paymatch.sqlite").is_file() {
            self.handed.clear();
            return Ok(());
        }
        let store = Store::open_read_only(&state).map_err(|error| error.to_string())?;
        let (committed, _) = store.size().map_err(|error| error.to_string())?;
        // An attempt that was not committed left nothing; the run that bears its number came later.
        let waiting = (committed - self.last_run) as usize;
        let last = self.handed.pop();
        self.handed.truncate(waiting.saturating_sub(1));
        if self.handed.len() < waiting {
            self.handed.extend(last);
        }
        while self.last_run < committed {
            let out = folder.join("out").join((self.last_run + 1).to_string());
            if !out.is_dir() {
                return ensure(self.last_run + 1 == committed, "I6", || {
                    "an interrupted run was not completed".to_owned()
                });
            }
            let is_published = store.unpublished().map_err(|error| error.to_string())?.is_none();
            if !is_published && self.last_run + 1 == committed {
                return Ok(());
            }
            self.last_run += 1;
            let handed = self.handed.remove(0);
            self.run(&Files::read(&out), &handed, bank, erp, told)
                .map_err(|broken| format!("run {}: {broken}", self.last_run))?;
        }
        let flaws = store.flaws().map_err(|error| error.to_string())?;
        ensure(flaws.is_empty(), "check", || format!("{flaws:?}"))
    }

    fn run(
        &mut self,
        files: &Files,
        handed: &Handed,
        bank: &Bank,
        erp: &Erp,
        told: &BTreeMap<String, Told>,
    ) -> Result<(), String> {
        let accepted = self.accept(files, handed, told)?;
        self.nothing_is_lost(files, &accepted)?;
        self.nothing_is_over_applied(files, handed, erp)?;
        self.people_are_obeyed(files, handed)?;
        for (id, key) in files.posted() {
            let before = self.posted.entry(id.clone()).or_insert((key.clone(), 0));
            before.1 += key.2;
            ensure(before.1 == before.0.2, "I4", || {
                format!("{id} is posted with {} of {:?}", before.1, key)
            })?;
        }
        self.each_entry_is_known_once(bank)?;
        self.open = files
            .exceptions
            .iter()
            .map(|row| (row["payment_id"].clone(), key(row)))
            .collect();
        Ok(())
    }

    /// I5: every file is read or refused with its reason. Returns what the accepted ones told.
    fn accept(&mut self, files: &Files, handed: &Handed, told: &BTreeMap<String, Told>) -> Result<Vec<Key>, String> {
        let mut accepted = Vec::new();
        let mut seen = BTreeSet::new();
        for (name, state) in &files.inputs {
            seen.insert(name.clone());
            self.settled_files.insert(name.clone());
            let file = told
                .get(name)
                .ok_or_else(|| format!("I5: {name} was never delivered"))?;
            if matches!(state.as_str(), "read" | "known") {
                accepted.extend(file.keys.iter().cloned());
                self.delivered.extend(&file.entries);
                self.accepted_camt.extend(file.camt);
                ensure(!file.entries.is_empty(), "I16", || {
                    format!("{name} is corrected and accepted")
                })?;
            } else {
                let is_named = files
                    .findings
                    .iter()
                    .any(|finding| finding["severity"] == "error" && finding["file"].ends_with(name.as_str()));
                ensure(is_named, "I5", || format!("{name} is {state}, and no finding says why"))?;
            }
        }
        ensure(seen == handed.files, "I5", || {
            format!("{:?} were given, {seen:?} are listed", handed.files)
        })?;
        Ok(accepted)
    }

    /// I1: what was read, and what was open before, is in exactly one file each.
    fn nothing_is_lost(&mut self, files: &Files, accepted: &[Key]) -> Result<(), String> {
        let mut places: BTreeMap<&str, &str> = BTreeMap::new();
        let lists = [("exceptions", &files.exceptions), ("set_aside", &files.set_aside)];
        let listed = lists
            .into_iter()
            .flat_map(|(place, rows)| rows.iter().map(move |row| (row["payment_id"].as_str(), place)));
        for (id, place) in listed.chain(files.postings.keys().map(|id| (id.as_str(), "postings"))) {
            let before = places.insert(id, place);
            ensure(before.is_none(), "I1", || {
                format!("{id} is in {place} and in {before:?}")
            })?;
        }
        let posted = files.posted();
        let settled = files.exceptions.iter().chain(&files.set_aside);
        for (id, key) in settled
            .clone()
            .map(|row| (row["payment_id"].clone(), key(row)))
            .chain(posted.clone())
        {
            self.seen.entry(key).or_default().insert(id);
        }
        let suspects = files
            .exceptions
            .iter()
            .filter(|row| row["reason"] == "DUPLICATE_SUSPECT");
        self.suspects.extend(suspects.map(|row| row["payment_id"].clone()));
        let written = count(settled.chain(&files.duplicates).map(key).chain(posted.into_values()));
        let read = count(accepted.iter().cloned());
        let before = count(self.open.values().cloned());
        for key in written.keys().chain(read.keys()).collect::<BTreeSet<_>>() {
            let of = |counts: &BTreeMap<Key, i64>| counts.get(key).copied().unwrap_or(0);
            let carried = of(&written) - of(&read);
            ensure((0..=of(&before)).contains(&carried), "I1", || {
                format!(
                    "{key:?}: read {}, open before {}, written {}",
                    of(&read),
                    of(&before),
                    of(&written)
                )
            })?;
        }
        let lost = self.open.keys().find(|id| !places.contains_key(id.as_str()));
        ensure(lost.is_none(), "I1", || format!("{lost:?} was open and is nowhere"))
    }

    /// I3: an item takes no more than is open in the export, less what the ERP has not booked yet.
    fn nothing_is_over_applied(&mut self, files: &Files, handed: &Handed, erp: &Erp) -> Result<(), String> {
        let mut now: BTreeMap<usize, i64> = BTreeMap::new();
        for line in files
            .postings
            .values()
            .flatten()
            .filter(|line| !line["item_id"].is_empty())
        {
            let item: usize = line["item_id"][1..].parse().expect("an item");
            *now.entry(item).or_default() += cents(&line["item_amount"]);
        }
        let export = &erp.exports[handed.export];
        for (item, posted) in now {
            let sign = erp.invoices[item].cents.signum();
            let on_its_way = ((self.posted_on(item) - export.booked[item]) * sign).max(0);
            let open = export.open[item] * sign - on_its_way;
            ensure((0..=open).contains(&(posted * sign)), "I3", || {
                format!(
                    "{posted} posted on I{item}: the export shows {}, {on_its_way} are on their way",
                    export.open[item]
                )
            })?;
            *self.items.entry(item).or_default() += posted;
        }
        Ok(())
    }

    /// I12 and the answers: each row once, what is applied is there, and no machine undoes it.
    fn people_are_obeyed(&mut self, files: &Files, handed: &Handed) -> Result<(), String> {
        let as_of = date(handed.day).to_string();
        for (id, by_person) in &self.by_person {
            let lines = files.postings.get(id);
            let is_open = files.exceptions.iter().any(|row| row["payment_id"] == *id);
            match by_person {
                ByPerson::Settled => ensure(lines.is_none() && !is_open, "I12", || {
                    format!("{id} was settled by a person and is decided again")
                })?,
                ByPerson::PutOff(until) => {
                    let by_machine = lines.is_some_and(|lines| lines[0]["decided_by"] == "paymatch");
                    ensure(!by_machine || *until <= as_of, "I12", || {
                        format!("{id} is put off until {until}")
                    })?;
                }
            }
        }
        let mut expected: BTreeMap<String, &Rows> = BTreeMap::new();
        for (name, rows) in handed
            .decisions
            .iter()
            .filter(|(name, _)| !self.answered.contains(*name))
        {
            expected.insert(name.clone(), rows);
        }
        let mut given: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
        for answer in &files.answers {
            given
                .entry(answer["file"].replace("decisions/", ""))
                .or_default()
                .push(answer);
        }
        for (name, answers) in &given {
            let rows = expected
                .get(name)
                .ok_or_else(|| format!("answers: {name} is answered again"))?;
            ensure(answers.len() == rows.len(), "answers", || {
                format!("{name}: {answers:?}")
            })?;
            for (answer, (id, word)) in answers.iter().zip(rows.iter()) {
                if answer["outcome"] == "APPLIED" {
                    self.obeyed(files, answer, id, word)?;
                }
            }
        }
        let unanswered = expected
            .keys()
            .find(|name| !given.contains_key(*name) && !name.contains("copy"));
        ensure(unanswered.is_none(), "answers", || {
            format!("{unanswered:?} is not answered")
        })?;
        self.answered.extend(expected.into_keys());
        let applied: BTreeSet<&str> = files
            .answers
            .iter()
            .filter(|answer| answer["outcome"] == "APPLIED")
            .map(|answer| answer["payment_id"].as_str())
            .collect();
        for (id, lines) in &files.postings {
            let by_person = lines.iter().any(|line| line["decided_by"] != "paymatch");
            ensure(!by_person || applied.contains(id.as_str()), "I12", || {
                format!("{id} is posted for a person who decided nothing")
            })?;
        }
        Ok(())
    }

    /// What a carried-out decision leaves in the files.
    fn obeyed(&mut self, files: &Files, answer: &Row, id: &str, word: &super::Word) -> Result<(), String> {
        let person = answer["decided_by"].as_str();
        let is_done = match (word.books, word.rule) {
            (true, _) => files
                .postings
                .get(id)
                .is_some_and(|lines| lines.iter().all(|line| line["decided_by"] == person)),
            (false, "") => files.exceptions.iter().any(|row| row["payment_id"] == id),
            (false, rule) => files
                .set_aside
                .iter()
                .any(|row| row["payment_id"] == id && row["rule"] == rule),
        };
        ensure(is_done, "I12", || {
            format!("{} of {id} is applied and not there", word.code)
        })?;
        let by_person = if word.books || !word.rule.is_empty() {
            ByPerson::Settled
        } else {
            ByPerson::PutOff(answer["target"].clone())
        };
        self.by_person.insert(id.to_owned(), by_person);
        Ok(())
    }

    /// I4 and I5: as many payments as entries that were delivered, and nothing posted beyond them.
    fn each_entry_is_known_once(&self, bank: &Bank) -> Result<(), String> {
        let mut delivered: BTreeMap<Key, usize> = BTreeMap::new();
        for statement in &bank.statements {
            for entry in statement.entries.iter().filter(|entry| self.delivered.contains(entry)) {
                *delivered
                    .entry(bank.key(statement.account, &bank.entries[*entry]))
                    .or_default() += 1;
            }
        }
        for (key, ids) in &self.seen {
            let real = delivered.get(key).copied().unwrap_or(0);
            let certain = ids.iter().filter(|id| !self.suspects.contains(*id)).count();
            ensure(certain <= real, "I4", || {
                format!("{key:?}: {real} were delivered, {certain} are known")
            })?;
            let posted = ids.iter().filter(|id| self.posted.contains_key(*id)).count();
            ensure(posted <= real, "I4", || {
                format!("{key:?}: {real} were delivered, {posted} are posted")
            })?;
        }
        for (key, real) in &delivered {
            let known = self.seen.get(key).map_or(0, BTreeSet::len);
            ensure(known >= *real, "I5", || {
                format!("{key:?}: {real} were delivered, {known} are known")
            })?;
        }
        Ok(())
    }
}

/// I11: a night with decisions differs from the same night without them only in what shares a payment or an item with them.
pub fn changes_only_its_own(without: &Night, with: &Night) -> Result<(), String> {
    let outcomes = |night: &Night| -> BTreeMap<String, String> {
        let told = |judged: &paymatch::model::JudgedPayment| {
            let lines = judged.posting.map(|posting| {
                let lines = night.postings[posting].lines.iter();
                lines
                    .map(|line| (line.item_id.clone(), line.amount))
                    .collect::<Vec<_>>()
            });
            format!("{:?} {lines:?}", judged.explanation.outcome)
        };
        night
            .payments
            .iter()
            .map(|judged| (judged.payment.id.0.clone(), told(judged)))
            .collect()
    };
    let mut groups = Groups::default();
    for judged in without.payments.iter().chain(&with.payments) {
        let id = judged.payment.id.0.as_str();
        let candidates = judged
            .explanation
            .candidates
            .iter()
            .flat_map(|candidate| &candidate.allocations);
        candidates.for_each(|part| groups.join(id, &part.item_id));
        // Who writes an item's number shares it, also when it is settled and no candidate any more.
        let text = judged.payment.remittance_text();
        let named = without.items.iter().filter(|item| text.contains(&item.document_number));
        named.for_each(|item| groups.join(id, &item.id));
    }
    for posting in without.postings.iter().chain(&with.postings) {
        let items = posting.lines.iter().filter_map(|line| line.item_id.as_deref());
        items.for_each(|item| groups.join(&posting.payment_id.0, item));
    }
    let decided: BTreeSet<String> = with
        .decision_results
        .iter()
        .map(|result| groups.of(&result.payment_id))
        .collect();
    let (before, after) = (outcomes(without), outcomes(with));
    for (id, told) in &after {
        let is_same = before.get(id) == Some(told);
        ensure(is_same || decided.contains(&groups.of(id)), "I11", || {
            format!(
                "{id} was {:?} without the decisions and is {told} with them",
                before.get(id)
            )
        })?;
    }
    ensure(before.len() == after.len(), "I11", || {
        "a decision made payments appear or vanish".to_owned()
    })
}

/// Payments and items that share something, by their first member.
#[derive(Default)]
struct Groups(BTreeMap<String, String>);

impl Groups {
    fn of(&self, member: &str) -> String {
        let mut at = member.to_owned();
        while let Some(next) = self.0.get(&at) {
            at.clone_from(next);
        }
        at
    }

    fn join(&mut self, one: &str, other: &str) {
        let (one, other) = (self.of(one), self.of(other));
        if one != other {
            self.0.insert(one, other);
        }
    }
}
