use std::fmt;

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
}

impl From<MerkleError> for Fault {
    fn from(error: MerkleError) -> Self {
        Self::Merkle(error)
    }
}

impl fmt::Display for Fault {
    /// A name that programs compare, a colon, words for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Question => f.write_str("Question: page and module are of different versions"),
            Self::Merkle(error) => write!(f, "{error:?}: {error}"),
            Self::Cell => f.write_str("Cell: this is no cell or place on Earth"),
        }
    }
}

impl std::error::Error for Fault {}
