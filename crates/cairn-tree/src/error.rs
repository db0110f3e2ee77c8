use cairn_merkle::{LeafIndex, MAX_LEAVES};

/// Why a tree could not be built, changed or asked. Indices are positions in the tree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    #[error("{count} leaves; a tree holds 1 to {MAX_LEAVES}")]
    LeafCount { count: usize },
    #[error("leaf {index} does not exist; the tree holds {leaf_count}")]
    IndexOutOfRange { index: LeafIndex, leaf_count: u32 },
    #[error("the leaf at position {position} says it is leaf {index}")]
    Misplaced { position: usize, index: LeafIndex },
    #[error("leaf {index} belongs to another pool")]
    ForeignPool { index: LeafIndex },
    #[error("leaf {index} is given twice in one update")]
    Duplicate { index: LeafIndex },
    #[error("leaf {index} would leave a gap; the next new leaf is {next}")]
    Gap { index: LeafIndex, next: LeafIndex },
    #[error("the tokens of all leaves do not fit in 64 bits; leaf {index} is the first beyond")]
    SumOverflow { index: LeafIndex },
    #[error("a canopy {canopy_depth} deep does not fit a tree {depth} deep")]
    CanopyTooDeep { canopy_depth: u8, depth: u8 },
}

impl TreeError {
    /// What the caller can do.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::LeafCount { .. } => "split the members over several pools",
            Self::IndexOutOfRange { .. } => "ask for an index below the leaf count",
            Self::Misplaced { .. } | Self::Gap { .. } => {
                "hand over leaves in the order of their index, without holes"
            }
            Self::ForeignPool { .. } => "build one tree a pool",
            Self::Duplicate { .. } => "merge what one member earned into one leaf",
            Self::SumOverflow { .. } => "check the amounts: no token has so large a supply",
            Self::CanopyTooDeep { .. } => {
                "use cairn_merkle::canopy_depth_for to fit the pool's canopy to a small tree"
            }
        }
    }
}
