use crate::{MAX_DEPTH, MerkleError, Node, parent};

/// Deepest canopy that an account stores: 2^7 nodes of 40 bytes, so that one instruction can still create it.
pub const MAX_CANOPY_DEPTH: u8 = 7;

/// The canopy a pool's wish leads to in a tree of `depth`: no deeper than the tree.
#[must_use]
pub const fn canopy_depth_for(wish: u8, depth: u8) -> u8 {
    if wish < depth { wish } else { depth }
}

/// Nodes at the top level that a canopy of `canopy_depth` stores: 2^canopy_depth.
///
/// # Errors
/// [`MerkleError::CanopyLength`] above [`MAX_DEPTH`].
pub const fn canopy_len(canopy_depth: u8) -> Result<usize, MerkleError> {
    if canopy_depth > MAX_DEPTH {
        return Err(MerkleError::CanopyLength);
    }
    Ok(1 << canopy_depth)
}

/// Folds one level of a tree, left to right, to its root, without allocation: a binary counter of finished subtrees.
///
/// # Errors
/// [`MerkleError::CanopyLength`] unless there are 2^k nodes; [`MerkleError::SumOverflow`] from [`parent`].
pub fn fold_canopy(nodes: &[Node]) -> Result<Node, MerkleError> {
    if !nodes.len().is_power_of_two() || nodes.len() > 1 << MAX_DEPTH {
        return Err(MerkleError::CanopyLength);
    }
    let mut finished = [Node::default(); MAX_DEPTH as usize + 1];
    for (at, leaf) in nodes.iter().enumerate() {
        let mut node = *leaf;
        let mut level = 0;
        // Every trailing one bit of the position is a left subtree waiting for this right one.
        let mut waiting = at;
        while waiting & 1 == 1 {
            let left = finished.get(level).ok_or(MerkleError::CanopyLength)?;
            node = parent(left, &node)?;
            level = level.saturating_add(1);
            waiting >>= 1;
        }
        *finished.get_mut(level).ok_or(MerkleError::CanopyLength)? = node;
    }
    // Of 2^k nodes the last one finishes the subtree of k levels, which is all of them.
    let top = usize::try_from(nodes.len().trailing_zeros()).ok();
    let root = top.and_then(|top| finished.get(top));
    root.copied().ok_or(MerkleError::CanopyLength)
}
