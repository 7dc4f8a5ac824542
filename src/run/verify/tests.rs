use super::*;
use crate::model::SetAsideRule;

const POSTINGS: &str = "posting_id,run,payment_id,account,amount,currency,reverses
1-1,1,p1,DE1,60.00,EUR,
1-2,1,p1,DE1,40.00,EUR,
1-3,1,p2,DE1,150.00,EUR,
1-4,1,p2,DE1,-50.00,EUR,
1-5,1,p3,CN1,7,JPY,
1-6,1,p4,DE1,-10.00,EUR,0-7
";
const EXCEPTIONS: &str = "决定 decision,status,金额 amount,currency,account,payment_id
,proposed,10.00,EUR,DE1,p4
,open,0.01,EUR,DE1,p5
,open,0.02,EUR,DE1,p6
";
const SET_ASIDE: &str = "payment_id,bank_ref,account,booking_date,amount,currency,rule,text
p7,,DE1,2026-01-02,-5.00,EUR,OUTGOING_DEBIT,
p8,,DE1,2026-01-02,9.00,EUR,PENDING,
";
const DUPLICATES: &str = "payment_id,bank_ref,account,booking_date,amount,currency,rule,text
p1,,DE1,2026-01-02,100.00,EUR,OVERLAP,
";

fn euro() -> Currency {
    Currency::new("EUR").expect("EUR")
}

fn folder(change: impl Fn(&str, &str) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("folder");
    for (name, text) in [
        ("postings.csv", POSTINGS),
        ("exceptions.csv", EXCEPTIONS),
        ("set_aside.csv", SET_ASIDE),
        ("duplicates.csv", DUPLICATES),
    ] {
        std::fs::write(folder.path().join(name), change(name, text)).expect("file");
    }
    folder
}

fn totals() -> Totals {
    let mut totals = Totals::default();
    let yen = Currency::new("JPY").expect("JPY");
    for (account, currency, minor, class) in [
        ("DE1", euro(), 10_000, Class::Posted),
        ("DE1", euro(), 10_000, Class::Posted),
        ("CN1", yen, 7, Class::Posted),
        ("DE1", euro(), 1_000, Class::Proposed),
        ("DE1", euro(), 1, Class::Open),
        ("DE1", euro(), 2, Class::Open),
        ("DE1", euro(), -500, Class::SetAside),
        ("DE1", euro(), 10_000, Class::Duplicate),
    ] {
        totals.add(account, currency, minor, class).expect("sum");
        let came_in = if minor == 2 { Class::Carried } else { Class::Read };
        totals.add(account, currency, minor, came_in).expect("sum");
    }
    // What is proposed tonight was posted before and taken back.
    totals.add_reversed("DE1", euro(), 1_000).expect("sum");
    for (rule, sum) in [(SetAsideRule::OutgoingDebit, -500), (SetAsideRule::Pending, 900)] {
        totals
            .set_aside
            .insert(("DE1".to_owned(), euro(), rule), CountSum { count: 1, sum });
    }
    totals
}

#[test]
fn what_is_written_is_what_the_run_says() {
    let folder = folder(|_, text| text.to_owned());
    let written = totals_of_files(folder.path()).expect("files");
    compare(&written, &totals()).expect("they tie");
    assert_eq!(written.posted[&("DE1".to_owned(), euro(), Side::Credit)].count, 2);
    assert_eq!(written.payments["p2"], 10_000);
    compare_payments(&written, [("p1", 10_000), ("p2", 10_000), ("p3", 7)]).expect("payments tie");
    compare_payments(&written, [("p1", 10_000), ("p2", 10_000)]).expect_err("p3 was not to be posted");
    compare_payments(&written, [("p1", 1), ("p2", 10_000), ("p3", 7)]).expect_err("p1 has another sum");
}

#[test]
fn every_change_of_a_file_is_noticed() {
    for (file, from, to) in [
        ("postings.csv", "40.00", "40.01"),
        ("postings.csv", "1-5,1,p3,CN1,7,JPY,\n", ""),
        ("postings.csv", "1-6,1,p4,DE1,-10.00,EUR,0-7\n", ""),
        ("postings.csv", "EUR,0-7", "EUR,"),
        ("postings.csv", "1-5,1,p3,CN1,7,JPY", "1-5,1,p3,CN2,7,JPY"),
        ("postings.csv", "1-5,1,p3,CN1,7,JPY", "1-5,1,p3,CN1,7.5,JPY"),
        ("postings.csv", "1-2,1,p1,DE1", "1-2,1,p1,DE2"),
        ("postings.csv", "-50.00", "-50.0x"),
        ("postings.csv", "amount", "sum"),
        ("exceptions.csv", "proposed", "open"),
        ("exceptions.csv", "proposed", "posted"),
        ("exceptions.csv", "p5", "p4"),
        ("exceptions.csv", "p5", "p1"),
        ("exceptions.csv", "0.01,EUR", "0.01,CHF"),
        ("set_aside.csv", "OUTGOING_DEBIT", "PENDING"),
        ("set_aside.csv", "OUTGOING_DEBIT", "IGNORED"),
        ("set_aside.csv", "9.00", "9.01"),
        ("set_aside.csv", "-5.00", "5.00"),
        ("duplicates.csv", "p1,,DE1,2026-01-02,100.00,EUR,OVERLAP,\n", ""),
    ] {
        let folder = folder(|name, text| {
            if name == file {
                text.replacen(from, to, 1)
            } else {
                text.to_owned()
            }
        });
        let compared = totals_of_files(folder.path()).and_then(|written| compare(&written, &totals()));
        assert!(compared.is_err(), "{file}: {from} to {to}");
    }
}

#[test]
fn money_that_came_in_and_is_in_no_file_is_named() {
    let folder = folder(|_, text| text.to_owned());
    let mut totals = totals();
    totals.add("DE1", euro(), 30, Class::Read).expect("sum");
    let written = totals_of_files(folder.path()).expect("files");
    let error = compare(&written, &totals).expect_err("30 cents are lost");
    assert_eq!(
        error.to_string(),
        "DE1 EUR CRDT: 1 payments and 30 minor units came in, but are in no file"
    );
}
