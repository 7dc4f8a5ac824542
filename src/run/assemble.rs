//! The pieces of a night put together: payments in play, verdicts, postings, totals, and the check that they tie.

use crate::model::decision::DecisionOutcome;
use crate::model::{
    Amount, Candidate, EvidenceClass, Explanation, JudgedPayment, OpenItem, Outcome, Payment, PaymentId, Posting,
    PostingLine, Probability, Reason, References, Remittance, SetAsideRule, Source, Standing,
};
use crate::propose::Changed;
use crate::run::decide::{Decided, Decisions, Effect};
use crate::run::failure::Failure;
use crate::run::judge::{self, Bench};
use crate::run::ledger::Ledger;
use crate::run::lookup::Lookup;
use crate::run::nightly::Evening;
use crate::run::plan::Plan;
use crate::settings::Mode;
use crate::store::{KnownPayment, State};
use crate::words::catalogue::{Words, say};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Passes over what is left; each needs a posting of the one before.
const PASSES_MAX: u32 = 8;

/// A payment of the night with what only the run needs to know.
pub struct InPlay {
    /// What is told.
    pub judged: JudgedPayment,
    /// Decision that settles it, by position.
    pub decided: Option<usize>,
    /// A person put it off tonight: with a day or without one, nothing is posted on it now.
    pub is_put_off: bool,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a payment of the night came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// New.
    New,
    /// Not in the books.
    NotBooked,
    /// Left open by an earlier run; its file was given again.
    OpenAgain,
    /// Left open by an earlier run; its file was not given.
    Carried,
    /// Set aside by an earlier run; its file was given again.
    SetAsideAgain,
}

/// Returns the payments of the night in the order of all outputs: account, booking date, bank reference, id.
pub fn in_play(plan: &Plan, evening: &Evening, decisions: &Decisions) -> Vec<InPlay> {
    let decided: BTreeMap<&PaymentId, usize> = decisions
        .decided
        .iter()
        .enumerate()
        .map(|(position, decided)| (&decided.payment_id, position))
        .collect();
    let in_known_files: BTreeSet<&PaymentId> = evening
        .known
        .iter()
        .flat_map(|file| &file.payments)
        .map(|payment| &payment.id)
        .collect();
    let last_results: BTreeMap<&str, String> = decisions
        .results
        .iter()
        .map(|result| {
            (
                result.payment_id.as_str(),
                format!("{}: {}", result.outcome.code(), result.reason),
            )
        })
        .collect();
    let put_off: BTreeMap<&PaymentId, _> = decisions
        .put_off
        .iter()
        .map(|put| (&put.payment_id, put.until))
        .collect();
    let mut all = Vec::new();
    for new in &evening.registered.payments {
        // Details that came later than their batch are new only by name: their money was read with the batch.
        let origin = match &new.replaces {
            None => Origin::New,
            Some(batch) if in_known_files.contains(batch) => Origin::OpenAgain,
            Some(_) => Origin::Carried,
        };
        all.push(fresh(plan, new.payment.clone(), evening.number, origin));
    }
    for payment in &evening.registered.not_booked {
        all.push(fresh(plan, payment.clone(), evening.number, Origin::NotBooked));
    }
    let replaced = &evening.registered.replaced;
    for open in evening.open.iter().filter(|open| !replaced.contains(&open.payment.id)) {
        let id = &open.payment.id;
        let mut in_play = fresh(
            plan,
            open.payment.clone(),
            open.first_run,
            if in_known_files.contains(id) {
                Origin::OpenAgain
            } else {
                Origin::Carried
            },
        );
        in_play.judged.times_seen = open.times_seen + 1;
        in_play.judged.last_result = last_results
            .get(id.0.as_str())
            .cloned()
            .unwrap_or_else(|| open.last_result.clone());
        in_play.is_put_off = put_off.contains_key(id);
        in_play.judged.put_off_until = put_off.get(id).copied().unwrap_or(open.put_off_until);
        in_play.decided = decided.get(id).copied();
        let is_early = plan.settings.run.mode == Mode::Post
            && plan
                .settings
                .post_from
                .is_some_and(|first| in_play.judged.payment.booking_date < first);
        if is_early && in_play.decided.is_none() {
            Arc::make_mut(&mut in_play.judged.payment).standing = Standing::SetAside(SetAsideRule::BeforeStart);
        }
        all.push(in_play);
    }
    let firsts = evening.known.iter().filter(|file| !file.is_copy);
    for known in firsts.flat_map(|file| &file.payments) {
        if let State::SetAside(rule) = known.state
            && rule != SetAsideRule::Detailed
        {
            let payment = stand_in(known, rule);
            all.push(fresh(plan, Arc::new(payment), known.first_run, Origin::SetAsideAgain));
        }
    }
    for in_play in &mut all {
        let payment = &mut in_play.judged.payment;
        let notified = evening.registered.short.get(&payment.id).copied();
        if payment.notified != notified {
            Arc::make_mut(payment).notified = notified;
        }
    }
    all.sort_by(|a, b| order(&a.judged.payment).cmp(&order(&b.judged.payment)));
    all
}

fn order(payment: &Payment) -> (&str, crate::model::NaiveDate, &str, &PaymentId) {
    (&payment.account, payment.booking_date, &payment.bank_ref, &payment.id)
}

fn fresh(plan: &Plan, payment: Arc<Payment>, first_run: u64, origin: Origin) -> InPlay {
    let age_days = crate::model::date::days_between(payment.booking_date, plan.as_of);
    let explanation = Explanation {
        outcome: Outcome::Exception(Reason::LowConfidence),
        candidates: Vec::new(),
        none: Probability::ONE,
    };
    InPlay {
        judged: JudgedPayment {
            payment,
            explanation,
            posting: None,
            first_run,
            times_seen: 1,
            age_days,
            last_result: String::new(),
            put_off_until: None,
        },
        decided: None,
        is_put_off: false,
        origin,
    }
}

/// A settled payment of the record, as far as the files tell of it.
fn stand_in(known: &KnownPayment, rule: SetAsideRule) -> Payment {
    Payment {
        id: known.id.clone(),
        account: known.account.clone(),
        company: String::new(),
        booking_date: known.booking_date,
        value_date: None,
        amount: known.amount,
        instructed_amount: None,
        charges: 0,
        bank_ref: known.bank_ref.clone(),
        payer_names: Vec::new(),
        payer_account: None,
        references: References::default(),
        remittance: Remittance::default(),
        additional_texts: Vec::new(),
        bank_code: String::new(),
        return_reason: None,
        batch_count: None,
        notified: None,
        standing: Standing::SetAside(rule),
        source: Source::file(""),
    }
}

/// Judges what no decision settles, again and again: what is posted narrows down what is left, until nothing more is posted.
/// So a second run over the same inputs has nothing to add. Where only people post, what would be posted is proposed.
pub fn judge(
    plan: &Plan,
    evening: &Evening,
    items: &[OpenItem],
    decisions: &Decisions,
    payments: &mut [InPlay],
    progress: &(dyn Fn(u64) + Sync),
) {
    let mut items = items.to_vec();
    let positions: FxHashMap<&str, usize> = evening
        .ledger
        .items
        .iter()
        .enumerate()
        .map(|(position, item)| (item.id.as_str(), position))
        .collect();
    let mut left: Vec<usize> = (0..payments.len())
        .filter(|position| payments[*position].decided.is_none())
        .collect();
    let mut prepared = judge::Prepared::default();
    for _ in 0..PASSES_MAX {
        let posted = judge_once(plan, evening, &items, &mut prepared, payments, &left, progress);
        if posted.is_empty() {
            break;
        }
        for position in &posted {
            let candidate = payments[*position].judged.explanation.candidates.first();
            for part in candidate.iter().flat_map(|candidate| &candidate.allocations) {
                if let Some(item) = positions.get(part.item_id.as_str()) {
                    prepared.changed.push(Changed {
                        item: *item as u32,
                        before: items[*item].open_amount,
                    });
                    items[*item].open_amount -= part.item_reduction;
                }
            }
        }
        let posted: BTreeSet<usize> = posted.into_iter().collect();
        left.retain(|position| !posted.contains(position) && payments[*position].judged.is_exception());
        if left.is_empty() {
            break;
        }
    }
    for in_play in payments {
        if let Some(Effect::SetAside(rule)) = in_play.decided.map(|position| &decisions.decided[position].effect) {
            in_play.judged.explanation.outcome = Outcome::SetAside(*rule);
        }
    }
}

/// Judges the payments at these positions; returns which of them are posted.
fn judge_once(
    plan: &Plan,
    evening: &Evening,
    items: &[OpenItem],
    prepared: &mut judge::Prepared,
    payments: &mut [InPlay],
    positions: &[usize],
    progress: &(dyn Fn(u64) + Sync),
) -> Vec<usize> {
    let settings = &plan.settings;
    let bench = Bench {
        items,
        customers: &evening.ledger.customers,
        knowledge: &evening.ledger.knowledge,
        matching: &settings.matching,
        policy: &settings.policy,
    };
    let judged: Vec<&Payment> = positions
        .iter()
        .map(|position| &*payments[*position].judged.payment)
        .collect();
    let explanations = judge::judge(&bench, prepared, &judged, progress);
    let mut posted = Vec::new();
    for (position, mut explanation) in positions.iter().zip(explanations) {
        let in_play = &mut payments[*position];
        let waits = in_play.judged.put_off_until.is_some_and(|until| until > plan.as_of);
        if settings.run.mode == Mode::Shadow || waits || in_play.is_put_off {
            judge::propose_only(&mut explanation, Reason::LowConfidence);
        }
        if let Some(reason) = evening.withheld.get(&in_play.judged.payment.id) {
            judge::propose_only(&mut explanation, *reason);
        }
        if explanation.outcome == Outcome::Posted {
            posted.push(*position);
        }
        in_play.judged.explanation = explanation;
    }
    posted
}

/// Makes the postings, numbers their lines `<run>-<line>`, and tells the decisions what they posted.
pub fn postings(
    plan: &Plan,
    evening: &Evening,
    lookup: &Lookup<'_>,
    decisions: &mut Decisions,
    payments: &mut [InPlay],
) -> Result<Vec<Posting>, Failure> {
    let mut answers: FxHashMap<String, usize> = FxHashMap::default();
    for (position, answer) in decisions.results.iter().enumerate() {
        if answer.outcome == DecisionOutcome::Applied {
            answers.entry(answer.payment_id.clone()).or_insert(position);
        }
    }
    let words = Words::of(plan.settings.language);
    let mut postings = Vec::new();
    let mut line_number = 0_u64;
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
        let Some(mut posting) = posting else { continue };
        for line in &mut posting.lines {
            line_number += 1;
            line.id = format!("{}-{line_number}", evening.number);
        }
        let posting =
            Posting::new(posting, payment.amount.minor).map_err(|error| Failure::SelfCheck(error.to_string()))?;
        if in_play.decided.is_some() {
            if let Some(position) = answers.get(&payment.id.0) {
                let ids = posting.lines.iter().map(|line| line.id.clone());
                decisions.results[*position].posting_ids = ids.collect();
            }
            in_play.judged.explanation =
                manual_explanation(&posting, &in_play.judged.explanation, &evening.ledger, lookup);
        }
        in_play.judged.posting = Some(postings.len());
        postings.push(posting);
    }
    if plan.settings.run.mode == Mode::Shadow && !postings.is_empty() {
        let by_machine = postings.iter().any(|posting| posting.class.is_some());
        if by_machine {
            return Err(Failure::SelfCheck("a shadow night would post".to_owned()));
        }
    }
    Ok(postings)
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
    let text = say!(words, "posting.decided_by", person = decided.decided_by);
    let mut lines: Vec<PostingLine> = allocations
        .iter()
        .map(|allocation| {
            let item = &ledger.items[allocation.item as usize];
            let owner = if item.customer_id.is_empty() {
                customer_id
            } else {
                &item.customer_id
            };
            PostingLine {
                id: String::new(),
                customer_id: owner.clone(),
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
        customer_name: customer.map(|customer| customer.name().to_owned()).unwrap_or_default(),
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
