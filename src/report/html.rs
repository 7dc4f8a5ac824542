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
use crate::words::catalogue::{Words, say};
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
pub fn write(night: &Night, overview: &Overview, out: &mut dyn io::Write) -> io::Result<()> {
    let mut environment = Environment::new();
    environment
        .add_template("report.html", PAGE)
        .map_err(io::Error::other)?;
    let template = environment.get_template("report.html").map_err(io::Error::other)?;
    let page = template.render(context(night, overview)).map_err(io::Error::other)?;
    out.write_all(page.as_bytes())
}

fn context(night: &Night, overview: &Overview) -> Value {
    let words = Words::of(night.language);
    let (receipts, posted) = overview.receipts();
    let exceptions: u64 = overview
        .reasons
        .iter()
        .map(|figures| figures.proposed.count + figures.open.count)
        .sum();
    context! {
        t => texts(words),
        language => night.language.tag(),
        style => Value::from_safe_string(STYLE.to_owned()),
        style_hash => base64(&Sha256::digest(STYLE.as_bytes())),
        title => say!(words, "report.title", run = night.run.number.to_string(), day = night.run.as_of),
        run => say!(words, "report.badge_run", run = night.run.number.to_string()),
        as_of => say!(words, "report.badge_as_of", day = night.run.as_of),
        is_partial => night.is_partial,
        is_shadow => night.is_shadow,
        is_tied => overview.is_tied,
        sentences => headline::sentences(night, overview),
        steps => headline::next_steps(night, overview),
        tiles => tiles(night, overview),
        totals => totals(words, overview),
        rate => say!(words, "report.rate", rate = words.percent(posted.into(), receipts.into())),
        rates => rates(words, overview),
        classes => classes(words, overview),
        reason_chart => Value::from_safe_string(reason_chart(words, overview)),
        age_chart => Value::from_safe_string(age_chart(words, overview)),
        reasons => reasons(words, overview),
        exception_count => exceptions,
        biggest_title => biggest_title(words, exceptions),
        biggest => exception_rows(words, overview::biggest(night, LIST_MAX).into_iter()),
        escalated_title => say!(words, "report.escalated", count = night.escalated.len()),
        escalated => exception_rows(words, escalated(night)),
        refused => refused(words, night),
        gaps => overview::gaps(night).into_iter().take(LIST_MAX).map(|finding| finding_row(words, finding)).collect::<Vec<_>>(),
        warnings => warnings(words, night),
        statements => statements(words, night),
        set_aside => set_aside(words, night),
        duplicates => duplicates(words, night),
        decisions => decisions(words, night),
        decision_count => night.decision_results.len(),
        decisions_title => say!(words, "report.decisions", count = night.decision_results.len()),
        inputs => inputs(words, night),
        hash => summary::run_hash(night),
        settings_hash => night.run.settings_hash.clone(),
        previous_hash => night.run.previous_hash.clone(),
    }
}

/// The page's own texts: they need no escaping.
fn texts(words: Words) -> BTreeMap<&'static str, Value> {
    let texts = words.section("report").into_iter();
    texts
        .map(|(key, text)| (key, Value::from_safe_string(text.to_owned())))
        .collect()
}

fn biggest_title(words: Words, exceptions: u64) -> String {
    let shown = LIST_MAX as u64;
    if exceptions <= shown {
        words.text("report.biggest").to_owned()
    } else {
        say!(words, "report.biggest_of", shown, count = exceptions)
    }
}

fn total(words: Words, total: CountSum, currency: Currency) -> Value {
    context! {
        count => words.count(total.count),
        sum => words.figure(total.sum, currency.decimals()),
        is_zero => total.count == 0,
    }
}

fn tiles(night: &Night, overview: &Overview) -> Vec<Value> {
    use crate::model::run::Class;
    let words = Words::of(night.language);
    let (receipts, posted) = overview.receipts();
    let tile = |key: &'static str, figure: String, text: String| context! { label => words.text(key), figure, text };
    let proposed = overview.count(Class::Proposed);
    let open = overview.count(Class::Open);
    let oldest = overview.reasons.iter().map(|figures| figures.oldest).max().unwrap_or(0);
    let mut tiles = vec![
        tile(
            "report.tile_posted",
            words.percent(posted.into(), receipts.into()),
            say!(words, "report.of", part = posted, whole = receipts),
        ),
        tile(
            "report.tile_proposed",
            words.count(proposed),
            say!(words, "report.one_accept"),
        ),
        tile(
            "report.tile_open",
            words.count(open),
            if proposed + open == 0 {
                say!(words, "report.nothing_to_decide")
            } else {
                say!(words, "report.oldest_exception", days = oldest.max(0) as u64)
            },
        ),
    ];
    let unusable = overview::refused(night).len() as u64;
    let statements = night.statements.iter().filter(|line| !line.is_refused);
    let proved = statements.clone().filter(|line| line.proof == Proof::Proved).count() as u64;
    tiles.push(tile(
        "report.tile_proved",
        say!(words, "report.of", part = proved, whole = night.statements.len()),
        match unusable {
            0 => say!(words, "report.none_refused"),
            count => say!(words, "report.inputs_refused", count),
        },
    ));
    tiles
}

fn totals(words: Words, overview: &Overview) -> Vec<Value> {
    let mut rows = Vec::new();
    for figures in &overview.accounts {
        for (side, totals) in [("report.in", &figures.credits), ("report.out", &figures.debits)] {
            if totals.iter().all(|total| total.count == 0) {
                continue;
            }
            rows.push(context! {
                account => shown::text(&figures.account),
                currency => figures.currency.code(),
                side => words.text(side),
                cells => CLASSES.map(|class| total(words, totals[class as usize], figures.currency)).to_vec(),
                is_tied => is_tied(totals),
            });
        }
    }
    rows.extend(sums(words, &overview.accounts));
    rows
}

/// Rows that add up the accounts of one currency, where it has several.
fn sums(words: Words, accounts: &[AccountFigures]) -> Vec<Value> {
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
                account => words.text("report.all_accounts"),
                currency => currency.code(),
                side => words.text("report.in_and_out"),
                cells => CLASSES.map(|class| total(words, sum[class as usize], currency)).to_vec(),
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
        .take(CLASSES.len())
        .enumerate()
        .map(|(at, one)| signed(at) * i128::from(one.sum))
        .sum();
    let count: i128 = totals
        .iter()
        .take(CLASSES.len())
        .enumerate()
        .map(|(at, one)| signed(at) * i128::from(one.count))
        .sum();
    sum == 0 && count == 0
}

fn rates(words: Words, overview: &Overview) -> Vec<Value> {
    let rows = overview.rates.iter().map(|(currency, rate)| {
        let value = |sum: i64| u128::try_from(sum).unwrap_or(0);
        context! {
            currency => currency.code(),
            to_match => total(words, rate.to_match, *currency),
            posted => total(words, rate.posted, *currency),
            by_count => words.percent(rate.posted.count.into(), rate.to_match.count.into()),
            by_value => words.percent(value(rate.posted.sum), value(rate.to_match.sum)),
        }
    });
    rows.collect()
}

fn classes(words: Words, overview: &Overview) -> Vec<Value> {
    let rows = overview.posted_classes.iter().map(|((class, currency), sum)| {
        context! { class, currency => currency.code(), total => total(words, *sum, *currency) }
    });
    rows.collect()
}

fn reason_chart(words: Words, overview: &Overview) -> String {
    let mut bars: Vec<Bar> = Vec::new();
    for figures in &overview.reasons {
        let label = reason::name(words, figures.reason);
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
            label: say!(words, "report.more_reasons", count = rest.len()),
            proposed: rest.iter().map(|bar| bar.proposed).sum(),
            open: rest.iter().map(|bar| bar.open).sum(),
        });
    }
    let size = Size { width: 680, label: 240 };
    chart::bars(words.text("report.exceptions_by_reason"), size, &bars)
}

fn age_chart(words: Words, overview: &Overview) -> String {
    let ages = overview.ages.iter().map(|age| Bar {
        label: match age.last {
            Some(last) => say!(
                words,
                "report.age_days",
                first = age.first.to_string(),
                last = last.to_string()
            ),
            None => say!(words, "report.age_over", days = (age.first - 1).to_string()),
        },
        proposed: age.proposed,
        open: age.open,
    });
    let size = Size { width: 440, label: 110 };
    chart::bars(words.text("report.exceptions_by_age"), size, &ages.collect::<Vec<_>>())
}

fn reasons(words: Words, overview: &Overview) -> Vec<Value> {
    let rows = overview.reasons.iter().map(|figures| {
        context! {
            words => reason::name(words, figures.reason),
            reason => figures.reason.code(),
            currency => figures.currency.code(),
            proposed => total(words, figures.proposed, figures.currency),
            open => total(words, figures.open, figures.currency),
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

fn exception_rows<'n>(words: Words, exceptions: impl Iterator<Item = &'n JudgedPayment>) -> Vec<Value> {
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
                probability => words.percent(candidate.probability.0.into(), 1_000_000),
            }
        });
        context! {
            amount => words.amount(payment.amount),
            payer => shown::cut(&shown::text(payment.payer_name()), 70),
            remittance => shown::cut(&shown::text(&payment.remittance_text()), 140),
            bank_ref => shown::cut(&shown::text(&payment.bank_ref), 40),
            booking_date => payment.booking_date.to_string(),
            age => say!(words, "report.age", days = judged.age_days.to_string()),
            status,
            status_word => words.find(&format!("status.{status}")),
            code,
            sentence => shown::cut(&shown::text(&reason::sentence(words, payment, explanation)), 200),
            candidate,
        }
    });
    rows.collect()
}

fn finding_row(words: Words, finding: &crate::model::Finding) -> Value {
    let [severity, code, file, place, message, remedy] = findings::cells(words, finding);
    let remedy = if remedy.is_empty() {
        remedy
    } else {
        say!(words, "report.help", remedy)
    };
    context! { severity, code, file, place, message, remedy }
}

fn refused(words: Words, night: &Night) -> Vec<Value> {
    let rows = overview::refused(night).into_iter().map(|(input, why)| {
        context! {
            name => shown::text(&input.name),
            state => words.text(if input.state == InputState::Held { "report.state_held" } else { "report.state_refused" }),
            findings => why.into_iter().take(LIST_MAX).map(|finding| finding_row(words, finding)).collect::<Vec<_>>(),
        }
    });
    rows.collect()
}

fn warnings(words: Words, night: &Night) -> Value {
    let warnings = || {
        night
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Warning)
    };
    context! {
        count => warnings().count(),
        title => say!(words, "report.warnings", count = warnings().count()),
        rows => warnings().take(LIST_MAX).map(|finding| finding_row(words, finding)).collect::<Vec<_>>(),
    }
}

fn statements(words: Words, night: &Night) -> Vec<Value> {
    let rows = night.statements.iter().map(|line| {
        let decimals = line.currency.map_or(2, |currency| currency.decimals());
        let figure = |minor: i64| words.figure(minor, decimals);
        let marked = |mark: &str, key: &'static str| format!("{mark} {}", words.text(key));
        let (state, proof) = match &line.proof {
            _ if line.is_refused && !matches!(line.proof, Proof::Broken { .. } | Proof::Incomplete) => {
                ("bad", marked("✗", "report.proof_refused"))
            }
            Proof::Proved => ("good", marked("✓", "report.proof_proved")),
            Proof::Unproved => ("fair", marked("!", "report.proof_unproved")),
            Proof::NotChecked => ("fair", marked("–", "report.proof_not_checked")),
            Proof::Incomplete => ("bad", marked("✗", "report.proof_incomplete")),
            Proof::Broken { stated, computed } => {
                let (stated, computed) = (figure(*stated), figure(*computed));
                (
                    "bad",
                    format!("✗ {}", say!(words, "report.proof_broken", stated, computed)),
                )
            }
        };
        context! {
            file => shown::text(&line.file),
            account => shown::text(&line.account),
            currency => line.currency.map(|currency| currency.code().to_owned()),
            name => shown::text(&line.name),
            from => line.days.map(|(from, _)| from.to_string()),
            to => line.days.filter(|(from, to)| from != to).map(|(_, to)| say!(words, "report.to", day = to)),
            opening => line.opening.map(figure),
            credits => figure(line.credits.1),
            credit_count => words.count(line.credits.0),
            debits => figure(line.debits.1),
            debit_count => words.count(line.debits.0),
            closing => line.closing.map(figure),
            state,
            proof,
        }
    });
    rows.collect()
}

fn set_aside(words: Words, night: &Night) -> Vec<Value> {
    let rows = night
        .run
        .totals
        .set_aside
        .iter()
        .map(|((account, currency, rule), sum)| {
            context! {
                words => reason::rule_name(words, rule.code()),
                rule => rule.code(),
                text => reason::set_aside(words, *rule),
                account => shown::text(account),
                currency => currency.code(),
                total => total(words, *sum, *currency),
                is_booked => rule.is_booked(),
            }
        });
    rows.collect()
}

fn duplicates(words: Words, night: &Night) -> Vec<Value> {
    let mut rules: BTreeMap<(&str, Currency), (CountSum, &str)> = BTreeMap::new();
    for entry in &night.duplicates {
        let (sum, _) = rules
            .entry((entry.rule, entry.currency))
            .or_insert((CountSum::default(), entry.text.as_str()));
        sum.count += 1;
        sum.sum = sum.sum.saturating_add(entry.amount);
    }
    let rows = rules.into_iter().map(|((rule, currency), (sum, text))| {
        context! { words => reason::rule_name(words, rule), rule, text => shown::text(&words.phrase(text)), currency => currency.code(), total => total(words, sum, currency) }
    });
    rows.collect()
}

/// Decisions that could not be carried out; the file answers all of them.
fn decisions(words: Words, night: &Night) -> Vec<Value> {
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
            reason => shown::text(&words.phrase(&result.reason)),
        }
    });
    rows.collect()
}

fn inputs(words: Words, night: &Night) -> Vec<Value> {
    let rows = night.run.inputs.iter().map(|input| {
        context! {
            name => shown::text(&input.name),
            role => words.text(match input.role {
                crate::model::run::InputRole::Statement => "report.role_statement",
                crate::model::run::InputRole::OpenItems => "report.role_open_items",
                crate::model::run::InputRole::Customers => "report.role_customers",
                crate::model::run::InputRole::History => "report.role_history",
                crate::model::run::InputRole::Decisions => "report.role_decisions",
                crate::model::run::InputRole::Claims => "report.role_claims",
            }),
            records => words.count(input.records),
            state => words.text(match input.state {
                InputState::Read => "report.state_read",
                InputState::Known => "report.state_known",
                InputState::Refused => "report.state_refused",
                InputState::Held => "report.state_held",
            }),
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
