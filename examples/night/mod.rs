//! Makes labelled nights of any size: what the generators, benches and tests share. Included by path.

pub mod bank;
pub mod camt;
pub mod random;
