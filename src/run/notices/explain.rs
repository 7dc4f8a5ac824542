//! Which notices explain which batch. Pure: never a guess, and to the minor unit.

use super::{Asking, Notice};
use crate::model::date::Days;
use crate::model::reference::is_placeholder;
use crate::model::{At, Entry, Label, NaiveDate, Payment, Reason, References, Remittance, Source, Standing};
use crate::run::payments::{self, AccountContext};
use std::collections::{BTreeMap, BTreeSet};

/// Notification and booking may lie so many days apart: weekends and holidays. Banks use a reference again after weeks.
const DAYS_APART: u64 = 7;

/// A batch that waits for its details.
pub(super) struct Batch<'a> {
    pub(super) payment: &'a Payment,
    /// AcctSvcrRef of its entry.
    pub(super) reference: Option<Label>,
}

/// What the notices say about one batch.
#[derive(Debug)]
pub(super) enum Explained {
    /// Nothing.
    Not,
    /// These notices, by position, and the payments that they make of it.
    By(Vec<usize>, Vec<Payment>),
    /// These notices belong to it and do not add up.
    Short(Vec<usize>),
    /// Several notices explain it, each by itself.
    Unclear,
}

/// A booked batch of receipts that nobody decided; or a receipt of which nothing is told, as some banks book their batches.
pub(super) fn waits(payment: &Payment) -> bool {
    is_batch(payment) || is_bare(payment)
}

fn is_batch(payment: &Payment) -> bool {
    payment.standing == Standing::Held(Reason::BatchWithoutDetails)
}

fn is_bare(payment: &Payment) -> bool {
    payment.standing == Standing::Receipt
        && payment.payer_names.is_empty()
        && payment.payer_account.is_none()
        && payment.references == References::default()
        && payment.remittance == Remittance::default()
}

pub(super) fn before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(DAYS_APART)).unwrap_or(day)
}

pub(super) fn after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(DAYS_APART)).unwrap_or(day)
}

pub(super) fn written(reference: &Option<Label>) -> Option<&str> {
    reference.as_deref().filter(|reference| !is_placeholder(reference))
}

/// What the notices say about the batches.
pub(super) struct Answers {
    /// One for each batch.
    pub(super) explained: Vec<Explained>,
    /// Notices that fit several batches alike, by position.
    pub(super) unclear: Vec<usize>,
    /// Notices that some batch may be explained by, by position.
    pub(super) touched: BTreeSet<usize>,
}

/// Returns what the notices say about each batch.
pub(super) fn explain(batches: &[Batch<'_>], notices: &[Notice], asking: &Asking<'_>) -> Answers {
    let mut of_reference: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    let mut of_amount: BTreeMap<(&str, NaiveDate, i64), Vec<usize>> = BTreeMap::new();
    for (position, batch) in batches.iter().enumerate() {
        let payment = batch.payment;
        if let Some(reference) = written(&batch.reference) {
            of_reference
                .entry((&payment.account, reference))
                .or_default()
                .push(position);
        }
        let amount = (payment.account.as_str(), payment.booking_date, payment.amount.minor);
        of_amount.entry(amount).or_default().push(position);
    }
    let mut parts: Vec<Vec<usize>> = batches.iter().map(|_| Vec::new()).collect();
    let (mut unclear, mut touched) = (Vec::new(), BTreeSet::new());
    for (position, notice) in notices.iter().enumerate() {
        let reference = written(&notice.entry.servicer_reference).unwrap_or_default();
        let near = of_reference
            .get(&(notice.account.as_str(), reference))
            .into_iter()
            .flatten();
        let mut fitting: Vec<usize> = near
            .copied()
            .filter(|batch| has_reference(&batches[*batch], notice))
            .collect();
        if fitting.is_empty() {
            let amount = (notice.account.as_str(), notice.booking_date, notice.entry.signed());
            let equal = of_amount.get(&amount).into_iter().flatten();
            fitting.extend(equal.filter(|batch| has_other_reference(&batches[**batch], notice)));
        }
        if fitting.is_empty() {
            continue;
        }
        touched.insert(position);
        if fitting.len() > 1 {
            fitting.retain(|batch| is_equal(&batches[*batch], notice));
        }
        match fitting.as_slice() {
            [only] => parts[*only].push(position),
            _ => unclear.push(position),
        }
    }
    let answers = batches.iter().zip(parts);
    let answers = answers.map(|(batch, parts)| choose(batch, parts, notices, asking));
    Answers {
        explained: answers.collect(),
        unclear,
        touched,
    }
}

fn is_near(batch: &Batch<'_>, notice: &Notice) -> bool {
    let payment = batch.payment;
    payment.account == notice.account
        && payment.amount.currency == notice.entry.amount.currency
        && (before(payment.booking_date)..=after(payment.booking_date)).contains(&notice.booking_date)
}

/// AcctSvcrRef agrees: the bank's own name of the booking.
fn has_reference(batch: &Batch<'_>, notice: &Notice) -> bool {
    let reference = written(&notice.entry.servicer_reference);
    let is_of_several = is_batch(batch.payment) || notice.entry.details.len() > 1;
    is_of_several && is_near(batch, notice) && reference.is_some() && reference == written(&batch.reference)
}

/// Day and amount agree to the minor unit.
fn is_equal(batch: &Batch<'_>, notice: &Notice) -> bool {
    is_near(batch, notice)
        && batch.payment.booking_date == notice.booking_date
        && batch.payment.amount.minor == notice.entry.signed()
}

/// Another reference of the entry or of its only batch agrees, and day and amount do, too.
fn has_other_reference(batch: &Batch<'_>, notice: &Notice) -> bool {
    let mine = &batch.payment.references;
    let own = Some(&batch.payment.bank_ref).filter(|reference| !reference.is_empty());
    let mine = [
        own.cloned(),
        mine.message_id.clone(),
        mine.payment_information_id.clone(),
    ];
    let entry = &notice.entry;
    let batch_of = |of: fn(&crate::model::statement::Batch) -> &Option<Label>| match entry.batches.as_slice() {
        [only] => written(of(only)),
        _ => None,
    };
    let theirs = [
        written(&entry.reference),
        batch_of(|batch| &batch.message_id),
        batch_of(|batch| &batch.payment_information_id),
    ];
    let agrees = mine
        .iter()
        .zip(theirs)
        .any(|(mine, theirs)| theirs.is_some() && written(mine) == theirs);
    agrees && is_batch(batch.payment) && is_equal(batch, notice)
}

/// Takes all parts together, else the only one that explains the batch by itself.
fn choose(batch: &Batch<'_>, parts: Vec<usize>, notices: &[Notice], asking: &Asking<'_>) -> Explained {
    if parts.is_empty() {
        return Explained::Not;
    }
    if let Some(payments) = made_of(batch, &parts, notices, asking) {
        return Explained::By(parts, payments);
    }
    let mut alone = parts
        .iter()
        .filter_map(|part| Some((*part, made_of(batch, &[*part], notices, asking)?)));
    match (alone.next(), alone.next()) {
        (Some((part, payments)), None) => Explained::By(vec![part], payments),
        (Some(_), Some(_)) => Explained::Unclear,
        (None, _) => Explained::Short(parts),
    }
}

/// Returns the payments that these notices make of a batch; `None` where they do not add up to it.
fn made_of(batch: &Batch<'_>, parts: &[usize], notices: &[Notice], asking: &Asking<'_>) -> Option<Vec<Payment>> {
    let context = AccountContext {
        account: &batch.payment.account,
        company: &batch.payment.company,
        own_accounts: asking.own_accounts,
        post_from: asking.post_from,
    };
    let entries = || parts.iter().map(|part| &notices[*part].entry);
    let details = entries().flat_map(|entry| entry.details.iter().cloned()).collect();
    let mut payments = payments::of_notified(batch.payment, details, &context)?;
    let places = entries().flat_map(|entry| (1..=entry.details.len() as u32).map(|detail| place(entry, detail)));
    for (payment, place) in payments.iter_mut().zip(places) {
        payment.source = place;
    }
    Some(payments)
}

fn place(entry: &Entry, detail: u32) -> Source {
    match entry.source.at {
        At::Entry {
            statement,
            entry: number,
            ..
        } => Source {
            file: entry.source.file.clone(),
            at: At::Entry {
                statement,
                entry: number,
                detail,
            },
        },
        _ => entry.source.clone(),
    }
}
