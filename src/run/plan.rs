//! What a run is told: settings with the flags laid over them, and the day.

use crate::model::NaiveDate;
use crate::settings::Settings;

/// One run, completely told.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Settings; paths are resolved, flags have won.
    pub settings: Settings,
    /// The day that the run looks from.
    pub as_of: NaiveDate,
    /// Writes nothing.
    pub is_dry_run: bool,
    /// Begins a new record although results of earlier runs are there.
    pub is_new_store: bool,
}

/// Is told how far the night is.
pub trait Watch: Sync {
    /// A stage of `steps` steps begins; 0 where nobody knows how many.
    fn stage(&self, name: &'static str, steps: u64);
    /// Some steps are done.
    fn advance(&self, steps: u64);
}

/// Watches nothing.
pub struct Unwatched;

impl Watch for Unwatched {
    fn stage(&self, _name: &'static str, _steps: u64) {}
    fn advance(&self, _steps: u64) {}
}
