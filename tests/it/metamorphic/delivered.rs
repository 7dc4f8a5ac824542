//! The same payments in other formats, in one file or in many: the same postings.

use super::night;
use crate::one_statement::rendered::{self, Dialect, Dress, Layout, Movement};
use crate::program::{expect_code, program, root, rows};
use crate::world::World;
use std::collections::BTreeMap;
use std::path::Path;

/// Item → what was posted on it, by amount.
type Settled = BTreeMap<String, Vec<String>>;

/// The payments whose text one line can hold and every encoding can write.
fn movements(world: &World) -> Vec<Movement> {
    let plain = world.payments.iter().filter(|payment| {
        let text = format!("{}{}", payment.payer_name(), payment.remittance_text());
        text.chars().all(|c| (c as u32) < 256 && !c.is_control())
    });
    let written = |text: String| -> &'static str { text.leak() };
    plain
        .enumerate()
        .map(|(at, payment)| Movement {
            day: written(payment.booking_date.to_string()),
            cents: payment.amount.minor,
            name: written(payment.payer_name().to_owned()),
            account: written(payment.payer_account.as_deref().unwrap_or_default().to_owned()),
            end_to_end_id: written(
                payment
                    .references
                    .end_to_end_id
                    .as_deref()
                    .unwrap_or("NOTPROVIDED")
                    .to_owned(),
            ),
            bank_reference: written(format!("B-{at}")),
            text: written(payment.remittance_text()),
            is_reversal: false,
        })
        .collect()
}

/// Writes what a night needs beside its statements.
fn write_tables(world: &World, folder: &Path) {
    let mut items = csv::Writer::from_path(folder.join("open_items.csv")).expect("a file");
    let header = "item_id,customer_id,customer_name,doc_type,doc_no,po_no,issue_date,due_date,currency,amount,open_amount,discount_pct,discount_date";
    items.write_record(header.split(',')).expect("a header");
    let decimal = |minor: i64| paymatch::model::money::decimal_text(minor, 2).to_string();
    for item in world.items.iter().filter(|item| !item.is_closed()) {
        let day = |day: Option<paymatch::model::NaiveDate>| day.map_or(String::new(), |day| day.to_string());
        let terms = item.cash_discounts.first();
        let row = [
            item.id.to_string(),
            item.customer_id.to_string(),
            item.customer_name.to_string(),
            if item.open_amount < 0 { "CRN" } else { "INV" }.to_owned(),
            item.document_number.to_string(),
            item.purchase_order.to_string(),
            day(item.issue_date),
            day(item.due_date),
            "EUR".to_owned(),
            decimal(item.original_amount),
            decimal(item.open_amount),
            terms.map_or(String::new(), |terms| terms.percent.to_string()),
            day(terms.map(|terms| terms.until)),
        ];
        items.write_record(row).expect("a row");
    }
    let mut customers = csv::Writer::from_path(folder.join("customers.csv")).expect("a file");
    customers
        .write_record(["customer_id", "customer_name", "iban"])
        .expect("a header");
    for customer in &world.customers {
        let account = customer.accounts.first().cloned().unwrap_or_default();
        customers
            .write_record([&customer.id, customer.name(), &account])
            .expect("a row");
    }
}

/// Runs a night over these statements in a folder of its own; returns what it posts.
fn settled(world: &World, files: &[(&str, Vec<u8>)]) -> Settled {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    write_tables(world, at);
    std::fs::create_dir(at.join("inbox")).expect("a folder");
    for (name, bytes) in files {
        std::fs::write(at.join("inbox").join(name), bytes).expect("a file");
    }
    let mut run = program();
    run.current_dir(at)
        .arg("run")
        .arg("--config")
        .arg(root().join("config/labelled.toml"));
    run.args([
        "--statements",
        "inbox",
        "--open-items",
        "open_items.csv",
        "--customers",
        "customers.csv",
    ]);
    run.args(["--state", "state", "--out", "out", "--as-of", "2026-03-12"]);
    expect_code(&mut run, 0);
    let mut settled = Settled::new();
    for row in rows(&at.join("out/latest/postings.csv")) {
        settled
            .entry(row["item_id"].clone())
            .or_default()
            .push(row["amount"].clone());
    }
    settled.values_mut().for_each(|amounts| amounts.sort());
    settled
}

#[test]
fn other_formats_and_other_files_post_the_same() {
    let world = night(47);
    let all = movements(&world);
    let plain = Dress {
        version: "08",
        prefix: "",
        is_indented: false,
        is_wide: false,
    };
    let before = settled(&world, &[("v08.xml", rendered::camt(&all, plain))]);
    assert!(
        before.len() * 2 > all.len(),
        "hardly anything is posted: {} of {}",
        before.len(),
        all.len()
    );
    let old = Dress {
        version: "02",
        is_indented: true,
        ..plain
    };
    let (one, two) = all.split_at(all.len() / 3);
    let table = |movements: &[Movement]| rendered::csv(movements, Layout::Generic);
    for (what, files) in [
        ("camt of an older version", vec![("v02.xml", rendered::camt(&all, old))]),
        ("a table", vec![("bank.csv", table(&all))]),
        ("MT940", vec![("bank.sta", rendered::mt940(&all, Dialect::CodeWords))]),
    ] {
        assert_eq!(settled(&world, &files), before, "{what}");
    }
    // Two tables of one day without references may overlap: what has the same amount in both is asked.
    let two_tables = settled(&world, &[("b.csv", table(one)), ("a.csv", table(two))]);
    for (item, amounts) in &two_tables {
        let known = before
            .get(item)
            .is_some_and(|known| amounts.iter().all(|amount| known.contains(amount)));
        assert!(known, "{item}: {amounts:?}");
    }
    assert!(
        two_tables.len() * 10 > before.len() * 8,
        "{} of {}",
        two_tables.len(),
        before.len()
    );
}
