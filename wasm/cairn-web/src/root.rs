//! A whole tree's root from its leaves, without keeping the tree: 1,200,000 members need 56 bytes each and nothing more.

use cairn_merkle::{EMPTY_SUBTREES, LeafIndex, MerkleError, Node, RewardLeaf, depth_for, parent};

use crate::Fault;
use crate::question::Question;

/// pool 32, then each member in the order of their indices: owner 32, tokens u64, points u64, credits u64. The tree's root: 40
/// bytes.
///
/// # Errors
/// No member or too many; sums that do not fit.
pub fn rewards(question: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut question = Question::new(question);
    let pool = question.take()?;
    let mut tree = Finished::default();
    let mut index = 0_u32;
    while !question.is_over() {
        let owner = question.take()?;
        let (tokens, points, credits) = question.amounts()?;
        let leaf = RewardLeaf {
            pool,
            index: LeafIndex::new(index),
            owner,
            tokens,
            points,
            credits,
        };
        tree.push(index, leaf.node())?;
        index = index.checked_add(1).ok_or(MerkleError::LeafCount)?;
    }
    Ok(tree.root(index)?.as_bytes().to_vec())
}

/// Subtrees that are complete: one for each set bit of the number of leaves, the largest first.
#[derive(Default)]
struct Finished(Vec<(usize, Node)>);

impl Finished {
    /// Each trailing one bit of the index is a left subtree that waits for this right one.
    fn push(&mut self, index: u32, leaf: Node) -> Result<(), MerkleError> {
        let mut node = leaf;
        for _ in 0..index.trailing_ones() {
            let (_, left) = self.0.pop().ok_or(MerkleError::LeafCount)?;
            node = parent(&left, &node)?;
        }
        let level = usize::try_from(index.trailing_ones()).map_err(|_| MerkleError::LeafCount)?;
        self.0.push((level, node));
        Ok(())
    }

    /// Fills up with empty positions, from the smallest subtree to the whole.
    fn root(mut self, leaf_count: u32) -> Result<Node, MerkleError> {
        let depth = usize::from(depth_for(leaf_count)?);
        let (mut level, mut node) = self.0.pop().ok_or(MerkleError::LeafCount)?;
        while level < depth {
            node = match self.0.pop_if(|(other, _)| *other == level) {
                Some((_, left)) => parent(&left, &node)?,
                None => parent(
                    &node,
                    EMPTY_SUBTREES.get(level).ok_or(MerkleError::LeafCount)?,
                )?,
            };
            level = level.saturating_add(1);
        }
        Ok(node)
    }
}
