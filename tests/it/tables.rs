//! Tables: bank layouts, open items, customers and history, from bytes to records and refusals.

use paymatch::model::{NaiveDate, Statement};
use paymatch::read::statement::FileReading;
use paymatch::read::statement::csv::{self, Profile};
use paymatch::words::finding::full;

fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 31).expect("a day")
}

fn read_statement(name: &str, bytes: &[u8]) -> FileReading {
    csv::read(name, bytes, &Profile::shipped(), as_of())
}

fn net(statement: &Statement) -> i64 {
    statement.entries.iter().map(|entry| entry.signed()).sum()
}

#[test]
fn corpus_layouts_are_read_or_refused_by_name() {
    let Some(corpus) = std::env::var_os("PAYMATCH_CORPUS") else {
        println!("skipped: PAYMATCH_CORPUS is not set");
        return;
    };
    let folder = std::path::Path::new(&corpus).join("csv");
    let mut names: Vec<_> = std::fs::read_dir(folder).expect("csv").map(|entry| entry.expect("entry").path()).collect();
    names.sort();
    for path in names {
        let name = path.file_name().expect("name").to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).expect("bytes");
        let reading = read_statement(&name, &bytes);
        let sums: Vec<String> = reading
            .statements
            .iter()
            .map(|s| format!("{} entries, net {}, {:?}{}", s.entries.len(), net(s), s.proof, if s.refusal.is_some() { " REFUSED" } else { "" }))
            .collect();
        println!("{name}: {:?} {sums:?} findings {}", reading.message, reading.findings.len());
        for finding in reading.refusal.iter().chain(reading.statements.iter().filter_map(|s| s.refusal.as_ref())).chain(reading.findings.iter().take(3)) {
            println!("    {}", full(finding).lines().next().unwrap_or("").chars().take(260).collect::<String>());
        }
    }
}
