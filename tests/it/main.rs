//! One crate of integration tests.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests stop as tests do")]

mod store;
