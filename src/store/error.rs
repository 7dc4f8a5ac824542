//! What can go wrong with the store, each with its remedy.

use std::io;
use std::path::{Path, PathBuf};

/// Why the store cannot be used, or did not take a run.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no store where one is needed.
    #[error("there is no store at {}", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There is no store, but runs were published: beginning afresh would post again what was posted.
    #[error(
        "there is no store at {}, but {} holds runs up to {last_run}: beginning afresh could post them twice",
        path.display(), out.display()
    )]
    Lost {
        /// Where the store was looked for.
        path: PathBuf,
        /// The folder that holds run folders.
        out: PathBuf,
        /// The highest run number found there.
        last_run: u64,
    },
    /// Another process works with this store.
    #[error("the store at {} is in use by {by}", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// The process that came first.
        by: String,
    },
    /// The file is no store, or it is damaged.
    #[error("the store at {} is damaged: {detail}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// A newer program wrote it.
    #[error("the store at {} has version {found}, this program knows versions up to {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// A run contradicts itself or the store. Our mistake; nothing was committed.
    #[error("the run was not committed: {detail}")]
    Inconsistent {
        /// What does not fit.
        detail: String,
    },
    /// A file or folder of the store cannot be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The database refused something.
    #[error("the store at {} refused: {source}", path.display())]
    Sql {
        /// The file.
        path: PathBuf,
        /// What the database said.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// Returns what to do about it; empty when there is nothing to say.
    pub fn remedy(&self) -> &'static str {
        match self {
            StoreError::Missing { .. } => "check the state folder; the first `run` makes the store",
            StoreError::Lost { .. } => {
                "put the store back from the backup; only if nothing of it is left, begin afresh with --new-store"
            }
            StoreError::Locked { .. } => "wait until that process has ended, then start again",
            StoreError::Damaged { .. } => {
                "nothing was posted; put the store back from the backup, `check` says whether it is whole"
            }
            StoreError::Newer { .. } => "use the program version that wrote it, or a newer one",
            StoreError::Inconsistent { .. } => "nothing was posted; this is a mistake of the program, please report it",
            StoreError::Io { source, .. } => remedy_of(source.kind()),
            StoreError::Sql { .. } => "nothing was posted; start again, and run `check` if it happens again",
        }
    }

    /// Returns the exit code of PROMISES: 70 our mistake, 73 cannot create, 74 cannot write, 75 locked, 77 no permission.
    pub fn exit_code(&self) -> u8 {
        match self {
            StoreError::Missing { .. } | StoreError::Lost { .. } | StoreError::Newer { .. } => 73,
            StoreError::Locked { .. } => 75,
            StoreError::Damaged { .. } => 74,
            StoreError::Inconsistent { .. } => 70,
            StoreError::Io { source, .. } => exit_code_of(source.kind()),
            StoreError::Sql { source, .. } => exit_code_of_sql(source),
        }
    }

    /// Returns the error with the path of the store, where it was not known yet.
    pub(crate) fn at(self, store: &Path) -> StoreError {
        match self {
            StoreError::Damaged { path, detail } if path.as_os_str().is_empty() => StoreError::Damaged {
                path: store.to_owned(),
                detail,
            },
            StoreError::Sql { path, source } if path.as_os_str().is_empty() => StoreError::Sql {
                path: store.to_owned(),
                source,
            },
            other => other,
        }
    }

    /// Returns the error for something that is stored but cannot be read back.
    pub(crate) fn unreadable(detail: String) -> StoreError {
        StoreError::Damaged {
            path: PathBuf::new(),
            detail,
        }
    }

    /// Returns the error for a run that contradicts itself.
    pub(crate) fn inconsistent(detail: String) -> StoreError {
        StoreError::Inconsistent { detail }
    }
}

impl From<rusqlite::Error> for StoreError {
    /// Sorts what the database says: damage is damage, the rest keeps its words.
    fn from(source: rusqlite::Error) -> StoreError {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        let is_damage = match &source {
            rusqlite::Error::SqliteFailure(failure, _) => matches!(failure.code, DatabaseCorrupt | NotADatabase),
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..) => true,
            _ => false,
        };
        if is_damage {
            return StoreError::unreadable(source.to_string());
        }
        StoreError::Sql {
            path: PathBuf::new(),
            source,
        }
    }
}

/// Returns the exit code for an error of the file system: 77 no permission, 73 cannot be created there, else 74.
pub(crate) fn exit_code_of(kind: io::ErrorKind) -> u8 {
    use io::ErrorKind::{AlreadyExists, IsADirectory, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem};
    match kind {
        PermissionDenied | ReadOnlyFilesystem => 77,
        NotFound | AlreadyExists | NotADirectory | IsADirectory => 73,
        _ => 74,
    }
}

/// Returns what to do about an error of the file system.
pub(crate) fn remedy_of(kind: io::ErrorKind) -> &'static str {
    use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    match kind {
        StorageFull | QuotaExceeded => "the disk is full: make room and start again; nothing is lost",
        PermissionDenied | ReadOnlyFilesystem => "give the user that runs paymatch the right to write there",
        _ => "look at the path, then start again; nothing is lost",
    }
}

fn exit_code_of_sql(source: &rusqlite::Error) -> u8 {
    use rusqlite::ErrorCode::{CannotOpen, DatabaseBusy, DatabaseLocked, PermissionDenied, ReadOnly};
    match source.sqlite_error_code() {
        Some(ReadOnly | PermissionDenied) => 77,
        Some(CannotOpen) => 73,
        Some(DatabaseBusy | DatabaseLocked) => 75,
        Some(rusqlite::ErrorCode::ConstraintViolation) => 70,
        _ => 74,
    }
}
