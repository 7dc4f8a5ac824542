//! What decisions teach: listed with where it came from, approved, revoked, and followed by the next night.

use super::bank::{Bank, receipt, statement};
use crate::program::{expect_code, program, rows};
use expect_test::expect;

fn known(bank: &Bank, arguments: &[&str], code: i32) -> String {
    let mut command = program();
    command
        .arg("known")
        .args(arguments)
        .arg("--config")
        .arg(bank.path("paymatch.toml"));
    expect_code(&mut command, code)
}

/// Key of the only thing that was learned.
fn key(bank: &Bank) -> String {
    known(bank, &["list"], 0).split(' ').next().expect("a key").to_owned()
}

/// What the last sheet says for and against the only exception's first candidate.
fn evidence(bank: &Bank) -> String {
    let shown = rows(&bank.latest().join("exceptions.csv"));
    assert_eq!(shown.len(), 1, "{shown:?}");
    let (_, speaks_for) = shown[0]["candidate_1"].split_once(" | for: ").unwrap_or_default();
    format!("{} {}", shown[0]["status"], speaks_for)
}

/// A payer nobody knows pays for Nordwind, and a person says so; then it pays again.
fn taught() -> Bank {
    let bank = Bank::new("warn");
    let first = receipt("2026-03-03", "A", 9_000, "Zentrale Dienste Holding SE", "Zahlung");
    let second = receipt("2026-03-04", "B", 1_000, "Zentrale Dienste Holding SE", "Zahlung");
    bank.delivers("1.xml", &statement(Some(1), "2026-03-03", 0, &[first]));
    assert_eq!(known(&bank, &["list"], 73).lines().count(), 2);
    bank.night();
    assert_eq!(known(&bank, &["list"], 0), "Nothing was learned from decisions yet.\n");
    let payment = bank.ids()["90.00"].clone();
    std::fs::create_dir(bank.path("decisions/anna")).expect("a folder");
    let sheet = format!("payment_id,decision,target\n{payment},APPLY,RE-2026-1001\n");
    bank.write("decisions/anna/sheet.csv", &sheet);
    bank.delivers("2.xml", &statement(Some(2), "2026-03-04", 9_000, &[second]));
    bank.night();
    bank
}

#[test]
fn what_was_learned_is_listed_with_its_origin() {
    let bank = taught();
    let payment = rows(&bank.path("out/2/postings.csv"))[0]["payment_id"].clone();
    let told = known(&bank, &["list"], 0).replace(&payment, "P…");
    expect![[r#"
        79ea92d9c2  learned  name Zentrale Dienste Holding SE is C1: 1 of 1 confirmed payments
            run 2: payment P… of 2026-03-03, 90.00 EUR on RE-2026-1001, decided by anna in decisions/anna/sheet.csv:2
    "#]]
    .assert_eq(&told);
    let told = known(&bank, &["list", "--json"], 0);
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["learned_from"][0]["payment_id"], payment.as_str());
    assert_eq!(told["learned_from"][0]["decided_by"], "anna");
    assert_eq!(told["confirmed"], 1);
}

#[test]
fn what_is_revoked_is_unlearned_by_the_next_night_and_can_be_learned_again() {
    let bank = taught();
    bank.night();
    expect!["proposed the amount is exact (10.00 EUR), the payer's name was confirmed for the customer before, paid around the due date"].assert_eq(&evidence(&bank));
    let told = known(&bank, &["revoke", "0123456789", "--by", "bert"], 65);
    assert!(
        told.contains("error[KNOWN]: nothing that was learned has the key `0123456789`"),
        "{told}"
    );
    let key = key(&bank);
    let said = [
        "revoke",
        &key,
        "--by",
        "bert",
        "--note",
        "pays for several",
        "--as-of",
        "2026-03-10",
    ];
    expect![[r#"
        KEY  revoked  name Zentrale Dienste Holding SE is no longer taken for C1
        The next run follows it.
    "#]]
    .assert_eq(&known(&bank, &said, 0).replace(&key, "KEY"));
    bank.night();
    expect!["proposed the amount is exact (10.00 EUR), paid around the due date | against: nobody known has the payer's name"].assert_eq(&evidence(&bank));
    let told = known(&bank, &["list"], 0);
    assert!(
        told.contains("revoked by bert on 2026-03-10 after run 3: pays for several"),
        "{told}"
    );
    // Confirmed again, it counts again: once.
    let payment = bank.ids()["10.00"].clone();
    let sheet = format!("payment_id,decision,target\n{payment},APPLY,RE-2026-1001\n");
    bank.write("decisions/anna/again.csv", &sheet);
    bank.night();
    let told = known(&bank, &["list"], 0);
    assert!(told.contains("learned"), "{told}");
    assert!(told.contains("1 of 1 confirmed payments"), "{told}");
}

#[test]
fn what_is_approved_counts_once_more() {
    let bank = taught();
    bank.night();
    assert!(evidence(&bank).starts_with("proposed "), "{}", evidence(&bank));
    let said = [
        "approve",
        &key(&bank),
        "--by",
        "bert",
        "--as-of",
        "2026-03-10",
        "--json",
    ];
    let told: serde_json::Value = serde_json::from_str(&known(&bank, &said, 0)).expect("JSON");
    assert_eq!(told["state"], "approved");
    assert_eq!(told["changed"]["by"], "bert");
    // A name that was confirmed twice may post an exact amount.
    let told = bank.night();
    assert!(told.contains("posted 10.00 RE-2026-1001"), "{told}");
}
