//! Builds the Merkle-sum tree whose bytes `cairn-merkle` defines: from 1 to 2^24 leaves, on all cores, changed in
//! place from epoch to epoch, with proofs and canopies for the program.
//!
//! [`second_opinion`] computes roots and proofs again through another library, as a check on this one.
//!
//! ```
//! use cairn_merkle::{Credits, LeafIndex, MilliPoints, RewardLeaf, Tokens, verify};
//! use cairn_tree::Tree;
//!
//! let pool = [7; 32];
//! let leaves: Vec<RewardLeaf> = (0..5)
//!     .map(|index| RewardLeaf {
//!         pool,
//!         index: LeafIndex::new(index),
//!         owner: [index as u8; 32],
//!         tokens: Tokens::new(100),
//!         points: MilliPoints::ZERO,
//!         credits: Credits::ZERO,
//!     })
//!     .collect();
//! let tree = Tree::build(&pool, &leaves)?;
//! assert_eq!((tree.root().sum(), tree.depth()), (Tokens::new(500), 3));
//! let (proof, canopy) = (tree.proof(LeafIndex::new(4), 2)?, tree.canopy(2)?);
//! verify(leaves[4].node(), leaves[4].index, 5, &proof, &canopy, 2).expect("the program's own check");
//! # Ok::<(), cairn_tree::TreeError>(())
//! ```
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

mod error;
pub mod second_opinion;
mod tree;
mod update;

pub use error::TreeError;
pub use tree::Tree;
pub use update::Rehashed;
