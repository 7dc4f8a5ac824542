//! Writes the demo data: `cargo run --example generate_demo [-- DIR]`, by default into `fixtures/demo`.
//!
//! The same files come out on every machine, so that a change of the demo is seen as a change of files.

mod demo;
#[expect(dead_code, reason = "the demo needs accounts and statements of it, but no plan")]
mod night;

use anyhow::Result;
use std::path::PathBuf;

fn main() -> Result<()> {
    let folder = std::env::args()
        .nth(1)
        .map_or_else(|| PathBuf::from("fixtures/demo"), PathBuf::from);
    demo::write::write_all(&demo::world()?, &folder)
}
