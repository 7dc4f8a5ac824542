//! What was read from a file: as one JSON object for programs, as text for people.

mod text;
mod value;

use crate::read::statement::FileReading;

/// Returns the reading as one line of JSON, without a line end: file, verdict, message, findings, statements.
pub fn json(reading: &FileReading) -> String {
    let mut bytes = Vec::new();
    // Writing into memory cannot fail.
    let _ = value::write(&mut bytes, reading);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes what [`json`] returns.
pub fn write_json(mut out: &mut dyn std::io::Write, reading: &FileReading) -> std::io::Result<()> {
    value::write(&mut out, reading)
}

/// Returns the reading as text for a clerk: verdict, the sum of each statement, its entries, what is to be looked at.
pub fn text(reading: &FileReading) -> String {
    text::file(reading)
}

/// Returns the one word for a file: `accepted` or `refused`.
fn verdict(reading: &FileReading) -> &'static str {
    if reading.is_refused() { "refused" } else { "accepted" }
}
