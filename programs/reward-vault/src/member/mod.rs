//! The member: pages of counters, proofs of leaves, and claims.

pub mod claim;
pub mod leaf;
pub mod open_page;
pub mod payee;
