//! An input that comes corrected: what it touches is matched again, and nothing else changes.

use super::bank::{Bank, receipt, statement};
use crate::program::rows;
use std::collections::{BTreeMap, BTreeSet};

const ITEMS: &str = "item_id,customer_id,customer_name,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount
1,C1,Nordwind Handels GmbH,INV,RE-2026-1001,2026-02-01,2026-03-01,EUR,100.00,100.00
2,C2,Kiesel Maschinenbau AG,INV,RE-2026-1002,2026-02-01,2026-03-01,EUR,250.00,250.00
3,C3,Lindhof Werkzeuge KG,INV,RE-2026-1003,2026-02-01,2026-03-01,EUR,650.00,650.00
4,C4,Ostkai Spedition GmbH,INV,RE-2026-1004,2026-02-01,2026-03-01,EUR,400.00,400.00
";

/// Payments that all wait: too little, a name that nobody knows, a text that fits nothing.
fn receipts() -> Vec<(i64, String)> {
    vec![
        receipt("2026-03-03", "A", 24_000, "Kiesel Maschinenbau AG", "RE-2026-1002"),
        receipt("2026-03-03", "B", 40_000, "OKS Holding SE", "Zahlung"),
        receipt("2026-03-03", "C", 64_000, "Lindhof Werkzeuge KG", "RE-2026-1003"),
        receipt("2026-03-03", "D", 7_777, "Miller Trading Ltd", "Zahlung"),
    ]
}

fn bank() -> Bank {
    let bank = Bank::new("warn");
    bank.write("items.csv", ITEMS);
    bank.delivers("1.xml", &statement(Some(1), "2026-03-03", 0, &receipts()));
    bank.night();
    bank
}

/// What the last night says of each payment, without what every night changes.
fn said(bank: &Bank) -> BTreeMap<String, String> {
    let out = bank.latest();
    let mut said = BTreeMap::new();
    for mut row in rows(&out.join("exceptions.csv")) {
        for column in ["age_days", "times_seen", "run"] {
            row.remove(column);
        }
        said.insert(row["bank_ref"].clone(), format!("{row:?}"));
    }
    for row in rows(&out.join("postings.csv")) {
        said.insert(
            row["bank_ref"].clone(),
            format!("posted {} {}", row["amount"], row["doc_no"]),
        );
    }
    said
}

/// Payments of which two nights say something else.
fn changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> BTreeSet<String> {
    let all = before.keys().chain(after.keys());
    all.filter(|payment| before.get(*payment) != after.get(*payment))
        .cloned()
        .collect()
}

#[test]
fn a_corrected_open_item_matches_its_payment_and_changes_no_other() {
    let bank = bank();
    let before = said(&bank);
    assert_eq!(before.len(), 4, "{before:?}");
    bank.write("items.csv", &ITEMS.replace("EUR,250.00,250.00", "EUR,240.00,240.00"));
    bank.night();
    let after = said(&bank);
    assert_eq!(changed(&before, &after), ["A".to_owned()].into());
    assert_eq!(after["A"], "posted 240.00 RE-2026-1002");
}

#[test]
fn a_corrected_customer_list_matches_its_payment_and_changes_no_other() {
    let bank = bank();
    let settings = std::fs::read_to_string(bank.path("paymatch.toml")).expect("settings");
    bank.write(
        "paymatch.toml",
        &settings.replace("customers = \"\"", "customers = \"customers.csv\""),
    );
    let customers = "customer_id,customer_no,name,aliases\nC1,1,Nordwind Handels GmbH,\nC2,2,Kiesel Maschinenbau AG,\n\
                     C3,3,Lindhof Werkzeuge KG,\nC4,4,Ostkai Spedition GmbH,\n";
    bank.write("customers.csv", customers);
    bank.night();
    let before = said(&bank);
    bank.write(
        "customers.csv",
        &customers.replace("Spedition GmbH,", "Spedition GmbH,OKS Holding SE"),
    );
    bank.night();
    let after = said(&bank);
    assert_eq!(changed(&before, &after), ["B".to_owned()].into());
    assert_eq!(after["B"], "posted 400.00 RE-2026-1004");
}

#[test]
fn a_refused_statement_that_comes_corrected_adds_its_payments_and_changes_no_other() {
    let bank = bank();
    let right = statement(
        Some(2),
        "2026-03-04",
        136_777,
        &[receipt(
            "2026-03-04",
            "E",
            10_000,
            "Nordwind Handels GmbH",
            "RE-2026-1001",
        )],
    );
    let wrong = right.replacen(">100.00<", ">100.01<", 1);
    assert_ne!(right, wrong);
    bank.delivers("2.xml", &wrong);
    bank.night_with_code(3);
    let before = said(&bank);
    assert_eq!(before.len(), 4, "nothing of a refused statement is matched");
    bank.delivers("2.xml", &right);
    bank.night();
    let after = said(&bank);
    assert_eq!(changed(&before, &after), ["E".to_owned()].into());
    assert_eq!(after["E"], "posted 100.00 RE-2026-1001");
}
