//! An office with one bank account: exports, statements, reviewers' folders, and the nights between them.

use crate::program::{expect_code, program, rows};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

pub type Row = BTreeMap<String, String>;

/// Our account.
pub const ACCOUNT: &str = "DE89370400440532013000";

/// One receipt: the bank's reference, day, amount, payer, its account, text.
pub type Receipt<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, &'a str);

/// Two customers without accounts or discount.
pub const CUSTOMERS: &str =
    "customer_id,customer_no,name,country,city,currency,iban,terms_days,discount_pct,discount_days
C1,10001,Nordwind Handels GmbH,DE,Kiel,EUR,,30,,
C2,10002,Kiesel Maschinenbau AG,DE,Ulm,EUR,,30,,
";

/// One person decides everything alone.
pub const ALONE: &str = "[approval]\nalways = []\n";

pub struct Office {
    folder: tempfile::TempDir,
}

impl Office {
    /// Opens with an export of open items and customers; `settings` is added to the file.
    pub fn new(items: &str, customers: &str, settings: &str) -> Office {
        let office = Office {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        for folder in ["inbox", "decisions"] {
            std::fs::create_dir(office.path(folder)).expect("a folder");
        }
        office.write("items.csv", items);
        office.write("customers.csv", customers);
        let settings = format!(
            "[inputs]\nstatements = [\"inbox\"]\nopen_items = \"items.csv\"\ncustomers = \"customers.csv\"\nhistory = \"\"\n\
             decisions = \"decisions\"\n[outputs]\nstate = \"state\"\nout = \"out\"\noutbox = \"outbox\"\n\
             [accounts.{ACCOUNT}]\n{settings}\n"
        );
        office.write("paymatch.toml", &settings);
        office
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// Lays a statement into the inbox.
    pub fn receives(&self, name: &str, receipts: &[Receipt<'_>]) {
        let mut text =
            "account,bank_ref,booking_date,value_date,amount,currency,counterparty_name,counterparty_account,purpose\n"
                .to_owned();
        for (reference, day, amount, payer, account, purpose) in receipts {
            writeln!(
                text,
                "{ACCOUNT},{reference},{day},{day},{amount},EUR,{payer},{account},{purpose}"
            )
            .expect("text");
        }
        self.write(&format!("inbox/{name}"), text);
    }

    /// Runs a night that ends with this code; `check` finds nothing, and no payment is lost.
    pub fn night_with_code(&self, day: &str, code: i32) -> String {
        let mut run = program();
        run.arg("run").arg("--config").arg(self.path("paymatch.toml"));
        let told = expect_code(run.args(["--as-of", day]), code);
        let mut check = program();
        check.arg("check").arg("--config").arg(self.path("paymatch.toml"));
        expect_code(&mut check, 0);
        told
    }

    pub fn night(&self, day: &str) -> String {
        self.night_with_code(day, 0)
    }

    /// What `paymatch known` answers to these arguments.
    pub fn known(&self, arguments: &[&str]) -> String {
        let mut known = program();
        known.arg("known").args(arguments);
        expect_code(known.arg("--config").arg(self.path("paymatch.toml")), 0)
    }

    /// Answers, postings and exceptions of the last night, a line each.
    pub fn told(&self) -> Vec<String> {
        [self.answers(), self.posted(), self.exceptions()].concat()
    }

    /// Rows of a file of the last night.
    pub fn rows(&self, name: &str) -> Vec<Row> {
        rows(&self.path("out/latest").join(name))
    }

    /// The row of a payment in the exceptions of the last night, by the bank's reference.
    pub fn row(&self, reference: &str) -> Row {
        self.exception(reference)
            .unwrap_or_else(|| panic!("{reference} is no exception"))
    }

    pub fn exception(&self, reference: &str) -> Option<Row> {
        let mut rows = self.rows("exceptions.csv").into_iter();
        rows.find(|row| row["bank_ref"] == reference)
    }

    /// Saves a sheet into a person's folder: the row as the person saw it, with what was typed into its cells.
    pub fn saves(&self, person: &str, name: &str, decided: &[(&Row, &[(&str, &str)])]) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let typed = ["decision", "target", "target_amount", "note", "decided_by"];
        let seen = ["amount", "currency", "candidate_1", "payment_id", "row_hash", "run"];
        writer.write_record(typed.iter().chain(&seen)).expect("a header");
        for (row, cells) in decided {
            for (column, _) in *cells {
                assert!(typed.contains(column) || seen.contains(column), "{column}");
            }
            let cell = |column: &&str| {
                let typed = cells
                    .iter()
                    .find(|(name, _)| name == column)
                    .map(|(_, text)| (*text).to_owned());
                typed.or_else(|| row.get(*column).cloned()).unwrap_or_default()
            };
            writer.write_record(typed.iter().chain(&seen).map(cell)).expect("a row");
        }
        self.write(
            &format!("decisions/{person}/{name}"),
            writer.into_inner().expect("a sheet"),
        );
    }

    /// What became of the decisions of the last night: `anna WRITE_OFF RE-1: APPLIED reason [ids]`, in the order of the file.
    pub fn answers(&self) -> Vec<String> {
        let answers = self.rows("decisions_result.csv").into_iter().map(|row| {
            let about = format!("{} {} {}", row["decided_by"], row["decision"], row["target"]);
            let ids = match row["posting_ids"].as_str() {
                "" => String::new(),
                ids => format!(" [{ids}]"),
            };
            format!("{}: {} {}{ids}", about.trim_end(), row["outcome"], row["reason"])
        });
        answers.map(|told| told.trim_end().to_owned()).collect()
    }

    /// What was posted in the last night: `2-1 B1 C1 RE-1 100.00 kind by`, discount and the like where there is any.
    pub fn posted(&self) -> Vec<String> {
        let told = self.rows("postings.csv").into_iter().map(|row| {
            let mut told = format!(
                "{} {} {} {} {}",
                row["posting_id"], row["bank_ref"], row["customer_id"], row["doc_no"], row["amount"]
            );
            for column in ["discount", "charges", "write_off"] {
                if row[column] != "0.00" {
                    write!(told, " {column} {}", row[column]).expect("text");
                }
            }
            if row["doc_no"].is_empty() {
                told.push_str(" on account");
            }
            write!(told, " {} by {}", row["kind"], row["decided_by"]).expect("text");
            if !row["reverses"].is_empty() {
                write!(told, " reverses {}", row["reverses"]).expect("text");
            }
            told.replace("  ", " ")
        });
        told.collect()
    }

    /// The exceptions of the last night: `B1 proposed 100.00 REASON`, by reference.
    pub fn exceptions(&self) -> Vec<String> {
        let mut told: Vec<String> = self
            .rows("exceptions.csv")
            .into_iter()
            .map(|row| {
                format!(
                    "{} {} {} {}",
                    row["bank_ref"], row["status"], row["amount"], row["reason"]
                )
            })
            .collect();
        told.sort();
        told
    }
}
