//! Writes the demo's files: statements as three banks send them, tables of the ERP, and the truth.

use super::world::{OWNER, Ours, Receipt, World, march};
use crate::night::camt::{CamtWriter, Details, Entry, Head, Version, Who};
use crate::night::random::Random;
use anyhow::{Context, Result, bail};
use encoding_rs::{Encoding, GB18030, WINDOWS_1252};
use paymatch::model::money::decimal_text;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// One line of a statement: its receipts, and how the bank names it.
struct Line {
    receipts: Vec<usize>,
    reference: String,
    amount: i64,
}

/// A line of the truth, by its place in the statements.
type TruthRow = (Ours, u32, String, i64, usize);

/// Writes everything below `folder`.
pub fn write_all(world: &World, folder: &Path) -> Result<()> {
    let statements = folder.join("statements");
    fs::create_dir_all(&statements)?;
    let mut truth = Vec::new();
    let after_3 = camt(world, &statements, Ours::Main, 3, 43, 18_734_211, &mut truth)?;
    camt(world, &statements, Ours::Main, 4, 44, after_3, &mut truth)?;
    camt(world, &statements, Ours::Swiss, 4, 46, 9_104_380, &mut truth)?;
    fs::write(
        statements.join("icbc_2026-03-02_2026-03-06.csv"),
        yuan(world, 126_483_950, &mut truth)?,
    )?;
    fs::write(
        statements.join("sparkasse_2026-03-02_2026-03-05.csv"),
        savings(world, &mut truth)?,
    )?;
    items(world, folder)?;
    customers(world, folder)?;
    history(world, folder)?;
    expected(world, folder, truth)
}

/// Returns the lines of an account on a day, in an order that no story sets.
fn lines(world: &World, ours: Ours, day: u32) -> Vec<Line> {
    let mut grouped: BTreeMap<(u32, usize), Vec<usize>> = BTreeMap::new();
    for (position, receipt) in world.receipts.iter().enumerate() {
        if receipt.ours == ours && receipt.day == day {
            let key = receipt.group.map_or((0, position), |group| (group, 0));
            grouped.entry(key).or_default().push(position);
        }
    }
    let mut lines: Vec<Line> = grouped.into_values().map(|receipts| line(world, receipts)).collect();
    let mut random = Random::new(u64::from(day), ours as u64 + 77);
    for at in (1..lines.len()).rev() {
        lines.swap(at, random.below(at + 1));
    }
    for (position, line) in lines.iter_mut().enumerate() {
        let number = position + 1;
        line.reference = match ours {
            Ours::Main => format!("HN2603{day:02}{number:05}"),
            Ours::Swiss => format!("BU-2026{day:02}-{:06}", 40_000 + number * 7),
            Ours::Yuan => format!("{:09}", 260_300_000 + day as usize * 1_000 + number),
            Ours::Savings => String::new(),
        };
    }
    lines
}

fn line(world: &World, receipts: Vec<usize>) -> Line {
    let amount = receipts
        .iter()
        .map(|r| world.receipts[*r].amount + world.receipts[*r].surplus)
        .sum();
    Line {
        receipts,
        reference: String::new(),
        amount,
    }
}

/// Writes one day of an account as camt.053 and returns the closing balance.
fn camt(
    world: &World,
    folder: &Path,
    ours: Ours,
    day: u32,
    sequence: u32,
    opening: i64,
    truth: &mut Vec<TruthRow>,
) -> Result<i64> {
    let lines = lines(world, ours, day);
    let booked: Vec<i64> = lines
        .iter()
        .filter(|l| world.receipts[l.receipts[0]].status == "BOOK")
        .map(|l| l.amount)
        .collect();
    let closing = opening + booked.iter().sum::<i64>();
    let total = |sign: i64| {
        let of_side: Vec<i64> = booked.iter().filter(|m| m.signum() == sign).map(|m| m.abs()).collect();
        (of_side.len() as u64, of_side.iter().sum())
    };
    let (version, bic, name) = match ours {
        Ours::Swiss => (Version::V02, "XBRGCHZZXXX", "camt.053.001.02_CHF"),
        _ => (Version::V08, "XNRDDEFFXXX", "camt.053.001.08_EUR"),
    };
    let account = ours.number();
    let head = Head {
        message_id: format!("053-2026-03-{day:02}-{sequence:05}"),
        statement_id: format!("{}-2026-{sequence:04}", &account[account.len() - 6..]),
        sequence,
        day: march(day),
        account: &account,
        currency: ours.currency(),
        owner: OWNER,
        bic,
        opening_code: if sequence == 44 { "PRCD" } else { "OPBD" },
        opening,
        closing,
        summary: (sequence == 44).then(|| [total(1), total(-1)]),
    };
    let file = fs::File::create(folder.join(format!("{name}_2026-03-{day:02}.xml")))?;
    let mut writer = CamtWriter::begin(std::io::BufWriter::new(file), version, &head)?;
    for (number, line) in lines.iter().enumerate() {
        writer.entry(&entry(world, line, number + 1, day))?;
        note(world, line, truth);
    }
    writer.finish()?;
    Ok(closing)
}

/// Remembers what is right for a line: once per payment that a reader makes of it.
fn note(world: &World, line: &Line, truth: &mut Vec<TruthRow>) {
    let is_whole = line.receipts.iter().any(|r| world.receipts[*r].surplus != 0);
    for (n, receipt) in line.receipts.iter().enumerate() {
        let r = &world.receipts[*receipt];
        if is_whole && n > 0 {
            continue;
        }
        let is_split = line.receipts.len() > 1 && !is_whole;
        let reference = if is_split {
            format!("{}-{}", line.reference, n + 1)
        } else {
            line.reference.clone()
        };
        truth.push((
            r.ours,
            r.day,
            reference,
            if is_whole { line.amount } else { r.amount },
            *receipt,
        ));
    }
}

fn entry(world: &World, line: &Line, number: usize, day: u32) -> Entry {
    let first = &world.receipts[line.receipts[0]];
    let is_split = line.receipts.len() > 1;
    let mut details = Vec::new();
    for (n, receipt) in line.receipts.iter().enumerate() {
        let r = &world.receipts[*receipt];
        let has_details = r.lump.is_none() && !(r.payer.is_empty() && r.lines.is_empty());
        if has_details {
            let reference = if is_split {
                format!("{}-{}", line.reference, n + 1)
            } else {
                String::new()
            };
            details.push(one(r, reference));
        }
    }
    let count = first.lump.or(is_split.then_some(line.receipts.len() as u64));
    Entry {
        reference: number.to_string(),
        servicer_reference: line.reference.clone(),
        amount: line.amount,
        is_reversal: first.is_reversal,
        status: first.status,
        booking_date: march(day),
        value_date: march(day),
        code: first.code,
        proprietary: if first.ours == Ours::Main {
            proprietary(first)
        } else {
            ""
        },
        charges: Vec::new(),
        batch: count.map(|count| (format!("SAMMLER-{day:02}-{number:03}"), count)),
        details,
        information: first.information.to_owned(),
    }
}

fn proprietary(receipt: &Receipt) -> &'static str {
    match receipt.code {
        ["PMNT", "RCDT", "ESCT"] => "NTRF+166",
        ["PMNT", "RCDT", "XBCT"] => "NTRF+202",
        ["PMNT", "ICDT", "ESCT"] => "NTRF+116",
        ["PMNT", "IDDT", "ESDD"] => "NDDT+171",
        ["PMNT", "IDDT", "UPDD"] => "NRTI+109",
        _ => "NMSC+835",
    }
}

fn one(r: &Receipt, servicer_reference: String) -> Details {
    let other = Who {
        name: r.payer.clone(),
        city: r.payer_city.clone(),
        country: r.payer_country.clone(),
        account: r.payer_account.clone(),
        bic: match r.payer_account.get(..2) {
            Some(country) if country.starts_with(|c: char| c.is_ascii_alphabetic()) => format!("XANY{country}XXXXX"),
            _ => String::new(),
        },
    };
    let own = Who {
        name: OWNER.to_owned(),
        account: r.ours.number(),
        ..Who::default()
    };
    let (debtor, creditor) = if r.amount < 0 { (own, other) } else { (other, own) };
    Details {
        servicer_reference,
        end_to_end_id: r.end_to_end_id.clone(),
        transaction_id: String::new(),
        mandate_id: r.mandate_id.clone(),
        amount: r.amount,
        instructed: r.instructed.clone(),
        charges: r.charges.clone(),
        debtor,
        ultimate_debtor: r.ultimate.clone(),
        creditor,
        purpose: "",
        unstructured: r.lines.clone(),
        documents: r.documents.clone(),
        creditor_reference: r.creditor_reference.clone(),
        return_reason: r.return_reason,
    }
}

/// Returns the Chinese bank's export: GB18030, thousands marks, accounts ended by a tab, a running balance.
fn yuan(world: &World, opening: i64, truth: &mut Vec<TruthRow>) -> Result<Vec<u8>> {
    let mut text = String::from("工行企业账户历史明细,,,,,,,,,,,,\r\n");
    text.push_str("凭证号,本方账号,对方账号,交易时间,借/贷,借方发生额,贷方发生额,对方行号,摘要,用途,对方单位名称,余额,个性化信息\r\n");
    let mut balance = opening;
    for day in 2..=6 {
        for (number, line) in lines(world, Ours::Yuan, day).iter().enumerate() {
            let r = &world.receipts[line.receipts[0]];
            balance += r.amount;
            let (flag, debit, credit) = if r.amount < 0 {
                ("借", format!("\"{}\"", thousands(-r.amount)), String::new())
            } else {
                ("贷", String::new(), format!("\"{}\"", thousands(r.amount)))
            };
            let minutes = 8 * 60 + 30 + number * 23;
            let time = format!(
                "2026-03-{day:02} {:02}:{:02}:{:02}",
                minutes / 60,
                minutes % 60,
                number * 7 % 60
            );
            let account = if r.payer_account.is_empty() {
                String::new()
            } else {
                format!("{}\t", r.payer_account)
            };
            let bank = if r.payer.is_empty() { "" } else { "999602000018" };
            let use_text = r.lines.join(" ");
            let summary = if r.amount < 0 || r.payer.is_empty() {
                use_text.as_str()
            } else {
                "汇入汇款"
            };
            text.push_str(&format!(
                "{},{}\t,{account},{time},{flag},{debit},{credit},{bank},{summary},{use_text},{},\"{}\",\r\n",
                line.reference,
                Ours::Yuan.number(),
                r.payer,
                thousands(balance),
            ));
            note(world, line, truth);
        }
    }
    encode(&text, GB18030)
}

/// Returns an amount with thousands marks: `1,259,000.00`.
fn thousands(minor: i64) -> String {
    let plain = decimal_text(minor, 2);
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, "00"));
    let mut marked = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            marked.push(',');
        }
        marked.push(digit);
    }
    format!("{marked}.{fraction}")
}

/// Returns the savings bank's export (CSV-CAMT): Windows-1252, decimal comma, newest first, no balances.
fn savings(world: &World, truth: &mut Vec<TruthRow>) -> Result<Vec<u8>> {
    let header = [
        "Auftragskonto",
        "Buchungstag",
        "Valutadatum",
        "Buchungstext",
        "Verwendungszweck",
        "Glaeubiger ID",
        "Mandatsreferenz",
        "Kundenreferenz (End-to-End)",
        "Sammlerreferenz",
        "Lastschrift Ursprungsbetrag",
        "Auslagenersatz Ruecklastschrift",
        "Beguenstigter/Zahlungspflichtiger",
        "Kontonummer/IBAN",
        "BIC (SWIFT-Code)",
        "Betrag",
        "Waehrung",
        "Info",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for day in (2..=5).rev() {
        for line in lines(world, Ours::Savings, day) {
            let r = &world.receipts[line.receipts[0]];
            let date = march(day).format("%d.%m.%y").to_string();
            let kind = if r.amount < 0 {
                "ONLINE-UEBERWEISUNG"
            } else {
                "GUTSCHR. UEBERWEISUNG"
            };
            let info = if r.status == "BOOK" {
                "Umsatz gebucht"
            } else {
                "Umsatz vorgemerkt"
            };
            let end_to_end_id = if r.end_to_end_id == "NOTPROVIDED" {
                ""
            } else {
                r.end_to_end_id.as_str()
            };
            let amount = decimal_text(r.amount, 2).replace('.', ",");
            let cells = [
                &Ours::Savings.number(),
                &date,
                &date,
                kind,
                &r.lines.join(" "),
                "",
                "",
                end_to_end_id,
                "",
                "",
                "",
                &r.payer,
                &r.payer_account,
                "XANYDEXXXXX",
                &amount,
                "EUR",
                info,
            ];
            rows.push(cells.map(str::to_owned).to_vec());
            note(world, &line, truth);
        }
    }
    let mut text = String::new();
    for cells in rows {
        let quoted: Vec<String> = cells
            .iter()
            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
            .collect();
        text.push_str(&quoted.join(";"));
        text.push_str("\r\n");
    }
    encode(&text, WINDOWS_1252)
}

fn encode(text: &str, encoding: &'static Encoding) -> Result<Vec<u8>> {
    let (bytes, _, has_lost) = encoding.encode(text);
    if has_lost {
        bail!("a character is not in {}", encoding.name());
    }
    Ok(bytes.into_owned())
}

fn items(world: &World, folder: &Path) -> Result<()> {
    let mut writer = csv::Writer::from_path(folder.join("open_items.csv"))?;
    writer.write_record([
        "item_id",
        "customer_id",
        "customer_name",
        "doc_type",
        "doc_no",
        "po_number",
        "issue_date",
        "due_date",
        "currency",
        "amount",
        "open_amount",
        "discount_pct",
        "discount_date",
        "external_ref",
        "creditor_ref",
        "end_to_end_id",
        "mandate_id",
        "salesperson",
        "is_disputed",
        "closed_on",
    ])?;
    for item in &world.items {
        let owner = &world.customers[item.customer];
        writer.write_record([
            item.id.as_str(),
            &owner.id,
            &owner.name,
            item.kind,
            &item.number,
            &item.order,
            &item.issued.to_string(),
            &item.due.to_string(),
            item.currency,
            &decimal_text(item.amount, 2),
            &decimal_text(item.open, 2),
            &item.discount.map_or(String::new(), |(percent, _)| percent.to_string()),
            &item.discount.map_or(String::new(), |(_, date)| date.to_string()),
            &item.external_reference,
            &item.creditor_reference,
            &item.end_to_end_id,
            &item.mandate_id,
            owner.salesperson,
            if item.is_disputed { "yes" } else { "" },
            &item.closed_on.map_or(String::new(), |date| date.to_string()),
        ])?;
    }
    writer.flush().context("open_items.csv")
}

fn customers(world: &World, folder: &Path) -> Result<()> {
    let mut writer = csv::Writer::from_path(folder.join("customers.csv"))?;
    writer.write_record([
        "customer_id",
        "customer_no",
        "name",
        "country",
        "city",
        "currency",
        "iban",
        "terms_days",
        "discount_pct",
        "discount_days",
        "aliases",
        "accounts",
        "tax_id",
        "parent_customer_id",
        "salesperson",
        "email",
        "kana_name",
        "english_name",
    ])?;
    for c in &world.customers {
        let (ibans, others): (Vec<&String>, Vec<&String>) = c
            .known_accounts
            .iter()
            .partition(|a| a.starts_with(|first: char| first.is_ascii_alphabetic()));
        let (percent, days) = c.discount;
        let shown = |number: i64| if percent > 0 { number.to_string() } else { String::new() };
        let others: Vec<&str> = others.iter().map(|a| a.as_str()).collect();
        writer.write_record([
            c.id.as_str(),
            &c.number,
            &c.name,
            &c.country,
            &c.city,
            c.currency,
            ibans.first().map_or("", |iban| iban.as_str()),
            &c.terms.to_string(),
            &shown(percent),
            &shown(days),
            &c.aliases,
            &others.join(";"),
            &c.tax_id,
            &c.parent,
            c.salesperson,
            &format!("ar-{}@example.com", c.number),
            "",
            &c.english,
        ])?;
    }
    writer.flush().context("customers.csv")
}

fn history(world: &World, folder: &Path) -> Result<()> {
    let mut writer = csv::Writer::from_path(folder.join("history.csv"))?;
    writer.write_record([
        "date",
        "payer_name",
        "payer_account",
        "remittance",
        "amount",
        "currency",
        "customer_id",
        "doc_nos",
        "deduction",
    ])?;
    for past in &world.history {
        writer.write_record([
            past.date.to_string().as_str(),
            &past.payer,
            &past.account,
            &past.text,
            &decimal_text(past.amount, 2),
            past.currency,
            &world.customers[past.customer].id,
            &past.documents,
            &decimal_text(past.deduction, 2),
        ])?;
    }
    writer.flush().context("history.csv")
}

fn expected(world: &World, folder: &Path, mut truth: Vec<TruthRow>) -> Result<()> {
    truth.sort();
    let mut writer = csv::Writer::from_path(folder.join("expected.csv"))?;
    writer.write_record([
        "bank_ref",
        "account",
        "booking_date",
        "amount",
        "currency",
        "payer_name",
        "outcome",
        "documents",
        "reason",
        "story",
    ])?;
    for (ours, day, reference, amount, receipt) in truth {
        let r = &world.receipts[receipt];
        if r.truth.outcome.is_empty() {
            bail!("nobody says what is right for {} of {}", r.amount, r.payer);
        }
        writer.write_record([
            reference.as_str(),
            &ours.number(),
            &march(day).to_string(),
            &decimal_text(amount, 2),
            ours.currency(),
            &r.payer,
            r.truth.outcome,
            &r.truth.documents.join(";"),
            r.truth.reason,
            &r.truth.story,
        ])?;
    }
    writer.flush().context("expected.csv")
}
