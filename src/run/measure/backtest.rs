//! Replays the site's own past in time order: each confirmed payment is judged with what was known the evening before, and
//! compared with what it was booked for. So each evidence class gets a record that can be counted.

use crate::assign::Policy;
use crate::model::knowledge::ConfirmedPayment;
use crate::model::payment::{PayerName, PayerRole};
use crate::model::{
    Candidate, Customer, Explanation, Finding, Knowledge, Label, NaiveDate, OpenItem, Outcome, Payment, PaymentId,
    Remittance, Standing,
};
use crate::read;
use crate::report::backtest::{Backtest, ClassRecord, Misjudged, Verdict};
use crate::run::Failure;
use crate::run::inputs::{self, Found};
use crate::run::judge::{Bench, Prepared, judge};
use crate::run::measure::past::{Past, PastPayment};
use crate::run::measure::{bound, learn};
use crate::run::teach::teach;
use crate::settings::Settings;
use crate::words::Words;
use crate::words::evidence;
use crate::words::finding::full;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What the past is made of.
#[derive(Debug)]
pub struct Inputs {
    /// Confirmed payments, in any order.
    pub history: Vec<ConfirmedPayment>,
    /// Open and closed items as the ERP exports them today.
    pub items: Vec<OpenItem>,
    /// Customers.
    pub customers: Vec<Customer>,
    /// Days for which an item that only the history names is taken to have been open before it was paid.
    pub open_days: u32,
    /// What was wrong with single rows of the files, in words.
    pub findings: Vec<String>,
}

/// Where the past is read from.
#[derive(Debug)]
pub struct Given {
    /// Confirmed payments.
    pub history: Option<PathBuf>,
    /// Open and closed items.
    pub open_items: Option<PathBuf>,
    /// Customers.
    pub customers: Option<PathBuf>,
    /// See [`Inputs::open_days`].
    pub open_days: u32,
    /// The day of today.
    pub as_of: NaiveDate,
}

/// Reads the past. Only the history must be there; what is there must be readable.
pub fn read(given: &Given) -> Result<Inputs, Failure> {
    let Some(path) = &given.history else {
        return Err(Failure::NoInput(
            "error[HISTORY]: no history is named\nhelp: set `history` in the settings, or give --history FILE"
                .to_owned(),
        ));
    };
    // What is measured is told in English, as its tables are.
    let words = Words::english();
    let (history, mut findings) = learn::history(words, path, given.as_of)?;
    if history.is_empty() {
        return Err(Failure::NoInput(format!(
            "error[HISTORY]: {}: it holds no confirmed payment\nhelp: export what was received and booked in the past year",
            path.display()
        )));
    }
    let mut items = Vec::new();
    if let Some(path) = &given.open_items {
        let input = inputs::read(&found(path)).map_err(|finding| Failure::open_items(words, &[finding]))?;
        let rows = read::open_items::read(&input.name, &input.bytes, given.as_of);
        let rows = rows.map_err(|findings| Failure::open_items(words, &findings))?;
        findings.extend(rows.findings.iter().map(|finding| full(words, finding)));
        items = rows.rows;
    }
    let mut customers = Vec::new();
    if let Some(path) = &given.customers {
        let refused = |findings: &[Finding]| {
            let texts: Vec<String> = findings.iter().map(|finding| full(words, finding)).collect();
            Failure::NoInput(texts.join("\n"))
        };
        let input = inputs::read(&found(path)).map_err(|finding| refused(&[finding]))?;
        let rows = read::customers::read(&input.name, &input.bytes, given.as_of);
        let rows = rows.map_err(|findings| refused(&findings))?;
        findings.extend(rows.findings.iter().map(|finding| full(words, finding)));
        customers = rows.rows;
    }
    Ok(Inputs {
        history,
        items,
        customers,
        open_days: given.open_days,
        findings,
    })
}

fn found(path: &Path) -> Found {
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    Found {
        name,
        path: path.to_owned(),
    }
}

/// Writes the class table, whole or not at all.
pub fn write(path: &Path, counted: &Backtest) -> Result<(), Failure> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".part");
    let draft = PathBuf::from(draft);
    std::fs::write(&draft, counted.class_file()).map_err(|error| Failure::io(&draft, &error))?;
    std::fs::rename(&draft, path).map_err(|error| Failure::io(path, &error))
}

/// Returns the record of each evidence class, and what the settings would have posted wrong.
///
/// All classes are tried, whatever the settings say; their vetoes and limits hold. A payment teaches from the next day on.
pub fn backtest(inputs: Inputs, settings: &Settings) -> Backtest {
    let tried = Policy {
        posts: vec!["* / * / * / *".to_owned()],
        counted: BTreeMap::new(),
        ..settings.policy.clone()
    };
    let mut past = Past::new(&inputs.items, inputs.history, inputs.open_days);
    let mut counted = Backtest {
        target: settings.policy.target,
        findings: inputs.findings,
        ..Backtest::default()
    };
    let mut classes: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut knowledge = Knowledge::default();
    let mut begin = 0;
    while let Some(day) = past.payments.get(begin).map(|payment| payment.confirmed.date) {
        let end = begin
            + past.payments[begin..]
                .iter()
                .take_while(|one| one.confirmed.date == day)
                .count();
        let of_day = &past.payments[begin..end];
        counted.days = Some((counted.days.map_or(day, |days| days.0), day));
        counted.payments += of_day.len() as u64;
        counted.unknown += of_day.iter().filter(|one| one.items.is_none()).count() as u64;
        counted.money_out += of_day.iter().filter(|one| one.confirmed.amount.minor <= 0).count() as u64;
        let replayed: Vec<&PastPayment> = of_day.iter().filter(|one| is_replayed(one)).collect();
        let items = past.items_on(day);
        let bench = Bench {
            items: &items,
            customers: &inputs.customers,
            knowledge: &knowledge,
            matching: &settings.matching,
            policy: &tried,
        };
        for (one, explanation) in replayed.iter().zip(judged(&bench, &replayed)) {
            counted.replayed += 1;
            count(one, &explanation, &mut classes, &mut counted.wrong);
        }
        for at in begin..end {
            teach(&mut knowledge, &past.payments[at].confirmed);
            past.settle(at);
        }
        begin = end;
    }
    counted.classes = records(&classes, settings);
    counted
}

fn is_replayed(one: &PastPayment) -> bool {
    one.items.is_some() && one.confirmed.amount.minor > 0
}

fn judged(bench: &Bench<'_>, replayed: &[&PastPayment]) -> Vec<Explanation> {
    let payments: Vec<Payment> = replayed.iter().map(|one| payment(&one.confirmed)).collect();
    let payments: Vec<&Payment> = payments.iter().collect();
    let judged = judge(bench, &mut Prepared::default(), &payments, |_| true, &|_| {});
    judged.into_iter().flatten().collect()
}

/// The confirmed payment as the bank told of it, as far as the history keeps that.
fn payment(confirmed: &ConfirmedPayment) -> Payment {
    let name = (!confirmed.payer_name.is_empty()).then(|| PayerName {
        role: PayerRole::Counterparty,
        text: confirmed.payer_name.as_str().into(),
    });
    let account = Some(confirmed.payer_account.clone()).filter(|account| !account.is_empty());
    let text = Some(confirmed.remittance.clone()).filter(|text| !text.is_empty());
    Payment {
        id: PaymentId(confirmed.source.to_string()),
        account: Label::default(),
        company: Label::default(),
        booking_date: confirmed.date,
        value_date: None,
        amount: confirmed.amount,
        instructed_amount: None,
        charges: 0,
        bank_ref: Label::default(),
        payer_names: name.into_iter().collect(),
        payer_account: account.map(Label::from),
        references: Default::default(),
        remittance: Remittance {
            unstructured: text.into_iter().collect(),
            ..Default::default()
        },
        additional_texts: Vec::new(),
        bank_code: Label::default(),
        return_reason: None,
        batch_count: None,
        notified: None,
        correction: None,
        decided_customers: Vec::new(),
        standing: Standing::Receipt,
        source: confirmed.source.clone(),
    }
}

fn count(
    one: &PastPayment,
    explanation: &Explanation,
    classes: &mut BTreeMap<String, (u64, u64)>,
    wrong: &mut Vec<Misjudged>,
) {
    let (Outcome::Posted, Some(first)) = (explanation.outcome, explanation.candidates.first()) else {
        return;
    };
    let posted: BTreeSet<&str> = first.allocations.iter().map(|part| part.item_id.as_str()).collect();
    let right: BTreeSet<&str> = one.items.iter().flatten().map(String::as_str).collect();
    let record = classes.entry(first.class.to_string()).or_default();
    record.1 += 1;
    if posted == right {
        record.0 += 1;
    } else {
        wrong.push(misjudged(&one.confirmed, first));
    }
}

fn misjudged(confirmed: &ConfirmedPayment, first: &Candidate) -> Misjudged {
    let (speaks_for, speaks_against) = evidence::for_and_against(Words::english(), first);
    let documents: Vec<&str> = first
        .allocations
        .iter()
        .map(|part| part.document_number.as_str())
        .collect();
    Misjudged {
        row: confirmed.source.to_string(),
        date: confirmed.date,
        amount: confirmed.amount,
        payer: confirmed.payer_name.clone(),
        text: confirmed.remittance.clone(),
        class: first.class.to_string(),
        would_post: format!("{} of {}", documents.join(", "), first.customer_id),
        booked: if confirmed.document_numbers.is_empty() {
            format!("on account of {}", confirmed.customer_id)
        } else {
            format!("{} of {}", confirmed.document_numbers.join(", "), confirmed.customer_id)
        },
        speaks_for,
        speaks_against,
    }
}

/// The record of each class, those with most cases first.
fn records(classes: &BTreeMap<String, (u64, u64)>, settings: &Settings) -> Vec<ClassRecord> {
    let target = settings.policy.target;
    let shipped = settings.policy.classes().ok();
    let mut records: Vec<ClassRecord> = classes
        .iter()
        .map(|(class, (right, cases))| {
            let (at_least, at_most) = (bound::at_least(*right, *cases), bound::at_most(*right, *cases));
            ClassRecord {
                class: class.clone(),
                cases: *cases,
                right: *right,
                at_least,
                at_most,
                needed: bound::cases_needed(cases - right, target),
                verdict: if at_least >= target {
                    Verdict::Post
                } else if at_most < target {
                    Verdict::Hold
                } else {
                    Verdict::TooFew
                },
                posts_now: shipped.as_ref().is_some_and(|shipped| shipped.permit_written(class)),
            }
        })
        .collect();
    records.sort_by(|a, b| (std::cmp::Reverse(a.cases), &a.class).cmp(&(std::cmp::Reverse(b.cases), &b.class)));
    records
}
