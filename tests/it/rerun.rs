//! The demo night, run again and again: nothing twice, nothing lost, the same bytes whatever the circumstances.

use crate::program::{AS_OF, demo, differences, expect_code, program, root, rows};
use std::collections::BTreeMap;
use std::path::Path;

fn temporary() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn a_second_run_posts_nothing_and_shows_the_same_exceptions_one_day_older() {
    let folder = temporary();
    expect_code(&mut demo(folder.path()), 0);
    let told = expect_code(demo(folder.path()).args(["--as-of", "2026-03-10"]), 0);
    let (first, second) = (folder.path().join("out/1"), folder.path().join("out/2"));
    assert!(!rows(&first.join("postings.csv")).is_empty(), "the demo posts");
    assert_eq!(rows(&second.join("postings.csv")).len(), 0);
    assert!(told.contains("nothing new"), "it says why nothing was posted:\n{told}");
    let by_payment = |path: &Path| -> BTreeMap<String, BTreeMap<String, String>> {
        rows(&path.join("exceptions.csv"))
            .into_iter()
            .map(|row| (row["payment_id"].clone(), row))
            .collect()
    };
    let (before, after) = (by_payment(&first), by_payment(&second));
    assert!(before.len() > 12, "the demo has exceptions");
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (id, row) in before {
        let again = &after[&id];
        for column in ["reason", "amount", "currency", "candidate_1", "row_hash", "first_run"] {
            assert_eq!(row[column], again[column], "{column} of {id}");
        }
        let number = |row: &BTreeMap<String, String>, column: &str| row[column].parse::<i64>().expect("a number");
        assert_eq!(number(&row, "age_days") + 1, number(again, "age_days"), "age of {id}");
        assert_eq!(
            number(&row, "times_seen") + 1,
            number(again, "times_seen"),
            "times seen of {id}"
        );
    }
}

/// Sums in minor units by currency, with the reader's own arithmetic: strings without their point.
fn add(sums: &mut BTreeMap<(String, String, bool), (i64, i64)>, row: &BTreeMap<String, String>, account: &str) {
    let decimals = row["amount"].split_once('.').map_or(0, |(_, fraction)| fraction.len());
    assert_eq!(decimals, if row["currency"] == "JPY" { 0 } else { 2 }, "{row:?}");
    let minor: i64 = row["amount"].replace('.', "").parse().expect("an amount");
    let total = sums
        .entry((account.to_owned(), row["currency"].clone(), minor < 0))
        .or_default();
    total.0 += 1;
    total.1 += minor;
}

#[test]
fn every_cent_of_every_statement_is_in_exactly_one_file() {
    let folder = temporary();
    expect_code(&mut demo(folder.path()), 0);
    let out = folder.path().join("out/1");
    let mut written = BTreeMap::new();
    let mut posted: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for row in rows(&out.join("postings.csv")) {
        let minor: i64 = row["amount"].replace('.', "").parse().expect("an amount");
        let payment = posted.entry(row["payment_id"].clone()).or_insert_with(|| {
            let mut payment = row.clone();
            payment.insert("minor".into(), "0".into());
            payment
        });
        let sum = payment["minor"].parse::<i64>().expect("a number") + minor;
        payment.insert("minor".into(), sum.to_string());
    }
    for payment in posted.values() {
        let minor: i64 = payment["minor"].parse().expect("a number");
        let key = (payment["account"].clone(), payment["currency"].clone(), minor < 0);
        let total: &mut (i64, i64) = written.entry(key).or_default();
        total.0 += 1;
        total.1 += minor;
    }
    for file in ["exceptions.csv", "duplicates.csv"] {
        for row in rows(&out.join(file)) {
            add(&mut written, &row, &row["account"]);
        }
    }
    for row in rows(&out.join("set_aside.csv")) {
        if !["PENDING", "NOT_BOOKED"].contains(&row["rule"].as_str()) {
            add(&mut written, &row, &row["account"]);
        }
    }
    let mut read = BTreeMap::new();
    let mut inspect = program();
    inspect.arg("inspect").args(["--format", "json"]);
    for file in crate::program::files(&root().join("fixtures/demo/statements")).keys() {
        inspect.arg(root().join("fixtures/demo/statements").join(file));
    }
    for line in expect_code(&mut inspect, 0).lines() {
        let file: serde_json::Value = serde_json::from_str(line).expect("a JSON object for each file");
        for statement in file["statements"].as_array().expect("statements") {
            let account = statement["acct"]["iban"]
                .as_str()
                .or(statement["acct"]["other"].as_str())
                .expect("an account");
            for entry in statement["entries"].as_array().expect("entries") {
                add_entry(&mut read, account, entry);
            }
        }
    }
    assert_eq!(
        read, written,
        "read on the left, written on the right, by account, currency and side"
    );
}

/// Adds a booked entry; an entry whose details add up to it counts as its details.
fn add_entry(read: &mut BTreeMap<(String, String, bool), (i64, i64)>, account: &str, entry: &serde_json::Value) {
    if !matches!(entry["status"].as_str(), None | Some("BOOK")) {
        return;
    }
    let currency = entry["currency"].as_str().expect("a currency").to_owned();
    let minor = |value: &serde_json::Value| -> Option<i64> {
        let minor: i64 = value["amount"].as_str()?.replace('.', "").parse().ok()?;
        Some(if value["cdtdbt"] == "DBIT" { -minor } else { minor })
    };
    let whole = minor(entry).expect("an amount");
    let details = entry["tx"].as_array().expect("details");
    let parts: Option<Vec<i64>> = details
        .iter()
        .map(|detail| minor(detail).filter(|_| detail["currency"] == entry["currency"]))
        .collect();
    let parts = parts
        .filter(|parts| parts.len() > 1 && parts.iter().sum::<i64>() == whole)
        .unwrap_or_else(|| vec![whole]);
    for part in parts {
        let total = read
            .entry((account.to_owned(), currency.clone(), part < 0))
            .or_default();
        total.0 += 1;
        total.1 += part;
    }
}

#[test]
fn results_do_not_depend_on_threads_order_of_files_or_working_directory() {
    let reference = temporary();
    expect_code(demo(reference.path()).args(["--threads", "1"]), 0);
    let statements = root().join("fixtures/demo/statements");
    let mut shuffled: Vec<String> = crate::program::files(&statements).into_keys().collect();
    shuffled.reverse();
    let elsewhere = temporary();
    for (told, threads, is_shuffled, working_directory) in [
        ("2 threads", "2", false, root()),
        ("8 threads", "8", false, root()),
        ("another working directory", "2", false, elsewhere.path()),
        ("files in another order", "2", true, root()),
    ] {
        let folder = temporary();
        let mut command = demo(folder.path());
        command
            .current_dir(working_directory)
            .args(["--threads", threads])
            .env("TZ", "Asia/Tokyo")
            .env("LC_ALL", "de_DE.UTF-8");
        if is_shuffled {
            // The names of single files differ from those below a folder, so the folder is copied in another order.
            let copy = folder.path().join("statements");
            std::fs::create_dir(&copy).expect("a folder");
            for name in &shuffled {
                std::fs::copy(statements.join(name), copy.join(name)).expect("a copy");
            }
            command.arg("--statements").arg(&copy);
        }
        expect_code(&mut command, 0);
        let differing = differences(&reference.path().join("out/1"), &folder.path().join("out/1"));
        assert_eq!(differing, Vec::<String>::new(), "{told}");
    }
}

#[test]
fn the_same_statements_under_other_names_post_nothing() {
    let folder = temporary();
    expect_code(&mut demo(folder.path()), 0);
    let copy = folder.path().join("again");
    std::fs::create_dir(&copy).expect("a folder");
    for (name, mut bytes) in crate::program::files(&root().join("fixtures/demo/statements")) {
        if name.ends_with(".xml") {
            bytes.extend_from_slice(b"\n<!-- delivered again -->\n");
        }
        std::fs::write(copy.join(format!("again-{name}")), bytes).expect("a copy");
    }
    expect_code(demo(folder.path()).arg("--statements").arg(&copy), 0);
    assert_eq!(rows(&folder.path().join("out/2/postings.csv")).len(), 0);
    let ids = |run: &str| -> Vec<String> {
        let mut ids: Vec<String> = rows(&folder.path().join(run).join("exceptions.csv"))
            .into_iter()
            .map(|row| row["payment_id"].clone())
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(ids("out/1"), ids("out/2"), "no new exception appears as of {AS_OF}");
}
