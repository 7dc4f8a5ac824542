//! The pieces of a night put together: payments in play, verdicts, postings, totals, and the check that they tie.

use crate::model::NaiveDate;
use crate::model::decision::DecisionResult;
use crate::model::{
    Action, Amendment, Decision, Explanation, JudgedPayment, Knowledge, Label, LessonKind, OpenItem, Outcome, Payment,
    PaymentId, Probability, Reason, References, Remittance, SetAsideRule, Source, Standing,
};
use crate::propose::Changed;
use crate::run::decide::{Decided, Decisions, Effect, Undone};
use crate::run::judge::{self, Bench};
use crate::run::nightly::Evening;
use crate::run::plan::Plan;
use crate::run::teach::teach;
use crate::settings::Mode;
use crate::store::{KnownPayment, OpenPayment, State};
use crate::words::decision as said;
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
    /// A person keeps it from the machine tonight: it is put off, or a decision on it waits for a second person.
    pub is_kept_back: bool,
    /// Where it came from.
    pub origin: Origin,
    /// Its position among the payments that tonight registered, where it is one of them.
    pub new: Option<usize>,
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

/// What the machine finds when it begins: items, knowledge and payments as decisions left them.
pub struct Before {
    /// Items less what decisions used up, and less what the machine posts once it has judged.
    pub items: Vec<OpenItem>,
    /// What history and people teach.
    knowledge: Knowledge,
    /// Payments that no machine may post tonight, and why.
    withheld: BTreeMap<PaymentId, Reason>,
    /// Payments that are open again.
    undone: Vec<OpenPayment>,
}

impl Before {
    /// Returns what decisions leave to the machine.
    ///
    /// What is taken back teaches no more, at once; a name that a person gave counts at once. What was confirmed tonight teaches
    /// from the next run on: a decision changes only what shares a payment or an item with it.
    pub fn new(evening: &Evening, decisions: &Decisions) -> Before {
        let mut items = evening.ledger.items.clone();
        for (item, left) in items.iter_mut().zip(&decisions.left) {
            item.open_amount = *left;
        }
        let undone_ids: BTreeSet<&PaymentId> = decisions.undone.iter().map(|undone| &undone.payment.id).collect();
        let mut knowledge = evening.ledger.knowledge.clone();
        for lesson in evening.lessons.iter().filter(|lesson| lesson.revoked_in.is_none()) {
            let is_undone = lesson.payment_id.as_ref().is_some_and(|id| undone_ids.contains(id));
            match lesson.kind {
                _ if is_undone && lesson.kind != LessonKind::Doubt => {}
                LessonKind::Confirmed => teach(&mut knowledge, &lesson.confirmed),
                kind => knowledge.learn_lesson(kind, &lesson.confirmed),
            }
        }
        for lesson in &decisions.lessons {
            if lesson.kind != LessonKind::Confirmed {
                knowledge.learn_lesson(lesson.kind, &lesson.confirmed);
            }
        }
        let mut withheld = evening.withheld.clone();
        for undone in decisions.undone.iter().filter(|undone| undone.posting.is_some()) {
            withheld.insert(undone.payment.id.clone(), Reason::TakenBack);
        }
        for amendment in &decisions.amendments {
            if withheld.get(&amendment.payment_id) == Some(&Reason::TakenBack) {
                withheld.remove(&amendment.payment_id);
            }
        }
        Before {
            items,
            knowledge,
            withheld,
            undone: decisions.undone.iter().map(open_again).collect(),
        }
    }
}

fn open_again(undone: &Undone) -> OpenPayment {
    OpenPayment {
        payment: Arc::clone(&undone.payment),
        state: State::Open,
        explanation: undone.explanation.clone(),
        first_run: undone.first_run,
        times_seen: undone.times_seen,
        last_result: String::new(),
        put_off_until: None,
        row_hash: String::new(),
        statement_key: undone.statement_key.clone(),
        is_taken_back: undone.posting.is_some(),
    }
}

/// Returns the payments of the night in the order of all outputs: account, booking date, bank reference, id.
pub fn in_play(plan: &Plan, evening: &Evening, before: &Before, decisions: &Decisions) -> Vec<InPlay> {
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
    let last_results = last_results(decisions);
    let put_off: BTreeMap<&PaymentId, _> = decisions
        .put_off
        .iter()
        .map(|put| (&put.payment_id, put.until))
        .collect();
    let waiting: BTreeSet<PaymentId> = evening
        .waiting_after(decisions)
        .into_iter()
        .map(|waiting| waiting.decision.payment_id)
        .collect();
    let registered = &evening.registered;
    let mut all = Vec::with_capacity(registered.payments.len() + registered.not_booked.len() + evening.open.len());
    for (at, new) in registered.payments.iter().enumerate() {
        // Details that came later than their batch are new only by name: their money was read with the batch.
        let origin = match &new.replaces {
            None => Origin::New,
            Some(batch) if in_known_files.contains(batch) => Origin::OpenAgain,
            Some(_) => Origin::Carried,
        };
        all.push(InPlay {
            new: Some(at),
            ..fresh(plan, new.payment.clone(), evening.number, origin)
        });
    }
    for payment in &registered.not_booked {
        all.push(fresh(plan, payment.clone(), evening.number, Origin::NotBooked));
    }
    let replaced = &registered.replaced;
    let open = evening.open.iter().filter(|open| !replaced.contains(&open.payment.id));
    for open in open.chain(&before.undone) {
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
        in_play.is_kept_back = put_off.contains_key(id) || waiting.contains(id);
        in_play.judged.put_off_until = put_off.get(id).copied().unwrap_or(open.put_off_until);
        in_play.decided = decided.get(id).copied();
        in_play.judged.set_aside_by = in_play
            .decided
            .and_then(|position| set_aside_by(&decisions.decided[position]));
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
    let undone: BTreeSet<&PaymentId> = before.undone.iter().map(|open| &open.payment.id).collect();
    let firsts = evening.known.iter().filter(|file| !file.is_copy);
    for known in firsts.flat_map(|file| &file.payments) {
        if let State::SetAside(rule) = known.state
            && rule != SetAsideRule::Detailed
            && !undone.contains(&known.id)
        {
            let payment = stand_in(known, rule);
            all.push(fresh(plan, Arc::new(payment), known.first_run, Origin::SetAsideAgain));
        }
    }
    let mut amendments: BTreeMap<&PaymentId, Vec<&Amendment>> = BTreeMap::new();
    for amendment in &decisions.amendments {
        amendments.entry(&amendment.payment_id).or_default().push(amendment);
    }
    for in_play in &mut all {
        let payment = &mut in_play.judged.payment;
        for amendment in amendments.get(&payment.id).into_iter().flatten() {
            Arc::make_mut(payment).amend(amendment);
        }
        let notified = registered.short.get(&payment.id).copied();
        if payment.notified != notified {
            Arc::make_mut(payment).notified = notified;
        }
    }
    in_order(all)
}

/// As [`Payment::order`] says, by what is short of it side by side: a night has very many.
fn in_order(all: Vec<InPlay>) -> Vec<InPlay> {
    let mut places: Vec<(Label, NaiveDate, Label, usize)> = all
        .iter()
        .enumerate()
        .map(|(at, in_play)| {
            let payment = &in_play.judged.payment;
            (
                payment.account.clone(),
                payment.booking_date,
                payment.bank_ref.clone(),
                at,
            )
        })
        .collect();
    let id = |at: usize| &all[at].judged.payment.id;
    places.sort_by(|a, b| {
        let by_id = || id(a.3).cmp(id(b.3));
        (&a.0, a.1, &a.2).cmp(&(&b.0, b.1, &b.2)).then_with(by_id)
    });
    let mut all: Vec<Option<InPlay>> = all.into_iter().map(Some).collect();
    let mut ordered = Vec::with_capacity(all.len());
    ordered.extend(places.iter().filter_map(|(.., at)| all[*at].take()));
    ordered
}

/// What became of the last decision on each payment. What was decided is told before what was approved.
fn last_results(decisions: &Decisions) -> BTreeMap<&str, String> {
    let mut last: BTreeMap<&str, String> = BTreeMap::new();
    let is_approval = |result: &DecisionResult| result.decision == Action::Approve.code();
    let results = decisions.results.iter();
    let (approvals, decided): (Vec<_>, Vec<_>) = results.partition(|result| is_approval(result));
    for result in approvals.into_iter().chain(decided) {
        let told = format!("{}: {}", result.outcome.code(), result.reason);
        last.insert(&result.payment_id, told);
    }
    last
}

fn set_aside_by(decided: &Decided) -> Option<Box<Decision>> {
    matches!(decided.effect, Effect::SetAside(_)).then(|| {
        Box::new(Decision {
            decided_by: said::people(&decided.decided_by, &decided.approved_by),
            ..decided.decision.clone()
        })
    })
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
            set_aside_by: None,
        },
        decided: None,
        is_kept_back: false,
        origin,
        new: None,
    }
}

/// A settled payment of the record, as far as the files tell of it.
fn stand_in(known: &KnownPayment, rule: SetAsideRule) -> Payment {
    Payment {
        id: known.id.clone(),
        account: known.account.as_str().into(),
        company: Label::default(),
        booking_date: known.booking_date,
        value_date: None,
        amount: known.amount,
        instructed_amount: None,
        charges: 0,
        bank_ref: known.bank_ref.as_str().into(),
        payer_names: Vec::new(),
        payer_account: None,
        references: References::default(),
        remittance: Remittance::default(),
        additional_texts: Vec::new(),
        bank_code: Label::default(),
        return_reason: None,
        batch_count: None,
        notified: None,
        correction: None,
        decided_customers: Vec::new(),
        standing: Standing::SetAside(rule),
        source: Source::file(""),
    }
}

/// Judges what no decision settles, again and again: what is posted narrows down what is left, until nothing more is posted.
/// So a second run over the same inputs has nothing to add. Where only people post, what would be posted is proposed.
pub fn judge(
    plan: &Plan,
    evening: &Evening,
    before: &mut Before,
    decisions: &Decisions,
    payments: &mut [InPlay],
    progress: &(dyn Fn(u64) + Sync),
) {
    let mut left: Vec<usize> = (0..payments.len())
        .filter(|position| payments[*position].decided.is_none())
        .collect();
    let mut prepared = judge::Prepared::default();
    for pass in 1..=PASSES_MAX {
        let is_last = pass == PASSES_MAX;
        let posted = judge_once(
            plan,
            evening,
            before,
            &mut prepared,
            payments,
            (&left, is_last),
            progress,
        );
        if posted.is_empty() {
            break;
        }
        // Both are in the order of the payments.
        let is_posted = |position: &usize| posted.binary_search(position).is_ok();
        for taken in std::mem::take(&mut prepared.taken) {
            if is_posted(&left[taken.payment]) {
                let open = &mut before.items[taken.item].open_amount;
                prepared.changed.push(Changed {
                    item: taken.item as u32,
                    before: *open,
                });
                *open -= taken.minor;
            }
        }
        left.retain(|position| !is_posted(position) && payments[*position].judged.is_exception());
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

/// Judges the payments at these positions; returns which of them are posted. What is judged again in the next pass keeps what is
/// said of it.
fn judge_once(
    plan: &Plan,
    evening: &Evening,
    before: &Before,
    prepared: &mut judge::Prepared,
    payments: &mut [InPlay],
    (positions, is_last): (&[usize], bool),
    progress: &(dyn Fn(u64) + Sync),
) -> Vec<usize> {
    let settings = &plan.settings;
    let bench = Bench {
        items: &before.items,
        customers: &evening.ledger.customers,
        knowledge: &before.knowledge,
        matching: &settings.matching,
        policy: &settings.policy,
    };
    let judged: Vec<&Payment> = positions
        .iter()
        .map(|position| &*payments[*position].judged.payment)
        .collect();
    let is_proposed_only = |in_play: &InPlay| {
        let waits = in_play.judged.put_off_until.is_some_and(|until| until > plan.as_of);
        settings.run.mode == Mode::Shadow || waits || in_play.is_kept_back
    };
    let withheld = |in_play: &InPlay| before.withheld.get(&in_play.judged.payment.id).copied();
    let may_post = |position: &usize| {
        let in_play = &payments[*position];
        !is_proposed_only(in_play) && withheld(in_play).is_none()
    };
    let is_last = |posted: &[bool]| {
        let mut posted = positions.iter().zip(posted).filter(|(_, is_posted)| **is_posted);
        is_last || !posted.any(|(position, _)| may_post(position))
    };
    let explanations = judge::judge(&bench, prepared, &judged, is_last, progress);
    let mut posted = Vec::new();
    for (position, explanation) in positions.iter().zip(explanations) {
        let Some(mut explanation) = explanation else { continue };
        let in_play = &mut payments[*position];
        if is_proposed_only(in_play) {
            judge::propose_only(&mut explanation, Reason::LowConfidence);
        }
        if let Some(reason) = withheld(in_play) {
            judge::propose_only(&mut explanation, reason);
            judge::say_taken_back(&mut explanation, reason);
        }
        if explanation.outcome == Outcome::Posted {
            posted.push(*position);
        }
        in_play.judged.explanation = explanation;
    }
    posted
}
