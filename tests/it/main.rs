//! One crate for all integration tests: it links once, and its file list says what belongs where.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and report by printing"
)]

mod cases;
mod night_maker;
mod nights;
mod stories;
mod world;
