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
    let mut kept = std::mem::take(&mut prepared.proposals).into_iter().peekable();
    let mut known: Vec<Option<propose::Proposal>> = payments
        .iter()
        .map(|payment| {
            let (_, known) = kept.next_if(|(id, _)| *id == payment.id)?;
            (!touched.concerns(payment, &known)).then_some(known)
        })
        .collect();
    let mut proposals: Vec<propose::Proposal> = payments
        .par_chunks(BLOCK)
        .zip(known.par_chunks_mut(BLOCK))
        .flat_map_iter(|(payments, known)| {
            let block: Vec<propose::Proposal> = payments
                .iter()
                .zip(known)
                .map(|(payment, known)| {
                    let again = || propose::propose_with(&book, names, payment);
                    known.take().unwrap_or_else(again)
                })
                .collect();
            progress(block.len() as u64);
            block
        })
        .collect();
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
