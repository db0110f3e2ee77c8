//! The concurrent Merkle tree of device leaves, over borrowed words: the same code runs on chain over account bytes and
//! off chain over a copy.
//!
//! Many registrations and transfers aim at one tree at the same time, each with a proof that the one before makes old.
//! The tree therefore remembers the paths of its last 64 changes; a proof that names the sequence it was made at is
//! brought up to date with them. A proof decides nothing by itself: what counts is that the brought-up leaf and path
//! hash to the current root.
//!
//! Written for the registry's program instead of using spl-concurrent-merkle-tree (which also builds for the target) because that
//! one is compiled once per depth and buffer size, keeps no canopy, names the root (32 bytes) where a sequence (8)
//! does, lets `set_leaf` fill the position after the last, and hashes with Keccak where browsers and everything else
//! here have SHA-256. A property test runs both side by side with the same hash and compares every root.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]
#![forbid(unsafe_code)]

mod concurrent;
mod error;
mod layout;
mod node;
#[cfg(not(target_os = "solana"))]
mod whole;

pub use concurrent::TreeHead;
pub use error::TreeError;
pub use layout::{CHANGES, Layout, MAX_CANOPY_DEPTH, MAX_DEPTH, MIN_DEPTH};
pub use node::{EMPTY, EMPTY_NODES, Node, NodeHash, Sha256Nodes, fold};
#[cfg(not(target_os = "solana"))]
pub use whole::WholeTree;
