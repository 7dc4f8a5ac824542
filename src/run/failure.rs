//! Why a run ends without a result, and with which exit code.

use crate::model::Finding;
use crate::words::Words;
use crate::words::finding::full;
use std::path::Path;

/// A run that published nothing.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No statement, or none that can be read.
    #[error("{0}")]
    NoInput(String),
    /// Open items missing or unreadable.
    #[error("{0}")]
    OpenItems(String),
    /// Our own figures do not tie: a bug, nothing was published.
    #[error(
        "self-check failed, nothing was published: {0}\nhelp: keep the inputs and report this; the run can be repeated"
    )]
    SelfCheck(String),
    /// The record is missing or damaged, or a folder cannot be made.
    #[error("{0}")]
    CannotCreate(String),
    /// Reading or writing failed.
    #[error("{0}")]
    Io(String),
    /// Another run is at work.
    #[error("{0}")]
    Locked(String),
    /// No permission.
    #[error("{0}")]
    Permission(String),
}

impl Failure {
    /// Returns the failure of an input or output operation on `path`.
    pub fn io(path: &Path, error: &std::io::Error) -> Failure {
        let text = format!("error[IO]: {}: {error}", path.display());
        match error.kind() {
            std::io::ErrorKind::PermissionDenied => Failure::Permission(format!(
                "{text}\nhelp: give the user of this program the right to it, then run again"
            )),
            _ => Failure::Io(format!("{text}\nhelp: nothing was posted; mend it and run again")),
        }
    }

    /// Returns the failure of open items that were refused.
    pub fn open_items(words: Words, findings: &[Finding]) -> Failure {
        let texts: Vec<String> = findings.iter().map(|finding| full(words, finding)).collect();
        Failure::OpenItems(texts.join("\n"))
    }
}

impl From<crate::store::StoreError> for Failure {
    fn from(error: crate::store::StoreError) -> Failure {
        let remedy = error.remedy();
        let text = if remedy.is_empty() {
            format!("error[RECORD]: {error}")
        } else {
            format!("error[RECORD]: {error}\nhelp: {remedy}")
        };
        match error.exit_code() {
            70 => Failure::SelfCheck(error.to_string()),
            73 => Failure::CannotCreate(text),
            75 => Failure::Locked(text),
            77 => Failure::Permission(text),
            _ => Failure::Io(text),
        }
    }
}

impl From<crate::run::publish::PublishError> for Failure {
    fn from(error: crate::run::publish::PublishError) -> Failure {
        let remedy = error.remedy();
        let text = if remedy.is_empty() {
            format!("error[OUTPUT]: {error}")
        } else {
            format!("error[OUTPUT]: {error}\nhelp: {remedy}")
        };
        match error.exit_code() {
            70 => Failure::SelfCheck(error.to_string()),
            73 => Failure::CannotCreate(text),
            75 => Failure::Locked(text),
            77 => Failure::Permission(text),
            _ => Failure::Io(text),
        }
    }
}
