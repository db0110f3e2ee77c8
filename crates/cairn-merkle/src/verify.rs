use core::cmp::Ordering;

use crate::{MerkleError, Node, canopy_len, parent};

/// Deepest tree: 2^24 leaves.
pub const MAX_DEPTH: u8 = 24;
/// Most leaves a tree holds.
pub const MAX_LEAVES: u32 = 1 << MAX_DEPTH;

/// The smallest depth whose 2^depth positions hold `leaf_count` leaves; 0 for a single leaf.
///
/// # Errors
/// [`MerkleError::LeafCount`] outside 1..=2^24.
pub const fn depth_for(leaf_count: u32) -> Result<u8, MerkleError> {
    if leaf_count == 0 || leaf_count > MAX_LEAVES {
        return Err(MerkleError::LeafCount);
    }
    // A depth is at most 24 here, so the narrowing can not lose anything.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "trailing_zeros of a u32 is at most 32"
    )]
    Ok(leaf_count.next_power_of_two().trailing_zeros() as u8)
}

/// Climbs from `leaf` at `index` over `proof`, one sibling a level, and returns the node it arrives at.
///
/// # Errors
/// [`MerkleError::SumOverflow`] when a sibling's sum does not fit on top.
#[inline]
pub fn fold_proof(leaf: Node, index: u32, proof: &[Node]) -> Result<Node, MerkleError> {
    let mut node = leaf;
    let mut position = index;
    for sibling in proof {
        node = if position & 1 == 0 {
            parent(&node, sibling)?
        } else {
            parent(sibling, &node)?
        };
        position >>= 1;
    }
    Ok(node)
}

/// Checks that `leaf` stands at `index` of the tree whose top `canopy` is. `canopy` holds the 2^c nodes of one level,
/// left to right; one node is the root itself. The caller has compared the canopy with the root before
/// ([`crate::fold_canopy`]).
///
/// # Errors
/// One variant per cause, in this order: [`MerkleError::LeafCount`], [`MerkleError::CanopyLength`],
/// [`MerkleError::IndexOutOfRange`], [`MerkleError::ProofTooShort`], [`MerkleError::ProofTooLong`],
/// [`MerkleError::SumOverflow`], [`MerkleError::SumMismatch`], [`MerkleError::HashMismatch`].
#[inline]
pub fn verify(
    leaf: Node,
    index: u32,
    leaf_count: u32,
    proof: &[Node],
    canopy: &[Node],
    canopy_depth: u8,
) -> Result<(), MerkleError> {
    let depth = depth_for(leaf_count)?;
    let climb = depth
        .checked_sub(canopy_depth)
        .ok_or(MerkleError::CanopyLength)?;
    if canopy.len() != canopy_len(canopy_depth)? {
        return Err(MerkleError::CanopyLength);
    }
    if index >= leaf_count {
        return Err(MerkleError::IndexOutOfRange);
    }
    // A proof of another length would reach the root from an inner node or from below the leaves.
    match proof.len().cmp(&usize::from(climb)) {
        Ordering::Less => return Err(MerkleError::ProofTooShort),
        Ordering::Greater => return Err(MerkleError::ProofTooLong),
        Ordering::Equal => {}
    }
    let top = fold_proof(leaf, index, proof)?;
    let position = index.checked_shr(u32::from(climb)).unwrap_or(0);
    let expected = usize::try_from(position)
        .ok()
        .and_then(|at| canopy.get(at))
        .ok_or(MerkleError::CanopyLength)?;
    if top.sum() != expected.sum() {
        return Err(MerkleError::SumMismatch);
    }
    if top.hash != expected.hash {
        return Err(MerkleError::HashMismatch);
    }
    Ok(())
}
