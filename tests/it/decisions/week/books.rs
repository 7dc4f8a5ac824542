//! The books of the week: what is open, what the ERP exports, and whether all of it ties to the cent.

use crate::decisions::office::Office;
use paymatch::run::in_flight::effective;
use paymatch::store::Store;
use std::collections::BTreeMap;

const HEADER: &str = "item_id,customer_id,customer_name,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount,discount_pct,discount_date\n";
const ITEMS: [(&str, &str, &str, &str, i64, &str); 19] = [
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
    ("15", "C7", "Hagedorn Farben GmbH", "RE-2015", 9_000, ","),
    ("16", "C4", "Ostkai Spedition GmbH", "RE-2016", 40_000, ","),
    ("17", "C1", "Nordwind Handels GmbH", "RE-2017", 40_000, ","),
    ("18", "C3", "Lindhof Werkzeuge KG", "RE-2018", 28_000, ","),
    ("19", "C5", "Birkental Druck OHG", "RE-2019", 28_000, ","),
];
pub const CUSTOMERS: &str =
    "customer_id,customer_no,name,country,city,currency,iban,terms_days,discount_pct,discount_days,salesperson
C1,10001,Nordwind Handels GmbH,DE,Kiel,EUR,,30,,,Petra Lund
C2,10002,Kiesel Maschinenbau AG,DE,Ulm,EUR,,30,3,14,Jens Ott
C3,10003,Lindhof Werkzeuge KG,DE,Hagen,EUR,,30,,,Jens Ott
C4,10004,Ostkai Spedition GmbH,DE,Bremen,EUR,,30,,,Petra Lund
C5,10005,Birkental Druck OHG,DE,Jena,EUR,,30,,,Petra Lund
C6,10006,Falkenau Optik GmbH,DE,Aalen,EUR,,30,,,Jens Ott
C7,10007,Hagedorn Farben GmbH,DE,Soest,EUR,,30,,,Jens Ott
";
pub const NIGHTS: u64 = 5;

fn decimal(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn minor(text: &str) -> i64 {
    text.replace('.', "").parse().expect("an amount with two decimals")
}

/// The ERP's export: what is open after it booked these changes of items.
pub fn export(booked: &BTreeMap<String, i64>) -> String {
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
pub fn reductions(office: &Office, runs: std::ops::RangeInclusive<u64>) -> BTreeMap<String, i64> {
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

/// Every receipt is in one place, what was posted reduces each item by what the record says, and nothing is left over.
pub fn assert_ties(office: &Office) {
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
        let now = exported.get(flying.item_id.as_str()).copied().unwrap_or(0);
        let seen = effective(&flying, now, "another export");
        assert!(!seen.is_held, "{flying:?}");
        // The export is the one that Thursday and Friday saw.
        let under_way = if flying.last_run >= 4 {
            flying.posted
        } else {
            seen.under_way
        };
        open.insert(flying.item_id.to_string(), now - under_way);
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
