//! Accounts. Sizes are pinned: a layout changes only with its version.

mod issuer;
mod network;
mod tree;

pub use issuer::Issuer;
pub use network::Network;
pub(crate) use tree::adopt_words;
pub use tree::{DeviceTree, DeviceTreeAccount};
