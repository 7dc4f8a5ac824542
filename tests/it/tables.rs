//! Tables: bank layouts, open items, customers and history, from bytes to records and refusals.

mod expected;
mod suggested;

use expect_test::expect_file;
use expected::{CORPUS, FIXTURES};
use paymatch::model::statement::Proof;
use paymatch::model::{Finding, NaiveDate, Statement};
use paymatch::read::statement::FileReading;
use paymatch::read::statement::csv::{self, Profile};
use paymatch::read::{customers, history, open_items};
use paymatch::words::finding::full;
use proptest::prelude::*;

fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 31).expect("a day")
}

fn read_statement(name: &str, bytes: &[u8]) -> FileReading {
    csv::read(name, bytes, shipped(), as_of())
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
        let reading = read_statement(file, &fixture(&format!("csv/{file}")));
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
                    statement.account.number().unwrap_or_default(),
                    currency,
                    statement.entries.len(),
                    paymatch::model::money::decimal_text(net(statement), 2),
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
fn say(name: &str, bytes: &[u8]) -> Vec<Finding> {
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
fn an_own_layout_wins_over_a_shipped_one_that_knows_more_columns() {
    let own = "id = \"own\"\nbanks = []\ndecimal_mark = \".\"\ndates = [\"YYYY-MM-DD\"]\n\
        required = [\"booking_date\", \"amount\"]\ncurrency = \"EUR\"\n[columns]\nbooking_date = [\"value_date\"]\namount = [\"amount\"]\n";
    let mut profiles = vec![Profile::from_toml("own.toml", own).expect("profile")];
    profiles.extend(shipped().to_vec());
    let reading = csv::read("generic.csv", &fixture("csv/generic.csv"), &profiles, as_of());
    assert_eq!(reading.message.as_deref(), Some("csv:own"));
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

#[test]
fn workbooks_are_read_like_text() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
    for (column, name) in [
        "Kundennr",
        "Rechnungsnummer",
        "Fälligkeit",
        "Währung",
        "Betrag",
        "Offener Betrag",
    ]
    .iter()
    .enumerate()
    {
        sheet.write(2, column as u16, *name).expect("header");
    }
    sheet.write(0, 0, "Offene Posten").expect("title");
    for (row, number, amount) in [(3, "RE-1", 1_119.3), (4, "RE-2", 1.234e3)] {
        sheet.write(row, 0, "C1").expect("customer");
        sheet.write(row, 1, number).expect("number");
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 3, 1).expect("date");
        sheet.write_with_format(row, 2, &date, &day).expect("date");
        sheet.write(row, 3, "EUR").expect("currency");
        sheet.write(row, 4, amount).expect("amount");
        sheet.write(row, 5, amount).expect("amount");
    }
    let bytes = workbook.save_to_buffer().expect("workbook");
    let rows = open_items::read("items.xlsx", &bytes, as_of()).expect("items");
    let read: Vec<_> = rows
        .rows
        .iter()
        .map(|item| (item.open_amount, item.due_date, item.source.to_string()))
        .collect();
    let due = NaiveDate::from_ymd_opt(2026, 3, 1);
    assert_eq!(
        read,
        [
            (111_930, due, "items.xlsx:4".to_owned()),
            (123_400, due, "items.xlsx:5".to_owned())
        ]
    );

    // Sizes that a workbook declares are never believed.
    for (member, from, to) in [
        ("xl/worksheets/sheet1.xml", "ref=\"A1:F5\"", "ref=\"B9:A1\""),
        ("xl/worksheets/sheet1.xml", "ref=\"A1:F5\"", "ref=\"A1:XFD1048576\""),
        ("xl/worksheets/sheet1.xml", "r=\"A4\"", "r=\"XFD4\""),
        ("xl/worksheets/sheet1.xml", "r=\"A4\"", "r=\"A4294967295\""),
        ("xl/sharedStrings.xml", "uniqueCount=\"", "uniqueCount=\"99999999999"),
    ] {
        let hostile = rewritten(&bytes, member, from, to);
        match open_items::read("items.xlsx", &hostile, as_of()) {
            Ok(rows) => assert_eq!(rows.rows.len(), 2, "{to}"),
            Err(refusals) => assert!(!refusals.is_empty(), "{to}"),
        }
    }
}

/// Returns the workbook with one text of one member replaced.
fn rewritten(bytes: &[u8], member: &str, from: &str, to: &str) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut source = zip::ZipArchive::new(Cursor::new(bytes)).expect("archive");
    let mut target = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for position in 0..source.len() {
        let mut entry = source.by_index(position).expect("member");
        let name = entry.name().expect("name").into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("content");
        if name == member {
            let text = String::from_utf8(content).expect("text");
            assert!(text.contains(from), "{member}: {from}");
            content = text.replacen(from, to, 1).into_bytes();
        }
        target
            .start_file(name, zip::write::SimpleFileOptions::default())
            .expect("start");
        target.write_all(&content).expect("write");
    }
    target.finish().expect("finish").into_inner()
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

/// Headers as they stand in public exports and in the tests of other readers: each is read by its bank's layout.
#[test]
fn every_public_variant_of_a_header_is_known() {
    for (layout, header) in [
        (
            "ing_de",
            "Buchung;Valuta;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;Währung",
        ),
        (
            "ing_de",
            "Buchung;Valuta;Auftraggeber/Empfänger;Buchungstext;Kategorie;Verwendungszweck;Saldo;Währung;Betrag;Währung",
        ),
        (
            "ing_de",
            "Buchung;Wertstellungsdatum;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Betrag;Währung",
        ),
        (
            "ing_de",
            "Buchung;Valuta;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Betrag;Gläubiger-ID;Mandatsreferenz;Kundenreferenz",
        ),
        (
            "ing_nl",
            "\"Datum\";\"Naam / Omschrijving\";\"Rekening\";\"Tegenrekening\";\"Code\";\"Af Bij\";\"Bedrag (EUR)\";\"MutatieSoort\";\"Mededelingen\"",
        ),
        (
            "ing_nl",
            "Datum,Naam / Omschrijving,Rekening,Tegenrekening,Code,Af Bij,Bedrag (EUR),Transactietype,Mededelingen,Saldo na mutatie,Tag",
        ),
        (
            "ing_nl",
            "Date,Name / Description,Account,Counterparty,Code,Debit/credit,Amount (EUR),Transaction type,Notifications,Resulting balance,Tag",
        ),
        (
            "kbc",
            "Rekeningnummer;Rubrieknaam;Naam;Munt;Afschriftnummer;Datum;Omschrijving;Valuta;Bedrag;Saldo;",
        ),
        (
            "kbc",
            "Rekeningnummer;Rubrieknaam;Naam;Munt;Afschriftnummer;Datum;Omschrijving;Valuta;Bedrag;Saldo;Credit;Debet;Rekening tegenpartij;BIC code tegenpartij;Naam tegenpartij;Adres tegenpartij;gestructureerde mededeling;vrije mededeling",
        ),
        (
            "kbc",
            "Account number;Heading;Name;Currency;Statement number;Date;Description;Value date;Amount;Balance;credit;debit;counterparty's account number;Counterparty BIC;Counterparty name;Counterparty address;standard-format reference;Free-format reference",
        ),
        (
            "n26",
            "Booking Date,Value Date,Partner Name,Partner Iban,Type,Payment Reference,Account Name,Amount (EUR),Original Amount,Original Currency,Exchange Rate",
        ),
        (
            "n26",
            "Date,Payee,Account number,Transaction type,Payment reference,Category,Amount (EUR),Amount (Foreign Currency),Type Foreign Currency,Exchange Rate",
        ),
        (
            "n26",
            "Datum,Empfänger,Kontonummer,Transaktionstyp,Verwendungszweck,Kategorie,Betrag (EUR),Betrag (Fremdwährung),Fremdwährung,Wechselkurs",
        ),
        (
            "n26",
            "Datum,Empfänger,Kontonummer,Transaktionstyp,Verwendungszweck,Betrag (EUR),Betrag (Fremdwährung),Fremdwährung,Wechselkurs,Kontoname",
        ),
        (
            "revolut_business",
            "Date started (UTC),Date completed (UTC),ID,Type,State,Description,Reference,Payer,Card number,Card label,Card state,Orig currency,Orig amount,Payment currency,Amount,Total amount,Exchange rate,Fee,Fee currency,Balance,Account",
        ),
        (
            "revolut_business",
            "Date started (UTC),Date completed (UTC),Date started (Europe/Madrid),Date completed (Europe/Madrid),ID,Type,State,Description,Reference,Payer,Card number,Card label,Card state,Orig currency,Orig amount,Payment currency,Amount,Total amount,Exchange rate,Fee,Fee currency,Balance,Account,International account number,Beneficiary account number,Beneficiary sort code or routing number,Beneficiary IBAN,Beneficiary BIC,Beneficiary name,MCC,Related transaction id,Spend program,Sender account,Sender name,Card references",
        ),
        (
            "wise",
            "TransferWise ID,Date,Amount,Currency,Description,Payment Reference,Running Balance",
        ),
        (
            "wise",
            "TransferWise ID,Date,Date Time,Amount,Currency,Description,Payment Reference,Running Balance,Exchange From,Exchange To,Exchange Rate,Payer Name,Payee Name,Payee Account Number,Merchant,Card Last Four Digits,Card Holder Full Name,Attachment,Note,Total fees,Exchange To Amount,Transaction Type,Transaction Details Type",
        ),
        (
            "vr_bank_online",
            "Bezeichnung Auftragskonto;IBAN Auftragskonto;BIC Auftragskonto;Bankname Auftragskonto;Buchungstag;Valutadatum;Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;BIC (SWIFT-Code) Zahlungsbeteiligter;Buchungstext;Verwendungszweck;Betrag;Waehrung;Saldo nach Buchung;Bemerkung;Gekennzeichneter Umsatz;Glaeubiger ID;Mandatsreferenz",
        ),
        (
            "vr_bank_online",
            "Bezeichnung Auftragskonto;IBAN Auftragskonto;Buchungstag;Valutadatum;Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;Verwendungszweck;Betrag;Waehrung",
        ),
        (
            "wechat_merchant",
            "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,总金额,代金券或立减优惠金额,微信退款单号,商户退款单号,退款金额,代金券或立减优惠退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率\n总交易单数,总交易额,总退款金额,总代金券或立减优惠退款金额,手续费总金额\n`0,`0.00,`0.0,`0.0,`0",
        ),
        (
            "wechat_merchant",
            "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注\n总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\n`0,`0.00,`0.0,`0.0,`0,`0,`0",
        ),
        (
            "wechat_fundflow",
            "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,资金变更提交申请人,备注,业务凭证号\n资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n`0,`0,`0,`0,`0",
        ),
    ] {
        let reading = read_statement("a.csv", header.as_bytes());
        assert_eq!(
            reading.message.as_deref(),
            Some(format!("csv:{layout}").as_str()),
            "{header}"
        );
        assert_eq!(reading.refusal, None, "{header}");
    }
}

#[test]
fn lost_characters_are_told_and_hide_no_column() {
    let (text, _) = paymatch::read::encoding::decode_table(&fixture("csv/deutsche_bank.csv"), None).expect("text");
    let lost: String = text
        .chars()
        .map(|c| if c.is_ascii() { c } else { '\u{fffd}' })
        .collect();
    assert_ne!(lost, text);
    let reading = read_statement("deutsche_bank.csv", lost.as_bytes());
    assert!(!reading.is_refused());
    assert_eq!(reading.statements[0].entries.len(), 3);
    assert!(
        reading
            .findings
            .iter()
            .any(|finding| finding.code.code() == "CHARACTERS-LOST")
    );
}

#[test]
fn a_file_without_one_readable_row_is_refused() {
    let header = "bank_ref,booking_date,value_date,amount,currency,counterparty_name,purpose,account\n";
    let rows =
        "B,2026-03-02,2026-03-02,119.00,XXQ,Nordwind,RE-1,1\nB,2026-03-02,2026-03-02,119.00,XXQ,Nordwind,RE-1,1\n";
    let reading = read_statement("a.csv", format!("{header}{rows}").as_bytes());
    assert_eq!(reading.refusal.map(|refusal| refusal.code.code()), Some("CELL-VALUE"));
    assert_eq!(reading.findings.len(), 2);
}

#[test]
fn lines_may_end_with_a_bare_cr() {
    let text = String::from_utf8(fixture("csv/kbc.csv"))
        .expect("text")
        .replace('\n', "\r");
    let reading = read_statement("kbc.csv", text.as_bytes());
    let lines: Vec<String> = reading.statements[0]
        .entries
        .iter()
        .map(|entry| entry.source.to_string())
        .collect();
    assert_eq!(lines, ["kbc.csv:2", "kbc.csv:3"]);
}

/// A card payment that was declined has no day of completion; it is listed as what it is.
#[test]
fn a_row_that_is_not_booked_needs_no_date() {
    let header = "Date started (UTC),Date completed (UTC),ID,Type,State,Description,Reference,Payer,Payment currency,Total amount,Balance,Account\n";
    let rows = "2026-03-04,2026-03-04,a-1,TOPUP,COMPLETED,Money added,RE-1,,EUR,10.00,110.00,EUR Main\n\
        2026-03-05,,a-2,CARD_PAYMENT,DECLINED,Shop,,,EUR,-5.00,,EUR Main\n\
        2026-03-06,2026-03-06,a-3,TOPUP,COMPLETED,Money added,RE-2,,EUR,10.00,120.00,EUR Main\n";
    let reading = read_statement("a.csv", format!("{header}{rows}").as_bytes());
    assert_eq!(reading.findings, vec![]);
    let statement = &reading.statements[0];
    let booked: Vec<bool> = statement.entries.iter().map(|entry| entry.is_booked()).collect();
    assert_eq!((booked, &statement.proof), (vec![true, false, true], &Proof::Proved));
}

/// A file that always closes with its totals and does not was cut off, even between two rows.
#[test]
fn a_file_without_its_closing_totals_is_refused() {
    for (file, closing) in [
        ("wechat_merchant.csv", "总交易单数"),
        ("wechat_fundflow.csv", "资金流水总笔数"),
        ("alipay_merchant.csv", "#支出合计"),
    ] {
        let (text, _) = paymatch::read::encoding::decode_table(&fixture(&format!("csv/{file}")), None).expect(file);
        let cut = &text[..text.find(closing).expect(closing)];
        let refusal = read_statement(file, cut.as_bytes()).refusal.expect(file);
        assert_eq!(refusal.code.code(), "CONTROL-TOTAL-MISSING", "{file}");
    }
}

#[test]
fn a_fee_in_a_column_of_its_own_is_a_movement_of_its_own() {
    let reading = read_statement("a.csv", &fixture("csv/wechat_merchant.csv"));
    let told: Vec<String> = reading.statements[0]
        .entries
        .iter()
        .map(|entry| {
            let detail = &entry.details[0];
            format!(
                "{} {} {}{} {}",
                paymatch::model::money::decimal_text(entry.signed(), 2),
                entry.additional_information.as_deref().unwrap_or("-"),
                if entry.is_booked() { "booked" } else { "pending" },
                if entry.is_reversal { ", given back" } else { "" },
                detail.remittance.unstructured.join(" / "),
            )
        })
        .collect();
    expect_test::expect![[r#"
        1190.00 SUCCESS booked 货款 RE-1001 / SO-2026-0301
        -7.14 手续费 booked 手续费
        0.10 SUCCESS booked 样品 / SO-2026-0302
        -100.00 REFUND booked 货款 RE-1001 / SO-2026-0301
        0.60 手续费 booked, given back 手续费
        -0.10 REFUND pending 样品 / SO-2026-0302"#]]
    .assert_eq(&told.join("\n"));
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
fn corpus_layouts_are_read_or_refused_by_name() {
    let Some(corpus) = std::env::var_os("PAYMATCH_CORPUS") else {
        println!("skipped: PAYMATCH_CORPUS is not set");
        return;
    };
    let folder = std::path::Path::new(&corpus).join("csv");
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .expect("csv")
        .map(|entry| entry.expect("entry").path())
        .collect();
    names.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
    });
    names.sort();
    let (mut read, mut wrong) = (0, Vec::new());
    for path in &names {
        let name = path.file_name().expect("name").to_string_lossy().into_owned();
        let expected = CORPUS.iter().find(|(end, ..)| name.ends_with(end));
        let mut bytes = std::fs::read(path).expect("bytes");
        if let Some((_, invented, ..)) = expected.filter(|(_, invented, ..)| !invented.is_empty()) {
            // The names of currencies were made unrecognisable with everything else.
            let text = String::from_utf8(bytes).expect("text");
            bytes = text
                .replace(&format!(";{invented};"), ";CHF;")
                .replace(&format!(",{invented},"), ",CHF,")
                .replace(&format!("\"{invented}\""), "\"CHF\"")
                .into_bytes();
        }
        let reading = read_statement(&name, &bytes);
        let entries: usize = reading.statements.iter().map(|statement| statement.entries.len()).sum();
        let verdict = match (&reading.refusal, reading.is_refused()) {
            (Some(_), _) => "unread",
            (None, true) => "refused",
            _ if reading
                .statements
                .iter()
                .all(|statement| statement.proof == Proof::Proved) =>
            {
                "proved"
            }
            _ => "unproved",
        };
        read += usize::from(verdict != "unread");
        let said = reading
            .refusal
            .iter()
            .chain(reading.statements.iter().filter_map(|s| s.refusal.as_ref()))
            .chain(&reading.findings);
        let said: Vec<String> = said
            .take(2)
            .map(full)
            .map(|text| text.lines().next().unwrap_or("").to_owned())
            .collect();
        println!(
            "{verdict:8} {entries:5} {} {name} {said:?}",
            reading.message.as_deref().unwrap_or("-")
        );
        if expected.is_some_and(|(_, _, count, wanted)| (*count, *wanted) != (entries, verdict)) {
            wrong.push(format!("{name}: {entries} {verdict} {said:?}"));
        }
    }
    println!("{read} of {} files have a layout that is shipped", names.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
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
