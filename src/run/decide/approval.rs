//! Which decisions need a second person.

use super::carry::Carried;
use super::settle::discount_in_time;
use super::{Desk, Effect};
use crate::model::{Action, Allocation, Amount, Decision, Payment};
use crate::text;
use crate::words::decision as words;
use std::sync::Arc;

/// Returns why a second person must approve what a decision does; `None` when nobody has to.
///
/// A candidate that is accepted was found by the program within its own limits: its discount and charges count as seen by two.
pub(super) fn needed(desk: &Desk<'_>, decision: &Decision, carried: &Carried) -> Option<String> {
    let action = decision.action;
    if action == Action::Later {
        return None;
    }
    if desk.approval.is_always(action) {
        return Some(words::always_two(action));
    }
    let payment = match carried {
        Carried::Undo(undone) => Arc::clone(&undone.payment),
        _ => Arc::new(desk.open.get(&decision.payment_id)?.payment.clone()),
    };
    let amount = Amount::new(payment.amount.minor.saturating_abs(), payment.amount.currency);
    let limit = |minor: i64| Amount::new(minor, amount.currency);
    let most = desk.approval.payment_max;
    if most > 0 && amount.minor > most {
        return Some(words::above_limit("the payment is", amount, limit(most)));
    }
    if action == Action::Ignore && amount.minor > desk.approval.ignore_max {
        return Some(words::above_limit(
            "the payment is",
            amount,
            limit(desk.approval.ignore_max),
        ));
    }
    let Carried::Effect(Effect::Post { allocations, .. }) = carried else {
        return None;
    };
    let name = payment.payer_name();
    if desk.approval.is_personal_payer() && text::is_personal_name(&text::name_form(name)) {
        return Some(words::personal_payer(name));
    }
    if action == Action::Accept {
        return None;
    }
    beyond_terms(desk, allocations, &payment)
        .into_iter()
        .find(|(_, minor, most)| minor > most)
        .map(|(what, minor, most)| words::above_limit(what, limit(minor), limit(most)))
}

/// What is given away beyond what bank and terms explain, and how much one person may.
fn beyond_terms(desk: &Desk<'_>, allocations: &[Allocation], payment: &Payment) -> [(&'static str, i64, i64); 3] {
    let written_off: i64 = allocations.iter().map(|allocation| allocation.write_off.abs()).sum();
    let charges: i64 = allocations.iter().map(|allocation| allocation.charges).sum();
    let beyond = |allocation: &Allocation| {
        let item = &desk.items[allocation.item as usize];
        (allocation.discount - discount_in_time(item, payment, desk.grace_days)).max(0)
    };
    let discount: i64 = allocations.iter().map(beyond).sum();
    let rules = desk.approval;
    [
        ("written off", written_off, rules.write_off_max),
        (
            "charges that no bank states:",
            charges - payment.charges,
            rules.charges_max,
        ),
        ("discount beyond the terms:", discount, rules.discount_max),
    ]
}
