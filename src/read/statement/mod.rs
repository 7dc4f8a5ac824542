//! Bank statements of every format: camt XML, SWIFT MT940, CSV by profiles, all also inside ZIP and gzip.
//!
//! [`read`] turns one file into statements; [`proof::prove`] then checks all of them together, because pages may lie in several
//! files. Refusals are values: nothing here fails.

mod archive;
mod camt;
pub mod csv;
mod detect;
mod mt940;
pub mod proof;
mod split;

pub use detect::{read, suggest_profile};
pub use split::{Split, entry_split};

use crate::model::statement::Proof;
use crate::model::{Finding, NaiveDate, Severity, Statement};
use std::collections::BTreeSet;

/// What the reading of statements needs to know.
#[derive(Clone, Debug)]
pub struct Options {
    /// Layouts of bank CSV files, tried in order.
    pub profiles: Vec<csv::Profile>,
    /// The day of the run: bank dates lie between 1990 and 400 days after it.
    pub as_of: NaiveDate,
    /// Accounts, in capitals without blanks, whose bank writes reversals with the side of the reversed entry.
    pub inverted_reversal_accounts: BTreeSet<String>,
}

/// What was read from one file, or from one member of an archive.
#[derive(Clone, Debug)]
pub struct FileReading {
    /// The file's name; a member of an archive as `two.zip/a.xml`.
    pub file: String,
    /// The message: `camt.053.001.08`, `MT940`, `csv:sparkasse`.
    pub message: Option<String>,
    /// Statements in the order written. Of a refused file: what was read before the fault, only to be shown.
    pub statements: Vec<Statement>,
    /// Notes and warnings. The refusals of the file and of its statements stand in their own fields.
    pub findings: Vec<Finding>,
    /// Why nothing of this file may be used.
    pub refusal: Option<Finding>,
}

impl FileReading {
    /// Returns a reading of nothing yet.
    pub fn new(file: &str) -> FileReading {
        FileReading {
            file: file.to_owned(),
            message: None,
            statements: Vec::new(),
            findings: Vec::new(),
            refusal: None,
        }
    }

    /// Returns the reading of a file that is refused.
    pub fn refused(file: &str, refusal: Finding) -> FileReading {
        FileReading {
            refusal: Some(refusal),
            ..FileReading::new(file)
        }
    }

    /// Returns true when the file is refused, or has statements and every one of them is; one that only waits for its other
    /// pages does not count as refused.
    pub fn is_refused(&self) -> bool {
        let is_refused = |statement: &Statement| statement.refusal.is_some() && statement.proof != Proof::Incomplete;
        self.refusal.is_some() || (!self.statements.is_empty() && self.statements.iter().all(is_refused))
    }

    /// Returns everything that is to be said: refusals of the file and of its statements first, each once.
    pub fn all_findings(&self) -> Vec<&Finding> {
        let refusals = self
            .statements
            .iter()
            .filter_map(|statement| statement.refusal.as_ref());
        let mut all: Vec<&Finding> = self.refusal.iter().chain(refusals).collect();
        let first = all.len();
        for finding in &self.findings {
            if finding.severity != Severity::Error || !all[..first].contains(&finding) {
                all.push(finding);
            }
        }
        all
    }
}
