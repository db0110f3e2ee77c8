use std::fmt;

use cairn_device_tree::TreeError;
use cairn_merkle::MerkleError;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bytes are no question of this kind: the page and this module are of different versions.
    Question,
    /// A proof, canopy or tree does not hold.
    Merkle(MerkleError),
    /// The number is no cell, or the place is not on Earth.
    Cell,
    /// What the registry's program would refuse.
    Tree(TreeError),
    /// Devices that are in none of the states that their tree remembers.
    Stale,
}

impl From<MerkleError> for Fault {
    fn from(error: MerkleError) -> Self {
        Self::Merkle(error)
    }
}

impl From<TreeError> for Fault {
    fn from(error: TreeError) -> Self {
        Self::Tree(error)
    }
}

impl fmt::Display for Fault {
    /// A name that programs compare, a colon, words for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Question => f.write_str("Question: page and module are of different versions"),
            Self::Merkle(error) => write!(f, "{error:?}: {error}"),
            Self::Cell => f.write_str("Cell: this is no cell or place on Earth"),
            Self::Tree(error) => write!(f, "{error:?}: {error}"),
            Self::Stale => f.write_str("Stale: the devices are not those of the tree on chain"),
        }
    }
}

impl std::error::Error for Fault {}
