//! Bank statements of every format.

pub mod csv;

use crate::model::{Finding, NaiveDate, Statement};
use std::collections::BTreeSet;

/// What was read from one statement file.
#[derive(Clone, Debug)]
pub struct FileReading {
    /// The file's name.
    pub file: String,
    /// The message: `camt.053.001.08`, `csv:sparkasse`.
    pub message: Option<String>,
    /// Its statements.
    pub statements: Vec<Statement>,
    /// What is to be said.
    pub findings: Vec<Finding>,
    /// Why nothing of it is used.
    pub refusal: Option<Finding>,
}

impl FileReading {
    /// Returns true when the file is refused, or it has statements and every one is refused.
    pub fn is_refused(&self) -> bool {
        let all_refused = self.statements.iter().all(|statement| statement.refusal.is_some());
        self.refusal.is_some() || (!self.statements.is_empty() && all_refused)
    }
}

/// How statements are read.
#[derive(Clone, Debug)]
pub struct Options {
    /// Known layouts of bank tables.
    pub profiles: Vec<csv::Profile>,
    /// The day of the run.
    pub as_of: NaiveDate,
    /// Accounts whose bank inverts the sign of reversals.
    pub inverted_reversal_accounts: BTreeSet<String>,
}
