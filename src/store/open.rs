//! Opening a store: the lock, the first run, and everything that must not pass for a first run.

use crate::store::error::StoreError;
use crate::store::lock::Lock;
use crate::store::{files, schema};
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Name of the database in the state folder.
const STORE_FILE: &str = "paymatch.sqlite";
/// Name of a database that is being made.
const STORE_IN_THE_MAKING: &str = "paymatch.sqlite.new";

/// Bytes of a page of a new store: blocks and outputs fill many, and fewer large ones cost less than many small ones.
const PAGE: u32 = 32 << 10;

/// The store of one state folder.
#[derive(Debug)]
pub struct Store {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    /// Held as long as the store is open for writing; last field, so that the database closes first.
    pub(crate) lock: Option<Lock>,
}

impl Store {
    /// Opens the store of the state folder for a run, with its lock; makes it on the first run.
    ///
    /// Refuses when another process has it ([`StoreError::Locked`]), when it is damaged or of a newer program, and when there
    /// is none although `out` holds run folders ([`StoreError::Lost`]) unless `new_store` is set: then run numbers go on after those.
    pub fn open(state: &Path, out: &Path, new_store: bool) -> Result<Store, StoreError> {
        files::create_private_folder(state).map_err(io("create the state folder", state))?;
        files::sync_parent(state).map_err(io("sync the folder above", state))?;
        let lock = Lock::take(state)?;
        let path = state.join(STORE_FILE);
        if !exists(&path)? {
            make(state, first_run(state, out, new_store)?)?;
        }
        let mut connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|e| e.at(&path))?;
        let prepared = prepare_for_writing(&mut connection, &path);
        prepared.map_err(|error| error.at(&path))?;
        let lock = Some(lock);
        Ok(Store { connection, path, lock })
    }

    /// Opens the store for a run that only tries: nothing is made and nothing is changed, not even a folder.
    ///
    /// Where there is no store yet, the run has an empty one in memory. Refuses what [`Store::open`] refuses, but waits for
    /// no lock.
    pub fn open_to_try(state: &Path, out: &Path, new_store: bool) -> Result<Store, StoreError> {
        let path = state.join(STORE_FILE);
        if exists(&path)? {
            return Store::open_read_only(state);
        }
        let first_run = first_run(state, out, new_store)?;
        let opened = Connection::open_in_memory()
            .map_err(StoreError::from)
            .and_then(|mut connection| {
                begin(&mut connection, &path, first_run)?;
                Ok(connection)
            });
        let connection = opened.map_err(|error| error.at(&path))?;
        let lock = None;
        Ok(Store { connection, path, lock })
    }

    /// Opens the store for reading, without the lock, beside a run that may be under way.
    ///
    /// Everything read through it is one state of the store: that of the moment of opening.
    pub fn open_read_only(state: &Path) -> Result<Store, StoreError> {
        let path = state.join(STORE_FILE);
        if !exists(&path)? {
            return Err(StoreError::Missing { path });
        }
        let opened = connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|connection| {
            let version = identify(&connection)?;
            schema::check_known(version, &path, schema::STEPS)?;
            if version < schema::STEPS.len() as i64 {
                let detail = format!("it has version {version}; the next run brings it up to date");
                return Err(StoreError::unreadable(detail));
            }
            connection.execute_batch("BEGIN")?;
            connection.query_row("SELECT count(*) FROM beginning", [], |_| Ok(()))?;
            Ok(connection)
        });
        let connection = opened.map_err(|error| error.at(&path))?;
        Ok(Store {
            connection,
            path,
            lock: None,
        })
    }

    /// Returns the file of the store.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the number that the next run gets: one more than the last committed one.
    pub fn next_run(&self) -> Result<u64, StoreError> {
        self.told(|connection| {
            let last: Option<i64> = connection.query_row("SELECT max(number) FROM run", [], |row| row.get(0))?;
            let first: i64 = connection.query_row("SELECT max(first_run) FROM beginning", [], |row| row.get(0))?;
            crate::store::word::count(last.map_or(first, |last| last + 1))
        })
    }

    /// Returns SHA-256 of the last committed manifest; empty before the first run.
    pub fn last_manifest_hash(&self) -> Result<String, StoreError> {
        self.told(|connection| {
            let sql = "SELECT manifest_hash FROM run ORDER BY number DESC LIMIT 1";
            let last = connection.query_row(sql, [], |row| row.get(0)).optional()?;
            Ok(last.unwrap_or_default())
        })
    }

    /// Runs a reading, and names the store's file in its error.
    pub(crate) fn told<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        read(&self.connection).map_err(|error| error.at(&self.path))
    }

    /// Refuses to write without the lock.
    pub(crate) fn writable(&self) -> Result<(), StoreError> {
        if self.lock.is_some() {
            return Ok(());
        }
        Err(StoreError::inconsistent(
            "the store was opened for reading only".to_owned(),
        ))
    }
}

/// Returns the number of the first run of a new store; refuses where the run folders say that a store is lost.
fn first_run(state: &Path, out: &Path, new_store: bool) -> Result<u64, StoreError> {
    let last_run = files::run_folders(out).map_err(io("read", out))?.pop().unwrap_or(0);
    let log = state.join("paymatch.sqlite-wal");
    if !new_store && (last_run > 0 || exists(&log)?) {
        return Err(StoreError::Lost {
            path: state.join(STORE_FILE),
            out: out.to_owned(),
            last_run,
        });
    }
    Ok(last_run + 1)
}

/// Writes the empty tables of a new store.
fn begin(connection: &mut Connection, path: &Path, first_run: u64) -> Result<(), StoreError> {
    connection.pragma_update(None, "page_size", PAGE)?;
    connection.pragma_update(None, "application_id", schema::APPLICATION_ID)?;
    schema::migrate(connection, path, schema::STEPS)?;
    let first_run = crate::store::word::int(first_run)?;
    connection.execute("INSERT INTO beginning (first_run) VALUES (?1)", [first_run])?;
    Ok(())
}

/// Makes a new store under another name and renames it when it is whole: an empty file is never a store.
fn make(state: &Path, first_run: u64) -> Result<(), StoreError> {
    let (path, new) = (state.join(STORE_FILE), state.join(STORE_IN_THE_MAKING));
    for leftover in ["-wal", "-shm", "-journal", ".new", ".new-journal"] {
        let leftover = state.join(format!("{STORE_FILE}{leftover}"));
        match std::fs::remove_file(&leftover) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(io("remove the leftover", &leftover)(error));
            }
            _ => {}
        }
    }
    let mut private = files::private();
    private.write(true).create_new(true);
    private.open(&new).map_err(io("create", &new))?;
    let mut connection = connect(&new, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    begin(&mut connection, &path, first_run)?;
    connection.close().map_err(|(_, error)| StoreError::from(error))?;
    std::fs::File::open(&new)
        .and_then(|file| file.sync_all())
        .map_err(io("sync", &new))?;
    std::fs::rename(&new, &path).map_err(io("rename", &new))?;
    files::sync_folder(state).map_err(io("sync", state))
}

fn connect(path: &Path, access: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(64);
    // Rows lean on rows that the same transaction looked up or wrote; `check` proves it, not every insert.
    for (name, value) in [
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("foreign_keys", 0),
        ("cache_size", -65_536),
    ] {
        connection.pragma_update(None, name, value)?;
    }
    Ok(connection)
}

/// Returns the version of a file that is a store; refuses any other database.
fn identify(connection: &Connection) -> Result<i64, StoreError> {
    let id: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let version = schema::version(connection)?;
    if id != schema::APPLICATION_ID || version == 0 {
        return Err(StoreError::unreadable("this is not a store of paymatch".to_owned()));
    }
    Ok(version)
}

fn prepare_for_writing(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let version = identify(connection)?;
    schema::check_known(version, path, schema::STEPS)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::unreadable(format!("its journal stays in mode `{mode}`")));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Err(StoreError::unreadable(found));
    }
    schema::migrate(connection, path, schema::STEPS)
}

fn exists(path: &Path) -> Result<bool, StoreError> {
    path.try_exists().map_err(io("look at", path))
}

pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Io { action, path, source }
}
