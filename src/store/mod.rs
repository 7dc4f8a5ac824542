//! The memory of all runs: which payments are known, what became of them, what was posted and is still on its way.
//!
//! One transaction per run is the commit point. Knows its own file and lock; renders nothing, reads no input,
//! has no clock, and decides nothing about payments.

mod audit;
mod block;
mod commit;
mod error;
pub(crate) mod files;
mod known;
mod learned;
mod lock;
mod open;
mod people;
mod publication;
mod records;
mod schema;
mod seal;
mod word;

pub use audit::Flaw;
pub use commit::Commit;
pub use error::StoreError;
pub(crate) use error::{exit_code_of, remedy_of};
pub use open::Store;
pub use publication::{Delivery, OutputFile, Publication, PublishedFile};
pub use records::{
    AnsweredDecision, Delivered, InFlight, KnownNotice, KnownPayment, KnownStatement, NewNotice, NewPayment,
    NewPosting, NewState, NewStatement, OpenPayment, ReopenedItem, State, StoredLesson, StoredPayment, StoredPosting,
};
