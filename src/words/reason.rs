//! Sentences of reasons and of set-aside rules.

use crate::model::{Explanation, Outcome, Payment, SetAsideRule};

/// Returns why a payment is not posted, for the person who has to decide.
pub fn sentence(_payment: &Payment, explanation: &Explanation) -> String {
    match explanation.outcome {
        Outcome::Proposed(reason) | Outcome::Exception(reason) => reason.code().to_lowercase().replace('_', " "),
        Outcome::Posted => "posted".to_owned(),
        Outcome::SetAside(rule) => set_aside(rule),
    }
}

/// Returns what a set-aside rule means.
pub fn set_aside(rule: SetAsideRule) -> String {
    rule.code().to_lowercase().replace('_', " ")
}
