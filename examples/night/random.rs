//! Random numbers that are the same on every machine: splitmix64.

/// A small generator; the same seed gives the same numbers for ever.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Returns a generator of its own for each `seed` and `stream`, so that a change in one place moves nothing elsewhere.
    pub fn new(seed: u64, stream: u64) -> Random {
        let mut random = Random(seed ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03));
        random.next();
        random
    }

    /// Returns the next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 to `limit` - 1; 0 for a limit of 0.
    pub fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }

    /// Returns a number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(0) as usize) as i64
    }

    /// Returns true in `percent` of 100 cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Returns one of them.
    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// Returns an amount in minor units as invoices have them: many small, few large, some round.
    pub fn amount(&mut self) -> i64 {
        let ceiling = [20_000, 80_000, 300_000, 1_200_000, 6_000_000][self.below(5)];
        let minor = self.between(ceiling / 8, ceiling);
        match self.below(12) {
            0 => minor / 10_000 * 10_000 + 10_000,
            1 | 2 => minor / 100 * 100,
            // With 19 % tax on whole units of money.
            3..=6 => minor / 119 * 119,
            _ => minor,
        }
    }
}
