//! One month of a DePIN network, made of real data, run through Cairn as it is: local network, keepers, command line.
//!
//! ```text
//! input ──▶ month (devices, signed proofs, planted cheats) ──▶ stage (network, registry, pool, keepers)
//!        ──▶ play: ingest ▶ close ▶ propose ▶ attest ▶ activate ▶ claims, week by week ──▶ audit ──▶ summary
//! ```
#![forbid(unsafe_code)]

pub mod app;
pub mod args;
pub mod audit;
pub mod claims;
pub mod fault;
pub mod input;
pub mod month;
pub mod play;
pub mod snapshot;
pub mod stage;
pub mod summary;
pub mod swindle;
pub mod talk;
pub mod tally;
