//! The hash of the node above two others. On chain a claim takes one for each level of the tree, so there the three pieces are
//! laid out once for all levels and the hash is written where the next level reads it: what `hashv` would lay out and copy
//! anew each time costs a member 150 compute units.

#[cfg(not(target_os = "solana"))]
use solana_sha256_hasher::hashv;

use crate::{MerkleError, Node};

/// Separates nodes from leaves: with one tag for both, a node could be claimed as a leaf.
const NODE_TAG: &[u8] = &[0x01];

/// The node above `left` and `right`.
///
/// # Errors
/// [`MerkleError::SumOverflow`] when the sums do not fit: a wrapped sum would let leaves exceed their root.
#[inline]
pub fn parent(left: &Node, right: &Node) -> Result<Node, MerkleError> {
    let sum = left
        .sum()
        .checked_add(right.sum())
        .ok_or(MerkleError::SumOverflow)?;
    let mut above = Node::new([0; 32], sum);
    PairHasher::new().hash(left, right, &mut above.hash);
    Ok(above)
}

/// Hashes pairs of nodes.
#[cfg(not(target_os = "solana"))]
pub(crate) struct PairHasher;

#[cfg(not(target_os = "solana"))]
impl PairHasher {
    pub(crate) const fn new() -> Self {
        Self
    }

    /// The hash of the node above.
    pub(crate) fn hash(&mut self, left: &Node, right: &Node, to: &mut [u8; 32]) {
        *to = hashv(&[NODE_TAG, left.as_bytes(), right.as_bytes()]).to_bytes();
    }
}

/// Hashes pairs of nodes.
#[cfg(target_os = "solana")]
pub(crate) struct PairHasher([Piece; 3]);

/// A slice as the runtime reads it.
#[cfg(target_os = "solana")]
#[repr(C)]
struct Piece {
    at: *const u8,
    len: u64,
}

#[cfg(target_os = "solana")]
impl Piece {
    const TAG: Self = Self {
        at: NODE_TAG.as_ptr(),
        len: 1,
    };
    const NODE: Self = Self {
        at: core::ptr::null(),
        len: crate::NODE_LEN as u64,
    };
}

#[cfg(target_os = "solana")]
impl PairHasher {
    #[inline(always)]
    pub(crate) const fn new() -> Self {
        Self([Piece::TAG, Piece::NODE, Piece::NODE])
    }

    /// The hash of the node above.
    #[inline(always)]
    #[expect(unsafe_code, reason = "a call of the runtime")]
    pub(crate) fn hash(&mut self, left: &Node, right: &Node, to: &mut [u8; 32]) {
        let Self([_, first, second]) = self;
        first.at = left.as_bytes().as_ptr();
        second.at = right.as_bytes().as_ptr();
        // SAFETY: three pieces of the lengths they say, which live as long as this call, and room for the 32 bytes that the
        // runtime always writes.
        unsafe {
            solana_sha256_hasher::sol_sha256(self.0.as_ptr().cast(), 3, to.as_mut_ptr());
        }
    }
}
