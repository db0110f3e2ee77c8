//! A Solana network on this machine's loopback, with the programs deployed, a mint and funded keys, for the demo,
//! end-to-end tests and trying things out. It speaks the JSON-RPC of a real node, so nothing that works here needs
//! another code path on a cluster.
//!
//! What differs from a cluster: accounts live in memory and end with the process, lamports come for free, and time
//! can be moved. See [`Travel`] for what moving it does.
#![forbid(unsafe_code)]

mod config;
mod directory;
mod error;
mod forward;
mod keys;
mod localnet;
mod programs;
mod surfpool;
mod travel;

pub use config::{Blocks, Config};
pub use error::LocalnetError;
pub use localnet::Localnet;
pub use programs::find_deploy_folder;
pub use travel::{Travel, airdrop, travel};
