//! Payments → verdicts, in parallel, and verdicts → postings. The kernel judges; this only spreads the work.

use crate::assign;
use crate::model::{
    Amount, Candidate, Customer, Explanation, Knowledge, Label, OpenItem, Outcome, Payment, PaymentId, Posting,
    PostingLine, Reason, Verdict,
};
use crate::propose;
use crate::words::Words;
use rayon::prelude::*;

/// Payments of one block: small enough to share the work, large enough not to notice it.
const BLOCK: usize = 256;

/// What the kernel is given besides the payments.
pub struct Bench<'a> {
    /// Items with their effective open amounts.
    pub items: &'a [OpenItem],
    /// Customers.
    pub customers: &'a [Customer],
    /// What was learned.
    pub knowledge: &'a Knowledge,
    /// Weights and limits.
    pub matching: &'a propose::Options,
    /// What may be posted.
    pub policy: &'a assign::Policy,
}

/// What was looked up for one pass and serves the next one over the same items and customers.
#[derive(Debug, Default)]
pub struct Prepared {
    catalogue: Option<propose::Catalogue>,
    names: propose::PayerNames,
    /// Items of which less is open since then; emptied by the next pass.
    pub changed: Vec<propose::Changed>,
    /// What the pass would take of items: of what it posts, in the order of the payments.
    pub taken: Vec<Taken>,
    /// What was thought of payments that are not settled, in their order: it is known again where the next pass keeps the order.
    proposals: Vec<(PaymentId, propose::Proposal)>,
}

/// What a posting takes of an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Taken {
    /// Position of the payment among those that were judged.
    pub payment: usize,
    /// Position of the item.
    pub item: usize,
    /// Reduction in minor units of the item's currency.
    pub minor: i64,
}

/// Returns the outcome of each payment with its explanation, in their order; `None` for what waits for a person while another pass
/// follows: it is judged again.
///
/// `is_last` is told which payments would be posted. `prepared` is empty at first, and only spares work. `progress` is told how many
/// payments of a block are done; results do not depend on the number of threads.
pub fn judge(
    bench: &Bench<'_>,
    prepared: &mut Prepared,
    payments: &[&Payment],
    is_last: impl FnOnce(&[bool]) -> bool,
    progress: &(dyn Fn(u64) + Sync),
) -> Vec<Option<Explanation>> {
    let book = match prepared.catalogue.take() {
        Some(catalogue) => propose::Book::again(catalogue, bench.items, bench.customers, bench.matching),
        None => propose::prepare(bench.items, bench.customers, bench.knowledge, bench.matching),
    };
    let missing = prepared.names.missing(payments);
    let found: Vec<propose::PayerName> = missing
        .into_par_iter()
        .with_min_len(BLOCK / 4)
        .map(|name| propose::look_up(&book, name))
        .collect();
    prepared.names.enter(found);
    let names = &prepared.names;
    let touched = propose::Touched::new(&book, &std::mem::take(&mut prepared.changed));
    let (known, anew) = known_again(std::mem::take(&mut prepared.proposals), payments, &touched);
    progress(known.len() as u64);
    let mut thought: Vec<propose::Proposal> = Vec::new();
    thought.resize_with(anew.len(), propose::Proposal::default);
    thought
        .par_chunks_mut(BLOCK)
        .zip(anew.par_chunks(BLOCK))
        .for_each(|(places, block)| {
            let block: Vec<&Payment> = block.iter().map(|at| payments[*at]).collect();
            let proposals = propose::propose_all(&book, names, &block);
            places
                .iter_mut()
                .zip(proposals)
                .for_each(|(place, proposal)| *place = proposal);
            progress(block.len() as u64);
        });
    let mut proposals = in_order(known, thought);
    let is_settled = |verdict: Option<&Verdict>| {
        let outcome = verdict.map(|verdict| verdict.outcome);
        matches!(outcome, Some(Outcome::Posted | Outcome::SetAside(_)))
    };
    let verdicts = assign::assign_in_turn(&book, payments, &mut proposals, bench.policy, is_last);
    prepared.proposals = payments
        .iter()
        .zip(&verdicts)
        .zip(proposals)
        .filter(|((_, verdict), _)| !is_settled(verdict.as_ref()))
        .map(|((payment, _), proposal)| (payment.id.clone(), proposal))
        .collect();
    let posted = verdicts.iter().enumerate().filter_map(|(at, verdict)| {
        let verdict = verdict.as_ref().filter(|verdict| verdict.outcome == Outcome::Posted)?;
        Some((at, verdict.suggestions.first()?))
    });
    let parts = posted.flat_map(|(at, first)| first.hypothesis.allocations.iter().map(move |part| (at, part)));
    let taken = parts.map(|(payment, part)| Taken {
        payment,
        item: part.item as usize,
        minor: part.item_reduction(),
    });
    prepared.taken = taken.collect();
    let explanations = verdicts
        .into_par_iter()
        .map(|verdict| verdict.map(|verdict| assign::explain(&book, verdict)))
        .collect();
    prepared.catalogue = Some(book.into_catalogue());
    explanations
}

/// Proposals with the positions of their payments.
type Known = Vec<(usize, propose::Proposal)>;

/// Returns the proposals that hold still, and the positions of the payments that must be thought over.
fn known_again(
    kept: Vec<(PaymentId, propose::Proposal)>,
    payments: &[&Payment],
    touched: &propose::Touched,
) -> (Known, Vec<usize>) {
    let mut kept = kept.into_iter().peekable();
    let (mut known, mut anew) = (Vec::new(), Vec::with_capacity(payments.len()));
    for (at, payment) in payments.iter().enumerate() {
        match kept.next_if(|(id, _)| *id == payment.id) {
            Some((_, proposal)) if !touched.concerns(payment, &proposal) => known.push((at, proposal)),
            _ => anew.push(at),
        }
    }
    (known, anew)
}

/// Returns all proposals in the order of the payments; those thought over stand in it between those known.
fn in_order(known: Known, thought: Vec<propose::Proposal>) -> Vec<propose::Proposal> {
    if known.is_empty() {
        return thought;
    }
    let all = known.len() + thought.len();
    let (mut known, mut thought) = (known.into_iter().peekable(), thought.into_iter());
    let next = |at: usize| match known.next_if(|(place, _)| *place == at) {
        Some((_, proposal)) => Some(proposal),
        None => thought.next(),
    };
    (0..all).filter_map(next).collect()
}

/// Turns what would be posted into a proposal, for nights and payments where only people post.
pub fn propose_only(explanation: &mut Explanation, reason: Reason) {
    if explanation.outcome == Outcome::Posted {
        explanation.outcome = Outcome::Proposed(reason);
    }
}

/// That a person took a posting back outweighs what else is unsure about the payment.
pub fn say_taken_back(explanation: &mut Explanation, reason: Reason) {
    if reason != Reason::TakenBack {
        return;
    }
    match &mut explanation.outcome {
        Outcome::Proposed(said) | Outcome::Exception(said) => *said = reason,
        Outcome::Posted | Outcome::SetAside(_) => {}
    }
}

/// Returns the lines of a candidate without ids: allocations in the order of the candidate, the rest on account last.
pub fn lines(candidate: &Candidate, payment: &Payment, text: &str) -> Vec<PostingLine> {
    let mut lines: Vec<PostingLine> = candidate
        .allocations
        .iter()
        .map(|part| PostingLine {
            id: Label::default(),
            customer_id: candidate.customer_id.clone(),
            item_id: Some(part.item_id.clone()),
            document_number: part.document_number.clone(),
            amount: part.cash,
            discount: part.discount,
            charges: part.charges,
            write_off: part.write_off,
            item_amount: Amount::new(part.item_reduction, part.open.currency),
            text: text.to_owned(),
        })
        .collect();
    if candidate.on_account != 0 {
        lines.push(on_account_line(
            &candidate.customer_id,
            payment,
            candidate.on_account,
            text,
        ));
    }
    lines
}

/// Returns the line of cash that no item takes.
pub fn on_account_line(customer_id: &str, payment: &Payment, minor: i64, text: &str) -> PostingLine {
    PostingLine {
        id: Label::default(),
        customer_id: customer_id.into(),
        item_id: None,
        document_number: Label::default(),
        amount: minor,
        discount: 0,
        charges: 0,
        write_off: 0,
        item_amount: Amount::new(0, payment.amount.currency),
        text: text.to_owned(),
    }
}

/// Returns the posting of a payment that the machine is certain of; `None` when it is not.
pub fn automatic_posting(words: Words, payment: &Payment, explanation: &Explanation) -> Option<Posting> {
    if explanation.outcome != Outcome::Posted {
        return None;
    }
    let candidate = explanation.candidates.first()?;
    let mut text = crate::words::reason::posting_text(words, candidate);
    if let Some(correction) = &payment.correction {
        let corrected = payment.remittance_text();
        text.push_str(&crate::words::decision::corrected(
            &correction.decided_by,
            &corrected,
            &correction.original,
        ));
    }
    Some(Posting {
        payment_id: payment.id.clone(),
        kind: candidate.kind,
        class: Some(candidate.class),
        probability: Some(candidate.probability),
        decided_by: "paymatch".to_owned(),
        lines: lines(candidate, payment, &text),
    })
}
