//! The pool: creation, roles, funding, pause.

pub mod accept_admin;
pub mod create;
pub mod fund;
pub mod pause;
pub mod propose_admin;
pub mod set_guardian;
pub mod set_keepers;
pub mod unpause;
