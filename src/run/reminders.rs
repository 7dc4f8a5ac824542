//! Exceptions that wait too long, by age and amount.

use crate::model::{JudgedPayment, Night};
use crate::review::sheet::urgency;
use crate::settings::ReminderRules;
use std::cmp::Reverse;

/// Returns the positions of the payments that wait too long, largest amount times age first.
///
/// What a person put off waits for its day, not for anybody.
pub fn escalated(night: &Night, rules: &ReminderRules) -> Vec<usize> {
    let is_late = |age_days: i64, limit: u32| limit > 0 && age_days >= i64::from(limit);
    let waits_too_long = |judged: &JudgedPayment| {
        let amount = judged.payment.amount;
        let large = rules.large.get(&amount.currency);
        let is_large = large.is_some_and(|large| amount.minor.unsigned_abs() >= large.unsigned_abs());
        let is_put_off = judged.put_off_until.is_some_and(|until| until > night.run.as_of);
        let is_due = is_late(judged.age_days, rules.days) || is_large && is_late(judged.age_days, rules.large_days);
        judged.is_exception() && !is_put_off && is_due
    };
    let payments = night.payments.iter().enumerate();
    let mut escalated: Vec<usize> = payments
        .filter(|(_, judged)| waits_too_long(judged))
        .map(|(position, _)| position)
        .collect();
    escalated.sort_by_key(|position| (Reverse(urgency(&night.payments[*position])), *position));
    escalated
}
