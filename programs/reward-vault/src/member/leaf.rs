//! A member's leaf: the proof that an active epoch's root holds it.

use anchor_lang::prelude::*;
use cairn_merkle::{Credits, LeafIndex, MilliPoints, Node, RewardLeaf, Tokens, verify};

use crate::{
    error::{VaultError, refuse},
    state::{Epoch, EpochAccount, EpochStatus, MemberSlot, Pool},
};

/// What a root grants a member over their life. The owner stands in no instruction's data: an account or a signature
/// says who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, SchemaRead, SchemaWrite, IdlType)]
pub struct MemberLeaf {
    /// The member's index.
    pub index: u32,
    /// Base units over the member's life.
    pub tokens: u64,
    /// Milli-points over the member's life.
    pub points: u64,
    /// Data credits over the member's life, below 2^63.
    pub credits: u64,
}

/// Checks that `epoch` holds `owner`'s `leaf` and is the pool's active one or the one before it. `proof` is whole
/// nodes of 40 bytes, from the leaf up to the canopy. The caller has checked that the epoch is of this pool.
///
/// # Errors
/// [`VaultError::EpochNotActive`], [`VaultError::EpochSuperseded`], [`VaultError::EpochRevoked`] and those of
/// [`prove_leaf`].
#[inline]
pub fn prove_member(
    pool: &Account<Pool>,
    epoch: &EpochAccount,
    owner: &Address,
    leaf: &MemberLeaf,
    proof: &[u8],
) -> Result<()> {
    require_claimable(pool, epoch)?;
    prove_leaf(epoch, owner, leaf, proof)
}

/// Checks that `epoch` holds `owner`'s `leaf`, whatever became of the epoch. `proof` as in [`prove_member`].
///
/// # Errors
/// [`VaultError::CreditsRange`], [`VaultError::ProofBytes`], or one code for each way in which a proof can be wrong.
pub fn prove_leaf(
    epoch: &EpochAccount,
    owner: &Address,
    leaf: &MemberLeaf,
    proof: &[u8],
) -> Result<()> {
    // The slot keeps a mark in the top bit of the credits it counts.
    require!(
        leaf.credits <= MemberSlot::MAX_CREDITS,
        VaultError::CreditsRange
    );
    let Some(proof) = Node::slice_from_bytes(proof) else {
        return refuse(VaultError::ProofBytes);
    };
    let index = LeafIndex::new(leaf.index);
    let node = RewardLeaf {
        pool: epoch.pool.to_bytes(),
        index,
        owner: owner.to_bytes(),
        tokens: Tokens::new(leaf.tokens),
        points: MilliPoints::new(leaf.points),
        credits: Credits::new(leaf.credits),
    }
    .node();
    match verify(
        node,
        index,
        epoch.leaf_count,
        proof,
        epoch.as_slice(),
        epoch.canopy_depth,
    ) {
        Ok(()) => Ok(()),
        Err(error) => refuse(error),
    }
}

/// Numbers have no gaps and only active epochs are counted, so the number tells what became of an epoch unless it was
/// revoked.
fn require_claimable(pool: &Pool, epoch: &Epoch) -> Result<()> {
    require!(
        epoch.number <= pool.active_epoch,
        VaultError::EpochNotActive
    );
    require!(
        epoch.number.saturating_add(1) >= pool.active_epoch,
        VaultError::EpochSuperseded
    );
    require_unrevoked(epoch)
}

/// A revoked epoch's root grants nothing any more.
///
/// # Errors
/// [`VaultError::EpochRevoked`].
pub fn require_unrevoked(epoch: &Epoch) -> Result<()> {
    require!(
        epoch.status != EpochStatus::Revoked as u8,
        VaultError::EpochRevoked
    );
    Ok(())
}
