//! Notifications (camt.054) explain batch entries of statements, whichever of them comes first. They never post by themselves.
//!
//! An entry that the bank lumped together becomes one payment for each notified detail, when those details add up to it.
//! A detail has the same id whether its notification came before, with or after the entry.

mod explain;

use crate::model::night::DuplicateEntry;
use crate::model::statement::StatementKind;
use crate::model::{Amount, Entry, Finding, FindingCode, Label, NaiveDate, Payment, PaymentId, Side};
use crate::run::failure::Failure;
use crate::run::identity::{self, EntryFacts};
use crate::run::memory::StoreMemory;
use crate::run::register::{Delivered, Memory, NewDuplicate, NewPayment, Registered, RememberedEntry};
use crate::store::{OpenPayment, Store};
use explain::{Batch, Explained, after, before, explain, waits, written};
use std::collections::{BTreeMap, BTreeSet};

/// An entry of a notification.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Made of bank facts: the same notification again has the same key.
    pub key: String,
    /// Our account.
    pub account: String,
    /// Booking date.
    pub booking_date: NaiveDate,
    /// The entry with its details.
    pub entry: Entry,
}

/// Who asks.
pub struct Asking<'a> {
    /// The record.
    pub store: &'a Store,
    /// What earlier runs left open.
    pub open: &'a [OpenPayment],
    /// All own accounts.
    pub own_accounts: &'a BTreeSet<String>,
    /// First day that is posted.
    pub post_from: Option<NaiveDate>,
}

/// Puts details in the place of batches, those of this delivery and those that earlier runs left open.
pub fn join(delivered: &[Delivered<'_>], asking: &Asking<'_>, registered: &mut Registered) -> Result<(), Failure> {
    let (new, twice) = delivered_notices(delivered, asking.store)?;
    registered.findings.extend(twice);
    let new_batches: Vec<usize> = (0..registered.payments.len())
        .filter(|position| waits(&registered.payments[*position].payment))
        .collect();
    let old: Vec<&OpenPayment> = asking.open.iter().filter(|open| waits(&open.payment)).collect();
    let of_tonight = new_batches
        .iter()
        .map(|position| &*registered.payments[*position].payment);
    let mut notices = waiting(of_tonight.chain(old.iter().map(|open| &*open.payment)), asking.store)?;
    let first_new = notices.len();
    notices.extend(new);
    if notices.is_empty() {
        return Ok(());
    }
    let batches = with_references(&new_batches, &old, registered, asking.store)?;
    let mut findings = Vec::new();
    let answers = explain(&batches, &notices, asking);
    for position in answers.unclear {
        let notice = &notices[position];
        let args = vec![shown_reference(&notice.entry)];
        findings.push(Finding::warning(
            FindingCode::NoticeUnclear,
            notice.entry.source.clone(),
            args,
        ));
    }
    let (mut used, mut short) = (BTreeSet::new(), BTreeMap::new());
    let mut split: Vec<(usize, Vec<Payment>)> = Vec::new();
    for (position, (batch, answer)) in batches.iter().zip(answers.explained).enumerate() {
        findings.extend(said(batch, &answer, &notices));
        if let Explained::Short(parts) = &answer {
            let sum = sum_of(parts, &notices);
            short.insert(batch.payment.id.clone(), sum);
        }
        if let Explained::By(parts, payments) = answer {
            used.extend(parts);
            split.push((position, payments));
        }
    }
    let lonely = lonely(&notices, first_new, &answers.touched, registered, asking.store)?;
    findings.extend(lonely.findings);
    registered.joined = used.iter().map(|position| notices[*position].key.clone()).collect();
    registered.notices = notices
        .into_iter()
        .enumerate()
        .skip(first_new)
        .filter(|(position, _)| !lonely.superfluous.contains(position))
        .map(|(_, notice)| notice)
        .collect();
    registered.short = short;
    registered.findings.extend(findings);
    replace(split, &new_batches, &old, asking.store, registered)
}

/// Returns the notified receipts of this delivery that are new, by key, and a note for each notification given before.
fn delivered_notices(delivered: &[Delivered<'_>], store: &Store) -> Result<(Vec<Notice>, Vec<Finding>), Failure> {
    let is_notification = |one: &&Delivered<'_>| one.statement.kind == StatementKind::Notification;
    let mut notifications: Vec<&Delivered<'_>> = delivered.iter().filter(is_notification).collect();
    notifications.sort_by_cached_key(|one| one.statement.source.to_string());
    let mut new: BTreeMap<String, Notice> = BTreeMap::new();
    let mut twice = Vec::new();
    for one in notifications {
        let mut is_known = false;
        let mut ordinals: BTreeMap<String, u32> = BTreeMap::new();
        for entry in &one.statement.entries {
            let Some(booking_date) = entry.effective_date.or(entry.value_date) else {
                continue;
            };
            if entry.side != Side::Credit || entry.is_reversal || entry.details.is_empty() {
                continue;
            }
            let content = content(&one.account, booking_date, entry);
            let ordinal = ordinals.entry(content.clone()).or_default();
            *ordinal += 1;
            let key = identity::hash(&[&content, &ordinal.to_string()]).to_string();
            if new.contains_key(&key) || store.has_notice(&key).map_err(Failure::from)? {
                is_known = true;
                continue;
            }
            let notice = Notice {
                key: key.clone(),
                account: one.account.clone(),
                booking_date,
                entry: entry.clone(),
            };
            new.insert(key, notice);
        }
        if is_known {
            let source = one.statement.source.clone();
            twice.push(Finding::note(FindingCode::NoticeTwice, source, Vec::new()));
        }
    }
    Ok((new.into_values().collect(), twice))
}

/// The bank facts of a notified entry, without the names of file and message.
fn content(account: &str, booking_date: NaiveDate, entry: &Entry) -> String {
    let mut parts = vec![
        account.to_owned(),
        booking_date.to_string(),
        entry.signed().to_string(),
        entry.amount.currency.code().to_owned(),
        entry.servicer_reference.as_deref().unwrap_or_default().to_owned(),
        entry.reference.as_deref().unwrap_or_default().to_owned(),
    ];
    for detail in &entry.details {
        let references = &detail.references;
        let written = [
            references.servicer_reference.as_deref(),
            references.end_to_end_id.as_deref(),
            references.transaction_id.as_deref(),
            detail.parties.debtor.as_ref().and_then(|party| party.name.as_deref()),
        ];
        let amount = detail
            .amount
            .map(|amount| Amount::new(detail.side.signed(amount.minor), amount.currency));
        parts.push(amount.map(|amount| amount.to_string()).unwrap_or_default());
        parts.extend(written.map(|text| text.unwrap_or_default().to_owned()));
        parts.push(detail.remittance.unstructured.concat());
        let references = detail.remittance.creditor_references.iter();
        parts.extend(references.map(|reference| reference.reference.to_string()));
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    identity::hash(&parts).into()
}

/// Returns the batches with the bank's own reference of their entries: those of tonight, then the older ones.
fn with_references<'a>(
    new: &[usize],
    old: &[&'a OpenPayment],
    registered: &'a Registered,
    store: &Store,
) -> Result<Vec<Batch<'a>>, Failure> {
    let tonight = new.iter().map(|position| &registered.payments[*position]);
    let mut batches: Vec<Batch<'a>> = tonight
        .map(|new| Batch {
            payment: &new.payment,
            reference: new.entry.servicer_reference.clone(),
        })
        .collect();
    for open in old {
        let known = store.payment(&open.payment.id).map_err(Failure::from)?;
        batches.push(Batch {
            payment: &open.payment,
            reference: known.and_then(|known| known.servicer_reference).map(Label::from),
        });
    }
    Ok(batches)
}

/// Returns what was notified earlier around the days of these payments and explained nothing yet.
fn waiting<'a>(payments: impl Iterator<Item = &'a Payment>, store: &Store) -> Result<Vec<Notice>, Failure> {
    let mut spans: BTreeMap<&str, (NaiveDate, NaiveDate)> = BTreeMap::new();
    for payment in payments {
        let day = payment.booking_date;
        let span = spans.entry(&payment.account).or_insert((day, day));
        *span = (span.0.min(day), span.1.max(day));
    }
    let mut notices = Vec::new();
    for (account, (first, last)) in spans {
        let known = store.waiting_notices(account, before(first), after(last));
        let known = known.map_err(Failure::from)?.into_iter();
        notices.extend(known.map(|known| Notice {
            key: known.key,
            account: known.account,
            booking_date: known.booking_date,
            entry: known.entry,
        }));
    }
    Ok(notices)
}

fn shown_reference(entry: &Entry) -> String {
    let reference = written(&entry.servicer_reference).or(written(&entry.reference));
    reference.unwrap_or("(none)").to_owned()
}

/// What a person is told about a batch.
fn said(batch: &Batch<'_>, answer: &Explained, notices: &[Notice]) -> Option<Finding> {
    let payment = batch.payment;
    let name = payment.bank_ref.to_string();
    match answer {
        Explained::Not => None,
        Explained::By(parts, payments) => {
            let source = notices[*parts.first()?].entry.source.clone();
            let args = vec![payments.len().to_string(), name, payment.amount.to_string()];
            Some(Finding::note(FindingCode::NoticeJoined, source, args))
        }
        Explained::Short(parts) => {
            let source = notices[*parts.first()?].entry.source.clone();
            let sum = sum_of(parts, notices);
            let amount = |minor: i64| Amount::new(minor, payment.amount.currency).to_string();
            let difference = payment.amount.minor.saturating_sub(sum);
            let args = vec![name, amount(sum), payment.amount.to_string(), amount(difference)];
            Some(Finding::warning(FindingCode::NoticeShort, source, args))
        }
        Explained::Unclear => Some(Finding::warning(
            FindingCode::NoticeUnclear,
            payment.source.clone(),
            vec![name],
        )),
    }
}

fn sum_of(parts: &[usize], notices: &[Notice]) -> i64 {
    let entries = parts.iter().map(|part| &notices[*part].entry);
    let signed = entries.flat_map(|entry| {
        entry.details.iter().map(|detail| {
            let amount = detail.amount.filter(|amount| amount.currency == entry.amount.currency);
            detail.side.signed(amount.map_or(0, |amount| amount.minor))
        })
    });
    signed.fold(0, i64::saturating_add)
}

/// What becomes of new notices that explain no batch.
#[derive(Default)]
struct Lonely {
    findings: Vec<Finding>,
    /// Positions of those whose entry is in a statement already: nothing is left to explain.
    superfluous: BTreeSet<usize>,
}

fn lonely(
    notices: &[Notice],
    first_new: usize,
    touched: &BTreeSet<usize>,
    registered: &Registered,
    store: &Store,
) -> Result<Lonely, Failure> {
    let mut lonely = Lonely::default();
    let left: Vec<usize> = (first_new..notices.len())
        .filter(|position| !touched.contains(position))
        .collect();
    let known = known_entries(&left, notices, store)?;
    let tonight: BTreeSet<(&str, &str)> = registered
        .payments
        .iter()
        .filter_map(|new| Some((new.payment.account.as_str(), new.entry.servicer_reference.as_deref()?)))
        .collect();
    let mut waiting: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for position in left {
        let notice = &notices[position];
        let reference = written(&notice.entry.servicer_reference).unwrap_or_default();
        let name = (notice.account.clone(), reference.to_owned());
        let entries = known.get(&name).into_iter().flatten();
        let days_apart = |entry: &&RememberedEntry| (entry.facts.date - notice.booking_date).num_days().abs();
        let same = entries
            .filter(|entry| is_same(&entry.facts, notice))
            .min_by_key(days_apart);
        match same {
            Some(entry) => {
                lonely.superfluous.insert(position);
                lonely.findings.extend(settled(entry, notice));
            }
            None if tonight.contains(&(notice.account.as_str(), reference)) => {
                lonely.superfluous.insert(position);
            }
            None => waiting
                .entry(notice.entry.source.file.to_string())
                .or_default()
                .push(position),
        }
    }
    for positions in waiting.into_values() {
        let first = positions
            .iter()
            .min_by_key(|position| notices[**position].entry.source.to_string());
        let Some(first) = first else { continue };
        let entry = &notices[*first].entry;
        let args = vec![positions.len().to_string(), shown_reference(entry)];
        lonely
            .findings
            .push(Finding::note(FindingCode::NoticeWaiting, entry.source.clone(), args));
    }
    Ok(lonely)
}

/// Entries of earlier runs around the days of these notices, by account and reference.
fn known_entries(
    positions: &[usize],
    notices: &[Notice],
    store: &Store,
) -> Result<BTreeMap<(String, String), Vec<RememberedEntry>>, Failure> {
    let mut spans: BTreeMap<&str, (NaiveDate, NaiveDate)> = BTreeMap::new();
    for notice in positions.iter().map(|position| &notices[*position]) {
        let day = notice.booking_date;
        let span = spans.entry(&notice.account).or_insert((day, day));
        *span = (span.0.min(day), span.1.max(day));
    }
    let memory = StoreMemory { store };
    let mut known: BTreeMap<(String, String), Vec<RememberedEntry>> = BTreeMap::new();
    for (account, (first, last)) in spans {
        for entry in memory.entries(account, before(first), after(last))? {
            if let Some(reference) = entry.facts.servicer_reference.clone() {
                known
                    .entry((account.to_owned(), reference.into()))
                    .or_default()
                    .push(entry);
            }
        }
    }
    Ok(known)
}

fn is_same(facts: &EntryFacts, notice: &Notice) -> bool {
    let reference = written(&notice.entry.servicer_reference);
    reference.is_some()
        && facts.servicer_reference.as_deref() == reference
        && facts.currency == notice.entry.amount.currency
        && facts.signed > 0
        && (before(facts.date)..=after(facts.date)).contains(&notice.booking_date)
}

/// Several details for what was settled as a whole: a person decided, and that stays.
fn settled(entry: &RememberedEntry, notice: &Notice) -> Option<Finding> {
    let [whole] = entry.payments.as_slice() else {
        return None;
    };
    if notice.entry.details.len() < 2 {
        return None;
    }
    let args = vec![
        shown_reference(&notice.entry),
        whole.state.to_owned(),
        notice.entry.details.len().to_string(),
    ];
    let source = notice.entry.source.clone();
    Some(Finding::note(FindingCode::NoticeSettled, source, args))
}

/// Puts the details where their batches were.
fn replace(
    split: Vec<(usize, Vec<Payment>)>,
    new_batches: &[usize],
    old: &[&OpenPayment],
    store: &Store,
    registered: &mut Registered,
) -> Result<(), Failure> {
    let mut of_new: BTreeMap<usize, Vec<Payment>> = BTreeMap::new();
    let mut late = Vec::new();
    for (batch, payments) in split {
        match new_batches.get(batch) {
            Some(position) => {
                of_new.insert(*position, payments);
            }
            None => {
                let open = &old[batch - new_batches.len()].payment;
                late.extend(late_details(&open.id, payments, store)?);
                registered.replaced.insert(open.id.clone());
            }
        }
    }
    let all = std::mem::take(&mut registered.payments);
    for (position, whole) in all.into_iter().enumerate() {
        match of_new.remove(&position) {
            Some(payments) => {
                let id = whole.payment.id.clone();
                let details = details_of(whole, payments);
                repeat(&id, &details, &mut registered.duplicates);
                registered.payments.extend(details);
            }
            None => registered.payments.push(whole),
        }
    }
    registered.payments.extend(late);
    Ok(())
}

/// A batch of this delivery that another file brings again is its details there, too.
fn repeat(whole: &PaymentId, details: &[NewPayment], duplicates: &mut Vec<NewDuplicate>) {
    let is_whole = |duplicate: &NewDuplicate| duplicate.entry.payment_id == whole.0;
    let (again, others) = std::mem::take(duplicates).into_iter().partition(is_whole);
    *duplicates = others;
    let again: Vec<NewDuplicate> = again;
    for duplicate in again {
        duplicates.extend(details.iter().map(|detail| NewDuplicate {
            entry: DuplicateEntry {
                payment_id: detail.payment.id.0.clone(),
                bank_ref: detail.payment.bank_ref.to_string(),
                amount: detail.payment.amount.minor,
                ..duplicate.entry.clone()
            },
            file_sha256: duplicate.file_sha256.clone(),
        }));
    }
}

fn details_of(whole: NewPayment, mut payments: Vec<Payment>) -> Vec<NewPayment> {
    identity::name_details(&whole.entry_key, &whole.ordinal.to_string(), &mut payments);
    let details = payments.into_iter().map(|payment| NewPayment {
        payment: payment.into(),
        ..whole.clone()
    });
    details.collect()
}

/// Details of a batch that an earlier run registered: they belong to the file and statement of the batch.
fn late_details(id: &PaymentId, payments: Vec<Payment>, store: &Store) -> Result<Vec<NewPayment>, Failure> {
    let known = store.payment(id).map_err(Failure::from)?;
    let (Some(known), Some(first)) = (known, payments.first()) else {
        return Err(Failure::SelfCheck(format!(
            "the open payment {id} is not in the record"
        )));
    };
    let whole = NewPayment {
        payment: first.clone().into(),
        entry_key: known.entry_key.into(),
        ordinal: known.ordinal,
        entry: EntryFacts {
            date: known.booking_date,
            signed: known.amount.minor,
            currency: known.amount.currency,
            servicer_reference: known.servicer_reference.map(Label::from),
            end_to_end_id: known.end_to_end_id.map(Label::from),
            text: known.text,
        }
        .into(),
        statement_key: known.statement_key.into(),
        file_sha256: known.file_sha256.into(),
        replaces: Some(id.clone()),
    };
    Ok(details_of(whole, payments))
}
