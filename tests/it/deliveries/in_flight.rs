//! What was posted, on its way into the ERP's books: exports that come late, and bookings that come late, in part or twice.

use super::bank::{Bank, receipt, statement};
use expect_test::expect;

/// Two items of one customer, open with these cents.
fn items(first: i64, second: i64) -> String {
    let row = |id: u8, cents: i64| {
        let number = format!("RE-2026-100{id}");
        format!(
            "{id},C1,Nordwind Handels GmbH,INV,{number},2026-02-01,2026-03-01,EUR,100.00,{}.00\n",
            cents / 100
        )
    };
    let header = "item_id,customer_id,customer_name,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount\n";
    format!("{header}{}{}", row(1, first), row(2, second))
}

/// A night on 3 March that posts 40.00 on the first item.
fn posted() -> Bank {
    let bank = Bank::new("warn");
    bank.write("items.csv", &items(10_000, 10_000));
    let part = receipt("2026-03-03", "A", 4_000, "Nordwind Handels GmbH", "RE-2026-1001");
    bank.delivers("1.xml", &statement(Some(1), "2026-03-03", 0, &[part]));
    bank.runs("2026-03-03", 0);
    assert_eq!(bank.told(), "posted 40.00 RE-2026-1001\nread 40.00, carried 0.00\n");
    bank
}

/// What a night of a day with this export tells.
fn told_with(bank: &Bank, first: i64, second: i64, as_of: &str) -> String {
    bank.write("items.csv", &items(first, second));
    bank.runs(as_of, 0);
    bank.told()
}

#[test]
fn what_the_erp_books_late_is_told_and_posted_on_no_more() {
    let bank = posted();
    let rest = receipt("2026-03-04", "B", 6_000, "Nordwind Handels GmbH", "RE-2026-1001");
    expect![[r#"
        duplicate 40.00 POSTED_EARLIER
        read 40.00, carried 0.00
    "#]]
    .assert_eq(&told_with(&bank, 10_000, 9_900, "2026-03-04"));
    expect![[r#"
        duplicate 40.00 POSTED_EARLIER
        warning POSTING-NOT-BOOKED: 40.00 EUR posted on `RE-2026-1001` in run 1 are not booked in the ERP 3 days later
        read 40.00, carried 0.00
    "#]]
    .assert_eq(&told_with(&bank, 10_000, 9_800, "2026-03-06"));
    bank.delivers("2.xml", &statement(Some(2), "2026-03-04", 4_000, &[rest]));
    expect![[r#"
        duplicate 40.00 POSTED_EARLIER
        proposed 60.00 ITEM_HELD
        warning POSTING-NOT-BOOKED: 40.00 EUR posted on `RE-2026-1001` in run 1 are not booked in the ERP 10 days later
        read 100.00, carried 0.00
    "#]]
    .assert_eq(&told_with(&bank, 10_000, 9_700, "2026-03-13"));
    // Booked at last: the rest is posted, and nothing is left to tell.
    expect![[r#"
        duplicate 40.00 POSTED_EARLIER
        posted 60.00 RE-2026-1001
        read 100.00, carried 0.00
    "#]]
    .assert_eq(&told_with(&bank, 6_000, 9_700, "2026-03-14"));
}

#[test]
fn what_the_erp_books_in_part_or_twice_is_told() {
    expect![[r#"
        duplicate 40.00 POSTED_EARLIER
        warning POSTING-BOOKED-IN-PART: of 40.00 EUR posted on `RE-2026-1001`, last in run 1, the ERP has booked 10.00 EUR only
        read 40.00, carried 0.00
    "#]]
    .assert_eq(&told_with(&posted(), 9_000, 10_000, "2026-03-04"));
    expect![[r#"
        duplicate 40.00 POSTED_EARLIER
        warning POSTING-BOOKED-TWICE: the export shows `RE-2026-1001` reduced by twice the 40.00 EUR that were posted in run 1
        read 40.00, carried 0.00
    "#]]
    .assert_eq(&told_with(&posted(), 2_000, 10_000, "2026-03-04"));
}

#[test]
fn an_export_that_nobody_renews_is_told_and_ends_the_run_at_last() {
    let bank = posted();
    bank.runs("2026-03-05", 0);
    assert!(!bank.told().contains("EXPORT-STALE"), "{}", bank.told());
    bank.runs("2026-03-06", 0);
    expect![[r#"
        duplicate 40.00 POSTED_EARLIER
        warning EXPORT-STALE: this export was read first on 2026-03-03, 3 days ago, and no newer one came since
        read 40.00, carried 0.00
    "#]]
    .assert_eq(&bank.told());
    let told = bank.runs("2026-04-02", 66);
    expect![[r#"
        error[EXPORT-STALE]: items.csv: this export was read first on 2026-03-03, 30 days ago, and no newer one came since
        help: let the ERP export its open items before each run
    "#]]
    .assert_eq(&told);
    assert!(!bank.path("out/4").exists(), "nothing is published");
    bank.write("items.csv", &items(6_000, 10_000));
    bank.runs("2026-04-02", 0);
    assert!(!bank.told().contains("EXPORT-STALE"), "{}", bank.told());
}
