//! One payment by itself: may its strongest hypothesis be posted, and if not, why.

use super::policy::{Classes, Policy};
use crate::model::date::days_between;
use crate::model::matching::{AmountLevel, EvidenceClass, PayerLevel, ReferenceLevel};
use crate::model::{HypothesisKind, Payment, Probability, Reason, Standing};
use crate::propose::{Book, Proposal, Ranked};
use crate::text::PayerKind;

/// What is thought of a payment before and after conflicts are solved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Judgement {
    /// Position of the candidate that counts.
    pub chosen: usize,
    /// Its posterior.
    pub probability: Probability,
    /// Why it is not posted; `None`: it is.
    pub reason: Option<Reason>,
    /// It repeats another payment, and competes no more.
    pub is_settled: bool,
}

/// Returns the judgement of a payment by itself.
pub(super) fn judge(
    book: &Book<'_>,
    policy: &Policy,
    classes: Option<&Classes>,
    payment: &Payment,
    proposal: &Proposal,
) -> Judgement {
    let Some(best) = proposal.candidates.first() else {
        return Judgement {
            chosen: 0,
            probability: Probability(0),
            reason: Some(without_candidates(payment, proposal)),
            is_settled: false,
        };
    };
    let probability = certainty(policy, proposal, best);
    let reason = if payment.standing == Standing::Receipt {
        refusal(book, policy, classes, payment, proposal, (best, probability))
    } else {
        Some(Reason::LowConfidence)
    };
    Judgement {
        chosen: 0,
        probability,
        reason,
        is_settled: false,
    }
}

/// Why the strongest hypothesis may not be posted; the most telling reason first.
fn refusal(
    book: &Book<'_>,
    policy: &Policy,
    classes: Option<&Classes>,
    payment: &Payment,
    proposal: &Proposal,
    (best, probability): (&Ranked, Probability),
) -> Option<Reason> {
    let class = best.hypothesis.class;
    let is_numbered = class.reference <= ReferenceLevel::Number;
    if best.hypothesis.kind == HypothesisKind::OnAccount {
        return Some(on_account(proposal));
    }
    let reason = marked(book, policy, payment, proposal, best)
        .or_else(|| rivals(policy, proposal, best, probability))
        .or_else(|| {
            let is_permitted = classes.is_some_and(|classes| classes.permit(&class));
            (!is_permitted).then(|| of_class(&class, best, proposal))
        })
        .or_else(|| (probability.0 < policy.target).then(|| of_class(&class, best, proposal)))?;
    // What the text says of a closed item tells more than any weaker doubt.
    if !is_numbered && !proposal.facts.closed.is_empty() {
        return Some(Reason::ReferenceClosedInvoice);
    }
    if !is_numbered && class.payer >= PayerLevel::Unknown && proposal.facts.is_not_receivable {
        return Some(Reason::NotReceivableSuspect);
    }
    Some(reason)
}

/// Vetoes: what forbids a posting however heavy the evidence.
fn marked(book: &Book<'_>, policy: &Policy, payment: &Payment, proposal: &Proposal, best: &Ranked) -> Option<Reason> {
    let (marks, class) = (best.marks, best.hypothesis.class);
    let is_numbered = class.reference <= ReferenceLevel::Number;
    let is_fit = class.amount != AmountLevel::Differs;
    let is_structural = is_numbered && is_fit;
    let is_agreed = matches!(class.payer, PayerLevel::Account | PayerLevel::Name) && !marks.is_conflict;
    let checks = [
        (marks.is_disputed, Reason::Disputed),
        (marks.is_held, Reason::ItemHeld),
        (marks.is_converted, Reason::CurrencyDiffers),
        (
            class.payer == PayerLevel::Contradicts && marks.names_other,
            Reason::ReferenceOtherCustomer,
        ),
        (
            class.payer == PayerLevel::Contradicts && !is_structural && is_numbered,
            Reason::ReferenceOtherCustomer,
        ),
        (class.payer == PayerLevel::Contradicts, Reason::NameConflict),
        (marks.names_closed && !is_structural, Reason::ReferenceClosedInvoice),
        (
            marks.names_other && !(is_structural && is_agreed),
            Reason::ReferenceOtherCustomer,
        ),
        (
            marks.is_claimed_by_other && !(is_structural && is_agreed),
            Reason::ClaimConflict,
        ),
        (marks.leaves_out, Reason::ReferenceAmountDiffers),
        (
            marks.is_late_discount && !is_permitted_delay(book, policy, payment, best),
            Reason::DiscountOutOfTerms,
        ),
        (
            marks.has_unstated_charges && !has_small_charges(policy, best),
            Reason::ChargesSuspected,
        ),
        (marks.is_small_rest, Reason::AmountShort),
        (
            best.hypothesis.kind == HypothesisKind::PartPayment && best.hypothesis.allocations.len() > 1,
            Reason::AmountShort,
        ),
        (is_too_much(policy, payment, best), Reason::AmountOver),
        // A list that was cut off would look the same.
        (
            best.hypothesis.kind == HypothesisKind::Overpayment && best.hypothesis.allocations.len() > 1,
            Reason::AmountOver,
        ),
        (marks.is_chance || marks.has_other_sum, Reason::SumNotUnique),
        (marks.is_joint && !is_structural, Reason::AmbiguousCustomer),
        (marks.is_conflict && !is_structural, Reason::NameConflict),
        (!is_numbered && marks.is_shared_name, Reason::AmbiguousCustomer),
        (
            class.reference == ReferenceLevel::None && proposal.facts.is_prepayment,
            Reason::Prepayment,
        ),
        (
            !is_numbered && proposal.facts.is_not_receivable,
            Reason::NotReceivableSuspect,
        ),
        (!is_structural && marks.names_unknown, Reason::LowConfidence),
        (!is_numbered && marks.is_early, Reason::Prepayment),
        (
            class.reference == ReferenceLevel::None && marks.is_weak_name,
            Reason::LowConfidence,
        ),
    ];
    let veto = checks.iter().find(|(is_true, _)| *is_true).map(|(_, reason)| *reason);
    veto.or_else(|| {
        let is_alike = class.payer == PayerLevel::NameAlike && class.reference == ReferenceLevel::None;
        (is_alike && marks.is_common_amount).then_some(Reason::AmbiguousCustomer)
    })
}

/// Other hypotheses that are nearly as good, or that explain an amount which this one does not.
fn rivals(policy: &Policy, proposal: &Proposal, best: &Ranked, probability: Probability) -> Option<Reason> {
    let others = || {
        proposal
            .candidates
            .iter()
            .skip(1)
            .filter(|other| !other.is_substitute && !other.hypothesis.allocations.is_empty())
    };
    if best.hypothesis.class.amount == AmountLevel::Differs {
        let is_explained = others().any(|other| {
            let is_fit = other.hypothesis.class.amount != AmountLevel::Differs;
            is_fit && other.hypothesis.customer_id == best.hypothesis.customer_id
        });
        if is_explained {
            return Some(Reason::ReferenceAmountDiffers);
        }
    }
    if probability.0 >= policy.target {
        return None;
    }
    let near =
        others().find(|other| best.weight - other.weight < policy.near_tie && other.weight > -policy.near_tie)?;
    if near.hypothesis.customer_id != best.hypothesis.customer_id {
        return Some(Reason::AmbiguousCustomer);
    }
    let is_fit = near.hypothesis.class.amount != AmountLevel::Differs;
    is_fit.then_some(Reason::AmbiguousInvoice)
}

/// The reason that a class has by itself, when nothing more telling is known.
fn of_class(class: &EvidenceClass, best: &Ranked, proposal: &Proposal) -> Reason {
    match best.hypothesis.kind {
        HypothesisKind::PartPayment => Reason::Partial,
        HypothesisKind::Overpayment => Reason::AmountOver,
        HypothesisKind::Charges if class.amount == AmountLevel::Differs => Reason::ChargesSuspected,
        HypothesisKind::Discount if class.amount == AmountLevel::Differs => Reason::DiscountOutOfTerms,
        // Who claims it has said which of the customers that this amount fits.
        _ if best.marks.is_common_amount && !best.marks.is_claimed && class.payer >= PayerLevel::Unknown => {
            Reason::AmbiguousCustomer
        }
        _ if class.payer >= PayerLevel::Unknown && proposal.facts.shares_name => Reason::AmbiguousCustomer,
        _ if class.payer >= PayerLevel::Unknown => unknown_payer(proposal),
        _ => Reason::LowConfidence,
    }
}

/// A customer pays what no item explains.
fn on_account(proposal: &Proposal) -> Reason {
    let facts = &proposal.facts;
    if !facts.closed.is_empty() {
        Reason::ReferenceClosedInvoice
    } else if facts.repeats_closed.is_some() {
        Reason::DuplicateSuspect
    } else if facts.is_prepayment || facts.names_unknown {
        Reason::Prepayment
    } else if facts.is_not_receivable {
        Reason::NotReceivableSuspect
    } else {
        Reason::LowConfidence
    }
}

fn without_candidates(payment: &Payment, proposal: &Proposal) -> Reason {
    let facts = &proposal.facts;
    if !facts.closed.is_empty() {
        Reason::ReferenceClosedInvoice
    } else if facts.is_not_receivable {
        Reason::NotReceivableSuspect
    } else if facts.is_prepayment {
        Reason::Prepayment
    } else if payment.payer_name().is_empty() && payment.payer_account.is_none() && !facts.has_text {
        Reason::NoReferenceNoName
    } else if facts.shares_name {
        Reason::AmbiguousCustomer
    } else if facts.knows_payer {
        Reason::LowConfidence
    } else {
        unknown_payer(proposal)
    }
}

/// Nobody known pays: what the name tells of it.
fn unknown_payer(proposal: &Proposal) -> Reason {
    match proposal.facts.payer_kind {
        PayerKind::Platform => Reason::PlatformPayer,
        PayerKind::Factor => Reason::ThirdPartyPayer,
        PayerKind::Person => Reason::PersonalPayer,
        PayerKind::Other => Reason::UnknownPayer,
    }
}

fn is_permitted_delay(book: &Book<'_>, policy: &Policy, payment: &Payment, best: &Ranked) -> bool {
    let paid_on = payment.value_date.unwrap_or(payment.booking_date);
    let grace = i64::from(book.options.limits.discount_grace_days);
    best.hypothesis
        .allocations
        .iter()
        .filter(|part| part.discount != 0)
        .all(|part| {
            let record = book.ledger.item(part.item);
            record.cash_discounts.iter().any(|terms| {
                let late = days_between(terms.until, paid_on) - grace;
                record.discount_of(terms) == part.discount && late <= i64::from(policy.late_discount_days)
            })
        })
}

/// Charges that the settings permit, and the same cash for the same item with the rest left open, are one answer to what was
/// paid: that the rest is charges is what the settings say.
fn certainty(policy: &Policy, proposal: &Proposal, best: &Ranked) -> Probability {
    if !best.marks.has_unstated_charges || !has_small_charges(policy, best) {
        return best.probability;
    }
    let cash = |ranked: &Ranked| -> Vec<(u32, i64)> {
        let parts = ranked.hypothesis.allocations.iter();
        parts.map(|part| (part.item, part.cash)).collect()
    };
    let paid = cash(best);
    let alike = proposal.candidates.iter().filter(|other| cash(other) == paid);
    Probability(alike.map(|other| other.probability.0).sum::<u32>().min(999_999))
}

fn has_small_charges(policy: &Policy, best: &Ranked) -> bool {
    let charges: i64 = best.hypothesis.allocations.iter().map(|part| part.charges).sum();
    charges <= policy.charges_max
}

fn is_too_much(policy: &Policy, payment: &Payment, best: &Ranked) -> bool {
    let over = best.hypothesis.on_account;
    let settled = payment.amount.minor - over;
    best.hypothesis.kind == HypothesisKind::Overpayment
        && i128::from(over) * 1_000 > i128::from(settled) * i128::from(policy.overpayment_permille)
}

/// Part payments that together settle an item to the minor unit leave no rest: none of them is short.
/// Returns the proposals that were replaced, by position.
pub(super) fn complete_parts(
    book: &Book<'_>,
    policy: &Policy,
    classes: Option<&Classes>,
    payments: &[&Payment],
    proposals: &mut [Proposal],
    judgements: &mut [Judgement],
) -> Vec<(usize, Proposal)> {
    let mut before = Vec::new();
    let mut parts: Vec<(u32, usize, usize, i64)> = Vec::new();
    for (at, proposal) in proposals.iter().enumerate() {
        let Some(best) = proposal.candidates.first() else {
            continue;
        };
        if !matches!(
            best.hypothesis.kind,
            HypothesisKind::PartPayment | HypothesisKind::Charges
        ) {
            continue;
        }
        let part = proposal.candidates.iter().position(|ranked| {
            ranked.hypothesis.kind == HypothesisKind::PartPayment && ranked.hypothesis.allocations.len() == 1
        });
        let Some(place) = part else { continue };
        let part = proposal.candidates[place].hypothesis.allocations[0];
        if best.hypothesis.allocations.iter().all(|own| own.item == part.item) {
            parts.push((part.item, at, place, part.cash));
        }
    }
    parts.sort_unstable();
    for group in parts.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        let sum: i64 = group.iter().map(|(_, _, _, cash)| *cash).sum();
        if sum != book.ledger.item(group[0].0).open_amount {
            continue;
        }
        for (_, at, place, _) in group {
            let mut proposal = proposals[*at].clone();
            let mut part = proposal.candidates.remove(*place);
            // What was thought of as charges is the other part: those hypotheses fall away.
            let item = part.hypothesis.allocations[0].item;
            let is_same = |other: &Ranked| other.hypothesis.allocations.iter().all(|own| own.item == item);
            let freed: u32 = proposal
                .candidates
                .iter()
                .filter(|other| is_same(other))
                .map(|other| other.probability.0)
                .sum();
            part.probability = Probability((part.probability.0 + freed).min(999_999));
            part.marks.is_small_rest = false;
            proposal
                .candidates
                .retain(|other| !is_same(other) || other.hypothesis.allocations.is_empty());
            proposal.candidates.insert(0, part);
            let judgement = judge(book, policy, classes, payments[*at], &proposal);
            if judgement.reason.is_none() {
                judgements[*at] = judgement;
                before.push((*at, std::mem::replace(&mut proposals[*at], proposal)));
            }
        }
    }
    before
}
