use crate::{
    LeafIndex, MAX_DEPTH, MerkleError, Node, Tokens, canopy_len, depth_for, pair::PairHasher,
};

/// Climbs from `leaf` at `index` over `proof`, one sibling a level, and returns the node it arrives at.
///
/// # Errors
/// [`MerkleError::SumOverflow`] when a sibling's sum does not fit on top.
#[inline]
pub fn fold_proof(leaf: Node, index: LeafIndex, proof: &[Node]) -> Result<Node, MerkleError> {
    let mut hasher = PairHasher::new();
    let (mut here, mut above) = (leaf, Node::default());
    let (mut node, mut next) = (&mut here, &mut above);
    // Wide, because the chain masks narrow numbers at each step.
    let mut position = u64::from(index.get());
    for sibling in proof {
        let (below, more) = (node.sum().get(), sibling.sum().get());
        // What `checked_add` asks, in the form of which the chain's compiler makes one comparison.
        if more > !below {
            return Err(MerkleError::SumOverflow);
        }
        let (left, right) = if position & 1 == 0 {
            (&*node, sibling)
        } else {
            (sibling, &*node)
        };
        hasher.hash(left, right, &mut next.hash);
        next.set_sum(Tokens::new(below.wrapping_add(more)));
        core::mem::swap(&mut node, &mut next);
        position >>= 1;
    }
    Ok(*node)
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
    index: LeafIndex,
    leaf_count: u32,
    proof: &[Node],
    canopy: &[Node],
    canopy_depth: u8,
) -> Result<(), MerkleError> {
    let lengths = Lengths {
        index: index.get(),
        leaf_count,
        proof: proof.len(),
        canopy: canopy.len(),
        canopy_depth,
    };
    let climb = lengths.climb()?;
    let top = fold_proof(leaf, index, proof)?;
    let position = index.get().checked_shr(climb).unwrap_or(0);
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

/// What must fit together before anything is hashed.
struct Lengths {
    index: u32,
    leaf_count: u32,
    proof: usize,
    canopy: usize,
    canopy_depth: u8,
}

impl Lengths {
    /// Levels between the leaves and the canopy, once every length is right. Compares with powers of two: to find the
    /// depth first would cost a claimant twice as much.
    #[inline]
    fn climb(&self) -> Result<u32, MerkleError> {
        let climb = u32::try_from(self.proof).unwrap_or(u32::MAX);
        let depth = climb.saturating_add(u32::from(self.canopy_depth));
        let most = 1_u64.checked_shl(depth).unwrap_or(0);
        let leaf_count = u64::from(self.leaf_count);
        let canopy = 1_u64.checked_shl(u32::from(self.canopy_depth));
        let right = depth <= u32::from(MAX_DEPTH)
            && leaf_count <= most
            && leaf_count > most >> 1
            && self.index < self.leaf_count
            && canopy == u64::try_from(self.canopy).ok();
        if right { Ok(climb) } else { Err(self.fault()) }
    }

    /// Which of them is wrong.
    #[cold]
    fn fault(&self) -> MerkleError {
        let depth = match depth_for(self.leaf_count) {
            Ok(depth) => depth,
            Err(error) => return error,
        };
        let Some(climb) = depth.checked_sub(self.canopy_depth) else {
            return MerkleError::CanopyLength;
        };
        if canopy_len(self.canopy_depth) != Ok(self.canopy) {
            return MerkleError::CanopyLength;
        }
        if self.index >= self.leaf_count {
            return MerkleError::IndexOutOfRange;
        }
        // A proof of another length would reach the root from an inner node or from below the leaves.
        if self.proof < usize::from(climb) {
            MerkleError::ProofTooShort
        } else {
            MerkleError::ProofTooLong
        }
    }
}
