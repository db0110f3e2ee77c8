//! Announced roles: in effect after a delay that anyone can watch, or withdrawn.

pub mod apply;
pub mod cancel;
