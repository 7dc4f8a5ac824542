//! Real exports, where they are at hand: each is read with the figures that were worked out by hand, or refused with its header.

use super::read_statement;
use crate::english::full;
use paymatch::model::money::decimal_text;
use paymatch::model::statement::Proof;
use paymatch::model::{FindingCode, Side};
use paymatch::read::statement::FileReading;

/// What a file must give. Names of currencies were made unrecognisable with everything else: `invented` stands for francs.
struct Figures {
    file: String,
    invented: String,
    layout: String,
    verdict: String,
    entries: String,
    credit: String,
    debit: String,
}

fn figures() -> Vec<Figures> {
    let text = include_str!("../../../fixtures/csv/real_exports.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row of figures"));
    rows.map(|row| Figures {
        file: row[0].to_owned(),
        invented: row[1].to_owned(),
        layout: row[2].to_owned(),
        verdict: row[3].to_owned(),
        entries: row[4].to_owned(),
        credit: row[5].to_owned(),
        debit: row[6].to_owned(),
    })
    .collect()
}

/// Puts francs in the place of the invented currency.
fn with_francs(bytes: Vec<u8>, invented: &str) -> Vec<u8> {
    if invented.is_empty() {
        return bytes;
    }
    let mut text = String::from_utf8(bytes).expect("text");
    for (before, after) in [(";", ";"), (",", ","), ("\"", "\"")] {
        text = text.replace(&format!("{before}{invented}{after}"), &format!("{before}CHF{after}"));
    }
    text.into_bytes()
}

/// Returns layout, verdict, entries, money in, money out; the code of the refusal where there is one.
fn told(reading: &FileReading) -> [String; 5] {
    let refusals = reading
        .statements
        .iter()
        .filter_map(|statement| statement.refusal.as_ref());
    let refusal = reading.refusal.iter().chain(refusals).next();
    let is_proved = reading
        .statements
        .iter()
        .all(|statement| statement.proof == Proof::Proved);
    let verdict = match refusal {
        Some(refusal) => refusal.code.code(),
        None if is_proved => "proved",
        None => "unproved",
    };
    let entries = || reading.statements.iter().flat_map(|statement| &statement.entries);
    let sum = |side: Side| -> i64 {
        let of_side = entries().filter(|entry| entry.side == side);
        of_side.map(|entry| entry.amount.minor).sum()
    };
    let layout = reading
        .message
        .as_deref()
        .unwrap_or_default()
        .trim_start_matches("csv:");
    [
        layout.to_owned(),
        verdict.to_owned(),
        entries().count().to_string(),
        decimal_text(sum(Side::Credit), 2).to_string(),
        decimal_text(sum(Side::Debit), 2).to_string(),
    ]
}

#[test]
fn real_exports_are_read_with_the_figures_worked_out_by_hand_or_refused_with_their_header() {
    let Some(corpus) = std::env::var_os("PAYMATCH_CORPUS") else {
        println!("skipped: PAYMATCH_CORPUS is not set");
        return;
    };
    let folder = std::path::Path::new(&corpus).join("csv");
    let listed = std::fs::read_dir(&folder).expect("csv");
    let mut names: Vec<String> = listed
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with(".jsonl"))
        .collect();
    names.sort();
    let figures = figures();
    let (mut wrong, mut read) = (Vec::new(), 0);
    for name in &names {
        let bytes = std::fs::read(folder.join(name)).expect("bytes");
        let Some(wanted) = figures.iter().find(|figures| figures.file == *name) else {
            let refusal = read_statement(name, &bytes).refusal;
            let is_named = refusal
                .as_ref()
                .is_some_and(|refusal| refusal.code == FindingCode::HeaderUnknown && !refusal.args[0].is_empty());
            if !is_named {
                wrong.push(format!("{name}: {refusal:?}"));
            }
            continue;
        };
        let reading = read_statement(name, &with_francs(bytes, &wanted.invented));
        let expected = [
            wanted.layout.clone(),
            wanted.verdict.clone(),
            wanted.entries.clone(),
            wanted.credit.clone(),
            wanted.debit.clone(),
        ];
        let told = told(&reading);
        read += 1;
        if told != expected {
            let said: Vec<String> = reading.all_findings().into_iter().take(2).map(full).collect();
            wrong.push(format!("{name}: {told:?}, expected {expected:?}: {said:?}"));
        }
    }
    println!("{read} of {} files have a layout that is shipped", names.len());
    assert_eq!(read, figures.len(), "every file of the table is there");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
