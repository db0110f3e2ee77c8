/// Why a tree operation was refused. One variant per cause, each with an error code of its own on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeError {
    /// Depth outside 3 to 24.
    Depth,
    /// Canopy deeper than 11 levels or not above the leaves.
    CanopyDepth,
    /// The words are not as many as the shape needs.
    Layout,
    /// The empty leaf stands for no device.
    EmptyLeaf,
    /// All positions are taken.
    Full,
    /// No device stands at the index.
    IndexOutOfRange,
    /// Too few or too many proof nodes.
    ProofLength,
    /// The proof's sequence is out of the remembered window.
    ProofStale,
    /// Another change of the same leaf came first.
    LeafChanged,
    /// Leaf and proof do not lead to the root.
    ProofMismatch,
    /// An import into a tree that was used.
    NotEmpty,
    /// An import of nothing, or of more than fits.
    ImportCount,
    /// Not one peak for each set bit of the count.
    ImportPeaks,
    /// The peaks do not lead to the root.
    ImportRoot,
    /// Canopy nodes outside the canopy.
    CanopyRange,
    /// The canopy does not fold to the root.
    CanopyRoot,
    /// The sequence is at its limit.
    Sequence,
}

impl core::fmt::Display for TreeError {
    /// As the program says it; a test there holds the words together.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Depth => "a tree's depth must be 3 to 24",
            Self::CanopyDepth => "a canopy's depth must be at most 11 and less than the tree's depth",
            Self::Layout => "the tree's account does not have the size of its depth and canopy",
            Self::EmptyLeaf => "a device's leaf must not be the empty leaf",
            Self::Full => "the tree holds 2^depth devices and takes no more",
            Self::IndexOutOfRange => "the leaf index must be below the tree's device count",
            Self::ProofLength => "the proof must have one node for each level below the canopy",
            Self::ProofStale => "the proof is more than 64 changes old, or newer than the tree",
            Self::LeafChanged => "the device changed since the proof was made",
            Self::ProofMismatch => "the leaf and proof do not lead to the tree's root",
            Self::NotEmpty => "devices can be imported only into a tree that never held one",
            Self::ImportCount => {
                "an import must hold 1 to 2^depth devices, and the classes must add up to their number"
            }
            Self::ImportPeaks => "an import needs one peak for each set bit of its device count",
            Self::ImportRoot => "the peaks do not lead to the root",
            Self::CanopyRange => "canopy nodes must lie within the canopy's lowest level",
            Self::CanopyRoot => "the canopy does not fold to the root",
            Self::Sequence => "a counter reached its limit",
        })
    }
}

impl core::error::Error for TreeError {}
