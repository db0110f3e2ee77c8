//! Burn rounds: opened by the admin, points burnt by members, shares paid, closed.

pub mod burn;
pub mod close;
pub mod open;
pub mod settle;
