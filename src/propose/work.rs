//! What one payment costs, in steps: the same on every machine, and bounded however many items are open.

use std::cell::Cell;

/// Counts the work on one payment, in steps.
#[derive(Debug, Default)]
pub(super) struct Work(Cell<u64>);

impl Work {
    /// Adds steps.
    pub fn add(&self, steps: usize) {
        self.0.set(self.0.get() + steps as u64);
    }

    /// Returns the steps so far.
    pub fn steps(&self) -> u64 {
        self.0.get()
    }
}
