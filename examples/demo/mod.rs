//! The story that the demo data tell: one company, four accounts, five days of March 2026.

pub mod bulk;
pub mod clear;
pub mod customers;
pub mod unclear;
pub mod world;
pub mod write;
