//! Bank tables: a layout is a profile in TOML, chosen by the header; the rows become statements, one per account and currency.
//!
//! Knows no bank by name: everything that differs stands in `config/banks/`. Totals and balances around the rows are evidence.

mod balance;
mod entry;
mod facts;
mod parties;
mod profile;
mod suggest;
mod totals;

pub use profile::Profile;
pub use suggest::suggest;

use crate::model::statement::{Balance, BalanceKind, Entry, Proof, StatementKind};
use crate::model::{Account, Amount, Currency, Finding, FindingCode, NaiveDate, Severity, Source, Statement};
use crate::read::statement::FileReading;
use crate::read::table::{Document, Header, KnownNames};
use balance::Chain;
use entry::{Line, RowEntries};
use facts::Facts;
use profile::{Resolved, Role};
use std::collections::{BTreeMap, BTreeSet};
use totals::Tally;

/// Accounts that one table may name: beyond it, the column is another one than it seems.
const ACCOUNTS_MAX: usize = 2_000;

/// Returns what a bank's table says: statements by account and currency, or why the file is refused.
///
/// A statement that a balance or a control total proves is all or nothing; without one, bad rows are named and the rest is read.
pub fn read(name: &str, bytes: &[u8], profiles: &[Profile], as_of: NaiveDate) -> FileReading {
    let mut reading = FileReading {
        file: name.to_owned(),
        message: None,
        statements: vec![],
        findings: vec![],
        refusal: None,
    };
    if let Err(refusal) = read_into(&mut reading, bytes, profiles, as_of) {
        reading.statements.clear();
        reading.refusal = Some(refusal);
    }
    reading
}

fn read_into(reading: &mut FileReading, bytes: &[u8], profiles: &[Profile], as_of: NaiveDate) -> Result<(), Finding> {
    let (document, header, resolved) = recognise(&reading.file, bytes, profiles)?;
    reading.message = Some(format!("csv:{}", resolved.profile.id));
    let mut facts = Facts::default();
    for (line, cells) in document.preamble(&header) {
        facts.look_at(&resolved, line, &cells);
    }
    facts.end_preamble();
    let mut entries = RowEntries::new(&document, &header, &resolved, &facts, as_of);
    let mut rows = document.rows(&header);
    while let Some(row) = rows.next_row()? {
        if row.is_blank() || facts.look_at_row(&resolved, row) || resolved.profile.is_ignored(row) {
            continue;
        }
        if facts.has_ended() && !entries.has_day_and_money(row) {
            continue;
        }
        let is_remark = row.width() == 1 && row.cell(0).chars().any(char::is_alphabetic);
        entries.take(row);
        if let Some(ragged) = rows.width_fault().filter(|_| !is_remark) {
            entries.replace_last(ragged);
        }
    }
    if let Some(missing) = facts.missing(&resolved) {
        let args = vec![missing.labels.join("`, `")];
        let source = Source::file(&reading.file);
        return Err(Finding::error(FindingCode::ControlTotalMissing, source, args));
    }
    let (lines, mut findings) = entries.finish();
    let mut faults = findings.iter().filter(|finding| finding.severity == Severity::Error);
    if let (true, Some(fault)) = (lines.is_empty(), faults.next()) {
        // Not a row can be read: the layout or the file is another one than it seems.
        let refusal = fault.clone();
        reading.findings = findings;
        return Err(refusal);
    }
    findings.extend(document.lost_characters());
    let is_complete = findings.iter().all(|finding| finding.severity != Severity::Error);
    let currency = lines
        .first()
        .map(|line| line.entry.amount.currency)
        .or(facts.currency(&resolved));
    facts.settle(currency, Source::file(&reading.file));
    let accounts: BTreeSet<&str> = lines.iter().map(|line| line.account.as_str()).collect();
    if accounts.len() > ACCOUNTS_MAX {
        let args = vec![accounts.len().to_string(), ACCOUNTS_MAX.to_string()];
        let source = document.line(header.line);
        return Err(Finding::error(FindingCode::AccountsMany, source, args));
    }
    let tally = Tally::of(&lines);
    let has_balances = lines.iter().any(|line| line.balance.is_some());
    reading.statements = statements(&document, &header, &resolved, &facts, lines);
    totals::check(&facts.totals(), &tally, &mut reading.statements);
    for statement in &mut reading.statements {
        judge(statement, has_balances, is_complete, &findings);
        if statement.account.number().is_none() {
            findings.push(Finding::warning(
                FindingCode::AccountMissing,
                statement.source.clone(),
                vec![],
            ));
        }
    }
    reading.findings = findings;
    Ok(())
}

/// Returns the decoded file with its header and its profile. Tries the charsets of the profiles when nothing fits at first.
fn recognise<'b, 'p>(
    name: &str,
    bytes: &'b [u8],
    profiles: &'p [Profile],
) -> Result<(Document<'b>, Header, Resolved<'p>), Finding> {
    let mut known = KnownNames::default();
    profiles.iter().for_each(|profile| profile.names(&mut known));
    let document = Document::open(name, bytes, None)?;
    let mut charsets: Vec<&str> = profiles
        .iter()
        .filter_map(|profile| profile.charset.as_deref())
        .collect();
    charsets.sort_unstable();
    charsets.dedup();
    let first = choose(&document, &known, profiles)?;
    if let Some((header, resolved)) = first {
        let wanted = resolved.profile.charset.as_deref();
        let is_guess = !matches!(document.encoding, "UTF-8" | "UTF-16LE" | "UTF-16BE" | "XLSX");
        if let (Some(charset), true) = (wanted, is_guess) {
            let document = Document::open(name, bytes, Some(charset))?;
            if let Some((header, resolved)) = choose(&document, &known, profiles)? {
                return Ok((document, header, resolved));
            }
        }
        return Ok((document, header, resolved));
    }
    if document.encoding != "UTF-8" {
        for charset in charsets {
            let Ok(other) = Document::open(name, bytes, Some(charset)) else {
                continue;
            };
            if let Some((header, resolved)) = choose(&other, &known, profiles)? {
                return Ok((other, header, resolved));
            }
        }
    }
    let args = vec![document.likely_names()];
    Err(Finding::error(FindingCode::HeaderUnknown, Source::file(name), args))
}

/// Returns header and profile; refuses when two profiles fit equally, or two sheets hold a statement each.
///
/// A profile of the user wins over those that are shipped; among them the one that knows most columns.
fn choose<'p>(
    document: &Document<'_>,
    known: &KnownNames,
    profiles: &'p [Profile],
) -> Result<Option<(Header, Resolved<'p>)>, Finding> {
    let mut found: Option<(Header, Resolved<'p>)> = None;
    for header in document.find_headers(known) {
        let Some(resolved) = fitting(document, &header, profiles)? else {
            continue;
        };
        if let Some((first, _)) = &found {
            let sheets = format!("{}, {}", document.sheet_name(first), document.sheet_name(&header));
            let source = document.line(header.line);
            return Err(Finding::error(FindingCode::SheetsSeveral, source, vec![sheets]));
        }
        found = Some((header, resolved));
    }
    Ok(found)
}

/// Returns the profile that fits this header.
fn fitting<'p>(
    document: &Document<'_>,
    header: &Header,
    profiles: &'p [Profile],
) -> Result<Option<Resolved<'p>>, Finding> {
    let mut fitting: Vec<Resolved<'p>> = profiles.iter().filter_map(|profile| profile.resolve(header)).collect();
    let rank = |resolved: &Resolved<'_>| (!resolved.profile.is_shipped, resolved.fit);
    let best = fitting.iter().map(rank).max();
    fitting.retain(|resolved| Some(rank(resolved)) == best);
    if fitting.len() > 1 {
        let mut ids: Vec<&str> = fitting.iter().map(|resolved| resolved.profile.id.as_str()).collect();
        ids.sort_unstable();
        return Err(Finding::error(
            FindingCode::HeaderAmbiguous,
            document.line(header.line),
            vec![ids.join(", ")],
        ));
    }
    Ok(fitting.pop())
}

/// Groups the lines by account and currency, in order of first appearance.
fn statements(
    document: &Document<'_>,
    header: &Header,
    resolved: &Resolved<'_>,
    facts: &Facts,
    lines: Vec<Line>,
) -> Vec<Statement> {
    let mut order: Vec<(String, Currency)> = Vec::new();
    let mut groups: BTreeMap<(String, Currency), Vec<Line>> = BTreeMap::new();
    for line in lines {
        let key = (line.account.clone(), line.entry.amount.currency);
        if !groups.contains_key(&key) {
            order.push(key.clone());
        }
        groups.entry(key).or_default().push(line);
    }
    let mut statements = Vec::new();
    for key in order {
        let lines = groups.remove(&key).unwrap_or_default();
        let mut statement = empty_statement(document.line(header.line), &key.0, Some(key.1));
        let (entries, chain) = Chain::of(lines);
        statement.entries = entries;
        facts.add_balances(&mut statement, key.1);
        chain.add_to(&mut statement);
        statements.push(statement);
    }
    if statements.is_empty() {
        let account = facts.account.clone().unwrap_or_default();
        let currency = facts.currency(resolved);
        let mut statement = empty_statement(document.line(header.line), &account, currency);
        if let Some(currency) = currency {
            facts.add_balances(&mut statement, currency);
        }
        statements.push(statement);
    }
    if let [statement] = statements.as_mut_slice() {
        (statement.from, statement.to) = (facts.from, facts.to);
        statement.account.name = facts.account_name.as_deref().map(crate::model::Label::from);
    }
    statements
}

fn empty_statement(source: Source, account: &str, currency: Option<Currency>) -> Statement {
    Statement {
        kind: StatementKind::Statement,
        id: None,
        electronic_sequence: None,
        legal_sequence: None,
        page: None,
        created: None,
        from: None,
        to: None,
        copy_indicator: None,
        account: Account {
            currency: currency.map(|known| known.code().into()),
            ..parties::account(account)
        },
        owner: None,
        servicer: None,
        balances: vec![],
        entries: vec![],
        control: vec![],
        proof: Proof::Unproved,
        refusal: None,
        source,
    }
}

/// Says what balances prove; a statement with evidence is refused when they break or when a row was bad.
fn judge(statement: &mut Statement, has_balances: bool, is_complete: bool, findings: &[Finding]) {
    let opening = statement.balance(&BalanceKind::Opening).map(Balance::signed);
    let closing = statement.balance(&BalanceKind::Closing).map(Balance::signed);
    if let (Some(opening), Some(closing), Some(currency)) = (opening, closing, statement.currency()) {
        let booked = statement.entries.iter().filter(|entry| entry.is_booked());
        let moved = booked
            .map(Entry::signed)
            .try_fold(0_i64, i64::checked_add)
            .unwrap_or(i64::MAX);
        let computed = opening.saturating_add(moved);
        if computed == closing {
            if statement.refusal.is_none() {
                statement.proof = Proof::Proved;
            }
        } else if statement.refusal.is_none() {
            let text = |minor| Amount::new(minor, currency).to_string();
            let args = vec![
                text(opening),
                text(moved),
                text(computed),
                text(closing),
                text(closing.saturating_sub(computed)),
            ];
            statement.refusal = Some(Finding::error(
                FindingCode::BalanceBroken,
                statement.source.clone(),
                args,
            ));
            statement.proof = Proof::Broken {
                stated: closing,
                computed,
            };
        }
    }
    // A row that cannot be read is missing between the balances, even where too few of them are left to tell.
    let has_evidence = has_balances || statement.proof != Proof::Unproved || !statement.control.is_empty();
    if has_evidence && !is_complete && statement.refusal.is_none() {
        let bad = findings.iter().find(|finding| finding.severity == Severity::Error);
        statement.refusal = bad.cloned();
    }
}

/// Returns the position of a role, for the parts of this room.
fn cell<'r>(resolved: &Resolved<'_>, row: crate::read::table::Row<'r>, role: Role) -> &'r str {
    resolved.position(role).map_or("", |position| row.cell(position))
}
