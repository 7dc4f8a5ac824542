//! paymatch matches bank statements with open receivables, every night.
//!
//! One payment's way, from door to door:
//! 1. [`cli`] parses the words; [`settings`] turns the settings file into checked options.
//! 2. [`run`] takes the lock, finishes what an interrupted run had committed, and reads each input once.
//! 3. [`read`] turns bytes into statements; one whose balances do not add up is refused whole.
//! 4. [`run`] makes payments of entries, and [`store`] knows which of them are not new.
//! 5. [`review`] brings what people decided; it lies on top and is never overruled.
//! 6. [`index`] knows who it could be, [`evidence`] weighs what speaks for and against.
//! 7. [`propose`] builds complete explanations of a payment, in parallel.
//! 8. [`assign`] solves what competes for the same items and gives each payment one outcome.
//! 9. [`post`], [`review`] and [`report`] render; what was written is read again and must tie.
//! 10. [`store`] commits in one transaction; then the results are published.
//!
//! Floors, arrows only point down:
//! `cli → run → { post review report store settings } → assign → propose → { index evidence } → { text read } → words → model`.

#![forbid(unsafe_code)]

pub mod model;

pub mod words;

pub mod read;
pub mod text;

pub mod evidence;
pub mod index;

pub mod propose;

pub mod assign;

pub mod post;
pub mod report;
pub mod review;
pub mod settings;
pub mod store;

pub mod run;

pub mod cli;
