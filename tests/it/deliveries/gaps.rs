//! Statements that are missing, come late, come twice, or come corrected.

use super::bank::{Bank, receipt, statement};
use expect_test::expect;

fn nordwind(day: &str) -> (i64, String) {
    receipt(
        day,
        &format!("N-{day}"),
        10_000,
        "Nordwind Handels GmbH",
        "RE-2026-1001",
    )
}

fn kiesel(day: &str) -> (i64, String) {
    receipt(
        day,
        &format!("K-{day}"),
        25_000,
        "Kiesel Maschinenbau AG",
        "RE-2026-1002",
    )
}

fn lindhof(day: &str) -> (i64, String) {
    receipt(day, &format!("L-{day}"), 65_000, "Lindhof Werkzeuge KG", "RE-2026-1003")
}

/// Three days that follow on each other.
fn days() -> [String; 3] {
    [
        statement(Some(41), "2026-03-03", 0, &[nordwind("2026-03-03")]),
        statement(Some(42), "2026-03-04", 10_000, &[kiesel("2026-03-04")]),
        statement(Some(43), "2026-03-05", 35_000, &[lindhof("2026-03-05")]),
    ]
}

#[test]
fn a_missing_statement_is_told_every_night_until_it_comes() {
    let bank = Bank::new("warn");
    let [first, second, third] = days();
    bank.delivers("1.xml", &first).delivers("3.xml", &third);
    expect![[r#"
        posted 100.00 RE-2026-1001
        posted 650.00 RE-2026-1003
        warning STATEMENT-MISSING: account DE89370400440532013000: no. 42 of 2026 did not arrive, but no. 43 of 2026 (2026-03-05) did
        read 750.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
    expect![[r#"
        duplicate 100.00 POSTED_EARLIER
        duplicate 650.00 POSTED_EARLIER
        warning STATEMENT-MISSING: account DE89370400440532013000: no. 42 of 2026 did not arrive, but no. 43 of 2026 (2026-03-05) did
        read 750.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
    bank.delivers("2.xml", &second);
    expect![[r#"
        duplicate 100.00 POSTED_EARLIER
        duplicate 650.00 POSTED_EARLIER
        posted 250.00 RE-2026-1002
        note GAP-CLOSED: account DE89370400440532013000: what was missing before no. 43 of 2026 (2026-03-05) has arrived
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
    expect![[r#"
        duplicate 100.00 POSTED_EARLIER
        duplicate 250.00 POSTED_EARLIER
        duplicate 650.00 POSTED_EARLIER
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
}

#[test]
fn what_follows_a_gap_is_held_and_goes_on_by_itself() {
    let bank = Bank::new("hold");
    let [first, second, third] = days();
    bank.delivers("1.xml", &first).night();
    bank.delivers("3.xml", &third);
    expect![[r#"
        duplicate 100.00 POSTED_EARLIER
        proposed 650.00 STATEMENT_GAP
        warning STATEMENT-MISSING: account DE89370400440532013000: no. 42 of 2026 did not arrive, but no. 43 of 2026 (2026-03-05) did
        read 750.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
    bank.archives("3.xml");
    expect![[r#"
        duplicate 100.00 POSTED_EARLIER
        proposed 650.00 STATEMENT_GAP
        warning STATEMENT-MISSING: account DE89370400440532013000: no. 42 of 2026 did not arrive, but no. 43 of 2026 (2026-03-05) did
        read 100.00, carried 650.00
    "#]]
    .assert_eq(&bank.night());
    bank.delivers("2.xml", &second);
    expect![[r#"
        duplicate 100.00 POSTED_EARLIER
        posted 250.00 RE-2026-1002
        posted 650.00 RE-2026-1003
        note GAP-CLOSED: account DE89370400440532013000: what was missing before no. 43 of 2026 (2026-03-05) has arrived
        read 350.00, carried 650.00
    "#]]
    .assert_eq(&bank.night());
}

#[test]
fn a_gap_stands_in_report_and_summary() {
    let bank = Bank::new("hold");
    let [first, _, third] = days();
    bank.delivers("1.xml", &first).delivers("3.xml", &third).night();
    let report = std::fs::read_to_string(bank.latest().join("report.html")).expect("a report");
    assert!(report.contains("no. 42 of 2026"), "{report}");
    let gaps = super::bank::summary(&bank.latest())["gaps"].clone();
    expect![[r#"
        [
          {
            "account": "DE89370400440532013000",
            "code": "STATEMENT-MISSING",
            "file": "inbox/3.xml",
            "message": "account DE89370400440532013000: no. 42 of 2026 did not arrive, but no. 43 of 2026 (2026-03-05) did",
            "remedy": "order no. 42 of 2026 from the bank and put it beside the others; what came after it is held until then"
          }
        ]"#]]
    .assert_eq(&serde_json::to_string_pretty(&gaps).expect("JSON"));
}

#[test]
fn statements_without_numbers_are_seen_by_their_balances() {
    let bank = Bank::new("warn");
    bank.delivers("1.xml", &statement(None, "2026-03-03", 0, &[nordwind("2026-03-03")]))
        .delivers(
            "3.xml",
            &statement(None, "2026-03-05", 35_000, &[lindhof("2026-03-05")]),
        );
    expect![[r#"
        posted 100.00 RE-2026-1001
        posted 650.00 RE-2026-1003
        warning BALANCE-GAP: account DE89370400440532013000: `S-2026-03-05/2026-03-05` (2026-03-05) opens with 350.00 EUR, but `S-2026-03-03/2026-03-03` (2026-03-03) before it closed with 100.00 EUR: a statement between them is missing
        read 750.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
    bank.delivers("2.xml", &statement(None, "2026-03-04", 10_000, &[kiesel("2026-03-04")]));
    expect![[r#"
        duplicate 100.00 POSTED_EARLIER
        duplicate 650.00 POSTED_EARLIER
        posted 250.00 RE-2026-1002
        note GAP-CLOSED: account DE89370400440532013000: what was missing before `S-2026-03-05/2026-03-05` (2026-03-05) has arrived
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
}

#[test]
fn a_corrected_statement_is_refused_with_the_difference() {
    let bank = Bank::new("warn");
    bank.delivers(
        "1.xml",
        &statement(Some(41), "2026-03-03", 0, &[nordwind("2026-03-03")]),
    )
    .night();
    let entries = [nordwind("2026-03-03"), kiesel("2026-03-03")];
    bank.delivers("2.xml", &statement(Some(41), "2026-03-03", 0, &entries));
    expect![[r#"
        duplicate 100.00 POSTED_EARLIER
        error STATEMENT-CONFLICT: the statement was delivered before with other content (DE89370400440532013000/EUR/2026/41): opening 0.00 EUR and closing 100.00 EUR before, 0.00 EUR and 350.00 EUR now; the entry of 2026-03-03 with 250.00 EUR is new
        read 100.00, carried 0.00
    "#]]
    .assert_eq(&bank.night_with_code(3));
}

#[test]
fn what_nothing_proves_is_proposed_every_night() {
    let bank = Bank::with("unproved = \"propose\"");
    let proved = statement(Some(41), "2026-03-03", 0, &[nordwind("2026-03-03")]);
    let (head, rest) = proved.split_once("<Bal>").expect("balances");
    let (_, entries) = rest.split_once("</Bal>\n<Ntry>").expect("entries");
    bank.delivers("1.xml", &format!("{head}<Ntry>{entries}"));
    for _ in 0..2 {
        assert!(bank.night().starts_with("proposed 100.00"), "{}", bank.told());
    }
}

#[test]
fn a_month_over_its_days_and_days_without_movements_are_no_gap() {
    let bank = Bank::new("hold");
    let [first, second, third] = days();
    bank.delivers("1.xml", &first).delivers("2.xml", &second).night();
    let quiet = statement(Some(44), "2026-03-06", 100_000, &[]);
    bank.delivers("3.xml", &third).delivers("4.xml", &quiet);
    bank.night();
    let all = [nordwind("2026-03-03"), kiesel("2026-03-04"), lindhof("2026-03-05")];
    let month = statement(None, "2026-03-03", 0, &all);
    bank.delivers("month.xml", &month);
    expect![[r#"
        duplicate 100.00 OVERLAP
        duplicate 100.00 POSTED_EARLIER
        duplicate 250.00 OVERLAP
        duplicate 250.00 POSTED_EARLIER
        duplicate 650.00 OVERLAP
        duplicate 650.00 POSTED_EARLIER
        note STATEMENT-OVERLAP: the statement covers days that no. 41 of 2026 (2026-03-03) covers, too; entries known from there are duplicates
        read 2000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
}
