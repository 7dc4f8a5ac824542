//! All payments → one outcome each: conflicts solved exactly, then vetoes, evidence classes and thresholds.
//!
//! An item is never settled beyond what is open. Ties are broken by stable ids, never by position or order of files.

mod conflict;
mod explain;
mod judge;
mod policy;

pub use explain::explain;
pub use policy::{Classes, Policy};

use crate::model::matching::{AmountLevel, ReferenceLevel};
use crate::model::{Outcome, Payment, Reason, Standing, Suggestion, Verdict};
use crate::propose::{Book, Proposal};
use judge::Judgement;

/// Suggestions shown for a payment.
const SHOWN: usize = 5;

/// Returns one verdict per payment, in the order of the payments.
pub fn assign(book: &Book<'_>, payments: &[Payment], mut proposals: Vec<Proposal>, policy: &Policy) -> Vec<Verdict> {
    // Classes that cannot be understood post nothing; the settings have refused them before.
    let classes = policy.classes().ok();
    let mut judgements: Vec<Judgement> = payments
        .iter()
        .zip(&proposals)
        .map(|(payment, proposal)| judge::judge(book, policy, classes.as_ref(), payment, proposal))
        .collect();
    judge::complete_parts(
        book,
        policy,
        classes.as_ref(),
        payments,
        &mut proposals,
        &mut judgements,
    );
    conflict::solve(book, payments, &proposals, policy, &mut judgements);
    payments
        .iter()
        .zip(proposals)
        .zip(judgements)
        .map(|((payment, proposal), judgement)| verdict(payment, proposal, judgement, policy))
        .collect()
}

fn verdict(payment: &Payment, proposal: Proposal, judgement: Judgement, policy: &Policy) -> Verdict {
    let none = proposal.none;
    let mut suggestions: Vec<(bool, Suggestion)> = proposal
        .candidates
        .into_iter()
        .enumerate()
        .map(|(at, ranked)| {
            let is_chosen = at == judgement.chosen;
            let suggestion = Suggestion {
                hypothesis: ranked.hypothesis,
                probability: if is_chosen {
                    judgement.probability
                } else {
                    ranked.probability
                },
            };
            (is_chosen, suggestion)
        })
        .collect();
    // The chosen one first; the others keep their order.
    suggestions.sort_by_key(|(is_chosen, _)| !is_chosen);
    let suggestions: Vec<Suggestion> = suggestions
        .into_iter()
        .map(|(_, suggestion)| suggestion)
        .take(SHOWN)
        .collect();
    let outcome = match &payment.standing {
        Standing::SetAside(rule) => Outcome::SetAside(*rule),
        Standing::Held(reason) => Outcome::Exception(*reason),
        Standing::Receipt => match judgement.reason {
            None => Outcome::Posted,
            Some(reason) if is_good(policy, &suggestions, reason) => Outcome::Proposed(reason),
            Some(reason) => Outcome::Exception(reason),
        },
    };
    Verdict {
        outcome,
        suggestions,
        none,
    }
}

/// One good hypothesis: a person only has to say yes.
fn is_good(policy: &Policy, suggestions: &[Suggestion], reason: Reason) -> bool {
    let is_doubtful = matches!(
        reason,
        Reason::AmbiguousCustomer
            | Reason::AmbiguousInvoice
            | Reason::SumNotUnique
            | Reason::DuplicateSuspect
            | Reason::ClaimConflict
            | Reason::ReferenceClosedInvoice
            | Reason::NotReceivableSuspect
            | Reason::Prepayment
            | Reason::ReferenceOtherCustomer
    );
    let Some(first) = suggestions.first() else { return false };
    let class = first.hypothesis.class;
    let is_structural = class.reference <= ReferenceLevel::Number && class.amount != AmountLevel::Differs;
    let is_conflict = reason == Reason::NameConflict && !is_structural;
    // The same items with another word for the difference are no other answer to "which items".
    let same_items = |other: &&Suggestion| {
        let items = |suggestion: &Suggestion| -> Vec<u32> {
            let parts = suggestion.hypothesis.allocations.iter();
            parts.map(|part| part.item).collect()
        };
        items(other) == items(first)
    };
    let likely: u32 = suggestions
        .iter()
        .filter(same_items)
        .map(|other| other.probability.0)
        .sum();
    let is_settling = !first.hypothesis.allocations.is_empty();
    !is_doubtful && !is_conflict && is_settling && likely >= policy.propose
}
