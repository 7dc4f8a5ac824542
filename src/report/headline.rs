//! What happened and what to do next, in plain sentences.

use crate::model::decision::DecisionOutcome;
use crate::model::run::{Class, InputState};
use crate::model::{FindingCode, Night, Outcome};
use crate::report::overview::{Overview, gaps};
use crate::words::catalogue::{Words, say};
use crate::words::finding;

/// Returns what happened, most important first.
pub fn sentences(night: &Night, overview: &Overview) -> Vec<String> {
    let words = Words::of(night.language);
    let mut said = vec![posted(words, night, overview)];
    let earlier = night
        .duplicates
        .iter()
        .filter(|entry| entry.rule == "POSTED_EARLIER")
        .count();
    if earlier > 0 {
        said.push(say!(words, "headline.posted_earlier", payments = earlier));
    }
    if !night.reversals.is_empty() {
        said.push(say!(words, "headline.taken_back", postings = night.reversals.len()));
    }
    if !night.waiting.is_empty() {
        said.push(say!(words, "headline.waiting", decisions = night.waiting.len()));
    }
    let (proposed, open) = (overview.count(Class::Proposed), overview.count(Class::Open));
    if proposed > 0 {
        said.push(say!(words, "headline.proposals", proposed));
    }
    if open > 0 {
        said.push(say!(words, "headline.exceptions", open));
    }
    let refused = inputs(night, InputState::Refused);
    if refused > 0 {
        said.push(say!(words, "headline.refused", inputs = refused));
    }
    let held = inputs(night, InputState::Held);
    if held > 0 {
        said.push(say!(words, "headline.held", inputs = held));
    }
    let places = gaps(night).len();
    if places > 0 {
        said.push(say!(words, "headline.gaps", places));
    }
    if !overview.is_tied {
        said.push(say!(words, "headline.not_tied"));
    }
    said
}

/// How much was posted, or why nothing was.
fn posted(words: Words, night: &Night, overview: &Overview) -> String {
    let (receipts, posted) = overview.receipts();
    let payments = overview.count(Class::Posted);
    if night.is_shadow {
        say!(words, "headline.shadow")
    } else if posted > 0 {
        let rate = words.percent(posted.into(), receipts.into());
        say!(words, "headline.posted", posted, receipts, rate)
    } else if payments > 0 {
        say!(words, "headline.posted_other", payments)
    } else if overview.count(Class::Read) + overview.count(Class::Carried) == 0 {
        say!(words, "headline.nothing_read")
    } else if !has_new(night) {
        say!(words, "headline.nothing_new")
    } else if overview.count(Class::Proposed) + overview.count(Class::Open) == 0 {
        say!(words, "headline.nothing_to_match")
    } else {
        say!(words, "headline.nothing_certain")
    }
}

/// Returns true when a booked entry was seen for the first time.
fn has_new(night: &Night) -> bool {
    let is_booked = |outcome| !matches!(outcome, Outcome::SetAside(rule) if !rule.is_booked());
    let mut payments = night.payments.iter();
    payments.any(|judged| judged.first_run == night.run.number && is_booked(judged.explanation.outcome))
}

/// Returns what to do next, one step each; never empty.
pub fn next_steps(night: &Night, overview: &Overview) -> Vec<String> {
    let words = Words::of(night.language);
    let mut steps = Vec::new();
    if overview.count(Class::Posted) + overview.count(Class::Reversed) > 0 {
        // A part of a file's name: never grouped.
        let run = night.run.number.to_string();
        steps.push(say!(words, "next.import", run));
    }
    if is_found(night, FindingCode::OutboxWaiting) {
        steps.push(say!(words, "next.import_earlier"));
    }
    let (proposed, open) = (overview.count(Class::Proposed), overview.count(Class::Open));
    if proposed + open > 0 {
        steps.push(say!(words, "next.decide", proposed, open));
    }
    if inputs(night, InputState::Refused) + inputs(night, InputState::Held) > 0 {
        steps.push(say!(words, "next.correct"));
    }
    let gaps = gaps(night);
    if let Some(first) = gaps.first() {
        let more = match gaps.len() {
            1 => String::new(),
            several => say!(words, "next.more_gaps", count = several - 1),
        };
        let gap = finding::message(words, first).message;
        steps.push(say!(words, "next.missing", gap, more));
    }
    let unanswered = night
        .decision_results
        .iter()
        .filter(|result| !matches!(result.outcome, DecisionOutcome::Applied | DecisionOutcome::Already))
        .count();
    if unanswered > 0 {
        steps.push(say!(words, "next.answers", count = unanswered));
    }
    if steps.is_empty() {
        steps.push(say!(words, "next.nothing"));
    }
    steps
}

fn inputs(night: &Night, state: InputState) -> u64 {
    night.run.inputs.iter().filter(|input| input.state == state).count() as u64
}

fn is_found(night: &Night, code: FindingCode) -> bool {
    night.findings.iter().any(|finding| finding.code == code)
}
