//! The data that the repository makes for itself: the demo is what its generator writes, and nights are as they are labelled.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

#[path = "../../examples/demo/mod.rs"]
mod demo;
#[path = "../../examples/night/mod.rs"]
pub mod night;

use night::plan::{Plan, Situation, Sizes, plan};
use night::{render, tables};

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for name in [".", "statements"] {
        for entry in fs::read_dir(folder.join(name)).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_file() {
                let name = path.file_name().expect("name").to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).expect("file"));
            }
        }
    }
    found
}

#[test]
fn the_demo_is_what_its_generator_writes() {
    let fresh = tempfile::tempdir().expect("folder");
    demo::write::write_all(&demo::world().expect("world"), fresh.path()).expect("written");
    let committed = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo"));
    let written = files(fresh.path());
    let names = |all: &BTreeMap<String, Vec<u8>>| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&committed), names(&written));
    for (name, bytes) in &written {
        assert!(
            committed[name] == *bytes,
            "fixtures/demo/{name} differs: run `cargo run --example generate_demo`, look at the change, and commit it"
        );
    }
}

#[test]
fn the_demo_shows_every_outcome_and_many_reasons() {
    let text =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo/expected.csv")).expect("expected.csv");
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for row in csv::Reader::from_reader(text.as_slice()).records() {
        let row = row.expect("row");
        let first = |cell: &str| cell.split('|').next().unwrap_or_default().to_owned();
        *outcomes.entry(first(&row[6])).or_default() += 1;
        if &row[6] != "posted" && &row[6] != "set_aside" {
            *reasons.entry(first(&row[8])).or_default() += 1;
        }
    }
    for outcome in ["posted", "proposed", "exception", "set_aside"] {
        assert!(outcomes.contains_key(outcome), "{outcome}: {outcomes:?}");
    }
    assert!(reasons.len() >= 12, "{reasons:?}");
}

#[test]
fn the_running_balance_of_the_chinese_account_adds_up() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo/statements/icbc_2026-03-02_2026-03-06.csv");
    let bytes = fs::read(path).expect("file");
    let (text, _, is_broken) = encoding_rs::GB18030.decode(&bytes);
    assert!(!is_broken);
    let minor = |cell: &str| -> i64 {
        let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty() {
            0
        } else {
            digits.parse().expect("digits")
        }
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().skip(2).map(|row| row.expect("13 cells")).collect();
    assert!(rows.len() > 40);
    for pair in rows.windows(2) {
        let movement = minor(&pair[1][6]) - minor(&pair[1][5]);
        assert_eq!(minor(&pair[0][11]) + movement, minor(&pair[1][11]), "{:?}", pair[1]);
    }
}

const SMALL: Sizes = Sizes {
    payments: 4_000,
    items: 5_000,
    customers: 400,
    seed: 3,
};

fn truth(plan: &Plan) -> Vec<u8> {
    let mut bytes = Vec::new();
    tables::truth(plan, &mut bytes).expect("truth");
    bytes
}

#[test]
fn a_night_is_the_same_every_time_and_another_with_another_seed() {
    let first = plan(SMALL);
    assert_eq!(truth(&first), truth(&plan(SMALL)));
    assert_ne!(truth(&first), truth(&plan(Sizes { seed: 4, ..SMALL })));
    assert_eq!(first.payments.len(), SMALL.payments);
    assert_eq!(first.items.len(), SMALL.items);
}

#[test]
fn what_a_night_calls_right_adds_up_and_uses_no_item_twice() {
    let plan = plan(SMALL);
    let mut cash_of: BTreeMap<usize, i64> = BTreeMap::new();
    let mut situations: BTreeMap<&str, usize> = BTreeMap::new();
    for (position, payment) in plan.payments.iter().enumerate() {
        *situations.entry(payment.situation.code()).or_default() += 1;
        if !payment.situation.is_decidable() {
            continue;
        }
        let settled = tables::settled(&plan, position);
        let cash: i64 = settled.iter().map(|(_, cash)| cash).sum();
        let name = render::bank_reference(position);
        match payment.situation {
            Situation::Overpayment => assert!(cash < payment.amount, "{name}"),
            _ => assert_eq!(cash, payment.amount, "{name} {:?}", payment.situation),
        }
        for (item, cash) in settled {
            *cash_of.entry(item).or_default() += cash.abs();
            assert!(
                cash_of[&item] <= plan.items[item].amount,
                "{name}: item {item} is paid twice"
            );
        }
    }
    assert!(situations.len() >= 53, "{situations:?}");
}

/// A wrong number that is another item's would be that item's number; an amount alone must name one item only.
#[test]
fn what_a_night_calls_decidable_is_decided_by_its_data() {
    let plan = plan(SMALL);
    for (position, payment) in plan.payments.iter().enumerate() {
        let (name, first) = (render::bank_reference(position), payment.first as usize);
        if payment.situation == Situation::NumberTypo {
            let mut random = night::random::Random::new(1, position as u64);
            for _ in 0..20 {
                let line = &night::text::words(&plan, payment, &mut random)[0];
                let number = night::plan::digits(line);
                assert!(plan.numbers.binary_search(&number).is_err(), "{name}: {number}");
            }
        }
        if matches!(
            payment.situation,
            Situation::AccountAndAmount | Situation::NameAndAmount | Situation::ThirdPartyKnown
        ) {
            let item = &plan.items[first];
            let same = |other: &&night::plan::Item| (other.customer, other.amount) == (item.customer, item.amount);
            assert_eq!(plan.items.iter().filter(same).count(), 1, "{name}");
        }
    }
}

#[test]
fn document_numbers_are_given_once() {
    let plan = plan(SMALL);
    let mut numbers: Vec<String> = (0..plan.items.len())
        .map(|item| render::document_number(&plan, item))
        .collect();
    numbers.sort();
    let count = numbers.len();
    numbers.dedup();
    assert_eq!(numbers.len(), count);
}
