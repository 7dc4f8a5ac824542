//! Sentences of evidence.

use crate::model::{Candidate, Evidence, Signal};
use crate::words::catalogue::{Words, say};
use crate::words::finding::visible;
use crate::words::shown;

/// Returns one short clause about a piece of evidence: "number RE-1001 stands in the text".
pub fn clause(words: Words, evidence: &Evidence) -> String {
    let detail = detail(words, &evidence.detail);
    let detail = detail.as_str();
    match evidence.signal {
        Signal::Prior => say!(words, "evidence.prior"),
        Signal::NumberExact => say!(words, "evidence.number_exact", detail),
        Signal::NumberReformatted => say!(words, "evidence.number_reformatted", detail),
        Signal::NumberCounter => say!(words, "evidence.number_counter", detail),
        Signal::NumberTypo => say!(words, "evidence.number_typo", detail),
        Signal::NumberCut => say!(words, "evidence.number_cut", detail),
        Signal::CheckedReference => say!(words, "evidence.checked_reference", detail),
        Signal::OrderNumber => say!(words, "evidence.order_number", detail),
        Signal::OtherReference => say!(words, "evidence.other_reference", detail),
        Signal::StructuredDocument => say!(words, "evidence.structured_document", detail),
        Signal::PairsInText => say!(words, "evidence.pairs_in_text", detail),
        Signal::CustomerNumber => say!(words, "evidence.customer_number", detail),
        Signal::NumberLeftOut => say!(words, "evidence.number_left_out", detail),
        Signal::NumberOfOtherCustomer => say!(words, "evidence.number_of_other_customer", detail),
        Signal::NumberClosed => say!(words, "evidence.number_closed", detail),
        Signal::NumberUnknown => say!(words, "evidence.number_unknown", detail),
        Signal::AmountExact => with(words, say!(words, "evidence.amount_exact"), detail),
        Signal::AmountDiscount => with(words, say!(words, "evidence.amount_discount"), detail),
        Signal::AmountLateDiscount => with(words, say!(words, "evidence.amount_late_discount"), detail),
        Signal::AmountCharges => with(words, say!(words, "evidence.amount_charges"), detail),
        Signal::AmountShort => say!(words, "evidence.amount_short", detail),
        Signal::AmountOver => say!(words, "evidence.amount_over", detail),
        Signal::AmountInstructed => with(words, say!(words, "evidence.amount_instructed"), detail),
        Signal::AccountOfCustomer => say!(words, "evidence.account_of_customer"),
        Signal::AccountConfirmed => say!(words, "evidence.account_confirmed"),
        Signal::AccountOfOther => say!(words, "evidence.account_of_other", detail),
        Signal::NameEqual => say!(words, "evidence.name_equal"),
        Signal::NameAlike => say!(words, "evidence.name_alike", detail),
        Signal::NameWeak => say!(words, "evidence.name_weak", detail),
        Signal::NameConfirmed => say!(words, "evidence.name_confirmed"),
        Signal::NameContradicts => say!(words, "evidence.name_contradicts", detail),
        Signal::NameOfOther => say!(words, "evidence.name_of_other", detail),
        Signal::NameUnknown => say!(words, "evidence.name_unknown"),
        Signal::DateUsual => say!(words, "evidence.date_usual"),
        Signal::DateBeforeIssue => say!(words, "evidence.date_before_issue", detail),
        Signal::Description if detail.is_empty() => say!(words, "evidence.nothing_explains"),
        Signal::Description => say!(words, "evidence.chosen", detail),
        Signal::History if evidence.weight > 0 => say!(words, "evidence.keeps_often"),
        Signal::History => say!(words, "evidence.keeps_rarely"),
        Signal::CurrencyDiffers => say!(words, "evidence.currency_differs"),
        Signal::Disputed => say!(words, "evidence.disputed"),
        Signal::ItemHeld => say!(words, "evidence.item_held"),
        Signal::TextPrepayment => say!(words, "evidence.text_prepayment"),
        Signal::TextNotReceivable => say!(words, "evidence.text_not_receivable"),
        Signal::ClaimOfCustomer => say!(words, "evidence.claim_of_customer"),
        Signal::ClaimOfOther => say!(words, "evidence.claim_of_other", detail),
        Signal::CustomerDecided => say!(words, "evidence.customer_decided"),
        Signal::PayerOfGroup => say!(words, "evidence.payer_of_group"),
    }
}

fn with(words: Words, clause: String, detail: &str) -> String {
    if detail.is_empty() {
        return clause;
    }
    say!(words, "evidence.with_detail", clause, detail)
}

/// Returns a detail as this language writes it: `15.00 EUR` with its decimal mark, "RE-1 as `RE 1`" in its words.
fn detail(words: Words, written: &str) -> String {
    if let Some(amount) = shown::amount_of(written) {
        return words.amount(amount);
    }
    match written.split_once(" as `") {
        Some((number, rest)) if rest.ends_with('`') => {
            let (number, written) = (visible(number), visible(rest.trim_end_matches('`')));
            say!(words, "evidence.written_as", number, written)
        }
        _ => visible(written),
    }
}

/// Returns what speaks for a candidate and what speaks against it, heaviest first, each joined by commas.
pub fn for_and_against(words: Words, candidate: &Candidate) -> (String, String) {
    let mut pieces: Vec<&Evidence> = candidate
        .evidence
        .iter()
        .filter(|piece| piece.signal != Signal::Prior)
        .collect();
    pieces.sort_by_key(|piece| (std::cmp::Reverse(piece.weight.abs()), piece.signal));
    let join = |is_for: bool| -> String {
        let side = pieces.iter().filter(|piece| (piece.weight > 0) == is_for);
        let mut clauses: Vec<String> = side.map(|piece| clause(words, piece)).collect();
        clauses.dedup();
        clauses.join(words.text("list.comma"))
    };
    (join(true), join(false))
}
