//! The payer's name.

use super::Weights;
use crate::text::bits::log2;
use crate::text::{NameAgreement, NameLevel};

/// Returns the weight of an agreement when `equal` customers agree as well; a contradiction takes most of it away.
pub fn weight(weights: &Weights, agreement: NameAgreement, equal: usize) -> i32 {
    let level = match agreement.level {
        NameLevel::Equal => weights.name_equal,
        NameLevel::EqualButForm | NameLevel::Permuted => weights.name_core,
        NameLevel::Prefix => weights.name_cut,
        NameLevel::Alike => weights.name_alike,
        NameLevel::Weak => weights.name_weak,
        NameLevel::Different => 0,
    };
    let shared = level - log2(equal.max(1) as u64);
    match agreement.contradiction {
        Some(_) => shared.min(0) + weights.name_contradicts,
        None => shared,
    }
}

/// Returns the weight of a name that was confirmed for this customer `confirmed` of `all` times.
pub fn confirmed(weights: &Weights, confirmed: u32, all: u32) -> i32 {
    let share = crate::text::bits::log2_ratio(u64::from(confirmed), u64::from(all) + 1);
    (weights.name_equal + share).max(0)
}
