//! Parameters: announced by the admin, in effect after a delay that anyone can watch.

pub mod apply;
pub mod cancel;
pub mod set;
