//! The one integration test crate. Its file list says what belongs where; `house` checks that no file is forgotten.
#![cfg(test)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests may fail loudly and say what they skip; clippy's own exception ends at the test functions"
)]

mod cases;
mod cli;
mod crash;
mod decisions;
mod formats;
mod generators;
mod house;
mod night_maker;
mod nights;
mod outputs;
mod program;
mod rerun;
mod store;
mod stories;
mod tables;
mod world;
