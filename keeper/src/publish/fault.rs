use cairn_merkle::{EpochNumber, LeafIndex, MerkleError};
use cairn_tree::TreeError;

/// What is wrong with an epoch's leaves or claim files.
#[derive(Debug, thiserror::Error)]
pub enum LeafFault {
    #[error("the leaves of epoch {number} make no tree: {source}")]
    Tree {
        number: EpochNumber,
        source: TreeError,
    },
    #[error(
        "epoch {number}: the tree of the leaves has root {found}, the manifest says {expected}"
    )]
    Root {
        number: EpochNumber,
        expected: String,
        found: String,
    },
    #[error("epoch {number}: {quantity} of all leaves are {found}, the manifest says {expected}")]
    Sum {
        number: EpochNumber,
        quantity: &'static str,
        expected: u64,
        found: u128,
    },
    #[error("epoch {number}: the claim of leaf {index} fails: {source}")]
    Proof {
        number: EpochNumber,
        index: LeafIndex,
        source: MerkleError,
    },
    #[error("epoch {number}: the claim of leaf {index} has another {field} than the epoch")]
    Claim {
        number: EpochNumber,
        index: LeafIndex,
        field: &'static str,
    },
    #[error("epoch {number}: leaf {index} has no claim file, or several")]
    Count {
        number: EpochNumber,
        index: LeafIndex,
    },
}
