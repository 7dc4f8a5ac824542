//! Days: of issue, due, and payment.

use super::Weights;
use crate::model::date::days_between;
use crate::model::{NaiveDate, OpenItem, Signal};

/// A payment this many days before the issue date is still taken for one of the item: dates are written by hand.
const EARLY_DAYS: i64 = 3;

/// Returns what the day says: paid before the item existed, or around the due date; `None` where it says nothing.
pub fn signal(weights: &Weights, item: &OpenItem, paid_on: NaiveDate) -> Option<(Signal, i32)> {
    if is_before_issue(item, paid_on) {
        return Some((Signal::DateBeforeIssue, weights.before_issue));
    }
    let late = days_between(item.due_date?, paid_on);
    (-35..=20)
        .contains(&late)
        .then_some((Signal::DateUsual, weights.date_usual))
}

/// Returns true when the payment came before the item was issued.
pub fn is_before_issue(item: &OpenItem, paid_on: NaiveDate) -> bool {
    item.issue_date
        .is_some_and(|issued| days_between(paid_on, issued) > EARLY_DAYS)
}
