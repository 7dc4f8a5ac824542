//! The amount.

use crate::text::bits::Log2;

/// Returns the weight of an amount that agrees to the minor unit with one item, when `equal` items have it.
///
/// How many other items there are makes no difference: else unrelated ones would make it heavier than what rivals it.
pub fn exact(population: Log2, equal: u32) -> i32 {
    population.over(u64::from(equal.max(1)))
}
