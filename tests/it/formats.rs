//! Statement formats: own fixtures with approved texts, hostile mutations, and, where it is at hand, a corpus of real files.

use crate::english::inspect;
use paymatch::model::statement::Proof;
use paymatch::model::{NaiveDate, Side};
use paymatch::read::statement::{FileReading, Options, Split, csv, entry_split, proof, read};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn options() -> Options {
    Options {
        profiles: Vec::<csv::Profile>::new(),
        as_of: NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date"),
        inverted_reversal_accounts: BTreeSet::new(),
    }
}

pub fn inspected(name: &str, bytes: &[u8]) -> Vec<FileReading> {
    let mut readings = read(name, bytes, &options());
    proof::prove(&mut readings, &options());
    readings
}

fn corpus(folder: &str) -> Option<PathBuf> {
    match std::env::var_os("PAYMATCH_CORPUS") {
        Some(root) => Some(Path::new(&root).join(folder)),
        None => {
            println!("skipped: PAYMATCH_CORPUS is not set");
            None
        }
    }
}

fn expected(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("expected.jsonl")).expect("expected.jsonl");
    text.lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect()
}

/// Files of the corpus that are refused, in whole or in a statement, and the rule.
const REFUSED: [(&str, &str); 12] = [
    (
        "moov-io-iso20022__camt.053_P_CH2909000000250094239_1110092698_0_2020112503071366.xml",
        "BALANCE-BROKEN",
    ),
    ("newinnovations-camt053__error-camt053.xml", "BALANCE-BROKEN"),
    ("phoughton-pyiso20022__camt053_001_02.xml", "BALANCE-BROKEN"),
    ("psynetic-software-camt-parser__example.camt053.xml", "AMOUNT-FORMAT"),
    (
        "sebastienrousseau-bankstatementparser__camt053_garbled_amount.xml",
        "AMOUNT-FORMAT",
    ),
    ("sebastienrousseau-camt053__statement.xml", "XML-CONTENT"),
    ("sebastienrousseau-camt053__template.xml", "XML-CONTENT"),
    ("sebastienrousseau-camt053__template~2.xml", "XML-CONTENT"),
    ("svapnil-iso20022.js__camt053_v2_2.xml", "XML-SYNTAX"),
    ("svapnil-iso20022.js__camt053_v2_3.xml", "DATE-FORMAT"),
    ("svapnil-iso20022.js__camt_053_uk_v2_1.xml", "BALANCE-BROKEN"),
    ("xkikeg-okane__iso_camt.xml", "BALANCE-BROKEN"),
];

/// Keys that are compared, by the place they stand in.
const STATEMENT: [&str; 10] = [
    "kind",
    "id",
    "elctrnc_seq",
    "lgl_seq",
    "copy_dup",
    "acct",
    "owner",
    "servicer",
    "balances",
    "entries",
];
const BALANCE: [&str; 6] = ["type", "subtype", "amount", "currency", "cdtdbt", "date"];
const ENTRY: [&str; 15] = [
    "entry_ref",
    "acct_svcr_ref",
    "amount",
    "currency",
    "cdtdbt",
    "reversal",
    "status",
    "booking_date",
    "value_date",
    "bank_tx_code",
    "additional_info",
    "charges",
    "amt_dtls",
    "batch",
    "tx",
];
const TRANSACTION: [&str; 17] = [
    "amount",
    "amount_source",
    "currency",
    "cdtdbt",
    "refs",
    "amt_dtls",
    "parties",
    "structured_refs",
    "referred_docs",
    "referred_amts",
    "additional_remittance",
    "unstructured",
    "additional_info",
    "charges",
    "bank_tx_code",
    "purpose",
    "return",
];

/// Compares what was read with what an independent reader found; returns the differences.
fn differences(place: &str, read: &Value, expected: &Value, found: &mut Vec<String>) {
    let keys: &[&str] = match place.rsplit('/').next().unwrap_or_default() {
        name if name.starts_with("statements[") => &STATEMENT,
        name if name.starts_with("balances[") => &BALANCE,
        name if name.starts_with("entries[") => &ENTRY,
        name if name.starts_with("tx[") => &TRANSACTION,
        _ => &[],
    };
    match (read, expected) {
        (Value::Array(read), Value::Array(expected)) => {
            if read.len() != expected.len() {
                found.push(format!("{place}: {} of {}", read.len(), expected.len()));
            }
            for (at, (read, expected)) in read.iter().zip(expected).enumerate() {
                differences(&format!("{place}[{at}]"), read, expected, found);
            }
        }
        (Value::Object(read), Value::Object(expected)) => {
            let names: BTreeSet<&str> = if keys.is_empty() {
                read.keys().chain(expected.keys()).map(String::as_str).collect()
            } else {
                keys.iter().copied().collect()
            };
            for name in names.into_iter().filter(|name| *name != "raw") {
                let nothing = Value::Null;
                let read = read.get(name).unwrap_or(&nothing);
                let expected = expected.get(name).unwrap_or(&nothing);
                differences(&format!("{place}/{name}"), read, expected, found);
            }
        }
        _ if is_same(read, expected) => {}
        _ => found.push(format!("{place}: read {read}, expected {expected}")),
    }
}

fn is_same(read: &Value, expected: &Value) -> bool {
    match (read.as_str(), expected.as_str()) {
        (Some(read), Some(expected)) => {
            let number = |text: &str| text.parse::<rust_decimal::Decimal>().ok();
            let joined = |text: &str| text.trim_end_matches('/').replace(' ', "");
            joined(read) == joined(expected) || (number(read).is_some() && number(read) == number(expected))
        }
        _ => read == expected,
    }
}

#[test]
fn real_files_are_read_as_an_independent_reader_reads_them() {
    let Some(folder) = corpus("camt") else { return };
    let rows = expected(&folder);
    let mut complaints = Vec::new();
    let mut equal = 0;
    for row in &rows {
        let name = row["file"].as_str().expect("file");
        let bytes = std::fs::read(folder.join(name)).expect(name);
        let readings = inspected(name, &bytes);
        let value: Value = serde_json::from_str(&inspect::json(&readings[0])).expect("own JSON");
        let errors: Vec<&str> = value["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .filter(|finding| finding["severity"] == "error")
            .filter_map(|finding| finding["code"].as_str())
            .collect();
        let rule = REFUSED.iter().find(|(file, _)| *file == name).map(|(_, rule)| *rule);
        if errors.first().copied() != rule {
            complaints.push(format!(
                "{name}: errors {errors:?}, expected {rule:?}: {}",
                value["findings"]
            ));
        }
        let mut found = Vec::new();
        differences("statements", &value["statements"], &row["statements"], &mut found);
        let is_whole = readings[0].refusal.is_none();
        if is_whole && !found.is_empty() {
            complaints.push(format!("{name}: {}", found[..found.len().min(8)].join("\n    ")));
        }
        equal += usize::from(found.is_empty());
    }
    println!("{equal} of {} files equal", rows.len());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Files of the hostile set that may be refused or read with a warning, and what happens here.
#[test]
fn hostile_files_are_read_or_refused_as_the_set_says() {
    let Some(folder) = corpus("hostile") else { return };
    let mut complaints = Vec::new();
    for row in expected(&folder) {
        let name = row["file"].as_str().expect("file");
        let readings = inspected(name, &std::fs::read(folder.join(name)).expect(name));
        let values: Vec<Value> = readings
            .iter()
            .map(|reading| serde_json::from_str(&inspect::json(reading)).expect("own JSON"))
            .collect();
        let is_refused = readings.iter().all(FileReading::is_refused);
        let findings: Vec<&Value> = values
            .iter()
            .flat_map(|value| value["findings"].as_array().expect("list"))
            .collect();
        let has_error = findings
            .iter()
            .any(|finding| finding["severity"] == "error" && finding["place"] != "");
        let is_loud = findings.iter().any(|finding| finding["severity"] != "note");
        let is_right = match row["expect"].as_str().expect("expect") {
            "ok" => !readings.iter().any(FileReading::is_refused) && !has_error && has_sums(&values, &row),
            "reject" => is_refused && has_error,
            "warn" => is_refused || is_loud,
            other => panic!("{other}"),
        };
        if !is_right {
            complaints.push(format!("{row}: refused {is_refused}, findings {findings:?}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn has_sums(values: &[Value], row: &Value) -> bool {
    let number = |value: &Value| {
        value
            .as_str()
            .and_then(|text| text.parse::<rust_decimal::Decimal>().ok())
    };
    let statements = values
        .iter()
        .flat_map(|value| value["statements"].as_array().expect("list"));
    let entries: Vec<&Value> = statements
        .flat_map(|statement| statement["entries"].as_array().expect("list"))
        .collect();
    let sum = |side: &str| -> rust_decimal::Decimal {
        let mine = entries.iter().filter(|entry| entry["cdtdbt"] == side);
        mine.filter_map(|entry| number(&entry["amount"])).sum()
    };
    row["entries"] == entries.len()
        && number(&row["credit"]) == Some(sum("CRDT"))
        && number(&row["debit"]) == Some(sum("DBIT"))
}

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&root)
        .expect("fixtures")
        .map(|file| file.expect("a file").path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|ending| ending != "txt"))
        .collect();
    files.sort();
    files
}

fn short_name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

fn approved(path: &Path, text: &str) {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".txt");
    expect_test::expect_file![beside].assert_eq(text);
}

#[test]
fn every_trait_reads_as_approved() {
    for path in fixtures("statements") {
        let name = short_name(&path);
        let readings = inspected(&name, &std::fs::read(&path).expect("a fixture"));
        let texts: Vec<String> = readings.iter().map(inspect::text).collect();
        approved(&path, &texts.join("\n"));
        for reading in &readings {
            assert!(reading.refusal.is_none(), "{name}: {:?}", reading.refusal);
            let value: Value = serde_json::from_str(&inspect::json(reading)).expect("own JSON");
            assert_eq!(value["file"], reading.file);
        }
    }
}

/// The name of a file in `fixtures/errors` begins with the code that it is refused with.
#[test]
fn every_refusal_has_an_approved_message() {
    for path in fixtures("errors/statements") {
        let name = short_name(&path);
        let code = name.split('.').next().expect("a code").to_uppercase();
        let readings = inspected(&name, &std::fs::read(&path).expect("a fixture"));
        let said: Vec<&paymatch::model::Finding> = readings
            .iter()
            .flat_map(|reading| {
                reading
                    .refusal
                    .iter()
                    .chain(reading.statements.iter().filter_map(|s| s.refusal.as_ref()))
            })
            .collect();
        let first = said.first().unwrap_or_else(|| panic!("{name} is not refused"));
        assert_eq!(first.code.code(), code, "{name}");
        let texts: Vec<String> = said.iter().map(|finding| crate::english::full(finding)).collect();
        approved(&path, &format!("{}\n", texts.join("\n")));
    }
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_refused() {
    for name in [
        "v08.xml",
        "prefixed.xml",
        "utf16le.xml",
        "structured_remittance.xml",
        "gzip.xml.gz",
        "archive.zip",
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures/statements")
            .join(name);
        let whole = std::fs::read(&path).expect(name);
        let is_blank = |b: &u8| matches!(b, b'\n' | 0);
        let end = whole.len()
            - whole
                .iter()
                .rev()
                .take_while(|b| name.ends_with("xml") && is_blank(b))
                .count();
        for length in 0..end {
            let readings = inspected(name, &whole[..length]);
            let posts = readings
                .iter()
                .filter(|reading| !reading.is_refused() && !reading.statements.is_empty());
            assert_eq!(posts.count(), 0, "{name} cut after {length} of {end} bytes");
        }
    }
}

/// ASCII has no umlauts: a label that says so is told, and the text is read as what it is.
#[test]
fn a_label_of_ascii_spoils_no_names() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/statements/v08.xml");
    let whole = std::fs::read_to_string(path)
        .expect("a fixture")
        .replace("GmbH", "Söhne GmbH");
    assert!(whole.contains("encoding=\"UTF-8\"") && whole.contains("Söhne"));
    let readings = inspected("a.xml", whole.replace("\"UTF-8\"", "\"US-ASCII\"").as_bytes());
    assert!(
        readings[0]
            .findings
            .iter()
            .any(|finding| finding.code.code() == "ENCODING-MISLABELLED")
    );
    assert!(inspect::json(&readings[0]).contains("Söhne"));
}

#[test]
fn both_pages_prove_each_other_whatever_their_order() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/statements");
    for order in [
        ["page_1_of_2.xml", "page_2_of_2.xml"],
        ["page_2_of_2.xml", "page_1_of_2.xml"],
    ] {
        let mut readings: Vec<FileReading> = order
            .iter()
            .flat_map(|name| read(name, &std::fs::read(root.join(name)).expect(name), &options()))
            .collect();
        proof::prove(&mut readings, &options());
        for reading in &readings {
            assert_eq!(reading.statements[0].proof, Proof::Proved, "{}", reading.file);
            assert_eq!(reading.statements[0].refusal, None);
        }
    }
}

#[test]
fn reversals_are_turned_only_where_the_settings_say_so_and_the_balance_agrees() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let inverted = Options {
        inverted_reversal_accounts: BTreeSet::from(["DE89370400440532013000".to_owned()]),
        ..options()
    };
    for (name, refused, sides) in [
        (
            "errors/statements/balance-reversal-inverted.xml",
            false,
            vec![Side::Credit],
        ),
        ("statements/reversal.xml", false, vec![Side::Credit, Side::Debit]),
        ("errors/statements/balance-broken.xml", true, vec![Side::Credit]),
    ] {
        let mut readings = read(name, &std::fs::read(root.join(name)).expect(name), &inverted);
        proof::prove(&mut readings, &inverted);
        assert_eq!(readings[0].is_refused(), refused, "{name}");
        let read: Vec<Side> = readings[0].statements[0]
            .entries
            .iter()
            .map(|entry| entry.side)
            .collect();
        assert_eq!(read, sides, "{name}");
    }
}

#[test]
fn entries_fall_into_payments_as_their_details_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/statements");
    for (name, expected) in [
        ("v08.xml", Split::Whole),
        ("no_details.xml", Split::Whole),
        ("charges_flat.xml", Split::Whole),
        ("charges_in_records.xml", Split::Whole),
        ("foreign_currency.xml", Split::Whole),
        ("details.xml", Split::Details(vec![11_900, 18_100])),
        ("details_with_a_return.xml", Split::Details(vec![11_900, -1_900])),
        ("details_less_charges.xml", Split::Details(vec![11_900, 17_600])),
        (
            "details_do_not_add_up.xml",
            Split::WholeBroken {
                details_sum: 30_000,
                charges: 0,
            },
        ),
        ("details_without_amounts.xml", Split::WholeWithoutAmounts(2)),
        ("foreign_details.xml", Split::WholeWithoutAmounts(2)),
        ("batch_without_details.xml", Split::Batch(Some(3))),
    ] {
        let readings = inspected(name, &std::fs::read(root.join(name)).expect(name));
        let statement = &readings[0].statements[0];
        assert_eq!(
            entry_split(&statement.entries[0], statement.currency()),
            expected,
            "{name}"
        );
    }
}

/// One minor unit more or less, an entry dropped or doubled: the balance tells.
#[test]
fn a_changed_figure_never_stays_proved() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/statements/details.xml");
    let whole = std::fs::read_to_string(path).expect("a fixture");
    let entry = &whole[whole.find("      <Ntry>").expect("Ntry")..whole.find("    </Stmt>").expect("end")];
    let changed = [
        whole.replacen(">300.00<", ">300.01<", 1),
        whole.replacen(">300.00<", ">299.99<", 1),
        whole.replace(entry, ""),
        whole.replace(entry, &entry.repeat(2)),
        whole.replacen(">1000.00<", ">1000.01<", 1),
        whole.replacen("CRDT", "DBIT", 1),
    ];
    for (number, text) in changed.iter().enumerate() {
        assert_ne!(*text, whole, "change {number} changes nothing");
        let readings = inspected("changed.xml", text.as_bytes());
        assert!(readings[0].is_refused(), "change {number}");
    }
}

#[test]
fn one_event_may_not_grow_without_bound() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/statements/v08.xml");
    let whole = std::fs::read_to_string(path).expect("a fixture");
    let long = "x".repeat(1_100_000);
    for grown in [
        whole.replace("Rechnung", &long),
        whole.replace("Rechnung", &format!("<![CDATA[{long}]]>")),
        whole.replace("Rechnung", &format!("<!--{long}-->")),
        whole.replace("Rechnung", &"&amp;".repeat(1_100_000)),
        whole.replace("<Ntry>", &format!("<Ntry a=\"{long}\">")),
    ] {
        let readings = inspected("long.xml", grown.as_bytes());
        let refusal = readings[0].refusal.as_ref().expect("refused");
        assert_eq!(refusal.code.code(), "XML-EVENT-SIZE");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    /// Whatever bytes are flipped, inserted or left out: an answer, never a panic.
    #[test]
    fn damaged_files_never_panic(
        which in 0_usize..1000,
        flips in proptest::collection::vec((proptest::prelude::any::<u16>(), proptest::prelude::any::<u8>(), 0_u8..3), 1..6),
    ) {
        let files = fixtures("statements");
        let path = &files[which % files.len()];
        let mut bytes = std::fs::read(path).expect("a fixture");
        for (at, byte, kind) in flips {
            let at = usize::from(at) % bytes.len();
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        for reading in inspected(&short_name(path), &bytes) {
            let value: Value = serde_json::from_str(&inspect::json(&reading)).expect("own JSON");
            proptest::prop_assert_eq!(value["file"].as_str(), Some(reading.file.as_str()));
            inspect::text(&reading);
        }
    }
}

/// Tags that are plainly written take a shorter way through the reader; a blank before their `>` sends them the long way.
/// Both files have the same lengths, so that every place is the same as well, also of what one wrong byte makes of them.
#[test]
fn the_short_way_through_the_reader_says_the_same_as_the_long_one() {
    const WRONG: &[u8] = b"<>/&;]\r\n \"=aZ0!?-";
    let mut compared = 0;
    for path in fixtures("statements").into_iter().chain(fixtures("errors/statements")) {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        if !text.starts_with('<') || text.contains("<![CDATA[") || text.contains("<!--") {
            continue;
        }
        let name = short_name(&path);
        let told = |bytes: &[u8]| {
            inspected(&name, bytes)
                .iter()
                .map(inspect::json)
                .collect::<Vec<String>>()
        };
        let (short, long) = (with_tags(&text, "> ").into_bytes(), with_tags(&text, " >").into_bytes());
        assert_eq!(told(&short), told(&long), "{name}");
        compared += 1;
        for (turn, wrong) in WRONG.iter().enumerate() {
            let at = short.len() / (WRONG.len() + 1) * (turn + 1) + compared % 7;
            if short[at..at + 2] != long[at..at + 2] || !short[at].is_ascii() {
                continue;
            }
            let spoilt = |bytes: &[u8]| {
                let mut bytes = bytes.to_vec();
                bytes[at] = *wrong;
                told(&bytes)
            };
            let shown = String::from_utf8_lossy(&short[at.saturating_sub(40)..(at + 40).min(short.len())]);
            assert_eq!(
                spoilt(&short),
                spoilt(&long),
                "{name}, byte {at} is {:?}: {shown}",
                char::from(*wrong)
            );
        }
    }
    assert!(compared > 40, "{compared} files are compared");
}

/// Returns the text with every tag of an element closed by `end`.
fn with_tags(text: &str, end: &str) -> String {
    let mut pieces = text.split('<');
    let mut written = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        written.push('<');
        match piece.split_once('>') {
            Some((tag, rest)) if !tag.starts_with(['?', '!']) && !tag.ends_with('/') => {
                written.extend([tag, end, rest])
            }
            _ => written.push_str(piece),
        }
    }
    written
}
