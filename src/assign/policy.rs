//! What may be posted without a person: thresholds, evidence classes, limits.

use crate::model::EvidenceClass;
use serde::Deserialize;
use std::collections::BTreeMap;

/// When the machine may post.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Posterior that a posting needs, in millionths: 999 000 is 99.9 %.
    pub target: u32,
    /// Posterior that a proposal needs, in millionths; below it the payment is open, its candidates are only shown.
    pub propose: u32,
    /// Solutions so near to the best one, in 1/100 bit, are no worse than it: what differs between them is not posted.
    pub near_tie: i32,
    /// Evidence classes that may post: `payer / reference / amount / kind`, alternatives with `|`, `*` for any.
    pub posts: Vec<String>,
    /// What a backtest says of single classes, by their written form: it goes before [`Policy::posts`].
    #[serde(skip)]
    pub counted: BTreeMap<String, bool>,
    /// Bank charges that nobody states, up to so many minor units of the payment's currency, may be posted; 0: proposed.
    pub charges_max: i64,
    /// A cash discount may be so many days later than its grace period; 0: proposed.
    pub late_discount_days: u32,
    /// What is over may be up to so many per mille of what is settled, and goes on account.
    pub overpayment_permille: u32,
    /// Payments that compete for the same items are solved together up to this number; more of them abstain.
    pub competing_payments: u32,
    /// Steps of one such solution; when they do not suffice, all of them abstain.
    pub competing_steps: u32,
}

/// The classes that may post, ready to be asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Classes {
    rules: Vec<[Vec<String>; 4]>,
    counted: BTreeMap<String, bool>,
}

impl Policy {
    /// Returns the classes that may post; the text that is wrong where one cannot be understood.
    pub fn classes(&self) -> Result<Classes, String> {
        let mut rules = Vec::new();
        for written in &self.posts {
            rules.push(rule(written)?);
        }
        Ok(Classes {
            rules,
            counted: self.counted.clone(),
        })
    }
}

const PAYERS: &[&str] = &["account", "name", "name_alike", "unknown", "contradicts"];
const REFERENCES: &[&str] = &["structured", "number", "partial", "none"];
const AMOUNTS: &[&str] = &["exact", "terms", "differs"];
const KINDS: &[&str] = &[
    "structured",
    "single",
    "listed",
    "range",
    "due_run",
    "whole_balance",
    "subset",
    "discount",
    "charges",
    "part_payment",
    "overpayment",
];

fn rule(written: &str) -> Result<[Vec<String>; 4], String> {
    let fields: Vec<&str> = written.split('/').collect();
    let [payer, reference, amount, kind] = fields.as_slice() else {
        return Err(format!(
            "`{written}` has {} parts, expected payer / reference / amount / kind",
            fields.len()
        ));
    };
    Ok([
        words(written, payer, PAYERS)?,
        words(written, reference, REFERENCES)?,
        words(written, amount, AMOUNTS)?,
        words(written, kind, KINDS)?,
    ])
}

fn words(rule: &str, written: &str, known: &[&str]) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    for word in written.split('|').map(str::trim) {
        if word == "*" {
            return Ok(known.iter().map(|word| (*word).to_owned()).collect());
        }
        if !known.contains(&word) {
            return Err(format!("`{word}` in `{rule}` is none of {}", known.join(", ")));
        }
        words.push(word.to_owned());
    }
    Ok(words)
}

impl Classes {
    /// Returns true when a hypothesis of this class may be posted: its own record decides, else the rules.
    pub fn permit(&self, class: &EvidenceClass) -> bool {
        if self.counted.is_empty() {
            return self.permit_words(&class.words());
        }
        self.permit_written(&class.to_string())
    }

    /// Returns the same for a class as it is written: `account/number/exact/single`.
    pub fn permit_written(&self, class: &str) -> bool {
        let by_rule = || self.permit_words(&class.split('/').collect::<Vec<_>>());
        self.counted.get(class).copied().unwrap_or_else(by_rule)
    }

    fn permit_words(&self, class: &[&str]) -> bool {
        self.rules.iter().any(|rule| {
            rule.iter()
                .zip(class)
                .all(|(words, field)| words.iter().any(|word| word == field))
        })
    }
}

/// Returns what is wrong with a class that a table names; `None` when it is one: payer/reference/amount/kind, no alternatives.
pub fn problem_of_class(written: &str) -> Option<String> {
    match rule(written) {
        Err(problem) => Some(problem),
        Ok(words) if words.iter().any(|words| words.len() != 1) => Some(format!("`{written}` is more than one class")),
        Ok(_) => None,
    }
}
