use anchor_lang::prelude::*;
use cairn_merkle::{Node, canopy_len, fold_canopy};

use crate::{
    error::VaultError,
    event::{CanopyStored, emit},
    state::{EpochAccount, Pool, canopy_complete, refresh_status},
};

/// A run of the tree's nodes at the canopy's level, left to right.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct PutCanopyArgs {
    /// Nodes stored so far, or 0 to start over.
    pub offset: u8,
    /// Whole nodes of 40 bytes: hash, then sum as u64.
    pub nodes: Vec<u8>,
}

#[event_cpi]
#[derive(Accounts)]
pub struct PutCanopy {
    /// The keeper that proposed the epoch: any other could keep overwriting its parts.
    #[account(address = epoch.proposer @ VaultError::NotProposer)]
    pub proposer: Signer,
    pub pool: Account<Pool>,
    #[account(
        mut,
        constraint = epoch.pool == *pool.address() @ VaultError::WrongPool,
    )]
    pub epoch: EpochAccount,
}

impl PutCanopy {
    /// Checks fields in order and reads the nodes in place.
    fn validate<'args>(&self, args: &'args PutCanopyArgs) -> Result<&'args [Node]> {
        require!(self.epoch.is_open(), VaultError::EpochNotOpen);
        // A keeper that was removed must not go on shaping its epoch.
        require!(
            self.pool.is_keeper(self.proposer.address()),
            VaultError::NotKeeper
        );
        require!(!canopy_complete(&self.epoch), VaultError::CanopyComplete);
        let offset = usize::from(args.offset);
        require!(
            offset == 0 || offset == self.epoch.len(),
            VaultError::CanopyOffset
        );
        let nodes = Node::slice_from_bytes(&args.nodes).ok_or(VaultError::CanopyBytes)?;
        require!(!nodes.is_empty(), VaultError::CanopyBytes);
        let needed = canopy_len(self.epoch.canopy_depth).map_err(VaultError::from)?;
        let stored = offset.checked_add(nodes.len());
        require!(
            stored.is_some_and(|count| count <= needed),
            VaultError::CanopyTooLong
        );
        Ok(nodes)
    }
}

pub fn handler(ctx: &mut Context<PutCanopy>, args: PutCanopyArgs) -> Result<()> {
    let nodes = ctx.accounts.validate(&args)?;
    let PutCanopy { pool, epoch, .. } = &mut ctx.accounts;
    epoch.truncate(usize::from(args.offset));
    for node in nodes {
        epoch.try_push(*node)?;
    }
    if canopy_complete(epoch) {
        require_root(epoch)?;
        refresh_status(epoch, pool);
    }
    epoch.invariant()?;

    let needed = canopy_len(epoch.canopy_depth).map_err(VaultError::from)?;
    let event = CanopyStored {
        pool: *pool.address(),
        number: epoch.number,
        stored: u32::try_from(epoch.len()).map_err(|_| VaultError::Overflow)?,
        needed: u32::try_from(needed).map_err(|_| VaultError::Overflow)?,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}

/// A complete canopy must be the root's own: claims are compared with the canopy and never see the root.
fn require_root(epoch: &EpochAccount) -> Result<()> {
    let folded = fold_canopy(epoch.as_slice()).map_err(|error| match error {
        cairn_merkle::MerkleError::SumOverflow => VaultError::CanopySumMismatch,
        other => other.into(),
    })?;
    require!(folded.sum() == epoch.tokens, VaultError::CanopySumMismatch);
    require!(folded.hash == epoch.root, VaultError::CanopyHashMismatch);
    Ok(())
}
