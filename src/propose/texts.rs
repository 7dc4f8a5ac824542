//! The texts of a payment, and where each stands.

use crate::model::Payment;
use crate::model::reference::is_placeholder;
use std::borrow::Cow;

/// A text of the payment.
#[derive(Debug)]
pub(super) struct Text<'p> {
    /// As written, lines joined by line breaks.
    pub text: Cow<'p, str>,
    /// Where it stands.
    pub place: Place,
}

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// What the payer wrote.
    Remittance,
    /// What the bank adds.
    Additional,
    /// A creditor reference, a referred document.
    Structured,
    /// End-to-end id and other references.
    Reference,
    /// The payer's name.
    Name,
}

/// Returns the texts of a payment, the payer's own words first.
pub(super) fn of<'p>(payment: &'p Payment) -> Vec<Text<'p>> {
    let mut texts = Vec::new();
    let mut put = |text: Cow<'p, str>, place: Place| {
        if !is_placeholder(&text) {
            texts.push(Text { text, place });
        }
    };
    match payment.remittance.unstructured.as_slice() {
        [only] => put(Cow::Borrowed(only), Place::Remittance),
        lines => put(Cow::Owned(lines.join("\n")), Place::Remittance),
    }
    let mut enter = |text: &'p str, place: Place| put(Cow::Borrowed(text), place);
    for text in &payment.remittance.additional {
        enter(text, Place::Remittance);
    }
    for reference in &payment.remittance.creditor_references {
        enter(&reference.reference, Place::Structured);
    }
    for document in &payment.remittance.referred_documents {
        enter(document.number.as_deref().unwrap_or_default(), Place::Structured);
    }
    for text in &payment.additional_texts {
        enter(text, Place::Additional);
    }
    let references = &payment.references;
    let single = [
        &references.end_to_end_id,
        &references.mandate_id,
        &references.transaction_id,
        &references.instruction_id,
    ];
    for text in single.into_iter().flatten() {
        enter(text, Place::Reference);
    }
    for (_, text) in &references.proprietary {
        enter(text, Place::Reference);
    }
    for name in payment.payer_names.iter().take(2) {
        if name.text.bytes().any(|byte| byte.is_ascii_digit()) {
            enter(&name.text, Place::Name);
        }
    }
    texts
}
