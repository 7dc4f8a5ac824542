//! How long the keys of a table are: most words of a text are as long as none of them, and need not be looked up.

/// The lengths of keys, one bit each; all those of 63 bytes and more have the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Lengths(u64);

impl Lengths {
    /// Keeps the length of a key.
    pub fn enter(&mut self, key: &str) {
        self.0 |= Lengths::bit(key);
    }

    /// Returns true when some key that was entered may be as long as this one.
    pub fn has(self, key: &str) -> bool {
        self.0 & Lengths::bit(key) != 0
    }

    fn bit(key: &str) -> u64 {
        1 << key.len().min(63)
    }
}
