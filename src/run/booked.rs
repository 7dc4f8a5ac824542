//! What the night books: postings of the machine and of people, and what takes earlier postings back.

use crate::model::decision::DecisionOutcome;
use crate::model::{
    Amount, Candidate, EvidenceClass, Explanation, Label, Outcome, Payment, Posting, PostingLine, Probability, Reversal,
};
use crate::run::assemble::InPlay;
use crate::run::decide::{Decided, Decisions, Effect, Undone};
use crate::run::failure::Failure;
use crate::run::judge;
use crate::run::ledger::Ledger;
use crate::run::lookup::Lookup;
use crate::run::nightly::Evening;
use crate::run::plan::Plan;
use crate::settings::Mode;
use crate::words::catalogue::{Words, say};
use crate::words::decision as said;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a run books.
pub struct Booked {
    /// Postings in the order of the payments.
    pub postings: Vec<Posting>,
    /// What is taken back, in the order of the payments.
    pub reversals: Vec<Reversal>,
}

/// Makes the postings, numbers their lines `<run>-<line>`, and tells the decisions what they posted.
///
/// What the machine posts is numbered first, so that a decision does not renumber what it has nothing to do with.
pub fn postings(
    plan: &Plan,
    evening: &Evening,
    lookup: &Lookup<'_>,
    decisions: &mut Decisions,
    payments: &mut [InPlay],
) -> Result<Booked, Failure> {
    let words = Words::of(plan.settings.language);
    let mut postings = Vec::new();
    for in_play in payments.iter_mut() {
        let payment = &in_play.judged.payment;
        let posting = match in_play.decided.map(|position| &decisions.decided[position]) {
            Some(Decided {
                effect: Effect::SetAside(_),
                ..
            }) => None,
            Some(decided) => Some(manual_posting(words, decided, payment, &evening.ledger)),
            None => judge::automatic_posting(words, payment, &in_play.judged.explanation),
        };
        let Some(posting) = posting else { continue };
        let posting =
            Posting::new(posting, payment.amount.minor).map_err(|error| Failure::SelfCheck(error.to_string()))?;
        if in_play.decided.is_some() {
            in_play.judged.explanation =
                manual_explanation(&posting, &in_play.judged.explanation, &evening.ledger, lookup);
        }
        in_play.judged.posting = Some(postings.len());
        postings.push(posting);
    }
    let mut reversals: Vec<Reversal> = decisions.undone.iter().filter_map(reversal).collect();
    reversals.sort_by(|a, b| a.payment.order().cmp(&b.payment.order()));
    let (machine, people): (Vec<&mut Posting>, Vec<&mut Posting>) =
        postings.iter_mut().partition(|posting| posting.class.is_some());
    let lines = machine.into_iter().chain(people).flat_map(|posting| &mut posting.lines);
    let lines = lines.chain(reversals.iter_mut().flat_map(|reversal| &mut reversal.lines));
    for (number, line) in (1_u64..).zip(lines) {
        line.id = format!("{}-{number}", evening.number).into();
    }
    tell(decisions, &postings, &reversals);
    let by_machine = postings.iter().any(|posting| posting.class.is_some());
    if plan.settings.run.mode == Mode::Shadow && by_machine {
        return Err(Failure::SelfCheck("a shadow night would post".to_owned()));
    }
    Ok(Booked { postings, reversals })
}

/// Tells what was carried out by the ids of its lines.
fn tell(decisions: &mut Decisions, postings: &[Posting], reversals: &[Reversal]) {
    let amended: BTreeSet<&str> = decisions
        .amendments
        .iter()
        .map(|amendment| amendment.payment_id.0.as_str())
        .collect();
    let mut ids: FxHashMap<&str, Vec<String>> = FxHashMap::default();
    let carried_out: BTreeSet<String> = decisions
        .results
        .iter()
        .filter(|result| result.outcome == DecisionOutcome::Applied)
        .map(|result| result.payment_id.clone())
        .collect();
    let posted = postings
        .iter()
        .map(|posting| (posting.payment_id.0.as_str(), &posting.lines));
    let reversed = reversals
        .iter()
        .map(|reversal| (reversal.payment.id.0.as_str(), &reversal.lines));
    for (id, lines) in posted.chain(reversed).filter(|(id, _)| carried_out.contains(*id)) {
        let of_payment = ids.entry(id).or_default();
        of_payment.extend(lines.iter().map(|line| line.id.to_string()));
    }
    let applied = decisions.results.iter_mut();
    for result in applied.filter(|result| result.outcome == DecisionOutcome::Applied) {
        result.posting_ids = ids.get(result.payment_id.as_str()).cloned().unwrap_or_default();
        if amended.contains(result.payment_id.as_str()) {
            let told = said::matched_again(&result.posting_ids);
            let between = if result.reason.is_empty() { "" } else { "; " };
            result.reason = format!("{}{between}{told}", result.reason);
        }
    }
}

fn reversal(undone: &Undone) -> Option<Reversal> {
    let (run, posting) = undone.posting.as_ref()?;
    let people = said::people(&undone.decided_by, &undone.approved_by);
    let lines = posting
        .lines
        .iter()
        .map(|line| line.reversed(&said::reversal_text(&line.id, &people, &undone.note)));
    Some(Reversal {
        payment: Arc::clone(&undone.payment),
        lines: lines.collect(),
        posting: posting.clone(),
        run: *run,
        decided_by: undone.decided_by.clone(),
        approved_by: undone.approved_by.clone(),
        note: undone.note.clone(),
    })
}

fn manual_posting(words: Words, decided: &Decided, payment: &Payment, ledger: &Ledger) -> Posting {
    let Effect::Post {
        kind,
        customer_id,
        allocations,
        on_account,
    } = &decided.effect
    else {
        return Posting {
            payment_id: payment.id.clone(),
            kind: crate::model::HypothesisKind::OnAccount,
            class: None,
            probability: None,
            decided_by: decided.decided_by.clone(),
            lines: Vec::new(),
        };
    };
    let person = said::people(&decided.decided_by, &decided.approved_by);
    let text = say!(words, "posting.decided_by", person);
    let mut lines: Vec<PostingLine> = allocations
        .iter()
        .map(|allocation| {
            let item = &ledger.items[allocation.item as usize];
            let owner = if item.customer_id.is_empty() {
                Label::from(customer_id.as_str())
            } else {
                item.customer_id.clone()
            };
            PostingLine {
                id: Label::default(),
                customer_id: owner,
                item_id: Some(item.id.clone()),
                document_number: item.document_number.clone(),
                amount: allocation.cash,
                discount: allocation.discount,
                charges: allocation.charges,
                write_off: allocation.write_off,
                item_amount: Amount::new(allocation.item_reduction(), item.currency),
                text: text.clone(),
            }
        })
        .collect();
    if *on_account != 0 {
        lines.push(judge::on_account_line(customer_id, payment, *on_account, &text));
    }
    Posting {
        payment_id: payment.id.clone(),
        kind: *kind,
        class: None,
        probability: None,
        decided_by: decided.decided_by.clone(),
        lines,
    }
}

/// A person's decision needs no evidence: the explanation names what was booked and by whom.
fn manual_explanation(posting: &Posting, before: &Explanation, ledger: &Ledger, lookup: &Lookup<'_>) -> Explanation {
    let class = before.candidates.first().map_or(
        EvidenceClass {
            payer: crate::model::matching::PayerLevel::Unknown,
            reference: crate::model::matching::ReferenceLevel::None,
            amount: crate::model::matching::AmountLevel::Differs,
            kind: posting.kind,
        },
        |candidate| candidate.class,
    );
    let customer_id = posting
        .lines
        .first()
        .map(|line| line.customer_id.clone())
        .unwrap_or_default();
    let customer = lookup
        .customer(&customer_id)
        .map(|position| &ledger.customers[position]);
    let allocations = posting.lines.iter().filter_map(|line| {
        let item_id = line.item_id.as_ref()?;
        let item = &ledger.items[lookup.item(item_id)?];
        Some(crate::model::CandidateAllocation {
            item_id: item_id.clone(),
            document_number: line.document_number.clone(),
            due_date: item.due_date,
            open: item.open(),
            cash: line.amount,
            discount: line.discount,
            charges: line.charges,
            write_off: line.write_off,
            item_reduction: line.item_amount.minor,
        })
    });
    let chosen = Candidate {
        kind: posting.kind,
        customer_name: customer.map(|customer| customer.name().into()).unwrap_or_default(),
        customer_id,
        allocations: allocations.collect(),
        on_account: posting
            .lines
            .iter()
            .filter(|line| line.item_id.is_none())
            .map(|line| line.amount)
            .sum(),
        evidence: Vec::new(),
        class,
        probability: Probability::ONE,
    };
    Explanation {
        outcome: Outcome::Posted,
        candidates: vec![chosen],
        none: Probability(0),
    }
}
