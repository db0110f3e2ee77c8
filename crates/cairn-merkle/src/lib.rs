//! The Merkle-sum tree: the one place where leaf and node bytes are made, hashed and verified.
//!
//! Programs, keeper, CLI and tests all call this crate, so a builder and a verifier can not drift apart (two
//! distributors of this field lost money to that). `no_std`, no allocation; on chain the hash is the `sol_sha256`
//! syscall, elsewhere the `sha2` crate.
//!
//! | bytes | hash | sum |
//! |---|---|---|
//! | leaf | SHA-256(`0x00` ‖ `cairn/leaf/1` ‖ pool ‖ index u32 ‖ owner ‖ tokens u64 ‖ points u64 ‖ credits u64) | tokens |
//! | drop leaf | SHA-256(`0x00` ‖ `cairn/drop/1` ‖ campaign ‖ index u32 ‖ owner ‖ unlocked u64 ‖ locked u64) | unlocked + locked, checked |
//! | node | SHA-256(`0x01` ‖ left hash ‖ left sum u64 ‖ right hash ‖ right sum u64) | left sum + right sum, checked |
//! | empty | SHA-256(`0x02`) | 0 |
//!
//! All integers are little endian. The tree is positional: bit *k* of a leaf's index says whether its ancestor at
//! level *k* is a left (0) or right (1) child. The depth is the smallest whose 2^depth positions hold every leaf;
//! positions past the last leaf hold the empty leaf.
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
#![no_std]
#![cfg_attr(not(target_os = "solana"), forbid(unsafe_code))]

mod canopy;
mod depth;
mod drop_leaf;
mod error;
mod leaf;
mod node;
mod pair;
mod slot;
mod unit;
mod verify;

pub use canopy::{MAX_CANOPY_DEPTH, canopy_depth_for, canopy_len, fold_canopy};
pub use depth::{MAX_DEPTH, MAX_LEAVES, depth_for};
pub use drop_leaf::{
    DROP_LEAF_TAG, DROPS_PER_PAGE, DropLeaf, drop_bit_of, drop_page_of, drop_pages_for,
};
pub use error::MerkleError;
pub use leaf::{LEAF_TAG, RewardLeaf};
pub use node::{EMPTY_LEAF, EMPTY_SUBTREES, NODE_LEN, Node};
pub use pair::parent;
pub use slot::{SLOTS_PER_PAGE, member_page_of, member_pages_for, slot_of};
pub use unit::{Credits, EpochNumber, LeafIndex, MilliPoints, Tokens};
pub use verify::{fold_proof, verify};
