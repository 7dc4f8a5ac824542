//! The program: parses, calls, exits.

fn main() {}
