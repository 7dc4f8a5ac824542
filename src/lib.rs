//! paymatch matches bank statements with open receivables, every night.

pub mod cli;
pub mod model;
pub mod read;
pub mod words;
