//! `findings.csv`: every warning and refusal on the inputs. UTF-8, `,`, lines end with `\n`; hidden characters of the
//! inputs are written out.

use crate::model::{Finding, Night};
use crate::words::{Words, finding, shown};
use std::io;

/// The columns, in this order.
pub const COLUMNS: [&str; 6] = ["severity", "code", "file", "place", "message", "remedy"];

/// Writes the findings in the order of the night.
pub fn write(night: &Night, out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    table.write_record(COLUMNS)?;
    let words = Words::of(night.language);
    for finding in &night.findings {
        table.write_record(cells(words, finding))?;
    }
    table.flush()
}

/// Returns severity, code, file, place, message and remedy of a finding.
pub fn cells(words: Words, finding: &Finding) -> [String; 6] {
    let said = finding::message(words, finding);
    [
        finding.severity.code().to_owned(),
        finding.code.code().to_owned(),
        shown::text(&finding.source.file),
        shown::text(&finding.source.at.to_string()),
        said.message,
        said.remedy,
    ]
}
