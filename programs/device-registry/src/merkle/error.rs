use crate::RegistryError;

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

impl From<TreeError> for RegistryError {
    fn from(error: TreeError) -> Self {
        match error {
            TreeError::Depth => Self::TreeDepth,
            TreeError::CanopyDepth => Self::CanopyDepth,
            TreeError::Layout => Self::TreeLayout,
            TreeError::EmptyLeaf => Self::EmptyLeaf,
            TreeError::Full => Self::TreeFull,
            TreeError::IndexOutOfRange => Self::IndexOutOfRange,
            TreeError::ProofLength => Self::ProofLength,
            TreeError::ProofStale => Self::ProofStale,
            TreeError::LeafChanged => Self::LeafChanged,
            TreeError::ProofMismatch => Self::ProofMismatch,
            TreeError::NotEmpty => Self::TreeNotEmpty,
            TreeError::ImportCount => Self::ImportCount,
            TreeError::ImportPeaks => Self::ImportPeaks,
            TreeError::ImportRoot => Self::ImportRoot,
            TreeError::CanopyRange => Self::CanopyRange,
            TreeError::CanopyRoot => Self::CanopyRoot,
            TreeError::Sequence => Self::SequenceOverflow,
        }
    }
}

impl core::fmt::Display for TreeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let error = RegistryError::from(*self);
        let message = RegistryError::TABLE
            .iter()
            .find(|(known, _, _)| *known == error)
            .map_or("", |(_, _, message)| message);
        f.write_str(message)
    }
}

impl core::error::Error for TreeError {}
