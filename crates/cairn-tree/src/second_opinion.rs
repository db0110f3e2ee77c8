//! Root and proofs once more, through the `merkle_light` crate: its tree, its proof generation and validation, with
//! leaf bytes, hash and sums written out again here and not taken from `cairn-merkle`.
//!
//! It is a check on [`crate::Tree`] and never the only one. `merkle_light` alone completes an odd level by doubling
//! its last node, so that a proof for the phantom after the last leaf validates and the root's sum counts that leaf
//! twice; and it knows neither leaf count nor depth, so that it validates proofs of any length. Here every tree is
//! padded to a power of two with the empty leaf before `merkle_light` sees it. A single leaf, of which `merkle_light`
//! makes no tree, is its own root.

use std::hash::Hasher;

use cairn_merkle::{LeafIndex, NODE_LEN, Node, RewardLeaf};
use merkle_light::{
    hash::{Algorithm, Hashable},
    merkle::MerkleTree,
};
use sha2::{Digest, Sha256};

use crate::TreeError;
use crate::tree::{check_count, check_sum};

/// A hash and, after it, the sum below it in little endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SumNode([u8; NODE_LEN]);

impl SumNode {
    fn new(hash: &[u8], sum: u64) -> Self {
        let mut bytes = [0; NODE_LEN];
        for (to, from) in bytes.iter_mut().zip(hash.iter().chain(&sum.to_le_bytes())) {
            *to = *from;
        }
        Self(bytes)
    }

    /// The sum below this node.
    #[must_use]
    pub fn sum(&self) -> u64 {
        let [.., a, b, c, d, e, f, g, h] = self.0;
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }

    /// The node as `cairn-merkle` writes it.
    #[must_use]
    pub fn node(&self) -> Node {
        Node::from_bytes(&self.0)
    }
}

impl AsRef<[u8]> for SumNode {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// What stands at one position of the padded tree.
#[derive(Clone, Copy, Debug)]
pub enum Position<'a> {
    Leaf(&'a RewardLeaf),
    Empty,
}

/// SHA-256 that carries a sum along.
#[derive(Clone, Default)]
pub struct SumSha256 {
    hash: Sha256,
    sum: u64,
}

impl Hasher for SumSha256 {
    fn write(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
    }

    /// Required by the trait; `merkle_light` never asks for it.
    fn finish(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(self.hash.clone().finalize());
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }
}

impl Algorithm<SumNode> for SumSha256 {
    fn hash(&mut self) -> SumNode {
        SumNode::new(&self.hash.clone().finalize(), self.sum)
    }

    /// [`Position::hash`] has already hashed the leaf with its tag.
    fn leaf(&mut self, leaf: SumNode) -> SumNode {
        leaf
    }

    fn node(&mut self, left: SumNode, right: SumNode) -> SumNode {
        self.write(&[1]);
        self.write(left.as_ref());
        self.write(right.as_ref());
        // The trait leaves no room for an error; the total was checked before the tree was made.
        self.sum = left.sum().saturating_add(right.sum());
        self.hash()
    }
}

impl Hashable<SumSha256> for Position<'_> {
    fn hash(&self, state: &mut SumSha256) {
        match self {
            Self::Leaf(leaf) => {
                state.write(&[0]);
                state.write(b"cairn/leaf/1");
                state.write(&leaf.pool);
                state.write(&leaf.index.get().to_le_bytes());
                state.write(&leaf.owner);
                for amount in [leaf.tokens.get(), leaf.points.get(), leaf.credits.get()] {
                    state.write(&amount.to_le_bytes());
                }
                state.sum = leaf.tokens.get();
            }
            Self::Empty => state.write(&[2]),
        }
    }
}

/// A tree as `merkle_light` holds it.
pub struct SecondOpinion {
    leaf_count: usize,
    tree: Shape,
}

enum Shape {
    Single(SumNode),
    Tree(MerkleTree<SumNode, SumSha256>),
}

impl SecondOpinion {
    /// Builds the tree of `leaves` on one core, padding included: for checks, not for the largest pools.
    ///
    /// # Errors
    /// [`TreeError::LeafCount`], [`TreeError::SumOverflow`].
    pub fn build(leaves: &[RewardLeaf]) -> Result<Self, TreeError> {
        check_count(leaves.len())?;
        check_sum(leaves.iter().map(|leaf| leaf.tokens))?;
        let tree = if let [leaf] = leaves {
            let mut state = SumSha256::default();
            Position::Leaf(leaf).hash(&mut state);
            Shape::Single(Algorithm::hash(&mut state))
        } else {
            let positions = leaves
                .iter()
                .map(Position::Leaf)
                .chain(std::iter::repeat(Position::Empty))
                .take(leaves.len().next_power_of_two());
            Shape::Tree(MerkleTree::from_data(positions))
        };
        Ok(Self {
            leaf_count: leaves.len(),
            tree,
        })
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Node {
        match &self.tree {
            Shape::Single(leaf) => leaf.node(),
            Shape::Tree(tree) => tree.root().node(),
        }
    }

    /// The siblings of leaf `index`, from the leaves to below the root, and whether `merkle_light` itself finds that
    /// they lead to the root.
    ///
    /// # Errors
    /// [`TreeError::IndexOutOfRange`].
    pub fn proof(&self, index: LeafIndex) -> Result<(Vec<Node>, bool), TreeError> {
        let position = usize::try_from(index.get()).unwrap_or(usize::MAX);
        if position >= self.leaf_count {
            return Err(TreeError::IndexOutOfRange {
                index,
                leaf_count: u32::try_from(self.leaf_count).unwrap_or(u32::MAX),
            });
        }
        match &self.tree {
            Shape::Single(_) => Ok((Vec::new(), true)),
            Shape::Tree(tree) => {
                let proof = tree.gen_proof(position);
                let siblings = match proof.lemma() {
                    [_leaf, siblings @ .., _root] => siblings.iter().map(SumNode::node).collect(),
                    _ => Vec::new(),
                };
                Ok((siblings, proof.validate::<SumSha256>()))
            }
        }
    }
}
