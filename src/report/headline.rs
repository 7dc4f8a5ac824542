//! What happened and what to do next, in plain sentences.

use crate::model::decision::DecisionOutcome;
use crate::model::run::{Class, InputState};
use crate::model::{FindingCode, Night, Outcome};
use crate::report::overview::{Overview, gaps};
use crate::words::finding;
use crate::words::shown::{count, percent, plural};

/// Returns what happened, most important first.
pub fn sentences(night: &Night, overview: &Overview) -> Vec<String> {
    let (receipts, receipts_posted) = overview.receipts();
    let (posted, proposed, open) = (
        overview.count(Class::Posted),
        overview.count(Class::Proposed),
        overview.count(Class::Open),
    );
    let mut said = Vec::new();
    if night.is_shadow {
        said.push("Shadow mode: everything is proposed, nothing is posted.".to_owned());
    } else if receipts_posted > 0 {
        let rate = percent(receipts_posted.into(), receipts.into());
        let of = plural(receipts, "receipt", "receipts");
        let verb = if receipts_posted == 1 { "was" } else { "were" };
        said.push(format!("{} of {of} {verb} posted ({rate}).", count(receipts_posted)));
    } else if posted > 0 {
        said.push(format!("{} posted.", plural(posted, "payment was", "payments were")));
    } else if overview.count(Class::Read) + overview.count(Class::Carried) == 0 {
        said.push("There was nothing to read: no statement holds a booked entry.".to_owned());
    } else if !has_new(night) {
        said.push(
            "Nothing was posted, because there is nothing new: every entry of the statements is known.".to_owned(),
        );
    } else if proposed + open == 0 {
        said.push("Nothing was posted: every booked entry was settled before or is no receipt.".to_owned());
    } else {
        said.push("Nothing was posted: no payment is certain enough.".to_owned());
    }
    let earlier = night
        .duplicates
        .iter()
        .filter(|entry| entry.rule == "POSTED_EARLIER")
        .count() as u64;
    if earlier > 0 {
        said.push(format!(
            "{} posted by an earlier run.",
            plural(earlier, "payment was", "payments were")
        ));
    }
    if !night.reversals.is_empty() {
        let count = night.reversals.len() as u64;
        said.push(format!(
            "{} taken back by a person.",
            plural(count, "posting was", "postings were")
        ));
    }
    if !night.waiting.is_empty() {
        let count = night.waiting.len() as u64;
        said.push(format!(
            "{} for a second person.",
            plural(count, "decision waits", "decisions wait")
        ));
    }
    if proposed > 0 {
        said.push(format!(
            "{} for one ACCEPT.",
            plural(proposed, "proposal waits", "proposals wait")
        ));
    }
    if open > 0 {
        said.push(format!(
            "{} a person's decision.",
            plural(open, "open exception needs", "open exceptions need")
        ));
    }
    let refused = inputs(night, InputState::Refused);
    if refused > 0 {
        said.push(format!(
            "{} refused: nothing of {} was posted.",
            plural(refused, "input was", "inputs were"),
            if refused == 1 { "it" } else { "them" }
        ));
    }
    let held = inputs(night, InputState::Held);
    if held > 0 {
        said.push(format!(
            "{} held until the missing pages arrive.",
            plural(held, "input is", "inputs are")
        ));
    }
    let gaps = gaps(night).len() as u64;
    if gaps > 0 {
        said.push(format!(
            "The statements of an account do not follow on in {}: something is missing.",
            plural(gaps, "place", "places")
        ));
    }
    if !overview.is_tied {
        said.push("The totals do not tie: please report this.".to_owned());
    }
    said
}

/// Returns true when a booked entry was seen for the first time.
fn has_new(night: &Night) -> bool {
    let is_booked = |outcome| !matches!(outcome, Outcome::SetAside(rule) if !rule.is_booked());
    let mut payments = night.payments.iter();
    payments.any(|judged| judged.first_run == night.run.number && is_booked(judged.explanation.outcome))
}

/// Returns what to do next, one step each; never empty.
pub fn next_steps(night: &Night, overview: &Overview) -> Vec<String> {
    let mut steps = Vec::new();
    if overview.count(Class::Posted) + overview.count(Class::Reversed) > 0 {
        steps.push(format!(
            "Import outbox/postings-{}.csv into the ERP, then move it to outbox/done.",
            night.run.number
        ));
    }
    if is_found(night, FindingCode::OutboxWaiting) {
        steps.push("Import the posting files of earlier runs that still lie in the outbox.".to_owned());
    }
    let (proposed, open) = (overview.count(Class::Proposed), overview.count(Class::Open));
    if proposed + open > 0 {
        steps.push(format!(
            "Open exceptions.xlsx ({} proposed, {} open), choose a decision per row, and save it into the decisions folder: the next run does it.",
            count(proposed),
            count(open)
        ));
    }
    if inputs(night, InputState::Refused) + inputs(night, InputState::Held) > 0 {
        steps.push(
            "Get corrected files for the inputs that were refused or held; the remedy stands beside each.".to_owned(),
        );
    }
    let gaps = gaps(night);
    if let Some(first) = gaps.first() {
        let more = (gaps.len() as u64).saturating_sub(1);
        let more = if more == 0 {
            String::new()
        } else {
            format!(" ({} in findings.csv)", plural(more, "more gap", "more gaps"))
        };
        let said = finding::message(first);
        steps.push(format!("Get what is missing: {}{more}.", said.message));
    }
    let unanswered = night
        .decision_results
        .iter()
        .filter(|result| !matches!(result.outcome, DecisionOutcome::Applied | DecisionOutcome::Already))
        .count();
    if unanswered > 0 {
        steps.push(format!(
            "Look at {} that could not be carried out (decisions_result.csv).",
            plural(unanswered as u64, "decision", "decisions")
        ));
    }
    if steps.is_empty() {
        steps.push("Nothing is left to do.".to_owned());
    }
    steps
}

fn inputs(night: &Night, state: InputState) -> u64 {
    night.run.inputs.iter().filter(|input| input.state == state).count() as u64
}

fn is_found(night: &Night, code: FindingCode) -> bool {
    night.findings.iter().any(|finding| finding.code == code)
}
