//! The verdict in the words of the export: ids and document numbers instead of positions.

use crate::model::{Candidate, CandidateAllocation, Explanation, Suggestion, Verdict};
use crate::propose::Book;

/// Returns the outcome of a payment with its candidates, complete in itself.
pub fn explain(book: &Book<'_>, verdict: Verdict) -> Explanation {
    Explanation {
        outcome: verdict.outcome,
        candidates: verdict
            .suggestions
            .into_iter()
            .map(|suggestion| candidate(book, suggestion))
            .collect(),
        none: verdict.none,
    }
}

fn candidate(book: &Book<'_>, suggestion: Suggestion) -> Candidate {
    let hypothesis = suggestion.hypothesis;
    let allocations: Vec<CandidateAllocation> = hypothesis
        .allocations
        .iter()
        .map(|part| {
            let record = book.ledger.item(part.item);
            CandidateAllocation {
                item_id: record.id.clone(),
                document_number: record.document_number.clone(),
                due_date: record.due_date,
                open: record.open(),
                cash: part.cash,
                discount: part.discount,
                charges: part.charges,
                write_off: part.write_off,
                item_reduction: part.item_reduction(),
            }
        })
        .collect();
    Candidate {
        kind: hypothesis.kind,
        customer_name: book.ledger.debtor(hypothesis.debtor).name.into(),
        customer_id: hypothesis.customer_id,
        allocations,
        on_account: hypothesis.on_account,
        evidence: hypothesis.evidence,
        class: hypothesis.class,
        probability: suggestion.probability,
    }
}
