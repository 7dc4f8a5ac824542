//! The lock of a state folder: held by the system for this process, gone when the process is.

use crate::model::NaiveDate;
use crate::model::date::Days;
use crate::store::error::StoreError;
use crate::store::files;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

/// Name of the lock file in the state folder. The file stays; the lock is what counts.
pub(crate) const LOCK_FILE: &str = "paymatch.lock";

/// An exclusive lock; dropping it, or dying, gives it back.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock of a state folder, or names the process that has it.
    pub(crate) fn take(state: &Path) -> Result<Lock, StoreError> {
        let path = state.join(LOCK_FILE);
        let io = |action: &'static str| {
            let path = path.clone();
            move |source| StoreError::Io { action, path, source }
        };
        let mut options = files::private();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(io("open the lock file"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let by = holder(&mut file);
                return Err(StoreError::Locked { path, by });
            }
            Err(TryLockError::Error(source)) => return Err(io("lock")(source)),
        }
        file.set_len(0).map_err(io("write the lock file"))?;
        write!(file, "process {}", std::process::id()).map_err(io("write the lock file"))?;
        Ok(Lock { file })
    }
}

impl Drop for Lock {
    /// Empties the file, so that nobody reads the name of a process that is gone, and unlocks.
    ///
    /// Closing alone would not do: a child process that is just being started still has the file open.
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

/// Returns who holds the lock, as that process wrote it, with the time of writing.
///
/// The first process locks before it writes: a short wait lets it finish.
fn holder(file: &mut File) -> String {
    for _ in 0..10 {
        std::thread::sleep(Duration::from_millis(20));
        let mut text = String::new();
        let is_read = file.rewind().is_ok() && file.take(200).read_to_string(&mut text).is_ok();
        if is_read && !text.trim().is_empty() {
            let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
            return match started(file) {
                Some(started) => format!("{text}, started {started}"),
                None => text,
            };
        }
    }
    "another process".to_owned()
}

/// Returns when the lock file was last written, in UTC. The file's time, not a clock.
fn started(file: &File) -> Option<String> {
    let written = file.metadata().ok()?.modified().ok()?;
    let seconds = written.duration_since(UNIX_EPOCH).ok()?.as_secs();
    let day = NaiveDate::from_ymd_opt(1970, 1, 1)?.checked_add_days(Days::new(seconds / 86_400))?;
    let of_day = seconds % 86_400;
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    Some(format!("{day} {hour:02}:{minute:02}:{second:02} UTC"))
}
