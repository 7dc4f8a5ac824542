//! What was read from a file: as one JSON object for programs, as text for people.

mod text;
mod value;

use crate::read::statement::FileReading;
use crate::words::Words;

/// Returns the reading as one line of JSON, without a line end: file, verdict, message, findings, statements.
pub fn json(words: Words, reading: &FileReading) -> String {
    let mut bytes = Vec::new();
    // Writing into memory cannot fail.
    let _ = value::write(&mut bytes, words, reading);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes what [`json`] returns.
pub fn write_json(words: Words, mut out: &mut dyn std::io::Write, reading: &FileReading) -> std::io::Result<()> {
    value::write(&mut out, words, reading)
}

/// Returns the reading as text for a clerk: verdict, the sum of each statement, its entries, what is to be looked at.
pub fn text(words: Words, reading: &FileReading) -> String {
    text::file(words, reading)
}

/// Returns the one word for a file: `accepted` or `refused`.
fn verdict(reading: &FileReading) -> &'static str {
    if reading.is_refused() { "refused" } else { "accepted" }
}
