//! One crate for all integration tests: it links once, and its file list says what belongs where.

mod cases;
mod nights;
mod stories;
mod world;
