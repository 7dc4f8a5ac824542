//! What a run tells people and machines about itself: lists, the summary, one page to read and print, a table for the
//! terminal.
//!
//! Knows no file names but those it mentions, opens nothing, judges nothing: it adds up what the night holds.

pub mod backtest;
pub mod chart;
pub mod duplicates;
pub mod evaluation;
pub mod findings;
pub mod headline;
pub mod html;
pub mod lessons;
pub mod overview;
pub mod set_aside;
pub mod summary;
pub mod terminal;
