//! The command line as its callers see it: exit codes, messages, help.

use crate::program::{demo, expect_code, program, root};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn temporary() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn settings(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("paymatch.toml");
    std::fs::write(&path, text).expect("a settings file");
    path
}

#[test]
fn wrong_settings_are_told_all_at_once() {
    let folder = temporary();
    let path = settings(
        folder.path(),
        "[inputs]\nstatements = []\nopen_items = \"\"\ncustomers = \"\"\nhistory = \"\"\ndecisions = \"\"\n\
         [outputs]\nstate = \"s\"\nout = \"o\"\noutbox = \"b\"\n[run]\nmoed = \"post\"\ntime_zone = 3\n",
    );
    let told = expect_code(program().args(["run", "--config"]).arg(&path), 78);
    assert!(
        told.contains(":12:1: `run.moed` is not a setting\nhelp: did you mean `mode`?"),
        "{told}"
    );
    assert!(
        told.contains(":13:13: `run.time_zone` is a whole number, expected a text in quotes"),
        "{told}"
    );
}

#[test]
fn missing_or_broken_open_items_end_the_run_before_anything_is_posted() {
    let folder = temporary();
    let told = expect_code(demo(folder.path()).args(["--open-items", "no-such-file.csv"]), 66);
    assert!(told.contains("no-such-file.csv"), "{told}");
    let broken = folder.path().join("broken.csv");
    std::fs::write(
        &broken,
        "item_id,customer_id,doc_no,currency,open_amount\n1,C1,RE-1,EUR,12.3.4\n",
    )
    .expect("a file");
    let told = expect_code(demo(folder.path()).arg("--open-items").arg(&broken), 66);
    assert!(told.contains("broken.csv:2") && told.contains("12.3.4"), "{told}");
    assert!(!folder.path().join("out/1").exists(), "nothing is published");
}

#[test]
fn a_refused_statement_is_named_and_the_others_go_on() {
    let folder = temporary();
    let inbox = folder.path().join("statements");
    std::fs::create_dir(&inbox).expect("a folder");
    for (name, bytes) in crate::program::files(&root().join("fixtures/demo/statements")) {
        std::fs::write(inbox.join(name), bytes).expect("a copy");
    }
    let control = temporary();
    expect_code(demo(control.path()).arg("--statements").arg(&inbox), 0);
    std::fs::write(inbox.join("zz-portal.xml"), "<html><body>Session expired</body></html>").expect("a file");
    let told = expect_code(demo(folder.path()).arg("--statements").arg(&inbox), 3);
    assert!(
        told.contains("error[NOT-A-STATEMENT]: statements/zz-portal.xml"),
        "{told}"
    );
    for name in ["postings.csv", "exceptions.csv", "set_aside.csv"] {
        let [with, without] = [folder.path(), control.path()]
            .map(|folder| std::fs::read_to_string(folder.join("out/1").join(name)).expect(name));
        assert_eq!(with, without, "{name} is the same with and without the refused file");
    }
    // It was told once; later nights list it, and end well.
    expect_code(demo(folder.path()).arg("--statements").arg(&inbox), 0);
    let findings = std::fs::read_to_string(folder.path().join("out/2/findings.csv")).expect("findings");
    assert!(findings.contains("zz-portal.xml"), "{findings}");
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = temporary();
    let told = expect_code(demo(folder.path()).arg("--dry-run"), 0);
    assert!(told.contains("Dry run"), "{told}");
    assert_eq!(
        files_below(folder.path()),
        BTreeMap::new(),
        "nothing is made, no store either"
    );
    expect_code(&mut demo(folder.path()), 0);
    let before = files_below(folder.path());
    expect_code(demo(folder.path()).arg("--dry-run"), 0);
    assert_eq!(files_below(folder.path()), before, "and nothing is changed");
}

/// All files below a folder with their bytes; those that SQLite keeps while a store is open are left out.
fn files_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.to_string_lossy().into_owned();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else if path.is_file() && !name.ends_with("-wal") && !name.ends_with("-shm") {
                let bytes = std::fs::read(&path).expect("a file");
                files.insert(path, bytes);
            }
        }
    }
    files
}

#[test]
fn full_and_closed_outputs_change_no_result() {
    let folder = temporary();
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("/dev/full");
    let status = demo(folder.path())
        .stdout(full)
        .stderr(std::process::Stdio::null())
        .status()
        .expect("the program starts");
    assert_eq!(status.code(), Some(0));
    assert!(folder.path().join("out/1/postings.csv").is_file());
}

#[test]
fn a_new_folder_has_good_settings() {
    let folder = temporary();
    let company = folder.path().join("company");
    let told = expect_code(program().arg("init").arg(&company), 0);
    assert!(told.contains("paymatch run --config"), "{told}");
    std::fs::copy(
        root().join("fixtures/demo/open_items.csv"),
        company.join("open_items.csv"),
    )
    .expect("a copy");
    for (name, bytes) in crate::program::files(&root().join("fixtures/demo/statements")) {
        std::fs::write(company.join("inbox").join(name), bytes).expect("a copy");
    }
    expect_code(
        program()
            .arg("run")
            .arg("--config")
            .arg(company.join("config/paymatch.toml")),
        0,
    );
    assert!(company.join("out/latest/report.html").is_file());
    expect_code(program().arg("init").arg(&company), 73);
}

#[test]
fn every_published_file_is_checked() {
    let folder = temporary();
    expect_code(&mut demo(folder.path()), 0);
    let check = || {
        let mut check = program();
        check
            .arg("check")
            .arg("--state")
            .arg(folder.path().join("state"))
            .arg("--out")
            .arg(folder.path().join("out"));
        check
    };
    expect_code(&mut check(), 0);
    let path = folder.path().join("out/1/postings.csv");
    let mut bytes = std::fs::read(&path).expect("postings");
    let last = bytes.len() - 2;
    bytes[last] ^= 1;
    std::fs::write(&path, bytes).expect("an edit");
    let told = expect_code(&mut check(), 70);
    assert!(told.contains("postings.csv"), "{told}");
}

#[test]
fn explain_finds_payments_by_id_and_by_bank_reference() {
    let folder = temporary();
    expect_code(&mut demo(folder.path()), 0);
    let posted = crate::program::rows(&folder.path().join("out/1/postings.csv"));
    let row = posted
        .iter()
        .find(|row| !row["bank_ref"].is_empty())
        .expect("a posting with a bank reference");
    for id in [&row["payment_id"], &row["bank_ref"]] {
        let told = expect_code(
            program()
                .arg("explain")
                .arg(id)
                .arg("--state")
                .arg(folder.path().join("state")),
            0,
        );
        assert!(told.contains("posted") && told.contains(&row["doc_no"]), "{told}");
    }
    expect_code(
        program()
            .args(["explain", "no-such-id"])
            .arg("--state")
            .arg(folder.path().join("state")),
        2,
    );
}
