//! Whether an entry is one payment or several.

use crate::model::statement::{Charge, Entry, TransactionDetails};
use crate::model::{Currency, Side};

/// How an entry falls into payments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Split {
    /// One payment: the entry's amount.
    Whole,
    /// One payment per detail: the cash of each in signed minor units of the entry's currency; they add up to the entry.
    Details(Vec<i64>),
    /// The details do not add up to the entry, and charges do not explain the difference: the entry is kept whole.
    WholeBroken {
        /// Signed sum of the details in minor units.
        details_sum: i64,
        /// Charges that the bank names, in minor units: positive where they lower the cash.
        charges: i64,
    },
    /// That many details have no amount in the account's currency: the entry is kept whole.
    WholeWithoutAmounts(usize),
    /// The bank lumped payments together without details; their number where stated.
    Batch(Option<u64>),
}

/// Returns how an entry falls into payments. `account_currency` is the currency that its cash is in, where known.
///
/// Several details are split when their own amounts, each with its own side, less the charges the bank names for them, add up to
/// the entry. Foreign-currency amounts are never cash. Source: FIELD, "several TxDtls".
pub fn entry_split(entry: &Entry, account_currency: Option<Currency>) -> Split {
    let currency = account_currency.unwrap_or(entry.amount.currency);
    if entry.amount.currency != currency && entry.details.len() > 1 {
        return Split::WholeWithoutAmounts(entry.details.len());
    }
    match entry.details.as_slice() {
        [] => batch(entry).unwrap_or(Split::Whole),
        [single] => one_detail(entry, single),
        several => many_details(entry, several),
    }
}

/// Returns the batch of an entry that sums several payments.
fn batch(entry: &Entry) -> Option<Split> {
    if entry.batches.is_empty() {
        return None;
    }
    let mut counts = entry.batches.iter().map(|batch| batch.count);
    let count = counts.try_fold(0_u64, |sum, count| sum.checked_add(count?));
    (count != Some(1)).then_some(Split::Batch(count))
}

fn one_detail(entry: &Entry, detail: &TransactionDetails) -> Split {
    let is_same_currency = |amount: &crate::model::Amount| amount.currency == entry.amount.currency;
    // Samples and some banks write 0 where they mean nothing.
    let own = detail
        .amount
        .filter(|amount| is_same_currency(amount) && amount.minor != 0);
    let is_own = detail.amount_origin == Some(crate::model::statement::AmountOrigin::Detail);
    let Some(own) = own.filter(|_| is_own) else {
        return batch(entry).filter(|_| detail.amount.is_none()).unwrap_or(Split::Whole);
    };
    if own.minor == entry.amount.minor {
        return Split::Whole;
    }
    if let Some(batch) = batch(entry) {
        return batch;
    }
    let sum = i128::from(entry.side.signed(own.minor));
    let charges = signed_charges(detail.charges.iter().chain(&entry.charges), entry, |_| true);
    let is_explained = [
        charges,
        signed_charges(detail.charges.iter(), entry, |_| true),
        signed_charges(entry.charges.iter(), entry, |_| true),
    ]
    .iter()
    .any(|charges| sum + charges == i128::from(entry.signed()) || sum - charges == i128::from(entry.signed()));
    if is_explained {
        return Split::Whole;
    }
    broken(sum, charges)
}

fn many_details(entry: &Entry, details: &[TransactionDetails]) -> Split {
    let amounts: Vec<Option<i64>> = details.iter().map(|detail| cash(entry, detail)).collect();
    let missing = amounts.iter().filter(|amount| amount.is_none()).count();
    if missing > 0 {
        return Split::WholeWithoutAmounts(missing);
    }
    let amounts: Vec<i64> = amounts.into_iter().flatten().collect();
    let target = i128::from(entry.signed());
    if total(&amounts) == target {
        return Split::Details(amounts);
    }
    // Charges that the amounts do not contain first, then all that are named.
    let rules: [fn(&Charge) -> bool; 2] = [|charge| charge.is_included != Some(true), |_| true];
    for rule in rules {
        let pairs = amounts.iter().zip(details);
        let less: Option<Vec<i64>> = pairs
            .map(|(amount, detail)| {
                let charges = signed_charges(detail.charges.iter(), entry, rule);
                i64::try_from(i128::from(*amount) + charges).ok()
            })
            .collect();
        if let Some(less) = less.filter(|less| total(less) == target) {
            return Split::Details(less);
        }
    }
    let all = details.iter().flat_map(|detail| &detail.charges).chain(&entry.charges);
    broken(total(&amounts), signed_charges(all, entry, |_| true))
}

/// Returns the cash of a detail in the entry's currency, signed by the detail's own side.
fn cash(entry: &Entry, detail: &TransactionDetails) -> Option<i64> {
    let written = [
        detail.amount,
        detail.amounts.transaction.as_ref().map(|converted| converted.amount),
        detail.amounts.counter_value.as_ref().map(|converted| converted.amount),
        detail
            .amounts
            .announced_posting
            .as_ref()
            .map(|converted| converted.amount),
        detail.amounts.instructed.as_ref().map(|converted| converted.amount),
    ];
    let own = written
        .into_iter()
        .flatten()
        .find(|amount| amount.currency == entry.amount.currency)?;
    Some(detail.side.signed(own.minor))
}

fn total(amounts: &[i64]) -> i128 {
    amounts.iter().map(|amount| i128::from(*amount)).sum()
}

/// Returns the sum of charges as they change the account: what is charged is negative. A total counts only where no record stands.
fn signed_charges<'c>(
    charges: impl Iterator<Item = &'c Charge> + Clone,
    entry: &Entry,
    rule: fn(&Charge) -> bool,
) -> i128 {
    let has_records = charges.clone().any(|charge| !charge.is_total);
    charges
        .filter(|charge| charge.is_total != has_records && rule(charge))
        .filter(|charge| charge.amount.currency == entry.amount.currency)
        .map(|charge| i128::from(charge.side.unwrap_or(Side::Debit).signed(charge.amount.minor)))
        .sum()
}

fn broken(sum: i128, charges: i128) -> Split {
    let clamped = |wide: i128| i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX });
    Split::WholeBroken {
        details_sum: clamped(sum),
        charges: clamped(-charges),
    }
}
