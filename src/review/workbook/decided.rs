//! The sheets about what is settled: `Posted`, where a posting is taken back, and `Decisions`, what became of each decision.

use super::lists::{finish, write_header};
use super::style::Style;
use crate::model::decision::{DecisionOutcome, DecisionResult};
use crate::model::{Action, JudgedPayment, Night, Posting, Probability, Waiting};
use crate::review::cells::Cell;
use crate::review::sheet;
use crate::words::catalogue::{Words, say};
use crate::words::{action, decision, shown};
use rust_xlsxwriter::{DataValidation, Worksheet, XlsxError};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Most rows of the sheet of postings: those that the program is least sure of. All stand in `postings.csv`.
const POSTED_MAX: usize = 5_000;

/// Writes `Posted`: what waits to be taken back, then the postings of the night, the least certain first.
pub(super) fn write_posted(sheet: &mut Worksheet, night: &Night, style: &Style) -> Result<(), XlsxError> {
    let words = Words::of(night.language);
    sheet.set_name(words.text("sheet.posted"))?;
    let columns = [
        ("decision", 12.0, &style.input_text),
        ("target", 14.0, &style.input_text),
        ("note", 24.0, &style.input_text),
        ("decided_by", 13.0, &style.input_text),
        ("posting_id", 14.0, &style.text),
        ("booking_date", 11.5, &style.date),
        ("amount", 14.0, &style.amounts[2]),
        ("currency", 9.0, &style.text),
        ("payer_name", 28.0, &style.text),
        ("customer_id", 13.0, &style.text),
        ("doc_no", 32.0, &style.text),
        ("kind", 14.0, &style.text),
        ("probability", 11.5, &style.rate),
        ("posted_by", 13.0, &style.text),
        ("last_result", 48.0, &style.wrapped),
        ("payment_id", 22.0, &style.text),
        ("row_hash", 19.0, &style.text),
        ("run", 9.0, &style.count),
    ];
    write_header(sheet, words, style, 0, &columns)?;
    let waiting = night.waiting.iter();
    let waiting = waiting.filter(|waiting| waiting.decision.action == Action::Undo);
    let mut rows: Vec<[Cell; 18]> = waiting.map(|waiting| waiting_cells(words, waiting, night)).collect();
    let posted = posted(night);
    rows.extend(
        posted
            .iter()
            .take(POSTED_MAX)
            .map(|(judged, posting)| posted_cells(judged, posting, night)),
    );
    let mut row = 0;
    for cells in &rows {
        row += 1;
        for ((column, cell), (_, _, format)) in (0_u16..).zip(cells).zip(columns) {
            style.put(sheet, (row, column), cell, format)?;
        }
    }
    let offered = [Action::Undo, Action::Approve].map(|action| action::word(words, action));
    let decision = DataValidation::new().allow_list_strings(&offered)?;
    sheet.add_data_validation(1, 0, row.max(1), 0, &decision)?;
    finish(sheet, words, row, columns.len() as u16)?;
    if posted.len() > POSTED_MAX {
        let text = say!(words, "sheet.more_postings", count = posted.len() - POSTED_MAX);
        sheet.write_string_with_format(row + 1, 4, text, &style.bold)?;
    }
    Ok(())
}

fn posted(night: &Night) -> Vec<(&JudgedPayment, &Posting)> {
    let judged = night.payments.iter();
    let mut posted: Vec<(&JudgedPayment, &Posting)> = judged
        .filter_map(|judged| Some((judged, night.postings.get(judged.posting?)?)))
        .collect();
    posted.sort_by_cached_key(|(judged, posting)| {
        let certainty = posting.probability.unwrap_or(Probability::ONE);
        let minor = judged.payment.amount.minor.saturating_abs();
        (certainty, Reverse(minor), judged.payment.id.clone())
    });
    posted
}

fn posted_cells(judged: &JudgedPayment, posting: &Posting, night: &Night) -> [Cell; 18] {
    let payment = &judged.payment;
    let text = |written: &str| Cell::text(shown::text(written));
    let join = |each: fn(&crate::model::PostingLine) -> &str| {
        let all: BTreeSet<&str> = posting
            .lines
            .iter()
            .map(each)
            .filter(|written| !written.is_empty())
            .collect();
        let all: Vec<&str> = all.into_iter().collect();
        Cell::text(shown::cut(&shown::text(&all.join("; ")), 8_000))
    };
    let ids: Vec<&str> = posting.lines.iter().map(|line| line.id.as_str()).collect();
    [
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::text(shown::cut(&ids.join("; "), 8_000)),
        Cell::Date(payment.booking_date),
        Cell::Amount {
            minor: payment.amount.minor,
            decimals: payment.amount.currency.decimals(),
        },
        Cell::text(payment.amount.currency.code()),
        text(payment.payer_name()),
        join(|line| &line.customer_id),
        join(|line| &line.document_number),
        Cell::text(posting.kind.code()),
        posting.probability.map_or(Cell::Empty, Cell::Rate),
        text(&posting.decided_by),
        text(&judged.last_result),
        text(&payment.id.0),
        Cell::text(sheet::settled_hash(&payment.id, Some(posting))),
        Cell::Count(i64::try_from(night.run.number).unwrap_or(i64::MAX)),
    ]
}

fn waiting_cells(words: Words, waiting: &Waiting, night: &Night) -> [Cell; 18] {
    let mut cells = [const { Cell::Empty }; 18];
    let waits = &waiting.decision;
    let posting = waits.targets.first().map_or("", |target| target.text.as_str());
    cells[4] = Cell::text(shown::text(posting));
    cells[14] = Cell::text(words.phrase(&decision::waits(waits, waiting.run)));
    cells[15] = Cell::text(shown::text(&waits.payment_id.0));
    cells[16] = Cell::text(waiting.row_hash.clone());
    cells[17] = Cell::Count(i64::try_from(night.run.number).unwrap_or(i64::MAX));
    cells
}

/// Writes `Decisions`: what became of them, what is left to do first; then what still waits for a second person.
///
/// The headers are no columns of the exceptions sheet, so that a saved workbook does not decide again.
pub(super) fn write_answers(sheet: &mut Worksheet, night: &Night, style: &Style) -> Result<(), XlsxError> {
    let words = Words::of(night.language);
    sheet.set_name(words.text("sheet.decisions"))?;
    let columns = [
        ("outcome", 17.0, &style.bold),
        ("what_became_of_it", 70.0, &style.wrapped),
        ("decided", 17.0, &style.text),
        ("for_what", 24.0, &style.text),
        ("by_whom", 13.0, &style.text),
        ("payer", 28.0, &style.text),
        ("paid", 14.0, &style.amounts[2]),
        ("posting_ids", 16.0, &style.text),
        ("file", 34.0, &style.text),
        ("place", 14.0, &style.text),
        ("payment", 22.0, &style.text),
    ];
    write_header(sheet, words, style, 0, &columns)?;
    let payments: BTreeMap<&str, &JudgedPayment> = night
        .payments
        .iter()
        .map(|judged| (judged.payment.id.0.as_str(), judged))
        .collect();
    let mut results: Vec<&DecisionResult> = night.decision_results.iter().collect();
    results.sort_by_key(|result| rank(result.outcome));
    let answered: BTreeSet<&str> = results.iter().map(|result| result.payment_id.as_str()).collect();
    let mut rows: Vec<[Cell; 11]> = Vec::new();
    for result in &results {
        let of = payments.get(result.payment_id.as_str()).copied();
        rows.push(answer_cells(
            result,
            result.outcome.code(),
            &words.phrase(&result.reason),
            of,
        ));
    }
    let waiting = night.waiting.iter();
    for waiting in waiting.filter(|waiting| !answered.contains(waiting.decision.payment_id.0.as_str())) {
        let decided = &waiting.decision;
        let result = DecisionResult {
            source: decided.source.clone(),
            payment_id: decided.payment_id.0.clone(),
            decision: decided.action.code().to_owned(),
            target: decided.target_text(),
            decided_by: decided.decided_by.clone(),
            outcome: DecisionOutcome::NeedsApproval,
            reason: String::new(),
            posting_ids: Vec::new(),
        };
        let of = payments.get(result.payment_id.as_str()).copied();
        let told = decision::waits(decided, waiting.run);
        rows.push(answer_cells(&result, result.outcome.code(), &words.phrase(&told), of));
    }
    let mut row = 0;
    for cells in &rows {
        row += 1;
        for ((column, cell), (_, _, format)) in (0_u16..).zip(cells).zip(columns) {
            style.put(sheet, (row, column), cell, format)?;
        }
    }
    finish(sheet, words, row, columns.len() as u16)
}

/// What asks for a person stands first.
fn rank(outcome: DecisionOutcome) -> u8 {
    match outcome {
        DecisionOutcome::Conflict => 0,
        DecisionOutcome::Stale => 1,
        DecisionOutcome::Rejected => 2,
        DecisionOutcome::NeedsApproval => 3,
        DecisionOutcome::Applied => 4,
        DecisionOutcome::Already => 5,
    }
}

fn answer_cells(result: &DecisionResult, outcome: &str, reason: &str, of: Option<&JudgedPayment>) -> [Cell; 11] {
    let text = |written: &str| Cell::text(shown::text(written));
    let amount = |judged: &JudgedPayment| Cell::Amount {
        minor: judged.payment.amount.minor,
        decimals: judged.payment.amount.currency.decimals(),
    };
    [
        Cell::text(outcome),
        text(reason),
        text(&result.decision),
        text(&result.target),
        text(&result.decided_by),
        of.map_or(Cell::Empty, |judged| text(judged.payment.payer_name())),
        of.map_or(Cell::Empty, amount),
        Cell::text(result.posting_ids.join("; ")),
        text(&result.source.file),
        text(&result.source.at.to_string()),
        text(&result.payment_id),
    ]
}
