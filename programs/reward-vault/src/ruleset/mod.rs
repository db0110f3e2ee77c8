//! The rules that epochs are scored by: announced by the admin, in effect at an epoch that everybody knows beforehand.

pub mod announce;
pub mod cancel;
