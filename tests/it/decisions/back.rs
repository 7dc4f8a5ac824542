//! Postings that are taken back, and who has to agree.

use super::office::{ALONE, CUSTOMERS, Office, Row};
use expect_test::expect;

const ITEMS: &str = "item_id,customer_id,customer_name,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount
1,C1,Nordwind Handels GmbH,INV,RE-1001,2026-02-01,2026-03-01,EUR,100.00,100.00
2,C1,Nordwind Handels GmbH,INV,RE-1002,2026-02-01,2026-03-01,EUR,250.00,250.00
3,C2,Kiesel Maschinenbau AG,INV,RE-1003,2026-02-01,2026-03-01,EUR,650.00,650.00
4,C2,Kiesel Maschinenbau AG,INV,RE-1004,2026-02-01,2026-03-01,EUR,400.00,400.00
";

/// One automatic posting of 100.00 on RE-1001, and what a person needs to take it back.
fn posted(settings: &str) -> (Office, Row) {
    let office = Office::new(ITEMS, CUSTOMERS, settings);
    office.receives(
        "1.csv",
        &[("B1", "2026-03-02", "100.00", "Nordwind Handels GmbH", "", "RE-1001")],
    );
    office.night("2026-03-03");
    let row = office.rows("postings.csv")[0].clone();
    assert_eq!(row["decided_by"], "paymatch");
    (office, row)
}

fn item_open(office: &Office, number: &str) -> String {
    let summary = office.rows("candidates.csv");
    let of = summary.iter().find(|row| row["doc_no"] == number);
    of.map_or_else(|| "no candidate".to_owned(), |row| row["amount"].clone())
}

#[test]
fn an_automatic_posting_is_taken_back_and_the_program_does_not_post_it_again() {
    let (office, posting) = posted(ALONE);
    let named = Row::from([("payment_id".to_owned(), posting["payment_id"].clone())]);
    office.saves(
        "anna",
        "undo.csv",
        &[(&named, &[("decision", "撤销"), ("note", "wrong year")])],
    );
    office.night("2026-03-04");
    expect![[r#"
        anna UNDO: APPLIED 1-1 taken back; the payment and its documents are open again, and what it taught is forgotten [2-1]
        2-1 B1 C1 RE-1001 -100.00 reversal by anna reverses 1-1
        B1 proposed 100.00 TAKEN_BACK"#]].assert_eq(&office.told().join("\n"));
    assert_eq!(item_open(&office, "RE-1001"), "100.00", "the item is open again");
    assert_eq!(office.rows("duplicates.csv").len(), 0, "it is posted no more");
    // The next night it is still a person's, and a second UNDO has nothing to do.
    office.saves("anna", "again.csv", &[(&named, &[("decision", "undo")])]);
    office.night("2026-03-05");
    expect![[r#"
        anna UNDO: ALREADY it was taken back in run 2; nothing changed
        B1 proposed 100.00 TAKEN_BACK"#]]
    .assert_eq(&office.told().join("\n"));
    // Booked on the right invoice, in part.
    let row = office.row("B1");
    office.saves(
        "anna",
        "right.csv",
        &[(&row, &[("decision", "PARTIAL"), ("target", "RE-1002")])],
    );
    office.night("2026-03-06");
    expect![[r#"
        anna PARTIAL RE-1002: APPLIED booked as decided [4-1]
        4-1 B1 C1 RE-1002 100.00 part_payment by anna"#]]
    .assert_eq(&office.told().join("\n"));
}

#[test]
fn a_posting_is_named_by_its_id_in_any_row() {
    for (column, name) in [("target", "1-1"), ("payment_id", "1-1")] {
        let (office, _) = posted(ALONE);
        // Whether its statement is still there makes no difference.
        if column == "target" {
            std::fs::remove_file(office.path("inbox/1.csv")).expect("archived");
        }
        let row = Row::from([("payment_id".to_owned(), String::new())]);
        office.saves("anna", "undo.csv", &[(&row, &[("decision", "Storno"), (column, name)])]);
        office.night("2026-03-04");
        assert_eq!(
            office.told(),
            [
                "anna UNDO 1-1: APPLIED 1-1 taken back; the payment and its documents are open again, and what it taught is \
                 forgotten [2-1]",
                "2-1 B1 C1 RE-1001 -100.00 reversal by anna reverses 1-1",
                "B1 proposed 100.00 TAKEN_BACK",
            ],
            "{column}"
        );
    }
    let (office, _) = posted(ALONE);
    let row = Row::from([("payment_id".to_owned(), String::new())]);
    office.saves(
        "anna",
        "undo.csv",
        &[(&row, &[("decision", "UNDO"), ("target", "9-9")])],
    );
    office.night("2026-03-04");
    assert_eq!(
        office.answers(),
        ["anna UNDO 9-9: REJECTED no posting `9-9` is known; take it from the column posting_id of postings.csv"]
    );
}

#[test]
fn what_a_person_set_aside_comes_back_without_a_posting() {
    let office = Office::new(ITEMS, CUSTOMERS, ALONE);
    office.receives(
        "1.csv",
        &[("B1", "2026-03-02", "33.00", "Zentralkasse Nord", "", "Danke")],
    );
    office.night("2026-03-03");
    let row = office.row("B1");
    office.saves("anna", "1.csv", &[(&row, &[("decision", "NOT_RECEIVABLE")])]);
    office.night("2026-03-04");
    assert_eq!(office.exceptions(), [""; 0]);
    office.saves("anna", "2.csv", &[(&row, &[("decision", "UNDO")])]);
    office.night("2026-03-05");
    assert_eq!(
        office.told(),
        [
            "anna UNDO: APPLIED taken back; the payment is among the exceptions again",
            "B1 open 33.00 UNKNOWN_PAYER",
        ]
    );
    assert_eq!(office.rows("set_aside.csv").len(), 0);
}

#[test]
fn what_was_taken_back_after_the_erp_booked_it_is_open_when_the_erp_says_so() {
    let (office, posting) = posted(ALONE);
    let booked = ITEMS.replace(
        "1,C1,Nordwind Handels GmbH,INV,RE-1001,2026-02-01,2026-03-01,EUR,100.00,100.00\n",
        "",
    );
    office.write("items.csv", &booked);
    office.saves("anna", "undo.csv", &[(&posting, &[("decision", "UNDO")])]);
    office.night("2026-03-04");
    assert_eq!(
        office.told()[1..],
        [
            "2-1 B1 C1 RE-1001 -100.00 reversal by anna reverses 1-1",
            "B1 open 100.00 TAKEN_BACK",
        ]
    );
    // Before the ERP says so, the item is open by what we know ourselves.
    office.night("2026-03-05");
    assert_eq!(item_open(&office, "RE-1001"), "100.00");
    // The ERP booked the reversal, too: the item is there once, and nobody holds it.
    office.write("items.csv", ITEMS);
    office.night("2026-03-06");
    assert_eq!(item_open(&office, "RE-1001"), "100.00");
    let row = office.row("B1");
    office.saves(
        "anna",
        "right.csv",
        &[(&row, &[("decision", "APPLY"), ("target", "RE-1001")])],
    );
    office.night("2026-03-07");
    assert_eq!(
        office.told(),
        [
            "anna APPLY RE-1001: APPLIED booked as decided [5-1]",
            "5-1 B1 C1 RE-1001 100.00 single by anna",
        ]
    );
}

#[test]
fn what_was_learned_from_a_posting_is_forgotten_with_it() {
    let office = Office::new(ITEMS, CUSTOMERS, ALONE);
    let payer = ("Zentralkasse Nord", "DE02120300000000202051");
    let receipt = |reference, amount| (reference, "2026-03-02", amount, payer.0, payer.1, "Danke");
    office.receives("1.csv", &[receipt("B1", "70.00"), receipt("B2", "71.00")]);
    office.night("2026-03-03");
    let rows = [office.row("B1"), office.row("B2")];
    let on_account: &[(&str, &str)] = &[("decision", "ON_ACCOUNT"), ("target", "C1")];
    office.saves("anna", "1.csv", &[(&rows[0], on_account), (&rows[1], on_account)]);
    office.night("2026-03-04");
    // Confirmed twice: the account is C1's, and an exact amount is posted.
    office.receives("2.csv", &[receipt("B3", "100.00")]);
    office.night("2026-03-05");
    assert_eq!(office.posted(), ["3-1 B3 C1 RE-1001 100.00 single by paymatch"]);
    // One of the two was wrong: what it taught is forgotten, and what the other one taught is doubted.
    office.saves("anna", "2.csv", &[(&rows[0], &[("decision", "UNDO")])]);
    office.receives("3.csv", &[receipt("B4", "250.00")]);
    office.night("2026-03-06");
    assert_eq!(
        office.posted(),
        ["4-1 B1 C1 -70.00 on account reversal by anna reverses 2-1"],
        "B4 is not posted by what B1 taught"
    );
}

/// A credit note that the ERP has cleared, and one that it has not: taken back, both are told to the ERP.
#[test]
fn a_credit_note_is_taken_back_with_its_invoice() {
    let credit = "5,C1,Nordwind Handels GmbH,CRN,GS-7,2026-02-05,2026-02-05,EUR,-30.00,-30.00\n";
    for is_booked in [false, true] {
        let office = Office::new(&format!("{ITEMS}{credit}"), CUSTOMERS, ALONE);
        office.receives(
            "1.csv",
            &[("B1", "2026-03-02", "70.00", "Zentralkasse Nord", "", "Danke")],
        );
        office.night("2026-03-03");
        let row = office.row("B1");
        office.saves(
            "anna",
            "1.csv",
            &[(&row, &[("decision", "APPLY"), ("target", "GS-7; RE-1001")])],
        );
        office.night("2026-03-04");
        assert_eq!(office.posted().len(), 2);
        if is_booked {
            let rest: String = ITEMS
                .lines()
                .filter(|line| !line.starts_with("1,"))
                .map(|line| format!("{line}\n"))
                .collect();
            office.write("items.csv", rest);
        }
        office.saves("anna", "2.csv", &[(&row, &[("decision", "UNDO")])]);
        office.night("2026-03-05");
        assert_eq!(
            office.posted(),
            [
                "3-1 B1 C1 GS-7 30.00 reversal by anna reverses 2-1",
                "3-2 B1 C1 RE-1001 -100.00 reversal by anna reverses 2-2",
            ]
        );
        office.write("items.csv", format!("{ITEMS}{credit}"));
        office.saves(
            "anna",
            "3.csv",
            &[(
                &row,
                &[("decision", "APPLY"), ("target", "GS-7; RE-1001"), ("note", "now")],
            )],
        );
        office.night("2026-03-06");
        assert_eq!(office.posted().len(), 2, "{is_booked}: {:?}", office.answers());
    }
}

/// A claim that led to a wrong posting is forgotten with it: else the next claim would have to argue against the old one.
#[test]
fn what_was_said_before_an_undo_does_not_count_after_it() {
    let office = Office::new(ITEMS, CUSTOMERS, ALONE);
    office.receives(
        "1.csv",
        &[("B1", "2026-03-02", "100.00", "Zentralkasse Nord", "", "Danke")],
    );
    office.night("2026-03-03");
    let row = office.row("B1");
    office.saves("anna", "1.csv", &[(&row, &[("decision", "CLAIM"), ("target", "C1")])]);
    office.night("2026-03-04");
    assert_eq!(office.posted(), ["2-1 B1 C1 RE-1001 100.00 single by paymatch"]);
    office.saves("anna", "2.csv", &[(&row, &[("decision", "UNDO")])]);
    office.night("2026-03-05");
    office.night("2026-03-06");
    let for_it = |office: &Office| office.row("B1")["candidate_1"].contains("a person says");
    assert!(!for_it(&office), "{:?}", office.row("B1"));
    // A new word has it matched again, and posted.
    office.saves(
        "anna",
        "3.csv",
        &[(
            &office.row("B1"),
            &[("decision", "CORRECT_TEXT"), ("target", "RE-1001 Nordwind")],
        )],
    );
    office.night("2026-03-07");
    assert_eq!(office.posted(), ["5-1 B1 C1 RE-1001 100.00 single by paymatch"]);
    let text = &office.rows("postings.csv")[0]["text"];
    assert!(
        text.ends_with("anna corrected the text to `RE-1001 Nordwind`, the bank wrote `Danke`"),
        "{text}"
    );
}
