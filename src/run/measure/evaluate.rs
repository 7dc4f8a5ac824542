//! Scores runs on labelled nights: each payment of the truth is looked up in what the run published.

use crate::model::Currency;
use crate::model::labelled::LabelledPayment;
use crate::model::money::decimal_text;
use crate::read::truth::{self, DECIMALS};
use crate::report::evaluation::{Differing, Evaluation, Kind, Posted, Situation};
use crate::run::Failure;
use crate::run::inputs::{self, Found};
use crate::run::measure::bound;
use crate::run::measure::results::{self, Place, Said};
use crate::words::Words;
use crate::words::finding::full;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A labelled night and where its run was published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scored {
    /// The truth: a file, or a folder with `truth.csv`.
    pub truth: PathBuf,
    /// The folder of the results, or of one run.
    pub out: PathBuf,
}

/// Right and posted value of one night by currency, in minor units.
type Values = BTreeMap<Currency, (i128, i128)>;

/// Returns the score of all nights together.
pub fn evaluate(nights: &[Scored]) -> Result<Evaluation, Failure> {
    let mut evaluation = Evaluation::default();
    let mut values: Vec<Values> = Vec::new();
    for night in nights {
        let labels = labels(&night.truth)?;
        let said = results::read(&results::runs(&night.out)?)?;
        values.push(score(&labels, &said, &mut evaluation));
        evaluation.nights += 1;
    }
    let (right, posted) = evaluation.posted();
    evaluation.at_least = bound::at_least(right, posted);
    let currencies: BTreeSet<Currency> = values.iter().flat_map(|night| night.keys().copied()).collect();
    for currency in currencies {
        let of_nights: Vec<(i128, i128)> = values
            .iter()
            .map(|night| night.get(&currency).copied().unwrap_or_default())
            .collect();
        let posted = Posted {
            right: of_nights.iter().map(|night| night.0).sum(),
            all: of_nights.iter().map(|night| night.1).sum(),
            at_least: bound::bootstrap(&of_nights),
        };
        evaluation.values.insert(currency, posted);
    }
    Ok(evaluation)
}

/// Reads a truth file, or `truth.csv` of a folder.
fn labels(path: &Path) -> Result<Vec<LabelledPayment>, Failure> {
    let path = if path.is_dir() {
        path.join("truth.csv")
    } else {
        path.to_owned()
    };
    let refused = |findings: Vec<crate::model::Finding>| {
        let texts: Vec<String> = findings.iter().map(|finding| full(Words::english(), finding)).collect();
        Failure::NoInput(texts.join("\n"))
    };
    let found = Found {
        name: path.display().to_string(),
        path,
    };
    let input = inputs::read(&found).map_err(|finding| refused(vec![finding]))?;
    truth::read(&input.name, &input.bytes).map_err(refused)
}

fn score(labels: &[LabelledPayment], said: &BTreeMap<String, Said>, evaluation: &mut Evaluation) -> Values {
    let mut by_reference: BTreeMap<&str, Vec<&Said>> = BTreeMap::new();
    for (id, one) in said {
        by_reference.entry(id).or_default().push(one);
        if !one.bank_ref.is_empty() {
            by_reference.entry(&one.bank_ref).or_default().push(one);
        }
    }
    let mut values = Values::new();
    for label in labels {
        let found = by_reference
            .get_mut(label.reference.as_str())
            .and_then(|ones| take(ones, label.amount));
        let kind = Kind {
            situation: label.situation.clone(),
            is_decidable: label.is_decidable,
        };
        let situation = evaluation.situations.entry(kind).or_default();
        let is_right = count(label, found, situation);
        if let Some(one) = found.filter(|one| one.place == Place::Posted) {
            let minor =
                i128::from(one.amount / 10_i64.pow(u32::from(DECIMALS.saturating_sub(one.currency.decimals()))));
            let value = values.entry(one.currency).or_default();
            value.1 += minor;
            value.0 += if is_right { minor } else { 0 };
            let class = evaluation.classes.entry(one.code.clone()).or_default();
            class.1 += 1;
            class.0 += u64::from(is_right);
            if !is_right {
                evaluation.wrong.push(differing(label, Some(one)));
            }
        } else if label.is_decidable && is_receipt(label, found) {
            evaluation.missed.push(differing(label, found));
        }
    }
    values
}

/// Takes the payment of that amount out of those of one reference: a batch has one reference for all its payments.
fn take<'s>(ones: &mut Vec<&'s Said>, amount: Option<i64>) -> Option<&'s Said> {
    let at = ones
        .iter()
        .position(|one| amount.is_none_or(|amount| amount == one.amount))?;
    Some(ones.remove(at))
}

/// Adds a payment to its situation; returns true when it is posted right.
fn count(label: &LabelledPayment, found: Option<&Said>, situation: &mut Situation) -> bool {
    let is_receipt = is_receipt(label, found);
    situation.payments += 1;
    situation.receipts += u64::from(is_receipt);
    let is_right = found.is_some_and(|one| one.place == Place::Posted && is_right(label, one));
    match found.map(|one| one.place) {
        Some(Place::Posted) if is_right => situation.right += 1,
        Some(Place::Posted) => situation.wrong += 1,
        Some(Place::Proposed) => situation.proposed += 1,
        Some(Place::Open) => situation.open += 1,
        Some(Place::SetAside { .. }) => situation.set_aside += 1,
        Some(Place::Duplicate | Place::Decided) | None => situation.elsewhere += 1,
    }
    if is_receipt && !label.items.is_empty() && found.is_none_or(|one| one.place != Place::Posted) {
        situation.meant += 1;
        situation.shown += u64::from(found.is_some_and(|one| is_suggested(label, one)));
    }
    is_right
}

/// Money in that the bank has booked.
fn is_receipt(label: &LabelledPayment, found: Option<&Said>) -> bool {
    let is_in = label
        .amount
        .or(found.map(|one| one.amount))
        .is_some_and(|amount| amount > 0);
    let is_unbooked = found.is_some_and(|one| one.place == Place::SetAside { is_booked: false });
    is_in && !is_unbooked
}

/// The label's items with the label's cash, and no others; what is on account belongs to the label's customer.
fn is_right(label: &LabelledPayment, one: &Said) -> bool {
    let is_cash = |item: &crate::model::labelled::LabelledItem| {
        one.items
            .get(&item.item_id)
            .is_some_and(|cash| item.cash.is_none_or(|right| right == *cash))
    };
    let is_customer =
        label.customer_id.is_empty() || one.customers.iter().all(|customer| *customer == label.customer_id);
    label.is_decidable
        && !label.items.is_empty()
        && one.items.len() == label.items.len()
        && label.items.iter().all(is_cash)
        && (is_customer || one.items.values().sum::<i64>() == one.amount)
}

fn is_suggested(label: &LabelledPayment, one: &Said) -> bool {
    let right: BTreeSet<&str> = label.items.iter().map(|item| item.item_id.as_str()).collect();
    one.candidates
        .values()
        .any(|items| items.iter().map(String::as_str).eq(right.iter().copied()))
}

fn differing(label: &LabelledPayment, found: Option<&Said>) -> Differing {
    let cash = |(item, cash): (&String, &i64)| format!("{item}={}", decimals_of(*cash, found));
    let said = match found {
        None => "in no file of the run".to_owned(),
        Some(one) if one.place == Place::Posted && one.items.is_empty() => "on account".to_owned(),
        Some(one) if one.place == Place::Posted => one.items.iter().map(cash).collect::<Vec<_>>().join(";"),
        Some(one) => one.candidates.values().next().map_or_else(String::new, |items| {
            items.iter().map(String::as_str).collect::<Vec<_>>().join(";")
        }),
    };
    let right = if label.is_decidable {
        let items = label.items.iter().map(|item| match item.cash {
            Some(cash) => format!("{}={}", item.item_id, decimals_of(cash, found)),
            None => item.item_id.clone(),
        });
        items.collect::<Vec<_>>().join(";")
    } else {
        "not to post".to_owned()
    };
    let amount = label.amount.or(found.map(|one| one.amount)).unwrap_or(0);
    let currency = found.map_or_else(String::new, |one| format!(" {}", one.currency));
    Differing {
        label: place(label),
        reference: label.reference.clone(),
        situation: label.situation.clone(),
        amount: format!("{}{currency}", decimals_of(amount, found)),
        code: found.map_or_else(String::new, |one| one.code.clone()),
        said,
        right,
        because: found.map_or_else(String::new, |one| one.text.clone()),
    }
}

/// Returns 1/10,000 units as the currency writes them.
fn decimals_of(amount: i64, found: Option<&Said>) -> String {
    let decimals = found.map_or(DECIMALS, |one| one.currency.decimals());
    let spare = DECIMALS.saturating_sub(decimals);
    decimal_text(amount / 10_i64.pow(u32::from(spare)), decimals).to_string()
}

fn place(label: &LabelledPayment) -> String {
    format!("{}:{}", label.source.file, label.source.at)
}
