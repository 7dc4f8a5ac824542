//! The one integration test crate. Its file list says what belongs where; `house` checks that no file is forgotten.

#[cfg(test)]
mod generators;
#[cfg(test)]
mod house;
