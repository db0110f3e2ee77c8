//! The recipient: where a member wants to be paid, and who may claim for them.

pub mod close;
pub mod set;
