//! One statement, report or notification (`Stmt, Rpt, Ntfctn`).

use super::values::Scan;
use super::{Header, balance, entry, parties};
use crate::model::statement::{BalanceKind, Page, Proof, StatementKind};
use crate::model::{Account, At, Finding, FindingCode, NaiveDate, Source, Statement, date};
use crate::read::statement::split::{Split, entry_split};
use crate::read::xml::{Element, Refusal};

/// Reads a statement onto the end of `statements`; what was read before a fault stays there, to be shown.
pub(super) fn statement<'a>(
    scan: &mut Scan<'a>,
    kind: StatementKind,
    header: &Header,
    statements: &mut Vec<Statement>,
) -> Result<(), Refusal> {
    let number = statements.len() as u32 + 1;
    statements.push(blank(scan, kind, number));
    let Some(found) = statements.last_mut() else {
        return Ok(());
    };
    let mut totals = Vec::new();
    let mut has_account = None;
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "Ntry" => entry::entry(scan, &child, number, &mut found.entries)?,
            "Bal" => found.balances.push(balance::balance(scan, &child, &found.source)?),
            "Acct" => {
                account(scan, found)?;
                scan.once(&mut has_account, (), "Acct")?;
            }
            "TxsSummry" => balance::summary(scan, &found.source, &mut totals)?,
            _ => head(scan, &child, found)?,
        }
    }
    found.control = balance::control_totals(totals, found.currency())?;
    complete(scan, header, found);
    Ok(())
}

fn blank(scan: &Scan<'_>, kind: StatementKind, number: u32) -> Statement {
    Statement {
        kind,
        id: None,
        electronic_sequence: None,
        legal_sequence: None,
        page: None,
        created: None,
        from: None,
        to: None,
        copy_indicator: None,
        account: Account::default(),
        owner: None,
        servicer: None,
        balances: Vec::new(),
        entries: Vec::new(),
        control: Vec::new(),
        proof: Proof::NotChecked,
        refusal: None,
        source: Source {
            file: scan.xml.file().clone(),
            at: At::Entry {
                statement: number,
                entry: 0,
                detail: 0,
            },
        },
    }
}

fn head<'a>(scan: &mut Scan<'a>, child: &Element<'a>, found: &mut Statement) -> Result<(), Refusal> {
    match child.name {
        "Id" => scan.keep(&mut found.id),
        "ElctrncSeqNb" => scan.keep(&mut found.electronic_sequence),
        "LglSeqNb" => scan.keep(&mut found.legal_sequence),
        "CreDtTm" => scan.keep(&mut found.created),
        "CpyDplctInd" => scan.keep(&mut found.copy_indicator),
        "StmtPgntn" | "RptPgntn" | "NtfctnPgntn" => {
            found.page = page(scan)?;
            Ok(())
        }
        "FrToDt" => {
            while let Some(part) = scan.xml.child()? {
                match part.name {
                    "FrDtTm" | "FrDt" => found.from = scan.date()?,
                    "ToDtTm" | "ToDt" => found.to = scan.date()?,
                    _ => scan.xml.skip()?,
                }
            }
            Ok(())
        }
        _ => scan.xml.skip(),
    }
}

/// Reads StmtPgntn or MsgPgntn.
pub(super) fn page(scan: &mut Scan<'_>) -> Result<Option<Page>, Refusal> {
    let (mut number, mut is_last) = (None, None);
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "PgNb" => number = scan.number()?,
            "LastPgInd" => is_last = Some(scan.flag()?),
            _ => scan.xml.skip()?,
        }
    }
    Ok(number.map(|number| Page {
        number: u32::try_from(number).unwrap_or(u32::MAX),
        is_last: is_last.unwrap_or(false),
    }))
}

fn account(scan: &mut Scan<'_>, found: &mut Statement) -> Result<(), Refusal> {
    while let Some(child) = scan.xml.child()? {
        match child.name {
            "Ownr" => parties::party(scan, found.owner.get_or_insert_default())?,
            "Svcr" => parties::agent(scan, found.servicer.get_or_insert_default())?,
            _ => parties::account_part(scan, &child, &mut found.account)?,
        }
    }
    found.owner = found.owner.take().filter(|owner| !owner.is_empty());
    found.servicer = found.servicer.take().filter(|servicer| !servicer.is_empty());
    Ok(())
}

/// Fills what only the whole statement can tell.
fn complete(scan: &mut Scan<'_>, header: &Header, found: &mut Statement) {
    if found.account.number().is_none_or(|number| number.is_empty()) {
        let finding = Finding::warning(FindingCode::AccountMissing, found.source.clone(), vec![]);
        scan.findings.push(finding);
    }
    let has_pair = [BalanceKind::Opening, BalanceKind::PreviousClosing]
        .iter()
        .any(|kind| found.balance(kind).is_some())
        && found.balance(&BalanceKind::Closing).is_some();
    // The pages of a message are pages of a statement only where the statement is not whole by itself.
    if found.page.is_none() && !has_pair && found.kind == StatementKind::Statement {
        found.page = header.page.filter(|page| page.number != 1 || !page.is_last);
    }
    foreign_entries(scan, found);
    effective_dates(scan, header, found);
    if found.created.is_none() {
        found.created.clone_from(&header.created);
    }
    if found.kind == StatementKind::Statement {
        splits(scan, found);
    }
}

/// Says that entries are in another currency than the account's.
fn foreign_entries(scan: &mut Scan<'_>, found: &Statement) {
    let Some(currency) = found.currency() else { return };
    let mut foreign = found.entries.iter().filter(|entry| entry.amount.currency != currency);
    let Some(first) = foreign.next() else { return };
    let count = foreign.count() + 1;
    let args = vec![
        count.to_string(),
        currency.to_string(),
        first.amount.currency.to_string(),
    ];
    let finding = Finding::warning(FindingCode::EntryCurrency, first.source.clone(), args);
    scan.findings.push(finding);
}

/// Gives entries without a booking date the next best one, and says so once per kind of date.
fn effective_dates(scan: &mut Scan<'_>, header: &Header, found: &mut Statement) {
    let closing = found.balance(&BalanceKind::Closing).and_then(|balance| balance.date);
    let balance = closing.or_else(|| found.balances.iter().find_map(|balance| balance.date));
    let parsed = |written: &Option<String>| written.as_deref().and_then(date::parse_iso_with_time);
    let plausible = |day: &NaiveDate| date::is_plausible_bank_date(*day, scan.as_of);
    let later: [(&str, Option<NaiveDate>); 3] = [
        ("balance date", balance.filter(plausible)),
        ("creation date", parsed(&found.created).filter(plausible)),
        ("creation date", parsed(&header.created).filter(plausible)),
    ];
    let later = later.iter().find_map(|(name, day)| day.map(|day| (*name, day)));
    let mut said: Vec<(&str, NaiveDate, Source, u64)> = Vec::new();
    let mut undated = None;
    for entry in found.entries.iter_mut().filter(|entry| entry.booking_date.is_none()) {
        let best = entry.value_date.map(|day| ("value date", day)).or(later);
        let Some((name, day)) = best else {
            undated.get_or_insert_with(|| entry.source.clone());
            continue;
        };
        entry.effective_date = Some(day);
        match said.iter_mut().find(|(known, ..)| *known == name) {
            Some((.., more)) => *more += 1,
            None => said.push((name, day, entry.source.clone(), 0)),
        }
    }
    for (name, day, source, more) in said {
        let more = if more > 0 {
            format!(" (here and for {more} more entries)")
        } else {
            String::new()
        };
        let args = vec![name.to_owned(), format!("{day}{more}")];
        scan.findings
            .push(Finding::note(FindingCode::DateFallback, source, args));
    }
    if let Some(source) = undated {
        scan.findings
            .push(Finding::warning(FindingCode::DateMissing, source, vec![]));
    }
}

/// Says where an entry cannot be split into the payments that it sums.
fn splits(scan: &mut Scan<'_>, found: &Statement) {
    let currency = found.currency();
    for entry in found.entries.iter().filter(|entry| entry.is_booked()) {
        let source = entry.source.clone();
        let written = |minor| crate::model::Amount::new(minor, entry.amount.currency).to_string();
        let finding = match entry_split(entry, currency) {
            Split::Whole | Split::Details(_) => continue,
            Split::WholeBroken { details_sum, charges } => {
                let args = vec![written(details_sum), written(entry.signed()), written(charges)];
                Finding::warning(FindingCode::DetailsDoNotAddUp, source, args)
            }
            Split::WholeWithoutAmounts(count) => {
                Finding::warning(FindingCode::DetailsWithoutAmounts, source, vec![count.to_string()])
            }
            Split::Batch(count) => {
                let count = count.map_or("several".to_owned(), |count| count.to_string());
                Finding::note(FindingCode::BatchWithoutDetails, source, vec![count])
            }
        };
        scan.findings.push(finding);
    }
}
