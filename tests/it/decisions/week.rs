//! A week in the office: five nights, two reviewers, every decision once. At the end the books tie to the cent.

use super::office::{Office, Row};
use expect_test::{Expect, expect};
use paymatch::run::in_flight::effective;
use paymatch::store::Store;
use std::collections::BTreeMap;

const HEADER: &str = "item_id,customer_id,customer_name,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount,discount_pct,discount_date\n";
const ITEMS: [(&str, &str, &str, &str, i64, &str); 14] = [
    ("1", "C1", "Nordwind Handels GmbH", "RE-2001", 11_900, ","),
    ("2", "C1", "Nordwind Handels GmbH", "RE-2002", 24_000, ","),
    ("3", "C2", "Kiesel Maschinenbau AG", "RE-2003", 100_000, "3,2026-02-15"),
    ("4", "C2", "Kiesel Maschinenbau AG", "RE-2004", 7_550, ","),
    ("5", "C3", "Lindhof Werkzeuge KG", "RE-2005", 50_000, ","),
    ("6", "C4", "Ostkai Spedition GmbH", "RE-2006", 86_000, ","),
    ("7", "C5", "Birkental Druck OHG", "RE-2007", 6_400, ","),
    ("8", "C5", "Birkental Druck OHG", "RE-2008", 6_400, ","),
    ("9", "C6", "Falkenau Optik GmbH", "RE-2009", 31_000, ","),
    ("10", "C6", "Falkenau Optik GmbH", "RE-2010", 45_000, ","),
    ("11", "C6", "Falkenau Optik GmbH", "RE-2011", 20_000, ","),
    ("12", "C7", "Hagedorn Farben GmbH", "RE-2012", 15_000, ","),
    ("13", "C7", "Hagedorn Farben GmbH", "RE-2013", 6_600, ","),
    ("14", "C2", "Kiesel Maschinenbau AG", "RE-2014", 30_000, ","),
];
const CUSTOMERS: &str =
    "customer_id,customer_no,name,country,city,currency,iban,terms_days,discount_pct,discount_days,salesperson
C1,10001,Nordwind Handels GmbH,DE,Kiel,EUR,,30,,,Petra Lund
C2,10002,Kiesel Maschinenbau AG,DE,Ulm,EUR,,30,3,14,Jens Ott
C3,10003,Lindhof Werkzeuge KG,DE,Hagen,EUR,,30,,,Jens Ott
C4,10004,Ostkai Spedition GmbH,DE,Bremen,EUR,,30,,,Petra Lund
C5,10005,Birkental Druck OHG,DE,Jena,EUR,,30,,,Petra Lund
C6,10006,Falkenau Optik GmbH,DE,Aalen,EUR,,30,,,Jens Ott
C7,10007,Hagedorn Farben GmbH,DE,Soest,EUR,,30,,,Jens Ott
";
const NIGHTS: u64 = 5;

fn decimal(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn minor(text: &str) -> i64 {
    text.replace('.', "").parse().expect("an amount with two decimals")
}

/// The ERP's export: what is open after it booked these changes of items.
fn export(booked: &BTreeMap<String, i64>) -> String {
    let rows = ITEMS.iter().filter_map(|(id, customer, name, number, amount, terms)| {
        let open = amount - booked.get(*id).copied().unwrap_or(0);
        let (amount, open_text) = (decimal(*amount), decimal(open));
        (open != 0).then(|| {
            format!("{id},{customer},{name},INV,{number},2026-02-01,2026-03-01,EUR,{amount},{open_text},{terms}\n")
        })
    });
    HEADER.to_owned() + &rows.collect::<String>()
}

/// By how much the postings of these runs reduce each item, as the files for the ERP say.
fn reductions(office: &Office, runs: std::ops::RangeInclusive<u64>) -> BTreeMap<String, i64> {
    let mut reduced: BTreeMap<String, i64> = BTreeMap::new();
    for run in runs {
        for row in crate::program::rows(&office.path(&format!("out/{run}/postings.csv"))) {
            if !row["item_id"].is_empty() {
                *reduced.entry(row["item_id"].clone()).or_default() += minor(&row["item_amount"]);
            }
        }
    }
    reduced
}

/// What a bookkeeper sees of a night: answers, postings, exceptions.
fn told(office: &Office) -> String {
    let mut told = vec!["answers".to_owned()];
    told.extend(office.answers().into_iter().map(|line| format!("  {line}")));
    told.push("postings".to_owned());
    told.extend(office.posted().into_iter().map(|line| format!("  {line}")));
    told.push("exceptions".to_owned());
    told.extend(office.exceptions().into_iter().map(|line| format!("  {line}")));
    told.join("\n")
}

fn night(office: &Office, day: &str, expected: Expect) {
    office.night(day);
    expected.assert_eq(&told(office));
}

#[test]
fn a_week_ends_to_the_cent() {
    let office = Office::new(&export(&BTreeMap::new()), CUSTOMERS, "");
    office.receives(
        "1-monday.csv",
        &[
            ("M01", "2026-03-02", "119.00", "Nordwind Handels GmbH", "", "RE-2001"),
            ("M02", "2026-03-02", "845.00", "Ostkai Spedition GmbH", "", "RE-2006"),
            ("M03", "2026-03-02", "970.00", "Kiesel Maschinenbau AG", "", "RE-2003"),
            ("M04", "2026-03-02", "75.45", "Kiesel Maschinenbau AG", "", "RE-2004"),
            ("M05", "2026-03-02", "500.00", "Zentralkasse Nord", "", "Danke"),
            ("M06", "2026-03-02", "64.00", "Birkental Druck OHG", "", "Miete"),
            (
                "M07",
                "2026-03-02",
                "12.34",
                "Finanzkasse Kiel",
                "",
                "Erstattung Zinsen",
            ),
            ("M08", "2026-03-02", "8.00", "Testkunde", "", "Test"),
            (
                "M09",
                "2026-03-02",
                "310.00",
                "F. Falke",
                "",
                "Rechnung zwanzig-null-neun",
            ),
        ],
    );
    night(
        &office,
        "2026-03-03",
        expect![[r#"
        answers
        postings
          1-1 M01 C1 RE-2001 119.00 single by paymatch
        exceptions
          M02 proposed 845.00 CHARGES_SUSPECTED
          M03 proposed 970.00 DISCOUNT_OUT_OF_TERMS
          M04 proposed 75.45 CHARGES_SUSPECTED
          M05 proposed 500.00 UNKNOWN_PAYER
          M06 open 64.00 AMBIGUOUS_INVOICE
          M07 open 12.34 NOT_RECEIVABLE_SUSPECT
          M08 open 8.00 UNKNOWN_PAYER
          M09 proposed 310.00 UNKNOWN_PAYER"#]],
    );

    // Tuesday: Anna decides, Bert contradicts once, an old sheet comes back, Anna approves herself.
    office.receives(
        "2-tuesday.csv",
        &[
            ("T01", "2026-03-03", "50.00", "Nordwind Handels GmbH", "", "Abschlag"),
            ("T02", "2026-03-03", "77.00", "Irma Irrig", "", "Kaution"),
            ("T03", "2026-03-03", "33.00", "Kasse Sued", "", "Danke"),
            ("T04", "2026-03-03", "22.00", "Kasse West", "", "Danke"),
            (
                "T05",
                "2026-03-03",
                "650.00",
                "Falkenau Optik GmbH",
                "",
                "zwei Rechnungen",
            ),
        ],
    );
    let rows: BTreeMap<&str, Row> = ["M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09"]
        .into_iter()
        .map(|reference| (reference, office.row(reference)))
        .collect();
    office.saves(
        "anna",
        "tuesday.csv",
        &[
            (&rows["M02"], &[("decision", "CHARGES"), ("target", "RE-2006")]),
            (&rows["M03"], &[("decision", "Skonto"), ("target", "RE-2003")]),
            (&rows["M04"], &[("decision", "WRITE_OFF"), ("target", "RE-2004")]),
            (&rows["M05"], &[("decision", "认领"), ("target", "C3")]),
            (&rows["M06"], &[("decision", "ACCEPT")]),
            (
                &rows["M07"],
                &[("decision", "NOT_RECEIVABLE"), ("target", "2650"), ("note", "interest")],
            ),
            (&rows["M08"], &[("decision", "忽略"), ("note", "a test of the bank")]),
            (&rows["M09"], &[("decision", "CORRECT_TEXT"), ("target", "RE-2009")]),
        ],
    );
    office.saves(
        "anna",
        "self.csv",
        &[(
            &rows["M04"],
            &[("decision", "APPROVE"), ("target", "RE-2004"), ("decided_by", "bert")],
        )],
    );
    office.saves("bert", "tuesday.csv", &[(&rows["M07"], &[("decision", "REFUND")])]);
    night(
        &office,
        "2026-03-04",
        expect![[r#"
        answers
          anna APPROVE: NEEDS_APPROVAL anna decided this: another person has to approve it, in a folder of their own
          anna CHARGES RE-2006: NEEDS_APPROVAL CHARGES RE-2006 by anna: charges that no bank states: 15.00 EUR, one person alone may decide 0.00 EUR. A second person saves this row with APPROVE in a folder of their own; until then nothing is booked
          anna DISCOUNT RE-2003: NEEDS_APPROVAL DISCOUNT RE-2003 by anna: discount beyond the terms: 30.00 EUR, one person alone may decide 0.00 EUR. A second person saves this row with APPROVE in a folder of their own; until then nothing is booked
          anna WRITE_OFF RE-2004: NEEDS_APPROVAL WRITE_OFF RE-2004 by anna: written off 0.05 EUR, one person alone may decide 0.00 EUR. A second person saves this row with APPROVE in a folder of their own; until then nothing is booked
          anna CLAIM C3: APPLIED matched again, and posted [2-1]
          anna ACCEPT: APPLIED booked as decided [2-3]
          anna NOT_RECEIVABLE 2650: CONFLICT files disagree about this payment; neither counts. Keep one of the decisions and save again
          anna IGNORE: APPLIED the payment leaves the list, nothing is posted
          anna CORRECT_TEXT RE-2009: APPLIED matched again, and posted [2-2]
          bert REFUND: CONFLICT files disagree about this payment; neither counts. Keep one of the decisions and save again
        postings
          2-1 M05 C3 RE-2005 500.00 single by paymatch
          2-3 M06 C5 RE-2007 64.00 single by anna
          2-2 M09 C6 RE-2009 310.00 single by paymatch
        exceptions
          M02 proposed 845.00 CHARGES_SUSPECTED
          M03 proposed 970.00 DISCOUNT_OUT_OF_TERMS
          M04 proposed 75.45 CHARGES_SUSPECTED
          M07 open 12.34 NOT_RECEIVABLE_SUSPECT
          T01 open 50.00 LOW_CONFIDENCE
          T02 open 77.00 UNKNOWN_PAYER
          T03 open 33.00 UNKNOWN_PAYER
          T04 open 22.00 UNKNOWN_PAYER
          T05 open 650.00 SUM_NOT_UNIQUE"#]],
    );

    // Wednesday: Bert approves what the sheet shows; the automatic posting of Monday was wrong.
    office.receives(
        "3-wednesday.csv",
        &[
            ("W01", "2026-03-04", "150.00", "Sammelkonto West eG", "", "Danke"),
            ("W02", "2026-03-04", "100.00", "Kiesel Maschinenbau AG", "", "Teil"),
        ],
    );
    let of = |reference: &str| office.row(reference);
    let monday = crate::program::rows(&office.path("out/1/postings.csv"));
    let wrong = monday
        .iter()
        .find(|row| row["bank_ref"] == "M01")
        .expect("posted on Monday")
        .clone();
    office.saves(
        "bert",
        "wednesday.csv",
        &[
            (&of("M02"), &[("decision", "APPROVE")]),
            (&of("M03"), &[("decision", "批准")]),
            (&of("M04"), &[("decision", "genehmigt")]),
            (&wrong, &[("decision", "UNDO"), ("note", "was for RE-2002")]),
        ],
    );
    office.saves(
        "anna",
        "wednesday.csv",
        &[
            (&of("T01"), &[("decision", "挂账"), ("target", "C1")]),
            (&of("T02"), &[("decision", "退款"), ("note", "paid to the wrong firm")]),
            (&of("T03"), &[("decision", "DONE"), ("target", "ERP-881")]),
            (&of("T04"), &[("decision", "LATER"), ("target", "2026-03-07")]),
            (&of("T05"), &[("decision", "APPLY"), ("target", "RE-2010；RE-2011")]),
            (
                &of("M07"),
                &[("decision", "NOT_RECEIVABLE"), ("target", "2650"), ("note", "interest")],
            ),
        ],
    );
    night(
        &office,
        "2026-03-05",
        expect![[r#"
        answers
          anna CHARGES RE-2006: APPLIED approved by bert; booked as decided [3-1]
          anna DISCOUNT RE-2003: APPLIED approved by bert; booked as decided [3-2]
          anna WRITE_OFF RE-2004: APPLIED approved by bert; booked as decided [3-3]
          anna ON_ACCOUNT C1: APPLIED booked as decided [3-4]
          anna REFUND: APPLIED the payment leaves the list, nothing is posted
          anna DONE ERP-881: APPLIED the payment leaves the list, nothing is posted
          anna LATER 2026-03-07: APPLIED comes back on 2026-03-07
          anna APPLY RE-2010; RE-2011: APPLIED booked as decided [3-5;3-6]
          anna NOT_RECEIVABLE 2650: APPLIED the payment leaves the list, nothing is posted
          bert APPROVE: APPLIED approves CHARGES RE-2006 by anna [3-1]
          bert APPROVE: APPLIED approves DISCOUNT RE-2003 by anna [3-2]
          bert APPROVE: APPLIED approves WRITE_OFF RE-2004 by anna [3-3]
          bert UNDO: NEEDS_APPROVAL UNDO by bert: UNDO always needs a second person. A second person saves this row with APPROVE in a folder of their own; until then nothing is booked
        postings
          3-1 M02 C4 RE-2006 845.00 charges 15.00 charges by anna
          3-2 M03 C2 RE-2003 970.00 discount 30.00 discount by anna
          3-3 M04 C2 RE-2004 75.45 write_off 0.05 single by anna
          3-4 T01 C1 50.00 on account on_account by anna
          3-5 T05 C6 RE-2010 450.00 listed by anna
          3-6 T05 C6 RE-2011 200.00 listed by anna
        exceptions
          T04 open 22.00 UNKNOWN_PAYER
          W01 proposed 150.00 UNKNOWN_PAYER
          W02 open 100.00 LOW_CONFIDENCE"#]],
    );

    // Thursday: the ERP has booked Monday and Tuesday. The undo is approved; a name is learned; an old sheet is stale.
    office.write("items.csv", export(&reductions(&office, 1..=2)));
    office.receives(
        "4-thursday.csv",
        &[(
            "H01",
            "2026-03-05",
            "121.00",
            "Nordwind Handels GmbH",
            "",
            "RE-2002 Teil",
        )],
    );
    office.saves(
        "anna",
        "thursday.csv",
        &[
            (&wrong, &[("decision", "APPROVE")]),
            (&of("W01"), &[("decision", "ALIAS"), ("target", "C7")]),
        ],
    );
    office.saves(
        "bert",
        "thursday.csv",
        &[(&of("W01"), &[("decision", "APPROVE"), ("target", "C7")])],
    );
    office.saves(
        "anna",
        "old.csv",
        &[(
            &of("W02"),
            &[
                ("decision", "ACCEPT"),
                ("row_hash", "h0123456789abcdef"),
                ("candidate_1", "RE-2003 | C2 Kiesel Maschinenbau AG | open 1,000.00"),
            ],
        )],
    );
    night(
        &office,
        "2026-03-06",
        expect![[r#"
            answers
              anna ACCEPT: STALE the payment or its candidates changed since this sheet was written: then `RE-2003 | C2 Kiesel Maschinenbau AG | open 1,000.00`, now `ON_ACCOUNT | C2 Kiesel Maschinenbau AG | on account 100.00`; nothing was posted, look at the new sheet and decide again
              anna APPROVE: APPLIED approves UNDO by bert [4-3]
              anna ALIAS C7: APPLIED approved by bert; matched again, and posted [4-1]
              bert APPROVE: APPLIED approves ALIAS C7 by anna; matched again, and posted [4-1]
              bert UNDO: APPLIED approved by anna; 1-1 taken back; the payment and its documents are open again, and what it taught is forgotten [4-3]
            postings
              4-3 M01 C1 RE-2001 -119.00 reversal by bert reverses 1-1
              4-1 W01 C7 RE-2012 150.00 single by paymatch
              4-2 H01 C1 RE-2002 121.00 part_payment by paymatch
            exceptions
              M01 proposed 119.00 TAKEN_BACK
              T04 open 22.00 UNKNOWN_PAYER
              W02 open 100.00 LOW_CONFIDENCE"#]],
    );

    // Friday: what was taken back goes where it belongs; the name that was learned pays again.
    office.receives(
        "5-friday.csv",
        &[("F01", "2026-03-06", "66.00", "Sammelkonto West eG", "", "Danke")],
    );
    office.saves(
        "anna",
        "friday.csv",
        &[
            (&of("M01"), &[("decision", "zuordnen"), ("target", "RE-2002")]),
            (&of("W02"), &[("decision", "部分核销"), ("target", "RE-2014")]),
        ],
    );
    night(
        &office,
        "2026-03-07",
        expect![[r#"
        answers
          anna APPLY RE-2002: APPLIED booked as decided [5-2]
          anna PARTIAL RE-2014: APPLIED booked as decided [5-3]
        postings
          5-2 M01 C1 RE-2002 119.00 single by anna
          5-3 W02 C2 RE-2014 100.00 part_payment by anna
          5-1 F01 C7 RE-2013 66.00 single by paymatch
        exceptions
          T04 open 22.00 UNKNOWN_PAYER"#]],
    );

    assert_ties(&office);
}

/// Every receipt is in one place, what was posted reduces each item by what the record says, and nothing is left over.
fn assert_ties(office: &Office) {
    let mut received: BTreeMap<String, i64> = BTreeMap::new();
    for name in ["1-monday", "2-tuesday", "3-wednesday", "4-thursday", "5-friday"] {
        for row in crate::program::rows(&office.path(&format!("inbox/{name}.csv"))) {
            received.insert(row["bank_ref"].clone(), minor(&row["amount"]));
        }
    }
    let mut placed: BTreeMap<String, i64> = BTreeMap::new();
    for run in 1..=NIGHTS {
        for row in crate::program::rows(&office.path(&format!("out/{run}/postings.csv"))) {
            *placed.entry(row["bank_ref"].clone()).or_default() += minor(&row["amount"]);
        }
    }
    placed.retain(|_, minor| *minor != 0);
    for name in ["exceptions.csv", "set_aside.csv"] {
        for row in office.rows(name) {
            let before = placed.insert(row["bank_ref"].clone(), minor(&row["amount"]));
            assert_eq!(before, None, "{} is in two places", row["bank_ref"]);
        }
    }
    assert_eq!(placed, received, "every receipt is in one place, whole");

    let store = Store::open_read_only(&office.path("state")).expect("the record");
    let exported: BTreeMap<String, i64> = crate::program::rows(&office.path("items.csv"))
        .into_iter()
        .map(|row| (row["item_id"].clone(), minor(&row["open_amount"])))
        .collect();
    let mut open: BTreeMap<String, i64> = exported.clone();
    for flying in store.in_flight().expect("in flight") {
        let now = exported.get(&flying.item_id).copied().unwrap_or(0);
        let seen = effective(&flying, now, "another export");
        assert!(!seen.is_held, "{flying:?}");
        // The export is the one that Thursday and Friday saw.
        let under_way = if flying.last_run >= 4 {
            flying.posted
        } else {
            seen.under_way
        };
        open.insert(flying.item_id.clone(), now - under_way);
    }
    open.retain(|_, minor| *minor != 0);
    let reduced = reductions(office, 1..=NIGHTS);
    let mut expected: BTreeMap<String, i64> = ITEMS
        .iter()
        .map(|(id, _, _, _, amount, _)| ((*id).to_owned(), amount - reduced.get(*id).copied().unwrap_or(0)))
        .collect();
    expected.retain(|_, minor| *minor != 0);
    assert_eq!(open, expected, "what is open of each item");
    assert!(
        expected.values().all(|minor| *minor > 0),
        "nothing is over-applied: {expected:?}"
    );
}
