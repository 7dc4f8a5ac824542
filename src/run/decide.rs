//! What people decided → postings, set-asides and answers. A decision is carried out before the machine looks, and never overruled.

use crate::model::customer::Customer;
use crate::model::date::parse_iso;
use crate::model::decision::{DecisionOutcome, DecisionResult, PutOff};
use crate::model::knowledge::ConfirmedPayment;
use crate::model::{
    Action, Allocation, Amount, Candidate, Decision, Explanation, HypothesisKind, NaiveDate, OpenItem, Payment,
    PaymentId, SetAsideRule,
};
use crate::run::lookup::Lookup;
use std::collections::{BTreeMap, BTreeSet};

/// An open payment as a person saw it last.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// The payment.
    pub payment: &'a Payment,
    /// Outcome and candidates of the last run.
    pub explanation: &'a Explanation,
    /// row_hash of the last sheet.
    pub row_hash: &'a str,
}

/// What the decisions are looked at against.
pub struct Desk<'a> {
    /// Open payments by id.
    pub open: &'a BTreeMap<PaymentId, Shown<'a>>,
    /// What is known of payments that are not open: `posted in run 3`, `set aside (DONE)`; `None` when nobody knows the id.
    pub settled: &'a dyn Fn(&PaymentId) -> Option<String>,
    /// Batches whose details arrived now: they are open payments no more.
    pub replaced: &'a BTreeSet<PaymentId>,
    /// Items with their effective open amounts.
    pub items: &'a [OpenItem],
    /// Items that nobody may post on until a person looked.
    pub held_items: &'a BTreeSet<String>,
    /// Customers.
    pub customers: &'a [Customer],
    /// Both by what people call them.
    pub lookup: &'a Lookup<'a>,
    /// The day.
    pub as_of: NaiveDate,
}

/// What a decision makes of a payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decided {
    /// The payment.
    pub payment_id: PaymentId,
    /// Who decided.
    pub decided_by: String,
    /// What happens.
    pub effect: Effect,
}

/// What happens with a payment by a decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// It is posted so.
    Post {
        /// Kind of the posting.
        kind: HypothesisKind,
        /// Customer of the part on account, and of items without one.
        customer_id: String,
        /// Allocations by item position.
        allocations: Vec<Allocation>,
        /// Rest on account in minor units.
        on_account: i64,
    },
    /// It is no receipt.
    SetAside(SetAsideRule),
}

/// All answers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Decisions {
    /// What happens.
    pub decided: Vec<Decided>,
    /// Payments that come back later.
    pub put_off: Vec<PutOff>,
    /// One answer for each row.
    pub results: Vec<DecisionResult>,
    /// What is learned from them.
    pub lessons: Vec<ConfirmedPayment>,
}

/// Returns what becomes of the decisions; open amounts are used up in the order of the decisions given.
pub fn decide(decisions: &[Decision], desk: &Desk<'_>) -> Decisions {
    let mut answers = Decisions::default();
    let mut left: Vec<i64> = desk.items.iter().map(|item| item.open_amount).collect();
    let mut by_payment: BTreeMap<&PaymentId, Vec<&Decision>> = BTreeMap::new();
    for decision in decisions {
        by_payment.entry(&decision.payment_id).or_default().push(decision);
    }
    let mut answered: BTreeMap<usize, DecisionResult> = BTreeMap::new();
    let position = |decision: &Decision| {
        decisions
            .iter()
            .position(|other| std::ptr::eq(other, decision))
            .unwrap_or(0)
    };
    for (id, rows) in by_payment {
        let first = rows[0];
        let agree = rows
            .iter()
            .all(|row| row.action == first.action && row.targets == first.targets);
        if !agree {
            for row in &rows {
                let reason =
                    "files disagree about this payment; neither counts. Keep one of the decisions and save again";
                answered.insert(position(row), answer(row, DecisionOutcome::Conflict, reason));
            }
            continue;
        }
        for row in &rows[1..] {
            let reason = format!("the same decision stands in {}", first.source);
            answered.insert(position(row), answer(row, DecisionOutcome::Already, &reason));
        }
        let (outcome, reason) = match desk.open.get(id) {
            None => not_open(id, desk),
            Some(shown) => match carry_out(first, shown, desk, &mut left) {
                Ok(Carried::Effect(effect)) => {
                    learn(&mut answers.lessons, first, shown.payment, &effect, desk);
                    answers.decided.push(Decided {
                        payment_id: id.clone(),
                        decided_by: person(first).to_owned(),
                        effect,
                    });
                    (DecisionOutcome::Applied, String::new())
                }
                Ok(Carried::PutOff(until)) => {
                    answers.put_off.push(PutOff {
                        payment_id: id.clone(),
                        until,
                    });
                    let day = until.map_or_else(|| "the next run".to_owned(), |day| day.to_string());
                    (DecisionOutcome::Applied, format!("comes back on {day}"))
                }
                Err(refused) => refused,
            },
        };
        answered.insert(position(first), answer(first, outcome, &reason));
    }
    answers.results = answered.into_values().collect();
    answers
}

enum Carried {
    Effect(Effect),
    PutOff(Option<NaiveDate>),
}

type Refused = (DecisionOutcome, String);

/// The folder that a sheet lay in identifies a person; a typed name only where there is none; nobody has to type one.
fn person(decision: &Decision) -> &str {
    let names = [decision.folder.as_str(), decision.decided_by.trim(), "not named"];
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
}

fn not_open(id: &PaymentId, desk: &Desk<'_>) -> Refused {
    if desk.replaced.contains(id) {
        let reason = "the bank's details of this batch arrived, and each of them is a payment of its own now; \
                      nothing was posted, look at the new sheet and decide again";
        return (DecisionOutcome::Stale, reason.to_owned());
    }
    match (desk.settled)(id) {
        Some(how) => (
            DecisionOutcome::Already,
            format!("this payment is settled: {how}; nothing changed"),
        ),
        None => rejected("no payment with this payment_id is known; do not change that column"),
    }
}

fn rejected(reason: &str) -> Refused {
    (DecisionOutcome::Rejected, reason.to_owned())
}

fn carry_out(decision: &Decision, shown: &Shown<'_>, desk: &Desk<'_>, left: &mut [i64]) -> Result<Carried, Refused> {
    let aside = |rule| Ok(Carried::Effect(Effect::SetAside(rule)));
    match decision.action {
        Action::NotReceivable => aside(SetAsideRule::NotReceivable),
        Action::Done => aside(SetAsideRule::Done),
        Action::Ignore if decision.note.trim().is_empty() => Err(rejected("IGNORE needs a note that says why")),
        Action::Ignore => aside(SetAsideRule::Ignored),
        Action::Later => match decision.targets.first() {
            None => Ok(Carried::PutOff(None)),
            Some(target) => match parse_iso(target.text.trim()) {
                Some(day) if day > desk.as_of => Ok(Carried::PutOff(Some(day))),
                Some(day) => Err(rejected(&format!("{day} is not later than {}", desk.as_of))),
                None => Err(rejected(&format!(
                    "`{}` is not a date, expected YYYY-MM-DD",
                    target.text
                ))),
            },
        },
        Action::OnAccount => on_account(decision, shown, desk).map(Carried::Effect),
        Action::Accept => accept(decision, shown, desk, left).map(Carried::Effect),
        Action::Apply => apply(decision, shown, desk, left).map(Carried::Effect),
    }
}

fn on_account(decision: &Decision, shown: &Shown<'_>, desk: &Desk<'_>) -> Result<Effect, Refused> {
    let customer_id = match decision.targets.first() {
        Some(target) => find_customer(&target.text, desk)
            .ok_or_else(|| rejected(&format!("`{}` is no customer_id and no customer number", target.text)))?,
        None => {
            let candidate = shown
                .explanation
                .candidates
                .first()
                .filter(|candidate| !candidate.customer_id.is_empty());
            candidate
                .map(|candidate| candidate.customer_id.clone())
                .ok_or_else(|| rejected("name the customer in `target`: there is no candidate to take it from"))?
        }
    };
    let on_account = shown.payment.amount.minor;
    Ok(Effect::Post {
        kind: HypothesisKind::OnAccount,
        customer_id,
        allocations: Vec::new(),
        on_account,
    })
}

fn find_customer(text: &str, desk: &Desk<'_>) -> Option<String> {
    let text = text.trim();
    let listed = desk.lookup.customer(text).map(|position| &desk.customers[position]);
    if let Some(customer) = listed {
        return Some(customer.id.clone());
    }
    desk.lookup.owner(text).map(str::to_owned)
}

/// Takes the candidate that the person saw: the first, or the one whose document or customer `target` names.
fn accept(decision: &Decision, shown: &Shown<'_>, desk: &Desk<'_>, left: &mut [i64]) -> Result<Effect, Refused> {
    if !decision.row_hash.is_empty() && decision.row_hash != shown.row_hash {
        return Err((
            DecisionOutcome::Stale,
            "the payment or its candidates changed since this sheet was written; look at the new sheet and decide again"
                .to_owned(),
        ));
    }
    let candidates = &shown.explanation.candidates;
    let candidate = match decision.targets.as_slice() {
        [] => candidates
            .first()
            .ok_or_else(|| rejected("there is no candidate to accept; use APPLY with a document"))?,
        targets => {
            let wanted = targets[0].text.split('|').next().unwrap_or_default().trim();
            let named = |candidate: &&Candidate| {
                candidate.customer_id == wanted
                    || candidate
                        .allocations
                        .iter()
                        .any(|part| part.document_number == wanted || part.item_id == wanted)
            };
            match candidates.iter().find(named) {
                Some(candidate) if targets.len() == 1 => candidate,
                _ => return apply(decision, shown, desk, left),
            }
        }
    };
    let mut allocations = Vec::new();
    for part in &candidate.allocations {
        let position = desk.lookup.item(&part.item_id);
        let Some(position) = position.filter(|position| !desk.items[*position].is_closed()) else {
            return Err((
                DecisionOutcome::Stale,
                format!("{} is not open any more; decide again", part.document_number),
            ));
        };
        if desk.held_items.contains(&part.item_id) {
            return Err(held(&part.document_number));
        }
        let is_foreign = desk.items[position].currency != shown.payment.amount.currency;
        let allocation = Allocation {
            item: position as u32,
            cash: part.cash,
            discount: part.discount,
            charges: part.charges,
            write_off: part.write_off,
            item_reduction: is_foreign.then_some(part.item_reduction),
        };
        take(&allocation, desk, left).map_err(|reason| (DecisionOutcome::Stale, reason))?;
        allocations.push(allocation);
    }
    Ok(Effect::Post {
        kind: candidate.kind,
        customer_id: candidate.customer_id.clone(),
        allocations,
        on_account: candidate.on_account,
    })
}

/// Applies the payment to the documents named, in their order; what is left goes on account of their customer.
fn apply(decision: &Decision, shown: &Shown<'_>, desk: &Desk<'_>, left: &mut [i64]) -> Result<Effect, Refused> {
    if decision.targets.is_empty() {
        return Err(rejected("name the documents in `target`, several with `;`"));
    }
    let payment = shown.payment;
    let mut positions = Vec::new();
    for target in &decision.targets {
        positions.push(find_item(
            target.text.split('|').next().unwrap_or_default().trim(),
            payment,
            desk,
        )?);
    }
    if positions.iter().collect::<BTreeSet<_>>().len() != positions.len() {
        return Err(rejected("the same document is named twice"));
    }
    let discounts: Vec<i64> = positions
        .iter()
        .map(|position| discount_in_time(&desk.items[*position], payment))
        .collect();
    let open: i64 = positions.iter().map(|position| left[*position]).sum();
    let is_discounted = open - discounts.iter().sum::<i64>() == payment.amount.minor && open != payment.amount.minor;
    let mut rest = payment.amount.minor;
    // Credit notes first: what they add can be spent on the invoices.
    let credit: i64 = positions.iter().map(|position| left[*position].min(0)).sum();
    rest -= credit;
    let mut allocations = Vec::new();
    for (target, (position, discount)) in decision.targets.iter().zip(positions.iter().zip(discounts)) {
        let discount = if is_discounted { discount } else { 0 };
        let payable = left[*position] - discount;
        let cash = match target.amount {
            Some(amount) => amount,
            None if payable < 0 => payable,
            None => payable.min(rest.max(0)),
        };
        if cash == 0 {
            let item = &desk.items[*position];
            return Err(rejected(&format!(
                "nothing of the payment is left for {}",
                item.document_number
            )));
        }
        if cash > 0 {
            rest -= cash;
        }
        let allocation = Allocation {
            item: *position as u32,
            cash,
            discount,
            charges: 0,
            write_off: 0,
            item_reduction: None,
        };
        allocations.push(allocation);
    }
    let used: i64 = allocations.iter().map(|allocation| allocation.cash).sum();
    let on_account = payment.amount.minor - used;
    if (payment.amount.minor > 0 && on_account < 0) || (payment.amount.minor < 0 && on_account > 0) {
        let cash = payment.amount;
        return Err(rejected(&format!(
            "the amounts add up to {}, the payment is {cash}",
            Amount::new(used, cash.currency)
        )));
    }
    let customers: BTreeSet<&str> = positions
        .iter()
        .map(|position| desk.items[*position].customer_id.as_str())
        .collect();
    if on_account != 0 && customers.len() != 1 {
        return Err(rejected(
            "a rest is left, and the documents belong to several customers: state the amounts, so that it adds up",
        ));
    }
    for allocation in &allocations {
        take(allocation, desk, left).map_err(|reason| rejected(&reason))?;
    }
    let customer_id = customers
        .first()
        .map(|customer| (*customer).to_owned())
        .unwrap_or_default();
    let kind = if allocations.len() == 1 {
        HypothesisKind::Single
    } else {
        HypothesisKind::Listed
    };
    Ok(Effect::Post {
        kind,
        customer_id,
        allocations,
        on_account,
    })
}

fn find_item(text: &str, payment: &Payment, desk: &Desk<'_>) -> Result<usize, Refused> {
    let named = desk.lookup.named(text).into_iter();
    let named: Vec<(usize, &OpenItem)> = named.map(|position| (position, &desk.items[position])).collect();
    if named.is_empty() {
        return Err(rejected(&format!("no open item has the number `{text}`")));
    }
    let open: Vec<&(usize, &OpenItem)> = named.iter().filter(|(_, item)| !item.is_closed()).collect();
    match open.as_slice() {
        [] => Err(rejected(&format!("`{text}` is settled already"))),
        [(position, item)] if item.currency == payment.amount.currency => {
            if desk.held_items.contains(&item.id) {
                return Err(held(text));
            }
            Ok(*position)
        }
        [(_, item)] => Err(rejected(&format!(
            "`{text}` is open in {}, the payment is in {}",
            item.currency, payment.amount.currency
        ))),
        several => Err(rejected(&format!(
            "{} open items have the number `{text}`; name the item_id",
            several.len()
        ))),
    }
}

fn held(document: &str) -> Refused {
    rejected(&format!(
        "`{document}` is held: its open amount grew since the last posting; look at it in the ERP"
    ))
}

fn discount_in_time(item: &OpenItem, payment: &Payment) -> i64 {
    let paid_on = payment.value_date.unwrap_or(payment.booking_date);
    item.cash_discounts
        .iter()
        .find(|terms| paid_on <= terms.until)
        .map_or(0, |terms| item.discount_of(terms))
}

/// Uses up an item; refuses to take more than is open or to turn its sign around.
fn take(allocation: &Allocation, desk: &Desk<'_>, left: &mut [i64]) -> Result<(), String> {
    let position = allocation.item as usize;
    let item = &desk.items[position];
    let reduction = allocation.item_reduction.unwrap_or_else(|| allocation.reduction());
    let after = left[position] - reduction;
    let is_within = if left[position] >= 0 {
        (0..=left[position]).contains(&after)
    } else {
        (left[position]..=0).contains(&after)
    };
    if !is_within {
        let open = Amount::new(left[position], item.currency);
        let wanted = Amount::new(reduction, item.currency);
        return Err(format!(
            "{} is open with {open} only, {wanted} cannot be applied",
            item.document_number
        ));
    }
    left[position] = after;
    Ok(())
}

fn learn(
    lessons: &mut Vec<ConfirmedPayment>,
    decision: &Decision,
    payment: &Payment,
    effect: &Effect,
    desk: &Desk<'_>,
) {
    let Effect::Post {
        customer_id,
        allocations,
        ..
    } = effect
    else {
        return;
    };
    let items = || {
        allocations
            .iter()
            .map(|allocation| &desk.items[allocation.item as usize])
    };
    let customers: BTreeSet<&str> = items()
        .map(|item| item.customer_id.as_str())
        .chain([customer_id.as_str()])
        .collect();
    let customers: Vec<&str> = customers.into_iter().filter(|customer| !customer.is_empty()).collect();
    let [customer] = customers.as_slice() else { return };
    lessons.push(ConfirmedPayment {
        date: payment.booking_date,
        payer_name: payment.payer_name().to_owned(),
        payer_account: payment.payer_account.clone().unwrap_or_default(),
        remittance: payment.remittance_text(),
        amount: payment.amount,
        customer_id: (*customer).to_owned(),
        document_numbers: items().map(|item| item.document_number.clone()).collect(),
        deduction: allocations
            .iter()
            .map(|allocation| allocation.discount + allocation.charges + allocation.write_off)
            .sum(),
        source: decision.source.clone(),
    });
}

fn answer(decision: &Decision, outcome: DecisionOutcome, reason: &str) -> DecisionResult {
    let targets: Vec<&str> = decision.targets.iter().map(|target| target.text.as_str()).collect();
    DecisionResult {
        source: decision.source.clone(),
        payment_id: decision.payment_id.0.clone(),
        decision: decision.action.code().to_owned(),
        target: targets.join("; "),
        decided_by: person(decision).to_owned(),
        outcome,
        reason: reason.to_owned(),
        posting_ids: Vec::new(),
    }
}
