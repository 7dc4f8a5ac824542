//! The account that pays.

use super::Weights;
use crate::text::bits::log2_ratio;

/// An account of the master data counts as so many confirmed payments.
const MASTER: u64 = 20;

/// What is known of an account and a customer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    /// The master data name it.
    pub is_master: bool,
    /// Customers for whom the master data name it.
    pub masters: u32,
    /// Confirmed payments for this customer.
    pub confirmed: u32,
    /// Confirmed payments for anybody.
    pub confirmed_all: u32,
}

/// Returns the weight: the customer's share in what the account paid before, against the share of any customer.
///
/// A factoring firm's account becomes flat by itself. The master data count as twenty confirmed payments.
pub fn weight(weights: &Weights, customers: u64, held: Held) -> i32 {
    let population = customers.max(u64::from(weights.population));
    let own = u64::from(held.confirmed) + if held.is_master { MASTER } else { 0 };
    let all = u64::from(held.confirmed_all) + MASTER * u64::from(held.masters);
    // (n_c + 1/C) / (n + 1) against 1/C, scaled by C.
    let ratio = log2_ratio(own * population + 1, all + 1);
    ratio.clamp(0, weights.account_max)
}

/// Returns true when the account speaks for this customer alone: master data that name nobody else, or at least two confirmed payments,
/// and none for another customer.
pub fn is_sure(held: Held) -> bool {
    let is_pure = held.confirmed == held.confirmed_all;
    let is_master = held.is_master && held.masters == 1;
    is_pure && (is_master || (held.masters == 0 && held.confirmed >= 2))
}
