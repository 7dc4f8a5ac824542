//! One crate for all integration tests: one module per room or promise.

mod outputs;
