//! camt.054 and the batches that it explains: before, with and after them.

use super::bank::{Bank, Told, entry, notification, receipt, statement};
use crate::program::rows;
use expect_test::expect;

const DAY: &str = "2026-03-03";
const NORDWIND: (i64, &str, &str) = (10_000, "Nordwind Handels GmbH", "RE-2026-1001");
const KIESEL: (i64, &str, &str) = (25_000, "Kiesel Maschinenbau AG", "RE-2026-1002");
const LINDHOF: (i64, &str, &str) = (65_000, "Lindhof Werkzeuge KG", "RE-2026-1003");

const TOLD: Told<'static> = Told {
    day: DAY,
    reference: "BATCH-77",
    entry_reference: "",
    batch: Some(("L-7", 3)),
};

/// 1,000.00 in one sum.
fn batch_statement() -> String {
    statement(Some(41), DAY, 0, &[entry(100_000, TOLD, &[])])
}

fn notified(id: &str, details: &[(i64, &str, &str)]) -> String {
    let sum = details.iter().map(|(cents, ..)| cents).sum();
    notification(id, &[entry(sum, TOLD, details).1])
}

fn all_details() -> String {
    notified("N1", &[NORDWIND, KIESEL, LINDHOF])
}

#[test]
fn details_of_the_same_night_are_posted_one_by_one() {
    let bank = Bank::new("warn");
    bank.delivers("a.xml", &batch_statement())
        .delivers("b.xml", &all_details());
    expect![[r#"
        posted 100.00 RE-2026-1001
        posted 250.00 RE-2026-1002
        posted 650.00 RE-2026-1003
        note NOTICE-JOINED: 3 details of a notification (camt.054) stand in the place of the batch `BATCH-77` of 1,000.00 EUR
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
fn details_come_a_day_early_with_or_a_day_late_and_are_the_same_payments() {
    let together = Bank::new("warn");
    together
        .delivers("a.xml", &batch_statement())
        .delivers("b.xml", &all_details());
    together.night();
    let ids = together.ids();

    let early = Bank::new("warn");
    expect![[r#"
        note NOTICE-WAITING: what is notified here is in no statement yet (entries: 1, the first with the reference `BATCH-77`): kept until it is
        read nothing, carried nothing
    "#]]
    .assert_eq(&early.delivers("b.xml", &all_details()).night());
    expect![[r#"
        posted 100.00 RE-2026-1001
        posted 250.00 RE-2026-1002
        posted 650.00 RE-2026-1003
        note NOTICE-JOINED: 3 details of a notification (camt.054) stand in the place of the batch `BATCH-77` of 1,000.00 EUR
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&early.delivers("a.xml", &batch_statement()).night());
    assert_eq!(early.ids(), ids);

    let late = Bank::new("warn");
    expect![[r#"
        open 1000.00 BATCH_WITHOUT_DETAILS
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&late.delivers("a.xml", &batch_statement()).night());
    expect![[r#"
        posted 100.00 RE-2026-1001
        posted 250.00 RE-2026-1002
        posted 650.00 RE-2026-1003
        note NOTICE-JOINED: 3 details of a notification (camt.054) stand in the place of the batch `BATCH-77` of 1,000.00 EUR
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&late.delivers("b.xml", &all_details()).night());
    assert_eq!(late.ids(), ids);
    expect![[r#"
        duplicate 100.00 POSTED_EARLIER
        duplicate 250.00 POSTED_EARLIER
        duplicate 650.00 POSTED_EARLIER
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&late.night());
}

#[test]
fn the_statement_may_be_archived_before_its_details_come() {
    let bank = Bank::new("warn");
    bank.delivers("a.xml", &batch_statement()).night();
    bank.archives("a.xml").delivers("b.xml", &all_details());
    expect![[r#"
        posted 100.00 RE-2026-1001
        posted 250.00 RE-2026-1002
        posted 650.00 RE-2026-1003
        note NOTICE-JOINED: 3 details of a notification (camt.054) stand in the place of the batch `BATCH-77` of 1,000.00 EUR
        read 0.00, carried 1000.00
    "#]]
    .assert_eq(&bank.night());
    // And comes again: what its batch became is known.
    bank.delivers("a.xml", &batch_statement());
    expect![[r#"
        duplicate 100.00 POSTED_EARLIER
        duplicate 250.00 POSTED_EARLIER
        duplicate 650.00 POSTED_EARLIER
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
    bank.delivers("again.xml", &batch_statement().replace("<Ntry>", "\n  <Ntry>"));
    expect![[r#"
        duplicate 100.00 POSTED_EARLIER
        duplicate 100.00 SAME_STATEMENT
        duplicate 250.00 POSTED_EARLIER
        duplicate 250.00 SAME_STATEMENT
        duplicate 650.00 POSTED_EARLIER
        duplicate 650.00 SAME_STATEMENT
        warning STATEMENT-TWICE: the statement was delivered before (DE89370400440532013000/EUR/2026/41); it posts nothing
        read 2000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
}

#[test]
fn details_that_do_not_add_up_leave_the_batch_whole_until_the_rest_comes() {
    let bank = Bank::new("warn");
    bank.delivers("a.xml", &batch_statement())
        .delivers("b.xml", &notified("N1", &[NORDWIND, KIESEL]));
    expect![[r#"
        open 1000.00 BATCH_WITHOUT_DETAILS: the details that it notified add up to 350.00 EUR, not to 1,000.00 EUR: the difference is 650.00 EUR.
        warning NOTICE-SHORT: the notified details of the batch `BATCH-77` add up to 350.00 EUR, the entry is 1,000.00 EUR: the difference is 650.00 EUR, the entry is kept whole
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
    bank.delivers("c.xml", &notified("N2", &[LINDHOF]));
    expect![[r#"
        posted 100.00 RE-2026-1001
        posted 250.00 RE-2026-1002
        posted 650.00 RE-2026-1003
        note NOTICE-JOINED: 3 details of a notification (camt.054) stand in the place of the batch `BATCH-77` of 1,000.00 EUR
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
}

#[test]
fn the_same_notification_twice_changes_nothing() {
    let bank = Bank::new("warn");
    bank.delivers("b.xml", &all_details())
        .delivers("c.xml", &all_details().replace("NN1", "NN2"));
    expect![[r#"
        note NOTICE-TWICE: the notification was delivered before; it changes nothing
        note NOTICE-WAITING: what is notified here is in no statement yet (entries: 1, the first with the reference `BATCH-77`): kept until it is
        read nothing, carried nothing
    "#]]
    .assert_eq(&bank.night());
    bank.delivers("a.xml", &batch_statement())
        .delivers("d.xml", &all_details().replace("NN1", "NN3"));
    expect![[r#"
        posted 100.00 RE-2026-1001
        posted 250.00 RE-2026-1002
        posted 650.00 RE-2026-1003
        note NOTICE-TWICE: the notification was delivered before; it changes nothing
        note NOTICE-JOINED: 3 details of a notification (camt.054) stand in the place of the batch `BATCH-77` of 1,000.00 EUR
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
    bank.delivers("e.xml", &all_details().replace("NN1", "NN4"));
    expect![[r#"
        duplicate 100.00 POSTED_EARLIER
        duplicate 250.00 POSTED_EARLIER
        duplicate 650.00 POSTED_EARLIER
        note NOTICE-TWICE: the notification was delivered before; it changes nothing
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
}

#[test]
fn two_complete_notifications_that_differ_are_for_a_person() {
    let bank = Bank::new("warn");
    bank.delivers("a.xml", &batch_statement())
        .delivers("b.xml", &all_details())
        .delivers(
            "c.xml",
            &notified("N2", &[(100_000, "Ostkai Spedition GmbH", "RE-2026-1004")]),
        );
    expect![[r#"
        open 1000.00 BATCH_WITHOUT_DETAILS
        warning NOTICE-UNCLEAR: `BATCH-77` names several entries, or several complete notifications: nothing tells which details belong where
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
}

#[test]
fn another_reference_counts_only_with_day_and_amount() {
    for (told, day, batch, expected) in [
        ("the same", DAY, "L-7", "posted 100.00"),
        ("another day", "2026-03-04", "L-7", "open 1000.00 BATCH_WITHOUT_DETAILS"),
        ("another batch", DAY, "L-8", "open 1000.00 BATCH_WITHOUT_DETAILS"),
    ] {
        let bank = Bank::new("warn");
        let notified = Told {
            day,
            reference: "",
            entry_reference: "",
            batch: Some((batch, 3)),
        };
        let notified = entry(100_000, notified, &[NORDWIND, KIESEL, LINDHOF]).1;
        bank.delivers("a.xml", &batch_statement())
            .delivers("b.xml", &notification("N1", &[notified]));
        let said = bank.night();
        assert!(said.starts_with(expected), "{told}:\n{said}");
    }
}

#[test]
fn a_reference_of_two_batches_is_told_apart_by_day_and_amount_or_not_at_all() {
    let other = Told {
        day: "2026-03-04",
        ..TOLD
    };
    let two = statement(
        Some(41),
        DAY,
        0,
        &[entry(100_000, TOLD, &[]), entry(40_000, other, &[])],
    );
    let bank = Bank::new("warn");
    bank.delivers("a.xml", &two).delivers("b.xml", &all_details());
    expect![[r#"
        open 400.00 BATCH_WITHOUT_DETAILS
        posted 100.00 RE-2026-1001
        posted 250.00 RE-2026-1002
        posted 650.00 RE-2026-1003
        note NOTICE-JOINED: 3 details of a notification (camt.054) stand in the place of the batch `BATCH-77` of 1,000.00 EUR
        read 1400.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
    let alike = statement(
        Some(41),
        DAY,
        0,
        &[entry(100_000, TOLD, &[]), entry(100_000, TOLD, &[])],
    );
    let bank = Bank::new("warn");
    bank.delivers("a.xml", &alike).delivers("b.xml", &all_details());
    expect![[r#"
        open 1000.00 BATCH_WITHOUT_DETAILS
        open 1000.00 BATCH_WITHOUT_DETAILS
        warning NOTICE-UNCLEAR: `BATCH-77` names several entries, or several complete notifications: nothing tells which details belong where
        read 2000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
}

/// Saves one decision on the batch.
fn decide(bank: &Bank, name: &str, decision: &str, target: &str) -> String {
    let shown = rows(&bank.latest().join("exceptions.csv"));
    let row = shown.iter().find(|row| row["amount"] == "1000.00").expect("the batch");
    let (id, hash) = (&row["payment_id"], &row["row_hash"]);
    let sheet = format!("payment_id,decision,target,note,row_hash\n{id},{decision},{target},why,{hash}\n");
    bank.write(&format!("decisions/{name}"), &sheet);
    id.clone()
}

fn answer(bank: &Bank) -> String {
    let rows = rows(&bank.latest().join("decisions_result.csv"));
    rows.iter()
        .map(|row| format!("{}: {}\n", row["outcome"], row["reason"]))
        .collect()
}

#[test]
fn what_a_person_decided_about_a_batch_stays() {
    let bank = Bank::new("warn");
    bank.delivers("a.xml", &batch_statement()).night();
    decide(&bank, "first.csv", "ON_ACCOUNT", "C1");
    bank.night();
    assert_eq!(answer(&bank), "APPLIED: booked as decided\n");
    bank.delivers("b.xml", &all_details());
    expect![[r#"
        duplicate 1000.00 POSTED_EARLIER
        note NOTICE-SETTLED: the batch `BATCH-77` was read as one payment before (posted): its 3 details post nothing
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
}

#[test]
fn a_decision_on_a_batch_whose_details_came_is_stale_then_answered() {
    let bank = Bank::new("warn");
    bank.delivers("a.xml", &batch_statement()).night();
    let id = decide(&bank, "late.csv", "ON_ACCOUNT", "C1");
    bank.delivers("b.xml", &all_details()).night();
    expect![[r#"
        STALE: the bank's details of this batch arrived, and each of them is a payment of its own now; nothing was posted, look at the new sheet and decide again
    "#]]
    .assert_eq(&answer(&bank));
    bank.write(
        "decisions/later.csv",
        &format!("payment_id,decision,target,note,row_hash\n{id},ON_ACCOUNT,C1,,\n"),
    );
    bank.night();
    expect![[r#"
        ALREADY: this payment is settled: set aside in run 2 (DETAILED); nothing changed
    "#]]
    .assert_eq(&answer(&bank));
}

#[test]
fn a_batch_that_came_twice_tonight_is_twice_its_details() {
    let bank = Bank::new("warn");
    bank.delivers("a.xml", &batch_statement())
        .delivers("b.xml", &batch_statement().replace("<Ntry>", "\n  <Ntry>"))
        .delivers("c.xml", &all_details());
    expect![[r#"
        duplicate 100.00 SAME_STATEMENT
        duplicate 250.00 SAME_STATEMENT
        duplicate 650.00 SAME_STATEMENT
        posted 100.00 RE-2026-1001
        posted 250.00 RE-2026-1002
        posted 650.00 RE-2026-1003
        warning STATEMENT-TWICE: the statement was delivered before (in this delivery, inbox/a.xml:Stmt[1]); it posts nothing
        warning STATEMENT-TWICE: the statement was delivered before (DE89370400440532013000/EUR/2026/41); it posts nothing
        note NOTICE-JOINED: 3 details of a notification (camt.054) stand in the place of the batch `BATCH-77` of 1,000.00 EUR
        read 2000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
    expect![[r#"
        duplicate 100.00 OVERLAP
        duplicate 100.00 POSTED_EARLIER
        duplicate 250.00 OVERLAP
        duplicate 250.00 POSTED_EARLIER
        duplicate 650.00 OVERLAP
        duplicate 650.00 POSTED_EARLIER
        read 2000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
}

#[test]
fn a_notification_of_entries_with_details_of_their_own_is_silent() {
    let bank = Bank::new("warn");
    let own = receipt(DAY, "ONE-1", 10_000, "Nordwind Handels GmbH", "RE-2026-1001");
    bank.delivers("a.xml", &statement(Some(41), DAY, 0, std::slice::from_ref(&own)))
        .delivers("b.xml", &notification("N1", &[own.1]));
    expect![[r#"
        posted 100.00 RE-2026-1001
        read 100.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
}

#[test]
fn an_entry_that_tells_nothing_is_a_batch_where_several_details_add_up_to_it() {
    let bare = Told { batch: None, ..TOLD };
    let bank = Bank::new("warn");
    bank.delivers("a.xml", &statement(Some(41), DAY, 0, &[entry(100_000, bare, &[])]))
        .delivers("b.xml", &all_details());
    expect![[r#"
        posted 100.00 RE-2026-1001
        posted 250.00 RE-2026-1002
        posted 650.00 RE-2026-1003
        note NOTICE-JOINED: 3 details of a notification (camt.054) stand in the place of the batch `BATCH-77` of 1,000.00 EUR
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
    let bank = Bank::new("warn");
    let alone = notified("N1", &[(100_000, "Nordwind Handels GmbH", "RE-2026-1001")]);
    bank.delivers("a.xml", &statement(Some(41), DAY, 0, &[entry(100_000, bare, &[])]))
        .delivers("b.xml", &alone);
    expect![[r#"
        open 1000.00 NO_REFERENCE_NO_NAME
        read 1000.00, carried 0.00
    "#]]
    .assert_eq(&bank.night());
}

#[test]
fn a_record_of_the_version_before_is_brought_up_to_date() {
    let bank = Bank::new("warn");
    bank.delivers("a.xml", &batch_statement()).night();
    // What version 1 did not have is taken away again.
    let record = rusqlite::Connection::open(bank.path("state/paymatch.sqlite")).expect("a record");
    let version_1 = "PRAGMA foreign_keys = OFF; DROP TABLE notice; DROP TABLE notice_joined; DROP TABLE period; DROP TABLE known_change; \
        DROP TABLE reversal; DROP TABLE reversal_line; DROP TABLE waiting; DROP TABLE waiting_ended; DROP TABLE amendment; \
        DROP TABLE lesson_source; DROP TABLE lesson_revoked; DROP INDEX posting_line_id; DROP INDEX posting_taken_back; \
        DROP TRIGGER seal_stays; DELETE FROM seal WHERE section IN ('notice', 'notice_joined', 'period', 'reversal', \
        'reversal_line', 'waiting', 'waiting_ended', 'amendment', 'lesson_source', 'lesson_revoked'); \
        CREATE TRIGGER seal_stays BEFORE DELETE ON seal BEGIN SELECT raise(ABORT, 'a committed run is not deleted'); END; \
        PRAGMA user_version = 1;";
    record.execute_batch(version_1).expect("version 1");
    drop(record);
    bank.delivers("b.xml", &all_details());
    assert!(
        bank.night().contains("posted 650.00 RE-2026-1003"),
        "and `check` finds nothing"
    );
}

#[test]
fn whatever_comes_first_the_same_payments_are_posted_in_the_end() {
    let parts = [
        batch_statement(),
        notified("N1", &[NORDWIND, KIESEL]),
        notified("N2", &[LINDHOF]),
    ];
    let posted_in_the_end = |order: [usize; 3]| {
        let bank = Bank::new("warn");
        let mut posted = Vec::new();
        for part in order {
            bank.delivers(&format!("{part}.xml"), &parts[part]).night();
            let rows = rows(&bank.latest().join("postings.csv")).into_iter();
            posted.extend(rows.map(|row| (row["payment_id"].clone(), row["amount"].clone())));
        }
        posted.sort();
        posted
    };
    let expected = posted_in_the_end([0, 1, 2]);
    assert_eq!(expected.len(), 3);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(posted_in_the_end(order), expected, "{order:?}");
    }
}

#[test]
fn the_order_of_the_files_does_not_matter() {
    let parts = [
        batch_statement(),
        notified("N1", &[NORDWIND, KIESEL]),
        notified("N2", &[LINDHOF]),
    ];
    let told = |names: [&str; 3]| {
        let bank = Bank::new("warn");
        for (name, text) in names.iter().zip(&parts) {
            bank.delivers(name, text);
        }
        bank.night();
        let read = |name: &str| std::fs::read_to_string(bank.latest().join(name)).expect(name);
        (read("postings.csv"), bank.ids())
    };
    assert_eq!(told(["a.xml", "b.xml", "c.xml"]), told(["c.xml", "b.xml", "a.xml"]));
}
