//! A bank with one account, its deliveries, and the nights that read them.

use crate::program::{expect_code, program, rows};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Our account.
pub const ACCOUNT: &str = "DE89370400440532013000";

/// Open items, an inbox, and all that the nights leave behind.
pub struct Bank {
    folder: tempfile::TempDir,
}

const ITEMS: &str = "item_id,customer_id,customer_name,doc_type,doc_no,issue_date,due_date,currency,amount,open_amount
1,C1,Nordwind Handels GmbH,INV,RE-2026-1001,2026-02-01,2026-03-01,EUR,100.00,100.00
2,C2,Kiesel Maschinenbau AG,INV,RE-2026-1002,2026-02-01,2026-03-01,EUR,250.00,250.00
3,C3,Lindhof Werkzeuge KG,INV,RE-2026-1003,2026-02-01,2026-03-01,EUR,650.00,650.00
4,C4,Ostkai Spedition GmbH,INV,RE-2026-1004,2026-02-01,2026-03-01,EUR,400.00,400.00
";

impl Bank {
    /// `on_gap` is the setting of that name.
    pub fn new(on_gap: &str) -> Bank {
        Bank::with(&format!("on_gap = \"{on_gap}\""))
    }

    /// `statements` is the section of that name.
    pub fn with(statements: &str) -> Bank {
        let bank = Bank {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        for folder in ["inbox", "decisions"] {
            std::fs::create_dir(bank.path(folder)).expect("a folder");
        }
        bank.write("items.csv", ITEMS);
        let settings = format!(
            "[inputs]\nstatements = [\"inbox\"]\nopen_items = \"items.csv\"\ncustomers = \"\"\nhistory = \"\"\n\
             decisions = \"decisions\"\n[outputs]\nstate = \"state\"\nout = \"out\"\noutbox = \"outbox\"\n\
             [statements]\n{statements}\n"
        );
        bank.write("paymatch.toml", &settings);
        bank
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file");
    }

    /// Lays a file into the inbox.
    pub fn delivers(&self, name: &str, text: &str) -> &Bank {
        self.write(&format!("inbox/{name}"), text);
        self
    }

    /// Takes a file out of the inbox, as people do who archive.
    pub fn archives(&self, name: &str) -> &Bank {
        std::fs::remove_file(self.path("inbox").join(name)).expect("a delivered file");
        self
    }

    /// Runs a night that ends well, and tells what it did.
    pub fn night(&self) -> String {
        self.night_with_code(0)
    }

    pub fn night_with_code(&self, code: i32) -> String {
        self.runs("2026-03-10", code);
        let mut check = program();
        check.arg("check").arg("--config").arg(self.path("paymatch.toml"));
        expect_code(&mut check, 0);
        self.told()
    }

    /// Runs a night on a day, and returns what is printed.
    pub fn runs(&self, as_of: &str, code: i32) -> String {
        let mut run = program();
        run.arg("run").arg("--config").arg(self.path("paymatch.toml"));
        expect_code(run.args(["--as-of", as_of]), code)
    }

    /// The results of the last night.
    pub fn latest(&self) -> PathBuf {
        self.path("out/latest")
    }

    /// Returns what was posted, proposed, asked and found: a line each, and what came in.
    pub fn told(&self) -> String {
        let out = self.latest();
        let mut said = Vec::new();
        for row in rows(&out.join("postings.csv")) {
            said.push(format!("posted {} {}", row["amount"], row["doc_no"]));
        }
        for row in rows(&out.join("exceptions.csv")) {
            let text = row["reason_text"].split_once("; ").map_or("", |(_, rest)| rest);
            let more = if row["reason"] == "BATCH_WITHOUT_DETAILS" && !text.is_empty() {
                format!(": {text}")
            } else {
                String::new()
            };
            said.push(format!("{} {} {}{more}", row["status"], row["amount"], row["reason"]));
        }
        for row in rows(&out.join("duplicates.csv")) {
            said.push(format!("duplicate {} {}", row["amount"], row["rule"]));
        }
        said.sort();
        for row in rows(&out.join("findings.csv")) {
            if !matches!(
                row["code"].as_str(),
                "FILE-KNOWN" | "NOTHING-CLOSED" | "REPORT-NOT-POSTED" | "OUTBOX-WAITING" | "BATCH-WITHOUT-DETAILS"
            ) {
                said.push(format!("{} {}: {}", row["severity"], row["code"], row["message"]));
            }
        }
        let figures = summary(&out)["accounts"][0]["classes"].clone();
        let sum = |class: &str| figures[class]["sum"].as_str().unwrap_or("nothing").to_owned();
        said.push(format!("read {}, carried {}", sum("read"), sum("carried")));
        said.iter().map(|line| format!("{line}\n")).collect()
    }

    /// Ids of the payments with that amount in postings or exceptions of the last night.
    pub fn ids(&self) -> BTreeMap<String, String> {
        let out = self.latest();
        let rows = rows(&out.join("postings.csv"))
            .into_iter()
            .chain(rows(&out.join("exceptions.csv")));
        rows.map(|row| (row["amount"].clone(), row["payment_id"].clone()))
            .collect()
    }
}

pub fn summary(out: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(out.join("summary.json")).expect("summary.json");
    serde_json::from_str(&text).expect("JSON")
}

/// Writes cents as a decimal.
fn decimal(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// A statement of one day. Entries with their amounts in cents; the closing balance is what they make it.
pub fn statement(number: Option<u64>, day: &str, opening: i64, entries: &[(i64, String)]) -> String {
    let balance = |code: &str, cents: i64| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
             <Dt><Dt>{day}</Dt></Dt></Bal>\n",
            decimal(cents)
        )
    };
    let closing = opening + entries.iter().map(|(cents, _)| cents).sum::<i64>();
    let sequence = number.map_or_else(String::new, |number| format!("<ElctrncSeqNb>{number}</ElctrncSeqNb>"));
    let entries: String = entries.iter().map(|(_, entry)| entry.as_str()).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">\n\
         <BkToCstmrStmt><GrpHdr><MsgId>M{day}</MsgId><CreDtTm>{day}T20:00:00</CreDtTm></GrpHdr>\n\
         <Stmt><Id>S-{day}</Id>{sequence}<CreDtTm>{day}T20:00:00</CreDtTm>\
         <Acct><Id><IBAN>{ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>\n{}{}{entries}</Stmt></BkToCstmrStmt></Document>\n",
        balance("OPBD", opening),
        balance("CLBD", closing),
    )
}

/// A notification of entries.
pub fn notification(id: &str, entries: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\">\n\
         <BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>N{id}</MsgId><CreDtTm>2026-03-03T21:00:00</CreDtTm></GrpHdr>\n\
         <Ntfctn><Id>{id}</Id><CreDtTm>2026-03-03T21:00:00</CreDtTm>\
         <Acct><Id><IBAN>{ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>\n{}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n",
        entries.concat()
    )
}

/// What an entry tells beside its amount.
#[derive(Clone, Copy, Default)]
pub struct Told<'a> {
    pub day: &'a str,
    /// AcctSvcrRef.
    pub reference: &'a str,
    /// NtryRef.
    pub entry_reference: &'a str,
    /// PmtInfId and number of a batch.
    pub batch: Option<(&'a str, u64)>,
}

/// An entry; each detail is an amount in cents, a payer and a text.
pub fn entry(cents: i64, told: Told<'_>, details: &[(i64, &str, &str)]) -> (i64, String) {
    let optional = |element: &str, text: &str| {
        if text.is_empty() {
            String::new()
        } else {
            format!("<{element}>{text}</{element}>")
        }
    };
    let batch = told.batch.map_or_else(String::new, |(id, count)| {
        format!("<Btch>{}<NbOfTxs>{count}</NbOfTxs></Btch>", optional("PmtInfId", id))
    });
    let details: String = details
        .iter()
        .map(|(cents, payer, text)| {
            format!(
                "<TxDtls><Amt Ccy=\"EUR\">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
                 <RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr></RltdPties>\
                 <RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>\n",
                decimal(*cents)
            )
        })
        .collect();
    let written = format!(
        "<Ntry>{}<Amt Ccy=\"EUR\">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>{}<BkTxCd><Prtry><Cd>165</Cd></Prtry></BkTxCd>\n\
         <NtryDtls>{batch}{details}</NtryDtls></Ntry>\n",
        optional("NtryRef", told.entry_reference),
        decimal(cents),
        optional("AcctSvcrRef", told.reference),
        day = told.day,
    );
    (cents, written)
}

/// The receipt of one customer, with its number.
pub fn receipt(day: &str, reference: &str, cents: i64, payer: &str, text: &str) -> (i64, String) {
    let told = Told {
        day,
        reference,
        ..Told::default()
    };
    entry(cents, told, &[(cents, payer, text)])
}
