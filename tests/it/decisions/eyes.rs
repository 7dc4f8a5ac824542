//! Four eyes: what waits for a second person, who counts as one, and what makes a decision void.

use super::office::{CUSTOMERS, Office, Row};

const ITEMS: &str = "item_id,customer_id,customer_name,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount
1,C1,Nordwind Handels GmbH,INV,RE-1001,2026-02-01,2026-03-01,EUR,100.00,100.00
2,C1,Nordwind Handels GmbH,INV,RE-1002,2026-02-01,2026-03-01,EUR,250.00,250.00
";
const WRITE_OFF: &[(&str, &str)] = &[
    ("decision", "WRITE_OFF"),
    ("target", "RE-1001"),
    ("note", "a few cents"),
];
const WAITS: &str = "anna WRITE_OFF RE-1001: NEEDS_APPROVAL WRITE_OFF RE-1001 by anna: written off 0.05 EUR, one person alone may \
                     decide 0.00 EUR. A second person saves this row with APPROVE in a folder of their own; until then nothing is booked";

/// An office with one receipt that is five cents short.
fn office(settings: &str) -> (Office, Row) {
    let office = Office::new(ITEMS, CUSTOMERS, settings);
    office.receives(
        "1.csv",
        &[("B1", "2026-03-02", "99.95", "Zentralkasse Nord", "", "Danke")],
    );
    office.night("2026-03-03");
    let row = office.row("B1");
    (office, row)
}

/// The same, and Anna's decision waits.
fn waiting() -> (Office, Row) {
    let (office, row) = office("");
    office.saves("anna", "sheet.csv", &[(&row, WRITE_OFF)]);
    office.night("2026-03-04");
    assert_eq!(office.answers(), [WAITS]);
    assert_eq!(office.posted(), [""; 0]);
    let row = office.row("B1");
    assert!(
        row["last_result"].starts_with("NEEDS_APPROVAL: WRITE_OFF RE-1001 by anna"),
        "{row:?}"
    );
    (office, row)
}

#[test]
fn another_folder_approves_what_the_sheet_shows() {
    for word in ["APPROVE", "批准", "genehmigt"] {
        let (office, row) = waiting();
        office.saves("bert", "mine.csv", &[(&row, &[("decision", word)])]);
        office.night("2026-03-05");
        assert_eq!(
            office.answers(),
            [
                "anna WRITE_OFF RE-1001: APPLIED approved by bert; booked as decided [3-1]",
                "bert APPROVE: APPLIED approves WRITE_OFF RE-1001 by anna [3-1]",
            ]
        );
        assert_eq!(
            office.posted(),
            ["3-1 B1 C1 RE-1001 99.95 write_off 0.05 single by anna"]
        );
        assert!(office.rows("postings.csv")[0]["text"].contains("decided by anna, approved by bert"));
        office.night("2026-03-06");
        assert_eq!(office.answers(), [""; 0], "answered once");
    }
}

#[test]
fn an_older_sheet_approves_what_nobody_edited_since() {
    let (office, row) = office("");
    office.saves("anna", "sheet.csv", &[(&row, WRITE_OFF)]);
    office.night("2026-03-04");
    office.saves("bert", "mine.csv", &[(&row, &[("decision", "APPROVE")])]);
    office.night("2026-03-05");
    assert_eq!(office.posted().len(), 1, "{:?}", office.answers());
}

#[test]
fn the_same_row_in_two_folders_on_one_evening_counts_when_it_says_the_same() {
    let (office, row) = office("");
    office.saves("anna", "sheet.csv", &[(&row, WRITE_OFF)]);
    office.saves(
        "bert",
        "sheet.csv",
        &[(&row, &[("decision", "APPROVE"), ("target", "RE-1001")])],
    );
    office.night("2026-03-04");
    assert_eq!(
        office.posted(),
        ["2-1 B1 C1 RE-1001 99.95 write_off 0.05 single by anna"]
    );
    // Who did not see what was decided approves nothing.
    for target in ["", "RE-1002"] {
        let (office, row) = self::office("");
        office.saves("anna", "sheet.csv", &[(&row, WRITE_OFF)]);
        office.saves(
            "bert",
            "sheet.csv",
            &[(&row, &[("decision", "APPROVE"), ("target", target)])],
        );
        office.night("2026-03-04");
        assert_eq!(
            office.answers(),
            [
                WAITS,
                "bert APPROVE: NEEDS_APPROVAL this row does not say what anna decided (WRITE_OFF RE-1001): approve it in the \
                 sheet of this run, which shows it",
            ]
        );
        assert_eq!(office.posted(), [""; 0]);
    }
}

#[test]
fn a_typed_name_is_no_second_person() {
    let approve: &[(&str, &str)] = &[("decision", "APPROVE"), ("decided_by", "bert")];
    for (folder, name, told) in [
        (
            "anna",
            "second.csv",
            "anna decided this: another person has to approve it, in a folder of their own",
        ),
        (
            "Anna",
            "second.csv",
            "anna decided this: another person has to approve it, in a folder of their own",
        ),
        (
            "",
            "bert.csv",
            "an approval counts only from a person's own folder below the decisions folder: a typed name proves nothing",
        ),
    ] {
        let (office, row) = waiting();
        office.saves(folder, name, &[(&row, approve)]);
        office.night("2026-03-05");
        let answers = office.answers();
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert!(answers[0].ends_with(&format!("NEEDS_APPROVAL {told}")), "{answers:?}");
        assert_eq!(office.posted(), [""; 0]);
    }
    // Both names in one row, and a sheet without a folder.
    let (office, row) = office("");
    let both: &[(&str, &str)] = &[
        ("decision", "WRITE_OFF"),
        ("target", "RE-1001"),
        ("decided_by", "anna, approved by bert"),
    ];
    office.saves("anna", "both.csv", &[(&row, both)]);
    office.night("2026-03-04");
    assert!(office.answers()[0].contains("NEEDS_APPROVAL"), "{:?}", office.answers());
    let (office, row) = self::office("");
    office.saves("", "both.csv", &[(&row, both)]);
    office.saves(
        "bert",
        "yes.csv",
        &[(&row, &[("decision", "APPROVE"), ("target", "RE-1001")])],
    );
    office.night("2026-03-04");
    assert!(
        office.answers().iter().all(|told| told.contains("NEEDS_APPROVAL")),
        "{:?}",
        office.answers()
    );
    assert_eq!(office.posted(), [""; 0]);
}

#[test]
fn an_edit_of_the_decision_voids_the_approval() {
    let (office, row) = waiting();
    let more: &[(&str, &str)] = &[("decision", "CHARGES"), ("target", "RE-1001")];
    office.saves("anna", "sheet.csv", &[(&row, more)]);
    office.saves("bert", "mine.csv", &[(&row, &[("decision", "APPROVE")])]);
    office.night("2026-03-05");
    let answers = office.answers();
    assert!(
        answers[0].starts_with("anna CHARGES RE-1001: NEEDS_APPROVAL"),
        "{answers:?}"
    );
    assert_eq!(
        answers[1],
        "bert APPROVE: STALE anna changed the decision to CHARGES RE-1001: look at it in the sheet of this run, and approve again"
    );
    assert_eq!(office.posted(), [""; 0]);
    // Approved from the old sheet it does not count either, from the new one it does.
    office.saves(
        "bert",
        "mine.csv",
        &[(&row, &[("decision", "APPROVE"), ("note", "again")])],
    );
    office.night("2026-03-06");
    assert!(office.answers()[0].contains("NEEDS_APPROVAL"), "{:?}", office.answers());
    let row = office.row("B1");
    office.saves(
        "bert",
        "mine.csv",
        &[(&row, &[("decision", "APPROVE"), ("note", "now")])],
    );
    office.night("2026-03-07");
    assert_eq!(
        office.posted(),
        ["5-1 B1 C1 RE-1001 99.95 charges 0.05 charges by anna"]
    );
}

#[test]
fn a_change_of_the_row_voids_the_decision() {
    let office = Office::new(ITEMS, CUSTOMERS, "");
    let nordwind = |reference, amount| (reference, "2026-03-02", amount, "Nordwind Handels GmbH", "", "RE-1001");
    office.receives("1.csv", &[nordwind("B1", "99.95")]);
    office.night("2026-03-03");
    let seen = office.row("B1");
    assert!(seen["candidate_1"].starts_with("RE-1001 |"), "{seen:?}");
    office.saves("anna", "sheet.csv", &[(&seen, WRITE_OFF)]);
    office.night("2026-03-04");
    assert_eq!(office.answers(), [WAITS]);
    let row = office.row("B1");
    // In the meantime the ERP says that less is open.
    office.write("items.csv", ITEMS.replace("100.00,100.00", "100.00,99.97"));
    office.night("2026-03-05");
    assert_eq!(office.answers(), [""; 0]);
    office.saves("bert", "mine.csv", &[(&row, &[("decision", "APPROVE")])]);
    office.night("2026-03-06");
    let void = "STALE the payment or its candidates changed while this waited for a second person; nothing was posted, decide again";
    assert_eq!(
        office.answers(),
        [
            format!("anna WRITE_OFF RE-1001: {void}"),
            format!("bert APPROVE: {void}")
        ]
    );
    assert_eq!(office.posted(), [""; 0]);
    // What the person saw and what is there now are told.
    office.saves("anna", "late.csv", &[(&seen, &[("decision", "ACCEPT")])]);
    office.night("2026-03-07");
    let told = office.answers().join("\n");
    assert!(
        told.contains("then `RE-1001 | C1 Nordwind Handels GmbH | open 100.00 | diff −0.05 | due +1 d`"),
        "{told}"
    );
}

/// What was decided is a person's, also before the second one agrees: the program does not decide otherwise in the meantime.
#[test]
fn what_waits_for_a_second_person_is_not_posted_by_the_program() {
    let office = Office::new(ITEMS, CUSTOMERS, "[approval]\nignore_max = 0\n");
    let receipt = ("B1", "2026-03-02", "80.00", "Nordwind Handels GmbH", "", "RE-1003");
    office.receives("1.csv", &[receipt]);
    office.night("2026-03-03");
    let row = office.row("B1");
    office.saves(
        "anna",
        "sheet.csv",
        &[(&row, &[("decision", "IGNORE"), ("note", "a test")])],
    );
    // The same evening the ERP has the invoice.
    let invoice = "3,C1,Nordwind Handels GmbH,INV,RE-1003,2026-02-01,2026-03-01,EUR,80.00,80.00\n";
    office.write("items.csv", format!("{ITEMS}{invoice}"));
    for day in ["2026-03-04", "2026-03-05"] {
        office.night(day);
        assert_eq!(office.posted(), [""; 0]);
    }
    let row = office.row("B1");
    assert!(row["candidate_1"].starts_with("RE-1003 |"), "{row:?}");
    // Anna withdraws it: the program may post.
    office.saves(
        "anna",
        "sheet.csv",
        &[(&row, &[("decision", "CLAIM"), ("target", "C1")])],
    );
    office.night("2026-03-06");
    assert_eq!(office.posted(), ["4-1 B1 C1 RE-1003 80.00 single by paymatch"]);
}

#[test]
fn two_people_who_disagree_decide_nothing() {
    let (office, row) = waiting();
    office.saves(
        "bert",
        "mine.csv",
        &[(&row, &[("decision", "ON_ACCOUNT"), ("target", "C1")])],
    );
    office.night("2026-03-05");
    let answers = office.answers();
    assert!(answers.iter().all(|told| told.contains("CONFLICT")), "{answers:?}");
    assert_eq!(answers.len(), 2, "what waited is answered, too: {answers:?}");
    assert_eq!(office.posted(), [""; 0]);
    office.night("2026-03-06");
    assert_eq!(office.answers(), [""; 0], "nothing waits any more");
}

#[test]
fn kinds_and_limits_come_from_the_settings() {
    for (settings, cells, is_alone) in [
        ("[approval]\nwrite_off_max = 5\n", WRITE_OFF, true),
        ("[approval]\nwrite_off_max = 4\n", WRITE_OFF, false),
        ("", &[("decision", "ALIAS"), ("target", "C1")][..], false),
        (
            "[approval]\nalways = []\n",
            &[("decision", "ALIAS"), ("target", "C1")],
            true,
        ),
        ("", &[("decision", "IGNORE"), ("note", "test")], true),
        (
            "[approval]\nignore_max = 9994\n",
            &[("decision", "IGNORE"), ("note", "test")],
            false,
        ),
        (
            "[approval]\npayment_max = 9994\n",
            &[("decision", "DONE"), ("target", "1")],
            false,
        ),
        ("[approval]\npayment_max = 9994\n", &[("decision", "LATER")], true),
        ("[approval]\nalways = [\"REFUND\"]\n", &[("decision", "REFUND")], false),
    ] {
        let (office, row) = office(settings);
        office.saves("anna", "sheet.csv", &[(&row, cells)]);
        office.night("2026-03-04");
        let answers = office.answers();
        assert_eq!(answers[0].contains(": APPLIED"), is_alone, "{settings} {answers:?}");
        assert_eq!(
            answers[0].contains(": NEEDS_APPROVAL"),
            !is_alone,
            "{settings} {answers:?}"
        );
    }
    let (office, row) = (Office::new(ITEMS, CUSTOMERS, ""), "B1");
    office.receives("1.csv", &[(row, "2026-03-02", "100.00", "王小明", "", "Danke")]);
    office.night("2026-03-03");
    let row = office.row(row);
    office.saves(
        "anna",
        "sheet.csv",
        &[(&row, &[("decision", "APPLY"), ("target", "RE-1001")])],
    );
    office.night("2026-03-04");
    assert!(
        office.answers()[0].contains("NEEDS_APPROVAL APPLY RE-1001 by anna: `王小明` is most likely a private person"),
        "{:?}",
        office.answers()
    );
}
