//! What is delivered again: listed with the payments that it repeats, and nothing more.

use super::{Delivered, DuplicateEntry, NewDuplicate, Prepared, Registered, RememberedEntry, RememberedPayment};
use crate::model::Payment;

/// A known entry, and the payment of it that is delivered again.
pub(super) type Repeated<'k> = (&'k RememberedEntry, Option<&'k RememberedPayment>);

/// Returns for each payment the one that it repeats: the first, second … of its amount.
pub(super) fn repeated<'k>(payments: &[Payment], same: &'k RememberedEntry) -> Vec<Repeated<'k>> {
    let of_payment = |position: usize| {
        let minor = payments[position].amount.minor;
        let mut by_amount = same.payments.iter().filter(|known| known.signed == minor);
        by_amount
            .nth(nth_of_amount(payments, position))
            .or(same.payments.first())
    };
    (0..payments.len())
        .map(|position| (same, of_payment(position)))
        .collect()
}

/// The entry again: each of its payments is listed with the payment that it repeats.
pub(super) fn add_duplicates(
    one: &Delivered<'_>,
    entry: &Prepared,
    repeated: &[Repeated<'_>],
    rule: &'static str,
    registered: &mut Registered,
) {
    for (payment, (same, known)) in entry.payments.iter().zip(repeated) {
        let id = known.map(|known| known.id.0.clone()).unwrap_or_default();
        let state = known.map(|known| known.state).unwrap_or_default();
        registered.duplicates.push(NewDuplicate {
            entry: DuplicateEntry {
                payment_id: id,
                bank_ref: payment.bank_ref.to_string(),
                account: one.account.clone(),
                booking_date: payment.booking_date,
                amount: payment.amount.minor,
                currency: payment.amount.currency,
                rule,
                text: format!("delivered before ({}): {state}", same.statement_key),
            },
            file_sha256: one.file_sha256.to_owned(),
        });
    }
}

/// The entry again, split otherwise: its payments are listed as they were registered the first time.
pub(super) fn add_registered(
    one: &Delivered<'_>,
    entry: &Prepared,
    same: &RememberedEntry,
    rule: &'static str,
    registered: &mut Registered,
) {
    registered
        .duplicates
        .extend(same.payments.iter().map(|known| NewDuplicate {
            entry: DuplicateEntry {
                payment_id: known.id.0.clone(),
                bank_ref: known.bank_ref.to_string(),
                account: one.account.clone(),
                booking_date: entry.facts.date,
                amount: known.signed,
                currency: entry.facts.currency,
                rule,
                text: format!("delivered before ({}): {}", same.statement_key, known.state),
            },
            file_sha256: one.file_sha256.to_owned(),
        }));
}

fn nth_of_amount(payments: &[Payment], position: usize) -> usize {
    let minor = payments[position].amount.minor;
    payments[..position]
        .iter()
        .filter(|payment| payment.amount.minor == minor)
        .count()
}
