//! The sheets about what is settled: `Posted`, where a posting is taken back, and `Decisions`, what became of each decision.

use super::lists::{finish, kind_word, write_header, write_row};
use super::style::Style;
use crate::model::decision::{DecisionOutcome, DecisionResult};
use crate::model::{Action, JudgedPayment, Night, Payment, Posting, Probability, Waiting};
use crate::review::cells::Cell;
use crate::review::sheet;
use crate::words::catalogue::{Words, say};
use crate::words::{action, decision, header, shown};
use rust_xlsxwriter::{DataValidation, Worksheet, XlsxError};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Most rows of the sheet of postings: those that the program is least sure of. All stand in `postings.csv`.
const POSTED_MAX: usize = 5_000;

/// Columns of `Posted` that a person fills in.
const INPUTS: u16 = 4;

/// The column `last_result` of `Posted`: the last on paper.
const LAST_RESULT: u16 = 14;

/// The column `posting_ids` of `Decisions`: the last on paper.
const POSTING_IDS: u16 = 7;

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
        ("doc_no", 26.0, &style.wrapped),
        ("kind", 22.0, &style.text),
        ("probability", 11.5, &style.rate),
        ("posted_by", 13.0, &style.text),
        ("last_result", 48.0, &style.wrapped),
        ("payment_id", 22.0, &style.text),
        ("row_hash", 19.0, &style.text),
        ("run", 9.0, &style.count),
    ];
    write_header(sheet, words, style, (0, 0), &columns)?;
    for (column, (name, _, _)) in (0..INPUTS).zip(columns) {
        sheet.write_string_with_format(0, column, header::bilingual(words, name), &style.header_input)?;
    }
    let waiting = night.waiting.iter();
    let waiting = waiting.filter(|waiting| waiting.decision.action == Action::Undo);
    let mut rows: Vec<[Cell; 18]> = waiting.map(|waiting| waiting_cells(words, waiting, night)).collect();
    let (posted, further) = posted(night);
    rows.extend(
        posted
            .iter()
            .map(|(judged, posting)| posted_cells(judged, posting, night)),
    );
    let mut row = 0;
    for cells in rows {
        row += 1;
        write_row(sheet, row, style, cells, &columns)?;
    }
    let offered = [Action::Undo, Action::Approve].map(|action| action::word(words, action));
    let decision = DataValidation::new().allow_list_strings(&offered)?;
    sheet.add_data_validation(1, 0, row.max(1), 0, &decision)?;
    finish(sheet, words, row, columns.len() as u16)?;
    // On paper without the keys, on A3 as the sheet of exceptions.
    sheet.set_print_area(0, 0, row.max(1), LAST_RESULT)?;
    sheet.set_paper_size(8);
    if further > 0 {
        let text = say!(words, "sheet.more_postings", count = further);
        sheet.write_string_with_format(row + 1, 4, text, &style.bold)?;
    }
    Ok(())
}

/// Returns the postings that are listed, the least certain first, and how many are not.
fn posted(night: &Night) -> (Vec<(&JudgedPayment, &Posting)>, usize) {
    let judged = night.payments.iter();
    let mut posted: Vec<(&JudgedPayment, &Posting)> = judged
        .filter_map(|judged| Some((judged, night.postings.get(judged.posting?)?)))
        .collect();
    let certainty = |(judged, posting): &(&JudgedPayment, &Posting)| {
        let certainty = posting.probability.unwrap_or(Probability::ONE);
        let minor = judged.payment.amount.minor.saturating_abs();
        (certainty, Reverse(minor))
    };
    let compare = |a: &(&JudgedPayment, &Posting), b: &(&JudgedPayment, &Posting)| {
        let by_id = || a.0.payment.id.cmp(&b.0.payment.id);
        certainty(a).cmp(&certainty(b)).then_with(by_id)
    };
    let further = posted.len().saturating_sub(POSTED_MAX);
    if further > 0 {
        posted.select_nth_unstable_by(POSTED_MAX, compare);
        posted.truncate(POSTED_MAX);
    }
    posted.sort_by(compare);
    (posted, further)
}

fn posted_cells(judged: &JudgedPayment, posting: &Posting, night: &Night) -> [Cell; 18] {
    let payment = &judged.payment;
    let mut cells = [const { Cell::Empty }; 18];
    put_payment(&mut cells, payment);
    put_posting(Words::of(night.language), &mut cells, posting);
    cells[14] = Cell::text(shown::text(&judged.last_result));
    cells[15] = Cell::text(shown::text(&payment.id.0));
    cells[16] = Cell::text(sheet::settled_hash(&payment.id, Some(posting)));
    cells[17] = Cell::Count(i64::try_from(night.run.number).unwrap_or(i64::MAX));
    cells
}

/// Fills the cells that say what was paid by whom.
fn put_payment(cells: &mut [Cell; 18], payment: &Payment) {
    cells[5] = Cell::Date(payment.booking_date);
    cells[6] = Cell::Amount {
        minor: payment.amount.minor,
        decimals: payment.amount.currency.decimals(),
    };
    cells[7] = Cell::text(payment.amount.currency.code());
    cells[8] = Cell::text(shown::text(payment.payer_name()));
}

/// Fills the cells that say what was posted.
fn put_posting(words: Words, cells: &mut [Cell; 18], posting: &Posting) {
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
    cells[4] = Cell::text(shown::cut(&ids.join("; "), 8_000));
    cells[9] = join(|line| &line.customer_id);
    cells[10] = join(|line| &line.document_number);
    cells[11] = Cell::text(kind_word(words, posting.kind));
    cells[12] = posting.probability.map_or(Cell::Empty, Cell::Rate);
    cells[13] = Cell::text(shown::text(&posting.decided_by));
}

fn waiting_cells(words: Words, waiting: &Waiting, night: &Night) -> [Cell; 18] {
    let mut cells = [const { Cell::Empty }; 18];
    let waits = &waiting.decision;
    if let Some(settled) = night.settled.get(&waits.payment_id.0) {
        put_payment(&mut cells, &settled.payment);
        if let Some(posting) = &settled.posting {
            put_posting(words, &mut cells, posting);
        }
    }
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
        ("what_became_of_it", 64.0, &style.wrapped),
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
    write_header(sheet, words, style, (0, 0), &columns)?;
    let mut results: Vec<&DecisionResult> = night.decision_results.iter().collect();
    results.sort_by_key(|result| rank(result.outcome));
    let answered: BTreeSet<&str> = results.iter().map(|result| result.payment_id.as_str()).collect();
    let waiting = night.waiting.iter();
    let mut told: BTreeSet<&str> = waiting.map(|waiting| waiting.decision.payment_id.0.as_str()).collect();
    told.extend(&answered);
    let judged = night.payments.iter().map(|judged| &*judged.payment);
    let settled = night.settled.values().map(|settled| &settled.payment);
    // Most mornings nobody has decided yet.
    let all = settled.chain(judged).filter(|_| !told.is_empty());
    let payments: BTreeMap<&str, &Payment> = all
        .map(|payment| (payment.id.0.as_str(), payment))
        .filter(|(id, _)| told.contains(id))
        .collect();
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
    for cells in rows {
        row += 1;
        write_row(sheet, row, style, cells, &columns)?;
    }
    finish(sheet, words, row, columns.len() as u16)?;
    // On paper without file, place and key.
    sheet.set_print_area(0, 0, row.max(1), POSTING_IDS)?;
    Ok(())
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

fn answer_cells(result: &DecisionResult, outcome: &str, reason: &str, of: Option<&Payment>) -> [Cell; 11] {
    let text = |written: &str| Cell::text(shown::text(written));
    let amount = |payment: &Payment| Cell::Amount {
        minor: payment.amount.minor,
        decimals: payment.amount.currency.decimals(),
    };
    [
        Cell::text(outcome),
        text(reason),
        text(&result.decision),
        text(&result.target),
        text(&result.decided_by),
        of.map_or(Cell::Empty, |payment| text(payment.payer_name())),
        of.map_or(Cell::Empty, amount),
        Cell::text(result.posting_ids.join("; ")),
        text(&result.source.file),
        text(&result.source.at.to_string()),
        text(&result.payment_id),
    ]
}
