use solana_sha256_hasher::hashv;

use crate::{LeafIndex, MerkleError, Node, Tokens};

/// First bytes of every campaign leaf's preimage: the leaf tag, then a name that no other kind of leaf uses.
pub const DROP_LEAF_TAG: &[u8; 13] = b"\x00cairn/drop/1";

/// Claimants whose bits share one page account: 10,000 bytes of bits, which with its header still fit the 10,240 bytes
/// that one instruction may create.
pub const DROPS_PER_PAGE: u32 = 80_000;

/// What a campaign grants to one claimant, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DropLeaf {
    /// The campaign's address: a leaf of one campaign means nothing in another.
    pub campaign: [u8; 32],
    /// The claimant's position in the tree and in the campaign's pages.
    pub index: LeafIndex,
    /// The wallet, PDA or multisig that is paid.
    pub owner: [u8; 32],
    /// Paid at the claim.
    pub unlocked: Tokens,
    /// Vests between the campaign's dates.
    pub locked: Tokens,
}

impl DropLeaf {
    /// The leaf's node: its hash over every field, and all its base units as its sum.
    ///
    /// # Errors
    /// [`MerkleError::SumOverflow`] when both parts together do not fit: a wrapped sum would let the leaf be paid
    /// more than its tree commits to.
    #[inline]
    pub fn node(&self) -> Result<Node, MerkleError> {
        let sum = self
            .unlocked
            .checked_add(self.locked)
            .ok_or(MerkleError::SumOverflow)?;
        let hash = hashv(&[
            DROP_LEAF_TAG,
            &self.campaign,
            &self.index.get().to_le_bytes(),
            &self.owner,
            &self.unlocked.get().to_le_bytes(),
            &self.locked.get().to_le_bytes(),
        ]);
        Ok(Node::new(hash.to_bytes(), sum))
    }

    /// The bytes that [`Self::node`] hashes: 97 of them, for vectors and second implementations.
    #[must_use]
    pub fn preimage(&self) -> [u8; 97] {
        let mut bytes = [0; 97];
        let parts: [&[u8]; 6] = [
            DROP_LEAF_TAG,
            &self.campaign,
            &self.index.get().to_le_bytes(),
            &self.owner,
            &self.unlocked.get().to_le_bytes(),
            &self.locked.get().to_le_bytes(),
        ];
        let source = parts.into_iter().flatten();
        for (to, from) in bytes.iter_mut().zip(source) {
            *to = *from;
        }
        bytes
    }
}

/// The page that holds a claimant's bit.
#[must_use]
pub const fn drop_page_of(index: LeafIndex) -> u32 {
    index.get() / DROPS_PER_PAGE
}

/// The claimant's bit inside its page, below [`DROPS_PER_PAGE`].
#[must_use]
pub const fn drop_bit_of(index: LeafIndex) -> u32 {
    index.get() % DROPS_PER_PAGE
}

/// Pages that hold `leaf_count` claimants.
#[must_use]
pub const fn drop_pages_for(leaf_count: u32) -> u32 {
    leaf_count.div_ceil(DROPS_PER_PAGE)
}
