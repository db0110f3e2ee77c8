use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{EpochAttested, emit},
    state::{KnownEpoch, KnownPool, refresh_status},
};

/// What the keeper arrived at from the published files.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct AttestEpochArgs {
    /// SHA-256 of its manifest.
    pub manifest_hash: [u8; 32],
    /// Hash of its root.
    pub root: [u8; 32],
}

#[event_cpi]
#[derive(Accounts)]
pub struct AttestEpoch {
    /// One of the pool's keepers.
    #[account(constraint = pool.is_keeper(keeper.address()) @ VaultError::NotKeeper)]
    pub keeper: Signer,
    pub pool: KnownPool,
    #[account(
        mut,
        constraint = epoch.pool == *pool.address() @ VaultError::WrongPool,
    )]
    pub epoch: KnownEpoch,
}

impl AttestEpoch {
    /// Checks fields in order. The hashes make a signature prepared for one proposal useless for the next attempt.
    fn validate(&self, args: &AttestEpochArgs) -> Result<()> {
        require!(self.epoch.is_open(), VaultError::EpochNotOpen);
        require!(
            args.manifest_hash == self.epoch.manifest_hash,
            VaultError::AttestManifestMismatch
        );
        require!(args.root == self.epoch.root, VaultError::AttestRootMismatch);
        Ok(())
    }
}

pub fn handler(ctx: &mut Context<AttestEpoch>, args: AttestEpochArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let AttestEpoch {
        keeper,
        pool,
        epoch,
        ..
    } = &mut ctx.accounts;
    epoch.add_attester(pool, keeper.address())?;
    refresh_status(epoch, pool);
    epoch.invariant()?;

    let event = EpochAttested {
        pool: *pool.address(),
        keeper: *keeper.address(),
        number: epoch.number,
        tally: u32::try_from(epoch.tally(pool)).map_err(|_| VaultError::Overflow)?,
        threshold: u32::from(epoch.threshold.max(pool.threshold)),
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
