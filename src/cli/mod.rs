//! What people type and see: one file per subcommand.

pub mod inspect;
