//! What makes two bank entries the same, whichever file and format delivers them. Pure: the record's memory goes in, ids come out.
//!
//! Rule version 1. Statement = account + currency + year + sequence number, else id and creation date. Entry = account, booking date,
//! signed amount, currency, then servicer reference, else end-to-end id, else its text, and its ordinal among identical ones.

use crate::model::date::{Datelike, iso};
use crate::model::label::{Label, of_ascii};
use crate::model::money::decimal_text;
use crate::model::reference::is_placeholder;
use crate::model::statement::{BalanceKind, Proof};
use crate::model::{Currency, Entry, NaiveDate, Payment, PaymentId, Statement};
use crate::read::statement::proof;
use sha2::{Digest, Sha256};
use std::ops::Range;

/// Version of the rule; it is part of every id.
const RULE: &str = "1";

/// What identifies a statement, and what it contains.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatementFacts {
    /// Account, currency, year and sequence number, else id and creation date, else the content.
    pub key: String,
    /// SHA-256 over the facts, in hex: balances and entries, not the bytes of the file.
    pub content_hash: String,
    /// Year and number, where the bank numbers its statements.
    pub sequence: Option<(i32, u64)>,
    /// First and last booking date.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// First and last day that it says it covers, entries or not.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Currency of its balances; `None` where it has none, or an older version of the record did not keep it.
    pub currency: Option<Currency>,
    /// Opening balance in signed minor units.
    pub opening: Option<i64>,
    /// Closing balance in signed minor units.
    pub closing: Option<i64>,
    /// True when balances or control totals prove it complete.
    pub is_proved: bool,
}

/// How two statements of one account relate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Relation {
    /// Same key, same content.
    Same,
    /// Same key and overlapping days, other content.
    Conflict,
    /// The same days and the same balances under another number, in other words.
    Rewritten,
    /// Balances and sequence numbers prove that they share nothing.
    Consecutive,
    /// They may share entries.
    MayOverlap,
}

/// Returns the facts of a statement of `account`.
pub fn statement_facts(account: &str, statement: &Statement) -> StatementFacts {
    let days = days(statement);
    let created = statement
        .created
        .as_deref()
        .and_then(crate::model::date::parse_iso_with_time);
    let balance_date = statement.balances.iter().find_map(|balance| balance.date);
    let year = days
        .map(|(_, last)| last)
        .or(balance_date)
        .or(created)
        .map_or(0, |date| date.year());
    let number = statement
        .electronic_sequence
        .as_deref()
        .or(statement.legal_sequence.as_deref());
    let number = number
        .and_then(|number| number.trim().parse::<u64>().ok())
        .filter(|number| *number > 0);
    let content_hash = content_hash(account, statement);
    let page = statement
        .page
        .map_or_else(String::new, |page| format!("/p{}", page.number));
    // An id without the day it was made is used again: banks write `STARTUMSE` into every MT940.
    // An account of several currencies has as many statements of a number.
    let currency = statement
        .currency()
        .map(|currency| currency.to_string())
        .unwrap_or_default();
    let key = match (&number, &statement.id, created) {
        (Some(number), ..) => format!("{account}/{currency}/{year}/{number}{page}"),
        (None, Some(id), Some(created)) => format!("{account}/{id}/{created}{page}"),
        _ => format!("{account}/content/{content_hash}"),
    };
    let opening = statement
        .balance(&BalanceKind::Opening)
        .or_else(|| statement.balance(&BalanceKind::PreviousClosing));
    let figure = |of: fn(&[&Statement], Currency) -> Option<i128>| {
        let minor = of(&[statement], statement.currency()?)?;
        i64::try_from(minor).ok()
    };
    StatementFacts {
        key,
        content_hash,
        sequence: number.map(|number| (year, number)),
        days,
        period: statement.from.zip(statement.to).or_else(|| {
            let closing = statement.balance(&BalanceKind::Closing);
            opening
                .and_then(|balance| balance.date)
                .zip(closing.and_then(|balance| balance.date))
        }),
        currency: statement.currency(),
        opening: figure(proof::opening),
        closing: figure(proof::closing),
        is_proved: statement.proof == Proof::Proved,
    }
}

/// Returns the first and last booking date, else those of the balances.
pub fn days(statement: &Statement) -> Option<(NaiveDate, NaiveDate)> {
    let dates = || statement.entries.iter().filter_map(|entry| entry.effective_date);
    let balances = || statement.balances.iter().filter_map(|balance| balance.date);
    let first = dates().min().or_else(|| balances().min())?;
    let last = dates().max().or_else(|| balances().max())?;
    Some((first, last))
}

/// Returns how a known statement relates to one that is delivered now.
///
/// `is_same_format`: banks number the statements of each format by themselves, and write other words into them. Across formats
/// only balances and days speak.
pub fn relation(known: &StatementFacts, new: &StatementFacts, is_same_format: bool) -> Relation {
    if known.content_hash == new.content_hash {
        return Relation::Same;
    }
    let overlaps = match (known.days, new.days) {
        (Some((first, last)), Some((new_first, new_last))) => first <= new_last && new_first <= last,
        _ => true,
    };
    // A bank that numbers days and months alike: the month ends on another day. A correction ends on the same day.
    let is_same_end = match (known.period, new.period) {
        (Some((_, known)), Some((_, new))) => known == new,
        _ => true,
    };
    if is_same_format && known.key == new.key && overlaps && is_same_end {
        return Relation::Conflict;
    }
    if !(known.is_proved && new.is_proved) {
        return Relation::MayOverlap;
    }
    let same_figures = (known.opening, known.closing, known.days) == (new.opening, new.closing, new.days);
    if same_figures && new.opening.is_some() && new.opening != new.closing {
        return Relation::Rewritten;
    }
    let chains = |earlier: &StatementFacts, later: &StatementFacts| {
        earlier.closing.is_some() && earlier.closing == later.opening
    };
    let is_chained = chains(known, new) || chains(new, known);
    match (known.sequence, new.sequence) {
        (Some(a), Some(b)) if is_same_format && a != b => {
            let is_apart = a.0 == b.0 && a.1.abs_diff(b.1) > 1;
            if is_apart || is_chained {
                Relation::Consecutive
            } else {
                Relation::MayOverlap
            }
        }
        (Some(_), Some(_)) if is_same_format => Relation::MayOverlap,
        _ if follows(known, new) || follows(new, known) => Relation::Consecutive,
        _ => Relation::MayOverlap,
    }
}

/// Returns true when the later statement begins with the balance and the day that the earlier one ends with, and moves it.
///
/// Without the days, a week that ends as it began would be taken for the one before each of its own days.
fn follows(earlier: &StatementFacts, later: &StatementFacts) -> bool {
    let is_chained = earlier.closing.is_some() && earlier.closing == later.opening;
    let same_balances = earlier.opening == later.opening && earlier.closing == later.closing;
    let in_order = match (earlier.days, later.days) {
        (Some((_, last)), Some((first, _))) => last <= first,
        _ => true,
    };
    is_chained && in_order && !same_balances
}

/// Facts of an entry that are compared with other deliveries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryFacts {
    /// Booking date.
    pub date: NaiveDate,
    /// Signed minor units.
    pub signed: i64,
    /// Currency.
    pub currency: Currency,
    /// The bank's reference, where it gives one.
    pub servicer_reference: Option<Label>,
    /// The payer's reference, where there is just one.
    pub end_to_end_id: Option<Label>,
    /// Letters and digits of names and texts, in capitals, as words.
    pub text: String,
}

/// Returns the facts of an entry with its payments.
pub fn entry_facts(entry: &Entry, payments: &[Payment]) -> Option<EntryFacts> {
    let first = payments.first()?;
    let end_to_end_id = match payments {
        [only] => only.references.end_to_end_id.clone(),
        _ => None,
    };
    let own = entry
        .servicer_reference
        .as_ref()
        .filter(|reference| !is_placeholder(reference));
    let of_detail = match payments {
        [only] => only.references.servicer_reference.as_ref(),
        _ => None,
    };
    Some(EntryFacts {
        date: first.booking_date,
        signed: entry.signed(),
        currency: entry.amount.currency,
        servicer_reference: own.or(of_detail).cloned(),
        end_to_end_id,
        text: match payments {
            [only] => comparable_text(only),
            several => several.iter().map(comparable_text).collect::<Vec<_>>().join(" "),
        },
    })
}

/// Returns names, accounts and texts of a payment as words of capitals and digits.
pub fn comparable_text(payment: &Payment) -> String {
    let names = payment.payer_names.iter().map(|name| name.text.as_str());
    let account = payment.payer_account.as_deref();
    let remittance = payment.remittance_text();
    let mut words = String::with_capacity(remittance.len() + 96);
    for text in names.chain(account).chain([remittance.as_str()]) {
        if text.is_ascii() {
            push_ascii_words(&mut words, text);
            continue;
        }
        for word in text.split(|character: char| !character.is_alphanumeric()) {
            if word.is_empty() {
                continue;
            }
            if !words.is_empty() {
                words.push(' ');
            }
            if word.is_ascii() {
                let start = words.len();
                words.push_str(word);
                words[start..].make_ascii_uppercase();
            } else {
                words.extend(word.chars().flat_map(char::to_uppercase));
            }
        }
    }
    words
}

fn push_ascii_words(words: &mut String, text: &str) {
    let mut is_inside = false;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            if !is_inside && !words.is_empty() {
                words.push(' ');
            }
            words.push(char::from(byte.to_ascii_uppercase()));
        }
        is_inside = byte.is_ascii_alphanumeric();
    }
}

impl EntryFacts {
    /// Returns the key of the entry, without its ordinal.
    pub fn key(&self, account: &str) -> Label {
        let reference = match (&self.servicer_reference, &self.end_to_end_id) {
            (Some(reference), _) => ["s:", reference].concat(),
            (None, Some(reference)) => ["e:", reference].concat(),
            (None, None) => format!("t:{}", self.text.replace(' ', "")),
        };
        hash(&[
            RULE,
            account,
            &iso(self.date),
            &decimal_text(self.signed, 0),
            self.currency.code(),
            &reference,
        ])
    }

    /// Returns how well two entries of the same day and amount agree; negative when they cannot be the same.
    ///
    /// `is_same_format`: references of one format that differ are different entries; across formats they prove nothing.
    pub fn agreement(&self, other: &EntryFacts, is_same_format: bool) -> i64 {
        let mut score = 0;
        for (mine, others, weight) in [
            (&self.servicer_reference, &other.servicer_reference, 4_000),
            (&self.end_to_end_id, &other.end_to_end_id, 2_000),
        ] {
            match (mine, others) {
                (Some(mine), Some(others)) if mine == others => score += weight,
                (Some(_), Some(_)) if is_same_format => return -1,
                _ => {}
            }
        }
        let shared = shared_words(&self.text, &other.text);
        if is_same_format && score == 0 && shared < 800 {
            -1
        } else {
            score + shared
        }
    }
}

/// Returns the share of words of the shorter text that stand in the longer one, in permille.
fn shared_words(a: &str, b: &str) -> i64 {
    let words = |text: &str| -> std::collections::BTreeSet<String> { text.split(' ').map(str::to_owned).collect() };
    let (a, b) = (words(a), words(b));
    let smaller = a.len().min(b.len()) as i64;
    if smaller == 0 {
        0
    } else {
        a.intersection(&b).count() as i64 * 1_000 / smaller
    }
}

/// Gives the payments of an entry their ids. `ordinal` counts identical entries of the account and day from 1.
pub fn name_payments(entry_key: &str, ordinal: u32, payments: &mut [Payment]) {
    let ordinal = ordinal.to_string();
    if let [only] = payments {
        only.id = PaymentId(["P", &hash(&[entry_key, &ordinal])].concat());
        return;
    }
    name_details(entry_key, &ordinal, payments);
}

/// Gives the details of an entry their ids, each by its own facts: the same whether they came with the entry or later.
pub fn name_details(entry_key: &str, ordinal: &str, payments: &mut [Payment]) {
    let mut seen: std::collections::BTreeMap<Label, u32> = std::collections::BTreeMap::new();
    for payment in payments {
        let references = &payment.references;
        let own = references
            .servicer_reference
            .as_deref()
            .or(references.end_to_end_id.as_deref());
        let text = comparable_text(payment).replace(' ', "");
        let detail = hash(&[&payment.amount.minor.to_string(), own.unwrap_or(&text)]);
        let count = seen.entry(detail.clone()).or_default();
        *count += 1;
        payment.id = PaymentId(format!("P{}", hash(&[entry_key, ordinal, &detail, &count.to_string()])));
    }
}

/// Bytes of what is compared of an entry, as a rule.
const FACT_BYTES: usize = 80;

fn content_hash(account: &str, statement: &Statement) -> String {
    // One after the other in one text: a statement has very many.
    let mut text = String::with_capacity(statement.entries.len() * FACT_BYTES);
    let mut facts: Vec<Range<usize>> = Vec::with_capacity(statement.entries.len());
    for entry in &statement.entries {
        let first = text.len();
        let date = entry.effective_date.map(iso).unwrap_or_default();
        let status = entry.status.as_ref().map_or("", |status| status.code());
        let reference = entry.servicer_reference.as_deref().unwrap_or_default();
        let signed = decimal_text(entry.signed(), 0);
        for part in [&*date, &*signed, entry.amount.currency.code(), status, reference] {
            text.push_str(part);
            text.push('|');
        }
        let texts = entry
            .details
            .iter()
            .flat_map(|detail| detail.remittance.unstructured.iter().map(String::as_str))
            .chain(entry.additional_information.as_deref());
        texts
            .flat_map(str::split_whitespace)
            .for_each(|word| text.push_str(word));
        facts.push(first..text.len());
    }
    let mut facts: Vec<&str> = facts.into_iter().map(|fact| &text[fact]).collect();
    facts.sort_unstable();
    let balances = statement.balances.iter().filter(|balance| {
        matches!(
            balance.kind,
            BalanceKind::Opening | BalanceKind::PreviousClosing | BalanceKind::Closing
        )
    });
    let balances: Vec<String> = balances
        .map(|balance| format!("{}={}", balance.kind.code(), balance.signed()))
        .collect();
    let days = statement.from.map(iso).unwrap_or_default();
    let mut parts = vec![RULE, account, &*days];
    parts.extend(balances.iter().map(String::as_str));
    parts.extend(facts);
    hash(&parts).into()
}

/// Returns the first 24 hex digits of the SHA-256 over the parts, each ended by a NUL.
pub fn hash(parts: &[&str]) -> Label {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    let digest = hasher.finalize();
    let digit = |half: u8| b"0123456789abcdef"[usize::from(half)];
    let halves = digest.iter().take(12).flat_map(|byte| [byte >> 4, byte & 15]);
    of_ascii(24, halves.map(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(number: u64, first: u32, last: u32, balances: (i64, i64), content: &str) -> StatementFacts {
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).expect("a date");
        StatementFacts {
            key: format!("DE1/2026/{number}"),
            content_hash: content.to_owned(),
            sequence: (number > 0).then_some((2026, number)),
            days: Some((day(first), day(last))),
            period: Some((day(first), day(last))),
            currency: Currency::new("EUR"),
            opening: Some(balances.0),
            closing: Some(balances.1),
            is_proved: true,
        }
    }

    #[test]
    fn statements_relate_by_number_balance_and_content() {
        let known = facts(7, 2, 2, (100, 250), "a");
        for (told, new, relation) in [
            ("delivered again", facts(7, 2, 2, (100, 250), "a"), Relation::Same),
            (
                "corrected under the same number",
                facts(7, 2, 2, (100, 240), "b"),
                Relation::Conflict,
            ),
            (
                "the month under the number of its first day",
                facts(7, 2, 31, (100, 900), "b"),
                Relation::MayOverlap,
            ),
            (
                "a bank that numbers all alike",
                facts(7, 3, 3, (250, 300), "b"),
                Relation::MayOverlap,
            ),
            ("the next one", facts(8, 3, 3, (250, 300), "b"), Relation::Consecutive),
            (
                "the next one on the same day",
                facts(8, 2, 2, (250, 300), "b"),
                Relation::Consecutive,
            ),
            (
                "the next number, but the balance does not follow",
                facts(8, 2, 3, (100, 300), "b"),
                Relation::MayOverlap,
            ),
            ("a later one", facts(12, 2, 9, (900, 950), "b"), Relation::Consecutive),
            (
                "without a number, the balance follows",
                facts(0, 2, 3, (250, 300), "b"),
                Relation::Consecutive,
            ),
            (
                "without a number, the same day in other words",
                facts(0, 2, 2, (100, 250), "b"),
                Relation::Rewritten,
            ),
            (
                "under another number",
                facts(41, 2, 2, (100, 250), "b"),
                Relation::Rewritten,
            ),
            (
                "an empty statement, and another one",
                facts(9, 2, 2, (250, 250), "b"),
                Relation::Consecutive,
            ),
        ] {
            assert_eq!(super::relation(&known, &new, true), relation, "{told}");
        }
    }

    #[test]
    fn across_formats_only_balances_and_days_speak() {
        let known = facts(7, 2, 6, (100, 100), "a");
        for (told, new, relation) in [
            ("the same number", facts(7, 2, 6, (100, 100), "b"), Relation::MayOverlap),
            (
                "a number of its own",
                facts(41, 2, 6, (100, 100), "b"),
                Relation::MayOverlap,
            ),
            (
                "the first day of that week",
                facts(41, 2, 2, (100, 250), "b"),
                Relation::MayOverlap,
            ),
            (
                "the last day of that week",
                facts(45, 6, 6, (250, 100), "b"),
                Relation::MayOverlap,
            ),
            ("the day after", facts(46, 9, 9, (100, 300), "b"), Relation::Consecutive),
            ("the day before", facts(40, 1, 1, (30, 100), "b"), Relation::Consecutive),
        ] {
            assert_eq!(super::relation(&known, &new, false), relation, "{told}");
        }
    }
}
