//! The text of a reading, for people. Nothing that a file says can steer a terminal.

use crate::model::statement::{BalanceKind, Proof, StatementKind};
use crate::model::{Amount, Balance, Currency, Entry, Severity, Side, Statement, TransactionDetails};
use crate::read::statement::FileReading;
use crate::words::catalogue::{Words, say};
use crate::words::finding::{full, visible};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Entries that are listed of one statement.
const ENTRIES_SHOWN: usize = 40;
/// Findings that are listed of one severity.
const FINDINGS_SHOWN: usize = 40;

pub(super) fn file(words: Words, reading: &FileReading) -> String {
    let mut out = String::new();
    let message = reading
        .message
        .as_deref()
        .unwrap_or(words.text("inspect.unknown_format"));
    line(
        &mut out,
        &format!(
            "{}: {} ({})",
            visible(&reading.file),
            words.text(if reading.is_refused() {
                "inspect.refused"
            } else {
                "inspect.accepted"
            }),
            visible(message)
        ),
    );
    for found in &reading.statements {
        statement(words, &mut out, found);
    }
    let findings = reading.all_findings();
    if !findings.is_empty() {
        line(&mut out, "");
    }
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let of_it = || findings.iter().filter(|finding| finding.severity == severity);
        for finding in of_it().take(FINDINGS_SHOWN) {
            line(&mut out, &full(words, finding));
        }
        let more = of_it().skip(FINDINGS_SHOWN).count();
        if more > 0 {
            let severity = severity.code();
            line(&mut out, &say!(words, "inspect.more_findings", count = more, severity));
        }
    }
    out
}

fn line(out: &mut String, text: &str) {
    // Writing into a String cannot fail.
    let _ = writeln!(out, "{}", text.trim_end());
}

fn statement(words: Words, out: &mut String, found: &Statement) {
    line(out, "");
    let kind = words.text(match found.kind {
        StatementKind::Statement => "inspect.statement",
        StatementKind::Report => "inspect.report",
        StatementKind::Notification => "inspect.notification",
    });
    let number = found.account.number();
    let number = number.unwrap_or_else(|| words.text("inspect.no_account").into());
    let currency = found
        .currency()
        .map(|currency| format!(" {currency}"))
        .unwrap_or_default();
    let id = visible(found.id.as_deref().unwrap_or("-"));
    let account = format!("{}{currency}", visible(&number));
    let mut head = say!(words, "inspect.head", kind, id, account);
    if let Some(sequence) = &found.electronic_sequence {
        head += &say!(words, "inspect.number", number = visible(sequence));
    }
    if let Some(page) = found.page {
        head += &say!(words, "inspect.page", number = page.number.to_string());
        head += if page.is_last {
            words.text("inspect.last_page")
        } else {
            ""
        };
    }
    line(out, &format!("  {head}"));
    if let Some(owner) = found.owner.as_ref().and_then(|owner| owner.name.as_deref()) {
        line(
            out,
            &format!("  {}", say!(words, "inspect.owner", name = visible(owner))),
        );
    }
    if let Some(period) = period(words, found) {
        line(out, &format!("  {period}"));
    }
    sums(words, out, found);
    let width = found
        .entries
        .iter()
        .map(|entry| entry.amount.decimal().len() + 1)
        .max()
        .unwrap_or(0);
    for entry in found.entries.iter().take(ENTRIES_SHOWN) {
        entry_line(words, out, entry, width);
    }
    if found.entries.len() > ENTRIES_SHOWN {
        let more = say!(words, "inspect.more", count = found.entries.len() - ENTRIES_SHOWN);
        line(out, &format!("    {more}"));
    }
}

fn period(words: Words, found: &Statement) -> Option<String> {
    match (found.from, found.to) {
        (Some(from), Some(to)) => Some(say!(words, "inspect.from_to", first = from, last = to)),
        _ => {
            let days = || found.entries.iter().filter_map(|entry| entry.effective_date);
            let (first, last) = (days().min()?, days().max()?);
            Some(if first == last {
                say!(words, "inspect.booked_on", day = first)
            } else {
                say!(words, "inspect.booked_from_to", first, last)
            })
        }
    }
}

/// Writes the proof as the sum that a clerk would write.
fn sums(words: Words, out: &mut String, found: &Statement) {
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
    rows.extend(opening.map(|balance| (words.text("inspect.opening").to_owned(), amount_of(balance))));
    for (currency, sides) in &booked {
        let of = |minor: i128| Amount::new(i64::try_from(minor).unwrap_or(i64::MAX), *currency);
        rows.push((
            say!(words, "inspect.credits", count = sides[0].0),
            of(sides[0].1).to_string(),
        ));
        rows.push((
            say!(words, "inspect.debits", count = sides[1].0),
            of(sides[1].1).negated().to_string(),
        ));
    }
    if booked.is_empty() {
        rows.push((words.text("inspect.no_entries").to_owned(), String::new()));
    }
    rows.extend(closing.map(|balance| (words.text("inspect.closing").to_owned(), amount_of(balance))));
    let width = rows.iter().map(|(_, amount)| amount.len()).max().unwrap_or(0);
    for (name, amount) in &rows {
        line(out, &format!("    {name:<20} {amount:>width$}"));
    }
    let proof = words.text(match (&found.proof, &found.refusal) {
        (Proof::Proved, _) => "inspect.proved",
        (Proof::Unproved, _) => "inspect.unproved",
        (Proof::Incomplete, _) => "inspect.incomplete",
        (Proof::Broken { .. }, _) => "inspect.broken",
        (Proof::NotChecked, _) if found.kind != StatementKind::Statement => "inspect.informs",
        (Proof::NotChecked, Some(_)) => "inspect.not_posted",
        (Proof::NotChecked, None) => "inspect.not_checked",
    });
    line(out, &format!("    {proof}"));
}

fn entry_line(words: Words, out: &mut String, entry: &Entry, width: usize) {
    let date = entry
        .effective_date
        .map_or_else(|| words.text("inspect.no_date").to_owned(), |date| date.to_string());
    let amount = Amount::new(entry.signed(), entry.amount.currency);
    let mut row = format!("    {date:<10} {:>width$} {}", amount.decimal(), amount.currency);
    if let Some(status) = entry.status.as_ref().filter(|_| !entry.is_booked()) {
        let _ = write!(row, " [{}]", visible(status.code()));
    }
    if entry.is_reversal {
        row.extend([" ", words.text("inspect.reversal")]);
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
            row.extend(["  ", &say!(words, "inspect.payments", count = several.len())]);
            line(out, &row);
            for detail in several.iter().take(ENTRIES_SHOWN) {
                let amount = detail.amount.map_or_else(
                    || "?".to_owned(),
                    |amount| Amount::new(detail.side.signed(amount.minor), amount.currency).to_string(),
                );
                line(out, &format!("      {amount:>width$}  {}", about(detail, detail.side)));
            }
            if several.len() > ENTRIES_SHOWN {
                let more = say!(words, "inspect.more", count = several.len() - ENTRIES_SHOWN);
                line(out, &format!("      {more}"));
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
