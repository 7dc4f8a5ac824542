//! Tables: bank layouts, open items, customers and history, from bytes to records and refusals.

mod corpus;
mod expected;
mod layouts;
mod suggested;
mod workbooks;

use crate::english::full;
use expect_test::expect_file;
use expected::FIXTURES;
use paymatch::model::{Finding, NaiveDate, Statement};
use paymatch::read::statement::csv::{self, Profile};
use paymatch::read::statement::{FileReading, Options, proof};
use paymatch::read::{customers, history, open_items};
use proptest::prelude::*;

fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 31).expect("a day")
}

fn read_statement(name: &str, bytes: &[u8]) -> FileReading {
    csv::read(name, bytes, shipped(), as_of())
}

fn options() -> Options {
    Options {
        profiles: shipped().to_vec(),
        as_of: as_of(),
        inverted_reversal_accounts: std::collections::BTreeSet::new(),
    }
}

fn shipped() -> &'static [Profile] {
    static SHIPPED: std::sync::OnceLock<Vec<Profile>> = std::sync::OnceLock::new();
    SHIPPED.get_or_init(Profile::shipped)
}

fn net(statement: &Statement) -> i64 {
    statement.entries.iter().map(|entry| entry.signed()).sum()
}

fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_shipped_layout_reads_its_fixture() {
    let mut wrong = Vec::new();
    for (file, layout, statements) in FIXTURES {
        let mut readings = vec![read_statement(file, &fixture(&format!("csv/{file}")))];
        proof::prove(&mut readings, &options());
        let reading = &readings[0];
        let found: Vec<_> = reading
            .statements
            .iter()
            .map(|statement| {
                let currency = statement
                    .currency()
                    .map(|currency| currency.code().to_owned())
                    .unwrap_or_default();
                let proof = format!("{:?}", statement.proof);
                (
                    statement.account.number().unwrap_or_default().to_string(),
                    currency,
                    statement.entries.len(),
                    paymatch::model::money::decimal_text(net(statement), 2).to_string(),
                    proof,
                )
            })
            .collect();
        let expected: Vec<_> = statements
            .iter()
            .map(|(account, currency, count, sum, proof)| {
                (
                    (*account).to_owned(),
                    (*currency).to_owned(),
                    *count,
                    (*sum).to_owned(),
                    (*proof).to_owned(),
                )
            })
            .collect();
        if reading.message != Some(format!("csv:{layout}")) || found != expected || reading.is_refused() {
            let said = reading
                .refusal
                .iter()
                .chain(reading.statements.iter().filter_map(|s| s.refusal.as_ref()))
                .chain(&reading.findings);
            wrong.push(format!(
                "{file}: {:?} {found:?}\n{:#?}",
                reading.message,
                said.map(full).collect::<Vec<_>>()
            ));
        }
        let errors = reading
            .findings
            .iter()
            .filter(|finding| finding.severity == paymatch::model::Severity::Error);
        assert_eq!(errors.count(), 0, "{file}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let shipped: std::collections::BTreeSet<String> =
        Profile::shipped().into_iter().map(|profile| profile.id).collect();
    let tried: std::collections::BTreeSet<String> =
        FIXTURES.iter().map(|(_, layout, _)| (*layout).to_owned()).collect();
    assert_eq!(shipped, tried, "every layout has a fixture");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/banks");
    assert_eq!(
        std::fs::read_dir(folder).expect("config/banks").count(),
        shipped.len(),
        "every layout is shipped and readable"
    );
}

/// Reads a file by the kind that its name ends with, and returns everything that is said.
pub fn say(name: &str, bytes: &[u8]) -> Vec<Finding> {
    let kind = name.rsplit('.').nth(1).unwrap_or_default();
    let said = |answer: Result<Vec<Finding>, Vec<Finding>>| answer.unwrap_or_else(|refusals| refusals);
    match kind {
        "open_items" => said(open_items::read(name, bytes, as_of()).map(|rows| rows.findings)),
        "customers" => said(customers::read(name, bytes, as_of()).map(|rows| rows.findings)),
        "history" => said(history::read(name, bytes, as_of()).map(|rows| rows.findings)),
        _ => {
            let mut profiles = shipped().to_vec();
            if name.starts_with("HEADER-AMBIGUOUS") {
                profiles.extend(["house_bank", "other_bank"].map(own_twin_of_generic));
            }
            let reading = csv::read(name, bytes, &profiles, as_of());
            reading.all_findings().into_iter().cloned().collect()
        }
    }
}

fn own_twin_of_generic(id: &str) -> Profile {
    let text = std::fs::read_to_string("config/banks/generic.toml").expect("profile");
    let twin = text.replace("id = \"generic\"", &format!("id = \"{id}\""));
    Profile::from_toml(&format!("{id}.toml"), &twin).expect("twin")
}

#[test]
fn every_refusal_has_an_approved_text() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/errors/tables");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("fixtures/errors/tables")
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with(".txt"))
        .collect();
    names.sort();
    assert!(names.len() >= 24, "{names:?}");
    for name in names {
        let said = say(&name, &fixture(&format!("errors/tables/{name}")));
        let code = name.split('.').next().unwrap_or_default();
        assert!(
            said.iter().any(|finding| finding.code.code() == code),
            "{name}: {said:?}"
        );
        let text: Vec<String> = said.iter().map(full).collect();
        let approved = folder.join(format!("{}.txt", name.rsplit_once('.').expect("extension").0));
        expect_file![approved].assert_eq(&(text.join("\n") + "\n"));
    }
}

#[test]
fn open_items_are_read_in_three_languages() {
    let read = |name: &str| open_items::read(name, &fixture(&format!("open_items/{name}")), as_of());
    let rows = read("canonical.csv").expect("canonical");
    assert_eq!(rows.findings, vec![]);
    let sum: i64 = rows.rows.iter().map(|item| item.open_amount).sum();
    assert_eq!((rows.rows.len(), sum), (5, 111_900 - 5_000 + 400_000 - 30_000));
    let first = &rows.rows[0];
    assert_eq!(first.other_references, ["X-1", "RF18539007547034", "E2E-1", "M-1"]);
    let terms: Vec<String> = first
        .cash_discounts
        .iter()
        .map(|d| format!("{} until {}", d.percent, d.until))
        .collect();
    assert_eq!(terms, ["3.5 until 2026-02-06", "2 until 2026-02-11"]);
    assert!(rows.rows[1].is_disputed && rows.rows[3].is_closed());
    assert_eq!(rows.rows[3].original_amount, 120_000);
    let rows = read("german.csv").expect("german");
    let read_back: Vec<_> = rows
        .rows
        .iter()
        .map(|item| (item.id.as_str(), item.kind.code(), item.open_amount))
        .collect();
    assert_eq!(
        read_back,
        [
            ("RE-1001", "INV", 111_900),
            ("GS-1002", "CRN", -5_000),
            ("RE-1003", "INV", 123_400)
        ]
    );
    assert_eq!(rows.rows[0].customer_name, "Möbelhaus Grünau KG");
    let rows = read("chinese.csv").expect("chinese");
    let read_back: Vec<_> = rows
        .rows
        .iter()
        .map(|item| (item.document_number.as_str(), item.open_amount))
        .collect();
    assert_eq!(
        read_back,
        [("25442000000012345678", 1_234_567), ("25442000000012345679", 10_000)]
    );
    assert_eq!(rows.rows[0].due_date, NaiveDate::from_ymd_opt(2026, 3, 1));
}

/// Reads bytes as every kind of table; whatever they are, an answer comes back.
fn read_as_everything(bytes: &[u8]) {
    for name in [
        "a.statement.csv",
        "a.open_items.csv",
        "a.customers.csv",
        "a.history.csv",
    ] {
        for finding in say(name, bytes) {
            assert!(!full(&finding).is_empty());
        }
    }
}

#[test]
fn hostile_tables_are_refused_or_read_right() {
    let header = "item_id,customer_id,doc_no,currency,amount\n";
    let long = "x".repeat(1 << 20);
    for (case, body, expected) in [
        (
            "formula payloads are text",
            "=cmd|'/C calc'!A0,C1,@SUM(1),EUR,5.00\n".to_owned(),
            Ok(1),
        ),
        (
            "exponents are no amounts",
            "1,C1,R,EUR,1e5\n".to_owned(),
            Err("CELL-VALUE"),
        ),
        (
            "a formula is no amount",
            "1,C1,R,EUR,=5+5\n".to_owned(),
            Err("CELL-VALUE"),
        ),
        (
            "gigantic numbers",
            "1,C1,R,EUR,99999999999999999999999999999999\n".to_owned(),
            Err("CELL-VALUE"),
        ),
        (
            "more decimals than euros have",
            "1,C1,R,EUR,5.001\n2,C1,S,EUR,5.00\n".to_owned(),
            Err("CELL-VALUE"),
        ),
        ("ragged rows", "1,C1,R,EUR\n".to_owned(), Err("ROW-WIDTH")),
        ("too many cells", "1,C1,R,EUR,5.00,6.00\n".to_owned(), Err("ROW-WIDTH")),
        (
            "a quote that swallows",
            "1,C1,\"R,EUR,5.00\n2,C1,S,EUR,5.00\n".to_owned(),
            Err("QUOTE-UNTERMINATED"),
        ),
        (
            "a cell of one megabyte",
            format!("1,{long},R,EUR,5.00\n"),
            Err("ROW-TOO-LARGE"),
        ),
        ("NUL", "1,C1,R\0,EUR,5.00\n".to_owned(), Err("ENCODING-BROKEN")),
        ("no rows at all", String::new(), Ok(0)),
    ] {
        let text = format!("{header}{body}");
        let read = open_items::read("hostile.csv", text.as_bytes(), as_of());
        let answer = read
            .map(|rows| rows.rows.len())
            .map_err(|refusals| refusals[0].code.code());
        assert_eq!(answer, expected, "{case}");
    }
    let without_header = open_items::read("hostile.csv", b"1,C1,R,EUR,5.00\n", as_of());
    assert_eq!(without_header.expect_err("no header")[0].code.code(), "COLUMN-MISSING");
    let mut mixed = header.as_bytes().to_vec();
    mixed.extend("1,Müller,R,EUR,5.00\n".as_bytes());
    mixed.extend(b"2,M\xFCller,S,EUR,5.00\n");
    let rows = open_items::read("mixed.csv", &mixed, as_of()).expect("one encoding for the whole file");
    assert_eq!(rows.rows[1].customer_id, "Müller");
}

#[test]
fn a_changed_cent_or_a_lost_row_is_found() {
    for (file, from, to) in [
        ("generic.csv", "1238.00", "1238.01"),
        ("ubs.csv", "2500.70", "2500.71"),
        (
            "icbc.csv",
            "\"30,000.00\",302602000018,货款",
            "\"30,000.01\",302602000018,货款",
        ),
        ("boc.csv", "+267.10", "+267.11"),
        ("boc.csv", "[ Total number ],3", "[ Total number ],4"),
        ("alipay_merchant.csv", "共2274.00元", "共2274.01元"),
        ("alipay_merchant.csv", "收入合计：1笔", "收入合计：2笔"),
        ("alipay_merchant.csv", "共2274.00元", "共元"),
        ("deutsche_bank.csv", "957,67", "957,68"),
        ("vr_bank.csv", "\"186,93\"", "\"186,94\""),
        ("wechat_merchant.csv", "`4,`1190.10", "`5,`1190.10"),
        ("wechat_merchant.csv", "`4,`1190.10", "`4,`1190.11"),
        ("wechat_merchant.csv", "`6.54000,`1190.10", "`6.53000,`1190.10"),
        ("wechat_merchant.csv", "`-0.60000", "`0.60000"),
        ("wechat_merchant.csv", "`7.14000", "`7.14500"),
        ("wechat_merchant.csv", "`100.10,`0.00", "`,`0.00"),
        ("wechat_fundflow.csv", "`3.0,", "`3.5,"),
        ("wechat_fundflow.csv", "`106.54", "`106.55"),
        ("wechat_fundflow.csv", "`1282.86", "`1282.87"),
    ] {
        let bytes = fixture(&format!("csv/{file}"));
        let (text, _) = paymatch::read::encoding::decode_table(&bytes, None).expect(file);
        assert!(text.contains(from), "{file}: {from}");
        let reading = read_statement(file, text.replacen(from, to, 1).as_bytes());
        assert!(reading.is_refused(), "{file}: {from} -> {to}");
    }
}

#[test]
fn what_a_payer_writes_is_never_taken_for_a_balance() {
    let text = String::from_utf8(fixture("csv/ubs_debit_credit.csv")).expect("text");
    let text = text
        .replace("Solde initial:;5000.00;", "Solde initial:;;")
        .replace("Solde final:;5650.00;", "Solde final:;;");
    let reading = read_statement("a.csv", text.as_bytes());
    assert_eq!(
        reading.statements[0].entries.len(),
        2,
        "an empty label above the header takes no row"
    );
    for (file, from, to, entries) in [
        (
            "postfinance.csv",
            "GUTSCHRIFT VON ALPENBLICK SPORT AG INV-2026-0042",
            "Disclaimer: nothing follows",
            4,
        ),
        ("vr_bank.csv", "\"Gutschrift\nRE-1001\nRE-1002\"", "\"Endsaldo\"", 2),
        (
            "vr_bank.csv",
            "\"Gutschrift\nRE-1001\nRE-1002\"",
            "\"Anfangssaldo 1,00\"",
            2,
        ),
        ("icbc.csv", "货款,部分货款", "合计,总计", 3),
        ("deutsche_bank.csv", "RE-1001 irrtümlich", "Kontostand 1.000,00", 3),
        ("alipay_merchant.csv", "货款\t", "收入合计：9笔，共9.00元\t", 2),
    ] {
        let bytes = fixture(&format!("csv/{file}"));
        let (text, _) = paymatch::read::encoding::decode_table(&bytes, None).expect(file);
        assert!(text.contains(from), "{file}: {from}");
        let reading = read_statement(file, text.replacen(from, to, 1).as_bytes());
        assert!(!reading.is_refused(), "{file}: {to}");
        assert_eq!(reading.statements[0].entries.len(), entries, "{file}: {to}");
    }
}

/// Neither what stands above it nor a wrong day makes an entry vanish.
#[test]
fn no_row_with_money_is_taken_for_a_remark() {
    let text = String::from_utf8(fixture("csv/dkb.csv")).expect("text");
    let changed = text
        .replacen("\"30.03.26\"", "\"31.02.26\"", 1)
        .replace("Kd 12", "Kontoausgleich 12");
    assert_ne!(changed, text);
    let reading = read_statement("dkb.csv", changed.as_bytes());
    let said: Vec<&str> = reading
        .all_findings()
        .iter()
        .map(|finding| finding.code.code())
        .collect();
    assert!(said.contains(&"CELL-VALUE"), "{said:?}");
    let (text, _) = paymatch::read::encoding::decode_table(&fixture("csv/postfinance.csv"), None).expect("text");
    let header = text
        .lines()
        .position(|line| line.starts_with("Buchungsdatum"))
        .expect("header");
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(header + 2, "Disclaimer:");
    let reading = read_statement("postfinance.csv", (lines.join("\n") + "\n").as_bytes());
    assert_eq!(
        reading.statements[0].entries.len(),
        4,
        "rows below the end are entries, too"
    );
}

#[test]
fn identical_rows_are_all_kept_and_bad_rows_do_not_hide_the_rest() {
    let header = "bank_ref,booking_date,value_date,amount,currency,counterparty_name,purpose,account\n";
    let row = "B,2026-03-02,2026-03-02,119.00,EUR,Nordwind,RE-1,DE02120300000000202051\n";
    let reading = read_statement("a.csv", format!("{header}{row}{row}{row}{row}").as_bytes());
    assert_eq!(reading.statements[0].entries.len(), 4);
    let reading = read_statement(
        "a.csv",
        format!("{header}{row}{}{row}", row.replace("119.00", "1e5")).as_bytes(),
    );
    assert!(!reading.is_refused());
    assert_eq!((reading.statements[0].entries.len(), reading.findings.len()), (2, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn random_bytes_never_end_the_program(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_as_everything(&bytes);
    }

    #[test]
    fn mutated_tables_never_end_the_program(
        which in 0..FIXTURES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..8),
    ) {
        let mut bytes = fixture(&format!("csv/{}", FIXTURES[which].0));
        for (place, byte, kind) in changes {
            let at = place.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            if bytes.is_empty() {
                break;
            }
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, b'"'),
                2 => { bytes.remove(at); }
                _ => bytes.truncate(at),
            }
        }
        read_as_everything(&bytes);
    }
}

#[test]
fn odd_master_data_are_told() {
    use paymatch::read::customers;
    use paymatch::run::quality;
    let items = "item_id,customer_id,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount,creditor_ref,closed_on\n\
        1,C1,INV,1.23457E+11,2026-01-10,2026-02-10,EUR,10.00,10.00,,\n\
        2,C2,INV,RE-2,2026-02-10,2026-01-10,EUR,20.00,20.00,RF19539007547034,\n\
        3,C9,INV,RE-3,2026-01-10,2026-02-10,EUR,30.00,0.00,RF18539007547034,\n\
        4,C9,INV,RE-4,2026-01-10,2026-02-10,EUR,40.00,0.00,,2026-02-01\n";
    let customers_csv = "customer_id,name,tax_id,parent_id,accounts\n\
        C1,Nordwind GmbH,DE111,,\n\
        C2,Suedwind GmbH,DE111,,1234567890123450000\n\
        C3,Westwind GmbH,DE222,,\n\
        C4,Westwind Nord GmbH,DE222,C3,\n";
    let items = open_items::read("open_items.csv", items.as_bytes(), as_of()).expect("items");
    let customers = customers::read("customers.csv", customers_csv.as_bytes(), as_of()).expect("customers");
    let mut findings = quality::of_items(&items.rows);
    findings.extend(quality::of_customers(&customers.rows));
    findings.extend(quality::of_both(&items.rows, &customers.rows));
    let told: Vec<String> = findings.iter().map(full).collect();
    expect_test::expect![[r#"
        warning[NUMBER-MANGLED]: open_items.csv:2: `1.23457E+11` is what a spreadsheet leaves of a longer number
        help: export again without opening the file in a spreadsheet, or with the column as text
        warning[REFERENCE-CHECK-DIGITS]: open_items.csv:3: the check digits of the reference `RF19539007547034` of RE-2 are wrong: no payer can use it
        help: correct it in the ERP
        warning[ITEM-DUE-BEFORE-ISSUE]: open_items.csv:3: `RE-2` is due on 2026-01-10, before its issue on 2026-02-10
        help: correct the dates in the ERP
        warning[ITEM-NOTHING-OPEN]: open_items.csv:4: `RE-3` has nothing open and no `closed_on`: it counts as closed
        help: export the day on which it was closed, or leave it out
        warning[NUMBER-MANGLED]: customers.csv:3: `1234567890123450000` is what a spreadsheet leaves of a longer number
        help: export again without opening the file in a spreadsheet, or with the column as text
        warning[TAX-ID-TWICE]: customers.csv:3: the tax id `DE111` belongs to the customers C1, C2
        help: check it in the ERP; where they are one group, enter the parent
        warning[ITEM-CUSTOMER-UNKNOWN]: open_items.csv:4: the customer `C9` is not in the customer list
        help: export the customers again
    "#]].assert_eq(&(told.join("\n") + "\n"));
    let many: String = (0..50)
        .map(|at| format!("{at},C{at},INV,RE-{at},EUR,1.00,0.00\n"))
        .collect();
    let header = "item_id,customer_id,doc_type,doc_no,currency,amount,open_amount\n";
    let items = open_items::read("open_items.csv", format!("{header}{many}").as_bytes(), as_of()).expect("items");
    let findings = quality::of_items(&items.rows);
    assert_eq!(
        findings.len(),
        21,
        "a whole column is told in twenty findings and a count"
    );
    assert_eq!(findings[20].args, ["ITEM-NOTHING-OPEN", "30"]);
}
