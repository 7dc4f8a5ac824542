//! Adds up the evidence of every hypothesis, compares all of them, and keeps the strongest with their words.

use super::draft::{Detail, Draft};
use super::payer::{Payer, Stand};
use super::reading::{Named, Reading};
use super::{Book, Facts, Proposal, Ranked};
use crate::evidence::date;
use crate::index::{DebtorNo, ItemNo, Said};
use crate::model::matching::{PayerLevel, ReferenceLevel};
use crate::model::{Amount, Evidence, Hypothesis, HypothesisKind, Label, Payment, Probability, Signal};
use crate::text::bits::{log2, posterior};

/// Evidence of numbers is worth at most so much for one hypothesis: beyond certainty nothing is gained.
const NUMBERS_MAX: i32 = 6_000;

/// Returns what is thought of the payment, given all hypotheses.
pub(super) fn proposal(
    book: &Book<'_>,
    payment: &Payment,
    reading: &Reading<'_>,
    payer: &Payer,
    mut drafts: Vec<Draft>,
) -> Proposal {
    for draft in &mut drafts {
        draft
            .allocations
            .sort_unstable_by_key(|part| book.ledger.rank[part.item as usize]);
    }
    for draft in &mut drafts {
        let partial = std::mem::take(&mut draft.partial);
        let named = named_items(reading, &partial, draft);
        weigh(book, payment, reading, payer, &named, draft);
        draft.partial = partial;
    }
    drafts.sort_by(|a, b| compare(book, a, b));
    drafts.dedup_by(is_same_description);
    drafts.sort_by(|a, b| compare(book, a, b));
    let (probabilities, none) = posteriors(&drafts);
    let kept = book.options.limits.kept as usize;
    let facts = facts(book, payment, reading, payer);
    let mut candidates: Vec<Ranked> = Vec::with_capacity(drafts.len().min(kept));
    let ranked = drafts.into_iter().zip(probabilities).take(kept * 4);
    for (draft, probability) in ranked {
        if candidates.len() >= kept && !draft.is_substitute {
            continue;
        }
        candidates.push(Ranked {
            weight: draft.weight,
            probability,
            is_substitute: draft.is_substitute,
            marks: draft.marks,
            hypothesis: in_words(book, payment, reading, draft),
        });
    }
    Proposal {
        candidates,
        none,
        facts,
        ..Proposal::default()
    }
}

/// Returns the drafts in their order with all that speaks for and against them, outside of the comparison.
pub(super) fn unranked(
    book: &Book<'_>,
    payment: &Payment,
    reading: &Reading<'_>,
    payer: &Payer,
    drafts: Vec<Draft>,
) -> Vec<Hypothesis> {
    let weighed = drafts.into_iter().map(|mut draft| {
        draft
            .allocations
            .sort_unstable_by_key(|part| book.ledger.rank[part.item as usize]);
        draft.partial.clear();
        let named = named_items(reading, &[], &draft);
        weigh(book, payment, reading, payer, &named, &mut draft);
        in_words(book, payment, reading, draft)
    });
    weighed.collect()
}

/// Heaviest first; ties by customer, then documents: never by position or order of files.
fn compare(book: &Book<'_>, a: &Draft, b: &Draft) -> std::cmp::Ordering {
    let items = |draft: &Draft| -> Vec<u32> {
        let parts = draft.allocations.iter();
        parts.map(|part| book.ledger.rank[part.item as usize]).collect()
    };
    a.is_substitute
        .cmp(&b.is_substitute)
        .then(b.weight.cmp(&a.weight))
        .then(a.debtor.cmp(&b.debtor))
        .then_with(|| items(a).cmp(&items(b)))
        .then(a.kind.cmp(&b.kind))
}

/// Posteriors over all hypotheses and "none", whose weight is nothing. Substitutes are no rivals.
fn posteriors(drafts: &[Draft]) -> (Vec<Probability>, Probability) {
    let mut weights: Vec<i32> = drafts
        .iter()
        .filter(|draft| !draft.is_substitute)
        .map(|draft| draft.weight)
        .collect();
    weights.push(0);
    let mut found = posterior(&weights);
    let none = found.pop().unwrap_or(Probability::ONE);
    let mut rivals = found.into_iter();
    let probabilities = drafts
        .iter()
        .map(|draft| {
            if draft.is_substitute {
                Probability(0)
            } else {
                rivals.next().unwrap_or_default()
            }
        })
        .collect();
    (probabilities, none)
}

/// The numbers that name the draft's items: those of the text, and those that only mean something inside the customer.
fn named_items<'r>(reading: &'r Reading<'_>, partial: &'r [Named], draft: &Draft) -> Vec<&'r Named> {
    let mut named: Vec<&Named> = partial.iter().collect();
    for other in &reading.named {
        let is_item = draft.allocations.iter().any(|part| part.item == other.item);
        if is_item && !named.iter().any(|known| known.item == other.item) {
            named.push(other);
        }
    }
    named
}

/// Two descriptions of the same allocations are one; where a sum may be chance, but the text names the items, the names count.
fn is_same_description(later: &mut Draft, first: &mut Draft) -> bool {
    if later.allocations != first.allocations || later.on_account != first.on_account {
        return false;
    }
    let is_doubted = |draft: &Draft| draft.marks.is_chance || draft.marks.has_other_sum;
    if is_doubted(first) && !is_doubted(later) {
        std::mem::swap(first, later);
    }
    true
}

/// Adds what does not depend on the kind: prior, numbers, payer, day, wording; and the marks and the class.
fn weigh(
    book: &Book<'_>,
    payment: &Payment,
    reading: &Reading<'_>,
    payer: &Payer,
    named: &[&Named],
    draft: &mut Draft,
) {
    reading
        .work
        .add(1 + draft.allocations.len() * (1 + reading.named.len()) + reading.unknown.len());
    let weights = &book.options.weights;
    let mut added = std::mem::take(&mut draft.evidence);
    let of_kind = added.len();
    added.reserve(6 + named.len());
    added.push((Signal::Prior, prior(book, draft), Detail::None));
    let mut left = NUMBERS_MAX;
    for number in named {
        let worth = number.weight.min(left);
        left -= worth;
        added.push((number.signal, worth, Detail::Item(number.item)));
    }
    if draft.marks.is_joint && draft.kind != HypothesisKind::Structured && named.len() < draft.allocations.len() {
        draft.marks.is_chance = true;
    }
    draft.class.reference = draft.class.reference.min(reference_level(book, named, draft));
    contradictions(book, reading, named, draft, &mut added);
    let stand = payer.stand(book, draft.debtor);
    enter_payer(draft, &stand, &mut added);
    days(book, payment, draft, &mut added);
    claims(book, payment, draft, &mut added);
    if draft.marks.is_disputed {
        added.push((Signal::Disputed, weights.disputed, Detail::None));
    }
    if draft.marks.is_held {
        added.push((Signal::ItemHeld, weights.disputed, Detail::None));
    }
    if reading.wording.is_prepayment && draft.class.reference == ReferenceLevel::None {
        added.push((Signal::TextPrepayment, weights.prepayment, Detail::None));
    }
    if reading.wording.is_not_receivable && draft.class.reference > ReferenceLevel::Number {
        added.push((Signal::TextNotReceivable, weights.not_receivable, Detail::None));
    }
    if let [part] = draft.allocations.as_slice()
        && draft.class.reference > ReferenceLevel::Number
    {
        let (currency, paid) = (payment.amount.currency, payment.amount.minor);
        let is_open_of_others = book.amounts.is_open_of_others(currency, paid, draft.debtor);
        draft.marks.is_common_amount = is_open_of_others && part.cash == paid;
    }
    // What the kind says stands last.
    added.rotate_left(of_kind);
    draft.evidence = added;
    draft.class.kind = draft.kind;
    draft.class.amount = draft.amount;
    draft.weight = draft.evidence.iter().map(|(_, weight, _)| *weight).sum();
}

/// One item out of all; each further one out of its customer's.
fn prior(book: &Book<'_>, draft: &Draft) -> i32 {
    if draft.allocations.is_empty() {
        return -book.debtors.hundredths();
    }
    let own = book.ledger.debtor(draft.debtor).open.len().max(2) as u64;
    let further = match draft.kind {
        // Their description has its own cost.
        HypothesisKind::DueRun | HypothesisKind::WholeBalance | HypothesisKind::Subset | HypothesisKind::Range => 0,
        _ => draft.allocations.len() as i32 - 1,
    };
    let first = match draft.kind {
        HypothesisKind::DueRun | HypothesisKind::WholeBalance | HypothesisKind::Subset => book.debtors,
        _ => book.items,
    };
    -first.hundredths() - (further * log2(own)).min(4_000)
}

/// The weakest of the invoices decides; a credit note that nobody names goes along.
fn reference_level(book: &Book<'_>, named: &[&Named], draft: &Draft) -> ReferenceLevel {
    let level = |item: ItemNo| {
        let number = named.iter().find(|number| number.item == item);
        number.map_or(ReferenceLevel::None, |number| number.level)
    };
    let parts = || draft.allocations.iter().map(|part| part.item);
    let invoices = parts().filter(|item| book.ledger.item(*item).open_amount > 0);
    if draft.kind == HypothesisKind::Range {
        return parts().map(level).min().unwrap_or(ReferenceLevel::None);
    }
    invoices.map(level).max().unwrap_or(ReferenceLevel::None)
}

/// Numbers in the text that this hypothesis leaves out.
fn contradictions(
    book: &Book<'_>,
    reading: &Reading<'_>,
    named: &[&Named],
    draft: &mut Draft,
    added: &mut Vec<(Signal, i32, Detail)>,
) {
    let weights = &book.options.weights;
    let is_used = |text: usize, start: usize, end: usize| {
        named
            .iter()
            .any(|number| number.text == text && number.start < end && start < number.end)
    };
    let is_settled = |item: ItemNo| draft.allocations.iter().any(|part| part.item == item);
    let (mut left_out, mut others, mut closed) = (0, 0, 0);
    for number in reading.named.iter().filter(|number| number.is_strong()) {
        let (item, used) = (number.item, is_used(number.text, number.start, number.end));
        if is_settled(item) || used {
            continue;
        }
        let is_own = book.ledger.debtor_of(item) == draft.debtor;
        let (count, signal, weight) = match (number.is_open, is_own) {
            (true, true) => (&mut left_out, Signal::NumberLeftOut, weights.left_out),
            (true, false) => (&mut others, Signal::NumberOfOtherCustomer, weights.number_of_other),
            (false, _) => (&mut closed, Signal::NumberClosed, weights.number_closed),
        };
        *count += 1;
        if *count <= 2 {
            added.push((signal, weight, Detail::Item(item)));
        }
    }
    draft.marks.leaves_out = left_out > 0;
    draft.marks.names_other = others > 0;
    draft.marks.names_closed = closed > 0;
    let in_range = draft.kind == HypothesisKind::Range || draft.kind == HypothesisKind::Structured;
    for at in &reading.unknown {
        let (text, token) = &reading.tokens[*at];
        if in_range || is_used(*text, token.start, token.end) {
            continue;
        }
        if !draft.marks.names_unknown && draft.class.reference != ReferenceLevel::Structured {
            let weight = if draft.class.reference == ReferenceLevel::Number {
                weights.number_unknown / 4
            } else {
                weights.number_unknown
            };
            added.push((Signal::NumberUnknown, weight, Detail::Token(*at)));
        }
        draft.marks.names_unknown = true;
    }
}

fn enter_payer(draft: &mut Draft, stand: &Stand, added: &mut Vec<(Signal, i32, Detail)>) {
    draft.class.payer = stand.level;
    if stand.level == PayerLevel::Name && stand.is_weak {
        draft.class.payer = PayerLevel::NameAlike;
    }
    draft.marks.is_conflict = stand.is_conflict;
    draft.marks.is_shared_name = stand.is_shared;
    draft.marks.is_weak_name = stand.is_weak;
    added.extend(stand.evidence.iter().copied());
}

fn days(book: &Book<'_>, payment: &Payment, draft: &mut Draft, added: &mut Vec<(Signal, i32, Detail)>) {
    let paid_on = payment.value_date.unwrap_or(payment.booking_date);
    let mut usual = None;
    for part in &draft.allocations {
        let record = book.ledger.item(part.item);
        draft.marks.is_disputed |= record.is_disputed;
        draft.marks.is_held |= record.is_held;
        match date::signal(&book.options.weights, record, paid_on) {
            Some((Signal::DateBeforeIssue, weight)) if !draft.marks.is_early => {
                draft.marks.is_early = true;
                added.push((Signal::DateBeforeIssue, weight, Detail::Item(part.item)));
            }
            Some((Signal::DateUsual, weight)) => usual = usual.or(Some((weight, part.item))),
            _ => {}
        }
    }
    if let (Some((weight, item)), false) = (usual, draft.marks.is_early) {
        added.push((Signal::DateUsual, weight, Detail::Item(item)));
    }
}

/// What salespeople say: for and against; two customers who are claimed alike cancel each other out.
fn claims(book: &Book<'_>, payment: &Payment, draft: &mut Draft, added: &mut Vec<(Signal, i32, Detail)>) {
    let weights = &book.options.weights;
    let settled = draft.allocations.iter();
    let settled = settled.map(|part| book.ledger.item(part.item).document_number.as_str());
    match book.claims.say(payment, draft.debtor, settled) {
        Said::Nothing | Said::Both => {}
        Said::This => {
            draft.marks.is_claimed = true;
            added.push((Signal::ClaimOfCustomer, weights.claim, Detail::None));
        }
        Said::Documents => {
            draft.marks.is_claimed = true;
            let weight = weights.claim + weights.claim_documents;
            added.push((Signal::ClaimOfCustomer, weight, Detail::None));
        }
        Said::Other(other) => {
            draft.marks.is_claimed_by_other = true;
            added.push((Signal::ClaimOfOther, weights.claim_of_other, Detail::Debtor(other)));
        }
    }
}

fn facts(book: &Book<'_>, payment: &Payment, reading: &Reading<'_>, payer: &Payer) -> Facts {
    let closed: Vec<ItemNo> = reading
        .named
        .iter()
        .filter(|named| !named.is_open && named.is_strong())
        .map(|named| named.item)
        .collect();
    let paid_by = payer.known.iter().filter(|known| known.level <= PayerLevel::Name);
    let repeats_closed = paid_by
        .flat_map(|known| book.ledger.debtor(known.debtor).closed.iter().take(200))
        .copied()
        .find(|item| {
            let record = book.ledger.item(*item);
            record.original_amount == payment.amount.minor && record.currency == payment.amount.currency
        });
    Facts {
        knows_payer: payer.is_like_a_customer(),
        payer_kind: payer.kind,
        shares_name: payer.shares_name(),
        has_text: reading.has_words,
        closed,
        repeats_closed,
        names_unknown: !reading.unknown.is_empty(),
        is_prepayment: reading.wording.is_prepayment,
        is_not_receivable: reading.wording.is_not_receivable,
        is_part: reading.wording.is_part || payment.charges > 0,
    }
}

/// Turns a draft into the hypothesis that people are shown.
fn in_words(book: &Book<'_>, payment: &Payment, reading: &Reading<'_>, draft: Draft) -> Hypothesis {
    let told = || draft.evidence.iter().filter(|(_, weight, _)| *weight != 0);
    let mut evidence = Vec::with_capacity(told().count());
    evidence.extend(told().map(|(signal, weight, detail)| Evidence {
        signal: *signal,
        weight: *weight,
        detail: detail_text(book, payment, reading, &draft, *detail),
    }));
    Hypothesis {
        kind: draft.kind,
        customer_id: book.ledger.debtor(draft.debtor).id.into(),
        debtor: draft.debtor,
        on_account: draft.on_account,
        evidence,
        class: draft.class,
        allocations: draft.allocations,
    }
}

fn detail_text(book: &Book<'_>, payment: &Payment, reading: &Reading<'_>, draft: &Draft, detail: Detail) -> Label {
    let name_of = |debtor: DebtorNo| {
        let debtor = book.ledger.debtor(debtor);
        if debtor.name.is_empty() { debtor.id } else { debtor.name }
    };
    match detail {
        Detail::None => Label::default(),
        Detail::Item(item) => {
            let document = &book.ledger.item(item).document_number;
            let is_item = |named: &&Named| named.item == item;
            let is_settled = || draft.allocations.iter().any(|part| part.item == item);
            let whole = || reading.named.iter().filter(|_| is_settled()).find(is_item);
            let named = draft.partial.iter().find(is_item).or_else(whole);
            match named.map(|named| reading.written(named)) {
                Some(written) if !written.eq_ignore_ascii_case(document) => format!("{document} as `{written}`").into(),
                _ => document.clone(),
            }
        }
        Detail::Name(at) => book.names.written_at(at).into(),
        Detail::Payer => payment.payer_name().into(),
        Detail::Account => payment.payer_account.as_deref().unwrap_or_default().into(),
        Detail::Debtor(debtor) => name_of(debtor).into(),
        Detail::CustomerNumber(debtor) => {
            let debtor = book.ledger.debtor(debtor);
            let number = debtor.customer.map_or("", |customer| customer.number.as_str());
            if number.is_empty() { debtor.id } else { number }.into()
        }
        Detail::Amount(minor) => Amount::new(minor, payment.amount.currency).label(),
        Detail::Instructed => payment.instructed_amount.map(Amount::label).unwrap_or_default(),
        Detail::Count(count) => count.to_string().into(),
        Detail::Token(at) => {
            let token = reading.tokens.get(at);
            token.map_or("", |(_, token)| token.written).into()
        }
    }
}
