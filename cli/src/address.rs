//! Keys and hashes as results carry them.

pub use cairn_facts::{Address, Hash};
