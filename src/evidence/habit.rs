//! What a customer usually keeps from its payments.

use crate::text::bits::log2_ratio;

/// One payment in six is taken to be less than what was due, before anything is known of a customer.
const USUAL: u64 = 6;

/// The most that a habit weighs, in 1/100 bit.
const HABIT_MAX: i32 = 200;

/// Returns the weight of a deduction that no terms explain, when `with_deduction` of `all` confirmed payments had one.
pub fn weight(with_deduction: u32, all: u32) -> i32 {
    let ratio = log2_ratio(
        (u64::from(with_deduction) + 1) * USUAL,
        u64::from(all.max(with_deduction)) + USUAL,
    );
    ratio.clamp(-HABIT_MAX, HABIT_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_habit_speaks_for_deductions_and_against() {
        for (with_deduction, all, expected) in [
            (0, 0, 0),
            (0, 6, -100),
            (0, 500, -200),
            (3, 3, 142),
            (12, 12, 200),
            (1, 6, 0),
        ] {
            assert_eq!(weight(with_deduction, all), expected, "{with_deduction} of {all}");
        }
    }
}
