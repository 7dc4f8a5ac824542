//! Delivered statements → new payments and duplicates: every booked entry goes to exactly one place.

mod again;

use crate::model::night::DuplicateEntry;
use crate::model::statement::StatementKind;
use crate::model::{
    Amount, Currency, Entry, Finding, FindingCode, Label, NaiveDate, Payment, PaymentId, Reason, Source, Standing,
    Statement,
};
use crate::run::failure::Failure;
use crate::run::identity::{self, EntryFacts, Relation, StatementFacts};
use crate::run::notices::Notice;
use crate::run::payments::{self, AccountContext};
use crate::run::recognise::{KnownEntry, Recognised, recognise};
use again::{add_duplicates, add_registered, repeated};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A statement to be registered.
pub struct Delivered<'a> {
    /// The statement, not refused by the reader. Registered, it has no entries any more: they are payments then.
    pub statement: &'a mut Statement,
    /// Our account, in capitals without blanks.
    pub account: String,
    /// Company of the account.
    pub company: String,
    /// `camt`, `csv:dkb` …
    pub format: String,
    /// File by its hash.
    pub file_sha256: &'a str,
}

/// A statement that was accepted now.
#[derive(Clone, Debug)]
pub struct NewStatement {
    /// Our account.
    pub account: String,
    /// Its facts.
    pub facts: StatementFacts,
    /// Format.
    pub format: String,
    /// File.
    pub file_sha256: String,
    /// Where it stands.
    pub source: Source,
}

/// A payment that was accepted now.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// The payment.
    pub payment: Arc<Payment>,
    /// Key of its entry, without the ordinal.
    pub entry_key: Arc<str>,
    /// Ordinal of the entry among identical ones.
    pub ordinal: u32,
    /// Facts of its entry.
    pub entry: Arc<EntryFacts>,
    /// Key of its statement.
    pub statement_key: Arc<str>,
    /// File.
    pub file_sha256: Arc<str>,
    /// The batch of an earlier run in whose place it stands.
    pub replaces: Option<PaymentId>,
}

/// A duplicate with the file that brought it.
#[derive(Clone, Debug)]
pub struct NewDuplicate {
    /// What is written.
    pub entry: DuplicateEntry,
    /// File.
    pub file_sha256: String,
}

/// A statement of the record.
#[derive(Clone, Debug)]
pub struct RememberedStatement {
    /// Its facts.
    pub facts: StatementFacts,
    /// Format.
    pub format: String,
}

/// An entry of the record with its payments.
#[derive(Clone, Debug)]
pub struct RememberedEntry {
    /// Key without ordinal.
    pub entry_key: Arc<str>,
    /// Facts.
    pub facts: Arc<EntryFacts>,
    /// Key of the statement that brought it first.
    pub statement_key: Arc<str>,
    /// Its payments.
    pub payments: Vec<RememberedPayment>,
}

/// A payment of a remembered entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RememberedPayment {
    /// Id.
    pub id: PaymentId,
    /// Signed minor units.
    pub signed: i64,
    /// bank_ref.
    pub bank_ref: Label,
    /// What became of it: `posted`, `open` …
    pub state: &'static str,
}

/// What the record knows of an account.
pub trait Memory {
    /// Returns the statements of an account.
    fn statements(&self, account: &str) -> Result<Vec<RememberedStatement>, Failure>;
    /// Returns the entries of an account between two days.
    fn entries(&self, account: &str, first: NaiveDate, last: NaiveDate) -> Result<Vec<RememberedEntry>, Failure>;
}

/// What a delivery brought.
#[derive(Debug, Default)]
pub struct Registered {
    /// New payments.
    pub payments: Vec<NewPayment>,
    /// Accepted statements.
    pub statements: Vec<NewStatement>,
    /// Entries that are not in the books: shown tonight, remembered by nobody, because they come again when they are booked.
    pub not_booked: Vec<Arc<Payment>>,
    /// Batches of earlier runs whose details stand among the new payments now.
    pub replaced: BTreeSet<PaymentId>,
    /// Batches whose notified details do not add up to them, and the sum of those in signed minor units.
    pub short: BTreeMap<PaymentId, i64>,
    /// What was notified for the first time and is to be kept.
    pub notices: Vec<Notice>,
    /// Keys of the notified entries whose details are payments now.
    pub joined: Vec<String>,
    /// Known entries.
    pub duplicates: Vec<NewDuplicate>,
    /// Conflicts and repeated statements.
    pub findings: Vec<Finding>,
    /// Files with a statement that was refused here, by hash.
    pub refused_files: BTreeSet<String>,
    /// Positions of the delivered statements that were refused here.
    pub refused: BTreeSet<usize>,
}

#[derive(Default)]
struct AccountMemory {
    statements: Vec<RememberedStatement>,
    entries: Vec<RememberedEntry>,
    /// Entry key → how many entries have it.
    ordinals: FxHashMap<Arc<str>, u32>,
}

impl AccountMemory {
    fn add(&mut self, entry: RememberedEntry) {
        *self.ordinals.entry(entry.entry_key.clone()).or_default() += 1;
        self.entries.push(entry);
    }
}

/// Registers statements in an order of their own: by account, what their format tells, first day, sequence number, then content.
pub fn register(
    delivered: &mut [Delivered<'_>],
    own_accounts: &BTreeSet<String>,
    post_from: Option<NaiveDate>,
    memory: &dyn Memory,
) -> Result<Registered, Failure> {
    let facts: Vec<StatementFacts> = delivered
        .iter()
        .map(|one| identity::statement_facts(&one.account, one.statement))
        .collect();
    let mut order: Vec<usize> = (0..delivered.len()).collect();
    let key = |position: &usize| {
        let fact = &facts[*position];
        (
            &delivered[*position].account,
            poverty(&delivered[*position].format),
            fact.days,
            fact.sequence,
            &fact.content_hash,
            &delivered[*position].format,
        )
    };
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut registered = Registered::default();
    let mut accounts: BTreeMap<String, AccountMemory> = BTreeMap::new();
    for position in order {
        if delivered[position].statement.kind != StatementKind::Statement {
            continue;
        }
        let entries = Entries::of(delivered[position].statement);
        let one = &delivered[position];
        if !accounts.contains_key(&one.account) {
            let days = delivered
                .iter()
                .zip(&facts)
                .filter(|(other, _)| other.account == one.account)
                .filter_map(|(_, facts)| facts.days);
            let span = days.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
            let mut loaded = AccountMemory {
                statements: memory.statements(&one.account)?,
                ..AccountMemory::default()
            };
            if let Some((first, last)) = span {
                memory
                    .entries(&one.account, first, last)?
                    .into_iter()
                    .for_each(|entry| loaded.add(entry));
            }
            accounts.insert(one.account.clone(), loaded);
        }
        let Some(known) = accounts.get_mut(&one.account) else {
            continue;
        };
        let context = AccountContext {
            account: &one.account,
            company: &one.company,
            own_accounts,
            post_from,
        };
        register_one(
            position,
            one,
            entries,
            &facts[position],
            &context,
            known,
            &mut registered,
        );
    }
    Ok(registered)
}

/// The richest format first: where one night brings a statement in several, its words are matched.
fn poverty(format: &str) -> u8 {
    match format {
        "camt" => 0,
        _ if format.starts_with("MT") => 1,
        _ => 2,
    }
}

/// The statement that brings a payment, as each of its payments tells it.
struct Bringer {
    key: Arc<str>,
    file_sha256: Arc<str>,
}

/// What a statement brings, taken out of it.
struct Entries {
    /// Currency of the account.
    currency: Option<Currency>,
    entries: Vec<Entry>,
}

impl Entries {
    fn of(statement: &mut Statement) -> Entries {
        Entries {
            currency: statement.currency(),
            entries: std::mem::take(&mut statement.entries),
        }
    }
}

struct Prepared {
    is_booked: bool,
    facts: Arc<EntryFacts>,
    payments: Vec<Payment>,
}

fn register_one(
    position: usize,
    one: &Delivered<'_>,
    entries: Entries,
    facts: &StatementFacts,
    context: &AccountContext<'_>,
    known: &mut AccountMemory,
    registered: &mut Registered,
) {
    let relations: Vec<(Relation, &RememberedStatement)> = known
        .statements
        .iter()
        .map(|statement| {
            let is_same_format = statement.format == one.format;
            (identity::relation(&statement.facts, facts, is_same_format), statement)
        })
        .collect();
    let source = || one.statement.source.clone();
    let is_same = relations.iter().any(|(relation, _)| *relation == Relation::Same);
    let is_reused = !is_same
        && known
            .statements
            .iter()
            .any(|statement| statement.facts.key == facts.key);
    // A bank that numbers all its statements alike: other days, other content. The day tells them apart.
    let apart = facts.days.map(|(first, _)| first.to_string()).unwrap_or_default();
    let apart = format!("{}/{apart}", facts.key);
    let conflict = relations.iter().find(|(relation, statement)| {
        let is_reused_day = is_reused && statement.format == one.format && statement.facts.key == apart;
        *relation == Relation::Conflict || is_reused_day
    });
    if let Some((_, conflict)) = conflict {
        let before = known.entries.iter();
        let before = before.filter(|entry| *entry.statement_key == conflict.facts.key);
        let before: Vec<&EntryFacts> = before.map(|entry| &*entry.facts).collect();
        let now = prepare(entries, context);
        let now: Vec<&EntryFacts> = now.iter().filter(|e| e.is_booked).map(|entry| &*entry.facts).collect();
        let difference = difference(&conflict.facts, facts, &before, &now);
        let finding = Finding::error(
            FindingCode::StatementConflict,
            source(),
            vec![facts.key.clone(), difference],
        );
        registered.findings.push(finding);
        registered.refused_files.insert(one.file_sha256.to_owned());
        registered.refused.insert(position);
        return;
    }
    let mut booked = entries.entries.iter().filter(|entry| entry.is_booked());
    let undated = booked.find(|entry| !payments::has_date(entry));
    if let Some(entry) = undated {
        registered.findings.push(Finding::error(
            FindingCode::DateMissing,
            entry.source.clone(),
            Vec::new(),
        ));
        registered.refused_files.insert(one.file_sha256.to_owned());
        registered.refused.insert(position);
        return;
    }
    let mut facts = facts.clone();
    if !is_same {
        facts.key = unused_key(&facts, &known.statements);
    }
    let facts = &facts;
    let disjoint: BTreeSet<Arc<str>> = relations
        .iter()
        .filter(|(relation, _)| *relation == Relation::Consecutive)
        .map(|(_, statement)| statement.facts.key.as_str().into())
        .collect();
    // What is written anew in the same format is compared as if it were another one: its words prove nothing.
    let format_of: BTreeMap<String, String> = relations
        .iter()
        .filter(|(relation, _)| *relation != Relation::Rewritten)
        .map(|(_, statement)| (statement.facts.key.clone(), statement.format.clone()))
        .collect();
    let (prepared, not_booked): (Vec<Prepared>, Vec<Prepared>) =
        prepare(entries, context).into_iter().partition(|entry| entry.is_booked);
    for Prepared {
        facts, mut payments, ..
    } in not_booked
    {
        identity::name_payments(&format!("{}/not-booked", facts.key(&one.account)), 1, &mut payments);
        registered.not_booked.extend(payments.into_iter().map(Arc::new));
    }
    let candidates: Vec<usize> = (0..known.entries.len())
        .filter(|position| !disjoint.contains(&known.entries[*position].statement_key))
        .collect();
    let comparable: Vec<KnownEntry> = candidates
        .iter()
        .map(|position| {
            let entry = &known.entries[*position];
            KnownEntry {
                facts: entry.facts.clone(),
                format: format_of.get(&*entry.statement_key).cloned().unwrap_or_default(),
                parts: entry.payments.iter().map(|payment| payment.signed).collect(),
            }
        })
        .collect();
    let delivered: Vec<(Arc<EntryFacts>, Vec<i64>)> = prepared.iter().map(Prepared::compared).collect();
    let answers = recognise(&delivered, &one.format, facts.is_proved, &comparable);
    if is_same {
        registered.findings.push(Finding::warning(
            FindingCode::StatementTwice,
            source(),
            vec![facts.key.clone()],
        ));
    } else {
        known.statements.push(RememberedStatement {
            facts: facts.clone(),
            format: one.format.clone(),
        });
        registered.statements.push(NewStatement {
            account: one.account.clone(),
            facts: facts.clone(),
            format: one.format.clone(),
            file_sha256: one.file_sha256.to_owned(),
            source: source(),
        });
    }
    let bringer = Bringer {
        key: facts.key.as_str().into(),
        file_sha256: one.file_sha256.into(),
    };
    for (entry, answer) in prepared.into_iter().zip(answers) {
        let rule = if is_same { "SAME_STATEMENT" } else { "OVERLAP" };
        let same = |candidate: usize| &known.entries[candidates[candidate]];
        match answer {
            // Split otherwise than the first time: what was registered then is what comes again.
            Recognised::Same(candidate) if entry.payments.len() != same(candidate).payments.len() => {
                add_registered(one, &entry, same(candidate), rule, registered);
            }
            Recognised::Same(candidate) => {
                let repeated = repeated(&entry.payments, same(candidate));
                add_duplicates(one, &entry, &repeated, rule, registered);
            }
            Recognised::Part(candidate, part) => {
                let repeated = [(same(candidate), same(candidate).payments.get(part))];
                add_duplicates(one, &entry, &repeated, rule, registered);
            }
            Recognised::Sum(parts) => {
                let parts = parts
                    .into_iter()
                    .map(|candidate| (same(candidate), same(candidate).payments.first()));
                add_duplicates(one, &entry, &parts.collect::<Vec<_>>(), rule, registered);
            }
            Recognised::New => add_new(&one.account, &bringer, entry, known, registered, false),
            Recognised::Suspect => add_new(&one.account, &bringer, entry, known, registered, true),
        }
    }
}

/// Returns the statement's key, or one made of it that no known statement has.
///
/// A bank that numbers all its statements alike: other days, other content. The day tells them apart, and where another format
/// has the same number on the same day, the content.
fn unused_key(facts: &StatementFacts, known: &[RememberedStatement]) -> String {
    let first = facts.days.map(|(first, _)| first.to_string()).unwrap_or_default();
    let keys = [facts.key.clone(), format!("{}/{first}", facts.key)];
    let is_unused = |key: &String| known.iter().all(|statement| statement.facts.key != *key);
    let unused = keys.into_iter().find(is_unused);
    unused.unwrap_or_else(|| format!("{}/{}", facts.key, facts.content_hash))
}

/// Entries become payments one after the other, each in the memory of the last.
fn prepare(Entries { currency, entries }: Entries, context: &AccountContext<'_>) -> Vec<Prepared> {
    let mut prepared = Vec::with_capacity(entries.len());
    for entry in entries {
        // Booked entries have a day, that was looked at; one that is not booked and has none yet is in no total.
        let Some(payments) = payments::of_entry(&entry, currency, context) else {
            continue;
        };
        let Some(facts) = identity::entry_facts(&entry, &payments) else {
            continue;
        };
        prepared.push(Prepared {
            is_booked: entry.is_booked(),
            facts: Arc::new(facts),
            payments,
        });
    }
    prepared
}

impl Prepared {
    /// What is compared: the entry's facts, and its payments in signed minor units.
    fn compared(&self) -> (Arc<EntryFacts>, Vec<i64>) {
        let parts = self.payments.iter().map(|payment| payment.amount.minor);
        (self.facts.clone(), parts.collect())
    }
}

fn add_new(
    account: &str,
    statement: &Bringer,
    entry: Prepared,
    known: &mut AccountMemory,
    registered: &mut Registered,
    is_suspect: bool,
) {
    let Prepared {
        facts: entry_facts,
        mut payments,
        ..
    } = entry;
    let entry_key: Arc<str> = entry_facts.key(account).into();
    let ordinal = known.ordinals.get(&entry_key).copied().unwrap_or(0) + 1;
    identity::name_payments(&entry_key, ordinal, &mut payments);
    let remembered = payments.iter().map(|payment| RememberedPayment {
        id: payment.id.clone(),
        signed: payment.amount.minor,
        bank_ref: payment.bank_ref.clone(),
        state: "new in this run",
    });
    known.add(RememberedEntry {
        entry_key: entry_key.clone(),
        facts: entry_facts.clone(),
        statement_key: Arc::clone(&statement.key),
        payments: remembered.collect(),
    });
    for mut payment in payments {
        let is_open = matches!(
            payment.standing,
            Standing::Receipt | Standing::Held(Reason::BatchWithoutDetails)
        );
        if is_suspect && is_open {
            payment.standing = Standing::Held(Reason::DuplicateSuspect);
        }
        registered.payments.push(NewPayment {
            payment: Arc::new(payment),
            entry_key: entry_key.clone(),
            ordinal,
            entry: entry_facts.clone(),
            statement_key: Arc::clone(&statement.key),
            file_sha256: Arc::clone(&statement.file_sha256),
            replaces: None,
        });
    }
}

/// Says how two deliveries of one statement differ: balances first, then the entries that only one of them has.
fn difference(before: &StatementFacts, now: &StatementFacts, old: &[&EntryFacts], new: &[&EntryFacts]) -> String {
    let currency = now.currency.or(before.currency);
    let shown = |minor: Option<i64>| match (minor, currency) {
        (Some(minor), Some(currency)) => Amount::new(minor, currency).to_string(),
        (Some(minor), None) => minor.to_string(),
        (None, _) => "none".to_owned(),
    };
    let mut said = Vec::new();
    if before.opening != now.opening || before.closing != now.closing {
        said.push(format!(
            "opening {} and closing {} before, {} and {} now",
            shown(before.opening),
            shown(before.closing),
            shown(now.opening),
            shown(now.closing)
        ));
    }
    said.extend(only_in("no longer there", old, new));
    said.extend(only_in("new", new, old));
    if said.is_empty() {
        said.push("the balances and amounts are the same, texts or references differ".to_owned());
    }
    said.join("; ")
}

/// "2 entries are new, the first 2026-03-02 119.00 EUR": by day, amount and reference, as often as they stand there.
fn only_in(how: &str, these: &[&EntryFacts], others: &[&EntryFacts]) -> Option<String> {
    let key = |entry: &EntryFacts| (entry.date, entry.signed, entry.servicer_reference.clone());
    let mut left: BTreeMap<_, i64> = BTreeMap::new();
    for other in others {
        *left.entry(key(other)).or_default() += 1;
    }
    let mut only: Vec<&EntryFacts> = Vec::new();
    for entry in these {
        let count = left.entry(key(entry)).or_default();
        *count -= 1;
        if *count < 0 {
            only.push(entry);
        }
    }
    only.sort_by_key(|entry| key(entry));
    let first = only.first()?;
    let amount = Amount::new(first.signed, first.currency);
    Some(match only.len() {
        1 => format!("the entry of {} with {amount} is {how}", first.date),
        several => format!("{several} entries are {how}, the first of {} with {amount}", first.date),
    })
}
