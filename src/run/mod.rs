//! The night: the only room that opens inputs and outputs and starts threads. [`nightly`] tells it as a story.

pub mod assemble;
pub mod booked;
pub mod chains;
pub mod check;
pub mod claims;
pub mod commit;
pub mod decide;
pub mod delivery;
pub mod failure;
pub mod figures;
pub mod identity;
pub mod in_flight;
pub mod inputs;
pub mod judge;
pub mod known;
pub mod ledger;
pub mod lookup;
pub mod measure;
pub mod memory;
pub mod nightly;
pub mod notices;
pub mod payments;
pub mod plan;
pub mod publish;
pub mod quality;
pub mod recognise;
pub mod register;
pub mod reminders;
pub mod returned;
pub mod teach;
pub mod verify;

pub use failure::Failure;
pub use nightly::{Ended, run};
pub use plan::{Plan, Unwatched, Watch};
