//! One crate of integration tests.

mod store;
