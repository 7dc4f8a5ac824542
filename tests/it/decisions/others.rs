//! A decision changes only rows that share a payment or an item with it: two runs from the same record, compared row by row.

use super::office::{Office, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a kind").is_dir() {
            copy(&entry.path(), &target);
        } else if entry.file_type().expect("a kind").is_file() {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

const CUSTOMERS: usize = 40;

/// Forty customers with three items each, and payments of every sort: clear ones, unclear ones, strangers.
fn office() -> Office {
    let mut items =
        "item_id,customer_id,customer_name,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount\n"
            .to_owned();
    let mut customers =
        "customer_id,customer_no,name,country,city,currency,iban,terms_days,discount_pct,discount_days\n".to_owned();
    let names = [
        "Nordwind",
        "Kiesel",
        "Lindhof",
        "Ostkai",
        "Birkental",
        "Falkenau",
        "Grünwald",
        "Hagedorn",
    ];
    let trades = [
        "Handels GmbH",
        "Maschinenbau AG",
        "Werkzeuge KG",
        "Spedition GmbH",
        "Druck OHG",
    ];
    let name = |customer: usize| format!("{} {}", names[customer % 8], trades[customer / 8]);
    let amount = |customer: usize, item: usize| format!("{}.{:02}", 100 + customer * 7 + item * 311, customer);
    for customer in 0..CUSTOMERS {
        let called = name(customer);
        customers.push_str(&format!(
            "C{customer},{},{called},DE,Kiel,EUR,,30,,\n",
            10_000 + customer
        ));
        for item in 0..3 {
            let number = 2000 + customer * 3 + item;
            let open = amount(customer, item);
            items.push_str(&format!(
                "{number},C{customer},{called},INV,RE-{number},2026-02-01,2026-03-01,EUR,{open},{open}\n"
            ));
        }
    }
    let office = Office::new(&items, &customers, "[approval]\nalways = []\nignore_max = 1000000\n");
    let mut receipts = Vec::new();
    for customer in 0..CUSTOMERS {
        let number = 2000 + customer * 3;
        let (payer, paid, text) = match customer % 4 {
            0 => (name(customer), amount(customer, 0), format!("RE-{number}")),
            1 => (name(customer), "40.00".to_owned(), "Danke".to_owned()),
            2 => (format!("Kasse {customer}"), amount(customer, 1), "Danke".to_owned()),
            _ => (name(customer), amount(customer, 0), format!("RE-{} Rest", number + 2)),
        };
        receipts.push((format!("B{customer}"), paid, payer, text));
    }
    let receipts: Vec<_> = receipts
        .iter()
        .map(|(reference, paid, payer, text)| {
            (
                reference.as_str(),
                "2026-03-02",
                paid.as_str(),
                payer.as_str(),
                "",
                text.as_str(),
            )
        })
        .collect();
    office.receives("1.csv", &receipts);
    office
}

/// Everything that the last night says of each payment, without the number of a posting and what its customer owes in all.
fn told(office: &Office) -> BTreeMap<String, BTreeSet<Row>> {
    let mut told: BTreeMap<String, BTreeSet<Row>> = BTreeMap::new();
    for name in [
        "postings.csv",
        "exceptions.csv",
        "candidates.csv",
        "set_aside.csv",
        "duplicates.csv",
    ] {
        for mut row in office.rows(name) {
            for column in ["posting_id", "customer_open", "decision", "last_result"] {
                row.remove(column);
            }
            row.insert("file".to_owned(), name.to_owned());
            told.entry(row["payment_id"].clone()).or_default().insert(row);
        }
    }
    told
}

/// Documents that any candidate or posting of a payment names.
fn documents(rows: &BTreeSet<Row>) -> BTreeSet<String> {
    let named = rows.iter().filter_map(|row| row.get("doc_no"));
    named.filter(|number| !number.is_empty()).cloned().collect()
}

#[test]
fn a_decision_changes_only_what_shares_a_payment_or_an_item_with_it() {
    let first = office();
    first.night("2026-03-03");
    let exceptions = first.rows("exceptions.csv");
    assert!(exceptions.len() >= 20, "{}", exceptions.len());
    let before = first.path("");
    let again = |decided: Option<(&Row, &[(&str, &str)])>| {
        let office = Office::new("", "", "");
        copy(&before, &office.path(""));
        if let Some(decided) = decided {
            office.saves("anna", "sheet.csv", &[decided]);
        }
        office.night("2026-03-04");
        office
    };
    let undecided = told(&again(None));
    let posted = &first.rows("postings.csv")[0];
    let row = |sort: usize| -> &Row {
        let of_sort = exceptions.iter().filter(|row| {
            let customer: usize = row["bank_ref"][1..].parse().expect("a number");
            customer % 4 == sort
        });
        of_sort
            .max_by_key(|row| row["payment_id"].clone())
            .expect("an exception of each sort")
    };
    let target = |row: &Row| {
        row.get("candidate_1")
            .map_or("", String::as_str)
            .split(" | ")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let (part, stranger, rest) = (row(1), row(2), row(3));
    for (decided, cells) in [
        (stranger, vec![("decision", "ACCEPT")]),
        (stranger, vec![("decision", "ON_ACCOUNT"), ("target", "C7")]),
        (part, vec![("decision", "APPLY"), ("target", "RE-2119")]),
        (part, vec![("decision", "PARTIAL"), ("target", "RE-2003")]),
        (rest, vec![("decision", "IGNORE"), ("note", "test")]),
        (rest, vec![("decision", "CORRECT_TEXT"), ("target", "RE-2001")]),
        (stranger, vec![("decision", "CLAIM"), ("target", "C7")]),
        (posted, vec![("decision", "UNDO")]),
    ] {
        let after = again(Some((decided, &cells)));
        let answers = after.answers();
        let told = told(&after);
        let id = &decided["payment_id"];
        // Items that the decided payment used or could have used, before or after, and those that the decision names.
        let mut shared: BTreeSet<String> = [&undecided, &told]
            .into_iter()
            .filter_map(|all| all.get(id))
            .flat_map(documents)
            .collect();
        shared.extend(cells.iter().map(|(_, text)| (*text).to_owned()));
        shared.insert(target(decided));
        shared.insert(posted["doc_no"].clone());
        for (payment, rows) in &undecided {
            if payment == id || !documents(rows).is_disjoint(&shared) {
                continue;
            }
            assert_eq!(told.get(payment), Some(rows), "{cells:?}: {answers:?}");
        }
        let changed = undecided
            .iter()
            .filter(|(payment, rows)| told.get(*payment) != Some(rows));
        let changed = changed.count();
        assert!(
            (1..=6).contains(&changed) || told.len() > undecided.len(),
            "{changed} changed: {cells:?} {answers:?}"
        );
    }
}
