//! The exceptions sheet: written for people as a workbook and as CSV, read back as decisions. The columns are defined
//! once, in [`columns`].
//!
//! Decides nothing: whether a decision is possible, stale or already done is judged by whoever runs the night.
//! Knows no folders: files come as a name and bytes.

pub mod candidates;
pub mod cells;
pub mod claims;
pub mod columns;
pub mod csv;
pub mod decisions;
pub mod help;
pub mod matched;
pub mod results;
pub mod sheet;
pub mod suggestion;
pub mod workbook;
