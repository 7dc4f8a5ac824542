//! Bytes become statements, open items, customers and history; nothing is dropped in silence.
//!
//! Knows no directories: it is given names and bytes, and answers with records and findings.

pub mod claims;
pub mod customers;
pub mod encoding;
pub mod history;
pub mod open_items;
pub mod statement;
pub mod table;
pub mod truth;
pub mod xml;

use crate::model::Finding;

/// Records of a table of master data, with what is to be said about them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rows<T> {
    /// The records in the order of the file.
    pub rows: Vec<T>,
    /// Warnings, and errors of skipped rows where the table allows that.
    pub findings: Vec<Finding>,
}
