//! The amount.

use super::Weights;
use crate::text::bits::Log2;

/// Returns among how many amounts one is looked for, when the book has so many items.
pub fn population(weights: &Weights, items: u64) -> Log2 {
    Log2::of(items.max(u64::from(weights.population)))
}

/// Returns the weight of an amount that agrees to the minor unit with one item, when `equal` of the [`population`] have it.
pub fn exact(weights: &Weights, population: Log2, equal: u32) -> i32 {
    population.over(u64::from(equal.max(1))).min(weights.amount_max)
}

/// Returns the weight of an amount that agrees with a sum of several items: that of an amount nobody else has.
pub fn exact_sum(weights: &Weights, population: Log2) -> i32 {
    exact(weights, population, 1)
}
