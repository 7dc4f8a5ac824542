//! The figures of a night, added up once for the page, the summary and the terminal.

use crate::model::run::{Class, CountSum, InputFile, InputState};
use crate::model::{
    Currency, EvidenceClass, Finding, FindingCode, JudgedPayment, Night, Outcome, Reason, Severity, Side,
};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// All classes of a night's equation, those that came in first. What was taken back stands beside it.
pub const CLASSES: [Class; 7] = [
    Class::Read,
    Class::Carried,
    Class::Posted,
    Class::Proposed,
    Class::Open,
    Class::SetAside,
    Class::Duplicate,
];

/// Last day of each age group of exceptions; the last group has no end.
const AGE_ENDS: [i64; 4] = [1, 7, 30, 90];

/// The figures of one night.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Overview {
    /// By account and currency: money in, money out.
    pub accounts: Vec<AccountFigures>,
    /// True when read + carried = all the rest, for every account, currency and side.
    pub is_tied: bool,
    /// Receipts to be matched and those posted, by currency.
    pub rates: BTreeMap<Currency, Rate>,
    /// Exceptions by reason and currency, those with most payments first.
    pub reasons: Vec<ReasonFigures>,
    /// Exceptions by age.
    pub ages: Vec<AgeFigures>,
    /// Posted payments by evidence class and currency; `decision` for what a person decided.
    pub posted_classes: BTreeMap<(String, Currency), CountSum>,
}

/// Figures of one account in one currency.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountFigures {
    /// Our account.
    pub account: String,
    /// Currency.
    pub currency: Currency,
    /// Money in by class, in the order of [`CLASSES`].
    pub credits: [CountSum; 8],
    /// Money out by class, in the order of [`CLASSES`].
    pub debits: [CountSum; 8],
}

/// How much of the receipts was posted. Sums are minor units of one currency.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Rate {
    /// Posted, proposed and open receipts.
    pub to_match: CountSum,
    /// Posted receipts.
    pub posted: CountSum,
}

/// Exceptions of one reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReasonFigures {
    /// The reason.
    pub reason: Reason,
    /// Currency.
    pub currency: Currency,
    /// Proposed.
    pub proposed: CountSum,
    /// Open.
    pub open: CountSum,
    /// Age of the oldest in days.
    pub oldest: i64,
}

/// Exceptions of one age group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AgeFigures {
    /// First day of the group.
    pub first: i64,
    /// Last day of the group; `None` for the oldest.
    pub last: Option<i64>,
    /// Proposed.
    pub proposed: u64,
    /// Open.
    pub open: u64,
}

impl Overview {
    /// Adds up a night.
    pub fn of(night: &Night) -> Overview {
        let accounts = accounts(night);
        Overview {
            is_tied: night.run.totals.first_gap().is_none(),
            rates: rates(&accounts),
            accounts,
            reasons: reasons(night),
            ages: ages(night),
            posted_classes: posted_classes(night),
        }
    }

    /// Returns the number of payments of a class over all accounts, both sides.
    pub fn count(&self, class: Class) -> u64 {
        let place = class as usize;
        let counts = self
            .accounts
            .iter()
            .map(|figures| figures.credits[place].count + figures.debits[place].count);
        counts.sum()
    }

    /// Returns receipts to be matched and receipts posted over all currencies.
    pub fn receipts(&self) -> (u64, u64) {
        self.rates.values().fold((0, 0), |(to_match, posted), rate| {
            (to_match + rate.to_match.count, posted + rate.posted.count)
        })
    }
}

/// Returns the name of a class in the summary: `set_aside` …
pub fn class_name(class: Class) -> &'static str {
    match class {
        Class::Read => "read",
        Class::Carried => "carried",
        Class::Posted => "posted",
        Class::Proposed => "proposed",
        Class::Open => "open",
        Class::SetAside => "set_aside",
        Class::Duplicate => "duplicate",
        Class::Reversed => "reversed",
    }
}

/// Returns what says that a statement is missing, over all nights.
pub fn gaps(night: &Night) -> Vec<&Finding> {
    let is_gap = |finding: &&Finding| {
        matches!(
            finding.code,
            FindingCode::StatementMissing | FindingCode::BalanceGap | FindingCode::PeriodGap
        )
    };
    night.findings.iter().filter(is_gap).collect()
}

/// Returns the inputs that were refused or held, and the findings that say why.
pub fn refused(night: &Night) -> Vec<(&InputFile, Vec<&Finding>)> {
    let is_refused = |input: &&InputFile| matches!(input.state, InputState::Refused | InputState::Held);
    let inputs = night.run.inputs.iter().filter(is_refused);
    inputs
        .map(|input| {
            let findings = night.findings.iter().filter(|finding| {
                finding.severity == Severity::Error && {
                    let rest = finding.source.file.strip_prefix(input.name.as_str());
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                }
            });
            (input, findings.collect())
        })
        .collect()
}

/// Returns the exceptions with the largest amounts, at most `most`; minor units of all currencies count alike.
pub fn biggest(night: &Night, most: usize) -> Vec<&JudgedPayment> {
    let mut exceptions: Vec<&JudgedPayment> = night.payments.iter().filter(|judged| judged.is_exception()).collect();
    exceptions.sort_by_cached_key(|judged| {
        let amount = judged.payment.amount;
        let unit = 10_i128.pow(4 - u32::from(amount.currency.decimals().min(4)));
        (
            -(i128::from(amount.minor).abs() * unit),
            judged.payment.booking_date,
            judged.payment.id.clone(),
        )
    });
    exceptions.truncate(most);
    exceptions
}

fn accounts(night: &Night) -> Vec<AccountFigures> {
    let mut accounts: BTreeMap<(&str, Currency), AccountFigures> = BTreeMap::new();
    for (key, total) in &night.run.totals.classes {
        let figures = accounts
            .entry((key.account.as_str(), key.currency))
            .or_insert_with(|| AccountFigures {
                account: key.account.clone(),
                currency: key.currency,
                credits: [CountSum::default(); 8],
                debits: [CountSum::default(); 8],
            });
        let side = match key.side {
            Side::Credit => &mut figures.credits,
            Side::Debit => &mut figures.debits,
        };
        add(&mut side[key.class as usize], *total);
    }
    accounts.into_values().collect()
}

fn add(total: &mut CountSum, other: CountSum) {
    total.count += other.count;
    total.sum = total.sum.saturating_add(other.sum);
}

fn rates(accounts: &[AccountFigures]) -> BTreeMap<Currency, Rate> {
    let mut rates: BTreeMap<Currency, Rate> = BTreeMap::new();
    for figures in accounts {
        let rate = rates.entry(figures.currency).or_default();
        let posted = figures.credits[Class::Posted as usize];
        add(&mut rate.posted, posted);
        for class in [Class::Posted, Class::Proposed, Class::Open] {
            add(&mut rate.to_match, figures.credits[class as usize]);
        }
    }
    rates.retain(|_, rate| rate.to_match.count > 0);
    rates
}

fn reasons(night: &Night) -> Vec<ReasonFigures> {
    let mut reasons: BTreeMap<(Reason, Currency), ReasonFigures> = BTreeMap::new();
    for judged in &night.payments {
        let (Outcome::Proposed(reason) | Outcome::Exception(reason)) = judged.explanation.outcome else {
            continue;
        };
        let amount = judged.payment.amount;
        let figures = reasons
            .entry((reason, amount.currency))
            .or_insert_with(|| ReasonFigures {
                reason,
                currency: amount.currency,
                proposed: CountSum::default(),
                open: CountSum::default(),
                oldest: judged.age_days,
            });
        let total = match judged.explanation.outcome {
            Outcome::Proposed(_) => &mut figures.proposed,
            _ => &mut figures.open,
        };
        let one = CountSum {
            count: 1,
            sum: amount.minor,
        };
        add(total, one);
        figures.oldest = figures.oldest.max(judged.age_days);
    }
    let mut work: BTreeMap<Reason, u64> = BTreeMap::new();
    for figures in reasons.values() {
        *work.entry(figures.reason).or_default() += figures.proposed.count + figures.open.count;
    }
    let mut reasons: Vec<ReasonFigures> = reasons.into_values().collect();
    // Most work first; a reason's currencies stay together.
    reasons.sort_by_key(|figures| (std::cmp::Reverse(work[&figures.reason]), figures.reason));
    reasons
}

fn ages(night: &Night) -> Vec<AgeFigures> {
    let mut start = 0;
    let mut ages: Vec<AgeFigures> = AGE_ENDS
        .iter()
        .map(|end| {
            let first = start;
            start = end + 1;
            AgeFigures {
                first,
                last: Some(*end),
                proposed: 0,
                open: 0,
            }
        })
        .collect();
    ages.push(AgeFigures {
        first: start,
        last: None,
        proposed: 0,
        open: 0,
    });
    for judged in night.payments.iter().filter(|judged| judged.is_exception()) {
        let group = AGE_ENDS
            .iter()
            .position(|end| judged.age_days <= *end)
            .unwrap_or(AGE_ENDS.len());
        match judged.explanation.outcome {
            Outcome::Proposed(_) => ages[group].proposed += 1,
            _ => ages[group].open += 1,
        }
    }
    ages
}

fn posted_classes(night: &Night) -> BTreeMap<(String, Currency), CountSum> {
    let mut counted: FxHashMap<(Option<EvidenceClass>, Currency), CountSum> = FxHashMap::default();
    for judged in &night.payments {
        let Some(posting) = judged.posting.and_then(|position| night.postings.get(position)) else {
            continue;
        };
        let amount = judged.payment.amount;
        let one = CountSum {
            count: 1,
            sum: amount.minor,
        };
        add(counted.entry((posting.class, amount.currency)).or_default(), one);
    }
    let name = |class: Option<EvidenceClass>| class.map_or_else(|| "decision".to_owned(), |class| class.to_string());
    let named = counted.into_iter();
    named
        .map(|((class, currency), sum)| ((name(class), currency), sum))
        .collect()
}
