//! A week in the office: five nights, two reviewers, two salespeople, every decision once. At the end the books tie to the cent.

mod books;

use super::office::{Office, Row};
use crate::program::rows;
use books::{CUSTOMERS, NIGHTS, assert_ties, export, reductions};
use expect_test::{Expect, expect};
use paymatch::model::Action;
use std::collections::{BTreeMap, BTreeSet};

/// What became of the claims, and how many receipts nobody claims.
fn claims(office: &Office) -> Vec<String> {
    let mut told = Vec::new();
    let mut unclaimed = 0;
    for row in office.rows("claims.csv") {
        let about = format!(
            "{} claims {} for {}",
            row["salesperson"], row["claimed"], row["customer"]
        );
        match row["state"].as_str() {
            "UNCLAIMED" => unclaimed += 1,
            state => told.push(
                format!("{about}: {state} {} {}", row["bank_ref"], row["payer_name"])
                    .trim_end()
                    .to_owned(),
            ),
        }
    }
    told.push(format!("nobody claims {unclaimed} receipts"));
    told
}

/// What a bookkeeper sees of a night: answers, postings, exceptions, claims.
fn told(office: &Office) -> String {
    let mut told = vec!["answers".to_owned()];
    told.extend(office.answers().into_iter().map(|line| format!("  {line}")));
    told.push("postings".to_owned());
    told.extend(office.posted().into_iter().map(|line| format!("  {line}")));
    told.push("exceptions".to_owned());
    told.extend(office.exceptions().into_iter().map(|line| format!("  {line}")));
    told.push("claims".to_owned());
    told.extend(claims(office).into_iter().map(|line| format!("  {line}")));
    told.join("\n")
}

fn night(office: &Office, day: &str, expected: Expect) {
    office.night(day);
    expected.assert_eq(&told(office));
}

#[test]
fn a_week_ends_to_the_cent() {
    let office = Office::new(
        &export(&BTreeMap::new()),
        CUSTOMERS,
        "[claims]\nfile = \"claims.csv\"\nsheets = true",
    );
    // Petra Lund knows what is to come on Wednesday; what Jens Ott was promised never comes.
    let claimed = "salesperson,date,customer,amount,references,note\n\
                   Petra Lund,2026-03-02,Ostkai Spedition GmbH,400.00,RE-2016,paid by their holding\n\
                   Jens Ott,2026-03-02,Falkenau Optik GmbH,99.00,,promised on the phone\n";
    office.write("claims.csv", claimed);
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
              M09 proposed 310.00 UNKNOWN_PAYER
            claims
              Petra Lund claims 400.00 for Ostkai Spedition GmbH: WAITING
              Jens Ott claims 99.00 for Falkenau Optik GmbH: WAITING
              nobody claims 9 receipts"#]],
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
            ("T06", "2026-03-03", "150.00", "Sammelkonto West eG", "", "Danke"),
            ("T07", "2026-03-03", "280.00", "Edda Brandt", "", "Danke"),
        ],
    );
    let monday: BTreeMap<&str, Row> = ["M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09"]
        .into_iter()
        .map(|reference| (reference, office.row(reference)))
        .collect();
    office.saves(
        "anna",
        "tuesday.csv",
        &[
            (&monday["M02"], &[("decision", "CHARGES"), ("target", "RE-2006")]),
            (&monday["M03"], &[("decision", "Skonto"), ("target", "RE-2003")]),
            (&monday["M04"], &[("decision", "WRITE_OFF"), ("target", "RE-2004")]),
            (&monday["M05"], &[("decision", "认领"), ("target", "C3")]),
            (&monday["M06"], &[("decision", "ACCEPT")]),
            (
                &monday["M07"],
                &[("decision", "NOT_RECEIVABLE"), ("target", "2650"), ("note", "interest")],
            ),
            (&monday["M08"], &[("decision", "忽略"), ("note", "a test of the bank")]),
            (&monday["M09"], &[("decision", "CORRECT_TEXT"), ("target", "RE-2009")]),
        ],
    );
    office.saves(
        "anna",
        "self.csv",
        &[(
            &monday["M04"],
            &[("decision", "APPROVE"), ("target", "RE-2004"), ("decided_by", "bert")],
        )],
    );
    office.saves("bert", "tuesday.csv", &[(&monday["M07"], &[("decision", "REFUND")])]);
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
              T05 open 650.00 SUM_NOT_UNIQUE
              T06 proposed 150.00 UNKNOWN_PAYER
              T07 open 280.00 AMBIGUOUS_CUSTOMER
            claims
              Petra Lund claims 400.00 for Ostkai Spedition GmbH: WAITING
              Jens Ott claims 99.00 for Falkenau Optik GmbH: WAITING
              nobody claims 15 receipts"#]],
    );

    // Wednesday: Bert approves what the sheet shows; the automatic posting of Monday was wrong; a name is learned. What was
    // claimed on Monday arrives, and Jens Ott knows whose Tuesday's 280.00 are.
    office.write(
        "claims.csv",
        format!("{claimed}Jens Ott,2026-03-04,Lindhof Werkzeuge KG,280.00,,\n"),
    );
    office.receives(
        "3-wednesday.csv",
        &[
            ("W01", "2026-03-04", "400.00", "Seehafen Beteiligungs SE", "", "Danke"),
            ("W02", "2026-03-04", "100.00", "Kiesel Maschinenbau AG", "", "Teil"),
        ],
    );
    let of = |reference: &str| office.row(reference);
    let posted = rows(&office.path("out/1/postings.csv"));
    let wrong = posted
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
            (&of("T06"), &[("decision", "APPROVE"), ("target", "C7")]),
        ],
    );
    office.saves(
        "anna",
        "wednesday.csv",
        &[
            (&of("T01"), &[("decision", "挂账"), ("target", "C1")]),
            (&of("T02"), &[("decision", "退款"), ("note", "paid to the wrong firm")]),
            (&of("T03"), &[("decision", "DONE"), ("target", "ERP-881")]),
            (&of("T04"), &[("decision", "稍后"), ("target", "2026-03-07")]),
            (&of("T05"), &[("decision", "APPLY"), ("target", "RE-2010；RE-2011")]),
            (&of("T06"), &[("decision", "ALIAS"), ("target", "C7")]),
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
              anna CHARGES RE-2006: APPLIED approved by bert; booked as decided [3-2]
              anna DISCOUNT RE-2003: APPLIED approved by bert; booked as decided [3-3]
              anna WRITE_OFF RE-2004: APPLIED approved by bert; booked as decided [3-4]
              anna ON_ACCOUNT C1: APPLIED booked as decided [3-5]
              anna REFUND: APPLIED the payment leaves the list, nothing is posted
              anna DONE ERP-881: APPLIED the payment leaves the list, nothing is posted
              anna LATER 2026-03-07: APPLIED comes back on 2026-03-07
              anna APPLY RE-2010; RE-2011: APPLIED booked as decided [3-6;3-7]
              anna ALIAS C7: APPLIED approved by bert; matched again, and posted [3-1]
              anna NOT_RECEIVABLE 2650: APPLIED the payment leaves the list, nothing is posted
              bert APPROVE: APPLIED approves CHARGES RE-2006 by anna [3-2]
              bert APPROVE: APPLIED approves DISCOUNT RE-2003 by anna [3-3]
              bert APPROVE: APPLIED approves WRITE_OFF RE-2004 by anna [3-4]
              bert UNDO: NEEDS_APPROVAL UNDO by bert: UNDO always needs a second person. A second person saves this row with APPROVE in a folder of their own; until then nothing is booked
              bert APPROVE: APPLIED approves ALIAS C7 by anna; matched again, and posted [3-1]
            postings
              3-2 M02 C4 RE-2006 845.00 charges 15.00 charges by anna
              3-3 M03 C2 RE-2003 970.00 discount 30.00 discount by anna
              3-4 M04 C2 RE-2004 75.45 write_off 0.05 single by anna
              3-5 T01 C1 50.00 on account on_account by anna
              3-6 T05 C6 RE-2010 450.00 listed by anna
              3-7 T05 C6 RE-2011 200.00 listed by anna
              3-1 T06 C7 RE-2012 150.00 single by paymatch
            exceptions
              T04 open 22.00 UNKNOWN_PAYER
              T07 proposed 280.00 UNKNOWN_PAYER
              W01 proposed 400.00 UNKNOWN_PAYER
              W02 open 100.00 LOW_CONFIDENCE
            claims
              Petra Lund claims 400.00 for Ostkai Spedition GmbH: RECEIVED W01 Seehafen Beteiligungs SE
              Jens Ott claims 99.00 for Falkenau Optik GmbH: WAITING
              Jens Ott claims 280.00 for Lindhof Werkzeuge KG: RECEIVED T07 Edda Brandt
              nobody claims 12 receipts"#]],
    );

    // The claims say whose receipts these are; a person still has to accept.
    let shown = ["W01", "T07"].map(|reference| of(reference)["candidate_1"].clone());
    expect![[r#"
        RE-2016 | C4 Ostkai Spedition GmbH | open 400.00 | diff 0.00 | due +3 d | for: the amount is exact (400.00 EUR), a salesperson claims it for the customer, paid around the due date | against: nobody known has the payer's name
        RE-2018 | C3 Lindhof Werkzeuge KG | open 280.00 | diff 0.00 | due +2 d | for: the amount is exact (280.00 EUR), a salesperson claims it for the customer, paid around the due date | against: nobody known has the payer's name"#]].assert_eq(&shown.join("\n"));

    // Thursday: the ERP has booked Monday and Tuesday. The undo is approved; the name that was learned pays again; an old sheet
    // is stale.
    office.write("items.csv", export(&reductions(&office, 1..=2)));
    office.receives(
        "4-thursday.csv",
        &[
            (
                "H01",
                "2026-03-05",
                "121.00",
                "Nordwind Handels GmbH",
                "",
                "RE-2002 Teil",
            ),
            ("H02", "2026-03-05", "66.00", "Sammelkonto West eG", "", "Danke"),
        ],
    );
    office.saves(
        "anna",
        "thursday.csv",
        &[
            (&wrong, &[("decision", "APPROVE")]),
            (&of("W01"), &[("decision", "ACCEPT")]),
            (&of("T07"), &[("decision", "接受")]),
        ],
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
              anna APPROVE: APPLIED approves UNDO by bert [4-5]
              anna ACCEPT: APPLIED booked as decided [4-4]
              anna ACCEPT: APPLIED booked as decided [4-3]
              bert UNDO: APPLIED approved by anna; 1-1 taken back; the payment and its documents are open again, and what it taught is forgotten [4-5]
            postings
              4-5 M01 C1 RE-2001 -119.00 reversal by bert reverses 1-1
              4-3 T07 C3 RE-2018 280.00 single by anna
              4-4 W01 C4 RE-2016 400.00 single by anna
              4-1 H01 C1 RE-2002 121.00 part_payment by paymatch
              4-2 H02 C7 RE-2013 66.00 single by paymatch
            exceptions
              M01 proposed 119.00 TAKEN_BACK
              T04 open 22.00 UNKNOWN_PAYER
              W02 open 100.00 LOW_CONFIDENCE
            claims
              Petra Lund claims 400.00 for Ostkai Spedition GmbH: RECEIVED W01 Seehafen Beteiligungs SE
              Jens Ott claims 99.00 for Falkenau Optik GmbH: WAITING
              Jens Ott claims 280.00 for Lindhof Werkzeuge KG: RECEIVED T07 Edda Brandt
              nobody claims 14 receipts"#]],
    );

    // The name pays for others, too: what was learned is revoked.
    let listed = office.known(&["list"]);
    let learned = listed.lines().find(|line| line.contains("Sammelkonto West eG"));
    let key = learned.and_then(|line| line.split(' ').next()).expect("a key");
    let said = [
        "revoke",
        key,
        "--by",
        "bert",
        "--note",
        "pays for several firms",
        "--as-of",
        "2026-03-06",
    ];
    expect![[r#"
        KEY  revoked  name Sammelkonto West eG is no longer taken for C7
        The next run follows it.
    "#]]
    .assert_eq(&office.known(&said).replace(key, "KEY"));

    // Friday: what was taken back goes where it belongs; whom the revoked name pays for is asked again.
    office.receives(
        "5-friday.csv",
        &[("F01", "2026-03-06", "90.00", "Sammelkonto West eG", "", "Danke")],
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
              anna APPLY RE-2002: APPLIED booked as decided [5-1]
              anna PARTIAL RE-2014: APPLIED booked as decided [5-2]
            postings
              5-1 M01 C1 RE-2002 119.00 single by anna
              5-2 W02 C2 RE-2014 100.00 part_payment by anna
            exceptions
              F01 proposed 90.00 UNKNOWN_PAYER
              T04 open 22.00 UNKNOWN_PAYER
            claims
              Petra Lund claims 400.00 for Ostkai Spedition GmbH: RECEIVED W01 Seehafen Beteiligungs SE
              Jens Ott claims 99.00 for Falkenau Optik GmbH: NOT_RECEIVED
              Jens Ott claims 280.00 for Lindhof Werkzeuge KG: RECEIVED T07 Edda Brandt
              nobody claims 15 receipts"#]],
    );

    assert_every_decision_is_carried_out(&office);
    assert_ties(&office);
}

fn assert_every_decision_is_carried_out(office: &Office) {
    let answers = (1..=NIGHTS).flat_map(|run| rows(&office.path(&format!("out/{run}/decisions_result.csv"))));
    let applied = answers.filter(|row| row["outcome"] == "APPLIED");
    let applied: BTreeSet<String> = applied.map(|row| row["decision"].clone()).collect();
    let all: BTreeSet<String> = Action::ALL.iter().map(|action| action.code().to_owned()).collect();
    assert_eq!(applied, all, "each decision is carried out at least once in the week");
}
