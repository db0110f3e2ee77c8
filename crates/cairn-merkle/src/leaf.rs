use solana_sha256_hasher::hashv;

use crate::{Credits, LeafIndex, MilliPoints, Node, Tokens};

/// First bytes of every reward leaf's preimage: the leaf tag, then a name that no other kind of leaf uses.
pub const LEAF_TAG: &[u8; 13] = b"\x00cairn/leaf/1";

/// What one member has earned in its whole life up to an epoch. Amounts are cumulative and never decrease, so a leaf
/// that earns nothing keeps its bytes and its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RewardLeaf {
    /// The pool's address: a leaf of one pool means nothing in another.
    pub pool: [u8; 32],
    /// The member's position in the tree and in the pool's pages, for life.
    pub index: LeafIndex,
    /// The wallet, PDA or multisig that is paid.
    pub owner: [u8; 32],
    pub tokens: Tokens,
    pub points: MilliPoints,
    pub credits: Credits,
}

impl RewardLeaf {
    /// The leaf's node: its hash over every field, and `tokens` as its sum.
    #[inline]
    #[must_use]
    pub fn node(&self) -> Node {
        let hash = hashv(&[
            LEAF_TAG,
            &self.pool,
            &self.index.get().to_le_bytes(),
            &self.owner,
            &self.tokens.get().to_le_bytes(),
            &self.points.get().to_le_bytes(),
            &self.credits.get().to_le_bytes(),
        ]);
        Node::new(hash.to_bytes(), self.tokens)
    }

    /// The bytes that [`Self::node`] hashes: 105 of them, for vectors and second implementations.
    #[must_use]
    pub fn preimage(&self) -> [u8; 105] {
        let mut bytes = [0; 105];
        let parts: [&[u8]; 7] = [
            LEAF_TAG,
            &self.pool,
            &self.index.get().to_le_bytes(),
            &self.owner,
            &self.tokens.get().to_le_bytes(),
            &self.points.get().to_le_bytes(),
            &self.credits.get().to_le_bytes(),
        ];
        let source = parts.into_iter().flatten();
        for (to, from) in bytes.iter_mut().zip(source) {
            *to = *from;
        }
        bytes
    }
}
