//! What must hold after every night, by a model that knows only the bank's books, the ERP's books and the written files.

use super::bank::{Bank, Key};
use super::erp::Erp;
use super::files::{Files, count, ensure, key, on_items};
use super::office::{Handed, Told};
use super::people::People;
use paymatch::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What the files of all nights said.
#[derive(Default)]
pub struct Promises {
    /// Statements that a night accepted as camt.
    pub accepted_camt: BTreeSet<usize>,
    /// Files that a night read or refused.
    pub settled_files: BTreeSet<String>,
    handed: Vec<Handed>,
    pub last_run: u64,
    pub people: People,
    /// Cents of each item that was posted on, over all runs, less what was taken back.
    items: BTreeMap<usize, i64>,
    /// Exceptions of the last night.
    open: BTreeMap<String, Key>,
    /// Payments ever seen, by key; among them those that may be another one.
    seen: BTreeMap<Key, BTreeSet<String>>,
    suspects: BTreeSet<String>,
    /// Entries of the bank's books in files that were accepted.
    delivered: BTreeSet<usize>,
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
        let back = self.people.look(files, handed, self.last_run, erp)?;
        self.open.extend(back);
        self.nothing_is_lost(files, &accepted)?;
        self.nothing_is_over_applied(files, handed, erp)?;
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

    /// I3: an item takes no more than is open in the export, less what the ERP has not booked yet. What is taken back is open again first.
    fn nothing_is_over_applied(&mut self, files: &Files, handed: &Handed, erp: &Erp) -> Result<(), String> {
        for (item, back) in on_items(&files.reversals) {
            *self.items.entry(item).or_default() += back;
        }
        let export = &erp.exports[handed.export];
        for (item, posted) in on_items(&files.postings) {
            // An export from before the invoice knows nothing of it; what was taken back is open by our own record.
            let invoice = erp.invoices[item].cents;
            let (shown, booked) = match export.open.get(item) {
                Some(shown) => (*shown, export.booked[item]),
                None => (invoice, 0),
            };
            let on_its_way = self.posted_on(item) - booked;
            let open = shown - on_its_way;
            let sign = invoice.signum();
            ensure((0..=open * sign).contains(&(posted * sign)), "I3", || {
                format!("{posted} posted on I{item}: the export shows {shown}, {on_its_way} are on their way")
            })?;
            *self.items.entry(item).or_default() += posted;
        }
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
            let posted = ids.iter().filter(|id| self.people.is_posted(id)).count();
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
