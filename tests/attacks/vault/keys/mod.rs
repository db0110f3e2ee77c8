//! One key stolen at a time: the worst it can do is what SECURITY.md says.

mod beyond_cap;
mod keepers;
mod members;
mod roles;
