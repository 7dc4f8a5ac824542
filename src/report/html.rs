//! `report.html`: one page that holds everything it shows, to be read, printed and kept.
//!
//! No script, no address outside; the content policy allows nothing but the page's own style, named by its hash.

use crate::model::decision::DecisionOutcome;
use crate::model::run::{CountSum, InputState};
use crate::model::statement::Proof;
use crate::model::{Currency, JudgedPayment, Night, Outcome, Severity};
use crate::report::chart::{self, Bar, Size};
use crate::report::overview::{self, AccountFigures, CLASSES, Overview};
use crate::report::{findings, headline, summary};
use crate::words::{reason, shown};
use minijinja::{Environment, Value, context};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io;

const PAGE: &str = include_str!("report.html");
const STYLE: &str = include_str!("report.css");
/// Most rows of a list on the page; the files hold all of them.
const LIST_MAX: usize = 20;
/// Most bars of a chart.
const BARS_MAX: usize = 14;

/// Writes the page. Every text passes the template's escaping; hidden characters are written out before.
pub fn write(night: &Night, out: &mut dyn io::Write) -> io::Result<()> {
    let overview = Overview::of(night);
    let mut environment = Environment::new();
    environment
        .add_template("report.html", PAGE)
        .map_err(io::Error::other)?;
    let template = environment.get_template("report.html").map_err(io::Error::other)?;
    let page = template.render(context(night, &overview)).map_err(io::Error::other)?;
    out.write_all(page.as_bytes())
}

fn context(night: &Night, overview: &Overview) -> Value {
    let (receipts, posted) = overview.receipts();
    context! {
        style => Value::from_safe_string(STYLE.to_owned()),
        style_hash => base64(&Sha256::digest(STYLE.as_bytes())),
        run => night.run.number,
        as_of => night.run.as_of.to_string(),
        is_partial => night.is_partial,
        is_shadow => night.is_shadow,
        is_tied => overview.is_tied,
        sentences => headline::sentences(night, overview),
        steps => headline::next_steps(night, overview),
        tiles => tiles(night, overview),
        totals => totals(overview),
        rate => shown::percent(posted.into(), receipts.into()),
        rates => rates(overview),
        classes => classes(overview),
        reason_chart => Value::from_safe_string(reason_chart(overview)),
        age_chart => Value::from_safe_string(age_chart(overview)),
        reasons => reasons(overview),
        exception_count => overview.reasons.iter().map(|figures| figures.proposed.count + figures.open.count).sum::<u64>(),
        biggest => exception_rows(overview::biggest(night, LIST_MAX).into_iter()),
        escalated => exception_rows(escalated(night)),
        escalated_count => night.escalated.len(),
        refused => refused(night),
        gaps => overview::gaps(night).into_iter().take(LIST_MAX).map(finding_row).collect::<Vec<_>>(),
        warnings => warnings(night),
        statements => statements(night),
        set_aside => set_aside(night),
        duplicates => duplicates(night),
        decisions => decisions(night),
        decision_count => night.decision_results.len(),
        inputs => inputs(night),
        hash => summary::run_hash(night),
        settings_hash => night.run.settings_hash.clone(),
        previous_hash => night.run.previous_hash.clone(),
    }
}

fn total(total: CountSum, currency: Currency) -> Value {
    context! {
        count => shown::count(total.count),
        sum => shown::figure(total.sum, currency.decimals()),
        is_zero => total.count == 0,
    }
}

fn tiles(night: &Night, overview: &Overview) -> Vec<Value> {
    use crate::model::run::Class;
    let (receipts, posted) = overview.receipts();
    let tile = |label: &str, figure: String, text: String| context! { label, figure, text };
    let proposed = overview.count(Class::Proposed);
    let open = overview.count(Class::Open);
    let oldest = overview.reasons.iter().map(|figures| figures.oldest).max().unwrap_or(0);
    let mut tiles = vec![
        tile(
            "Receipts posted",
            shown::percent(posted.into(), receipts.into()),
            format!("{} of {}", shown::count(posted), shown::count(receipts)),
        ),
        tile("Proposed", shown::count(proposed), "one ACCEPT away".to_owned()),
        tile(
            "Open",
            shown::count(open),
            if proposed + open == 0 {
                "nothing to decide".to_owned()
            } else {
                format!(
                    "oldest exception {}",
                    shown::plural(oldest.max(0) as u64, "day", "days")
                )
            },
        ),
    ];
    let unusable = overview::refused(night).len() as u64;
    let statements = night.statements.iter().filter(|line| !line.is_refused);
    let proved = statements.clone().filter(|line| line.proof == Proof::Proved).count() as u64;
    tiles.push(tile(
        "Statements proved",
        format!(
            "{} of {}",
            shown::count(proved),
            shown::count(night.statements.len() as u64)
        ),
        match unusable {
            0 => "no input refused".to_owned(),
            number => shown::plural(number, "input refused or held", "inputs refused or held"),
        },
    ));
    tiles
}

fn totals(overview: &Overview) -> Vec<Value> {
    let mut rows = Vec::new();
    for figures in &overview.accounts {
        for (side, totals) in [("in", &figures.credits), ("out", &figures.debits)] {
            if totals.iter().all(|total| total.count == 0) {
                continue;
            }
            rows.push(context! {
                account => shown::text(&figures.account),
                currency => figures.currency.code(),
                side,
                cells => totals.iter().map(|one| total(*one, figures.currency)).collect::<Vec<_>>(),
                is_tied => is_tied(totals),
            });
        }
    }
    rows.extend(sums(&overview.accounts));
    rows
}

/// Rows that add up the accounts of one currency, where it has several.
fn sums(accounts: &[AccountFigures]) -> Vec<Value> {
    let mut sums: BTreeMap<Currency, (usize, [CountSum; 8])> = BTreeMap::new();
    for figures in accounts {
        let (number, sum) = sums.entry(figures.currency).or_default();
        *number += 1;
        for (class, sum) in CLASSES.into_iter().zip(sum.iter_mut()) {
            for side in [&figures.credits, &figures.debits] {
                sum.count += side[class as usize].count;
                sum.sum = sum.sum.saturating_add(side[class as usize].sum);
            }
        }
    }
    let several = sums.into_iter().filter(|(_, (number, _))| *number > 1);
    several
        .map(|(currency, (_, sum))| {
            context! {
                account => "All accounts",
                currency => currency.code(),
                side => "in + out",
                cells => sum.iter().map(|one| total(*one, currency)).collect::<Vec<_>>(),
                is_tied => is_tied(&sum),
                is_sum => true,
            }
        })
        .collect()
}

fn is_tied(totals: &[CountSum; 8]) -> bool {
    let signed = |position: usize| if position < 2 { 1_i128 } else { -1 };
    let sum: i128 = totals
        .iter()
        .enumerate()
        .map(|(at, one)| signed(at) * i128::from(one.sum))
        .sum();
    let count: i128 = totals
        .iter()
        .enumerate()
        .map(|(at, one)| signed(at) * i128::from(one.count))
        .sum();
    sum == 0 && count == 0
}

fn rates(overview: &Overview) -> Vec<Value> {
    let rows = overview.rates.iter().map(|(currency, rate)| {
        let value = |sum: i64| u128::try_from(sum).unwrap_or(0);
        context! {
            currency => currency.code(),
            to_match => total(rate.to_match, *currency),
            posted => total(rate.posted, *currency),
            by_count => shown::percent(rate.posted.count.into(), rate.to_match.count.into()),
            by_value => shown::percent(value(rate.posted.sum), value(rate.to_match.sum)),
        }
    });
    rows.collect()
}

fn classes(overview: &Overview) -> Vec<Value> {
    let rows = overview.posted_classes.iter().map(|((class, currency), sum)| {
        context! { class, currency => currency.code(), total => total(*sum, *currency) }
    });
    rows.collect()
}

fn reason_chart(overview: &Overview) -> String {
    let mut bars: Vec<Bar> = Vec::new();
    for figures in &overview.reasons {
        let label = shown::code_words(figures.reason.code());
        let position = bars.iter().position(|bar| bar.label == label).unwrap_or_else(|| {
            bars.push(Bar {
                label,
                proposed: 0,
                open: 0,
            });
            bars.len() - 1
        });
        bars[position].proposed += figures.proposed.count;
        bars[position].open += figures.open.count;
    }
    bars.sort_by_key(|bar| std::cmp::Reverse(bar.proposed + bar.open));
    if bars.len() > BARS_MAX {
        let rest = bars.split_off(BARS_MAX - 1);
        bars.push(Bar {
            label: format!("{} more reasons", rest.len()),
            proposed: rest.iter().map(|bar| bar.proposed).sum(),
            open: rest.iter().map(|bar| bar.open).sum(),
        });
    }
    let size = Size { width: 680, label: 240 };
    chart::bars("Exceptions by reason", size, &bars)
}

fn age_chart(overview: &Overview) -> String {
    let ages = overview.ages.iter().map(|age| Bar {
        label: age.label.clone(),
        proposed: age.proposed,
        open: age.open,
    });
    let size = Size { width: 440, label: 110 };
    chart::bars("Exceptions by age", size, &ages.collect::<Vec<_>>())
}

fn reasons(overview: &Overview) -> Vec<Value> {
    let rows = overview.reasons.iter().map(|figures| {
        context! {
            words => shown::code_words(figures.reason.code()),
            reason => figures.reason.code(),
            currency => figures.currency.code(),
            proposed => total(figures.proposed, figures.currency),
            open => total(figures.open, figures.currency),
            oldest => figures.oldest,
        }
    });
    rows.collect()
}

/// The most urgent of what waits too long.
fn escalated(night: &Night) -> impl Iterator<Item = &JudgedPayment> {
    let listed = night.escalated.iter().take(LIST_MAX);
    listed.filter_map(|position| night.payments.get(*position))
}

fn exception_rows<'n>(exceptions: impl Iterator<Item = &'n JudgedPayment>) -> Vec<Value> {
    let rows = exceptions.map(|judged| {
        let (payment, explanation) = (&judged.payment, &judged.explanation);
        let (status, code) = match explanation.outcome {
            Outcome::Proposed(reason) => ("proposed", reason.code()),
            Outcome::Exception(reason) => ("open", reason.code()),
            Outcome::Posted | Outcome::SetAside(_) => ("", ""),
        };
        let candidate = explanation.candidates.first().map(|candidate| {
            let numbers = candidate
                .allocations
                .iter()
                .take(3)
                .map(|part| shown::text(&part.document_number));
            let mut numbers: Vec<String> = numbers.collect();
            if candidate.allocations.len() > 3 {
                numbers.push(format!("+ {}", candidate.allocations.len() - 3));
            }
            let customer = if candidate.customer_name.is_empty() {
                &candidate.customer_id
            } else {
                &candidate.customer_name
            };
            context! {
                documents => numbers.join(", "),
                customer => shown::cut(&shown::text(customer), 60),
                probability => shown::percent(candidate.probability.0.into(), 1_000_000),
            }
        });
        context! {
            amount => shown::amount(payment.amount),
            payer => shown::cut(&shown::text(payment.payer_name()), 70),
            remittance => shown::cut(&shown::text(&payment.remittance_text()), 140),
            bank_ref => shown::cut(&shown::text(&payment.bank_ref), 40),
            booking_date => payment.booking_date.to_string(),
            age => judged.age_days,
            status,
            code,
            sentence => shown::cut(&shown::text(&reason::sentence(payment, explanation)), 200),
            candidate,
        }
    });
    rows.collect()
}

fn finding_row(finding: &crate::model::Finding) -> Value {
    let [severity, code, file, place, message, remedy] = findings::cells(finding);
    context! { severity, code, file, place, message, remedy }
}

fn refused(night: &Night) -> Vec<Value> {
    let rows = overview::refused(night).into_iter().map(|(input, why)| {
        context! {
            name => shown::text(&input.name),
            state => if input.state == InputState::Held { "held" } else { "refused" },
            findings => why.into_iter().take(LIST_MAX).map(finding_row).collect::<Vec<_>>(),
        }
    });
    rows.collect()
}

fn warnings(night: &Night) -> Value {
    let warnings = || {
        night
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Warning)
    };
    context! {
        count => warnings().count(),
        rows => warnings().take(LIST_MAX).map(finding_row).collect::<Vec<_>>(),
    }
}

fn statements(night: &Night) -> Vec<Value> {
    let rows = night.statements.iter().map(|line| {
        let decimals = line.currency.map_or(2, |currency| currency.decimals());
        let figure = |minor: i64| shown::figure(minor, decimals);
        let (state, proof) = match &line.proof {
            _ if line.is_refused && !matches!(line.proof, Proof::Broken { .. } | Proof::Incomplete) => {
                ("bad", "✗ refused".to_owned())
            }
            Proof::Proved => ("good", "✓ proved".to_owned()),
            Proof::Unproved => ("fair", "! no balances".to_owned()),
            Proof::NotChecked => ("fair", "– not needed".to_owned()),
            Proof::Incomplete => ("bad", "✗ pages missing".to_owned()),
            Proof::Broken { stated, computed } => (
                "bad",
                format!("✗ bank says {}, entries give {}", figure(*stated), figure(*computed)),
            ),
        };
        context! {
            file => shown::text(&line.file),
            account => shown::text(&line.account),
            currency => line.currency.map(|currency| currency.code().to_owned()),
            name => shown::text(&line.name),
            from => line.days.map(|(from, _)| from.to_string()),
            to => line.days.map(|(_, to)| to.to_string()),
            opening => line.opening.map(figure),
            credits => figure(line.credits.1),
            credit_count => shown::count(line.credits.0),
            debits => figure(line.debits.1),
            debit_count => shown::count(line.debits.0),
            closing => line.closing.map(figure),
            state,
            proof,
        }
    });
    rows.collect()
}

fn set_aside(night: &Night) -> Vec<Value> {
    let rows = night
        .run
        .totals
        .set_aside
        .iter()
        .map(|((account, currency, rule), sum)| {
            context! {
                rule => rule.code(),
                text => reason::set_aside(*rule),
                account => shown::text(account),
                currency => currency.code(),
                total => total(*sum, *currency),
                is_booked => rule.is_booked(),
            }
        });
    rows.collect()
}

fn duplicates(night: &Night) -> Vec<Value> {
    let mut rules: BTreeMap<(&str, Currency), (CountSum, &str)> = BTreeMap::new();
    for entry in &night.duplicates {
        let (sum, _) = rules
            .entry((entry.rule, entry.currency))
            .or_insert((CountSum::default(), entry.text.as_str()));
        sum.count += 1;
        sum.sum = sum.sum.saturating_add(entry.amount);
    }
    let rows = rules.into_iter().map(|((rule, currency), (sum, text))| {
        context! { words => shown::code_words(rule), rule, text => shown::text(text), currency => currency.code(), total => total(sum, currency) }
    });
    rows.collect()
}

/// Decisions that could not be carried out; the file answers all of them.
fn decisions(night: &Night) -> Vec<Value> {
    let refused = night
        .decision_results
        .iter()
        .filter(|result| !matches!(result.outcome, DecisionOutcome::Applied | DecisionOutcome::Already));
    let rows = refused.take(LIST_MAX).map(|result| {
        context! {
            place => shown::text(&result.source.to_string()),
            decision => shown::cut(&shown::text(&result.decision), 40),
            target => shown::cut(&shown::text(&result.target), 60),
            outcome => result.outcome.code(),
            reason => shown::text(&result.reason),
        }
    });
    rows.collect()
}

fn inputs(night: &Night) -> Vec<Value> {
    let rows = night.run.inputs.iter().map(|input| {
        context! {
            name => shown::text(&input.name),
            role => match input.role {
                crate::model::run::InputRole::Statement => "statement",
                crate::model::run::InputRole::OpenItems => "open items",
                crate::model::run::InputRole::Customers => "customers",
                crate::model::run::InputRole::History => "history",
                crate::model::run::InputRole::Decisions => "decisions",
                crate::model::run::InputRole::Claims => "claims",
            },
            records => shown::count(input.records),
            state => match input.state {
                InputState::Read => "read",
                InputState::Known => "read before",
                InputState::Refused => "refused",
                InputState::Held => "held",
            },
            sha256 => input.sha256.chars().take(12).collect::<String>(),
        }
    });
    rows.collect()
}

/// Returns bytes in base64, as the content policy names a hash.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..4 {
            if position <= group.len() {
                let letter = (bits >> (18 - 6 * position)) & 63;
                text.push(char::from(LETTERS[letter as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_named_in_base64() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
