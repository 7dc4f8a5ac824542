//! The one integration test crate. Its file list says what belongs where; `house` checks that no file is forgotten.
#![cfg(test)]

mod cases;
mod cli;
mod crash;
mod decisions;
mod deliveries;
mod english;
mod formats;
mod generators;
mod histories;
mod house;
mod measure;
mod metamorphic;
mod mutations;
mod night_maker;
mod nights;
mod one_statement;
mod outputs;
mod program;
mod rerun;
mod round_trip;
mod store;
mod stories;
mod strangers;
mod swift;
mod tables;
mod words;
mod world;
