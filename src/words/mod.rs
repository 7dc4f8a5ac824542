//! Every sentence that people read: reasons, evidence, findings, refusals. One place, so that a changed message is a
//! change to the product and seen as one.
//!
//! Knows the model and nothing else; the rooms speak enums. The texts themselves stand in `config/words`, one file per
//! language; see [`catalogue`].

pub mod action;
pub mod catalogue;
pub mod decision;
pub mod evidence;
pub mod finding;
pub mod header;
pub mod profile;
pub mod reason;
pub mod shown;

pub use catalogue::Words;
