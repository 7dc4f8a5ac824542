//! Decisions that book a payment: on candidates, documents, customers; in part, and with what is missing.

use super::{Effect, Refused, Shown, Table, find, rejected};
use crate::model::decision::DecisionOutcome;
use crate::model::{Action, Allocation, Amount, Candidate, Decision, HypothesisKind, OpenItem, Payment};
use crate::words::decision as words;
use std::collections::BTreeSet;

/// A document that a decision names, or that its candidate has.
#[derive(Clone, Copy)]
struct Named {
    item: usize,
    amount: Option<i64>,
}

impl Table<'_> {
    pub(super) fn on_account(&self, decision: &Decision, shown: &Shown<'_>) -> Result<Effect, Refused> {
        let customer_id = match decision.targets.first() {
            Some(target) => find::customer(&target.text, shown, self.desk)
                .ok_or_else(|| rejected(words::no_customer(&target.text)))?,
            None => {
                let candidate = shown.explanation.candidates.first();
                let customer = candidate.map(|candidate| candidate.customer_id.to_string());
                let customer = customer.filter(|customer| !customer.is_empty());
                customer.ok_or_else(|| rejected(words::customer_missing()))?
            }
        };
        Ok(Effect::Post {
            kind: HypothesisKind::OnAccount,
            customer_id,
            allocations: Vec::new(),
            on_account: shown.payment.amount.minor,
        })
    }

    /// Takes the candidate that the person saw: the first, or the one whose document or customer `target` names.
    pub(super) fn accept(&mut self, decision: &Decision, shown: &Shown<'_>) -> Result<Effect, Refused> {
        let candidates = &shown.explanation.candidates;
        let candidate = match decision.targets.as_slice() {
            [] => candidates.first().ok_or_else(|| rejected(words::no_candidate()))?,
            targets => {
                let wanted = documents_of(&targets[0].text);
                match candidates.iter().find(|candidate| is_named(candidate, wanted)) {
                    Some(candidate) if targets.len() == 1 => candidate,
                    _ => return self.apply(decision, shown),
                }
            }
        };
        let mut allocations = Vec::new();
        for part in &candidate.allocations {
            let stale = || (DecisionOutcome::Stale, words::not_open(&part.document_number));
            let position = self.desk.lookup.item(&part.item_id).ok_or_else(stale)?;
            if self.left[position] == 0 {
                return Err(stale());
            }
            if self.desk.held_items.contains(part.item_id.as_str()) {
                return Err(rejected(words::held(&part.document_number)));
            }
            let is_foreign = self.desk.items[position].currency != shown.payment.amount.currency;
            allocations.push(Allocation {
                item: position as u32,
                cash: part.cash,
                discount: part.discount,
                charges: part.charges,
                write_off: part.write_off,
                item_reduction: is_foreign.then_some(part.item_reduction),
            });
        }
        self.take_all(&allocations)
            .map_err(|reason| (DecisionOutcome::Stale, reason))?;
        Ok(Effect::Post {
            kind: candidate.kind,
            customer_id: candidate.customer_id.to_string(),
            allocations,
            on_account: candidate.on_account,
        })
    }

    /// Applies the payment to the documents named, in their order; what is left goes on account of their customer.
    pub(super) fn apply(&mut self, decision: &Decision, shown: &Shown<'_>) -> Result<Effect, Refused> {
        if decision.targets.is_empty() {
            return Err(rejected(words::documents_missing()));
        }
        let payment = shown.payment;
        let named = self.named(decision, shown)?;
        let discounts: Vec<i64> = named
            .iter()
            .map(|named| discount_in_time(&self.desk.items[named.item], payment, 0))
            .collect();
        let open: i64 = named.iter().map(|named| self.left[named.item]).sum();
        let is_discounted =
            open - discounts.iter().sum::<i64>() == payment.amount.minor && open != payment.amount.minor;
        let discounts = discounts
            .into_iter()
            .map(|discount| if is_discounted { discount } else { 0 });
        let allocations = self.spread(&named, &discounts.collect::<Vec<_>>(), payment)?;
        let kind = if allocations.len() == 1 {
            HypothesisKind::Single
        } else {
            HypothesisKind::Listed
        };
        self.post(kind, allocations, payment)
    }

    /// A part of the documents; what is left of them stays open.
    pub(super) fn partial(&mut self, decision: &Decision, shown: &Shown<'_>) -> Result<Effect, Refused> {
        let payment = shown.payment;
        let named = self.named(decision, shown)?;
        let open: i64 = named.iter().map(|named| self.left[named.item]).sum();
        let is_stated = named.iter().all(|named| named.amount.is_some());
        let used: i64 = named.iter().filter_map(|named| named.amount).sum();
        let part = if is_stated { used } else { payment.amount.minor };
        if part >= open {
            let currency = payment.amount.currency;
            let reason = words::no_part(Amount::new(part, currency), Amount::new(open, currency));
            return Err(rejected(reason));
        }
        let allocations = self.spread(&named, &vec![0; named.len()], payment)?;
        self.post(HypothesisKind::PartPayment, allocations, payment)
    }

    /// The whole payment on the documents, and what is missing (or a little over) as the decision says.
    pub(super) fn with_difference(&mut self, decision: &Decision, shown: &Shown<'_>) -> Result<Effect, Refused> {
        let payment = shown.payment;
        let currency = payment.amount.currency;
        let named = self.named(decision, shown)?;
        let open: i64 = named.iter().map(|named| self.left[named.item]).sum();
        let missing = open - payment.amount.minor;
        let stated: i64 = named.iter().filter_map(|named| named.amount).sum();
        let may_be_over = decision.action == Action::WriteOff;
        let is_any = missing > 0 || (missing < 0 && may_be_over);
        if !is_any || payment.amount.minor <= 0 {
            let (paid, open) = (payment.amount, Amount::new(open, currency));
            return Err(rejected(words::nothing_missing(decision.action, paid, open)));
        }
        if stated.abs() > missing.abs() || stated.signum() * missing.signum() < 0 {
            let (stated, missing) = (Amount::new(stated, currency), Amount::new(missing, currency));
            return Err(rejected(words::more_than_missing(decision.action, stated, missing)));
        }
        let differences = self.differences(decision.action, &named, missing, payment)?;
        let mut rest = payment.amount.minor;
        let mut allocations = Vec::new();
        // Credit notes first: what they add can be spent on the invoices.
        rest -= named.iter().map(|named| self.left[named.item].min(0)).sum::<i64>();
        for (named, difference) in named.iter().zip(differences) {
            let payable = self.left[named.item] - difference;
            let cash = if payable < 0 { payable } else { payable.min(rest) };
            rest -= cash.max(0);
            let (mut discount, mut charges, mut write_off) = (0, 0, 0);
            match decision.action {
                Action::Discount => discount = difference,
                Action::Charges => charges = difference,
                _ => write_off = difference,
            }
            let item = named.item as u32;
            allocations.push(Allocation {
                discount,
                charges,
                write_off,
                ..Allocation::cash(item, cash)
            });
        }
        let is_whole = stated == 0 || stated == missing;
        let kind = match decision.action {
            _ if !is_whole => HypothesisKind::PartPayment,
            Action::Discount => HypothesisKind::Discount,
            Action::Charges => HypothesisKind::Charges,
            _ if allocations.len() == 1 => HypothesisKind::Single,
            _ => HypothesisKind::Listed,
        };
        self.post(kind, allocations, payment)
    }

    /// Which document takes how much of the difference: the amounts stated, the terms where they explain it, the only document.
    fn differences(
        &self,
        action: Action,
        named: &[Named],
        missing: i64,
        payment: &Payment,
    ) -> Result<Vec<i64>, Refused> {
        if named.iter().any(|named| named.amount.is_some()) {
            return Ok(named.iter().map(|named| named.amount.unwrap_or(0)).collect());
        }
        let items = named.iter().map(|named| &self.desk.items[named.item]);
        let terms: Vec<i64> = items.map(largest_discount).collect();
        if action == Action::Discount && terms.iter().sum::<i64>() == missing {
            return Ok(terms);
        }
        match named {
            [_] => Ok(vec![missing]),
            _ => {
                let missing = Amount::new(missing, payment.amount.currency);
                Err(rejected(words::which_document(missing)))
            }
        }
    }

    /// Returns the documents that the decision names; those of the first candidate where it names none.
    fn named(&self, decision: &Decision, shown: &Shown<'_>) -> Result<Vec<Named>, Refused> {
        let (payment, desk) = (shown.payment, self.desk);
        let find = |text: &str| find::item(text, payment, shown, desk, &self.left);
        let mut named = Vec::new();
        for target in &decision.targets {
            let item = find(documents_of(&target.text))?;
            named.push(Named {
                item,
                amount: target.amount,
            });
        }
        if decision.targets.is_empty() {
            let candidate = shown.explanation.candidates.first();
            for part in candidate.iter().flat_map(|candidate| &candidate.allocations) {
                let item = find(&part.item_id)?;
                named.push(Named { item, amount: None });
            }
        }
        let items: BTreeSet<usize> = named.iter().map(|named| named.item).collect();
        match (named.len(), items.len()) {
            (0, _) => Err(rejected(words::documents_missing())),
            (all, different) if all != different => Err(rejected(words::named_twice())),
            _ => Ok(named),
        }
    }

    /// Spreads the payment over the documents in their order: the amounts stated, else as much as is open.
    fn spread(&self, named: &[Named], discounts: &[i64], payment: &Payment) -> Result<Vec<Allocation>, Refused> {
        // Credit notes first: what they add can be spent on the invoices.
        let credit: i64 = named.iter().map(|named| self.left[named.item].min(0)).sum();
        let mut rest = payment.amount.minor - credit;
        let mut allocations = Vec::new();
        for (named, discount) in named.iter().zip(discounts) {
            let payable = self.left[named.item] - discount;
            let cash = match named.amount {
                Some(amount) => amount,
                None if payable < 0 => payable,
                None => payable.min(rest.max(0)),
            };
            if cash == 0 {
                let document = &self.desk.items[named.item].document_number;
                return Err(rejected(words::nothing_left(document)));
            }
            rest -= cash.max(0);
            allocations.push(Allocation {
                discount: *discount,
                ..Allocation::cash(named.item as u32, cash)
            });
        }
        Ok(allocations)
    }

    /// Uses up the items; the rest goes on account of their customer.
    fn post(
        &mut self,
        kind: HypothesisKind,
        allocations: Vec<Allocation>,
        payment: &Payment,
    ) -> Result<Effect, Refused> {
        let used: i64 = allocations.iter().map(|allocation| allocation.cash).sum();
        let on_account = payment.amount.minor - used;
        if (payment.amount.minor > 0 && on_account < 0) || (payment.amount.minor < 0 && on_account > 0) {
            let used = Amount::new(used, payment.amount.currency);
            return Err(rejected(words::adds_up_to(used, payment.amount)));
        }
        let items = allocations
            .iter()
            .map(|allocation| &self.desk.items[allocation.item as usize]);
        let customers: BTreeSet<&str> = items.map(|item| item.customer_id.as_str()).collect();
        if on_account != 0 && customers.len() != 1 {
            return Err(rejected(words::whose_rest()));
        }
        let customer_id = customers.first().map(|customer| (*customer).to_owned());
        self.take_all(&allocations).map_err(rejected)?;
        Ok(Effect::Post {
            kind,
            customer_id: customer_id.unwrap_or_default(),
            allocations,
            on_account,
        })
    }

    /// Uses up all items, or none: refuses to take more than is open or to turn a sign around.
    fn take_all(&mut self, allocations: &[Allocation]) -> Result<(), String> {
        let mut left = Vec::with_capacity(allocations.len());
        for allocation in allocations {
            let position = allocation.item as usize;
            let item = &self.desk.items[position];
            let (open, reduction) = (self.left[position], allocation.item_reduction());
            let after = open - reduction;
            let is_within = (open.min(0)..=open.max(0)).contains(&after);
            if !is_within {
                let (open, wanted) = (Amount::new(open, item.currency), Amount::new(reduction, item.currency));
                return Err(words::over_applied(&item.document_number, open, wanted));
            }
            left.push((position, after));
        }
        for (position, after) in left {
            self.left[position] = after;
        }
        Ok(())
    }
}

/// What stands before the first ` | ` of a candidate's cell.
fn documents_of(text: &str) -> &str {
    text.split('|').next().unwrap_or_default().trim()
}

fn is_named(candidate: &Candidate, wanted: &str) -> bool {
    let mut parts = candidate.allocations.iter();
    candidate.customer_id == wanted || parts.any(|part| part.document_number == wanted || part.item_id == wanted)
}

/// Returns the cash discount that the terms of an item still give on the day of the payment, in minor units.
pub(super) fn discount_in_time(item: &OpenItem, payment: &Payment, grace_days: u32) -> i64 {
    let paid_on = payment.value_date.unwrap_or(payment.booking_date);
    let in_time = item
        .cash_discounts
        .iter()
        .filter(|terms| crate::model::date::days_between(terms.until, paid_on) <= i64::from(grace_days));
    in_time.map(|terms| item.discount_of(terms)).next().unwrap_or(0)
}

/// Returns the best cash discount that the terms of an item ever gave.
fn largest_discount(item: &OpenItem) -> i64 {
    let discounts = item.cash_discounts.iter().map(|terms| item.discount_of(terms));
    discounts.max().unwrap_or(0)
}
