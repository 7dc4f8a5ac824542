//! Words of the command line, and the help that teaches them.

use crate::model::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Matches bank statements with open receivables, every night.
///
/// Reads bank statements (camt.053, MT940, bank CSV) and the open items of the ERP, posts what is certain, and writes everything
/// else into an exceptions sheet with candidates and reasons. A second run posts nothing twice.
#[derive(Debug, Parser)]
#[command(name = "paymatch", version, max_term_width = 110, arg_required_else_help = true)]
#[command(after_help = "Start here:\n  \
    paymatch run                  run the settings in config/paymatch.toml (as shipped: the demo)\n  \
    paymatch init my-company      make a folder with commented settings for your own data\n  \
    paymatch inspect FILE         see how a bank file is read\n\n\
    Then open out/latest/report.html and out/latest/exceptions.xlsx.")]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read, match, post: one night
    Run(RunArguments),
    /// Show what is read from files, without matching or storing anything
    Inspect(InspectArguments),
    /// Say why a payment was posted, proposed or left open
    Explain(ExplainArguments),
    /// Show what confirmed payments teach, and from which rows
    Learn(LearnArguments),
    /// List, approve or revoke what was learned from decisions
    Known(KnownArguments),
    /// Replay the confirmed past: which evidence classes may post
    Backtest(BacktestArguments),
    /// Score runs on labelled nights: precision, coverage, what was wrong
    Evaluate(EvaluateArguments),
    /// Check the record and the published files against the promises
    Check(CheckArguments),
    /// Make a folder with commented settings and the folders they name
    Init(InitArguments),
}

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Arguments of `run`.
#[derive(Debug, Default, Args)]
#[command(args_override_self = true)]
#[command(after_help = "Flags win over the settings file; its paths are relative to it.\n\
    Exit codes: 0 done (exceptions are normal work) · 2 usage · 3 done, but a file was refused or held · 65 no usable input ·\n\
    66 open items missing or unreadable · 70 self-check failed, nothing published · 73/74 cannot write · 75 another run is\n\
    at work · 77 no permission · 78 settings wrong. Treat any other code as failure.")]
pub struct RunArguments {
    /// Settings file [default: config/paymatch.toml]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Bank statements: a file, or a folder that is read with its subfolders; may be given several times
    #[arg(long, value_name = "PATH")]
    pub statements: Vec<PathBuf>,
    /// Open items of the ERP (CSV or XLSX)
    #[arg(long, value_name = "FILE")]
    pub open_items: Option<PathBuf>,
    /// Customers with names and accounts
    #[arg(long, value_name = "FILE")]
    pub customers: Option<PathBuf>,
    /// Payments confirmed in the past
    #[arg(long, value_name = "FILE")]
    pub history: Option<PathBuf>,
    /// Claims of salespeople: which customer has paid how much
    #[arg(long, value_name = "FILE")]
    pub claims: Option<PathBuf>,
    /// Folder with the saved exceptions sheets
    #[arg(long, value_name = "DIR")]
    pub decisions: Option<PathBuf>,
    /// Folder of the record of all runs
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Folder of the results
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Folder of the posting files for the ERP [default: `outbox` in the folder given by --out]
    #[arg(long, value_name = "DIR")]
    pub outbox: Option<PathBuf>,
    /// The day to look from, YYYY-MM-DD [default: today in the configured zone]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub as_of: Option<NaiveDate>,
    /// Threads; 0 takes all cores
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Match and report into the terminal; write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Begin a new record although results of earlier runs are there
    #[arg(long)]
    pub new_store: bool,
    /// Summary for people or for programs
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArguments {
    /// Statement files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Settings file with own layouts
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print a layout for a table that no layout fits, with the first rows as it reads them; save it as it is
    #[arg(long)]
    pub suggest_profile: bool,
    /// Text for people, or one JSON object for each file
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// payment_id or bank_ref, as the files show it
    #[arg(value_name = "PAYMENT|BANK_REF")]
    pub id: String,
    /// Settings file [default: config/paymatch.toml]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the record
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Text or JSON
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Arguments of `learn`.
#[derive(Debug, Args)]
#[command(
    after_help = "sure: two payments or more, all for one customer; such an account or name says who pays.\n\
    once: one payment; it helps, but decides nothing.  shared: several customers, as of a factoring firm; it never says who pays."
)]
pub struct LearnArguments {
    /// Payments confirmed in the past [default: the history of the settings]
    #[arg(long, value_name = "FILE")]
    pub history: Option<PathBuf>,
    /// Folder of the record, whose confirmed decisions teach, too [default: that of the settings]
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Settings file [default: config/paymatch.toml]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Text for people, or one JSON object with every row
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Arguments of `backtest`.
#[derive(Debug, Args)]
#[command(
    after_help = "Each confirmed payment is judged with what was known the evening before, and compared with what it was booked for.\n\
    The more of the open-item export is closed items with issue_date and closed_on, the more of the past can be judged again.\n\
    Exit codes: 0 counted, whatever the result · 65 no usable history · 66 open items unreadable · 73/74 cannot write · 78 settings"
)]
pub struct BacktestArguments {
    /// Payments confirmed in the past [default: the history of the settings]
    #[arg(long, value_name = "FILE")]
    pub history: Option<PathBuf>,
    /// Open and closed items of the ERP; without them, items are made of the history [default: those of the settings]
    #[arg(long, value_name = "FILE")]
    pub open_items: Option<PathBuf>,
    /// Customers [default: those of the settings]
    #[arg(long, value_name = "FILE")]
    pub customers: Option<PathBuf>,
    /// Days for which an invoice that only the history names is taken to have been open before it was paid
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub open_days: u32,
    /// Write the class table into this file; name it in [classes] of the settings, and runs obey it
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
    /// Settings file [default: config/paymatch.toml]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Tables for people, or one JSON object
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Arguments of `evaluate`.
#[derive(Debug, Args)]
#[command(
    after_help = "A truth file has a row for each payment: bank_ref, decidable (yes, no), situation, amount, customer_id,\n\
    items (item_id=cash, several with `;`). Several nights are scored together.\n\
    Exit codes: 0 scored, whatever the score · 2 usage · 65 a truth or its run cannot be read · 78 settings wrong"
)]
pub struct EvaluateArguments {
    /// What is right: a truth file, or a folder with `truth.csv`; may be given several times
    #[arg(long, required = true, num_args = 1.., value_name = "PATH")]
    pub truth: Vec<PathBuf>,
    /// Results of the runs on it: the folder with `latest`, or that of one run [default: `out` beside the truth]
    #[arg(long, num_args = 1.., value_name = "DIR")]
    pub out: Vec<PathBuf>,
    /// Settings file that names the results [default: config/paymatch.toml]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Tables for people, or one JSON object
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Settings file [default: config/paymatch.toml]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the record
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Folder of the results
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// Folder to make
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

fn parse_date(text: &str) -> Result<NaiveDate, String> {
    crate::model::date::parse_iso(text).ok_or_else(|| "expected a date as YYYY-MM-DD".to_owned())
}

/// Arguments of `known`.
#[derive(Debug, Args)]
#[command(
    after_help = "What is approved counts as one more confirmation; what is revoked counts no more, from the next run on.\n\
    Exit codes: 0 done \u{b7} 65 no such key \u{b7} 73 no record \u{b7} 75 a run is at work \u{b7} 78 settings"
)]
pub struct KnownArguments {
    /// What to do.
    #[command(subcommand)]
    pub action: KnownAction,
}

/// What to do with what was learned.
#[derive(Debug, Subcommand)]
pub enum KnownAction {
    /// List aliases and accounts with the payments and decisions that they came from
    List(KnownPlace),
    /// Confirm an alias or account once more, by its key
    Approve(KnownChangeArguments),
    /// Take an alias or account back, by its key
    Revoke(KnownChangeArguments),
}

/// Where the record is, and how to print.
#[derive(Debug, Args)]
pub struct KnownPlace {
    /// Settings file [default: config/paymatch.toml]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the record
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Print one JSON object for each alias or account
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `known approve` and `known revoke`.
#[derive(Debug, Args)]
pub struct KnownChangeArguments {
    /// Key, as `known list` shows it
    pub key: String,
    /// Who says so: recorded, not proved
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub note: String,
    /// Day that is recorded [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub as_of: Option<NaiveDate>,
    /// Where the record is.
    #[command(flatten)]
    pub place: KnownPlace,
}
