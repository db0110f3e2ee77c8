//! The member: pages of counters, and claims.

pub mod claim;
pub mod open_page;
