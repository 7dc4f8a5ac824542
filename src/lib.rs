//! paymatch matches bank statements with open receivables, every night.

pub mod model;
pub mod post;
pub mod report;
pub mod review;
pub mod run;
pub mod store;
pub mod words;
