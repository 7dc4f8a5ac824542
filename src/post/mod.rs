//! Postings, one file per target format. What is posted is decided elsewhere; here it is only written down.
//!
//! Knows no file names and no folders: a writer gets the night and something to write to.

pub mod postings;
