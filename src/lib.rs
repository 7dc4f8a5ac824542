//! paymatch matches bank statements with open receivables, every night.

pub mod assign;
pub mod evidence;
pub mod index;
pub mod model;
pub mod propose;
pub mod text;
pub mod words;
