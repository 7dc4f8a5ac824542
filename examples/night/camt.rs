//! Writes camt.053 as banks write it: every entry at once, nothing is kept.

use paymatch::model::NaiveDate;
use paymatch::model::money::decimal_text;
use std::io::{self, Write};

/// Which version of the message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Version {
    /// camt.053.001.02: names without `Pty`, status as text, charges flat.
    V02,
    /// camt.053.001.08: names under `Pty`, status as code, charges in records.
    V08,
}

/// What stands before the entries.
#[derive(Clone, Debug)]
pub struct Head<'a> {
    pub message_id: String,
    pub statement_id: String,
    pub sequence: u32,
    pub day: NaiveDate,
    pub account: &'a str,
    pub currency: &'a str,
    pub owner: &'a str,
    pub bic: &'a str,
    /// OPBD, or PRCD of the day before.
    pub opening_code: &'a str,
    pub opening: i64,
    pub closing: i64,
    /// Count and sum of money in and of money out, where the bank states them.
    pub summary: Option<[(u64, i64); 2]>,
}

/// One entry.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    pub reference: String,
    pub servicer_reference: String,
    /// Signed: money in is positive.
    pub amount: i64,
    pub is_reversal: bool,
    pub status: &'static str,
    pub booking_date: NaiveDate,
    pub value_date: NaiveDate,
    /// Domain, family, sub-family.
    pub code: [&'static str; 3],
    pub proprietary: &'static str,
    pub charges: Vec<i64>,
    /// Message id and number of transactions of a batch.
    pub batch: Option<(String, u64)>,
    pub details: Vec<Details>,
    pub information: String,
}

/// One transaction inside an entry. Empty texts are not written.
#[derive(Clone, Debug, Default)]
pub struct Details {
    pub servicer_reference: String,
    pub end_to_end_id: String,
    pub transaction_id: String,
    pub mandate_id: String,
    /// Signed as the entry; 0 where the bank writes none.
    pub amount: i64,
    /// Minor units, currency and rate of what the payer ordered.
    pub instructed: Option<(i64, &'static str, String)>,
    pub charges: Vec<i64>,
    pub debtor: Who,
    pub ultimate_debtor: String,
    pub creditor: Who,
    pub purpose: &'static str,
    pub unstructured: Vec<String>,
    pub documents: Vec<Document>,
    /// SCOR or QRR, and the reference.
    pub creditor_reference: Option<(&'static str, String)>,
    /// Code and text.
    pub return_reason: Option<(&'static str, &'static str)>,
}

/// A party with its account and bank.
#[derive(Clone, Debug, Default)]
pub struct Who {
    pub name: String,
    pub city: String,
    pub country: String,
    pub account: String,
    pub bic: String,
}

/// A document of structured remittance.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// CINV or CREN.
    pub kind: &'static str,
    pub number: String,
    pub date: NaiveDate,
    pub due: i64,
    pub discount: i64,
    pub remitted: i64,
}

/// Writes one message.
pub struct CamtWriter<W: Write> {
    out: W,
    version: Version,
    currency: String,
    open: Vec<&'static str>,
}

impl<W: Write> CamtWriter<W> {
    /// Begins a message with one statement.
    pub fn begin(out: W, version: Version, head: &Head<'_>) -> io::Result<CamtWriter<W>> {
        let mut writer = CamtWriter {
            out,
            version,
            currency: head.currency.to_owned(),
            open: Vec::new(),
        };
        let number = if version == Version::V02 { "02" } else { "08" };
        writeln!(writer.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(
            writer.out,
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{number}\">"
        )?;
        writer.open.push("Document");
        writer.open("BkToCstmrStmt")?;
        writer.open("GrpHdr")?;
        writer.text("MsgId", &head.message_id)?;
        writer.text("CreDtTm", &format!("{}T21:30:00+01:00", head.day))?;
        writer.close()?;
        writer.head(head)?;
        Ok(writer)
    }

    fn head(&mut self, head: &Head<'_>) -> io::Result<()> {
        self.open("Stmt")?;
        self.text("Id", &head.statement_id)?;
        self.text("ElctrncSeqNb", &head.sequence.to_string())?;
        self.text("CreDtTm", &format!("{}T21:30:00+01:00", head.day))?;
        self.open("FrToDt")?;
        self.text("FrDtTm", &format!("{}T00:00:00+01:00", head.day))?;
        self.text("ToDtTm", &format!("{}T23:59:59+01:00", head.day))?;
        self.close()?;
        self.open("Acct")?;
        self.account(head.account)?;
        self.text("Ccy", head.currency)?;
        self.open("Ownr")?;
        self.text("Nm", head.owner)?;
        self.close()?;
        self.open("Svcr")?;
        self.bank(head.bic)?;
        self.close()?;
        self.close()?;
        self.balance(head.opening_code, head.opening, head.day)?;
        self.balance("CLBD", head.closing, head.day)?;
        if let Some([(credits, credit_sum), (debits, debit_sum)]) = head.summary {
            self.open("TxsSummry")?;
            for (element, count, sum) in [
                ("TtlCdtNtries", credits, credit_sum),
                ("TtlDbtNtries", debits, debit_sum),
            ] {
                self.open(element)?;
                self.text("NbOfNtries", &count.to_string())?;
                self.text("Sum", &decimal_text(sum, 2))?;
                self.close()?;
            }
            self.close()?;
        }
        Ok(())
    }

    fn balance(&mut self, code: &str, minor: i64, day: NaiveDate) -> io::Result<()> {
        let date = if code == "PRCD" {
            day.pred_opt().unwrap_or(day)
        } else {
            day
        };
        self.open("Bal")?;
        self.open("Tp")?;
        self.open("CdOrPrtry")?;
        self.text("Cd", code)?;
        self.close()?;
        self.close()?;
        self.amount("Amt", minor)?;
        self.side(minor)?;
        self.open("Dt")?;
        self.text("Dt", &date.to_string())?;
        self.close()?;
        self.close()
    }

    /// Writes an entry.
    pub fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        self.open("Ntry")?;
        self.text("NtryRef", &entry.reference)?;
        self.amount("Amt", entry.amount)?;
        self.side(entry.amount)?;
        if entry.is_reversal {
            self.text("RvslInd", "true")?;
        }
        if self.version == Version::V02 {
            self.text("Sts", entry.status)?;
        } else {
            self.open("Sts")?;
            self.text("Cd", entry.status)?;
            self.close()?;
        }
        for (element, date) in [("BookgDt", entry.booking_date), ("ValDt", entry.value_date)] {
            self.open(element)?;
            self.text("Dt", &date.to_string())?;
            self.close()?;
        }
        self.text("AcctSvcrRef", &entry.servicer_reference)?;
        self.code(entry)?;
        self.charges(&entry.charges)?;
        if entry.batch.is_some() || !entry.details.is_empty() {
            self.open("NtryDtls")?;
            if let Some((message, count)) = &entry.batch {
                self.open("Btch")?;
                self.text("MsgId", message)?;
                self.text("NbOfTxs", &count.to_string())?;
                self.amount("TtlAmt", entry.amount)?;
                self.side(entry.amount)?;
                self.close()?;
            }
            for details in &entry.details {
                self.details(details)?;
            }
            self.close()?;
        }
        self.text("AddtlNtryInf", &entry.information)?;
        self.close()
    }

    fn code(&mut self, entry: &Entry) -> io::Result<()> {
        let [domain, family, sub_family] = entry.code;
        self.open("BkTxCd")?;
        self.open("Domn")?;
        self.text("Cd", domain)?;
        self.open("Fmly")?;
        self.text("Cd", family)?;
        self.text("SubFmlyCd", sub_family)?;
        self.close()?;
        self.close()?;
        if !entry.proprietary.is_empty() {
            self.open("Prtry")?;
            self.text("Cd", entry.proprietary)?;
            self.text("Issr", "DK")?;
            self.close()?;
        }
        self.close()
    }

    fn charges(&mut self, charges: &[i64]) -> io::Result<()> {
        if charges.is_empty() {
            return Ok(());
        }
        if self.version == Version::V02 {
            for charge in charges {
                self.open("Chrgs")?;
                self.amount("Amt", *charge)?;
                self.close()?;
            }
            return Ok(());
        }
        self.open("Chrgs")?;
        self.amount("TtlChrgsAndTaxAmt", charges.iter().sum())?;
        for charge in charges {
            self.open("Rcrd")?;
            self.amount("Amt", *charge)?;
            self.text("CdtDbtInd", "DBIT")?;
            self.text("ChrgInclInd", "true")?;
            self.text("Br", "SHAR")?;
            self.close()?;
        }
        self.close()
    }

    fn details(&mut self, details: &Details) -> io::Result<()> {
        self.open("TxDtls")?;
        self.open("Refs")?;
        self.text("AcctSvcrRef", &details.servicer_reference)?;
        self.text("EndToEndId", &details.end_to_end_id)?;
        self.text("TxId", &details.transaction_id)?;
        self.text("MndtId", &details.mandate_id)?;
        self.close()?;
        if self.version == Version::V08 && details.amount != 0 {
            self.amount("Amt", details.amount)?;
            self.side(details.amount)?;
        }
        self.amounts(details)?;
        self.charges(&details.charges)?;
        self.parties(details)?;
        if !details.purpose.is_empty() {
            self.open("Purp")?;
            self.text("Cd", details.purpose)?;
            self.close()?;
        }
        self.remittance(details)?;
        if let Some((code, text)) = details.return_reason {
            self.open("RtrInf")?;
            self.open("Rsn")?;
            self.text("Cd", code)?;
            self.close()?;
            self.text("AddtlInf", text)?;
            self.close()?;
        }
        self.close()
    }

    fn amounts(&mut self, details: &Details) -> io::Result<()> {
        let is_needed = details.instructed.is_some() || (self.version == Version::V02 && details.amount != 0);
        if !is_needed {
            return Ok(());
        }
        self.open("AmtDtls")?;
        if let Some((minor, currency, rate)) = &details.instructed {
            self.open("InstdAmt")?;
            self.amount_in("Amt", *minor, currency)?;
            self.open("CcyXchg")?;
            self.text("SrcCcy", currency)?;
            let own = self.currency.clone();
            self.text("TrgtCcy", &own)?;
            self.text("XchgRate", rate)?;
            self.close()?;
            self.close()?;
        }
        self.open("TxAmt")?;
        self.amount("Amt", details.amount)?;
        self.close()?;
        self.close()
    }

    fn parties(&mut self, details: &Details) -> io::Result<()> {
        let has_agents = !details.debtor.bic.is_empty() || !details.creditor.bic.is_empty();
        self.open("RltdPties")?;
        self.party("Dbtr", &details.debtor)?;
        self.party_account("DbtrAcct", &details.debtor.account)?;
        if !details.ultimate_debtor.is_empty() {
            self.party(
                "UltmtDbtr",
                &Who {
                    name: details.ultimate_debtor.clone(),
                    ..Who::default()
                },
            )?;
        }
        self.party("Cdtr", &details.creditor)?;
        self.party_account("CdtrAcct", &details.creditor.account)?;
        self.close()?;
        if has_agents {
            self.open("RltdAgts")?;
            for (element, bic) in [("DbtrAgt", &details.debtor.bic), ("CdtrAgt", &details.creditor.bic)] {
                if !bic.is_empty() {
                    self.open(element)?;
                    self.bank(bic)?;
                    self.close()?;
                }
            }
            self.close()?;
        }
        Ok(())
    }

    fn party(&mut self, element: &'static str, who: &Who) -> io::Result<()> {
        if who.name.is_empty() {
            return Ok(());
        }
        self.open(element)?;
        if self.version == Version::V08 {
            self.open("Pty")?;
        }
        self.text("Nm", &who.name)?;
        if !who.country.is_empty() {
            self.open("PstlAdr")?;
            self.text("TwnNm", &who.city)?;
            self.text("Ctry", &who.country)?;
            self.close()?;
        }
        if self.version == Version::V08 {
            self.close()?;
        }
        self.close()
    }

    fn party_account(&mut self, element: &'static str, number: &str) -> io::Result<()> {
        if number.is_empty() {
            return Ok(());
        }
        self.open(element)?;
        self.account(number)?;
        self.close()
    }

    fn remittance(&mut self, details: &Details) -> io::Result<()> {
        let is_empty = details.unstructured.is_empty() && details.documents.is_empty();
        if is_empty && details.creditor_reference.is_none() {
            return Ok(());
        }
        self.open("RmtInf")?;
        for line in &details.unstructured {
            self.text("Ustrd", line)?;
        }
        for document in &details.documents {
            self.document(document)?;
        }
        if let Some((kind, reference)) = &details.creditor_reference {
            self.open("Strd")?;
            self.open("CdtrRefInf")?;
            self.open("Tp")?;
            self.open("CdOrPrtry")?;
            // QRR is no ISO code: Swiss banks write it as a proprietary one.
            self.text(if *kind == "SCOR" { "Cd" } else { "Prtry" }, kind)?;
            self.close()?;
            self.close()?;
            self.text("Ref", reference)?;
            self.close()?;
            self.close()?;
        }
        self.close()
    }

    fn document(&mut self, document: &Document) -> io::Result<()> {
        self.open("Strd")?;
        self.open("RfrdDocInf")?;
        self.open("Tp")?;
        self.open("CdOrPrtry")?;
        self.text("Cd", document.kind)?;
        self.close()?;
        self.close()?;
        self.text("Nb", &document.number)?;
        self.text("RltdDt", &document.date.to_string())?;
        self.close()?;
        self.open("RfrdDocAmt")?;
        self.amount("DuePyblAmt", document.due)?;
        if document.discount != 0 {
            if self.version == Version::V02 {
                self.amount("DscntApldAmt", document.discount)?;
            } else {
                self.open("DscntApldAmt")?;
                self.amount("Amt", document.discount)?;
                self.close()?;
            }
        }
        let element = if document.kind == "CREN" {
            "CdtNoteAmt"
        } else {
            "RmtdAmt"
        };
        self.amount(element, document.remitted)?;
        self.close()?;
        self.close()
    }

    fn account(&mut self, number: &str) -> io::Result<()> {
        self.open("Id")?;
        if number.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.text("IBAN", number)?;
        } else {
            self.open("Othr")?;
            self.text("Id", number)?;
            self.close()?;
        }
        self.close()
    }

    fn bank(&mut self, bic: &str) -> io::Result<()> {
        self.open("FinInstnId")?;
        self.text(if self.version == Version::V02 { "BIC" } else { "BICFI" }, bic)?;
        self.close()
    }

    fn side(&mut self, minor: i64) -> io::Result<()> {
        self.text("CdtDbtInd", if minor < 0 { "DBIT" } else { "CRDT" })
    }

    fn amount(&mut self, element: &'static str, minor: i64) -> io::Result<()> {
        let currency = self.currency.clone();
        self.amount_in(element, minor, &currency)
    }

    fn amount_in(&mut self, element: &'static str, minor: i64, currency: &str) -> io::Result<()> {
        self.indent()?;
        writeln!(
            self.out,
            "<{element} Ccy=\"{currency}\">{}</{element}>",
            decimal_text(minor.abs(), 2)
        )
    }

    fn open(&mut self, element: &'static str) -> io::Result<()> {
        self.indent()?;
        writeln!(self.out, "<{element}>")?;
        self.open.push(element);
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        let element = self.open.pop().unwrap_or_default();
        self.indent()?;
        writeln!(self.out, "</{element}>")
    }

    /// Writes an element; nothing for an empty text.
    fn text(&mut self, element: &'static str, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        self.indent()?;
        write!(self.out, "<{element}>")?;
        for part in text.split_inclusive(['&', '<', '>']) {
            let plain = part.trim_end_matches(['&', '<', '>']);
            self.out.write_all(plain.as_bytes())?;
            let escaped = match part[plain.len()..].chars().next() {
                Some('&') => "&amp;",
                Some('<') => "&lt;",
                Some('>') => "&gt;",
                _ => "",
            };
            self.out.write_all(escaped.as_bytes())?;
        }
        writeln!(self.out, "</{element}>")
    }

    fn indent(&mut self) -> io::Result<()> {
        const BLANKS: &[u8] = &[b' '; 64];
        self.out.write_all(&BLANKS[..(self.open.len() * 2).min(64)])
    }

    /// Ends the message.
    pub fn finish(mut self) -> io::Result<W> {
        while !self.open.is_empty() {
            self.close()?;
        }
        self.out.flush()?;
        Ok(self.out)
    }
}
