use core::fmt;

/// Why a leaf, proof or canopy was refused. One variant per cause: a claimant is told which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MerkleError {
    /// A tree holds 1 to 2^24 leaves.
    LeafCount,
    /// The index is not below the leaf count: a padding position or a phantom.
    IndexOutOfRange,
    /// The proof has fewer nodes than depth − canopy depth.
    ProofTooShort,
    /// The proof has more nodes than depth − canopy depth.
    ProofTooLong,
    /// Two sums add up to more than a u64 holds.
    SumOverflow,
    /// The folded hash is not the one the canopy or root holds.
    HashMismatch,
    /// The folded sum is not the one the canopy or root holds.
    SumMismatch,
    /// The canopy does not hold exactly 2^canopy_depth nodes, or is deeper than the tree.
    CanopyLength,
}

impl fmt::Display for MerkleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LeafCount => "a tree holds between 1 and 16,777,216 leaves",
            Self::IndexOutOfRange => "the leaf index must be below the leaf count",
            Self::ProofTooShort => {
                "the proof is shorter than the tree's depth less its canopy's depth"
            }
            Self::ProofTooLong => {
                "the proof is longer than the tree's depth less its canopy's depth"
            }
            Self::SumOverflow => "the sum of two nodes does not fit in 64 bits",
            Self::HashMismatch => "the proof leads to another hash than the committed one",
            Self::SumMismatch => "the proof leads to another sum than the committed one",
            Self::CanopyLength => {
                "the canopy must hold 2^canopy_depth nodes and be no deeper than the tree"
            }
        })
    }
}

impl core::error::Error for MerkleError {}
