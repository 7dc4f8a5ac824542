//! TOML → checked options of all rooms. The shipped file is the schema: every key stands there with its reason.
//!
//! Reports all problems at once, each with its line and the nearest known key.

mod approval;
mod check;
mod classes;

pub use approval::{Approval, Release};

use crate::model::date::parse_iso;
use crate::model::money::parse_signed;
use crate::model::{Currency, Language, NaiveDate};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The settings file as it ships: every setting with its reason, and the demo's paths.
pub const SHIPPED: &str = include_str!("../../config/paymatch.toml");

/// Everything that a run can be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What is read.
    pub inputs: Inputs,
    /// Where results go.
    pub outputs: Outputs,
    /// Language of what people read.
    pub language: Language,
    /// How a run behaves.
    pub run: RunSettings,
    /// First day that is posted.
    pub post_from: Option<NaiveDate>,
    /// Rules about statements.
    pub statements: StatementRules,
    /// When the ERP is too late with what was posted.
    pub in_flight: InFlightRules,
    /// When an exception waits too long.
    pub reminders: ReminderRules,
    /// Claims of salespeople.
    pub claims: ClaimRules,
    /// Own accounts by number.
    pub accounts: BTreeMap<String, OwnAccount>,
    /// Weights and limits of the matcher.
    pub matching: crate::propose::Options,
    /// What may be posted.
    pub policy: crate::assign::Policy,
    /// What a second person must approve.
    pub approval: Approval,
    /// The class table of a backtest; `None` when there is none.
    pub class_table: Option<PathBuf>,
    /// What decides results, in a canonical form: its hash goes into the manifest. Paths and threads are not in it.
    pub canonical: String,
}

/// What is read. Paths are resolved.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Inputs {
    /// Files and folders.
    pub statements: Vec<PathBuf>,
    /// Open items.
    pub open_items: Option<PathBuf>,
    /// Customers.
    pub customers: Option<PathBuf>,
    /// Confirmed history.
    pub history: Option<PathBuf>,
    /// Folder of returned sheets.
    pub decisions: Option<PathBuf>,
}

/// Where results go. Paths are resolved.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outputs {
    /// Folder of the record.
    pub state: PathBuf,
    /// Folder of the run folders.
    pub out: PathBuf,
    /// Folder of the posting files.
    pub outbox: PathBuf,
}

/// How a run behaves.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunSettings {
    /// IANA name of the zone of the start date.
    pub time_zone: String,
    /// Post or shadow.
    pub mode: Mode,
    /// Threads; 0 takes all cores.
    pub threads: usize,
}

/// Whether a run posts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Books what is certain.
    Post,
    /// Proposes everything.
    Shadow,
}

/// Rules about statements.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementRules {
    /// What happens with payments of a statement that nothing proves complete.
    pub unproved: Unproved,
    /// What happens with payments of statements after a missing one.
    pub on_gap: OnGap,
    /// Folder with own CSV layouts; empty: none.
    pub profiles: String,
    /// Accounts with inverted reversals.
    pub reversal_sign: BTreeMap<String, ReversalSign>,
}

impl StatementRules {
    /// Returns the numbers of the accounts whose bank inverts reversals.
    pub fn inverted_reversal_accounts(&self) -> BTreeSet<String> {
        let inverted = self
            .reversal_sign
            .iter()
            .filter(|(_, sign)| **sign == ReversalSign::Inverted);
        inverted
            .map(|(account, _)| crate::model::party::account_number(account))
            .collect()
    }
}

/// How long the ERP may take, in days; 0: as long as it likes.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InFlightRules {
    /// The same export for so long is told.
    pub export_warn_days: u32,
    /// The same export for so long ends the run.
    pub export_stop_days: u32,
    /// A posting that newer exports do not show is told after so many days.
    pub unbooked_warn_days: u32,
    /// No machine posts on an item whose postings newer exports do not show for so long.
    pub unbooked_stop_days: u32,
}

/// When an exception waits too long; days since booking, 0: never.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReminderRules {
    /// Any exception.
    pub days: u32,
    /// A large one.
    pub large_days: u32,
    /// What is large, in minor units by currency.
    pub large: BTreeMap<Currency, i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RemindersTable {
    days: u32,
    large_days: u32,
    large: BTreeMap<String, String>,
}

/// Claims of salespeople, as the settings have them.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimRules {
    /// The table; empty: none.
    pub file: PathBuf,
    /// Days that a claim and the booking may be apart.
    pub days_apart_max: u32,
    /// Days after which a claim without a receipt is overdue.
    pub overdue_days: u32,
    /// Writes a workbook with a sheet for each salesperson.
    pub sheets: bool,
}

impl ClaimRules {
    /// Returns the table, where there is one.
    pub fn table(&self) -> Option<&Path> {
        Some(self.file.as_path()).filter(|path| !path.as_os_str().is_empty())
    }
}

/// What happens with payments of an unproved statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unproved {
    /// They are matched and posted as others.
    Post,
    /// They are only proposed.
    Propose,
}

/// What happens with payments of statements after a missing one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnGap {
    /// They are matched and posted as others; the gap is told.
    Warn,
    /// They are only proposed until what is missing arrives.
    Hold,
}

/// How a bank signs reversals.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReversalSign {
    /// As ISO 20022 says: CdtDbtInd alone decides.
    Iso,
    /// The indicator is that of the entry that is reversed.
    Inverted,
}

/// One own account.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnAccount {
    /// Company whose items its payments settle.
    #[serde(default)]
    pub company: String,
    /// Currency where the statements do not say it.
    #[serde(default)]
    pub currency: String,
    /// Ledger account that the bank line is booked against.
    #[serde(default)]
    pub clearing_account: String,
}

/// What is wrong with settings: all of it at once.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct SettingsError(pub Vec<String>);

#[derive(Deserialize)]
struct InputsTable {
    statements: Vec<String>,
    open_items: String,
    customers: String,
    history: String,
    decisions: String,
}

#[derive(Deserialize)]
struct ClassesTable {
    table: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutputTable {
    language: Language,
}

#[derive(Deserialize)]
struct OutputsTable {
    state: String,
    out: String,
    outbox: String,
}

/// Returns the settings of a file's text; `name` stands in messages, paths are relative to `folder`.
///
/// Refuses with every problem at once: syntax, unknown keys with the nearest known one, values of another type or range.
pub fn parse(name: &str, text: &str, folder: &Path) -> Result<Settings, SettingsError> {
    let mut problems = check::problems(name, text, SHIPPED);
    let merged = match check::merged(text, SHIPPED) {
        Ok(merged) if problems.is_empty() => merged,
        Ok(_) => return Err(SettingsError(problems)),
        Err(problem) => {
            if problems.is_empty() {
                problems.push(format!("error[SETTINGS]: {name}: {problem}"));
            }
            return Err(SettingsError(problems));
        }
    };
    let mut sections = Sections {
        name,
        merged: &merged,
        problems,
    };
    let inputs: Option<InputsTable> = sections.read("inputs");
    let outputs: Option<OutputsTable> = sections.read("outputs");
    let output: Option<OutputTable> = sections.read("output");
    let run: Option<RunSettings> = sections.read("run");
    let start: Option<BTreeMap<String, String>> = sections.read("start");
    let statements: Option<StatementRules> = sections.read("statements");
    let in_flight: Option<InFlightRules> = sections.read("in_flight");
    let reminders = sections.reminders();
    let claims: Option<ClaimRules> = sections.read("claims");
    let accounts: Option<BTreeMap<String, OwnAccount>> = sections.read("accounts");
    let matching: Option<crate::propose::Options> = sections.read("matching");
    let policy: Option<crate::assign::Policy> = sections.read("policy");
    let approval: Option<Approval> = sections.read("approval");
    let classes: Option<ClassesTable> = sections.read("classes");
    if let Some(run) = &run
        && run.time_zone.parse::<chrono_tz::Tz>().is_err()
    {
        let text = format!(
            "`{}` is no time zone, expected an IANA name as Europe/Berlin or Asia/Shanghai",
            run.time_zone
        );
        sections.problem("run.time_zone", &text);
    }
    let post_from = start
        .as_ref()
        .and_then(|start| start.get("post_from"))
        .map_or("", String::as_str);
    let first_day = parse_iso(post_from);
    if !post_from.is_empty() && first_day.is_none() {
        sections.problem(
            "start.post_from",
            &format!("`{post_from}` is not a date, expected YYYY-MM-DD"),
        );
    }
    if let Some(Err(problem)) = policy.as_ref().map(crate::assign::Policy::classes) {
        sections.problem("policy.posts", &problem);
    }
    for problem in approval.iter().flat_map(Approval::problems) {
        sections.problem("approval", &problem);
    }
    let problems = sections.problems;
    let (Some(inputs), Some(outputs), Some(output), Some(run), Some(mut statements)) =
        (inputs, outputs, output, run, statements)
    else {
        return Err(SettingsError(problems));
    };
    let (
        Some(in_flight),
        Some(reminders),
        Some(mut claims),
        Some(accounts),
        Some(matching),
        Some(policy),
        Some(approval),
    ) = (in_flight, reminders, claims, accounts, matching, policy, approval)
    else {
        return Err(SettingsError(problems));
    };
    if !problems.is_empty() {
        return Err(SettingsError(problems));
    }
    if !statements.profiles.is_empty() {
        statements.profiles = folder.join(&statements.profiles).to_string_lossy().into_owned();
    }
    if claims.table().is_some() {
        claims.file = folder.join(&claims.file);
    }
    Ok(Settings {
        inputs: resolved_inputs(&inputs, folder),
        outputs: Outputs {
            state: folder.join(outputs.state),
            out: folder.join(outputs.out),
            outbox: folder.join(outputs.outbox),
        },
        language: output.language,
        run,
        post_from: first_day,
        statements,
        in_flight,
        reminders,
        claims,
        accounts: accounts
            .into_iter()
            .map(|(number, account)| (crate::model::party::account_number(&number), account))
            .collect(),
        matching,
        policy,
        approval,
        class_table: classes
            .filter(|classes| !classes.table.is_empty())
            .map(|classes| folder.join(classes.table)),
        canonical: check::canonical(&merged),
    })
}

fn resolved_inputs(inputs: &InputsTable, folder: &Path) -> Inputs {
    let path = |text: &str| (!text.is_empty()).then(|| folder.join(text));
    Inputs {
        statements: inputs.statements.iter().map(|text| folder.join(text)).collect(),
        open_items: path(&inputs.open_items),
        customers: path(&inputs.customers),
        history: path(&inputs.history),
        decisions: path(&inputs.decisions),
    }
}

struct Sections<'a> {
    name: &'a str,
    merged: &'a toml::Table,
    problems: Vec<String>,
}

impl Sections<'_> {
    fn read<T: serde::de::DeserializeOwned>(&mut self, section: &str) -> Option<T> {
        let value = self
            .merged
            .get(section)
            .cloned()
            .unwrap_or_else(|| toml::Value::Table(toml::Table::new()));
        match value.try_into() {
            Ok(read) => Some(read),
            Err(error) => {
                let reason = error.message().to_owned();
                self.problem(section, &reason);
                None
            }
        }
    }

    /// Amounts are texts: a number in TOML has no exact decimals.
    fn reminders(&mut self) -> Option<ReminderRules> {
        let table: RemindersTable = self.read("reminders")?;
        let mut large = BTreeMap::new();
        for (code, written) in &table.large {
            let currency = Currency::new(code);
            let minor = currency.and_then(|currency| parse_signed(written, currency.decimals()).ok());
            match currency.zip(minor) {
                Some((currency, minor)) => {
                    large.insert(currency, minor);
                }
                None => {
                    let text =
                        format!("`{code} = \"{written}\"` is no currency with its amount, as EUR = \"10000.00\"");
                    self.problem("reminders.large", &text);
                }
            }
        }
        Some(ReminderRules {
            days: table.days,
            large_days: table.large_days,
            large,
        })
    }

    fn problem(&mut self, key: &str, text: &str) {
        self.problems
            .push(format!("error[SETTINGS]: {}: [{key}]: {text}", self.name));
    }
}
