use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{EpochAttested, emit},
    state::{KnownEpoch, KnownPool, refresh_status},
};

/// What the keeper arrived at from the published files.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct AttestEpochArgs {
    /// The hash of the proposal that it would have made itself, and of the attempt that it saw: see
    /// [`ProposeEpochArgs::hash`](crate::ProposeEpochArgs::hash).
    pub proposal: [u8; 32],
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
    /// Checks fields in order. A signature prepared for one proposal is useless for any other, and for the next attempt.
    fn validate(&self, args: &AttestEpochArgs) -> Result<()> {
        require!(self.epoch.is_open(), VaultError::EpochNotOpen);
        require!(
            args.proposal == self.epoch.proposal,
            VaultError::AttestProposalMismatch
        );
        Ok(())
    }
}

pub fn handler(ctx: &mut Context<AttestEpoch>, args: AttestEpochArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let now = Clock::get()?.unix_timestamp;
    let AttestEpoch {
        keeper,
        pool,
        epoch,
        ..
    } = &mut ctx.accounts;
    // Keepers may have been removed since it was complete: then the word that completes it again is the last one.
    refresh_status(epoch, pool, now);
    epoch.add_attester(pool, keeper.address())?;
    refresh_status(epoch, pool, now);
    epoch.invariant()?;

    let event = EpochAttested {
        pool: *pool.address(),
        keeper: *keeper.address(),
        number: epoch.number,
        complete_at: epoch.complete_at,
        attempt: epoch.attempt,
        tally: u32::try_from(epoch.tally(pool)).map_err(|_| VaultError::Overflow)?,
        threshold: u32::from(epoch.needed(pool)),
        reserved: [0; 4],
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
