//! How good the matching is: labelled nights scored, the site's own past replayed, what the history teaches.
//!
//! Changes no record and no run: it reads, counts and tells. The only file it writes is the class table of a backtest.

pub mod backtest;
pub mod bound;
pub mod evaluate;
pub mod learn;
pub mod past;
pub mod results;
