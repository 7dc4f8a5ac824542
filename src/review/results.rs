//! `decisions_result.csv`: every decision answered once, with the reason in words.
//!
//! UTF-8, `,`, lines end with `\n`. What people typed is kept from being a formula.

use crate::model::decision::DecisionResult;
use crate::model::{At, Night};
use crate::review::cells::safe;
use crate::words::{Words, shown};
use std::io;

/// The columns, in this order.
pub const COLUMNS: [&str; 10] = [
    "file",
    "sheet",
    "row",
    "payment_id",
    "decision",
    "target",
    "decided_by",
    "outcome",
    "reason",
    "posting_ids",
];

/// Writes the answers by file and row; several posting ids are joined by `;`.
pub fn write(night: &Night, out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    table.write_record(COLUMNS)?;
    let words = Words::of(night.language);
    for result in &night.decision_results {
        table.write_record(cells(words, result))?;
    }
    table.flush()
}

fn cells(words: Words, result: &DecisionResult) -> [String; 10] {
    let (sheet, row) = match &result.source.at {
        At::Row { sheet, row } => (sheet.clone(), row.to_string()),
        At::Line(row) | At::Cell { row, .. } => (String::new(), row.to_string()),
        At::File => (String::new(), String::new()),
        other => (String::new(), other.to_string()),
    };
    let text = |written: &str| safe(&shown::text(written)).into_owned();
    [
        text(&result.source.file),
        text(&sheet),
        row,
        text(&result.payment_id),
        text(&result.decision),
        text(&result.target),
        text(&result.decided_by),
        result.outcome.code().to_owned(),
        text(&words.phrase(&result.reason)),
        result.posting_ids.join(";"),
    ]
}
