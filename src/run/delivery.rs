//! The night's statement files: found, hashed, read in parallel, proved.

use crate::model::run::{InputFile, InputRole, InputState};
use crate::model::statement::Proof;
use crate::model::{Finding, FindingCode, Source, Statement};
use crate::read::statement::{self, FileReading};
use crate::run::failure::Failure;
use crate::run::inputs::{self, Found};
use crate::settings::{Release, Settings};
use rayon::prelude::*;

/// So many bytes of files are in memory at once, or one file where it is larger.
const BATCH_BYTES: u64 = 128 << 20;

/// One statement file of the night.
#[derive(Debug)]
pub struct StatementFile {
    /// What the manifest says of it.
    pub input: InputFile,
    /// Readings: one, or one for each member of an archive. Empty for a file that is known or could not be opened.
    pub readings: Vec<FileReading>,
    /// Run that read the same bytes before.
    pub known_since: Option<u64>,
    /// Why it could not be opened.
    pub unopened: Option<Finding>,
}

impl StatementFile {
    fn unread(name: &str) -> StatementFile {
        StatementFile {
            input: InputFile {
                role: InputRole::Statement,
                name: name.to_owned(),
                sha256: String::new(),
                bytes: 0,
                records: 0,
                state: InputState::Refused,
            },
            readings: Vec::new(),
            known_since: None,
            unopened: None,
        }
    }

    /// Returns true when the file or one of its statements may not be used.
    pub fn has_refusal(&self) -> bool {
        let is_refused = |reading: &FileReading| {
            reading.refusal.is_some() || reading.statements.iter().any(|statement| statement.refusal.is_some())
        };
        self.unopened.is_some() || self.readings.iter().any(is_refused)
    }

    /// Two people answer for a statement whose balances do not add up: it is read as one that nothing proves.
    fn release(&mut self, release: &Release) {
        for reading in &mut self.readings {
            for statement in &mut reading.statements {
                let is_broken = |refusal: &Finding| refusal.code == FindingCode::BalanceBroken;
                if !statement.refusal.as_ref().is_some_and(is_broken) {
                    continue;
                }
                statement.refusal = None;
                statement.proof = Proof::Unproved;
                let args = vec![release.people.join(", "), release.reason.clone()];
                let source = statement.source.clone();
                let finding = Finding::warning(FindingCode::StatementReleased, source, args);
                reading.findings.push(finding);
            }
        }
        if !self.readings.is_empty() && !self.has_refusal() {
            self.input.state = InputState::Read;
        }
    }

    /// Returns the file's hash, and the statements that may be used, each with the message that it was read from.
    pub fn usable(&mut self) -> (&str, impl Iterator<Item = (&str, &mut Statement)>) {
        let accepted = self.readings.iter_mut().filter(|reading| reading.refusal.is_none());
        let usable = accepted.flat_map(|reading| {
            let message = reading.message.as_deref().unwrap_or_default();
            let statements = reading.statements.iter_mut();
            let usable = statements.filter(|statement| statement.refusal.is_none());
            usable.map(move |statement| (message, statement))
        });
        (&self.input.sha256, usable)
    }
}

/// Reads the statement files; `known_since` says which run read the same bytes before and accepted all of them.
///
/// Refuses nothing as a whole: a bad file is a value. Two files with the same bytes are read once.
pub fn read(
    found: &[Found],
    settings: &Settings,
    as_of: crate::model::NaiveDate,
    known_since: &dyn Fn(&str) -> Result<Option<u64>, Failure>,
) -> Result<Vec<StatementFile>, Failure> {
    let options = statement_options(settings, as_of)?;
    let mut files = Vec::with_capacity(found.len());
    let mut readings = Vec::new();
    // The next batch is read into the memory of the one before: to be given new memory costs a fifth of parsing.
    let mut spare: Vec<Vec<u8>> = Vec::new();
    for batch in batches(found) {
        spare.resize_with(batch.len(), Vec::new);
        let opened: Vec<Result<inputs::Input, Finding>> = batch
            .par_iter()
            .zip(std::mem::take(&mut spare))
            .map(|(found, spare)| inputs::read_into(found, spare))
            .collect();
        let mut to_read = Vec::new();
        for (found, opened) in batch.iter().zip(opened) {
            let mut file = StatementFile::unread(&found.name);
            match opened {
                Err(finding) => file.unopened = Some(finding),
                Ok(input) => {
                    file.input.sha256.clone_from(&input.sha256);
                    file.input.bytes = input.bytes.len() as u64;
                    file.known_since = known_since(&input.sha256)?;
                    if file.known_since.is_some() {
                        file.input.state = InputState::Known;
                    } else {
                        to_read.push((files.len(), input));
                    }
                }
            }
            files.push(file);
        }
        let read: Vec<(usize, Vec<FileReading>, Vec<u8>)> = to_read
            .into_par_iter()
            .map(|(position, input)| {
                let readings = statement::read(&input.name, &input.bytes, &options);
                (position, readings, input.bytes)
            })
            .collect();
        for (position, read, bytes) in read {
            readings.push((position, read));
            spare.push(bytes);
        }
    }
    prove(&mut files, readings, &options);
    for file in &mut files {
        if let Some(release) = settings.approval.releases.get(&file.input.sha256) {
            file.release(release);
        }
    }
    Ok(files)
}

/// The bytes of one batch are in memory together: as many files as fit, at least one.
fn batches(found: &[Found]) -> Vec<&[Found]> {
    let mut batches = Vec::new();
    let mut rest = found;
    while !rest.is_empty() {
        let mut bytes = 0_u64;
        let fits = rest.iter().take_while(|file| {
            bytes += std::fs::symlink_metadata(&file.path).map_or(0, |metadata| metadata.len());
            bytes <= BATCH_BYTES
        });
        let (batch, others) = rest.split_at(fits.count().max(1));
        batches.push(batch);
        rest = others;
    }
    batches
}

/// Returns what the statement readers need: own layouts first, then the shipped ones.
pub fn statement_options(settings: &Settings, as_of: crate::model::NaiveDate) -> Result<statement::Options, Failure> {
    let mut profiles = Vec::new();
    if !settings.statements.profiles.is_empty() {
        let folder = std::path::PathBuf::from(&settings.statements.profiles);
        for found in inputs::find(&[folder])?
            .into_iter()
            .filter(|found| found.name.ends_with(".toml"))
        {
            let text = std::fs::read_to_string(&found.path).map_err(|error| Failure::io(&found.path, &error))?;
            let profile = statement::csv::Profile::from_toml(&found.name, &text);
            profiles.push(profile.map_err(|problem| Failure::NoInput(format!("error[PROFILE]: {problem}")))?);
        }
    }
    profiles.extend(statement::csv::Profile::shipped());
    Ok(statement::Options {
        profiles,
        as_of,
        inverted_reversal_accounts: settings.statements.inverted_reversal_accounts(),
    })
}

/// Proves all readings together, so that pages find each other over files.
fn prove(files: &mut [StatementFile], readings: Vec<(usize, Vec<FileReading>)>, options: &statement::Options) {
    let counts: Vec<(usize, usize)> = readings
        .iter()
        .map(|(position, readings)| (*position, readings.len()))
        .collect();
    let mut flat: Vec<FileReading> = readings.into_iter().flat_map(|(_, readings)| readings).collect();
    statement::proof::prove(&mut flat, options);
    let mut rest = flat.into_iter();
    for (position, count) in counts {
        let file = &mut files[position];
        file.readings = rest.by_ref().take(count).collect();
        let statements = file.readings.iter().flat_map(|reading| &reading.statements);
        file.input.records = statements.map(|statement| statement.entries.len() as u64).sum();
        let is_held = file
            .readings
            .iter()
            .flat_map(|reading| &reading.statements)
            .any(|statement| statement.proof == Proof::Incomplete);
        file.input.state = match file.has_refusal() {
            false => InputState::Read,
            true if is_held && file.readings.iter().all(|reading| !reading.is_refused()) => InputState::Held,
            true => InputState::Refused,
        };
    }
}

/// Returns the findings of the files in their order: refusals, then what the readers noticed.
pub fn findings(files: &[StatementFile]) -> Vec<Finding> {
    let mut all = Vec::new();
    for file in files {
        all.extend(file.unopened.clone());
        if let Some(run) = file.known_since {
            let source = Source::file(&file.input.name);
            all.push(Finding::note(FindingCode::FileKnown, source, vec![run.to_string()]));
        }
        for reading in &file.readings {
            all.extend(reading.refusal.clone());
            for statement in &reading.statements {
                all.extend(statement.refusal.clone());
            }
            all.extend(reading.findings.iter().cloned());
        }
    }
    let mut seen: Vec<Finding> = Vec::with_capacity(all.len());
    for finding in all {
        if seen.last() != Some(&finding)
            && !(finding.severity == crate::model::Severity::Error && seen.contains(&finding))
        {
            seen.push(finding);
        }
    }
    seen
}
