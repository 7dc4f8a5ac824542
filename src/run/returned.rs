//! Sheets that came back from reviewers: found, read, each row answered once.

use crate::model::decision::{DecisionResult, Target};
use crate::model::run::{InputFile, InputRole, InputState};
use crate::model::{Action, Currency, Decision, Finding};
use crate::review;
use crate::run::failure::Failure;
use crate::run::inputs;
use crate::store::{OpenPayment, Store};
use std::collections::BTreeMap;
use std::path::Path;

/// One returned sheet.
#[derive(Clone, Debug)]
pub struct ReturnedFile {
    /// What the manifest says of it.
    pub input: InputFile,
}

/// All returned sheets of the night.
#[derive(Clone, Debug, Default)]
pub struct Returned {
    /// Files.
    pub files: Vec<ReturnedFile>,
    /// Decisions that nobody answered yet, by file and row.
    pub decisions: Vec<Decision>,
    /// Rows that were answered while reading: no payment, unknown word.
    pub results: Vec<DecisionResult>,
    /// Findings.
    pub findings: Vec<Finding>,
}

impl Returned {
    /// Returns the hash of the file with that name.
    pub fn sha256_of(&self, file: &str) -> &str {
        self.files
            .iter()
            .find(|known| known.input.name == file)
            .map_or("", |known| known.input.sha256.as_str())
    }
}

/// Reads the sheets of the decisions folder; the folder below it is the person. A missing folder has no decisions.
pub fn read(folder: Option<&Path>, store: &Store, open: &[OpenPayment]) -> Result<Returned, Failure> {
    let mut returned = Returned::default();
    let Some(folder) = folder.filter(|folder| folder.is_dir()) else {
        return Ok(returned);
    };
    let currencies: BTreeMap<String, Currency> = open
        .iter()
        .map(|open| (open.payment.id.0.clone(), open.payment.amount.currency))
        .collect();
    for found in inputs::find(&[folder.to_owned()])? {
        let lower = found.name.to_lowercase();
        if ![".xlsx", ".csv", ".txt"].iter().any(|ending| lower.ends_with(ending)) {
            continue;
        }
        let input = match inputs::read(&found) {
            Ok(input) => input,
            Err(finding) => {
                returned.findings.push(finding);
                continue;
            }
        };
        // The first part of the name is the decisions folder itself; a folder below it is a person's.
        let mut parts = found.name.split('/').skip(1);
        let person = match (parts.next(), parts.next()) {
            (Some(person), Some(_)) => person,
            _ => "",
        };
        let reading = review::decisions::read(&input.name, &input.bytes, person, &currencies);
        if reading.is_left {
            returned.findings.extend(reading.findings);
            continue;
        }
        let rows = reading.decisions.len() + reading.results.len();
        let is_refused = rows == 0
            && reading
                .findings
                .iter()
                .any(|f| f.severity == crate::model::Severity::Error);
        returned.files.push(ReturnedFile {
            input: InputFile {
                role: InputRole::Decisions,
                name: input.name.clone(),
                sha256: input.sha256.clone(),
                bytes: input.bytes.len() as u64,
                records: rows as u64,
                state: if is_refused {
                    InputState::Refused
                } else {
                    InputState::Read
                },
            },
        });
        returned.findings.extend(reading.findings);
        for mut decision in reading.decisions {
            if store.decision_answered(&input.sha256, &decision.source)?.is_none() {
                name_payment(store, &mut decision)?;
                returned.decisions.push(decision);
            }
        }
        for result in reading.results {
            if store.decision_answered(&input.sha256, &result.source)?.is_none() {
                returned.results.push(result);
            }
        }
    }
    Ok(returned)
}

/// What is taken back may be named by the id of its posting, in `payment_id` or in `target`.
fn name_payment(store: &Store, decision: &mut Decision) -> Result<(), Failure> {
    if decision.action != Action::Undo {
        return Ok(());
    }
    let is_blank = decision.payment_id.0.is_empty();
    let named = match decision.targets.first() {
        Some(target) if is_blank => target.text.clone(),
        _ => decision.payment_id.0.clone(),
    };
    let Some(payment_id) = store.payment_of_posting(&named)? else {
        return Ok(());
    };
    decision.payment_id = payment_id;
    if decision.targets.is_empty() {
        decision.targets.push(Target {
            text: named,
            amount: None,
        });
    }
    Ok(())
}
