//! The figures of a night: totals, duplicates, statements, and the check that all of it ties.

use crate::model::night::{DuplicateEntry, StatementLine};
use crate::model::run::{Class, CountSum, Totals};
use crate::model::statement::{BalanceKind, StatementKind};
use crate::model::{Night, Outcome, PaymentId, PostingLine, SetAsideRule, Side};
use crate::run::assemble::{InPlay, Origin};
use crate::run::decide::Undone;
use crate::run::delivery::StatementFile;
use crate::run::failure::Failure;
use crate::run::ledger::Ledger;
use crate::run::memory::KnownFile;
use crate::run::nightly::Evening;
use crate::run::plan::Plan;
use crate::store::{KnownPayment, State};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Adds up the night: every booked payment comes in once and goes to one class.
pub fn totals(evening: &Evening, payments: &[InPlay], undone: &[Undone]) -> Result<Totals, Failure> {
    let mut totals = Totals::default();
    let overflow = || Failure::SelfCheck("the sum of an account is larger than can be counted".to_owned());
    for in_play in payments {
        let payment = &in_play.judged.payment;
        let (account, currency, minor) = (payment.account.as_str(), payment.amount.currency, payment.amount.minor);
        let outcome = in_play.judged.explanation.outcome;
        if let Outcome::SetAside(rule) = outcome {
            let total: &mut CountSum = totals
                .set_aside
                .entry((account.to_owned(), currency, rule))
                .or_default();
            total.count += 1;
            total.sum = total.sum.checked_add(minor).ok_or_else(overflow)?;
        }
        if in_play.origin == Origin::NotBooked {
            continue;
        }
        let came = if in_play.origin == Origin::Carried {
            Class::Carried
        } else {
            Class::Read
        };
        let went = match outcome {
            Outcome::Posted => Class::Posted,
            Outcome::Proposed(_) => Class::Proposed,
            Outcome::Exception(_) => Class::Open,
            Outcome::SetAside(_) => Class::SetAside,
        };
        totals.add(account, currency, minor, came).ok_or_else(overflow)?;
        totals.add(account, currency, minor, went).ok_or_else(overflow)?;
    }
    for undone in undone.iter().filter(|undone| undone.posting.is_some()) {
        let payment = &undone.payment;
        let (currency, minor) = (payment.amount.currency, payment.amount.minor);
        totals
            .add_reversed(&payment.account, currency, minor)
            .ok_or_else(overflow)?;
    }
    for duplicate in duplicates(evening, undone) {
        for class in [Class::Read, Class::Duplicate] {
            totals
                .add(&duplicate.account, duplicate.currency, duplicate.amount, class)
                .ok_or_else(overflow)?;
        }
    }
    Ok(totals)
}

/// Returns what was delivered before: entries of other files and, for files that were read before, what is settled. What is taken
/// back tonight is settled no more.
pub fn duplicates(evening: &Evening, undone: &[Undone]) -> Vec<DuplicateEntry> {
    let undone: BTreeSet<&PaymentId> = undone.iter().map(|undone| &undone.payment.id).collect();
    let mut all: Vec<DuplicateEntry> = evening
        .registered
        .duplicates
        .iter()
        .map(|duplicate| duplicate.entry.clone())
        .collect();
    let (copies, firsts): (Vec<&KnownFile>, Vec<&KnownFile>) = evening.known.iter().partition(|file| file.is_copy);
    let copied = copies
        .iter()
        .flat_map(|file| file.payments.iter().chain(&file.repeated));
    // A batch whose details arrived is its details, and they came with the same file.
    for payment in copied.filter(|payment| payment.state != State::SetAside(SetAsideRule::Detailed)) {
        let text = "another file of this night has the same bytes".to_owned();
        all.push(known_entry(payment, "SAME_FILE", text));
    }
    for file in firsts {
        let posted = file
            .payments
            .iter()
            .filter(|payment| payment.state == State::Posted && !undone.contains(&payment.id));
        all.extend(posted.map(|payment| {
            known_entry(
                payment,
                "POSTED_EARLIER",
                format!("this file was read in run {}, the payment is posted", file.since),
            )
        }));
        let gone = file
            .payments
            .iter()
            .filter(|payment| payment.state == State::Duplicate)
            .chain(&file.repeated);
        all.extend(gone.map(|payment| {
            let state = crate::run::memory::in_words(payment.state);
            known_entry(
                payment,
                "OVERLAP",
                format!("delivered before ({}): {state}", payment.statement_key),
            )
        }));
    }
    all.sort_by(|a, b| {
        let key = |entry: &DuplicateEntry| {
            (
                entry.account.clone(),
                entry.booking_date,
                entry.bank_ref.clone(),
                entry.payment_id.clone(),
                entry.text.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    all
}

fn known_entry(payment: &KnownPayment, rule: &'static str, text: String) -> DuplicateEntry {
    DuplicateEntry {
        payment_id: payment.id.0.clone(),
        bank_ref: payment.bank_ref.clone(),
        account: payment.account.clone(),
        booking_date: payment.booking_date,
        amount: payment.amount.minor,
        currency: payment.amount.currency,
        rule,
        text,
    }
}

/// Returns a line of the report for each statement that was read tonight.
pub fn statement_lines(plan: &Plan, files: &[StatementFile]) -> Vec<StatementLine> {
    let mut lines = Vec::new();
    for file in files {
        for reading in &file.readings {
            for statement in reading
                .statements
                .iter()
                .filter(|statement| statement.kind == StatementKind::Statement)
            {
                let message = reading.message.as_deref().unwrap_or_default();
                let mut credits = (0, 0);
                let mut debits = (0, 0);
                for entry in statement.entries.iter().filter(|entry| entry.is_booked()) {
                    let side = if entry.side == Side::Credit {
                        &mut credits
                    } else {
                        &mut debits
                    };
                    side.0 += 1;
                    side.1 += entry.signed();
                }
                let sequence = statement
                    .electronic_sequence
                    .clone()
                    .or_else(|| statement.legal_sequence.clone());
                let opening = statement.balance(&BalanceKind::Opening);
                let opening = opening.or_else(|| statement.balance(&BalanceKind::PreviousClosing));
                lines.push(StatementLine {
                    file: reading.file.clone(),
                    account: crate::run::memory::account_of(statement, message, &plan.settings),
                    currency: statement.currency(),
                    name: sequence.or_else(|| statement.id.clone()).unwrap_or_default(),
                    days: crate::run::identity::days(statement),
                    opening: opening.map(crate::model::Balance::signed),
                    closing: statement
                        .balance(&BalanceKind::Closing)
                        .map(crate::model::Balance::signed),
                    credits,
                    debits,
                    proof: statement.proof.clone(),
                    is_refused: reading.refusal.is_some() || statement.refusal.is_some(),
                });
            }
        }
    }
    lines
}

/// Checks the night before anything is written: totals tie, and no item is reduced by more than is open.
pub fn self_check(night: &Night, ledger: &Ledger) -> Result<(), Failure> {
    if let Some((account, currency, side)) = night.run.totals.first_gap() {
        let side = side.code();
        return Err(Failure::SelfCheck(format!(
            "what came in and what went out differ on {account}, {currency}, {side}"
        )));
    }
    let open = ledger.items.iter().map(|item| (item.id.as_str(), item.open_amount));
    let posted = night.postings.iter().flat_map(|posting| &posting.lines);
    let reversed = night.reversals.iter().flat_map(|reversal| &reversal.lines);
    match over_applied(open, posted.filter_map(on_item), reversed.filter_map(on_item)) {
        None => Ok(()),
        Some(trouble) => Err(Failure::SelfCheck(trouble)),
    }
}

fn on_item(line: &PostingLine) -> Option<(&str, i64)> {
    Some((line.item_id.as_deref()?, line.item_amount.minor))
}

/// Returns what is wrong with the first item, by its id, that is reduced by more than is open, or opened further; all in minor units
/// by item. What the night takes back is open again.
fn over_applied<'n>(
    open: impl Iterator<Item = (&'n str, i64)>,
    posted: impl Iterator<Item = (&'n str, i64)>,
    reversed: impl Iterator<Item = (&'n str, i64)>,
) -> Option<String> {
    // What is open of an item, where it is known, and by how much it is reduced.
    let mut reduced: FxHashMap<&str, (Option<i64>, i64)> = FxHashMap::default();
    for (item_id, reduction) in posted {
        reduced.entry(item_id).or_default().1 += reduction;
    }
    for (item_id, minor) in open {
        if let Some((open, _)) = reduced.get_mut(item_id) {
            *open = Some(minor);
        }
    }
    for (item_id, reduction) in reversed {
        if let Some((Some(open), _)) = reduced.get_mut(item_id) {
            *open -= reduction;
        }
    }
    let is_return = |open: i64, reduction: i64| reduction.signum() == -open.signum() || open == 0;
    let is_wrong =
        |open: i64, reduction: i64| is_return(open, reduction) || (open - reduction).signum() == -open.signum();
    let all = reduced.into_iter();
    let all = all.map(|(item_id, (open, reduction))| (item_id, open.unwrap_or(0), reduction));
    let (item_id, open, reduction) = all.filter(|(_, open, reduction)| is_wrong(*open, *reduction)).min()?;
    Some(if is_return(open, reduction) {
        format!("item {item_id} would be opened by {reduction} minor units")
    } else {
        format!("item {item_id} is open with {open} minor units, {reduction} would be applied")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_item_is_reduced_by_more_than_is_open() {
        let too_much = |open: i64, applied: i64| {
            Some(format!(
                "item B is open with {open} minor units, {applied} would be applied"
            ))
        };
        let opened = |by: i64| Some(format!("item B would be opened by {by} minor units"));
        for (told, open, posted, reversed, expected) in [
            ("in full", 100, &[100][..], 0, None),
            ("in two parts", 100, &[60, 40], 0, None),
            ("a credit note", -100, &[-100], 0, None),
            ("a cent too much", 100, &[60, 41], 0, too_much(100, 101)),
            ("a credit note and a cent", -100, &[-101], 0, too_much(-100, -101)),
            ("taken back and posted again", 40, &[100], -60, None),
            ("more than taken back", 40, &[101], -60, too_much(100, 101)),
            ("closed", 0, &[1], 0, opened(1)),
            ("the other way", 100, &[-1], 0, opened(-1)),
        ] {
            let items = [("A", 5), ("B", open)];
            let posted = posted.iter().map(|minor| ("B", *minor));
            let reversed = (reversed != 0).then_some(("B", reversed));
            let found = over_applied(items.into_iter(), posted, reversed.into_iter());
            assert_eq!(found, expected, "{told}");
        }
        let unknown = over_applied([("A", 5)].into_iter(), [("B", 5)].into_iter(), [("B", -5)].into_iter());
        assert_eq!(unknown, opened(5), "not in the export");
    }
}
