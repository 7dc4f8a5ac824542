use super::night::{Folders, Night};
use paymatch::run::check::{CheckReport, check};
use paymatch::store::{Store, StoreError};
use rusqlite::Connection;
use std::path::PathBuf;

fn database(folders: &Folders) -> PathBuf {
    folders.state().join("paymatch.sqlite")
}

fn report(folders: &Folders) -> CheckReport {
    check(&folders.state(), &folders.out(), &folders.outbox())
}

fn two_runs() -> Folders {
    let folders = Folders::new();
    Night::first().run(&folders, 1);
    Night::second(&folders).run(&folders, 2);
    folders
}

#[test]
fn a_lost_store_is_never_a_first_run() {
    let folders = two_runs();
    std::fs::remove_dir_all(folders.state()).expect("lost");
    let error = folders.open().expect_err("lost");
    assert!(matches!(error, StoreError::Lost { last_run: 2, .. }), "{error}");
    assert_eq!(error.exit_code(), 73);
    assert!(!report(&folders).is_fine());
    let store = Store::open(&folders.state(), &folders.out(), true).expect("wanted");
    assert_eq!(store.next_run().expect("number"), 3, "numbers never go back");
    drop(store);
    let store = folders.open().expect("a store like any other");
    assert_eq!(store.next_run().expect("number"), 3);
}

#[test]
fn a_log_without_its_database_is_a_lost_store() {
    let folders = Folders::new();
    std::fs::create_dir_all(folders.state()).expect("folder");
    std::fs::write(folders.state().join("paymatch.sqlite-wal"), "frames").expect("log");
    assert!(matches!(folders.open(), Err(StoreError::Lost { .. })));
}

#[test]
fn every_damaged_page_is_found_and_none_is_an_empty_start() {
    let folders = two_runs();
    let sound = std::fs::read(database(&folders)).expect("database");
    let size = usize::from(u16::from_be_bytes([sound[16], sound[17]]));
    assert!(sound.len() / size > 20);
    for page in 0..sound.len() / size {
        for garbage in [0_u8, 0xa5] {
            let mut damaged = sound.clone();
            damaged[page * size..(page + 1) * size].fill(garbage);
            std::fs::write(database(&folders), &damaged).expect("damage");
            match folders.open() {
                Err(StoreError::Damaged { path, .. }) => assert_eq!(path, database(&folders)),
                Err(error) => panic!("page {page}: {error}"),
                // A page that is not in use, or content that only the seals know.
                Ok(store) => assert_eq!(store.next_run().expect("number"), 3, "page {page}"),
            }
        }
    }
    std::fs::write(database(&folders), &sound).expect("whole again");
    assert!(report(&folders).is_fine());
}

#[test]
fn files_that_are_no_store_are_refused() {
    for (name, bytes) in [
        ("empty", Vec::new()),
        (
            "text",
            b"this is not a database, but long enough to look like one ".repeat(100),
        ),
        ("cut header", b"SQLite format 3\0".to_vec()),
    ] {
        let folders = Folders::new();
        drop(folders.open().expect("store"));
        std::fs::write(database(&folders), bytes).expect("damage");
        let error = folders.open().expect_err(name);
        assert!(matches!(error, StoreError::Damaged { .. }), "{name}: {error}");
        assert!(!report(&folders).is_fine(), "{name}");
    }
}

#[test]
fn a_newer_store_and_a_foreign_database_are_refused() {
    let folders = Folders::new();
    drop(folders.open().expect("store"));
    let connection = Connection::open(database(&folders)).expect("database");
    connection.pragma_update(None, "user_version", 99).expect("version");
    drop(connection);
    let error = folders.open().expect_err("newer");
    assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
    assert!(matches!(
        Store::open_read_only(&folders.state()),
        Err(StoreError::Newer { .. })
    ));
    std::fs::remove_file(database(&folders)).expect("removed");
    let connection = Connection::open(database(&folders)).expect("database");
    connection
        .execute_batch("CREATE TABLE other (x); PRAGMA user_version = 1;")
        .expect("foreign");
    drop(connection);
    assert!(matches!(folders.open(), Err(StoreError::Damaged { .. })));
}

#[test]
fn a_changed_file_is_named() {
    type Harm = (&'static str, &'static str, fn(&std::path::Path));
    let harms: [Harm; 7] = [
        ("out/1/postings.csv", "its content was changed", |path| {
            let mut bytes = std::fs::read(path).expect("file");
            bytes[0] ^= 1;
            std::fs::write(path, bytes).expect("flipped");
        }),
        ("out/1/report.html", "it was changed: 3 bytes", |path| {
            std::fs::write(path, "abc").expect("written")
        }),
        ("out/2/inputs/a.xml.gz", "the file is missing", |path| {
            std::fs::remove_file(path).expect("removed")
        }),
        ("out/1/note.txt", "the run did not write this file", |path| {
            std::fs::write(path, "").expect("written")
        }),
        ("out/2", "the run folder is missing", |path| {
            std::fs::remove_dir_all(path).expect("removed")
        }),
        ("outbox/postings-2.csv", "not what the run wrote", |path| {
            std::fs::write(path, "1").expect("written")
        }),
        ("out/7", "the store knows no run 7", |path| {
            std::fs::create_dir(path).expect("made")
        }),
    ];
    for (place, expected, harm) in harms {
        let folders = two_runs();
        let path = folders.root().join(place);
        harm(&path);
        let report = report(&folders);
        assert_eq!(report.findings.len(), 1, "{place}: {report:?}");
        assert_eq!(report.findings[0].path, path);
        assert!(report.findings[0].message.contains(expected), "{place}: {report:?}");
    }
}

#[test]
fn the_erp_may_take_deliveries_away() {
    let folders = two_runs();
    std::fs::remove_file(folders.outbox().join("postings-1.csv")).expect("taken");
    std::fs::create_dir(folders.outbox().join("done")).expect("folder");
    let [from, to] = ["postings-2.csv", "done/postings-2.csv"].map(|name| folders.outbox().join(name));
    std::fs::rename(from, to).expect("done");
    assert!(report(&folders).is_fine());
}

#[test]
fn an_edit_of_the_store_is_found() {
    for (edit, expected) in [
        (
            "UPDATE payment SET minor = minor + 1 WHERE id = 'p-posted'",
            "payment were changed",
        ),
        (
            "UPDATE payment SET bank_ref = 'X' WHERE id = 'p-out'",
            "payment were changed",
        ),
        ("DELETE FROM posting_line WHERE id = '2-1'", "posting_line were changed"),
        (
            "UPDATE posting_line SET cash = cash - 1 WHERE id = '1-1'",
            "adds up to 9999, its cash is 10000",
        ),
        (
            "UPDATE posting_line SET posted = 10001 WHERE id = '1-1'",
            "brings item I-posted to 10001 of 10000",
        ),
        (
            "UPDATE judgement SET state = 'open' WHERE state = 'posted'",
            "has a posting, but is open",
        ),
        (
            "DELETE FROM judgement WHERE state = 'proposed'",
            "payment p-proposed is in no state",
        ),
        (
            "UPDATE run SET manifest = manifest || ' ' WHERE number = 1",
            "run 1: its manifest was changed",
        ),
        ("UPDATE run SET totals = replace(totals, '700', '701')", "run 2"),
        ("DELETE FROM run WHERE number = 1", "run 1 should come here"),
        ("UPDATE in_flight SET posted = 1", "what is in flight was changed"),
        ("DELETE FROM in_flight", "what is in flight was changed"),
        ("DELETE FROM lesson", "lesson"),
        (
            "DELETE FROM seal WHERE run = 2 AND section = 'posting'",
            "1 runs have not all their seals",
        ),
        (
            "UPDATE output SET sha256 = substr(sha256, 2) || '0' WHERE name = 'report.html' AND run = 1",
            "output were changed",
        ),
        ("DELETE FROM block", "block were changed"),
    ] {
        let folders = two_runs();
        let connection = Connection::open(database(&folders)).expect("database");
        connection.pragma_update(None, "foreign_keys", 0).expect("off");
        if !edit.contains("judgement") && !edit.contains("in_flight") {
            connection
                .execute_batch(edit)
                .expect_err("committed runs are kept by the store itself");
        }
        let mut triggers = connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            .expect("schema");
        let names = triggers.query_map([], |row| row.get::<_, String>(0)).expect("triggers");
        let names: Vec<String> = names.map(|name| name.expect("name")).collect();
        drop(triggers);
        for name in names {
            connection
                .execute_batch(&format!("DROP TRIGGER {name}"))
                .expect("dropped");
        }
        connection.execute_batch(edit).expect(edit);
        drop(connection);
        let report = report(&folders);
        let messages: Vec<&str> = report.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert!(
            messages.iter().any(|message| message.contains(expected)),
            "{edit}: {messages:?}"
        );
    }
}
