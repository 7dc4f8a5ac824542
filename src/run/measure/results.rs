//! Reads what a run published, by column names: what became of each payment, and what was suggested.

use crate::model::money::{Currency, parse_signed};
use crate::read::truth::DECIMALS;
use crate::run::Failure;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Candidates that count as shown first.
pub const FIRST: u32 = 3;

/// What became of one payment.
#[derive(Clone, Debug)]
pub struct Said {
    /// The bank's reference; may be empty or shared by several payments.
    pub bank_ref: String,
    /// Signed amount in 1/10,000 of the unit.
    pub amount: i64,
    /// Currency.
    pub currency: Currency,
    /// Where it stands.
    pub place: Place,
    /// Why it is not posted; the evidence class of what is posted.
    pub code: String,
    /// Posted cash by item, in 1/10,000 of the unit.
    pub items: BTreeMap<String, i64>,
    /// Customers of the posting.
    pub customers: BTreeSet<String>,
    /// Why, in words.
    pub text: String,
    /// Items of the first candidates, by rank.
    pub candidates: BTreeMap<u32, BTreeSet<String>>,
}

/// Where a payment stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// postings.csv, by the machine.
    Posted,
    /// postings.csv, by a person.
    Decided,
    /// exceptions.csv, `proposed`.
    Proposed,
    /// exceptions.csv, `open`.
    Open,
    /// set_aside.csv; `is_booked` is false for what the bank has not booked.
    SetAside {
        /// False for pending entries.
        is_booked: bool,
    },
    /// duplicates.csv.
    Duplicate,
}

/// Returns the folders of the runs below a folder of results, oldest first, or the one run whose folder it is.
pub fn runs(out: &Path) -> Result<Vec<PathBuf>, Failure> {
    let is_run = |folder: &PathBuf| folder.join("postings.csv").is_file();
    let latest = out.join("latest");
    if !is_run(&latest) {
        return Some(vec![out.to_owned()]).filter(|folders| is_run(&folders[0])).ok_or_else(|| {
            Failure::NoInput(format!(
                "error[RESULTS]: {}: there is no run in it, expected `latest/postings.csv` or `postings.csv`\nhelp: run the night first, and name the folder of its results with --out",
                out.display()
            ))
        });
    }
    let listed = std::fs::read_dir(out).map_err(|error| Failure::io(out, &error))?;
    let mut numbers: Vec<u64> = listed
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    numbers.sort_unstable();
    let folders = numbers.into_iter().map(|number| out.join(number.to_string()));
    Ok(folders.filter(is_run).chain([latest]).collect())
}

/// Returns what became of each payment, by payment_id: what any run posted, else what the newest run says that has it.
pub fn read(runs: &[PathBuf]) -> Result<BTreeMap<String, Said>, Failure> {
    let mut all: BTreeMap<String, Said> = BTreeMap::new();
    for folder in runs {
        for row in rows(folder, "postings.csv")?.iter().filter(|row| row.is_reversal()) {
            all.remove(row.text("payment_id")?);
        }
        for (id, one) in read_run(folder)? {
            let is_settled = |known: &Said| matches!(known.place, Place::Posted | Place::Decided);
            let is_kept = all
                .get(&id)
                .is_some_and(|known| is_settled(known) || one.place == Place::Duplicate);
            if !is_kept {
                all.insert(id, one);
            }
        }
    }
    Ok(all)
}

fn read_postings(folder: &Path, all: &mut BTreeMap<String, Said>) -> Result<(), Failure> {
    for row in rows(folder, "postings.csv")?
        .into_iter()
        .filter(|row| !row.is_reversal())
    {
        let class = row.text("evidence_class")?.to_owned();
        let place = if class.is_empty() {
            Place::Decided
        } else {
            Place::Posted
        };
        let said = said(all, &row, place)?;
        said.code = class;
        said.text = row.text("text")?.to_owned();
        said.customers.insert(row.text("customer_id")?.to_owned());
        let (item, cash) = (row.text("item_id")?.to_owned(), row.amount("amount")?);
        said.amount += cash;
        if !item.is_empty() {
            *said.items.entry(item).or_default() += cash;
        }
    }
    Ok(())
}

fn read_run(folder: &Path) -> Result<BTreeMap<String, Said>, Failure> {
    let mut all = BTreeMap::new();
    read_postings(folder, &mut all)?;
    for row in rows(folder, "exceptions.csv")? {
        let place = match row.text("status")? {
            "proposed" => Place::Proposed,
            _ => Place::Open,
        };
        let said = said(&mut all, &row, place)?;
        said.amount = row.amount("amount")?;
        said.code = row.text("reason")?.to_owned();
        said.text = row.text("reason_text")?.to_owned();
    }
    for row in rows(folder, "set_aside.csv")? {
        let rule = row.text("rule")?.to_owned();
        let is_booked = !matches!(rule.as_str(), "PENDING" | "NOT_BOOKED");
        let said = said(&mut all, &row, Place::SetAside { is_booked })?;
        said.amount = row.amount("amount")?;
        said.code = rule;
        said.text = row.text("text")?.to_owned();
    }
    for row in rows(folder, "duplicates.csv")? {
        let said = said(&mut all, &row, Place::Duplicate)?;
        said.amount = row.amount("amount")?;
        said.code = row.text("rule")?.to_owned();
        said.text = row.text("text")?.to_owned();
    }
    for row in rows(folder, "candidates.csv")? {
        let rank: u32 = row.text("rank")?.parse().map_err(|_| row.unfit("rank"))?;
        let item = row.text("item_id")?;
        if let Some(said) = all.get_mut(row.text("payment_id")?)
            && rank <= FIRST
            && !item.is_empty()
        {
            said.candidates.entry(rank).or_default().insert(item.to_owned());
        }
    }
    Ok(all)
}

/// Returns the record of a row's payment, new where it has none yet.
fn said<'a>(all: &'a mut BTreeMap<String, Said>, row: &Record, place: Place) -> Result<&'a mut Said, Failure> {
    let currency = Currency::new(row.text("currency")?).ok_or_else(|| row.unfit("currency"))?;
    let id = row.text("payment_id")?.to_owned();
    Ok(all.entry(id).or_insert(Said {
        bank_ref: row.text("bank_ref")?.to_owned(),
        amount: 0,
        currency,
        place,
        code: String::new(),
        items: BTreeMap::new(),
        customers: BTreeSet::new(),
        text: String::new(),
        candidates: BTreeMap::new(),
    }))
}

/// One row of a published file.
struct Record {
    path: PathBuf,
    line: u64,
    cells: BTreeMap<String, String>,
}

impl Record {
    /// Returns true for a row that takes a posting of an earlier run back.
    fn is_reversal(&self) -> bool {
        self.cells.get("reverses").is_some_and(|posting| !posting.is_empty())
    }

    fn text(&self, column: &str) -> Result<&str, Failure> {
        self.cells.get(column).map(String::as_str).ok_or_else(|| {
            Failure::NoInput(format!(
                "error[RESULTS]: {}: the column `{column}` is missing\nhelp: name a folder that this program wrote",
                self.path.display()
            ))
        })
    }

    fn amount(&self, column: &str) -> Result<i64, Failure> {
        parse_signed(self.text(column)?, DECIMALS).map_err(|_| self.unfit(column))
    }

    fn unfit(&self, column: &str) -> Failure {
        let written = self.cells.get(column).map_or("", String::as_str);
        Failure::NoInput(format!(
            "error[RESULTS]: {}:{}: `{}` in the column `{column}` cannot be read\nhelp: name a folder that this program wrote, unchanged",
            self.path.display(),
            self.line,
            crate::words::shown::text(written)
        ))
    }
}

fn rows(folder: &Path, name: &str) -> Result<Vec<Record>, Failure> {
    let path = folder.join(name);
    let unreadable = |error: csv::Error| {
        Failure::NoInput(format!(
            "error[RESULTS]: {}: {error}\nhelp: name a folder that this program wrote, unchanged",
            path.display()
        ))
    };
    let mut reader = csv::Reader::from_path(&path).map_err(unreadable)?;
    let headers = reader.headers().map_err(unreadable)?.clone();
    let mut records = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        records.push(Record {
            path: path.clone(),
            line: record.position().map_or(0, csv::Position::line),
            cells: headers
                .iter()
                .map(str::to_owned)
                .zip(record.iter().map(str::to_owned))
                .collect(),
        });
    }
    Ok(records)
}
