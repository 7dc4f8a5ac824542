//! What a person may do about an exception, in one sentence.

use crate::model::{Candidate, JudgedPayment, Outcome, Reason};
use crate::words::catalogue::{Words, say};
use crate::words::shown;

/// Items that a suggestion names before it says "2 more items".
const ITEMS_MAX: usize = 3;

/// Returns the next step for the person who decides; empty for what needs none.
pub fn sentence(words: Words, judged: &JudgedPayment) -> String {
    let explanation = &judged.explanation;
    match explanation.outcome {
        // The ERP is wrong about the item, or a person took this very posting back: ACCEPT is not the next step, however well it fits.
        Outcome::Proposed(reason @ (Reason::ItemHeld | Reason::TakenBack)) => words.text(open(reason, 1)).to_owned(),
        Outcome::Proposed(_) => match explanation.candidates.first() {
            Some(candidate) => accept(words, candidate, judged),
            None => String::new(),
        },
        Outcome::Exception(reason) => words.text(open(reason, explanation.candidates.len())).to_owned(),
        Outcome::Posted | Outcome::SetAside(_) => String::new(),
    }
}

/// Says what a candidate books: `ACCEPT books 119.00 on RE-1001 of Nordwind GmbH`.
fn accept(words: Words, candidate: &Candidate, judged: &JudgedPayment) -> String {
    let decimals = judged.payment.amount.currency.decimals();
    let customer = if candidate.customer_name.is_empty() {
        &candidate.customer_id
    } else {
        &candidate.customer_name
    };
    let mut parts: Vec<String> = candidate
        .allocations
        .iter()
        .take(ITEMS_MAX)
        .map(|part| {
            let amount = words.figure(part.cash, decimals);
            say!(
                words,
                "suggestion.part",
                amount,
                document = shown::text(&part.document_number)
            )
        })
        .collect();
    if candidate.allocations.len() > ITEMS_MAX {
        parts.push(say!(
            words,
            "suggestion.more_items",
            count = candidate.allocations.len() - ITEMS_MAX
        ));
    }
    if candidate.on_account != 0 {
        let amount = words.figure(candidate.on_account, decimals);
        parts.push(say!(words, "suggestion.on_account", amount));
    }
    let parts = parts.join(words.text("list.comma"));
    say!(words, "suggestion.accept", parts, customer = shown::text(customer))
}

/// Returns the key of the sentence for a reason.
fn open(reason: Reason, candidates: usize) -> &'static str {
    match reason {
        Reason::AmbiguousCustomer | Reason::AmbiguousInvoice | Reason::SumNotUnique | Reason::NameConflict => {
            "suggestion.choose"
        }
        Reason::AmountShort
        | Reason::Partial
        | Reason::ReferenceAmountDiffers
        | Reason::DiscountOutOfTerms
        | Reason::ChargesSuspected
        | Reason::CurrencyDiffers => "suggestion.difference",
        Reason::AmountOver => "suggestion.over",
        Reason::ReferenceClosedInvoice | Reason::DuplicateSuspect => "suggestion.paid_twice",
        Reason::ReferenceOtherCustomer | Reason::ThirdPartyPayer | Reason::PlatformPayer | Reason::PersonalPayer => {
            "suggestion.for_whom"
        }
        Reason::Prepayment => "suggestion.prepayment",
        Reason::NotReceivableSuspect => "suggestion.not_receivable",
        Reason::OwnTransferSuspect => "suggestion.own_transfer",
        Reason::Reversal | Reason::Returned => "suggestion.returned",
        Reason::BatchWithoutDetails => "suggestion.batch",
        Reason::DetailsDoNotAddUp | Reason::InputError => "suggestion.compare",
        Reason::StatementGap => "suggestion.gap",
        Reason::StaleDecision => "suggestion.stale",
        Reason::TakenBack => "suggestion.taken_back",
        Reason::Disputed => "suggestion.disputed",
        Reason::ItemHeld => "suggestion.item_held",
        Reason::ClaimConflict => "suggestion.claims",
        Reason::NoReferenceNoName | Reason::UnknownPayer | Reason::LowConfidence if candidates == 0 => {
            "suggestion.find_payer"
        }
        Reason::NoReferenceNoName | Reason::UnknownPayer | Reason::LowConfidence => "suggestion.look",
    }
}
