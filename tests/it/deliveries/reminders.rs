//! Exceptions that wait: told when it is too long, by age and by amount; what was put off comes back on its day.

use super::bank::{Bank, receipt, statement, summary};
use crate::program::rows;

/// Three payments that nobody can match, of one day.
fn bank(settings: &str) -> Bank {
    let bank = Bank::with(&format!("on_gap = \"warn\"\n{settings}"));
    let receipts = [
        receipt("2026-03-03", "A", 120_000, "Miller Trading Ltd", "Zahlung"),
        receipt("2026-03-03", "B", 700, "Smith Services B.V.", "Zahlung"),
        receipt("2026-03-03", "C", 50_000, "Jones Foods S.A.", "Zahlung"),
    ];
    bank.delivers("1.xml", &statement(Some(1), "2026-03-03", 0, &receipts));
    bank
}

/// Amounts of what waits too long, as all three outputs tell it.
fn escalated(bank: &Bank, as_of: &str) -> Vec<String> {
    bank.runs(as_of, 0);
    let told = summary(&bank.latest())["escalated"].clone();
    let amounts: Vec<String> = told["payments"]
        .as_array()
        .expect("payments")
        .iter()
        .map(|payment| payment["amount"].as_str().expect("an amount").to_owned())
        .collect();
    assert_eq!(told["count"], amounts.len());
    let report = std::fs::read_to_string(bank.latest().join("report.html")).expect("a report");
    let heading = format!("Waiting too long: {}", amounts.len());
    assert_eq!(report.contains(&heading), !amounts.is_empty(), "{as_of}");
    amounts
}

#[test]
fn what_waits_too_long_is_told_largest_first() {
    let bank = bank("[reminders]\ndays = 10\nlarge_days = 4\n[reminders.large]\nEUR = \"500.00\"");
    for (as_of, expected) in [
        ("2026-03-06", vec![]),
        ("2026-03-07", vec!["1200.00", "500.00"]),
        ("2026-03-13", vec!["1200.00", "500.00", "7.00"]),
    ] {
        assert_eq!(escalated(&bank, as_of), expected, "{as_of}");
    }
}

#[test]
fn what_is_put_off_comes_back_on_its_day() {
    let bank = bank("[reminders]\ndays = 1");
    assert_eq!(escalated(&bank, "2026-03-05").len(), 3);
    let sheet = |bank: &Bank| -> Vec<(String, bool)> {
        let rows = rows(&bank.latest().join("exceptions.csv")).into_iter();
        rows.map(|row| {
            (
                row["amount"].clone(),
                row["suggestion"].starts_with("put off until 2026-03-08"),
            )
        })
        .collect()
    };
    let payment = bank.ids()["1200.00"].clone();
    bank.write(
        "decisions/sheet.csv",
        &format!("payment_id,decision,target\n{payment},LATER,2026-03-08\n"),
    );
    assert_eq!(
        escalated(&bank, "2026-03-06"),
        ["500.00", "7.00"],
        "nobody is urged about what was put off"
    );
    assert_eq!(
        sheet(&bank).last(),
        Some(&("1200.00".to_owned(), true)),
        "last in the sheet"
    );
    assert_eq!(escalated(&bank, "2026-03-07"), ["500.00", "7.00"]);
    assert_eq!(escalated(&bank, "2026-03-08"), ["1200.00", "500.00", "7.00"]);
    assert_eq!(
        sheet(&bank).first(),
        Some(&("1200.00".to_owned(), false)),
        "back in its place"
    );
    let row = rows(&bank.latest().join("exceptions.csv")).remove(0);
    assert_eq!((row["age_days"].as_str(), row["times_seen"].as_str()), ("5", "4"));
}
