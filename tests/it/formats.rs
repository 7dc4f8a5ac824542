//! Statement formats.
