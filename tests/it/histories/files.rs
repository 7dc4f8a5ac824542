//! The files of one night, as somebody reads them who knows nothing of the program.

use super::bank::Key;
use crate::program::rows;
use std::collections::BTreeMap;
use std::path::Path;

pub type Row = BTreeMap<String, String>;

pub fn cents(text: &str) -> i64 {
    text.replace('.', "").parse().expect("an amount")
}

pub fn key(row: &Row) -> Key {
    (
        row["account"].clone(),
        row["booking_date"].clone(),
        cents(&row["amount"]),
    )
}

pub fn count(keys: impl Iterator<Item = Key>) -> BTreeMap<Key, i64> {
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

pub fn ensure(holds: bool, promise: &str, told: impl FnOnce() -> String) -> Result<(), String> {
    if holds {
        Ok(())
    } else {
        Err(format!("{promise}: {}", told()))
    }
}

/// The files of one night.
pub struct Files {
    /// Payments posted, with their lines.
    pub postings: BTreeMap<String, Vec<Row>>,
    /// Payments whose posting is taken back, with the lines that do it.
    pub reversals: BTreeMap<String, Vec<Row>>,
    pub exceptions: Vec<Row>,
    pub set_aside: Vec<Row>,
    pub duplicates: Vec<Row>,
    pub answers: Vec<Row>,
    pub findings: Vec<Row>,
    /// Statement files by their names, with what became of them.
    pub inputs: BTreeMap<String, String>,
}

impl Files {
    pub fn read(out: &Path) -> Files {
        let mut postings: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        let mut reversals = postings.clone();
        for row in rows(&out.join("postings.csv")) {
            let of = if row["reverses"].is_empty() {
                &mut postings
            } else {
                &mut reversals
            };
            of.entry(row["payment_id"].clone()).or_default().push(row);
        }
        let manifest = std::fs::read_to_string(out.join("manifest.json")).expect("a manifest");
        let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        let inputs = manifest["run"]["inputs"].as_array().expect("inputs");
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        Files {
            postings,
            reversals,
            exceptions: rows(&out.join("exceptions.csv")),
            set_aside: rows(&out.join("set_aside.csv")),
            duplicates: rows(&out.join("duplicates.csv")),
            answers: rows(&out.join("decisions_result.csv")),
            findings: rows(&out.join("findings.csv")),
            inputs: inputs
                .iter()
                .filter(|input| input["role"] == "statement")
                .map(|input| (text(&input["name"]).replace("inbox/", ""), text(&input["state"])))
                .collect(),
        }
    }

    /// The key of each posted payment: its lines add up to its cash.
    pub fn posted(&self) -> BTreeMap<String, Key> {
        self.postings
            .iter()
            .map(|(id, lines)| (id.clone(), key_of_lines(lines)))
            .collect()
    }

    /// The row of the exceptions about a payment.
    pub fn exception(&self, id: &str) -> Option<&Row> {
        self.exceptions.iter().find(|row| row["payment_id"] == id)
    }
}

pub fn key_of_lines(lines: &[Row]) -> Key {
    let sum = lines.iter().map(|line| cents(&line["amount"])).sum();
    (lines[0]["account"].clone(), lines[0]["booking_date"].clone(), sum)
}

/// Cents of each item in these lines.
pub fn on_items(lines: &BTreeMap<String, Vec<Row>>) -> BTreeMap<usize, i64> {
    let mut items = BTreeMap::new();
    for line in lines.values().flatten().filter(|line| !line["item_id"].is_empty()) {
        let item: usize = line["item_id"][1..].parse().expect("an item");
        *items.entry(item).or_default() += cents(&line["item_amount"]);
    }
    items
}
