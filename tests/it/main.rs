//! The one integration test crate: what the program promises, checked from outside of its rooms.

mod formats;
