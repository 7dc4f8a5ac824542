//! All payments → one outcome each: conflicts solved exactly, then vetoes, evidence classes and thresholds.
//!
//! An item is never settled beyond what is open. Ties are broken by stable ids, never by position or order of files.

mod conflict;
mod explain;
mod judge;
mod policy;

pub use explain::explain;
pub use policy::{Classes, Policy, problem_of_class};

use crate::model::matching::{AmountLevel, ReferenceLevel};
use crate::model::{Hypothesis, Outcome, Payment, Probability, Reason, Standing, Suggestion, Verdict};
use crate::propose::{Book, Proposal};
use judge::Judgement;

/// Suggestions shown for a payment.
const SHOWN: usize = 5;

/// Candidates that a posting keeps: the chosen one and its strongest rival.
const SHOWN_OF_POSTED: usize = 2;

/// Returns one verdict per payment, in the order of the payments.
///
/// Takes the proposals of what is posted; those of all others are left as they are, to be judged again.
pub fn assign(book: &Book<'_>, payments: &[&Payment], proposals: &mut [Proposal], policy: &Policy) -> Vec<Verdict> {
    let verdicts = assign_in_turn(book, payments, proposals, policy, |_| true);
    verdicts.into_iter().flatten().collect()
}

/// As [`assign`]; where others follow, nothing is said yet of payments that wait for a person: `None`, as they will be judged again.
///
/// `is_last` is told of each payment whether it is posted.
pub fn assign_in_turn(
    book: &Book<'_>,
    payments: &[&Payment],
    proposals: &mut [Proposal],
    policy: &Policy,
    is_last: impl FnOnce(&[bool]) -> bool,
) -> Vec<Option<Verdict>> {
    // Classes that cannot be understood post nothing; the settings have refused them before.
    let classes = policy.classes().ok();
    let mut judgements: Vec<Judgement> = payments
        .iter()
        .zip(proposals.iter())
        .map(|(payment, proposal)| judge::judge(book, policy, classes.as_ref(), payment, proposal))
        .collect();
    let before = judge::complete_parts(book, policy, classes.as_ref(), payments, proposals, &mut judgements);
    conflict::solve(book, payments, proposals, policy, &mut judgements);
    let posted: Vec<bool> = payments
        .iter()
        .zip(&judgements)
        .map(|(payment, judgement)| judgement.reason.is_none() && payment.standing == Standing::Receipt)
        .collect();
    let is_last = is_last(&posted);
    let is_told =
        |payment: &Payment, is_posted| is_last || is_posted || matches!(payment.standing, Standing::SetAside(_));
    let verdicts = payments
        .iter()
        .zip(proposals.iter_mut())
        .zip(judgements.iter().zip(&posted))
        .map(|((payment, proposal), (judgement, is_posted))| {
            is_told(payment, *is_posted).then(|| verdict(payment, proposal, judgement, *is_posted, policy))
        })
        .collect();
    for (at, proposal) in before {
        if judgements[at].reason.is_some() {
            proposals[at] = proposal;
        }
    }
    verdicts
}

fn verdict(
    payment: &Payment,
    proposal: &mut Proposal,
    judgement: &Judgement,
    is_posted: bool,
    policy: &Policy,
) -> Verdict {
    let none = proposal.none;
    let others = (0..proposal.candidates.len()).filter(|at| *at != judgement.chosen);
    let first = (judgement.chosen < proposal.candidates.len()).then_some(judgement.chosen);
    let shown = first
        .into_iter()
        .chain(others)
        .take(if is_posted { SHOWN_OF_POSTED } else { SHOWN });
    let mut suggestions: Vec<Suggestion> = shown
        .map(|at| {
            let ranked = &mut proposal.candidates[at];
            Suggestion {
                probability: if at == judgement.chosen {
                    judgement.probability
                } else {
                    ranked.probability
                },
                hypothesis: if is_posted {
                    taken(&mut ranked.hypothesis)
                } else {
                    ranked.hypothesis.clone()
                },
            }
        })
        .collect();
    if !is_posted {
        let room = SHOWN - suggestions.len();
        suggestions.extend(proposal.leads.iter().take(room).map(|lead| Suggestion {
            hypothesis: lead.clone(),
            probability: Probability(0),
        }));
    }
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

fn taken(hypothesis: &mut Hypothesis) -> Hypothesis {
    Hypothesis {
        customer_id: std::mem::take(&mut hypothesis.customer_id),
        allocations: std::mem::take(&mut hypothesis.allocations),
        evidence: std::mem::take(&mut hypothesis.evidence),
        ..*hypothesis
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
