//! What the record knows, in the words of the run: statements, entries, settled payments.

use crate::model::{Label, NaiveDate, SetAsideRule, Statement};
use crate::run::delivery::StatementFile;
use crate::run::failure::Failure;
use crate::run::identity::{EntryFacts, StatementFacts};
use crate::run::register::{Memory, RememberedEntry, RememberedPayment, RememberedStatement};
use crate::settings::Settings;
use crate::store::{KnownPayment, NewStatement, State, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The record as the register asks it.
pub struct StoreMemory<'a> {
    /// The record.
    pub store: &'a Store,
}

impl Memory for StoreMemory<'_> {
    fn statements(&self, account: &str) -> Result<Vec<RememberedStatement>, Failure> {
        let known = self.store.statements_of_account(account).map_err(Failure::from)?;
        let remembered = known.into_iter().map(|known| RememberedStatement {
            format: known.statement.format.clone(),
            facts: facts_of(known.statement),
        });
        Ok(remembered.collect())
    }

    fn entries(&self, account: &str, first: NaiveDate, last: NaiveDate) -> Result<Vec<RememberedEntry>, Failure> {
        let known = self
            .store
            .payments_of_days(account, first, last)
            .map_err(Failure::from)?;
        let mut entries: BTreeMap<(String, u32), Vec<KnownPayment>> = BTreeMap::new();
        // A batch whose details arrived is its details.
        let is_live = |payment: &KnownPayment| payment.state != State::SetAside(SetAsideRule::Detailed);
        for payment in known.into_iter().filter(is_live) {
            entries
                .entry((payment.entry_key.clone(), payment.ordinal))
                .or_default()
                .push(payment);
        }
        Ok(entries.into_values().filter_map(remembered).collect())
    }
}

/// Returns the facts of a statement of the record.
pub fn facts_of(statement: NewStatement) -> StatementFacts {
    StatementFacts {
        key: statement.key,
        content_hash: statement.content_hash,
        sequence: statement.sequence.map(|number| (statement.year, number)),
        days: statement.from.zip(statement.to),
        period: statement.period,
        currency: statement.currency,
        opening: statement.opening,
        closing: statement.closing,
        is_proved: statement.is_proved,
    }
}

fn remembered(payments: Vec<KnownPayment>) -> Option<RememberedEntry> {
    let first = payments.first()?.clone();
    let signed = payments.iter().map(|payment| payment.amount.minor).sum();
    let of_all = payments.iter().map(|payment| RememberedPayment {
        id: payment.id.clone(),
        signed: payment.amount.minor,
        bank_ref: payment.bank_ref.as_str().into(),
        state: in_words(payment.state),
    });
    let remembered = of_all.collect();
    Some(RememberedEntry {
        entry_key: first.entry_key.into(),
        facts: Arc::new(EntryFacts {
            date: first.booking_date,
            signed,
            currency: first.amount.currency,
            servicer_reference: first.servicer_reference.map(Label::from),
            end_to_end_id: first.end_to_end_id.map(Label::from),
            text: first.text,
        }),
        statement_key: first.statement_key.into(),
        payments: remembered,
    })
}

/// Returns a state as people say it.
pub fn in_words(state: State) -> &'static str {
    match state {
        State::Open => "still open",
        State::Proposed => "still proposed",
        State::Posted => "posted",
        State::SetAside(_) => "set aside",
        State::Duplicate => "a duplicate",
    }
}

/// A file of the night whose bytes an earlier run has read.
#[derive(Debug)]
pub struct KnownFile {
    /// Run that read it.
    pub since: u64,
    /// Another file of the night has the same bytes and comes before it.
    pub is_copy: bool,
    /// Payments that it brought first.
    pub payments: Vec<KnownPayment>,
    /// Payments that it brought again.
    pub repeated: Vec<KnownPayment>,
}

/// Returns what is known of the files that were read before.
pub fn known_files(store: &Store, files: &[StatementFile]) -> Result<Vec<KnownFile>, Failure> {
    let mut known = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files {
        let Some(since) = file.known_since else { continue };
        let all = store.payments_of_file(&file.input.sha256).map_err(Failure::from)?;
        let (payments, repeated) = all
            .into_iter()
            .partition(|payment| payment.file_sha256 == file.input.sha256);
        known.push(KnownFile {
            since,
            is_copy: !seen.insert(&file.input.sha256),
            payments,
            repeated,
        });
    }
    Ok(known)
}

/// Returns our account of a statement: the own IBAN that has this number, else as written, else the only one of the settings, else
/// the layout's name.
pub fn account_of(statement: &Statement, message: &str, settings: &Settings) -> String {
    if let Some(number) = statement.account.number().filter(|number| !number.is_empty()) {
        let mut own = settings.accounts.keys().filter(|iban| has_number(iban, &number));
        return match (own.next(), own.next()) {
            (Some(iban), None) => iban.clone(),
            _ => number.into(),
        };
    }
    let mut own = settings.accounts.keys();
    match (own.next(), own.next()) {
        (Some(only), None) => only.clone(),
        _ => message.to_uppercase(),
    }
}

/// Digits of the account number at the end of an IBAN, where the bank's code stands before it. Source: SWIFT IBAN registry.
const ACCOUNT_DIGITS: [(&str, usize); 5] = [("AT", 11), ("CH", 12), ("DE", 10), ("LI", 12), ("NL", 10)];

/// Returns true when an IBAN holds the account number that a bank writes without bank code and leading zeros.
fn has_number(iban: &str, number: &str) -> bool {
    let digits = ACCOUNT_DIGITS.iter().find(|(country, _)| iban.starts_with(country));
    let start = digits.and_then(|(_, digits)| iban.len().checked_sub(*digits));
    let own = start.and_then(|start| iban.get(start..)).unwrap_or_default();
    let bare = number.trim_start_matches('0');
    bare.len() >= 5 && bare.bytes().all(|b| b.is_ascii_digit()) && own.trim_start_matches('0') == bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_account_is_found_by_its_bare_number() {
        for (iban, number, expected) in [
            ("DE89370400440532013000", "532013000", true),
            ("DE89370400440532013000", "0532013000", true),
            ("DE89370400440532013000", "013000", false),
            ("DE89370400440532013000", "370400440532013000", false),
            ("NL91ABNA0417164300", "417164300", true),
            ("CH9300762011623852957", "11623852957", true),
            ("FR1420041010050500013M02606", "02606", false),
        ] {
            assert_eq!(has_number(iban, number), expected, "{iban} {number}");
        }
    }
}
