//! The text of a reading, for people. Nothing that a file says can steer a terminal.

use super::verdict;
use crate::model::statement::{BalanceKind, Proof, StatementKind};
use crate::model::{Amount, Balance, Currency, Entry, Severity, Side, Statement, TransactionDetails};
use crate::read::statement::FileReading;
use crate::words::finding::{full, visible};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Entries that are listed of one statement.
const ENTRIES_SHOWN: usize = 40;
/// Findings that are listed of one severity.
const FINDINGS_SHOWN: usize = 40;

pub(super) fn file(reading: &FileReading) -> String {
    let mut out = String::new();
    let message = reading.message.as_deref().unwrap_or("unknown format");
    line(
        &mut out,
        &format!(
            "{}: {} ({})",
            visible(&reading.file),
            verdict(reading),
            visible(message)
        ),
    );
    for found in &reading.statements {
        statement(&mut out, found);
    }
    let findings = reading.all_findings();
    if !findings.is_empty() {
        line(&mut out, "");
    }
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let of_it = || findings.iter().filter(|finding| finding.severity == severity);
        for finding in of_it().take(FINDINGS_SHOWN) {
            line(&mut out, &full(finding));
        }
        let more = of_it().skip(FINDINGS_SHOWN).count();
        if more > 0 {
            line(&mut out, &format!("… {more} more of severity {}", severity.code()));
        }
    }
    out
}

fn line(out: &mut String, text: &str) {
    // Writing into a String cannot fail.
    let _ = writeln!(out, "{}", text.trim_end());
}

fn statement(out: &mut String, found: &Statement) {
    line(out, "");
    let kind = match found.kind {
        StatementKind::Statement => "statement",
        StatementKind::Report => "intraday report",
        StatementKind::Notification => "notification",
    };
    let number = found.account.number().unwrap_or_else(|| "(no account)".into());
    let currency = found
        .currency()
        .map(|currency| format!(" {currency}"))
        .unwrap_or_default();
    let mut head = format!(
        "  {kind} {} of {}{currency}",
        visible(found.id.as_deref().unwrap_or("-")),
        visible(&number)
    );
    if let Some(sequence) = &found.electronic_sequence {
        let _ = write!(head, ", no. {}", visible(sequence));
    }
    if let Some(page) = found.page {
        let _ = write!(
            head,
            ", page {}{}",
            page.number,
            if page.is_last { " (last)" } else { "" }
        );
    }
    line(out, &head);
    if let Some(owner) = found.owner.as_ref().and_then(|owner| owner.name.as_deref()) {
        line(out, &format!("  owner {}", visible(owner)));
    }
    if let Some(period) = period(found) {
        line(out, &format!("  {period}"));
    }
    sums(out, found);
    let width = found
        .entries
        .iter()
        .map(|entry| entry.amount.decimal().len() + 1)
        .max()
        .unwrap_or(0);
    for entry in found.entries.iter().take(ENTRIES_SHOWN) {
        entry_line(out, entry, width);
    }
    if found.entries.len() > ENTRIES_SHOWN {
        line(out, &format!("    … {} more", found.entries.len() - ENTRIES_SHOWN));
    }
}

fn period(found: &Statement) -> Option<String> {
    match (found.from, found.to) {
        (Some(from), Some(to)) => Some(format!("from {from} to {to}")),
        _ => {
            let days = || found.entries.iter().filter_map(|entry| entry.effective_date);
            let (first, last) = (days().min()?, days().max()?);
            Some(if first == last {
                format!("booked on {first}")
            } else {
                format!("booked from {first} to {last}")
            })
        }
    }
}

/// Writes the proof as the sum that a clerk would write.
fn sums(out: &mut String, found: &Statement) {
    let mut booked: BTreeMap<Currency, [(u64, i128); 2]> = BTreeMap::new();
    for entry in found.entries.iter().filter(|entry| entry.is_booked()) {
        let sides = booked.entry(entry.amount.currency).or_default();
        let side = &mut sides[usize::from(entry.side == Side::Debit)];
        side.0 += 1;
        side.1 += i128::from(entry.amount.minor);
    }
    let opening = found
        .balance(&BalanceKind::Opening)
        .or_else(|| found.balance(&BalanceKind::PreviousClosing));
    let closing = found.balance(&BalanceKind::Closing);
    let mut rows: Vec<(String, String)> = Vec::new();
    let amount_of = |balance: &Balance| Amount::new(balance.signed(), balance.amount.currency).to_string();
    rows.extend(opening.map(|balance| ("opening".to_owned(), amount_of(balance))));
    for (currency, sides) in &booked {
        let of = |minor: i128| Amount::new(i64::try_from(minor).unwrap_or(i64::MAX), *currency);
        rows.push((counted("+", sides[0].0, "credit"), of(sides[0].1).to_string()));
        rows.push((counted("-", sides[1].0, "debit"), of(sides[1].1).negated().to_string()));
    }
    if booked.is_empty() {
        rows.push(("no booked entries".to_owned(), String::new()));
    }
    rows.extend(closing.map(|balance| ("= closing".to_owned(), amount_of(balance))));
    let width = rows.iter().map(|(_, amount)| amount.len()).max().unwrap_or(0);
    for (name, amount) in &rows {
        line(out, &format!("    {name:<20} {amount:>width$}"));
    }
    let proof = match (&found.proof, &found.refusal) {
        (Proof::Proved, _) => "proved: balances or control totals agree with the entries",
        (Proof::Unproved, _) => "not proved: no balances and no control totals to compare with",
        (Proof::Incomplete, _) => "held: pages are missing",
        (Proof::Broken { .. }, _) => "REFUSED: the figures do not add up; nothing of it is posted",
        (Proof::NotChecked, _) if found.kind != StatementKind::Statement => "informs only: nothing of it is posted",
        (Proof::NotChecked, Some(_)) => "REFUSED: nothing of it is posted",
        (Proof::NotChecked, None) => "not checked",
    };
    line(out, &format!("    {proof}"));
}

fn counted(sign: &str, count: u64, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{sign} {count} {what}{ending}")
}

fn entry_line(out: &mut String, entry: &Entry, width: usize) {
    let date = entry
        .effective_date
        .map_or_else(|| "(no date)".to_owned(), |date| date.to_string());
    let amount = Amount::new(entry.signed(), entry.amount.currency);
    let mut row = format!("    {date:<10} {:>width$} {}", amount.decimal(), amount.currency);
    if let Some(status) = entry.status.as_ref().filter(|_| !entry.is_booked()) {
        let _ = write!(row, " [{}]", visible(status.code()));
    }
    if entry.is_reversal {
        row.push_str(" [reversal]");
    }
    match entry.details.as_slice() {
        [] => {
            let _ = write!(
                row,
                "  {}",
                visible(entry.additional_information.as_deref().unwrap_or(""))
            );
            line(out, &row);
        }
        [single] => {
            let _ = write!(row, "  {}", about(single, entry.side));
            line(out, &row);
        }
        several => {
            let _ = write!(row, "  {} payments", several.len());
            line(out, &row);
            for detail in several.iter().take(ENTRIES_SHOWN) {
                let amount = detail.amount.map_or_else(
                    || "?".to_owned(),
                    |amount| Amount::new(detail.side.signed(amount.minor), amount.currency).to_string(),
                );
                line(out, &format!("      {amount:>width$}  {}", about(detail, detail.side)));
            }
            if several.len() > ENTRIES_SHOWN {
                line(out, &format!("      … {} more", several.len() - ENTRIES_SHOWN));
            }
        }
    }
}

/// Returns who and what for.
fn about(detail: &TransactionDetails, side: Side) -> String {
    let party = match side {
        Side::Credit => &detail.parties.debtor,
        Side::Debit => &detail.parties.creditor,
    };
    let name = party.as_ref().and_then(|party| party.name.as_deref());
    let references = detail
        .remittance
        .creditor_references
        .iter()
        .map(|reference| reference.reference.as_str());
    let documents = detail
        .remittance
        .referred_documents
        .iter()
        .filter_map(|document| document.number.as_deref());
    let texts = detail.remittance.unstructured.iter().map(String::as_str);
    let mut parts: Vec<&str> = name
        .into_iter()
        .chain(texts)
        .chain(references)
        .chain(documents)
        .collect();
    if parts.is_empty() {
        parts.extend(detail.additional_information.as_deref());
        parts.extend(detail.references.end_to_end_id.as_deref());
    }
    let joined = parts.join(" | ").split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = joined.chars().take(100).collect();
    visible(&short)
}
