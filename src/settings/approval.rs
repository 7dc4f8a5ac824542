//! What one person decides alone, and what a second person must approve.

use crate::model::Action;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Kind of a decision beside the actions: any that books the payment of a private person.
const PERSONAL_PAYER: &str = "PERSONAL_PAYER";

/// What needs a second person. Amounts are minor units of the payment's currency.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Decisions that always need a second person: words of the sheet, and `PERSONAL_PAYER`.
    pub always: Vec<String>,
    /// Written off by one person, at most.
    pub write_off_max: i64,
    /// Taken as bank charges by one person, at most, beyond what the bank states.
    pub charges_max: i64,
    /// Granted as cash discount by one person, at most, beyond the terms of the documents.
    pub discount_max: i64,
    /// Ignored by one person, at most: the amount of the payment.
    pub ignore_max: i64,
    /// Decided by one person, at most: the amount of the payment, whatever the decision. 0: no limit.
    pub payment_max: i64,
    /// Statements that are read although their balances do not add up, by the SHA-256 of their file.
    pub releases: BTreeMap<String, Release>,
}

/// Why a statement is read although its balances do not add up, and who says so.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Why.
    pub reason: String,
    /// Two people.
    pub people: Vec<String>,
}

impl Approval {
    /// Returns true when decisions with this word always need a second person.
    pub fn is_always(&self, action: Action) -> bool {
        self.always.iter().any(|word| word == action.code())
    }

    /// Returns true when booking the payment of a private person needs a second one.
    pub fn is_personal_payer(&self) -> bool {
        self.always.iter().any(|word| word == PERSONAL_PAYER)
    }

    /// Returns what is wrong with the section, one text each.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for word in &self.always {
            let is_known = word == PERSONAL_PAYER || Action::ALL.iter().any(|action| action.code() == word);
            if !is_known {
                let all: Vec<&str> = Action::ALL.iter().map(|action| action.code()).collect();
                let all = all.join(", ");
                problems.push(format!(
                    "`{word}` in `always` is no decision, expected {all} or {PERSONAL_PAYER}"
                ));
            }
        }
        for (key, limit) in [
            ("write_off_max", self.write_off_max),
            ("charges_max", self.charges_max),
            ("discount_max", self.discount_max),
            ("ignore_max", self.ignore_max),
            ("payment_max", self.payment_max),
        ] {
            if limit < 0 {
                problems.push(format!("`{key}` is {limit}, expected 0 or more"));
            }
        }
        for (sha256, release) in &self.releases {
            let people: BTreeSet<String> = release
                .people
                .iter()
                .map(|person| person.trim().to_lowercase())
                .filter(|person| !person.is_empty())
                .collect();
            let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
            if !is_hash {
                problems.push(format!(
                    "`{sha256}` in `releases` is no SHA-256 of a file, expected 64 digits as `sha256sum FILE` prints them"
                ));
            }
            if people.len() < 2 || release.reason.trim().is_empty() {
                problems.push(format!(
                    "the release of `{sha256}` needs a reason and two different people"
                ));
            }
        }
        problems
    }
}
