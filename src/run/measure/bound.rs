//! What a count proves: exact one-sided bounds of a share, with 95 % confidence.
//!
//! Source: Clopper and Pearson (1934). Rates are in millionths; a lower bound is rounded down, an upper one up.

/// Chance that the bound is wrong.
const RISK: f64 = 0.05;

/// Halvings of the search: far below a millionth.
const HALVINGS: u32 = 60;

/// Returns the share of right ones that `right` of `cases` prove at least, in millionths; 0 for no case.
pub fn at_least(right: u64, cases: u64) -> u32 {
    let wrong = cases.saturating_sub(right);
    if cases == 0 || wrong >= cases {
        return 0;
    }
    let rate = error_rate(|rate| at_most_errors(wrong, cases, rate) > RISK);
    ((1.0 - rate) * 1e6).floor() as u32
}

/// Returns the share of right ones that `right` of `cases` leave possible at most, in millionths; all for no case.
pub fn at_most(right: u64, cases: u64) -> u32 {
    let wrong = cases.saturating_sub(right);
    if wrong == 0 {
        return 1_000_000;
    }
    let rate = error_rate(|rate| 1.0 - at_most_errors(wrong - 1, cases, rate) < RISK);
    ((1.0 - rate) * 1e6).ceil() as u32
}

/// Returns how many cases prove `target` millionths if `wrong` of them are wrong.
pub fn cases_needed(wrong: u64, target: u32) -> u64 {
    if target >= 1_000_000 {
        return u64::MAX;
    }
    let proves = |cases: u64| at_least(cases - wrong, cases) >= target;
    let mut high = wrong + 1;
    while !proves(high) {
        high *= 2;
    }
    let mut low = high / 2;
    while low + 1 < high {
        let middle = low.midpoint(high);
        if middle > wrong && proves(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// Returns the error rate at which `is_below` turns false: it is true for small rates.
fn error_rate(is_below: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if is_below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Returns the probability of at most `wrong` errors among `cases` at that error rate.
fn at_most_errors(wrong: u64, cases: u64, rate: f64) -> f64 {
    let (cases, odds) = (cases as f64, (rate / (1.0 - rate)).ln());
    let mut logarithm = cases * (-rate).ln_1p();
    let mut sum = logarithm.exp();
    for errors in 0..wrong {
        let errors = errors as f64;
        logarithm += ((cases - errors) / (errors + 1.0)).ln() + odds;
        sum += logarithm.exp();
    }
    sum
}

/// Returns the share of right value that nights drawn anew prove at least, in millionths; `None` for fewer than two nights.
///
/// `nights` holds right and posted value of each night. Drawn with replacement, [`DRAWS`] times with the same numbers on every
/// machine; 5 % of the draws lie below.
pub fn bootstrap(nights: &[(i128, i128)]) -> Option<u32> {
    if nights.len() < 2 {
        return None;
    }
    let mut state = 0_u64;
    let mut shares: Vec<u32> = (0..DRAWS)
        .map(|_| {
            let drawn = (0..nights.len()).map(|_| nights[below(&mut state, nights.len())]);
            let (right, posted) = drawn.fold((0, 0), |sum, night| (sum.0 + night.0, sum.1 + night.1));
            share(right, posted)
        })
        .collect();
    shares.sort_unstable();
    shares.get(DRAWS / 20).copied()
}

/// Draws of the bootstrap.
pub const DRAWS: usize = 10_000;

/// Returns `part` of `whole` in millionths, rounded down; all of nothing.
pub fn share(part: i128, whole: i128) -> u32 {
    if whole == 0 {
        return 1_000_000;
    }
    u32::try_from(part * 1_000_000 / whole).unwrap_or(0)
}

/// The next number below `limit`: splitmix64, the same on every machine.
fn below(state: &mut u64, limit: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    ((u128::from(mixed) * limit as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figures that books and MATCHING name: 2,995 cases without an error prove 99.9 %, one error needs 4,742, five 10,511.
    #[test]
    fn bounds_are_exact() {
        for (wrong, needed) in [(0, 2_995), (1, 4_742), (5, 10_511)] {
            assert_eq!(cases_needed(wrong, 999_000), needed, "{wrong} errors");
            assert!(at_least(needed - wrong, needed) >= 999_000, "{wrong} errors");
            assert!(at_least(needed - 1 - wrong, needed - 1) < 999_000, "{wrong} errors");
        }
        for (right, cases, least, most) in [
            (0, 0, 0, 1_000_000),
            (0, 10, 0, 258_866),
            (10, 10, 741_134, 1_000_000),
            (9, 10, 605_836, 994_884),
            (95, 100, 897_746, 980_095),
        ] {
            assert_eq!(
                (at_least(right, cases), at_most(right, cases)),
                (least, most),
                "{right} of {cases}"
            );
        }
    }

    #[test]
    fn large_counts_stay_exact() {
        let lower = at_least(999_000, 1_000_000);
        assert!((998_940..999_000).contains(&lower), "{lower}");
        assert_eq!(at_least(1, 1_000_000), 0);
    }

    #[test]
    fn nights_drawn_anew_bound_the_share() {
        assert_eq!(bootstrap(&[(100, 100)]), None);
        assert_eq!(bootstrap(&[(100, 100), (50, 50)]), Some(1_000_000));
        let mixed = bootstrap(&[(100, 100), (90, 100), (100, 100), (100, 100)]).expect("four nights");
        assert!((900_000..975_000).contains(&mixed), "{mixed}");
        assert_eq!(
            mixed,
            bootstrap(&[(100, 100), (90, 100), (100, 100), (100, 100)]).expect("the same again")
        );
    }
}
