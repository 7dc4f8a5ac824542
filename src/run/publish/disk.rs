//! Single steps on disk: each says what it is about to do, and names its path when it cannot.

use crate::store::StoreError;
use crate::store::files;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

pub(super) use crate::store::files::hex;

/// So many bytes are copied at once: they are hashed while they are at hand.
const PIECE: usize = 128 << 10;

/// What is about to be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step<'a> {
    /// `create`, `write`, `sync`, `rename`, `link`, `remove`, or `mark` in the store.
    pub action: &'static str,
    /// To which file or folder.
    pub path: &'a Path,
}

/// The folders that runs publish to, and who watches the steps.
#[derive(Clone, Copy)]
pub struct Places<'a> {
    /// The folder of run folders.
    pub out: &'a Path,
    /// The folder that the ERP picks up from.
    pub outbox: &'a Path,
    /// Called before every step; an error stops there, as a crash would. For tests that end a run at each step.
    pub watch: &'a (dyn Fn(&Step<'_>) -> io::Result<()> + Sync),
}

/// Why a run could not be published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A step on disk failed.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something else stands where this run must write.
    #[error("{} is already there and not what this run writes", path.display())]
    Occupied {
        /// The place.
        path: PathBuf,
    },
    /// A committed run must be published first. Our mistake.
    #[error("run {run} was committed and is not published yet")]
    Waiting {
        /// That run.
        run: u64,
    },
    /// A name that is no plain relative path.
    #[error("`{name}` is no name of an output file")]
    Name {
        /// The name.
        name: String,
    },
    /// An output could not be rendered. Our mistake.
    #[error("cannot render {name}: {source}")]
    Render {
        /// The output.
        name: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The folder of an interrupted run is damaged and its copy is gone.
    #[error("run {run} was committed, but {name} is damaged and the store keeps no copy")]
    CopyMissing {
        /// The run.
        run: u64,
        /// The file.
        name: String,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PublishError {
    /// Returns what to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            PublishError::Io { source, .. } => crate::store::remedy_of(source.kind()),
            PublishError::Occupied { .. } => "move it away, then start again; nothing is lost",
            PublishError::Name { .. } | PublishError::Render { .. } | PublishError::Waiting { .. } => {
                "nothing was posted; this is a mistake of the program, please report it"
            }
            PublishError::CopyMissing { .. } => "put the store and the run folder back from the backup",
            PublishError::Store(error) => error.remedy(),
        }
    }

    /// Returns the exit code of PROMISES: 70 our mistake, 73 cannot create, 74 cannot write, 77 no permission.
    pub fn exit_code(&self) -> u8 {
        match self {
            PublishError::Io { source, .. } => crate::store::exit_code_of(source.kind()),
            PublishError::Occupied { .. } => 73,
            PublishError::Name { .. } | PublishError::Render { .. } | PublishError::Waiting { .. } => 70,
            PublishError::CopyMissing { .. } => 74,
            PublishError::Store(error) => error.exit_code(),
        }
    }
}

impl<'a> Places<'a> {
    /// Returns the places of a run that nobody watches.
    pub fn new(out: &'a Path, outbox: &'a Path) -> Places<'a> {
        Places {
            out,
            outbox,
            watch: &|_| Ok(()),
        }
    }

    /// Returns the published folder of a run.
    pub fn shown(&self, run: u64) -> PathBuf {
        self.out.join(run.to_string())
    }

    /// Returns the folder of a run before it is published.
    pub fn hidden(&self, run: u64) -> PathBuf {
        self.out.join(format!(".{run}"))
    }

    /// Returns where a damaged folder is put while it is replaced.
    pub(super) fn damaged(&self, run: u64) -> PathBuf {
        self.out.join(format!(".{run}.damaged"))
    }

    /// Tells the watch what comes.
    pub(super) fn step(&self, action: &'static str, path: &Path) -> Result<(), PublishError> {
        (self.watch)(&Step { action, path }).map_err(failed(action, path))
    }

    /// Makes a folder (0700) with its parents, and makes its entry survive power loss. One that is there stays as it is.
    pub(super) fn create_folder(&self, path: &Path) -> Result<(), PublishError> {
        if path.is_dir() {
            return Ok(());
        }
        self.step("create", path)?;
        files::create_private_folder(path).map_err(failed("create", path))?;
        files::sync_parent(path).map_err(failed("sync the folder above", path))
    }

    /// Writes a file (0600) and syncs it. What was there under this name is replaced.
    pub(super) fn write_file(&self, path: &Path, bytes: &[u8]) -> Result<(), PublishError> {
        self.step("write", path)?;
        let mut options = files::private();
        options.write(true).create(true).truncate(true);
        let mut file = options.open(path).map_err(failed("create", path))?;
        file.write_all(bytes).map_err(failed("write", path))?;
        self.step("sync", path)?;
        file.sync_all().map_err(failed("sync", path))
    }

    /// Writes a file (0600) with the bytes of another one, piece by piece, and syncs it. Returns their SHA-256 in hex; `None` where the
    /// other one cannot be read to its end.
    pub(super) fn copy_file(&self, mut from: File, path: &Path) -> Result<Option<String>, PublishError> {
        self.step("write", path)?;
        let mut options = files::private();
        options.write(true).create(true).truncate(true);
        let mut file = options.open(path).map_err(failed("create", path))?;
        let mut hasher = Sha256::new();
        let mut piece = vec![0; PIECE];
        loop {
            let Ok(read) = from.read(&mut piece) else {
                return Ok(None);
            };
            if read == 0 {
                break;
            }
            hasher.update(&piece[..read]);
            file.write_all(&piece[..read]).map_err(failed("write", path))?;
        }
        self.step("sync", path)?;
        file.sync_all().map_err(failed("sync", path))?;
        Ok(Some(hex(&hasher.finalize())))
    }

    pub(super) fn sync_folder(&self, path: &Path) -> Result<(), PublishError> {
        self.step("sync", path)?;
        files::sync_folder(path).map_err(failed("sync", path))
    }

    pub(super) fn rename(&self, from: &Path, to: &Path) -> Result<(), PublishError> {
        self.step("rename", from)?;
        std::fs::rename(from, to).map_err(failed("rename", from))
    }

    /// Removes a file, a link or a whole folder, without following links; nothing there is fine.
    pub(super) fn remove_all(&self, path: &Path) -> Result<(), PublishError> {
        let kind = match std::fs::symlink_metadata(path) {
            Ok(metadata) => metadata.file_type(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed("look at", path)(error)),
        };
        self.step("remove", path)?;
        let removed = if kind.is_dir() {
            std::fs::remove_dir_all(path)
        } else {
            std::fs::remove_file(path)
        };
        removed.map_err(failed("remove", path))
    }

    /// Makes a symbolic link; where the system has none, nothing.
    pub(super) fn link(&self, target: &str, path: &Path) -> Result<(), PublishError> {
        self.step("link", path)?;
        #[cfg(unix)]
        std::os::unix::fs::symlink(target, path).map_err(failed("link", path))?;
        #[cfg(not(unix))]
        std::fs::write(path, target).map_err(failed("write", path))?;
        Ok(())
    }
}

/// Returns true when anything has this name, a broken link too.
pub(super) fn is_there(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

/// Returns everything below a folder that is not a folder.
pub(crate) fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

pub(super) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PublishError {
    let path = path.to_owned();
    move |source| PublishError::Io { action, path, source }
}
