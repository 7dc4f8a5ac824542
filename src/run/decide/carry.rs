//! One decision → what it would do. Uses up what is open of the items; [`Table::put_back`] gives it back.

use super::undo::Undone;
use super::{Effect, Refused, Shown, Table, find, rejected};
use crate::model::date::parse_iso;
use crate::model::decision::DecisionOutcome;
use crate::model::{Action, Amended, Decision, NaiveDate, PaymentId, SetAsideRule};
use crate::text;
use crate::words::Words;
use crate::words::decision as said;

/// What a decision would do.
pub(super) enum Carried {
    /// Settles the payment.
    Effect(Effect),
    /// Asks again.
    PutOff(Option<NaiveDate>),
    /// Matches again by what was said.
    Amend(Amended),
    /// The payer's name stands for the customer.
    Alias(String),
    /// Takes back.
    Undo(Box<Undone>),
}

impl Table<'_> {
    /// Returns what a decision does, or why it cannot; `is_known` when the row was compared already.
    pub(super) fn carry_out(&mut self, decision: &Decision, is_known: bool) -> Result<Carried, Refused> {
        let id = &decision.payment_id;
        if decision.action == Action::Undo {
            return self.undo(decision).map(|undone| Carried::Undo(Box::new(undone)));
        }
        let Some(shown) = self.desk.open.get(id) else {
            return Err(self.not_open(id));
        };
        let depends_on_row = match decision.action {
            Action::Accept => true,
            // What is missing is computed from what is open: the person saw it, or stated the amount.
            Action::WriteOff | Action::Charges | Action::Discount => {
                decision.targets.iter().all(|target| target.amount.is_none())
            }
            _ => false,
        };
        let is_other = !decision.row_hash.is_empty() && decision.row_hash != shown.row_hash;
        if depends_on_row && is_other && !is_known {
            return Err(stale(self.desk.words, decision, shown));
        }
        self.carry_out_open(decision, shown)
    }

    fn carry_out_open(&mut self, decision: &Decision, shown: &Shown<'_>) -> Result<Carried, Refused> {
        let aside = |rule| Ok(Carried::Effect(Effect::SetAside(rule)));
        let desk = self.desk;
        match decision.action {
            Action::Accept => self.accept(decision, shown).map(Carried::Effect),
            Action::Apply => self.apply(decision, shown).map(Carried::Effect),
            Action::Partial => self.partial(decision, shown).map(Carried::Effect),
            Action::WriteOff | Action::Charges | Action::Discount => {
                self.with_difference(decision, shown).map(Carried::Effect)
            }
            Action::OnAccount => self.on_account(decision, shown).map(Carried::Effect),
            Action::NotReceivable => aside(SetAsideRule::NotReceivable),
            Action::Refund => aside(SetAsideRule::Refund),
            Action::Done => aside(SetAsideRule::Done),
            Action::Ignore if decision.note.trim().is_empty() => Err(rejected(said::note_missing())),
            Action::Ignore => aside(SetAsideRule::Ignored),
            Action::Later => later(decision, desk.as_of),
            Action::CorrectText => {
                let text = decision.targets.first().map(|target| target.text.clone());
                Ok(Carried::Amend(Amended::Text(text.unwrap_or_default())))
            }
            Action::Claim => {
                let claimed = decision.targets.first().map_or("", |target| target.text.as_str());
                let customers = find::claimants(claimed, shown, desk);
                if customers.is_empty() {
                    return Err(rejected(said::no_claimant(claimed)));
                }
                Ok(Carried::Amend(Amended::Customers(customers)))
            }
            Action::Alias => self.alias(decision, shown),
            Action::Undo | Action::Approve => Err(rejected(said::nothing_to_approve())),
        }
    }

    fn alias(&self, decision: &Decision, shown: &Shown<'_>) -> Result<Carried, Refused> {
        let named = decision.targets.first().map_or("", |target| target.text.as_str());
        let customer = find::customer(named, shown, self.desk);
        let customer = customer.ok_or_else(|| rejected(said::no_customer(named)))?;
        let name = shown.payment.payer_name();
        if name.trim().is_empty() {
            return Err(rejected(said::name_missing()));
        }
        if text::pays_for_many(&text::name_form(name)) {
            return Err(rejected(said::pays_for_many(name)));
        }
        Ok(Carried::Alias(customer))
    }

    /// Gives back what a decision would have used up of the items.
    pub(super) fn put_back(&mut self, carried: &Carried) {
        match carried {
            Carried::Effect(Effect::Post { allocations, .. }) => {
                for allocation in allocations {
                    self.left[allocation.item as usize] += allocation.item_reduction();
                }
            }
            Carried::Undo(undone) => self.open_items(undone, -1),
            _ => {}
        }
    }

    /// Says why a payment is not open.
    pub(super) fn not_open(&self, id: &PaymentId) -> Refused {
        if self.desk.replaced.contains(id) {
            return (DecisionOutcome::Stale, said::batch_replaced());
        }
        let stored = (self.desk.stored)(id);
        match stored.as_ref().and_then(super::how_settled) {
            Some(how) => (DecisionOutcome::Already, said::settled(&how)),
            None => rejected(said::unknown_payment()),
        }
    }
}

fn later(decision: &Decision, as_of: NaiveDate) -> Result<Carried, Refused> {
    let Some(target) = decision.targets.first() else {
        return Ok(Carried::PutOff(None));
    };
    match parse_iso(target.text.trim()) {
        Some(day) if day > as_of => Ok(Carried::PutOff(Some(day))),
        Some(day) => Err(rejected(said::not_later(day, as_of))),
        None => Err(rejected(said::no_day(&target.text))),
    }
}

fn stale(words: Words, decision: &Decision, shown: &Shown<'_>) -> Refused {
    let now = shown.explanation.candidates.first();
    let now = now.map(|candidate| crate::review::sheet::candidate_cell(words, shown.payment, candidate));
    let reason = said::changed_since(&decision.seen, &now.unwrap_or_default());
    (DecisionOutcome::Stale, reason)
}
