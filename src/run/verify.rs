//! Adds up the files that were written, before the run is committed: the second check that no money is lost.
//!
//! Shares nothing with the writers: reads the tables by their column names, and knows no payment, posting or verdict.

use crate::model::money::{Currency, parse_signed};
use crate::model::run::{Class, CountSum, Totals};
use crate::model::statement::Side;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Account, currency and side.
pub type Pocket = (String, Currency, Side);

/// What the files of a run folder add up to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WrittenTotals {
    /// postings.csv: payments and their cash.
    pub posted: BTreeMap<Pocket, CountSum>,
    /// postings.csv, rows that take a posting back: payments and their cash, turned around.
    pub reversed: BTreeMap<Pocket, CountSum>,
    /// exceptions.csv, status `proposed`.
    pub proposed: BTreeMap<Pocket, CountSum>,
    /// exceptions.csv, status `open`.
    pub open: BTreeMap<Pocket, CountSum>,
    /// set_aside.csv, rules of booked entries.
    pub set_aside: BTreeMap<Pocket, CountSum>,
    /// duplicates.csv.
    pub duplicates: BTreeMap<Pocket, CountSum>,
    /// set_aside.csv by account, currency and rule, entries that are not booked included.
    pub rules: BTreeMap<(String, Currency, String), CountSum>,
    /// Cash posted per payment, in signed minor units.
    pub payments: FxHashMap<String, i64>,
}

/// Why the written files are not what the run says.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: csv::Error,
    },
    /// A column is not there.
    #[error("{}: column `{column}` is missing", path.display())]
    Column {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
    },
    /// A cell is not what its column holds.
    #[error("{}:{line}: `{value}` is no {column}", path.display())]
    Cell {
        /// The file.
        path: PathBuf,
        /// Line of the record.
        line: u64,
        /// The column.
        column: &'static str,
        /// The value.
        value: String,
    },
    /// A payment stands in two places, or twice in one.
    #[error("payment {payment} stands twice: in {first} and in {second}")]
    Twice {
        /// The payment.
        payment: String,
        /// First file.
        first: &'static str,
        /// Second file.
        second: &'static str,
    },
    /// A payment was posted with another sum than its cash.
    #[error("payment {payment}: its rows add up to {written} minor units, its cash is {cash}")]
    Payment {
        /// The payment.
        payment: String,
        /// Sum of its rows.
        written: i64,
        /// Its cash.
        cash: i64,
    },
    /// A sum is too large.
    #[error("{}: the sum overflows", path.display())]
    Overflow {
        /// The file.
        path: PathBuf,
    },
    /// A total of the files is not the total of the run.
    #[error(
        "{what}: the files hold {written_count} payments with {written_sum}, the run says {said_count} with {said_sum} (minor units)"
    )]
    Differs {
        /// Class, account, currency and side.
        what: String,
        /// Count in the files.
        written_count: u64,
        /// Sum in the files.
        written_sum: i64,
        /// Count of the run.
        said_count: u64,
        /// Sum of the run.
        said_sum: i64,
    },
    /// What came in is not what went out.
    #[error("{account} {currency} {}: {count} payments and {sum} minor units came in, but are in no file", side.code())]
    Lost {
        /// Account.
        account: String,
        /// Currency.
        currency: Currency,
        /// Side.
        side: Side,
        /// Payments in less payments out.
        count: i128,
        /// Sum in less sum out.
        sum: i128,
    },
}

/// Adds up `postings.csv`, `exceptions.csv`, `set_aside.csv` and `duplicates.csv` of a run folder.
///
/// Refuses a missing file or column, a cell that is no amount, and a payment that stands in two places.
pub fn totals_of_files(folder: &Path) -> Result<WrittenTotals, VerifyError> {
    let mut written = WrittenTotals::default();
    add_postings(folder, &mut written)?;
    let mut places: FxHashMap<String, &'static str> = FxHashMap::default();
    each_row(folder, "exceptions.csv", "status", |row| {
        take_place(&written.payments, &mut places, row.payment, "exceptions.csv")?;
        let class = match row.kind {
            "proposed" => &mut written.proposed,
            "open" => &mut written.open,
            _ => return Err(row.refuse("status", row.kind)),
        };
        add(class, row.pocket(), row.amount).ok_or_else(|| row.overflow())
    })?;
    each_row(folder, "set_aside.csv", "rule", |row| {
        take_place(&written.payments, &mut places, row.payment, "set_aside.csv")?;
        if !matches!(row.kind, "PENDING" | "NOT_BOOKED") {
            add(&mut written.set_aside, row.pocket(), row.amount).ok_or_else(|| row.overflow())?;
        }
        let rule = (row.account.to_owned(), row.currency, row.kind.to_owned());
        add(&mut written.rules, rule, row.amount).ok_or_else(|| row.overflow())
    })?;
    each_row(folder, "duplicates.csv", "rule", |row| {
        add(&mut written.duplicates, row.pocket(), row.amount).ok_or_else(|| row.overflow())
    })?;
    Ok(written)
}

/// Compares the files with the totals of the run, class by class, and what came in with what went out.
pub fn compare(written: &WrittenTotals, totals: &Totals) -> Result<(), VerifyError> {
    let classes = [
        (Class::Posted, "posted", &written.posted),
        (Class::Reversed, "taken back", &written.reversed),
        (Class::Proposed, "proposed", &written.proposed),
        (Class::Open, "open", &written.open),
        (Class::SetAside, "set aside", &written.set_aside),
        (Class::Duplicate, "duplicates", &written.duplicates),
    ];
    for (class, name, files) in classes {
        let said = totals.classes.iter().filter(|(key, _)| key.class == class);
        let said = said.map(|(key, total)| ((key.account.clone(), key.currency, key.side), *total));
        compare_maps(files, &said.collect(), |(account, currency, side)| {
            format!("{name}, {account} {currency} {}", side.code())
        })?;
    }
    let rules = totals.set_aside.iter();
    let rules =
        rules.map(|((account, currency, rule), total)| ((account.clone(), *currency, rule.code().to_owned()), *total));
    compare_maps(&written.rules, &rules.collect(), |(account, currency, rule)| {
        format!("set aside by {rule}, {account} {currency}")
    })?;
    compare_flow(written, totals)
}

/// Compares the cash posted per payment with the payments' own cash, given as (payment_id, signed minor units).
pub fn compare_payments<'a>(
    written: &WrittenTotals,
    posted: impl IntoIterator<Item = (&'a str, i64)>,
) -> Result<(), VerifyError> {
    let said: FxHashMap<&str, i64> = posted.into_iter().collect();
    let payments = written.payments.keys().map(String::as_str).chain(said.keys().copied());
    let sums = |payment: &str| (written.payments.get(payment).copied(), said.get(payment).copied());
    let differing = payments.filter(|payment| {
        let (sum, cash) = sums(payment);
        sum != cash
    });
    match differing.min() {
        None => Ok(()),
        Some(payment) => {
            let (sum, cash) = sums(payment);
            Err(VerifyError::Payment {
                payment: payment.to_owned(),
                written: sum.unwrap_or(0),
                cash: cash.unwrap_or(0),
            })
        }
    }
}

/// Read + carried = everything in the files.
fn compare_flow(written: &WrittenTotals, totals: &Totals) -> Result<(), VerifyError> {
    let mut flow: BTreeMap<Pocket, (i128, i128)> = BTreeMap::new();
    for (key, total) in &totals.classes {
        let sign = match key.class {
            Class::Read | Class::Carried => 1,
            _ => continue,
        };
        let entry = flow.entry((key.account.clone(), key.currency, key.side)).or_default();
        entry.0 += sign * i128::from(total.count);
        entry.1 += sign * i128::from(total.sum);
    }
    let files = [
        &written.posted,
        &written.proposed,
        &written.open,
        &written.set_aside,
        &written.duplicates,
    ];
    for (pocket, total) in files.into_iter().flatten() {
        let entry = flow.entry(pocket.clone()).or_default();
        entry.0 -= i128::from(total.count);
        entry.1 -= i128::from(total.sum);
    }
    match flow.into_iter().find(|(_, rest)| *rest != (0, 0)) {
        None => Ok(()),
        Some(((account, currency, side), (count, sum))) => Err(VerifyError::Lost {
            account,
            currency,
            side,
            count,
            sum,
        }),
    }
}

fn compare_maps<K: Ord>(
    written: &BTreeMap<K, CountSum>,
    said: &BTreeMap<K, CountSum>,
    name: impl Fn(&K) -> String,
) -> Result<(), VerifyError> {
    let keys: BTreeSet<&K> = written.keys().chain(said.keys()).collect();
    for key in keys {
        let in_files = written.get(key).copied().unwrap_or_default();
        let in_run = said.get(key).copied().unwrap_or_default();
        if in_files != in_run {
            return Err(VerifyError::Differs {
                what: name(key),
                written_count: in_files.count,
                written_sum: in_files.sum,
                said_count: in_run.count,
                said_sum: in_run.sum,
            });
        }
    }
    Ok(())
}

/// Adds up the rows of each payment first: its side is that of its cash, whatever the signs of its rows. What takes a posting
/// back is counted apart: its payment has a place of its own among the others again.
fn add_postings(folder: &Path, written: &mut WrittenTotals) -> Result<(), VerifyError> {
    // Few accounts: each is kept once.
    let mut accounts: Vec<String> = Vec::new();
    let mut posted: FxHashMap<String, (usize, Currency, i64)> = FxHashMap::default();
    let mut reversed = posted.clone();
    each_row(folder, "postings.csv", "reverses", |row| {
        let cash = if row.kind.is_empty() {
            &mut posted
        } else {
            &mut reversed
        };
        let Some(sum) = cash.get_mut(row.payment) else {
            let known = accounts.iter().rposition(|account| account == row.account);
            let account = known.unwrap_or(accounts.len());
            if known.is_none() {
                accounts.push(row.account.to_owned());
            }
            cash.insert(row.payment.to_owned(), (account, row.currency, row.amount));
            return Ok(());
        };
        if accounts[sum.0] != row.account || sum.1 != row.currency {
            return Err(row.refuse("account or currency of its payment", row.account));
        }
        sum.2 = sum.2.checked_add(row.amount).ok_or_else(|| row.overflow())?;
        Ok(())
    })?;
    let overflow = || VerifyError::Overflow {
        path: folder.join("postings.csv"),
    };
    let mut sums: FxHashMap<(usize, Currency, Side), CountSum> = FxHashMap::default();
    for (account, currency, minor) in reversed.into_values() {
        add_to(sums.entry((account, currency, Side::of(-minor))).or_default(), minor).ok_or_else(overflow)?;
    }
    let pockets = |sums: FxHashMap<(usize, Currency, Side), CountSum>| -> BTreeMap<Pocket, CountSum> {
        let pockets = sums.into_iter();
        let pockets =
            pockets.map(|((account, currency, side), sum)| ((accounts[account].clone(), currency, side), sum));
        pockets.collect()
    };
    written.reversed = pockets(std::mem::take(&mut sums));
    written.payments.reserve(posted.len());
    for (payment, (account, currency, minor)) in posted {
        add_to(sums.entry((account, currency, Side::of(minor))).or_default(), minor).ok_or_else(overflow)?;
        written.payments.insert(payment, minor);
    }
    written.posted = pockets(sums);
    Ok(())
}

/// Enters where a payment stands that is not posted.
fn take_place(
    posted: &FxHashMap<String, i64>,
    places: &mut FxHashMap<String, &'static str>,
    payment: &str,
    file: &'static str,
) -> Result<(), VerifyError> {
    let first = if posted.contains_key(payment) {
        Some("postings.csv")
    } else {
        places.insert(payment.to_owned(), file)
    };
    match first {
        None => Ok(()),
        Some(first) => Err(VerifyError::Twice {
            payment: payment.to_owned(),
            first,
            second: file,
        }),
    }
}

fn add<K: Ord>(sums: &mut BTreeMap<K, CountSum>, key: K, minor: i64) -> Option<()> {
    add_to(sums.entry(key).or_default(), minor)
}

fn add_to(total: &mut CountSum, minor: i64) -> Option<()> {
    total.count += 1;
    total.sum = total.sum.checked_add(minor)?;
    Some(())
}

/// One row of any of the files.
struct Row<'r> {
    path: &'r Path,
    line: u64,
    payment: &'r str,
    account: &'r str,
    currency: Currency,
    amount: i64,
    /// Status, rule, or the posting that is taken back.
    kind: &'r str,
}

impl Row<'_> {
    fn pocket(&self) -> Pocket {
        (self.account.to_owned(), self.currency, Side::of(self.amount))
    }

    fn refuse(&self, column: &'static str, value: &str) -> VerifyError {
        VerifyError::Cell {
            path: self.path.to_path_buf(),
            line: self.line,
            column,
            value: value.to_owned(),
        }
    }

    fn overflow(&self) -> VerifyError {
        VerifyError::Overflow {
            path: self.path.to_path_buf(),
        }
    }
}

/// Reads a file by its column names; `kind` names the column that sorts the rows.
fn each_row(
    folder: &Path,
    file: &str,
    kind: &'static str,
    mut take: impl FnMut(&Row<'_>) -> Result<(), VerifyError>,
) -> Result<(), VerifyError> {
    let path = folder.join(file);
    let refuse = |source| VerifyError::Read {
        path: path.clone(),
        source,
    };
    let mut reader = csv::Reader::from_path(&path).map_err(refuse)?;
    let header = reader.headers().map_err(refuse)?.clone();
    let wanted = ["payment_id", "account", "currency", "amount", kind];
    let mut columns = [0; 5];
    for (column, name) in columns.iter_mut().zip(wanted) {
        let position = header.iter().position(|written| is_column(written, name));
        *column = position.ok_or_else(|| VerifyError::Column {
            path: path.clone(),
            column: name,
        })?;
    }
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(refuse)? {
        let [payment, account, code, amount, kind] = columns.map(|at| record.get(at).unwrap_or_default());
        let refused = |column, value: &str| VerifyError::Cell {
            path: path.clone(),
            line: record.position().map_or(0, csv::Position::line),
            column,
            value: value.to_owned(),
        };
        if payment.is_empty() {
            return Err(refused("payment_id", payment));
        }
        let currency = Currency::new(code).ok_or_else(|| refused("currency", code))?;
        take(&Row {
            path: &path,
            line: record.position().map_or(0, csv::Position::line),
            payment,
            account,
            currency,
            amount: parse_signed(amount, currency.decimals()).map_err(|_| refused("amount", amount))?,
            kind,
        })?;
    }
    Ok(())
}

/// Returns true when a header cell names a column: by itself, or after its name in another language (`金额 amount`).
fn is_column(written: &str, name: &str) -> bool {
    let written = written.trim_start_matches('\u{feff}').trim();
    written.split_whitespace().next_back() == Some(name)
}

#[cfg(test)]
mod tests;
