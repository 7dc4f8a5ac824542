//! Sentences of reasons and of set-aside rules.

use crate::model::{Reason, SetAsideRule};

/// Returns what a reason means, for the person who has to decide.
pub fn sentence(reason: Reason) -> String {
    reason.code().to_owned()
}

/// Returns what a set-aside rule means.
pub fn set_aside(rule: SetAsideRule) -> String {
    rule.code().to_owned()
}
