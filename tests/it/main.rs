//! The one integration test crate: what the program promises, checked from outside of its rooms.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "tests may fail loudly, and say what they skip; clippy's own exception ends at the test functions"
)]

mod formats;
