//! One statement, written as banks write it: camt in its versions and dresses, MT940 in its dialects, CSV by layouts.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::fmt::Write as _;

/// The account of all files.
pub const ACCOUNT: &str = "DE02120300000000202051";

/// A booked entry.
#[derive(Clone)]
pub struct Movement {
    /// YYYY-MM-DD.
    pub day: &'static str,
    /// Cents; money in is positive.
    pub cents: i64,
    pub name: &'static str,
    pub account: &'static str,
    pub end_to_end_id: &'static str,
    /// Entries that share it are the payments of one collection, where a format has such.
    pub bank_reference: &'static str,
    pub text: &'static str,
    /// The bank undoes an entry of its own.
    pub is_reversal: bool,
}

/// Opening balance in cents.
const OPENING: i64 = 100_000;

fn decimal(cents: i64, mark: char) -> String {
    format!("{}{mark}{:02}", cents / 100, cents.abs() % 100)
}

fn closing(movements: &[Movement]) -> i64 {
    OPENING + movements.iter().map(|movement| movement.cents).sum::<i64>()
}

/// How a camt file looks.
#[derive(Clone, Copy)]
pub struct Dress {
    pub version: &'static str,
    pub prefix: &'static str,
    pub is_indented: bool,
    pub is_wide: bool,
}

/// Returns the statement as camt.053.
pub fn camt(movements: &[Movement], dress: Dress) -> Vec<u8> {
    let is_new = dress.version == "08";
    let status = if is_new {
        "<Sts><Cd>BOOK</Cd></Sts>"
    } else {
        "<Sts>BOOK</Sts>"
    };
    let balance = |code: &str, cents: i64, day: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{}<CdtDbtInd>{}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>",
            amount(cents),
            side(cents)
        )
    };
    let mut xml = format!(
        "<Document><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-03-04T06:00:00</CreDtTm></GrpHdr><Stmt><Id>S-9</Id>\
         <ElctrncSeqNb>9</ElctrncSeqNb><CreDtTm>2026-03-04T06:00:00</CreDtTm><Acct><Id><IBAN>{ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>{}{}",
        balance("OPBD", OPENING, "2026-03-02"),
        balance("CLBD", closing(movements), "2026-03-03")
    );
    for collection in movements.chunk_by(|a, b| a.bank_reference == b.bank_reference) {
        let sum: i64 = collection.iter().map(|one| one.cents).sum();
        let reversal = if collection[0].is_reversal {
            "<RvslInd>true</RvslInd>"
        } else {
            ""
        };
        let _ = write!(
            xml,
            "<Ntry>{amount}<CdtDbtInd>{mark}</CdtDbtInd>{reversal}{status}<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>\
             <AcctSvcrRef>{reference}</AcctSvcrRef><BkTxCd><Prtry><Cd>NTRF</Cd></Prtry></BkTxCd><NtryDtls>",
            amount = amount(sum),
            mark = side(sum),
            day = collection[0].day,
            reference = collection[0].bank_reference,
        );
        collection.iter().for_each(|one| xml.push_str(&details(one, is_new)));
        xml.push_str("</NtryDtls></Ntry>");
    }
    xml.push_str("</Stmt></BkToCstmrStmt></Document>");
    dressed(xml, dress)
}

fn side(cents: i64) -> &'static str {
    if cents < 0 { "DBIT" } else { "CRDT" }
}

fn amount(cents: i64) -> String {
    format!("<Amt Ccy=\"EUR\">{}</Amt>", decimal(cents.abs(), '.'))
}

fn details(one: &Movement, is_new: bool) -> String {
    let (open, close) = if is_new { ("<Pty>", "</Pty>") } else { ("", "") };
    let role = if one.cents < 0 { "Cdtr" } else { "Dbtr" };
    let amount = amount(one.cents);
    let amount = if is_new {
        format!("{amount}<CdtDbtInd>{}</CdtDbtInd>", side(one.cents))
    } else {
        format!("<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>")
    };
    format!(
        "<TxDtls><Refs><EndToEndId>{}</EndToEndId></Refs>{amount}<RltdPties><{role}>{open}<Nm>{}</Nm>{close}</{role}>\
         <{role}Acct><Id><IBAN>{}</IBAN></Id></{role}Acct></RltdPties><RmtInf><Ustrd>{}</Ustrd></RmtInf></TxDtls>",
        one.end_to_end_id,
        one.name.replace('&', "&amp;"),
        one.account,
        one.text,
    )
}

fn dressed(mut xml: String, dress: Dress) -> Vec<u8> {
    if dress.is_indented {
        xml = xml.replace("><", ">\r\n    <");
    }
    let namespace = format!("urn:iso:std:iso:20022:tech:xsd:camt.053.001.{}", dress.version);
    if dress.prefix.is_empty() {
        xml = xml.replacen("<Document>", &format!("<Document xmlns=\"{namespace}\">"), 1);
    } else {
        xml = xml.replace("</", "\u{0}").replace('<', &format!("<{}:", dress.prefix));
        xml = xml.replace('\u{0}', &format!("</{}:", dress.prefix));
        let root = format!("<{}:Document>", dress.prefix);
        xml = xml.replacen(
            &root,
            &format!("<{0}:Document xmlns:{0}=\"{namespace}\">", dress.prefix),
            1,
        );
    }
    if !dress.is_wide {
        return format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{xml}").into_bytes();
    }
    let text = format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?>{xml}");
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// How a bank writes the texts of an MT940.
#[derive(Clone, Copy)]
pub enum Dialect {
    /// Subfields of 27 characters with labels, ISO 8859-1, bank code and account, a number of its own.
    German,
    /// The same without umlauts, cut off after four subfields, without the payer's reference, the number of the camt.
    GermanShort,
    /// Code words between slashes, IBAN and currency.
    CodeWords,
    /// Nothing but text.
    Plain,
}

/// Returns the statement as MT940.
pub fn mt940(movements: &[Movement], dialect: Dialect) -> Vec<u8> {
    let (account, number) = match dialect {
        Dialect::German => ("12030000/202051".to_owned(), "00041/001"),
        Dialect::GermanShort => (ACCOUNT.to_owned(), "9/1"),
        Dialect::CodeWords => (format!("{ACCOUNT}EUR"), "0"),
        Dialect::Plain => (ACCOUNT.to_owned(), "700/1"),
    };
    let balance = |tag: &str, cents: i64, day: &str| {
        format!(
            ":{tag}:{}{day}EUR{}\r\n",
            if cents < 0 { 'D' } else { 'C' },
            decimal(cents.abs(), ',')
        )
    };
    let mut text = format!(":20:STARTUMSE\r\n:25:{account}\r\n:28C:{number}\r\n");
    text.push_str(&balance("60F", OPENING, "260302"));
    for one in movements {
        let day = one.day.replace('-', "");
        let mark = match (one.cents < 0, one.is_reversal) {
            (true, true) => "RC",
            (true, false) => "D",
            (false, true) => "RD",
            (false, false) => "C",
        };
        let reference = match dialect {
            Dialect::Plain => format!("NONREF//{}", one.bank_reference),
            _ => "NONREF".to_owned(),
        };
        let amount = decimal(one.cents.abs(), ',');
        let _ = write!(text, ":61:{}{}{mark}R{amount}NTRF{reference}\r\n", &day[2..], &day[4..]);
        text.push_str(&wrapped(&format!(":86:{}", said(one, dialect))));
    }
    text.push_str(&balance("62F", closing(movements), "260303"));
    text.push_str("-\r\n");
    encoded(&text, WINDOWS_1252)
}

fn said(one: &Movement, dialect: Dialect) -> String {
    match dialect {
        Dialect::German => {
            let mut parts = cut(&format!("EREF+{}", one.end_to_end_id));
            parts.extend(cut(&format!("SVWZ+{}", one.text)));
            german(one.name, one, &parts)
        }
        Dialect::GermanShort => {
            let plain = |text: &str| {
                let pairs = [("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")];
                pairs
                    .iter()
                    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
                    .to_uppercase()
            };
            let mut parts = cut(&plain(one.text));
            parts.truncate(4);
            german(&plain(one.name), one, &parts)
        }
        Dialect::CodeWords => format!(
            "/TRTP/SEPA OVERBOEKING/IBAN/{}/NAME/{}/REMI/{}/EREF/{}",
            one.account, one.name, one.text, one.end_to_end_id
        ),
        Dialect::Plain => format!("GIRO {} MITTEILUNGEN: {}", one.name, one.text),
    }
}

fn german(name: &str, one: &Movement, parts: &[String]) -> String {
    let mut text = "166?00UMSATZ?109310".to_owned();
    for (number, part) in (20..30).chain(60..64).zip(parts) {
        let _ = write!(text, "?{number}{part}");
    }
    let _ = write!(text, "?30BYLADEM1001?31{}", one.account);
    for (number, part) in (32..34).zip(cut(name)) {
        let _ = write!(text, "?{number}{part}");
    }
    text
}

/// Pieces of 27 characters, wherever that cuts; blanks at their ends get lost.
fn cut(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let pieces = characters.chunks(27).map(|piece| piece.iter().collect::<String>());
    pieces.map(|piece| piece.trim_end().to_owned()).collect()
}

/// Lines of 65 characters, wherever that cuts.
fn wrapped(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let lines = characters.chunks(65).map(|line| line.iter().collect::<String>());
    lines.map(|line| line + "\r\n").collect()
}

/// A layout of a bank's table.
#[derive(Clone, Copy)]
pub enum Layout {
    Generic,
    Sparkasse,
    VrBank,
}

/// Returns the statement as CSV.
pub fn csv(movements: &[Movement], layout: Layout) -> Vec<u8> {
    let mut text = match layout {
        Layout::Generic => "booking_date,value_date,amount,currency,counterparty_name,counterparty_account,purpose,end_to_end_id,account\n",
        Layout::Sparkasse => {
            "\"Auftragskonto\";\"Buchungstag\";\"Valutadatum\";\"Buchungstext\";\"Verwendungszweck\";\"Kundenreferenz (End-to-End)\";\
             \"Beguenstigter/Zahlungspflichtiger\";\"Kontonummer/IBAN\";\"BIC (SWIFT-Code)\";\"Betrag\";\"Waehrung\";\"Info\"\r\n"
        }
        Layout::VrBank => {
            "Bezeichnung Auftragskonto;IBAN Auftragskonto;BIC Auftragskonto;Bankname Auftragskonto;Buchungstag;Valutadatum;\
             Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;BIC (SWIFT-Code) Zahlungsbeteiligter;Buchungstext;Verwendungszweck;\
             Betrag;Waehrung;Saldo nach Buchung;Bemerkung;Kategorie;Steuerrelevant;Glaeubiger ID;Mandatsreferenz\r\n"
        }
    }
    .to_owned();
    let mut balance = closing(movements);
    // The newest first, as banks export.
    for one in movements.iter().rev() {
        let (year, month, day) = (&one.day[..4], &one.day[5..7], &one.day[8..]);
        let (name, account, purpose) = (one.name, one.account, one.text);
        let reference = one.end_to_end_id;
        let line = match layout {
            Layout::Generic => format!(
                "{0},{0},{1},EUR,\"{name}\",{account},\"{purpose}\",{reference},{ACCOUNT}\n",
                one.day,
                signed(one.cents, '.')
            ),
            Layout::Sparkasse => format!(
                "\"{ACCOUNT}\";\"{day}.{month}.{1}\";\"{day}.{month}.{1}\";\"UMSATZ\";\"{purpose} \";\"{reference}\";\"{name}\";\"{account}\";\"\";\"{0}\";\"EUR\";\"Umsatz gebucht\"\r\n",
                signed(one.cents, ','),
                &year[2..]
            ),
            Layout::VrBank => format!(
                "Konto;{ACCOUNT};GENODEF1XXX;VR Bank;{day}.{month}.{year};{day}.{month}.{year};{name};{account};;Umsatz;{purpose};{};EUR;{};;;;;\r\n",
                signed(one.cents, ','),
                signed(balance, ',')
            ),
        };
        text.push_str(&line);
        balance -= one.cents;
    }
    encoded(
        &text,
        if matches!(layout, Layout::Sparkasse) {
            WINDOWS_1252
        } else {
            UTF_8
        },
    )
}

fn signed(cents: i64, mark: char) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}", decimal(cents.abs(), mark))
}

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, is_replaced) = encoding.encode(text);
    assert!(!is_replaced, "the text fits its encoding");
    bytes.into_owned()
}
