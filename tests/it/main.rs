//! The one integration test crate. Its file list says what belongs where; `house` checks that no file is forgotten.
#![cfg(test)]

mod cli;
mod crash;
mod decisions;
mod formats;
mod house;
mod outputs;
mod program;
mod rerun;
mod tables;
//! One crate of integration tests.

mod store;
//! One crate for all integration tests: it links once, and its file list says what belongs where.

mod cases;
mod nights;
mod stories;
mod world;
