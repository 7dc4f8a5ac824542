//! The tables, as steps from one version to the next. A step that was shipped is never edited.

use crate::store::error::StoreError;
use rusqlite::Connection;
use std::path::Path;

/// Marks the file as ours: `PMCH`.
pub(crate) const APPLICATION_ID: i64 = 0x504d_4348;

/// Step `n` leads from version `n` to version `n + 1`.
pub(crate) const STEPS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
];

/// Brings a store to the newest version, step by step; each step is a transaction of its own.
///
/// Refuses a store that a newer program wrote.
pub(crate) fn migrate(connection: &mut Connection, path: &Path, steps: &[&str]) -> Result<(), StoreError> {
    let found = version(connection)?;
    check_known(found, path, steps)?;
    for (position, step) in steps.iter().enumerate().skip(found as usize) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", position as i64 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Refuses a version that the steps do not lead to.
pub(crate) fn check_known(found: i64, path: &Path, steps: &[&str]) -> Result<(), StoreError> {
    let known = steps.len() as i64;
    if found > known {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    if found < 0 {
        return Err(StoreError::unreadable(format!("version {found} never was")));
    }
    Ok(())
}

/// Returns the version of a store; 0 before the first step.
pub(crate) fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEXT: &str = "ALTER TABLE lesson ADD COLUMN colour TEXT; CREATE TABLE shade (name TEXT NOT NULL) STRICT;";

    fn tables(connection: &Connection) -> i64 {
        connection
            .query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table'", [], |row| {
                row.get(0)
            })
            .expect("schema")
    }

    #[test]
    fn an_empty_file_and_an_older_version_reach_the_same_schema() {
        let path = Path::new("store");
        let mut fresh = Connection::open_in_memory().expect("memory");
        migrate(&mut fresh, path, &[STEPS[0], NEXT]).expect("both steps");
        let mut older = Connection::open_in_memory().expect("memory");
        migrate(&mut older, path, &STEPS[..1]).expect("first step");
        assert_eq!(version(&older).expect("version"), 1);
        older
            .execute(
                "INSERT INTO origin (sha256, name) VALUES (?1, 'a.xml')",
                ["a".repeat(64)],
            )
            .expect("row of version 1");
        migrate(&mut older, path, &[STEPS[0], NEXT]).expect("second step");
        assert_eq!(version(&older).expect("version"), 2);
        assert_eq!(tables(&older), tables(&fresh));
        let kept: i64 = older
            .query_row("SELECT count(*) FROM origin", [], |row| row.get(0))
            .expect("count");
        assert_eq!(kept, 1, "what version 1 knew is kept");
    }

    #[test]
    fn a_failing_step_leaves_the_version_before_it() {
        let mut store = Connection::open_in_memory().expect("memory");
        let steps = [
            STEPS[0],
            "CREATE TABLE half (x INTEGER) STRICT; CREATE TABLE run (x INTEGER) STRICT;",
        ];
        migrate(&mut store, Path::new("store"), &steps).expect_err("the second step fails");
        assert_eq!(version(&store).expect("version"), 1);
        store
            .query_row("SELECT count(*) FROM half", [], |_| Ok(()))
            .expect_err("no half table");
    }

    #[test]
    fn a_newer_store_is_refused_by_its_number() {
        let mut store = Connection::open_in_memory().expect("memory");
        store.pragma_update(None, "user_version", 99).expect("version");
        let error = migrate(&mut store, Path::new("store"), STEPS).expect_err("newer");
        assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
    }
}
