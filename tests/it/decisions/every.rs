//! Each decision, carried out by the program over exports and statements of a small office.

use super::office::{Office, Row};
use expect_test::{Expect, expect};

const ITEMS: &str = "item_id,customer_id,customer_name,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount,discount_pct,discount_date
1,C1,Nordwind Handels GmbH,INV,RE-1001,2026-02-01,2026-03-01,EUR,100.00,100.00,,
2,C1,Nordwind Handels GmbH,INV,RE-1002,2026-02-01,2026-03-01,EUR,250.00,250.00,,
3,C2,Kiesel Maschinenbau AG,INV,RE-1003,2026-02-01,2026-03-01,EUR,650.00,650.00,3,2026-02-15
4,C2,Kiesel Maschinenbau AG,INV,RE-1004,2026-02-01,2026-03-01,EUR,400.00,400.00,3,2026-02-15
5,C3,Lindhof Werkzeuge KG,INV,25117000000123456789,2026-02-01,2026-03-01,EUR,77.00,77.00,,
6,C2,Kiesel Maschinenbau AG,CRN,GS-9,2026-02-05,2026-02-05,EUR,-50.00,-50.00,,
";
const CUSTOMERS: &str =
    "customer_id,customer_no,name,country,city,currency,iban,terms_days,discount_pct,discount_days,salesperson
C1,10001,Nordwind Handels GmbH,DE,Kiel,EUR,,30,,,Petra Lund
C2,10002,Kiesel Maschinenbau AG,DE,Ulm,EUR,,30,3,14,Jens Ott
C3,10003,Lindhof Werkzeuge KG,DE,Hagen,EUR,,30,,,Jens Ott
";
const ALONE: &str = "[approval]\nalways = []\nwrite_off_max = 100000\ncharges_max = 100000\ndiscount_max = 100000\nignore_max = 10000000\n";

/// One receipt without a helpful text, decided in one row; tells the answer, what was posted, what is left.
fn decided(amount: &str, payer: &str, text: &str, cells: &[(&str, &str)]) -> (Office, String) {
    let office = Office::new(ITEMS, CUSTOMERS, ALONE);
    office.receives("1.csv", &[("B1", "2026-03-02", amount, payer, "", text)]);
    office.night("2026-03-03");
    let row: Row = office.row("B1");
    office.saves("anna", "sheet.csv", &[(&row, cells)]);
    office.night("2026-03-04");
    let told = told(&office);
    (office, told)
}

fn told(office: &Office) -> String {
    let mut told = office.told();
    let set_aside = office.rows("set_aside.csv").into_iter();
    told.extend(set_aside.map(|row| {
        format!(
            "{} {} {} by {} for {} ({})",
            row["bank_ref"], row["rule"], row["amount"], row["decided_by"], row["target"], row["note"]
        )
    }));
    told.join("\n")
}

fn assert_told(amount: &str, text: &str, cells: &[(&str, &str)], expected: Expect) {
    expected.assert_eq(&decided(amount, "Zentralkasse Nord", text, cells).1);
}

#[test]
fn documents_are_applied_with_and_without_amounts() {
    for (amount, cells, expected) in [
        (
            "350.00",
            vec![("decision", "APPLY"), ("target", "RE-1001; RE-1002")],
            expect![[r#"
                anna APPLY RE-1001; RE-1002: APPLIED booked as decided [2-1;2-2]
                2-1 B1 C1 RE-1001 100.00 listed by anna
                2-2 B1 C1 RE-1002 250.00 listed by anna"#]],
        ),
        (
            "300.00",
            vec![("decision", "核销"), ("target", "RE-1001=60,00；RE-1002=240,00")],
            expect![[r#"
                anna APPLY RE-1001; RE-1002: APPLIED booked as decided [2-1;2-2]
                2-1 B1 C1 RE-1001 60.00 listed by anna
                2-2 B1 C1 RE-1002 240.00 listed by anna"#]],
        ),
        (
            "300.00",
            vec![("decision", "apply"), ("target", "RE-1001=150.00; RE-1002=150.00")],
            expect![[r#"
                anna APPLY RE-1001; RE-1002: REJECTED RE-1001 is open with 100.00 EUR only, 150.00 EUR cannot be applied
                B1 open 300.00 UNKNOWN_PAYER"#]],
        ),
        (
            "600.00",
            vec![("decision", "APPLY"), ("target", "GS-9; RE-1003")],
            expect![[r#"
                anna APPLY GS-9; RE-1003: APPLIED booked as decided [2-1;2-2]
                2-1 B1 C2 GS-9 -50.00 listed by anna
                2-2 B1 C2 RE-1003 650.00 listed by anna"#]],
        ),
        (
            "77.00",
            vec![("decision", "APPLY"), ("target", "2.51170000001235E+19")],
            expect![[r#"
                anna APPLY 2.51170000001235E+19: APPLIED booked as decided [2-1]
                2-1 B1 C3 25117000000123456789 77.00 single by anna"#]],
        ),
        (
            "40.00",
            vec![("decision", "Teilzahlung"), ("target", "RE-1001")],
            expect![[r#"
                anna PARTIAL RE-1001: APPLIED booked as decided [2-1]
                2-1 B1 C1 RE-1001 40.00 part_payment by anna"#]],
        ),
        (
            "100.00",
            vec![("decision", "PARTIAL"), ("target", "RE-1001")],
            expect![[r#"
                anna PARTIAL RE-1001: REJECTED 100.00 EUR is not less than the 100.00 EUR that are open: use APPLY
                B1 proposed 100.00 UNKNOWN_PAYER"#]],
        ),
    ] {
        assert_told(amount, "Danke", &cells, expected);
    }
}

#[test]
fn what_is_missing_is_written_off_charged_or_granted() {
    for (amount, cells, expected) in [
        (
            "99.95",
            vec![("decision", "WRITE_OFF"), ("target", "RE-1001")],
            expect![[r#"
                anna WRITE_OFF RE-1001: APPLIED booked as decided [2-1]
                2-1 B1 C1 RE-1001 99.95 write_off 0.05 single by anna"#]],
        ),
        (
            "100.03",
            vec![("decision", "尾差"), ("target", "RE-1001")],
            expect![[r#"
                anna WRITE_OFF RE-1001: APPLIED booked as decided [2-1]
                2-1 B1 C1 RE-1001 100.03 write_off -0.03 single by anna"#]],
        ),
        (
            "85.00",
            vec![("decision", "Spesen"), ("target", "RE-1001")],
            expect![[r#"
                anna CHARGES RE-1001: APPLIED booked as decided [2-1]
                2-1 B1 C1 RE-1001 85.00 charges 15.00 charges by anna"#]],
        ),
        (
            "1018.50",
            vec![("decision", "Skonto"), ("target", "RE-1003; RE-1004")],
            expect![[r#"
                anna DISCOUNT RE-1003; RE-1004: APPLIED booked as decided [2-1;2-2]
                2-1 B1 C2 RE-1003 630.50 discount 19.50 discount by anna
                2-2 B1 C2 RE-1004 388.00 discount 12.00 discount by anna"#]],
        ),
        (
            "1040.00",
            vec![("decision", "DISCOUNT"), ("target", "RE-1003; RE-1004=10.00")],
            expect![[r#"
                anna DISCOUNT RE-1003; RE-1004: APPLIED booked as decided [2-1;2-2]
                2-1 B1 C2 RE-1003 650.00 discount by anna
                2-2 B1 C2 RE-1004 390.00 discount 10.00 discount by anna"#]],
        ),
        (
            "1040.00",
            vec![("decision", "CHARGES"), ("target", "RE-1003; RE-1004")],
            expect![[r#"
                anna CHARGES RE-1003; RE-1004: REJECTED say which document takes the 10.00 EUR: RE-1; RE-2=5.00
                B1 open 1040.00 UNKNOWN_PAYER"#]],
        ),
        (
            "90.00",
            vec![
                ("decision", "WRITE_OFF"),
                ("target", "RE-1001"),
                ("target_amount", "12.00"),
            ],
            expect![[r#"
                anna WRITE_OFF RE-1001: REJECTED WRITE_OFF of 12.00 EUR is more than the 10.00 EUR that are missing
                B1 open 90.00 UNKNOWN_PAYER"#]],
        ),
        (
            "100.00",
            vec![("decision", "CHARGES"), ("target", "RE-1001")],
            expect![[r#"
                anna CHARGES RE-1001: REJECTED nothing is missing that CHARGES could explain: 100.00 EUR was paid, 100.00 EUR is open
                B1 proposed 100.00 UNKNOWN_PAYER"#]],
        ),
    ] {
        assert_told(amount, "Danke", &cells, expected);
    }
}

#[test]
fn what_is_no_receivable_leaves_the_list_with_its_reason() {
    for cells in [
        vec![("decision", "NOT_RECEIVABLE"), ("target", "4830"), ("note", "interest")],
        vec![
            ("decision", "退款"),
            ("target", "DE02120300000000202051"),
            ("note", "paid by mistake"),
        ],
        vec![("decision", "DONE"), ("target", "ERP-4711")],
        vec![("decision", "DONE")],
        vec![("decision", "IGNORE"), ("note", "test transfer")],
        vec![("decision", "ON_ACCOUNT"), ("target", "10002")],
        vec![("decision", "LATER"), ("target", "31.3.2026")],
    ] {
        let expected = match cells[0].1 {
            "NOT_RECEIVABLE" => expect![[r#"
                anna NOT_RECEIVABLE 4830: APPLIED the payment leaves the list, nothing is posted
                B1 NOT_RECEIVABLE 33.00 by anna for 4830 (interest)"#]],
            "退款" => expect![[r#"
                anna REFUND DE02120300000000202051: APPLIED the payment leaves the list, nothing is posted
                B1 REFUND 33.00 by anna for DE02120300000000202051 (paid by mistake)"#]],
            "DONE" if cells.len() == 2 => expect![[r#"
                anna DONE ERP-4711: APPLIED the payment leaves the list, nothing is posted
                B1 DONE 33.00 by anna for ERP-4711 ()"#]],
            "DONE" => expect![[r#"
                anna DONE: REJECTED DONE needs the document of the ERP: write its number into `target`
                B1 open 33.00 UNKNOWN_PAYER"#]],
            "IGNORE" => expect![[r#"
                anna IGNORE: APPLIED the payment leaves the list, nothing is posted
                B1 IGNORED 33.00 by anna for  (test transfer)"#]],
            "ON_ACCOUNT" => expect![[r#"
                anna ON_ACCOUNT 10002: APPLIED booked as decided [2-1]
                2-1 B1 C2 33.00 on account on_account by anna"#]],
            _ => expect![[r#"
                anna LATER 2026-03-31: APPLIED comes back on 2026-03-31
                B1 open 33.00 UNKNOWN_PAYER"#]],
        };
        assert_told("33.00", "Danke", &cells, expected);
    }
}

#[test]
fn what_a_person_says_has_the_payment_matched_again() {
    for (amount, text, cells, expected) in [
        (
            "250.00",
            "Rechnung 1OO2x",
            vec![
                ("decision", "CORRECT_TEXT"),
                ("target", "RE-1002 Nordwind Handels GmbH"),
            ],
            expect![[r#"
                anna CORRECT_TEXT RE-1002 Nordwind Handels GmbH: APPLIED matched again, and posted [2-1]
                2-1 B1 C1 RE-1002 250.00 single by paymatch"#]],
        ),
        (
            "250.00",
            "Danke",
            vec![("decision", "认领"), ("target", "C1")],
            expect![[r#"
                anna CLAIM C1: APPLIED matched again, and posted [2-1]
                2-1 B1 C1 RE-1002 250.00 single by paymatch"#]],
        ),
        (
            "77.00",
            "Danke",
            vec![("decision", "CLAIM"), ("target", "jens ott")],
            expect![[r#"
                anna CLAIM jens ott: APPLIED matched again; it is still an exception, look at the new sheet
                B1 open 77.00 AMBIGUOUS_CUSTOMER"#]],
        ),
        (
            "250.00",
            "Danke",
            vec![("decision", "ALIAS"), ("target", "C1")],
            expect![[r#"
                anna ALIAS C1: APPLIED matched again, and posted [2-1]
                2-1 B1 C1 RE-1002 250.00 single by paymatch"#]],
        ),
        (
            "250.00",
            "Danke",
            vec![("decision", "CLAIM"), ("target", "nobody")],
            expect![[r#"
                anna CLAIM nobody: REJECTED `nobody` is no customer_id, no customer number, and no salesperson of a customer
                B1 proposed 250.00 UNKNOWN_PAYER"#]],
        ),
    ] {
        assert_told(amount, text, &cells, expected);
    }
}
