//! Tables: bank layouts, open items, customers and history, from bytes to records and refusals.

use paymatch::model::{NaiveDate, Statement};
use paymatch::read::statement::FileReading;
use paymatch::read::statement::csv::{self, Profile};
use paymatch::words::finding::full;

fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 31).expect("a day")
}

fn read_statement(name: &str, bytes: &[u8]) -> FileReading {
    csv::read(name, bytes, &Profile::shipped(), as_of())
}

fn net(statement: &Statement) -> i64 {
    statement.entries.iter().map(|entry| entry.signed()).sum()
}

/// File, layout, and for each statement: account, currency, entries, sum in minor units, proof.
type Expected = (&'static str, &'static str, &'static [(&'static str, &'static str, usize, i64, &'static str)]);

/// Counted and added up by hand.
const FIXTURES: &[Expected] = &[
    ("generic.csv", "generic", &[("DE02120300000000202051", "EUR", 4, 2_225_50, "Proved")]),
    ("sparkasse.csv", "sparkasse", &[("DE02120300000000202051", "EUR", 4, 1_006_90, "Unproved")]),
    ("dkb.csv", "dkb", &[("DE02120300000000202051", "EUR", 2, 1_166_84, "Unproved")]),
    ("ubs.csv", "ubs", &[("CH9300762011623852957", "CHF", 3, 2_405_35, "Proved")]),
    ("ubs_debit_credit.csv", "ubs_debit_credit", &[("CH9300762011623852957", "CHF", 2, 650_00, "Proved")]),
    ("ubs_wealth.csv", "ubs_wealth", &[("CH9300762011623852957", "CHF", 2, 2_405_35, "Proved")]),
    ("icbc.csv", "icbc", &[("4000023019200000001", "CNY", 3, -1_000_00, "Proved")]),
    ("icbc_personal.csv", "icbc_personal", &[("6222****9876", "CNY", 2, 1_221_16, "Proved")]),
    ("deutsche_bank.csv", "deutsche_bank", &[("1001234567", "EUR", 3, -42_33, "Proved")]),
    ("commerzbank.csv", "commerzbank", &[("DE02120300000000202051", "EUR", 2, 107_12, "Unproved")]),
    ("vr_bank.csv", "vr_bank", &[("1008800049", "EUR", 2, 178_00, "Proved")]),
    ("vr_bank_online.csv", "vr_bank_online", &[("DE02120300000000202051", "EUR", 2, 19_00, "Proved")]),
    ("ing_de.csv", "ing_de", &[("DE02120300000000202051", "EUR", 2, 119_00, "Proved")]),
    ("n26.csv", "n26", &[("", "EUR", 2, 108_50, "Unproved")]),
    ("postfinance.csv", "postfinance", &[("CH9300762011623852957", "CHF", 4, 228_00, "Proved")]),
    ("zkb.csv", "zkb", &[("", "CHF", 2, 17_012_55, "Proved")]),
    ("raiffeisen_ch.csv", "raiffeisen_ch", &[("CH9300762011623852957", "CHF", 2, 497_50, "Proved")]),
    ("ing_nl.csv", "ing_nl", &[("NL91ABNA0417164300", "EUR", 2, 1_019_00, "Proved")]),
    ("kbc.csv", "kbc", &[("BE68539007547034", "EUR", 2, 100_00, "Proved")]),
    ("revolut_business.csv", "revolut_business", &[("EURMAIN", "EUR", 2, 109_00, "Proved")]),
    ("wise.csv", "wise", &[("", "USD", 2, 118_00, "Proved")]),
    ("ccb.csv", "ccb", &[("44050100200300499", "CNY", 3, 229_000_00, "Proved")]),
    ("boc.csv", "boc", &[("100200300499", "CNY", 2, 217_10, "Proved"), ("100200300499", "USD", 1, 1_250_00, "Proved")]),
    ("boc_utf16.csv", "boc", &[("100200300499", "CNY", 2, 217_10, "Proved"), ("100200300499", "USD", 1, 1_250_00, "Proved")]),
    ("boc_personal.csv", "boc_personal", &[("3167", "CNY", 2, 674_00, "Proved")]),
    ("abc.csv", "abc", &[("", "CNY", 2, 9_990_00, "Proved")]),
    ("cmb.csv", "cmb", &[("6226100110000099", "CNY", 2, 998_999_50, "Proved")]),
    ("cmb_personal.csv", "cmb_personal", &[("", "CNY", 2, 234_00, "Proved")]),
    ("bocom.csv", "bocom", &[("", "CNY", 2, 1_331_42, "Proved")]),
    ("alipay_merchant.csv", "alipay_merchant", &[("20880000000000000199", "CNY", 2, 2_260_36, "Proved")]),
];

fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_shipped_layout_reads_its_fixture() {
    let mut wrong = Vec::new();
    for (file, layout, statements) in FIXTURES {
        let reading = read_statement(file, &fixture(&format!("csv/{file}")));
        let found: Vec<_> = reading
            .statements
            .iter()
            .map(|statement| {
                let currency = statement.currency().map(|currency| currency.code().to_owned()).unwrap_or_default();
                let proof = format!("{:?}", statement.proof);
                (statement.account.number().unwrap_or_default(), currency, statement.entries.len(), net(statement), proof)
            })
            .collect();
        let expected: Vec<_> = statements
            .iter()
            .map(|(account, currency, count, sum, proof)| {
                ((*account).to_owned(), (*currency).to_owned(), *count, *sum, (*proof).to_owned())
            })
            .collect();
        if reading.message != Some(format!("csv:{layout}")) || found != expected || reading.is_refused() {
            let said = reading.refusal.iter().chain(reading.statements.iter().filter_map(|s| s.refusal.as_ref())).chain(&reading.findings);
            wrong.push(format!("{file}: {:?} {found:?}\n{:#?}", reading.message, said.map(full).collect::<Vec<_>>()));
        }
        let errors = reading.findings.iter().filter(|finding| finding.severity == paymatch::model::Severity::Error);
        assert_eq!(errors.count(), 0, "{file}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let shipped: std::collections::BTreeSet<String> = Profile::shipped().into_iter().map(|profile| profile.id).collect();
    let tried: std::collections::BTreeSet<String> = FIXTURES.iter().map(|(_, layout, _)| (*layout).to_owned()).collect();
    assert_eq!(shipped, tried, "every layout has a fixture");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/banks");
    assert_eq!(std::fs::read_dir(folder).expect("config/banks").count(), shipped.len(), "every layout is shipped and readable");
}

#[test]
fn corpus_layouts_are_read_or_refused_by_name() {
    let Some(corpus) = std::env::var_os("PAYMATCH_CORPUS") else {
        println!("skipped: PAYMATCH_CORPUS is not set");
        return;
    };
    let folder = std::path::Path::new(&corpus).join("csv");
    let mut names: Vec<_> = std::fs::read_dir(folder).expect("csv").map(|entry| entry.expect("entry").path()).collect();
    names.sort();
    for path in names {
        let name = path.file_name().expect("name").to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).expect("bytes");
        let reading = read_statement(&name, &bytes);
        let sums: Vec<String> = reading
            .statements
            .iter()
            .map(|s| format!("{} entries, net {}, {:?}{}", s.entries.len(), net(s), s.proof, if s.refusal.is_some() { " REFUSED" } else { "" }))
            .collect();
        println!("{name}: {:?} {sums:?} findings {}", reading.message, reading.findings.len());
        for finding in reading.refusal.iter().chain(reading.statements.iter().filter_map(|s| s.refusal.as_ref())).chain(reading.findings.iter().take(3)) {
            println!("    {}", full(finding).lines().next().unwrap_or("").chars().take(260).collect::<String>());
        }
    }
}
