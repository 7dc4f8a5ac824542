//! Makes labelled nights of any size: what the generators, benches and tests share. Included by path.

pub mod bank;
pub mod camt;
pub mod names;
pub mod plan;
pub mod random;
pub mod render;
pub mod situation;
pub mod tables;
pub mod text;
