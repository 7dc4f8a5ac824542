//! I11: a night with decisions, and the same night without them.

use super::files::ensure;
use paymatch::model::Night;
use paymatch::model::decision::DecisionOutcome;
use std::collections::{BTreeMap, BTreeSet};
/// I11: a night with decisions differs from the same night without them only in what shares a payment or an item with them.
pub fn changes_only_its_own(without: &Night, with: &Night) -> Result<(), String> {
    let outcomes = |night: &Night| -> BTreeMap<String, String> {
        let told = |judged: &paymatch::model::JudgedPayment| {
            let lines = judged.posting.map(|posting| {
                let lines = night.postings[posting].lines.iter();
                lines
                    .map(|line| (line.item_id.clone(), line.amount))
                    .collect::<Vec<_>>()
            });
            format!("{:?} {lines:?}", judged.explanation.outcome)
        };
        night
            .payments
            .iter()
            .map(|judged| (judged.payment.id.0.clone(), told(judged)))
            .collect()
    };
    let mut groups = Groups::default();
    for judged in without.payments.iter().chain(&with.payments) {
        let id = judged.payment.id.0.as_str();
        let candidates = judged
            .explanation
            .candidates
            .iter()
            .flat_map(|candidate| &candidate.allocations);
        candidates.for_each(|part| groups.join(id, &part.item_id));
        // Who writes an item's number shares it, also when it is settled and no candidate any more.
        let text = judged.payment.remittance_text();
        let named = without
            .items
            .iter()
            .filter(|item| text.contains(item.document_number.as_str()));
        named.for_each(|item| groups.join(id, &item.id));
    }
    for posting in without.postings.iter().chain(&with.postings) {
        let items = posting.lines.iter().filter_map(|line| line.item_id.as_deref());
        items.for_each(|item| groups.join(&posting.payment_id.0, item));
    }
    for reversal in &with.reversals {
        let items = reversal.lines.iter().filter_map(|line| line.item_id.as_deref());
        items.for_each(|item| groups.join(&reversal.payment.id.0, item));
    }
    // A name that a person gives, and one that a wrong posting taught, count at once for all who bear it.
    let payers = with.payments.iter().map(|judged| &judged.payment);
    let payer = |id: &str| {
        payers
            .clone()
            .find(|payment| payment.id.0 == id)
            .map(|payment| payment.payer_name())
    };
    let applied = with.decision_results.iter();
    let applied = applied.filter(|result| result.outcome == DecisionOutcome::Applied);
    let of_names = applied
        .clone()
        .filter(|result| matches!(result.decision.as_str(), "ALIAS" | "UNDO"));
    for result in of_names {
        let same = payers
            .clone()
            .filter(|payment| Some(payment.payer_name()) == payer(&result.payment_id));
        same.for_each(|payment| groups.join(&result.payment_id, &payment.id.0));
    }
    let decided: BTreeSet<String> = with
        .decision_results
        .iter()
        .map(|result| groups.of(&result.payment_id))
        .collect();
    let (before, after) = (outcomes(without), outcomes(with));
    for (id, told) in &after {
        let is_same = before.get(id) == Some(told);
        ensure(is_same || decided.contains(&groups.of(id)), "I11", || {
            format!(
                "{id} was {:?} without the decisions and is {told} with them",
                before.get(id)
            )
        })?;
    }
    // What is taken back is there again.
    let back: BTreeSet<&str> = applied
        .filter(|result| result.decision == "UNDO")
        .map(|result| result.payment_id.as_str())
        .collect();
    let came = after.keys().filter(|id| !before.contains_key(*id));
    let came: Vec<&String> = came.filter(|id| !back.contains(id.as_str())).collect();
    let went: Vec<&String> = before.keys().filter(|id| !after.contains_key(*id)).collect();
    ensure(came.is_empty() && went.is_empty(), "I11", || {
        format!("decisions made {came:?} appear and {went:?} vanish")
    })
}

/// Payments and items that share something, by their first member.
#[derive(Default)]
struct Groups(BTreeMap<String, String>);

impl Groups {
    fn of(&self, member: &str) -> String {
        let mut at = member.to_owned();
        while let Some(next) = self.0.get(&at) {
            at.clone_from(next);
        }
        at
    }

    fn join(&mut self, one: &str, other: &str) {
        let (one, other) = (self.of(one), self.of(other));
        if one != other {
            self.0.insert(one, other);
        }
    }
}
