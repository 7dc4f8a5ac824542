//! Sentences of reasons, of set-aside rules, and the one line that says why a payment was posted.

use crate::model::matching::{AmountLevel, PayerLevel, ReferenceLevel};
use crate::model::{
    Amount, Candidate, Explanation, HypothesisKind, Outcome, Payment, Probability, Reason, SetAsideRule, Signal,
};
use crate::words::catalogue::{Words, say};
use crate::words::finding::visible;
use crate::words::shown;

/// Documents that one sentence names before it says "and n more".
const NAMED_MAX: usize = 4;

/// Returns why a payment is not posted, for the person who has to decide; empty for what is posted.
pub fn sentence(words: Words, payment: &Payment, explanation: &Explanation) -> String {
    match explanation.outcome {
        Outcome::Posted => String::new(),
        Outcome::SetAside(rule) => set_aside(words, rule),
        Outcome::Proposed(reason) | Outcome::Exception(reason) => Why {
            words,
            payment,
            explanation,
            first: explanation.candidates.first(),
        }
        .sentence(reason),
    }
}

/// Returns a reason in two or three words: `AMBIGUOUS_INVOICE` is "Ambiguous invoice".
pub fn name(words: Words, reason: Reason) -> String {
    named(words, "reason_name", reason.code())
}

/// Returns the code of a set-aside rule, or of a rule for duplicates, in two or three words.
pub fn rule_name(words: Words, code: &str) -> String {
    named(words, "rule_name", code)
}

fn named(words: Words, section: &str, code: &str) -> String {
    let found = words.find(&format!("{section}.{code}"));
    found.map_or_else(|| shown::code_words(code), str::to_owned)
}

struct Why<'a> {
    words: Words,
    payment: &'a Payment,
    explanation: &'a Explanation,
    first: Option<&'a Candidate>,
}

impl Why<'_> {
    fn sentence(&self, reason: Reason) -> String {
        let words = self.words;
        let amount = self.payment.amount;
        match reason {
            Reason::NoReferenceNoName => say!(words, "reason.no_reference_no_name", amount, guess = self.guess()),
            Reason::UnknownPayer => {
                say!(
                    words,
                    "reason.unknown_payer",
                    payer = self.payer(),
                    guess = self.guess()
                )
            }
            Reason::AmbiguousCustomer if self.first.is_none_or(is_lead) => say!(
                words,
                "reason.ambiguous_name",
                payer = self.payer(),
                customers = self.customers(),
                amount
            ),
            Reason::AmbiguousCustomer => say!(words, "reason.ambiguous_customer", amount, documents = self.rivals()),
            Reason::AmbiguousInvoice => say!(words, "reason.ambiguous_invoice", amount, documents = self.rivals()),
            Reason::AmountShort | Reason::AmountOver | Reason::ChargesSuspected | Reason::Partial => {
                self.differs(reason)
            }
            Reason::DiscountOutOfTerms => {
                let day = self.payment.value_date.unwrap_or(self.payment.booking_date);
                say!(
                    words,
                    "reason.discount_out_of_terms",
                    amount,
                    documents = self.of_first(),
                    day
                )
            }
            Reason::SumNotUnique => say!(words, "reason.sum_not_unique", amount, guess = self.guess()),
            Reason::ReferenceAmountDiffers => {
                let signals = [Signal::NumberLeftOut, Signal::NumberExact, Signal::NumberReformatted];
                let document = detail(self.first, &signals).unwrap_or(words.text("reason.an_open_item"));
                say!(words, "reason.reference_amount_differs", document, amount)
            }
            Reason::ReferenceClosedInvoice => {
                let document = self.any_detail(&[Signal::NumberClosed]);
                let document = document.unwrap_or(words.text("reason.a_closed_item"));
                say!(words, "reason.reference_closed_invoice", document)
            }
            Reason::ReferenceOtherCustomer => {
                let signals = [
                    Signal::NumberOfOtherCustomer,
                    Signal::NumberExact,
                    Signal::NumberReformatted,
                ];
                let document = self.any_detail(&signals).unwrap_or(words.text("list.item"));
                say!(words, "reason.reference_other_customer", document)
            }
            Reason::CurrencyDiffers => {
                say!(words, "reason.currency_differs", amount, documents = self.of_first())
            }
            Reason::DuplicateSuspect => {
                say!(words, "reason.duplicate_suspect", amount, documents = self.of_first())
            }
            Reason::BatchWithoutDetails => self.batch(),
            Reason::StatementGap => say!(words, "reason.statement_gap", documents = self.of_first()),
            Reason::ClaimConflict if has_claim_of_other(self.first) => {
                say!(words, "reason.claimed_by_other", documents = self.of_first())
            }
            Reason::ClaimConflict => say!(words, "reason.claim_conflict", documents = self.of_first()),
            Reason::Disputed => say!(words, "reason.disputed", documents = self.of_first()),
            Reason::ItemHeld => say!(words, "reason.item_held", documents = self.of_first()),
            Reason::LowConfidence => self.unsure(),
            other => self.about_payer(other),
        }
    }

    /// Sentences about who paid and what for.
    fn about_payer(&self, reason: Reason) -> String {
        let (words, amount, payer) = (self.words, self.payment.amount, self.payer());
        match reason {
            Reason::NameConflict => {
                let known = detail(self.first, &[Signal::AccountOfOther, Signal::NameOfOther]);
                let known = known.unwrap_or(words.text("reason.somebody_else"));
                let customer = self.first.map_or_else(String::new, customer);
                say!(
                    words,
                    "reason.name_conflict",
                    known,
                    documents = self.of_first(),
                    customer
                )
            }
            Reason::PlatformPayer => say!(words, "reason.platform_payer", payer, guess = self.guess()),
            Reason::PersonalPayer => say!(words, "reason.personal_payer", payer, guess = self.guess()),
            Reason::ThirdPartyPayer => say!(words, "reason.third_party_payer", payer, guess = self.guess()),
            Reason::Reversal => say!(words, "reason.reversal"),
            Reason::Returned => say!(words, "reason.returned", amount, guess = self.guess()),
            Reason::Prepayment
                if self
                    .first
                    .is_some_and(|first| !first.allocations.is_empty() && !is_lead(first)) =>
            {
                say!(words, "reason.prepayment_fits", documents = self.of_first())
            }
            Reason::Prepayment => say!(words, "reason.prepayment", payer, amount),
            Reason::NotReceivableSuspect => say!(words, "reason.not_receivable_suspect"),
            Reason::OwnTransferSuspect => say!(words, "reason.own_transfer_suspect"),
            Reason::DetailsDoNotAddUp => say!(words, "reason.details_do_not_add_up"),
            Reason::TakenBack => say!(words, "reason.taken_back"),
            Reason::StaleDecision => say!(words, "reason.stale_decision"),
            _ => say!(words, "reason.input_error"),
        }
    }

    fn batch(&self) -> String {
        let (words, amount) = (self.words, self.payment.amount);
        let payments = match self.payment.batch_count {
            Some(count) => words.count(count),
            None => words.text("reason.several").to_owned(),
        };
        let Some(notified) = self.payment.notified else {
            return say!(words, "reason.batch", payments);
        };
        let difference = Amount::new(amount.minor.saturating_sub(notified), amount.currency);
        let notified = Amount::new(notified, amount.currency);
        say!(words, "reason.batch_notified", payments, notified, amount, difference)
    }

    fn unsure(&self) -> String {
        let (words, amount) = (self.words, self.payment.amount);
        let Some(first) = self.first else {
            return say!(words, "reason.unsure_nothing", amount);
        };
        if is_lead(first) {
            return say!(words, "reason.unsure_lead", customer = customer(first), amount);
        }
        if first.allocations.is_empty() {
            return say!(words, "reason.unsure_on_account", customer = customer(first), amount);
        }
        let documents = documents(words, first);
        match detail(Some(first), &[Signal::NumberUnknown]) {
            Some(number) if first.class.amount == AmountLevel::Differs => {
                say!(words, "reason.unsure_number_alone", number)
            }
            Some(number) => say!(words, "reason.unsure_number", documents, number),
            None => say!(words, "reason.unsure", documents),
        }
    }

    /// "The amount is 15.00 EUR less than invoice INV-1 (12,345.67 EUR); no discount …".
    fn differs(&self, reason: Reason) -> String {
        let (words, amount) = (self.words, self.payment.amount);
        let Some(first) = self.first else {
            return match reason {
                Reason::AmountOver => say!(words, "reason.amount_over_bare", amount),
                Reason::ChargesSuspected => say!(words, "reason.charges_suspected_bare", amount),
                Reason::Partial => say!(words, "reason.partial_bare", amount),
                _ => say!(words, "reason.amount_short_bare", amount),
            };
        };
        let open: i64 = first.allocations.iter().map(|part| part.open.minor).sum();
        let difference = Amount::new((open - amount.minor).abs(), amount.currency);
        let open = Amount::new(open, amount.currency);
        let documents = documents(words, first);
        match reason {
            Reason::AmountOver => say!(words, "reason.amount_over", difference, documents, open),
            Reason::ChargesSuspected => say!(words, "reason.charges_suspected", difference, documents, open),
            Reason::Partial => say!(words, "reason.partial", difference, documents, open),
            _ => say!(words, "reason.amount_short", difference, documents, open),
        }
    }

    /// The documents of all candidates that fit about equally: "RE-1 and RE-2".
    fn rivals(&self) -> String {
        let words = self.words;
        let Some(first) = self.first else {
            return words.text("list.nothing").to_owned();
        };
        let best = first.weight();
        let mut names: Vec<String> = Vec::new();
        for candidate in &self.explanation.candidates {
            let name = documents(words, candidate);
            if !candidate.allocations.is_empty() && best - candidate.weight() < 1_000 && !names.contains(&name) {
                names.push(name);
            }
        }
        join(words, &names)
    }

    /// "C1 and C2": the customers of the candidates.
    fn customers(&self) -> String {
        let mut ids: Vec<String> = Vec::new();
        for candidate in &self.explanation.candidates {
            let id = visible(&candidate.customer_id);
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if ids.is_empty() {
            String::new()
        } else {
            say!(self.words, "reason.in_brackets", names = join(self.words, &ids))
        }
    }

    fn of_first(&self) -> String {
        match self.first {
            Some(first) => documents(self.words, first),
            None => self.words.text("list.item").to_owned(),
        }
    }

    /// "; the nearest is RE-1001", where a candidate settles a document.
    fn guess(&self) -> String {
        let first = self.first.filter(|first| !first.allocations.is_empty());
        first.map_or_else(String::new, |first| {
            let documents = documents(self.words, first);
            say!(self.words, "reason.nearest", documents)
        })
    }

    fn payer(&self) -> String {
        let name = self.payment.payer_name();
        if name.is_empty() {
            self.words.text("reason.the_payer").to_owned()
        } else {
            format!("`{}`", visible(name))
        }
    }

    fn any_detail(&self, signals: &[Signal]) -> Option<&str> {
        let mut candidates = self.explanation.candidates.iter();
        candidates.find_map(|candidate| detail(Some(candidate), signals))
    }
}

/// Returns true when a claim speaks against the candidate.
fn has_claim_of_other(first: Option<&Candidate>) -> bool {
    first.is_some_and(|first| first.evidence.iter().any(|piece| piece.signal == Signal::ClaimOfOther))
}

/// An item of a likely payer that nothing in the payment speaks of.
fn is_lead(candidate: &Candidate) -> bool {
    let class = candidate.class;
    let is_plain = class.reference == ReferenceLevel::None && class.amount == AmountLevel::Differs;
    is_plain && candidate.probability == Probability(0) && !candidate.allocations.is_empty()
}

/// "RE-1001", "RE-1001 and RE-1002", "RE-1001, RE-1002, RE-1003 and 4 more".
fn documents(words: Words, candidate: &Candidate) -> String {
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
        return say!(words, "reason.account_of", customer = customer(candidate));
    }
    join(words, &names)
}

fn join(words: Words, names: &[String]) -> String {
    let comma = words.text("list.comma");
    match names {
        [] => words.text("list.item").to_owned(),
        [one] => one.clone(),
        several if several.len() > NAMED_MAX => {
            let shown = several[..NAMED_MAX - 1].join(comma);
            say!(words, "list.more", shown, count = several.len() - (NAMED_MAX - 1))
        }
        [front @ .., last] => format!("{}{}{last}", front.join(comma), words.text("list.and")),
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

fn detail<'c>(candidate: Option<&'c Candidate>, signals: &[Signal]) -> Option<&'c str> {
    let evidence = &candidate?.evidence;
    signals.iter().find_map(|signal| {
        let found = evidence
            .iter()
            .find(|piece| piece.signal == *signal && !piece.detail.is_empty());
        found.map(|piece| piece.detail.as_str())
    })
}

/// Returns what a set-aside rule means.
pub fn set_aside(words: Words, rule: SetAsideRule) -> String {
    let found = words.find(&format!("set_aside.{}", rule.code()));
    found.unwrap_or(rule.code()).to_owned()
}

/// Returns in one line why a candidate was posted: "by number, exact amount; payer known by account".
pub fn posting_text(words: Words, candidate: &Candidate) -> String {
    let class = candidate.class;
    let reference = words.text(match class.reference {
        ReferenceLevel::Structured => "posting.structured",
        ReferenceLevel::Number => "posting.number",
        ReferenceLevel::Partial => "posting.partial",
        ReferenceLevel::None => "posting.no_number",
    });
    let amount = words.text(match (candidate.kind, class.amount) {
        (HypothesisKind::PartPayment, _) => "posting.part_payment",
        (HypothesisKind::Overpayment, _) => "posting.overpayment",
        (HypothesisKind::Charges, _) => "posting.charges",
        (_, AmountLevel::Exact) => "posting.exact",
        (_, AmountLevel::Terms) => "posting.terms",
        (_, AmountLevel::Differs) => "posting.differs",
    });
    let payer = words.text(match class.payer {
        PayerLevel::Account => "posting.by_account",
        PayerLevel::Name => "posting.by_name",
        PayerLevel::NameAlike => "posting.name_alike",
        PayerLevel::Unknown => "posting.unknown",
        PayerLevel::Contradicts => "posting.contradicts",
    });
    let description = match candidate.kind {
        HypothesisKind::DueRun => words.text("posting.due_run"),
        HypothesisKind::WholeBalance => words.text("posting.whole_balance"),
        HypothesisKind::Subset => words.text("posting.subset"),
        HypothesisKind::Range => words.text("posting.range"),
        _ => "",
    };
    let over = match candidate.allocations.first() {
        Some(part) if candidate.on_account != 0 => {
            let amount = words.figure(candidate.on_account, part.open.currency.decimals());
            say!(words, "posting.over", amount)
        }
        _ => String::new(),
    };
    say!(words, "posting.line", reference, description, amount, over, payer)
}
