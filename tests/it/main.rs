//! The one integration test crate. Its file list says what belongs where; `house` checks that no file is forgotten.

#[cfg(test)]
mod cli;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod house;
#[cfg(test)]
mod program;
#[cfg(test)]
mod rerun;
//! What the program promises, seen from outside.

mod tables;
//! The one integration test crate: what the program promises, checked from outside of its rooms.

mod formats;
//! One crate for all integration tests: one module per room or promise.

mod outputs;
