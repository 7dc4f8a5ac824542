//! What a person may do about an exception, in one sentence.

use crate::model::{Candidate, JudgedPayment, Outcome, Reason};
use crate::words::shown;

/// Returns the next step for the person who decides; empty for what needs none.
pub fn sentence(judged: &JudgedPayment) -> String {
    let explanation = &judged.explanation;
    match explanation.outcome {
        Outcome::Proposed(_) => match explanation.candidates.first() {
            Some(candidate) => format!("ACCEPT books {}", settled(candidate, judged)),
            None => String::new(),
        },
        Outcome::Exception(reason) => open(reason, explanation.candidates.len()),
        Outcome::Posted | Outcome::SetAside(_) => String::new(),
    }
}

/// Returns what a candidate books: `119.00 on RE-1001 of Nordwind GmbH`.
fn settled(candidate: &Candidate, judged: &JudgedPayment) -> String {
    let decimals = judged.payment.amount.currency.decimals();
    let customer = if candidate.customer_name.is_empty() {
        &candidate.customer_id
    } else {
        &candidate.customer_name
    };
    let customer = shown::text(customer);
    let mut parts: Vec<String> = candidate
        .allocations
        .iter()
        .take(3)
        .map(|allocation| {
            let number = shown::text(&allocation.document_number);
            format!("{} on {number}", shown::figure(allocation.cash, decimals))
        })
        .collect();
    if candidate.allocations.len() > 3 {
        let more = candidate.allocations.len() - 3;
        parts.push(shown::plural(more as u64, "more item", "more items"));
    }
    if candidate.on_account != 0 {
        parts.push(format!("{} on account", shown::figure(candidate.on_account, decimals)));
    }
    format!("{} of {customer}", parts.join(", "))
}

fn open(reason: Reason, candidates: usize) -> String {
    let step = match reason {
        Reason::AmbiguousCustomer | Reason::AmbiguousInvoice | Reason::SumNotUnique | Reason::NameConflict => {
            "APPLY with the right one of the candidates in `target`"
        }
        Reason::AmountShort
        | Reason::Partial
        | Reason::ReferenceAmountDiffers
        | Reason::DiscountOutOfTerms
        | Reason::ChargesSuspected
        | Reason::CurrencyDiffers => "clear up the difference with the customer; APPLY books the payment in part",
        Reason::AmountOver => "APPLY to the items, the rest goes on account",
        Reason::ReferenceClosedInvoice | Reason::DuplicateSuspect => {
            "probably paid twice: ask the payer; ON_ACCOUNT keeps the money with the customer"
        }
        Reason::ReferenceOtherCustomer | Reason::ThirdPartyPayer | Reason::PlatformPayer | Reason::PersonalPayer => {
            "find out for whom this was paid; then APPLY to that customer's items"
        }
        Reason::Prepayment => "ON_ACCOUNT of the customer until the invoice is written",
        Reason::NotReceivableSuspect => "NOT_RECEIVABLE if no customer owes it",
        Reason::OwnTransferSuspect => "NOT_RECEIVABLE if it came from an account of our own",
        Reason::Reversal | Reason::Returned => "look up which payment came back; DONE once the ERP shows it",
        Reason::BatchWithoutDetails => "order the details (camt.054) from the bank; LATER until they are there",
        Reason::DetailsDoNotAddUp | Reason::InputError => {
            "compare with the bank's own statement; DONE once it is booked"
        }
        Reason::StatementGap => "wait for the missing statement, then it is posted by itself; ACCEPT posts it now",
        Reason::StaleDecision => "things changed since your decision: decide again",
        Reason::TakenBack => {
            "decide anew: APPLY to the right documents, ON_ACCOUNT, or CORRECT_TEXT to have it matched again"
        }
        Reason::Disputed => {
            "the customer disputes an item: clear it up; APPLY books the payment, ON_ACCOUNT leaves the item open"
        }
        Reason::ClaimConflict => "two claims speak for it: ask the salespeople",
        Reason::NoReferenceNoName | Reason::UnknownPayer | Reason::LowConfidence if candidates == 0 => {
            "find out who paid; then APPLY to documents, or ON_ACCOUNT of a customer"
        }
        Reason::NoReferenceNoName | Reason::UnknownPayer | Reason::LowConfidence => {
            "look at the candidates; ACCEPT takes the first, APPLY any other"
        }
    };
    step.to_owned()
}
