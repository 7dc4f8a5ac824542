//! The amount.

use super::Weights;
use crate::text::bits::log2_ratio;

/// Returns the weight of an amount that agrees to the minor unit with one item, when `equal` of `items` open items have it.
pub fn exact(weights: &Weights, items: u64, equal: u32) -> i32 {
    let population = items.max(u64::from(weights.population));
    log2_ratio(population, u64::from(equal.max(1))).min(weights.amount_max)
}

/// Returns the weight of an amount that agrees with a sum of several items: that of an amount nobody else has.
pub fn exact_sum(weights: &Weights, items: u64) -> i32 {
    exact(weights, items, 1)
}
