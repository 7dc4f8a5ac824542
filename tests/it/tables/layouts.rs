//! Layouts of banks: which one is chosen, and what is particular in some of them.

use super::expected::FIXTURES;
use super::{as_of, fixture, net, options, read_statement, shipped};
use paymatch::model::At;
use paymatch::model::statement::Proof;
use paymatch::read::statement::csv::{self, Profile};
use paymatch::read::statement::proof;

#[test]
fn an_own_layout_wins_over_a_shipped_one_that_knows_more_columns() {
    let own = "id = \"own\"\nbanks = []\ndecimal_mark = \".\"\ndates = [\"YYYY-MM-DD\"]\n\
        required = [\"booking_date\", \"amount\"]\ncurrency = \"EUR\"\n[columns]\nbooking_date = [\"value_date\"]\namount = [\"amount\"]\n";
    let mut profiles = vec![Profile::from_toml("own.toml", own).expect("profile")];
    profiles.extend(shipped().to_vec());
    let reading = csv::read("generic.csv", &fixture("csv/generic.csv"), &profiles, as_of());
    assert_eq!(reading.message.as_deref(), Some("csv:own"));
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

/// Many doubts leave room for the row that cannot be read, and what is not listed is counted.
#[test]
fn many_findings_of_one_severity_hide_no_other() {
    let header = "bank_ref,booking_date,amount,currency,counterparty_name,counterparty_account,purpose\n";
    let doubtful = "B,2026-03-02,1.00,EUR,Nordwind,6.2220202E+18,RE-1\n".repeat(60);
    let bad = "B,2026-03-02,1e2,EUR,Nordwind,,RE-1\n";
    let reading = read_statement("a.csv", format!("{header}{doubtful}{bad}").as_bytes());
    let count = |code: &str| {
        let of_code = reading.findings.iter().filter(|finding| finding.code.code() == code);
        of_code.count()
    };
    assert_eq!((count("NUMBER-MANGLED"), count("CELL-VALUE")), (50, 1));
    let more = reading
        .findings
        .iter()
        .find(|finding| finding.code.code() == "MORE-OF-THE-SAME");
    assert_eq!(
        more.map(|finding| finding.args.clone()),
        Some(vec!["warning".to_owned(), "10".to_owned()])
    );
}

#[test]
fn a_column_of_thousands_of_accounts_is_none() {
    let header = "bank_ref,booking_date,amount,currency,counterparty_name,purpose,account\n";
    let rows = |count: usize| -> String {
        (0..count)
            .map(|at| format!("B,2026-03-02,1.00,EUR,Nordwind,RE-1,ACC{at}\n"))
            .collect()
    };
    let reading = read_statement("a.csv", format!("{header}{}", rows(2_000)).as_bytes());
    assert_eq!((reading.statements.len(), reading.refusal), (2_000, None));
    let reading = read_statement("a.csv", format!("{header}{}", rows(2_001)).as_bytes());
    expect_test::expect![[r#"
        error[ACCOUNTS-MANY]: a.csv:1: the table names 2001 accounts of ours, expected at most 2000
        help: look whether the layout takes the right column for the account; else split the file"#]]
    .assert_eq(&crate::english::full(&reading.refusal.expect("refused")));
}

/// Fixtures that state an opening balance or totals. In the others nothing but running balances stand: they say nothing of the
/// amount in the oldest row.
const STATED: [&str; 11] = [
    "icbc.csv",
    "icbc_personal.csv",
    "ubs.csv",
    "ubs_debit_credit.csv",
    "deutsche_bank.csv",
    "vr_bank.csv",
    "boc.csv",
    "boc_utf16.csv",
    "alipay_merchant.csv",
    "wechat_merchant.csv",
    "wechat_fundflow.csv",
];

/// The bank counts what is pending, too, and does so in all its totals.
#[test]
fn totals_are_compared_in_one_way_throughout() {
    let text = String::from_utf8(fixture("csv/wechat_merchant.csv")).expect("text");
    for (from, to) in [
        ("`RF-1,`100.00", "`RF-1,`100.10"),
        ("`样品,`,`0.00000,`0.60%,`0.00", "`样品,`,`0.10000,`0.60%,`0.00"),
    ] {
        assert!(text.contains(from), "{from}");
        let reading = read_statement("a.csv", text.replacen(from, to, 1).as_bytes());
        assert!(reading.is_refused(), "{from} -> {to}");
    }
}

/// Another digit anywhere: whatever still counts as proved moves the same money.
#[test]
fn another_digit_never_changes_a_proved_sum() {
    let mut wrong = Vec::new();
    for (file, _, statements) in FIXTURES {
        if statements.iter().any(|(.., proof)| *proof != "Proved") {
            continue;
        }
        let (text, _) = paymatch::read::encoding::decode_table(&fixture(&format!("csv/{file}")), None).expect(file);
        let read = |text: &str| {
            let mut readings = vec![read_statement(file, text.as_bytes())];
            proof::prove(&mut readings, &options());
            readings.remove(0)
        };
        let proved_sum = |text: &str| -> Option<i64> {
            let reading = read(text);
            let mut found = reading.statements.iter();
            let is_proved = !reading.is_refused() && found.all(|found| found.proof == Proof::Proved);
            is_proved.then(|| reading.statements.iter().map(net).sum())
        };
        let whole = read(&text);
        let entries = whole.statements[0].entries.iter();
        let lines: Vec<u64> = entries
            .map(|entry| match entry.source.at {
                At::Line(line) => line,
                _ => panic!("{file}: an entry has a line"),
            })
            .collect();
        let ends = [lines[0], lines[lines.len() - 1]];
        let sum = proved_sum(&text).expect(file);
        // A part of the digits, other ones in each file: all of them take two minutes.
        let digits = text.char_indices().filter(|(_, c)| c.is_ascii_digit());
        for (at, digit) in digits.skip(file.len() % 23).step_by(23) {
            let line = text[..at].matches('\n').count() as u64 + 1;
            if !STATED.contains(file) && ends.contains(&line) {
                continue;
            }
            let other = if digit == '9' { '0' } else { char::from(digit as u8 + 1) };
            let mut changed = text.clone();
            changed.replace_range(at..=at, &other.to_string());
            if proved_sum(&changed).is_some_and(|changed| changed != sum) {
                wrong.push(format!("{file}:{line}: {digit} at {at}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
