//! `summary.json`: the figures of a run for machines. Keys are stable and sorted; amounts and percents are decimal
//! texts, never floating-point numbers. `null` stands where nothing was to be counted.

use crate::model::decision::DecisionOutcome;
use crate::model::money::decimal_text;
use crate::model::run::{Class, CountSum, InputState};
use crate::model::statement::Proof;
use crate::model::{Currency, Night, Severity};
use crate::report::findings;
use crate::report::overview::{self, CLASSES, Overview, class_name};
use crate::words::Words;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io;

/// So many payments that wait too long are listed.
const ESCALATED_MAX: usize = 100;

/// Writes the summary, indented, with a line end after it.
pub fn write(night: &Night, overview: &Overview, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &summary(night, overview))?;
    out.write_all(b"\n")
}

/// Returns the exit status that the run ends with: 3 when an input was refused or held for the first time, else 0.
pub fn exit_status(night: &Night) -> u8 {
    if night.has_new_refusal { 3 } else { 0 }
}

/// Returns the SHA-256 over everything that determines the run: number, as-of date, inputs, settings, totals, the run before.
pub fn run_hash(night: &Night) -> String {
    let text = serde_json::to_string(&night.run).unwrap_or_default();
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the summary.
pub fn summary(night: &Night, overview: &Overview) -> Value {
    json!({
        "run": night.run.number,
        "as_of": night.run.as_of.to_string(),
        "exit_status": exit_status(night),
        "is_partial": night.is_partial,
        "is_shadow": night.is_shadow,
        "is_tied": overview.is_tied,
        "hash": {
            "run": run_hash(night),
            "settings": night.run.settings_hash,
            "previous_run": night.run.previous_hash,
        },
        "accounts": accounts(overview),
        "rates": rates(overview),
        "posted": posted(overview),
        "exceptions": exceptions(overview),
        "ages": overview.ages.iter().map(|age| json!({
            "days": age.last.map_or_else(|| format!("over {}", age.first - 1), |last| format!("{}-{last}", age.first)),
            "proposed": age.proposed,
            "open": age.open,
        })).collect::<Vec<_>>(),
        "escalated": escalated(night),
        "claims": claims(night),
        "set_aside": set_aside(night),
        "duplicates": duplicates(night),
        "decisions": decisions(night),
        "files": files(night),
        "findings": severities(night),
        "gaps": gaps(night),
        "statements": statements(night),
    })
}

fn figures(total: CountSum, currency: Currency) -> Value {
    json!({ "count": total.count, "sum": decimal_text(total.sum, currency.decimals()) })
}

fn accounts(overview: &Overview) -> Value {
    let accounts = overview.accounts.iter().map(|account| {
        let reversed = Some(Class::Reversed).filter(|class| {
            let place = *class as usize;
            account.credits[place].count + account.debits[place].count > 0
        });
        let classes: Map<String, Value> = CLASSES
            .into_iter()
            .chain(reversed)
            .map(|class| {
                let (credit, debit) = (account.credits[class as usize], account.debits[class as usize]);
                let both = CountSum {
                    count: credit.count + debit.count,
                    sum: credit.sum.saturating_add(debit.sum),
                };
                let mut value = figures(both, account.currency);
                value["credit"] = figures(credit, account.currency);
                value["debit"] = figures(debit, account.currency);
                (class_name(class).to_owned(), value)
            })
            .collect();
        json!({ "account": account.account, "currency": account.currency.code(), "classes": classes })
    });
    accounts.collect()
}

/// Percent with two decimals, rounded down: 100.00 means all.
fn percent(part: i64, whole: i64) -> Value {
    if whole <= 0 || part < 0 {
        return Value::Null;
    }
    let hundredths = i128::from(part) * 10_000 / i128::from(whole);
    Value::String(format!("{}.{:02}", hundredths / 100, hundredths % 100))
}

fn rates(overview: &Overview) -> Value {
    let (to_match, posted) = overview.receipts();
    let by_currency: Vec<Value> = overview
        .rates
        .iter()
        .map(|(currency, rate)| {
            json!({
                "currency": currency.code(),
                "receipts": figures(rate.to_match, *currency),
                "posted": figures(rate.posted, *currency),
                "percent_by_count": percent(rate.posted.count as i64, rate.to_match.count as i64),
                "percent_by_value": percent(rate.posted.sum, rate.to_match.sum),
            })
        })
        .collect();
    json!({
        "receipts": to_match,
        "posted": posted,
        "percent_by_count": percent(posted as i64, to_match as i64),
        "by_currency": by_currency,
    })
}

fn posted(overview: &Overview) -> Value {
    let classes = overview.posted_classes.iter().map(|((class, currency), total)| {
        let mut value = figures(*total, *currency);
        value["evidence_class"] = json!(class);
        value["currency"] = json!(currency.code());
        value
    });
    classes.collect()
}

fn exceptions(overview: &Overview) -> Value {
    let reasons = overview.reasons.iter().map(|reason| {
        json!({
            "reason": reason.reason.code(),
            "currency": reason.currency.code(),
            "proposed": figures(reason.proposed, reason.currency),
            "open": figures(reason.open, reason.currency),
            "oldest_days": reason.oldest,
        })
    });
    reasons.collect()
}

/// The most urgent of what waits too long, and how many there are.
fn escalated(night: &Night) -> Value {
    let listed = night.escalated.iter().take(ESCALATED_MAX);
    let payments = listed
        .filter_map(|position| night.payments.get(*position))
        .map(|judged| {
            let amount = judged.payment.amount;
            json!({
                "payment_id": judged.payment.id.0,
                "amount": amount.decimal(),
                "currency": amount.currency.code(),
                "age_days": judged.age_days,
                "times_seen": judged.times_seen,
            })
        });
    json!({ "count": night.escalated.len(), "payments": payments.collect::<Vec<_>>() })
}

/// How many claims are in which state; `null` where none were given.
fn claims(night: &Night) -> Value {
    let Some(claims) = &night.claims else {
        return Value::Null;
    };
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for line in claims {
        *counts.entry(line.state.code()).or_default() += 1;
    }
    json!(counts)
}

fn set_aside(night: &Night) -> Value {
    let rules = night
        .run
        .totals
        .set_aside
        .iter()
        .map(|((account, currency, rule), total)| {
            let mut value = figures(*total, *currency);
            value["account"] = json!(account);
            value["currency"] = json!(currency.code());
            value["rule"] = json!(rule.code());
            value["is_in_totals"] = json!(rule.is_booked());
            value
        });
    rules.collect()
}

fn duplicates(night: &Night) -> Value {
    let mut rules: BTreeMap<(&str, Currency), CountSum> = BTreeMap::new();
    for entry in &night.duplicates {
        let total = rules.entry((entry.rule, entry.currency)).or_default();
        total.count += 1;
        total.sum = total.sum.saturating_add(entry.amount);
    }
    let rules = rules.into_iter().map(|((rule, currency), total)| {
        let mut value = figures(total, currency);
        value["rule"] = json!(rule);
        value["currency"] = json!(currency.code());
        value
    });
    rules.collect()
}

fn decisions(night: &Night) -> Value {
    use DecisionOutcome as D;
    let outcomes = [
        D::Applied,
        D::Already,
        D::Stale,
        D::Conflict,
        D::Rejected,
        D::NeedsApproval,
    ];
    let counts: Map<String, Value> = outcomes
        .into_iter()
        .map(|outcome| {
            let results = night.decision_results.iter();
            let count = results.filter(|result| result.outcome == outcome).count();
            (outcome.code().to_owned(), json!(count))
        })
        .collect();
    Value::Object(counts)
}

fn files(night: &Night) -> Value {
    let named = |state: InputState| -> Vec<&str> {
        let inputs = night.run.inputs.iter();
        inputs
            .filter(|input| input.state == state)
            .map(|input| input.name.as_str())
            .collect()
    };
    let refused: Vec<Value> = overview::refused(night)
        .into_iter()
        .map(|(input, why)| {
            let why: Vec<Value> = why
                .into_iter()
                .map(|finding| {
                    let [_, code, _, place, message, remedy] = findings::cells(Words::of(night.language), finding);
                    json!({ "code": code, "place": place, "message": message, "remedy": remedy })
                })
                .collect();
            json!({ "name": input.name, "is_held": input.state == InputState::Held, "findings": why })
        })
        .collect();
    json!({ "read": named(InputState::Read), "known": named(InputState::Known), "refused": refused })
}

fn gaps(night: &Night) -> Value {
    let gaps = overview::gaps(night).into_iter().map(|finding| {
        let [_, code, file, _, message, remedy] = findings::cells(Words::of(night.language), finding);
        json!({ "account": finding.args.first(), "code": code, "file": file, "message": message, "remedy": remedy })
    });
    gaps.collect()
}

fn severities(night: &Night) -> Value {
    let count = |severity: Severity| {
        let findings = night.findings.iter();
        findings.filter(|finding| finding.severity == severity).count()
    };
    json!({
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "notes": count(Severity::Note),
    })
}

fn statements(night: &Night) -> Value {
    let statements = night.statements.iter().map(|line| {
        let decimals = line.currency.map_or(2, |currency| currency.decimals());
        let decimal = |minor: i64| decimal_text(minor, decimals);
        let total = |(count, sum): (u64, i64)| json!({ "count": count, "sum": decimal(sum) });
        json!({
            "file": line.file,
            "account": line.account,
            "currency": line.currency.map(|currency| currency.code().to_owned()),
            "name": line.name,
            "from": line.days.map(|(from, _)| from.to_string()),
            "to": line.days.map(|(_, to)| to.to_string()),
            "opening": line.opening.map(decimal),
            "closing": line.closing.map(decimal),
            "credits": total(line.credits),
            "debits": total(line.debits),
            "proof": proof(&line.proof),
            "is_refused": line.is_refused,
        })
    });
    statements.collect()
}

fn proof(proof: &Proof) -> &'static str {
    match proof {
        Proof::NotChecked => "not_checked",
        Proof::Proved => "proved",
        Proof::Unproved => "unproved",
        Proof::Incomplete => "incomplete",
        Proof::Broken { .. } => "broken",
    }
}
