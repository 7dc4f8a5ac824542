//! The story that the demo data tell: one company, four accounts, five days of March 2026.

use anyhow::Result;

pub mod bulk;
pub mod clear;
pub mod customers;
pub mod other;
pub mod tables;
pub mod unclear;
pub mod world;
pub mod write;

/// Returns the company with everything that is owed and paid in these days.
pub fn world() -> Result<world::World> {
    let mut world = world::World::new();
    clear::tell_all(&mut world)?;
    unclear::tell_all(&mut world)?;
    other::tell_all(&mut world)?;
    bulk::receipts(&mut world);
    bulk::quiet_items(&mut world, 610);
    bulk::history(&mut world, 400);
    Ok(world)
}
