//! From bytes to the nouns: bank statements and the tables of master data. Decodes, checks and refuses.
//!
//! Takes bytes and a file *name* for messages; opens nothing, prints nothing, decides nothing about matching.

pub mod statement;
pub mod xml;

use crate::model::Finding;

/// What a table of master data holds, with what is to be said about it.
#[derive(Clone, Debug)]
pub struct Rows<T> {
    /// The records in the order written.
    pub rows: Vec<T>,
    /// Notes and warnings; a table with an error is refused whole instead.
    pub findings: Vec<Finding>,
}
