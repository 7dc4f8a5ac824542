//! Proved statements, changed by one minor unit or one entry: each change is refused, and no changed detail is posted as a split.
//!
//! 1,000 mutants; more with `PAYMATCH_MUTANTS=100000 cargo test --release --test it mutations`.

use paymatch::model::NaiveDate;
use paymatch::model::statement::Proof;
use paymatch::read::statement::{FileReading, Options, Split, entry_split, proof, read};
use std::collections::BTreeSet;
use std::ops::Range;

const STATEMENTS: [&str; 3] = [
    "fixtures/demo/statements/camt.053.001.08_EUR_2026-03-03.xml",
    "fixtures/demo/statements/camt.053.001.08_EUR_2026-03-04.xml",
    "fixtures/demo/statements/camt.053.001.02_CHF_2026-03-04.xml",
];

fn inspected(bytes: &[u8]) -> Vec<FileReading> {
    let options = Options {
        profiles: Vec::new(),
        as_of: NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date"),
        inverted_reversal_accounts: BTreeSet::new(),
    };
    let mut readings = read("mutant.xml", bytes, &options);
    proof::prove(&mut readings, &options);
    readings
}

fn is_refused(readings: &[FileReading]) -> bool {
    let statements = readings.iter().flat_map(|reading| &reading.statements);
    readings.iter().any(|reading| reading.refusal.is_some()) || statements.into_iter().any(|one| one.refusal.is_some())
}

/// A numerical recipe, so that the same mutants come every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % limit as u64) as usize
    }
}

/// Places of what stands between `open` and `close`, within a part of the text.
fn between(text: &str, within: &Range<usize>, open: &str, close: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = within.start;
    while let Some(start) = text[at..within.end].find(open).map(|place| at + place) {
        let Some(end) = text[start..within.end]
            .find(close)
            .map(|place| start + place + close.len())
        else {
            break;
        };
        found.push(start..end);
        at = end;
    }
    found
}

/// The digits of the first amount in a part of the text.
fn first_amount(text: &str, within: &Range<usize>) -> Option<Range<usize>> {
    let element = between(text, within, "<Amt ", "</Amt>").into_iter().next()?;
    let start = element.start + text[element.clone()].find('>')? + 1;
    Some(start..element.end - "</Amt>".len())
}

/// The amount with one minor unit more or less.
fn nudged(amount: &str, up: bool) -> String {
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let units: i64 = format!("{whole}{fraction}").parse().expect(amount);
    let units = if up { units + 1 } else { units - 1 };
    let scale = 10_i64.pow(fraction.len() as u32);
    match fraction.len() {
        0 => units.to_string(),
        decimals => format!("{}.{:0decimals$}", units / scale, units % scale),
    }
}

#[test]
fn every_change_of_a_proved_statement_is_refused() {
    let wanted: usize = std::env::var("PAYMATCH_MUTANTS").map_or(1_000, |text| text.parse().expect("a number"));
    let originals: Vec<String> = STATEMENTS
        .iter()
        .map(|name| std::fs::read_to_string(crate::program::root().join(name)).expect(name))
        .collect();
    for (name, original) in STATEMENTS.iter().zip(&originals) {
        let readings = inspected(original.as_bytes());
        assert!(!is_refused(&readings), "{name} is accepted as it is");
        let statements = readings.iter().flat_map(|reading| &reading.statements);
        assert!(
            statements.into_iter().all(|one| one.proof == Proof::Proved),
            "{name} is proved"
        );
    }
    let mut dice = Dice(7);
    let mut made = [0_usize; 4];
    while made.iter().sum::<usize>() < wanted {
        let text = &originals[dice.below(originals.len())];
        let whole = 0..text.len();
        let entries: Vec<Range<usize>> = between(text, &whole, "<Ntry>", "</Ntry>")
            .into_iter()
            .filter(|entry| text[entry.clone()].contains("BOOK"))
            .collect();
        let balances = between(text, &whole, "<Bal>", "</Bal>");
        let entry = entries[dice.below(entries.len())].clone();
        let up = dice.below(2) == 0;
        let kind = dice.below(4);
        let mutant = match kind {
            0 => {
                let place = first_amount(text, &entry).expect("an entry has an amount");
                replaced(text, &place, &nudged(&text[place.clone()], up))
            }
            1 => {
                let balance = &balances[dice.below(balances.len())];
                let place = first_amount(text, balance).expect("a balance has an amount");
                replaced(text, &place, &nudged(&text[place.clone()], up))
            }
            2 => replaced(text, &entry, ""),
            _ => replaced(text, &entry, &text[entry.clone()].repeat(2)),
        };
        let what = ["entry changed", "balance changed", "entry dropped", "entry doubled"][kind];
        let readings = inspected(mutant.as_bytes());
        assert!(
            is_refused(&readings),
            "{what} at byte {}: accepted\n{}",
            entry.start,
            &text[entry.clone()]
        );
        made[kind] += 1;
    }
    println!("mutants refused, by kind: {made:?}");
}

#[test]
fn a_changed_detail_is_never_a_split() {
    let mut changed = 0;
    for name in STATEMENTS {
        let text = std::fs::read_to_string(crate::program::root().join(name)).expect(name);
        let before = splits(&text);
        for (number, entry) in between(&text, &(0..text.len()), "<Ntry>", "</Ntry>").iter().enumerate() {
            if !matches!(before[number], Split::Details(_)) {
                continue;
            }
            for detail in between(&text, entry, "<TxDtls>", "</TxDtls>") {
                let place = first_amount(&text, &detail).expect("a detail of a split has an amount");
                for up in [true, false] {
                    let mutant = replaced(&text, &place, &nudged(&text[place.clone()], up));
                    let after = splits(&mutant);
                    assert!(
                        !matches!(after[number], Split::Details(_)),
                        "{name}: {} is still split",
                        &text[place.clone()]
                    );
                    changed += 1;
                }
            }
        }
    }
    assert!(changed > 0, "the fixtures have an entry that is split");
}

/// How each entry falls into payments.
fn splits(text: &str) -> Vec<Split> {
    let readings = inspected(text.as_bytes());
    let statements = readings.iter().flat_map(|reading| &reading.statements);
    statements
        .flat_map(|one| one.entries.iter().map(|entry| entry_split(entry, one.currency())))
        .collect()
}

fn replaced(text: &str, place: &Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..place.start], &text[place.end..])
}

const SWIFT: [&str; 7] = [
    "mt940_german.sta",
    "mt940_marks.sta",
    "mt940_code_words.sta",
    "mt940_envelope.sta",
    "mt940_pages.sta",
    "mt940_many_a_day.sta",
    "mt940_without_ends.sta",
];

/// Begins of the fields of a kind, by their tags.
fn fields(text: &str, tags: &[&str]) -> Vec<usize> {
    let begins = text.match_indices('\n').map(|(at, _)| at + 1);
    begins
        .filter(|at| tags.iter().any(|tag| text[*at..].starts_with(tag)))
        .collect()
}

/// The place of the digits and the comma in a field: behind the currency or the mark.
fn comma_amount(text: &str, field: usize) -> Range<usize> {
    let line = &text[field..field + text[field..].find('\n').expect("a line")];
    let comma = line.find(',').expect("an amount");
    let is_digit = |c: char| c.is_ascii_digit();
    let start = line[..comma].trim_end_matches(is_digit).len();
    let end = line.len() - line[comma + 1..].trim_start_matches(is_digit).len();
    field + start..field + end
}

/// An entry with its texts: up to the next one or the closing balance.
fn entry_range(text: &str, start: usize) -> Range<usize> {
    let ends = fields(text, &[":61:", ":62F:", ":62M:"]);
    start..ends.into_iter().find(|end| *end > start).expect("a closing balance")
}

#[test]
fn every_change_of_a_proved_mt940_is_refused() {
    let mut made = 0;
    for name in SWIFT {
        let path = crate::program::root().join("fixtures/statements").join(name);
        let bytes = std::fs::read(path).expect(name);
        let (text, _, _) = encoding_rs::WINDOWS_1252.decode(&bytes);
        let readings = inspected(text.as_bytes());
        assert!(!is_refused(&readings), "{name} is accepted as it is");
        let statements = readings.iter().flat_map(|reading| &reading.statements);
        assert!(
            statements.into_iter().all(|one| one.proof == Proof::Proved),
            "{name} is proved"
        );
        let entries = fields(&text, &[":61:"]);
        let balances = fields(&text, &[":60F:", ":60M:", ":62F:", ":62M:"]);
        let mut mutants = Vec::new();
        for field in entries.iter().chain(&balances) {
            let place = comma_amount(&text, *field);
            let (whole, fraction) = text[place.clone()].split_once(',').expect("a comma");
            let amount = format!("{whole}.{fraction:0<2}");
            for up in [true, false]
                .into_iter()
                .filter(|up| *up || amount.trim_start_matches('0') != ".00")
            {
                mutants.push(replaced(&text, &place, &nudged(&amount, up).replace('.', ",")));
            }
        }
        for field in entries {
            let entry = entry_range(&text, field);
            mutants.push(replaced(&text, &entry, ""));
            mutants.push(replaced(&text, &entry, &text[entry.clone()].repeat(2)));
        }
        for mutant in &mutants {
            assert!(is_refused(&inspected(mutant.as_bytes())), "{name}: accepted\n{mutant}");
        }
        made += mutants.len();
    }
    assert!(made > 100, "{made} mutants");
}
