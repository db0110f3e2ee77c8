//! The leaves of an epoch, as published, under the root that is on chain.

use std::path::Path;

use cairn_epoch::read_leaves;
use cairn_interface::vault::EpochView;
use cairn_merkle::{EpochNumber, LeafIndex, Node, RewardLeaf};
use cairn_tree::Tree;

/// Leaves whose tree has the root on chain. Whoever handed them over is trusted with nothing else.
pub(crate) struct Leaves {
    pub number: EpochNumber,
    pub root: Node,
    canopy_depth: u8,
    leaves: Vec<RewardLeaf>,
    tree: Tree,
}

impl Leaves {
    /// Reads the leaves of `epoch` from its published folder.
    ///
    /// # Errors
    /// In words: files that can not be read, or that are not those of this root.
    pub fn read(folder: &Path, epoch: &EpochView) -> Result<Self, String> {
        let leaves = read_leaves(folder).map_err(|error| error.to_string())?;
        let pool = epoch.pool.to_bytes();
        let tree = Tree::build(&pool, &leaves).map_err(|error| error.to_string())?;
        let root = epoch.root_node();
        if tree.root() != root || tree.leaf_count() != epoch.leaf_count {
            return Err(format!(
                "the leaves in {} are not those of the root on chain",
                folder.display()
            ));
        }
        Ok(Self {
            number: epoch.number(),
            root,
            canopy_depth: epoch.canopy_depth,
            leaves,
            tree,
        })
    }

    /// Whether they are still those of `epoch`.
    pub fn are_of(&self, epoch: &EpochView) -> bool {
        self.number == epoch.number() && self.root == epoch.root_node()
    }

    /// In order of their indices.
    pub fn all(&self) -> &[RewardLeaf] {
        &self.leaves
    }

    /// The leaf at `index`, with its siblings up to the canopy.
    pub fn shown(&self, index: LeafIndex) -> Option<(&RewardLeaf, Vec<Node>)> {
        let leaf = self.leaves.get(usize::try_from(index.get()).ok()?)?;
        let proof = self.tree.proof(index, self.canopy_depth).ok()?;
        Some((leaf, proof))
    }
}
