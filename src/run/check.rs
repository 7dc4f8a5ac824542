//! Compares everything that was ever published with the store, and the store with itself.

use crate::run::publish::{self, Places};
use crate::store::{Delivery, Publication, Store, StoreError, files};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a check found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CheckReport {
    /// Committed runs.
    pub runs: u64,
    /// Payments known.
    pub payments: u64,
    /// Published files that were compared.
    pub files: u64,
    /// The committed run whose publication was interrupted, or is under way: the next run completes it.
    pub unpublished: Option<u64>,
    /// What is broken; empty when all is well.
    pub findings: Vec<CheckFinding>,
}

/// One thing that is broken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckFinding {
    /// The promise that is broken: `I22`, or `store` for the store itself.
    pub promise: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong, in words.
    pub message: String,
    /// What to do.
    pub remedy: &'static str,
}

impl CheckReport {
    /// Returns true when nothing is broken.
    pub fn is_fine(&self) -> bool {
        self.findings.is_empty()
    }

    fn say(&mut self, promise: &'static str, path: &Path, message: String, remedy: &'static str) {
        self.findings.push(CheckFinding {
            promise,
            path: path.to_owned(),
            message,
            remedy,
        });
    }
}

const RESTORE_FILE: &str = "put the file back from the backup; what was posted is still known";
const RESTORE_STORE: &str = "do not run; put the store back from the backup";

/// Checks store, run folders and outbox. Changes nothing, and works beside a run.
pub fn check(state: &Path, out: &Path, outbox: &Path) -> CheckReport {
    let mut report = CheckReport::default();
    match Store::open_read_only(state) {
        Ok(store) => {
            if let Err(error) = check_all(&store, &Places::new(out, outbox), &mut report) {
                report.say("store", store.path(), error.to_string(), RESTORE_STORE);
            }
        }
        Err(StoreError::Missing { path }) => match files::run_folders(out) {
            Ok(folders) if folders.is_empty() => {}
            _ => {
                let message = format!("there is no store, but {} holds run folders", out.display());
                report.say("I13", &path, message, RESTORE_STORE);
            }
        },
        Err(error) => report.say("I13", state, error.to_string(), error.remedy()),
    }
    report
}

fn check_all(store: &Store, places: &Places<'_>, report: &mut CheckReport) -> Result<(), StoreError> {
    (report.runs, report.payments) = store.size()?;
    for flaw in store.flaws()? {
        report.say(flaw.promise, store.path(), flaw.message, RESTORE_STORE);
    }
    let publications = store.publications()?;
    for publication in &publications {
        if publication.is_complete {
            check_folder(places, publication, report);
            check_delivery(places, publication, report);
        } else {
            report.unpublished = Some(publication.run);
        }
    }
    check_unknown(places, &publications, report);
    check_latest(places, &publications, report);
    Ok(())
}

/// Every file of a run folder is there, unchanged, and nothing else is.
fn check_folder(places: &Places<'_>, publication: &Publication, report: &mut CheckReport) {
    let folder = places.shown(publication.run);
    if !folder.is_dir() {
        report.say("I22", &folder, "the run folder is missing".to_owned(), RESTORE_FILE);
        return;
    }
    let mut expected = BTreeSet::new();
    for file in &publication.files {
        let path = folder.join(&file.name);
        report.files += 1;
        match publish::hash_of_file(&path) {
            Ok((_, sha256)) if sha256 == file.sha256 => {}
            Ok((bytes, _)) if bytes != file.bytes => {
                let message = format!("it was changed: {bytes} bytes instead of {}", file.bytes);
                report.say("I22", &path, message, RESTORE_FILE);
            }
            Ok(_) => report.say("I22", &path, "its content was changed".to_owned(), RESTORE_FILE),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                report.say("I22", &path, "the file is missing".to_owned(), RESTORE_FILE);
            }
            Err(error) => report.say("I22", &path, format!("cannot be read: {error}"), RESTORE_FILE),
        }
        expected.insert(path);
    }
    match publish::files_below(&folder) {
        Ok(mut found) => {
            found.sort();
            for path in found.iter().filter(|path| !expected.contains(*path)) {
                let message = "the run did not write this file".to_owned();
                report.say("I22", path, message, "move it elsewhere");
            }
        }
        Err(error) => report.say("I22", &folder, format!("cannot be read: {error}"), RESTORE_FILE),
    }
}

/// A delivery that still lies in the outbox or among the done ones is unchanged. One that the ERP took elsewhere is fine.
fn check_delivery(places: &Places<'_>, publication: &Publication, report: &mut CheckReport) {
    let Some(file) = &publication.outbox else { return };
    if publication.delivery != Delivery::Placed {
        let message = format!(
            "run {} is published, its delivery {} is not",
            publication.run, file.name
        );
        report.say("I4", places.outbox, message, RESTORE_STORE);
    }
    let found = publish::delivery_places(places.outbox, &file.name);
    let found: Vec<&PathBuf> = found.iter().filter(|path| path.exists()).collect();
    for path in &found {
        report.files += 1;
        if !publish::is_file(path, file) {
            let message = "the delivery is not what the run wrote".to_owned();
            report.say(
                "I22",
                path,
                message,
                "do not import it; compare it with postings.csv of the run",
            );
        }
    }
    if found.len() > 1 {
        let message = format!("{} lies in the outbox and among the done ones", file.name);
        report.say(
            "I4",
            places.outbox,
            message,
            "see to it that the ERP imports it once only",
        );
    }
}

/// Run folders and deliveries that no run of this store published.
fn check_unknown(places: &Places<'_>, publications: &[Publication], report: &mut CheckReport) {
    let known: BTreeSet<u64> = publications.iter().map(|publication| publication.run).collect();
    let first = known.first().copied();
    for run in files::run_folders(places.out).unwrap_or_default() {
        // Folders below the first run belong to an earlier store.
        if !known.contains(&run) && first.is_none_or(|first| run > first) {
            let message = format!("the store knows no run {run}");
            report.say("I13", &places.shown(run), message, RESTORE_STORE);
        }
    }
}

fn check_latest(places: &Places<'_>, publications: &[Publication], report: &mut CheckReport) {
    if !cfg!(unix) || report.unpublished.is_some() {
        return;
    }
    let Some(last) = publications.last() else { return };
    let latest = places.out.join("latest");
    let target = std::fs::read_link(&latest).ok();
    if target.as_deref() != Some(Path::new(&last.run.to_string())) {
        let message = format!("it does not lead to run {}", last.run);
        report.say("I22", &latest, message, "the next run sets it again");
    }
}
