//! The pool: creation, roles, funding, pause, breaker, migration.

pub mod accept_admin;
pub mod breaker;
pub mod create;
pub mod fund;
pub mod migrate;
pub mod pause;
pub mod propose_admin;
pub mod set_guardian;
pub mod set_keepers;
pub mod unpause;
