//! What decisions teach: which account and name belong to which customer. Who pays for many teaches neither.

use super::undo::Undone;
use super::{Effect, Table, person};
use crate::model::knowledge::ConfirmedPayment;
use crate::model::{Decision, Lesson, LessonKind, Payment};
use crate::text;
use std::collections::BTreeSet;

impl Table<'_> {
    /// Learns from a posting that a person decided, when it is one customer's.
    pub(super) fn learn(&mut self, decision: &Decision, effect: &Effect, approved_by: &str) {
        let (desk, made) = (self.desk, &mut self.made);
        let (
            Effect::Post {
                customer_id,
                allocations,
                ..
            },
            Some(shown),
        ) = (effect, desk.open.get(&decision.payment_id))
        else {
            return;
        };
        let items = || {
            allocations
                .iter()
                .map(|allocation| &desk.items[allocation.item as usize])
        };
        let customers: BTreeSet<&str> = items()
            .map(|item| item.customer_id.as_str())
            .chain([customer_id.as_str()])
            .filter(|customer| !customer.is_empty())
            .collect();
        let customers: Vec<&str> = customers.into_iter().collect();
        let [customer] = customers.as_slice() else { return };
        let given_away = allocations
            .iter()
            .map(|allocation| allocation.discount + allocation.charges + allocation.write_off);
        let confirmed = ConfirmedPayment {
            document_numbers: items().map(|item| item.document_number.to_string()).collect(),
            deduction: given_away.sum(),
            ..confirmed(decision, shown.payment, customer)
        };
        made.lessons
            .push(lesson(LessonKind::Confirmed, confirmed, decision, approved_by));
    }

    /// Learns that the payer's name stands for a customer.
    pub(super) fn learn_alias(&mut self, decision: &Decision, customer: &str, approved_by: &str) {
        let Some(shown) = self.desk.open.get(&decision.payment_id) else {
            return;
        };
        let confirmed = ConfirmedPayment {
            payer_account: String::new(),
            ..confirmed(decision, shown.payment, customer)
        };
        self.made
            .lessons
            .push(lesson(LessonKind::Alias, confirmed, decision, approved_by));
    }

    /// What is taken back says that account and name are not this customer's alone.
    pub(super) fn doubt(&mut self, decision: &Decision, undone: &Undone, approved_by: &str) {
        let customer = undone.posting.iter().flat_map(|(_, posting)| &posting.lines);
        let Some(customer) = customer.map(|line| line.customer_id.as_str()).next() else {
            return;
        };
        let confirmed = confirmed(decision, &undone.payment, customer);
        self.made
            .lessons
            .push(lesson(LessonKind::Doubt, confirmed, decision, approved_by));
    }
}

fn confirmed(decision: &Decision, payment: &Payment, customer: &str) -> ConfirmedPayment {
    let name = payment.payer_name();
    let is_nobodys = text::pays_for_many(&text::name_form(name));
    let unless = |written: &str| if is_nobodys { String::new() } else { written.to_owned() };
    ConfirmedPayment {
        date: payment.booking_date,
        payer_name: unless(name),
        payer_account: unless(payment.payer_account.as_deref().unwrap_or_default()),
        remittance: payment.remittance_text(),
        amount: payment.amount,
        customer_id: customer.to_owned(),
        document_numbers: Vec::new(),
        deduction: 0,
        source: decision.source.clone(),
    }
}

fn lesson(kind: LessonKind, confirmed: ConfirmedPayment, decision: &Decision, approved_by: &str) -> Lesson {
    Lesson {
        kind,
        confirmed,
        payment_id: decision.payment_id.clone(),
        decided_by: person(decision).to_owned(),
        approved_by: approved_by.to_owned(),
    }
}
