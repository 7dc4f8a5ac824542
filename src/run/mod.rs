//! The night: the only room that opens inputs and outputs and starts threads.

pub mod check;
pub mod publish;
pub mod verify;
