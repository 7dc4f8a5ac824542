//! Writes the demo data: `cargo run --example generate_demo [-- DIR]`, by default into `fixtures/demo`.
//!
//! The same files come out on every machine, so that a change of the demo is seen as a change of files.

mod demo;
mod night;

use anyhow::Result;
use std::path::PathBuf;

fn main() -> Result<()> {
    let folder = std::env::args()
        .nth(1)
        .map_or_else(|| PathBuf::from("fixtures/demo"), PathBuf::from);
    let mut world = demo::world::World::new();
    demo::clear::tell_all(&mut world)?;
    demo::unclear::tell_all(&mut world)?;
    demo::bulk::receipts(&mut world);
    demo::bulk::quiet_items(&mut world, 610);
    demo::bulk::history(&mut world, 400);
    demo::write::write_all(&world, &folder)
}
