//! `explain`: the evidence for and against, as a waterfall.

use crate::cli::args::{ExplainArguments, Format};
use crate::cli::{exit, output, run};
use crate::model::{Amount, Candidate, Outcome};
use crate::store::{Store, StoredPayment};
use crate::words;
use crate::words::finding::visible;
use std::fmt::Write;

/// Says why a payment became what it became.
pub fn run(arguments: &ExplainArguments) -> u8 {
    let state = match state_folder(arguments) {
        Ok(state) => state,
        Err(text) => {
            output::error(&text);
            return exit::SETTINGS;
        }
    };
    let found = Store::open_read_only(&state).and_then(|store| store.find_payment(&arguments.id));
    match found {
        Err(error) => {
            let failure = crate::run::Failure::from(error);
            output::error(&failure.to_string());
            run::code(&failure)
        }
        Ok(found) if found.is_empty() => {
            output::error(&format!(
                "error[EXPLAIN]: no payment has the id or bank reference `{}`\nhelp: take it from the column payment_id or bank_ref of a file in out/latest",
                visible(&arguments.id)
            ));
            exit::USAGE
        }
        Ok(found) => {
            for payment in &found {
                match arguments.format {
                    Format::Text => output::text(&text(payment)),
                    Format::Json => output::text(&json(payment)),
                }
            }
            exit::DONE
        }
    }
}

fn state_folder(arguments: &ExplainArguments) -> Result<std::path::PathBuf, String> {
    if let Some(state) = &arguments.state {
        return Ok(state.clone());
    }
    let config = run::config_path(arguments.config.as_deref());
    Ok(run::settings(config.as_deref())?.outputs.state)
}

fn json(stored: &StoredPayment) -> String {
    let value = serde_json::json!({
        "payment_id": stored.known.id,
        "bank_ref": stored.known.bank_ref,
        "account": stored.known.account,
        "booking_date": stored.known.booking_date,
        "amount": stored.known.amount.decimal(),
        "currency": stored.known.amount.currency,
        "state": stored.known.state.code(),
        "run": stored.last_run,
        "explanation": stored.explanation,
        "postings": stored.postings.iter().map(|posting| &posting.posting).collect::<Vec<_>>(),
    });
    value.to_string()
}

/// Returns the waterfall as text.
fn text(stored: &StoredPayment) -> String {
    let known = &stored.known;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}  {}  {}  account {}",
        known.id, known.booking_date, known.amount, known.account
    );
    if !known.bank_ref.is_empty() {
        let _ = writeln!(text, "bank reference {}", visible(&known.bank_ref));
    }
    if let Some(payment) = &stored.payment {
        let _ = writeln!(text, "payer      {}", visible(payment.payer_name()));
        let _ = writeln!(text, "remittance {}", visible(&payment.remittance_text()));
    }
    let outcome = match stored.explanation.outcome {
        Outcome::Posted => "posted".to_owned(),
        Outcome::Proposed(reason) => format!("proposed, not posted: {}", reason.code()),
        Outcome::Exception(reason) => format!("open: {}", reason.code()),
        Outcome::SetAside(rule) => format!("set aside: {}. {}", rule.code(), words::reason::set_aside(rule)),
    };
    let _ = writeln!(text, "\nIn run {}: {outcome}", stored.last_run);
    if let (Some(payment), Outcome::Proposed(_) | Outcome::Exception(_)) = (&stored.payment, stored.explanation.outcome)
    {
        let _ = writeln!(
            text,
            "{}",
            visible(&words::reason::sentence(payment, &stored.explanation))
        );
    }
    for posting in &stored.postings {
        for line in &posting.posting.lines {
            let amount = Amount::new(line.amount, known.amount.currency);
            let what = if line.item_id.is_none() {
                "on account".to_owned()
            } else {
                visible(&line.document_number)
            };
            let by = visible(&posting.posting.decided_by);
            let back = posting
                .revoked_in
                .map_or_else(String::new, |run| format!(", taken back in run {run}"));
            let _ = writeln!(
                text,
                "  posting {}: {amount} for {what}, customer {} ({by}){back}",
                line.id,
                visible(&line.customer_id)
            );
        }
    }
    for (rank, candidate) in stored.explanation.candidates.iter().enumerate() {
        text.push_str(&waterfall(rank + 1, candidate, stored));
    }
    if let [first, second, ..] = stored.explanation.candidates.as_slice() {
        let margin = first.weight() - second.weight();
        let _ = writeln!(text, "\nMargin between the first and the second: {} bits", bits(margin));
    }
    if !stored.explanation.candidates.is_empty() {
        let _ = writeln!(text, "None of them: {}", stored.explanation.none);
    }
    for result in &stored.decisions {
        let _ = writeln!(
            text,
            "Decision {} by {}: {} {}",
            result.decision,
            visible(&result.decided_by),
            result.outcome.code(),
            result.reason
        );
    }
    text
}

fn waterfall(rank: usize, candidate: &Candidate, stored: &StoredPayment) -> String {
    let mut text = String::new();
    let documents: Vec<String> = candidate
        .allocations
        .iter()
        .map(|part| visible(&part.document_number))
        .collect();
    let documents = if documents.is_empty() {
        "on account".to_owned()
    } else {
        documents.join(", ")
    };
    let name = visible(&candidate.customer_name);
    let _ = writeln!(
        text,
        "\n{rank}. {documents} | {} {name} | {} | probability {} | class {}",
        visible(&candidate.customer_id),
        candidate.kind.code(),
        candidate.probability,
        candidate.class
    );
    for part in &candidate.allocations {
        let cash = Amount::new(part.cash, stored.known.amount.currency);
        let _ = write!(
            text,
            "     {}: open {}, takes {cash}",
            visible(&part.document_number),
            part.open
        );
        for (what, minor) in [
            ("discount", part.discount),
            ("charges", part.charges),
            ("written off", part.write_off),
        ] {
            if minor != 0 {
                let _ = write!(text, ", {what} {}", Amount::new(minor, stored.known.amount.currency));
            }
        }
        text.push('\n');
    }
    let mut sum = 0;
    for evidence in &candidate.evidence {
        sum += evidence.weight;
        let _ = writeln!(
            text,
            "     {:>8}  {:>8}  {}",
            bits(evidence.weight),
            bits(sum),
            visible(&words::evidence::clause(evidence))
        );
    }
    text
}

/// Returns 1/100 bits as `+12.34`.
fn bits(weight: i32) -> String {
    let sign = if weight < 0 { '-' } else { '+' };
    format!("{sign}{}.{:02}", weight.abs() / 100, weight.abs() % 100)
}
