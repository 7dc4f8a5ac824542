//! paymatch matches bank statements with open receivables, every night.

pub mod model;
pub mod read;
pub mod words;
