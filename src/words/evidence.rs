//! Sentences of evidence.

use crate::model::{Candidate, Evidence, Signal};
use crate::words::finding::visible;

/// Returns one short clause about a piece of evidence: "number RE-1001 stands in the text".
pub fn clause(evidence: &Evidence) -> String {
    let detail = visible(&evidence.detail);
    let with = |words: &str| {
        if detail.is_empty() {
            words.to_owned()
        } else {
            format!("{words} ({detail})")
        }
    };
    match evidence.signal {
        Signal::Prior => "before looking".to_owned(),
        Signal::NumberExact => format!("number {detail} stands in the text"),
        Signal::NumberReformatted => format!("number {detail} stands in the text in another form"),
        Signal::NumberCounter => format!("the last digits of {detail} stand in the text"),
        Signal::NumberTypo => format!("number {detail} stands in the text with a typing mistake"),
        Signal::NumberCut => format!("number {detail} stands in the text, cut off"),
        Signal::CheckedReference => format!("a reference with valid check digits names {detail}"),
        Signal::OrderNumber => format!("the order number of {detail} stands in the text"),
        Signal::OtherReference => format!("a reference of {detail} stands in the text"),
        Signal::StructuredDocument => format!("structured remittance names {detail} documents"),
        Signal::PairsInText => format!("{detail} numbers with their amounts stand in the text and add up"),
        Signal::CustomerNumber => format!("customer number {detail} stands in the text"),
        Signal::NumberLeftOut => format!("the text also names {detail}, which is left out"),
        Signal::NumberOfOtherCustomer => format!("the text names {detail} of another customer"),
        Signal::NumberClosed => format!("the text names {detail}, which is settled already"),
        Signal::NumberUnknown => format!("the text names {detail}, which no item has"),
        Signal::AmountExact => with("the amount is exact"),
        Signal::AmountDiscount => with("the amount is exact after cash discount in time"),
        Signal::AmountLateDiscount => with("the amount is exact after cash discount, which came too late"),
        Signal::AmountCharges => with("the amount is exact after bank charges"),
        Signal::AmountShort => format!("{detail} less than open"),
        Signal::AmountOver => format!("{detail} more than open"),
        Signal::AmountInstructed => with("the payer ordered the exact amount in the item's currency"),
        Signal::AccountOfCustomer => "the account is the customer's".to_owned(),
        Signal::AccountConfirmed => "the account was confirmed for the customer before".to_owned(),
        Signal::AccountOfOther => format!("the account is that of {detail}"),
        Signal::NameEqual => "the payer's name is the customer's".to_owned(),
        Signal::NameAlike => format!("the payer's name is nearly that of {detail}"),
        Signal::NameWeak => format!("the payer's name has something of {detail}"),
        Signal::NameConfirmed => "the payer's name was confirmed for the customer before".to_owned(),
        Signal::NameContradicts => format!("the payer's name is not that of {detail}, however alike"),
        Signal::NameOfOther => format!("the payer's name is that of {detail}"),
        Signal::NameUnknown => "nobody known has the payer's name".to_owned(),
        Signal::DateUsual => "paid around the due date".to_owned(),
        Signal::DateBeforeIssue => format!("paid before {detail} was issued"),
        Signal::Description => match detail.as_str() {
            "" => "no item explains the amount".to_owned(),
            count => format!("{count} items chosen among several"),
        },
        Signal::History if evidence.weight > 0 => "this customer often keeps something".to_owned(),
        Signal::History => "this customer hardly ever keeps anything".to_owned(),
        Signal::CurrencyDiffers => "the currencies differ".to_owned(),
        Signal::Disputed => "the customer disputes the item".to_owned(),
        Signal::TextPrepayment => "the text speaks of a prepayment".to_owned(),
        Signal::TextNotReceivable => "the text speaks of interest, tax or a refund".to_owned(),
        Signal::PayerOfGroup => "the payer belongs to the customer's group".to_owned(),
    }
}

/// Returns what speaks for a candidate and what speaks against it, heaviest first, each joined by commas.
pub fn for_and_against(candidate: &Candidate) -> (String, String) {
    let mut pieces: Vec<&Evidence> = candidate
        .evidence
        .iter()
        .filter(|piece| piece.signal != Signal::Prior)
        .collect();
    pieces.sort_by_key(|piece| (std::cmp::Reverse(piece.weight.abs()), piece.signal));
    let join = |is_for: bool| -> String {
        let side = pieces.iter().filter(|piece| (piece.weight > 0) == is_for);
        let mut clauses: Vec<String> = side.map(|piece| clause(piece)).collect();
        clauses.dedup();
        clauses.join(", ")
    };
    (join(true), join(false))
}
