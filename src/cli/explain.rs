//! `explain`: the evidence for and against, as a waterfall.

use crate::cli::args::{ExplainArguments, Format};
use crate::cli::{exit, output, run};
use crate::model::{Amount, Candidate, Outcome};
use crate::store::{Store, StoredPayment};
use crate::words;
use crate::words::catalogue::{Words, say};
use crate::words::finding::visible;

/// Says why a payment became what it became.
pub fn run(arguments: &ExplainArguments) -> u8 {
    let (state, words) = match state_folder(arguments) {
        Ok(found) => found,
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
                    Format::Text => output::text(&text(words, payment)),
                    Format::Json => output::text(&json(payment)),
                }
            }
            exit::DONE
        }
    }
}

/// Returns the folder of the record and the words to explain in; settings that cannot be read are needed for neither where
/// the folder is named.
fn state_folder(arguments: &ExplainArguments) -> Result<(std::path::PathBuf, Words), String> {
    let config = run::config_path(arguments.config.as_deref());
    let settings = run::settings(config.as_deref());
    match (&arguments.state, settings) {
        (Some(state), settings) => {
            let words = settings.map_or_else(|_| Words::english(), |settings| Words::of(settings.language));
            Ok((state.clone(), words))
        }
        (None, settings) => settings.map(|settings| (settings.outputs.state, Words::of(settings.language))),
    }
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
fn text(words: Words, stored: &StoredPayment) -> String {
    let known = &stored.known;
    let account = say!(words, "explain.account", account = known.account);
    let amount = words.amount(known.amount);
    let mut lines = vec![format!("{}  {}  {amount}  {account}", known.id, known.booking_date)];
    if !known.bank_ref.is_empty() {
        let reference = visible(&known.bank_ref);
        lines.push(say!(words, "explain.bank_reference", reference));
    }
    if let Some(payment) = &stored.payment {
        lines.push(say!(words, "explain.payer", payer = visible(payment.payer_name())));
        lines.push(say!(
            words,
            "explain.remittance",
            text = visible(&payment.remittance_text())
        ));
    }
    lines.push(String::new());
    let (run, outcome) = (stored.last_run.to_string(), outcome(words, stored.explanation.outcome));
    lines.push(say!(words, "explain.in_run", run, outcome));
    if let (Some(payment), Outcome::Proposed(_) | Outcome::Exception(_)) = (&stored.payment, stored.explanation.outcome)
    {
        let sentence = words::reason::sentence(words, payment, &stored.explanation);
        lines.push(visible(&sentence));
    }
    lines.extend(postings(words, stored));
    for (rank, candidate) in stored.explanation.candidates.iter().enumerate() {
        lines.push(String::new());
        lines.extend(waterfall(words, rank + 1, candidate, stored));
    }
    if let [first, second, ..] = stored.explanation.candidates.as_slice() {
        let bits = bits(first.weight() - second.weight());
        lines.push(String::new());
        lines.push(say!(words, "explain.margin", bits));
    }
    if !stored.explanation.candidates.is_empty() {
        let probability = stored.explanation.none.to_string();
        lines.push(say!(words, "explain.none", probability));
    }
    lines.extend(stored.decisions.iter().map(|result| {
        let (outcome, person) = (result.outcome.code(), visible(&result.decided_by));
        let reason = words.phrase(&result.reason);
        say!(
            words,
            "explain.decision",
            decision = result.decision,
            person,
            outcome,
            reason
        )
    }));
    lines.join("\n") + "\n"
}

fn outcome(words: Words, outcome: Outcome) -> String {
    match outcome {
        Outcome::Posted => say!(words, "explain.posted"),
        Outcome::Proposed(reason) => say!(words, "explain.proposed", reason = reason.code()),
        Outcome::Exception(reason) => say!(words, "explain.open", reason = reason.code()),
        Outcome::SetAside(rule) => {
            let sentence = words::reason::set_aside(words, rule);
            say!(words, "explain.set_aside", rule = rule.code(), sentence)
        }
    }
}

fn postings(words: Words, stored: &StoredPayment) -> Vec<String> {
    let lines = stored
        .postings
        .iter()
        .flat_map(|posting| posting.posting.lines.iter().map(move |line| (posting, line)));
    let said = lines.map(|(posting, line)| {
        let amount = Amount::new(line.amount, stored.known.amount.currency);
        let what = if line.item_id.is_none() {
            words.text("explain.on_account").to_owned()
        } else {
            visible(&line.document_number)
        };
        let (customer, person) = (visible(&line.customer_id), visible(&posting.posting.decided_by));
        let said = say!(words, "explain.posting", id = line.id, amount, what, customer, person);
        format!("  {said}")
    });
    said.collect()
}

fn waterfall(words: Words, rank: usize, candidate: &Candidate, stored: &StoredPayment) -> Vec<String> {
    let documents: Vec<String> = candidate
        .allocations
        .iter()
        .map(|part| visible(&part.document_number))
        .collect();
    let documents = if documents.is_empty() {
        words.text("explain.on_account").to_owned()
    } else {
        documents.join(words.text("list.comma"))
    };
    let customer = format!(
        "{} {}",
        visible(&candidate.customer_id),
        visible(&candidate.customer_name)
    );
    let (kind, class) = (candidate.kind.code(), candidate.class.to_string());
    let probability = candidate.probability.to_string();
    let mut lines = vec![say!(
        words,
        "explain.candidate",
        rank,
        documents,
        customer,
        kind,
        probability,
        class
    )];
    let currency = stored.known.amount.currency;
    for part in &candidate.allocations {
        let (open, cash) = (part.open, Amount::new(part.cash, currency));
        let mut line = say!(
            words,
            "explain.takes",
            document = visible(&part.document_number),
            open,
            cash
        );
        let amount = |minor: i64| Amount::new(minor, currency);
        if part.discount != 0 {
            line += &say!(words, "explain.discount", amount = amount(part.discount));
        }
        if part.charges != 0 {
            line += &say!(words, "explain.charges", amount = amount(part.charges));
        }
        if part.write_off != 0 {
            line += &say!(words, "explain.written_off", amount = amount(part.write_off));
        }
        lines.push(format!("     {line}"));
    }
    let mut sum = 0;
    lines.extend(candidate.evidence.iter().map(|evidence| {
        sum += evidence.weight;
        let clause = visible(&words::evidence::clause(words, evidence));
        format!("     {:>8}  {:>8}  {clause}", bits(evidence.weight), bits(sum))
    }));
    lines
}

/// Returns 1/100 bits as `+12.34`.
fn bits(weight: i32) -> String {
    let sign = if weight < 0 { '-' } else { '+' };
    format!("{sign}{}.{:02}", weight.abs() / 100, weight.abs() % 100)
}
