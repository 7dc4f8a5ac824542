//! Sentences of reasons, of set-aside rules, and the one line that says why a payment was posted.

use crate::model::matching::{AmountLevel, PayerLevel, ReferenceLevel};
use crate::model::money::decimal_text;
use crate::model::{
    Amount, Candidate, Explanation, HypothesisKind, Outcome, Payment, Probability, Reason, SetAsideRule, Signal,
};
use crate::words::finding::visible;

/// Documents that one sentence names before it says "and n more".
const NAMED_MAX: usize = 4;

/// Returns why a payment is not posted, for the person who has to decide; empty for what is posted.
pub fn sentence(payment: &Payment, explanation: &Explanation) -> String {
    match explanation.outcome {
        Outcome::Posted => String::new(),
        Outcome::SetAside(rule) => set_aside(rule),
        Outcome::Proposed(reason) | Outcome::Exception(reason) => why(reason, payment, explanation),
    }
}

fn why(reason: Reason, payment: &Payment, explanation: &Explanation) -> String {
    let amount = payment.amount;
    let first = explanation.candidates.first();
    let payer = payer(payment);
    let fits = first.map_or_else(String::new, |first| format!("; the nearest is {}", documents(first)));
    let guess = first
        .filter(|first| !first.allocations.is_empty())
        .map_or_else(String::new, |_| fits);
    match reason {
        Reason::NoReferenceNoName => format!("{amount} came without a text and without a payer{guess}."),
        Reason::UnknownPayer => {
            format!("{payer} is no customer that is known, and no number in the text settles it{guess}.")
        }
        Reason::AmbiguousCustomer if first.is_none_or(is_lead) => format!(
            "{payer} is the name of several customers{}, and {amount} fits nothing that they owe.",
            customers(explanation)
        ),
        Reason::AmbiguousCustomer => format!(
            "{amount} fits {}, but nothing says for certain which customer paid.",
            rivals(explanation)
        ),
        Reason::AmbiguousInvoice => format!("{amount} fits {} equally.", rivals(explanation)),
        Reason::AmountShort => differs(first, amount, "less than", "no discount is open that would explain it"),
        Reason::AmountOver => differs(first, amount, "more than", "what is over would go on account"),
        Reason::ChargesSuspected => differs(
            first,
            amount,
            "less than",
            "bank charges may have been kept, but nobody states them",
        ),
        Reason::DiscountOutOfTerms => format!(
            "{amount} fits {} less cash discount, but the discount was no longer open on {}.",
            of_first(first),
            payment.value_date.unwrap_or(payment.booking_date)
        ),
        Reason::Partial => differs(first, amount, "less than", "it may be a part payment"),
        Reason::SumNotUnique => {
            format!("{amount} can be put together from the open items in more than one way, or by chance{guess}.")
        }
        Reason::ReferenceAmountDiffers => format!(
            "The text names {}, but the amount of {amount} says otherwise.",
            detail(
                first,
                &[Signal::NumberLeftOut, Signal::NumberExact, Signal::NumberReformatted]
            )
            .unwrap_or("an open item")
        ),
        Reason::ReferenceClosedInvoice => format!(
            "The text names {}, which is settled already: a double payment?",
            any_detail(explanation, &[Signal::NumberClosed]).unwrap_or("a closed item")
        ),
        Reason::ReferenceOtherCustomer => format!(
            "The text names {}, an item of another customer than the one who seems to pay.",
            any_detail(
                explanation,
                &[
                    Signal::NumberOfOtherCustomer,
                    Signal::NumberExact,
                    Signal::NumberReformatted
                ]
            )
            .unwrap_or("an item")
        ),
        Reason::NameConflict => format!(
            "The payer is known as {}, but the payment fits {} of {}.",
            detail(first, &[Signal::AccountOfOther, Signal::NameOfOther]).unwrap_or("somebody else"),
            of_first(first),
            first.map_or_else(String::new, customer)
        ),
        Reason::CurrencyDiffers => format!(
            "The payment of {amount} names {}, which is open in another currency; what was ordered in that currency is not said.",
            of_first(first)
        ),
        Reason::PlatformPayer => format!("{payer} pays for others: who owes is not said{guess}."),
        Reason::PersonalPayer => format!("{payer} is most likely a person and no customer{guess}."),
        Reason::ThirdPartyPayer => format!("{payer} pays for somebody else{guess}."),
        Reason::Reversal => "The bank took a booking back.".to_owned(),
        Reason::Returned => format!("A payment of {amount} came back{guess}."),
        Reason::DuplicateSuspect => format!("{amount} has the look of a second payment of {}.", of_first(first)),
        Reason::Prepayment if first.is_some_and(|first| !first.allocations.is_empty() && !is_lead(first)) => {
            format!("This may be a prepayment, though the amount fits {}.", of_first(first))
        }
        Reason::Prepayment => format!("{payer} pays {amount}, and no open item explains it: a prepayment?"),
        Reason::NotReceivableSuspect => {
            "The text speaks of interest, tax, insurance or a refund, of no invoice.".to_owned()
        }
        Reason::OwnTransferSuspect => "The payer seems to be ourselves.".to_owned(),
        Reason::BatchWithoutDetails => batch(payment),
        Reason::DetailsDoNotAddUp => "The details of this entry do not add up to its amount.".to_owned(),
        Reason::StatementGap => format!(
            "{} fits, but a statement before this one is missing: held until it arrives.",
            of_first(first)
        ),
        Reason::ClaimConflict => format!("Several payments of this run fit {}.", of_first(first)),
        Reason::Disputed => format!("{} is disputed by the customer.", of_first(first)),
        Reason::LowConfidence => unsure(payment, first),
        Reason::StaleDecision => "The payment or its candidate changed after the decision was made.".to_owned(),
        Reason::InputError => "The input of this payment is not complete.".to_owned(),
    }
}

fn batch(payment: &Payment) -> String {
    let count = payment
        .batch_count
        .map_or_else(|| "several".to_owned(), |count| count.to_string());
    let Some(notified) = payment.notified else {
        return format!("The bank lumped {count} payments together without details.");
    };
    let amount = |minor: i64| Amount::new(minor, payment.amount.currency);
    format!(
        "The bank lumped {count} payments together; the details that it notified add up to {}, not to {}: the difference is {}.",
        amount(notified),
        payment.amount,
        amount(payment.amount.minor.saturating_sub(notified))
    )
}

fn unsure(payment: &Payment, first: Option<&Candidate>) -> String {
    let Some(first) = first else {
        return format!("Nothing explains {}.", payment.amount);
    };
    if first.allocations.is_empty() || is_lead(first) {
        return format!(
            "{} {} {}, and no open item explains the amount.",
            customer(first),
            if is_lead(first) { "seems to pay" } else { "pays" },
            payment.amount
        );
    }
    if let Some(number) = detail(Some(first), &[Signal::NumberUnknown]) {
        return if first.class.amount == AmountLevel::Differs {
            format!("The text names {number}, which no item has, and nothing fits the amount.")
        } else {
            format!(
                "{} fits the amount, but the text names {number}, which no item has.",
                documents(first)
            )
        };
    }
    format!("{} fits, but the evidence is not enough to post it.", documents(first))
}

/// An item of a likely payer that nothing in the payment speaks of.
fn is_lead(candidate: &Candidate) -> bool {
    let class = candidate.class;
    let is_plain = class.reference == ReferenceLevel::None && class.amount == AmountLevel::Differs;
    is_plain && candidate.probability == Probability(0) && !candidate.allocations.is_empty()
}

/// " (C1 and C2)": the customers of the candidates.
fn customers(explanation: &Explanation) -> String {
    let mut ids: Vec<String> = Vec::new();
    for candidate in &explanation.candidates {
        let id = visible(&candidate.customer_id);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        String::new()
    } else {
        format!(" ({})", join(&ids))
    }
}

/// "The amount is 15.00 EUR less than invoice INV-1 (12,345.67 EUR); no discount …".
fn differs(first: Option<&Candidate>, amount: Amount, how: &str, because: &str) -> String {
    let Some(first) = first else {
        return format!("{amount} is {how} what is open; {because}.");
    };
    let open: i64 = first.allocations.iter().map(|part| part.open.minor).sum();
    let difference = Amount::new((open - amount.minor).abs(), amount.currency);
    let whole = Amount::new(open, amount.currency);
    format!(
        "The amount is {difference} {how} {} ({whole}); {because}.",
        documents(first)
    )
}

/// The documents of all candidates that fit about equally: "RE-1 and RE-2".
fn rivals(explanation: &Explanation) -> String {
    let Some(first) = explanation.candidates.first() else {
        return "nothing".to_owned();
    };
    let best = first.weight();
    let mut names: Vec<String> = Vec::new();
    for candidate in &explanation.candidates {
        let name = documents(candidate);
        if !candidate.allocations.is_empty() && best - candidate.weight() < 1_000 && !names.contains(&name) {
            names.push(name);
        }
    }
    join(&names)
}

fn of_first(first: Option<&Candidate>) -> String {
    first.map_or_else(|| "an item".to_owned(), documents)
}

/// "RE-1001", "RE-1001 and RE-1002", "RE-1001, RE-1002, RE-1003 and 4 more".
fn documents(candidate: &Candidate) -> String {
    let names: Vec<String> = candidate
        .allocations
        .iter()
        .map(|part| {
            visible(if part.document_number.is_empty() {
                &part.item_id
            } else {
                &part.document_number
            })
        })
        .collect();
    if names.is_empty() {
        return format!("the account of {}", customer(candidate));
    }
    join(&names)
}

fn join(names: &[String]) -> String {
    match names {
        [] => "an item".to_owned(),
        [one] => one.clone(),
        several if several.len() > NAMED_MAX => {
            let shown = several[..NAMED_MAX - 1].join(", ");
            format!("{shown} and {} more", several.len() - (NAMED_MAX - 1))
        }
        [front @ .., last] => format!("{} and {last}", front.join(", ")),
    }
}

fn customer(candidate: &Candidate) -> String {
    let name = if candidate.customer_name.is_empty() {
        &candidate.customer_id
    } else {
        &candidate.customer_name
    };
    visible(name)
}

fn payer(payment: &Payment) -> String {
    let name = payment.payer_name();
    if name.is_empty() {
        "The payer".to_owned()
    } else {
        format!("`{}`", visible(name))
    }
}

fn detail<'c>(candidate: Option<&'c Candidate>, signals: &[Signal]) -> Option<&'c str> {
    let evidence = &candidate?.evidence;
    signals.iter().find_map(|signal| {
        let found = evidence
            .iter()
            .find(|piece| piece.signal == *signal && !piece.detail.is_empty());
        found.map(|piece| piece.detail.as_str())
    })
}

fn any_detail<'c>(explanation: &'c Explanation, signals: &[Signal]) -> Option<&'c str> {
    explanation
        .candidates
        .iter()
        .find_map(|candidate| detail(Some(candidate), signals))
}

/// Returns what a set-aside rule means.
pub fn set_aside(rule: SetAsideRule) -> String {
    let sentence = match rule {
        SetAsideRule::OutgoingDebit => "Money out: no receipt.",
        SetAsideRule::Pending => "Not in the books yet; it will come again when it is booked.",
        SetAsideRule::NotBooked => "For information only, not in the books.",
        SetAsideRule::ReversedDebit => "A payment of ours that came back.",
        SetAsideRule::ZeroAmount => "An entry of zero.",
        SetAsideRule::BeforeStart => "Booked before the start date of the settings.",
        SetAsideRule::OwnTransfer => "A transfer between our own accounts.",
        SetAsideRule::NotReceivable => "A person said that it is no receivable.",
        SetAsideRule::Done => "A person booked it in the ERP.",
        SetAsideRule::Detailed => "The bank gave its details later: they stand in its place.",
        SetAsideRule::Ignored => "A person said that nothing is to be done.",
    };
    sentence.to_owned()
}

/// Returns in one line why a candidate was posted: "RE-1001 by its number and the exact amount; payer known by account".
pub fn posting_text(candidate: &Candidate) -> String {
    let class = candidate.class;
    let reference = match class.reference {
        ReferenceLevel::Structured => "by a structured reference",
        ReferenceLevel::Number => "by number",
        ReferenceLevel::Partial => "by part of the number",
        ReferenceLevel::None => "without a number",
    };
    let amount = match (candidate.kind, class.amount) {
        (HypothesisKind::PartPayment, _) => "part payment",
        (HypothesisKind::Overpayment, _) => "rest on account",
        (HypothesisKind::Charges, _) => "less bank charges",
        (_, AmountLevel::Exact) => "exact amount",
        (_, AmountLevel::Terms) => "less cash discount",
        (_, AmountLevel::Differs) => "amount differs",
    };
    let payer = match class.payer {
        PayerLevel::Account => "payer known by account",
        PayerLevel::Name => "payer known by name",
        PayerLevel::NameAlike => "payer's name alike",
        PayerLevel::Unknown => "payer not known",
        PayerLevel::Contradicts => "payer known as somebody else",
    };
    let description = match candidate.kind {
        HypothesisKind::DueRun => ", all that was due",
        HypothesisKind::WholeBalance => ", the whole account",
        HypothesisKind::Subset => ", the only sum that fits",
        HypothesisKind::Range => ", a range of numbers",
        _ => "",
    };
    let over = match candidate.allocations.first() {
        Some(part) if candidate.on_account != 0 => {
            let written = decimal_text(candidate.on_account, part.open.currency.decimals());
            format!(" ({written})")
        }
        _ => String::new(),
    };
    format!("{reference}{description}, {amount}{over}; {payer}")
}
