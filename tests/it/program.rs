//! Calls the program as its users do: in a process of its own, with folders of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The day that tests of the demo look from.
pub const AS_OF: &str = "2026-03-09";

/// Returns the program, ready for arguments, in an environment without a trace of this machine's.
pub fn program() -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("paymatch"));
    command
        .env_remove("NO_COLOR")
        .env("TZ", "UTC")
        .env("LC_ALL", "C")
        .stdin(std::process::Stdio::null());
    command
}

/// Returns the root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns a demo run whose record and results lie in `folder`.
pub fn demo(folder: &Path) -> Command {
    let mut command = program();
    command
        .arg("run")
        .arg("--config")
        .arg(root().join("config/paymatch.toml"));
    command
        .arg("--state")
        .arg(folder.join("state"))
        .arg("--out")
        .arg(folder.join("out"));
    command.arg("--decisions").arg(folder.join("decisions"));
    command.args(["--as-of", AS_OF]);
    command
}

/// Runs to the end and returns what was printed; fails with all of it when the exit code is another.
pub fn expect_code(command: &mut Command, code: i32) -> String {
    let output = command.output().expect("the program starts");
    assert_eq!(output.status.code(), Some(code), "{}", printed(&output));
    printed(&output)
}

fn printed(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Returns all files of a folder by name with their bytes.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let listed = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths: Vec<PathBuf> = listed
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .collect();
    let named = paths.into_iter().map(|path| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).expect("a readable file");
        (name, bytes)
    });
    named.collect()
}

/// Says which files of two folders differ; empty when none does.
pub fn differences(one: &Path, other: &Path) -> Vec<String> {
    let (one, other) = (files(one), files(other));
    let names: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    names
        .into_iter()
        .filter(|name| one.get(*name) != other.get(*name))
        .cloned()
        .collect()
}

/// Returns the rows of a CSV file as maps from column to cell.
pub fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let headers = reader.headers().expect("a header").clone();
    let rows = reader.records().map(|record| {
        let record = record.expect("a row");
        headers
            .iter()
            .map(str::to_owned)
            .zip(record.iter().map(str::to_owned))
            .collect()
    });
    rows.collect()
}
