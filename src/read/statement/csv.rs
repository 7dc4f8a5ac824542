//! Bank statements as CSV, by profiles.

use super::FileReading;
use crate::model::{Finding, FindingCode, NaiveDate, Source};

/// One bank's CSV layout.
#[derive(Clone, Debug)]
pub struct Profile;

/// Reads a statement by the profile that fits its header.
pub fn read(name: &str, bytes: &[u8], profiles: &[Profile], as_of: NaiveDate) -> FileReading {
    let _ = (profiles, as_of);
    let begin: String = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).into_owned();
    let refusal = Finding::error(FindingCode::FormatUnknown, Source::file(name), vec![begin]);
    FileReading::refused(name, refusal)
}
