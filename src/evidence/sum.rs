//! The chance test for sums: how many other choices would have hit the amount by accident.

/// Returns the accidental hits to expect, in millionths, when `chosen` of `amounts` are added and compared with one amount:
/// C(n, k) · grain / (σ·√k·√2π), where the grain is the largest step that all amounts share.
///
/// Saturates; 1,000 means 10⁻³.
pub fn accidental_hits(amounts: &[i64], chosen: usize) -> u64 {
    let n = amounts.len();
    if n < 2 || chosen == 0 || chosen >= n {
        return if chosen >= n { 0 } else { u64::MAX };
    }
    let ways = combinations(n, chosen);
    let mean = amounts.iter().map(|amount| i128::from(*amount)).sum::<i128>() / n as i128;
    let variance: u128 = amounts
        .iter()
        .map(|amount| (i128::from(*amount) - mean).unsigned_abs())
        .map(|distance| distance.saturating_mul(distance))
        .fold(0_u128, u128::saturating_add)
        / n as u128;
    let deviation = variance.saturating_mul(chosen.min(n - chosen) as u128).isqrt().max(1);
    let grain = amounts
        .iter()
        .fold(0_u64, |grain, amount| gcd(grain, amount.unsigned_abs()))
        .max(1);
    // 1/√(2π) is 0.3989.
    let hits = u128::from(ways)
        .saturating_mul(u128::from(grain))
        .saturating_mul(398_942)
        / deviation;
    u64::try_from(hits).unwrap_or(u64::MAX)
}

/// Returns C(n, k), saturating.
pub fn combinations(n: usize, k: usize) -> u64 {
    let k = k.min(n - k.min(n));
    let mut ways: u128 = 1;
    for step in 0..k {
        ways = ways.saturating_mul((n - step) as u128) / (step as u128 + 1);
        if ways > u128::from(u64::MAX) {
            return u64::MAX;
        }
    }
    ways as u64
}

fn gcd(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_choices_mean_more_accidents() {
        let spread: Vec<i64> = (1..=12).map(|at| 10_007 * at * at + 13 * at).collect();
        let few = accidental_hits(&spread, 3);
        assert!(few < 1_000, "12 items, 3 chosen: {few}");
        let many: Vec<i64> = (1..=40).map(|at| 10_007 * at + 13 * (at % 7)).collect();
        assert!(accidental_hits(&many, 6) > 1_000_000);
        let round: Vec<i64> = (1..=12).map(|at| 10_000 * at).collect();
        assert!(accidental_hits(&round, 3) > 1_000_000, "round amounts meet by chance");
        assert_eq!(combinations(12, 3), 220);
        assert_eq!(combinations(5, 5), 1);
    }
}
