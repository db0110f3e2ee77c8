use anchor_lang::prelude::*;
use cairn_onchain::canopy::{self, PutCanopyArgs};

use crate::{
    error::VaultError,
    event::{CanopyStored, emit},
    state::{KnownEpoch, KnownPool, refresh_status},
};

#[event_cpi]
#[derive(Accounts)]
pub struct PutCanopy {
    /// The keeper that proposed the epoch: any other could keep overwriting its parts.
    #[account(address = epoch.proposer @ VaultError::NotProposer)]
    pub proposer: Signer,
    pub pool: KnownPool,
    #[account(
        mut,
        constraint = epoch.pool == *pool.address() @ VaultError::WrongPool,
    )]
    pub epoch: KnownEpoch,
}

impl PutCanopy {
    /// Checks fields in order; the nodes are checked where they are stored.
    fn validate(&self) -> Result<()> {
        require!(self.epoch.is_open(), VaultError::EpochNotOpen);
        // A keeper that was removed must not go on shaping its epoch.
        require!(
            self.pool.is_keeper(self.proposer.address()),
            VaultError::NotKeeper
        );
        Ok(())
    }
}

pub fn handler(ctx: &mut Context<PutCanopy>, args: PutCanopyArgs) -> Result<()> {
    ctx.accounts.validate()?;
    let PutCanopy { pool, epoch, .. } = &mut ctx.accounts;
    let target = epoch.canopy();
    let progress = canopy::put::<VaultError, _>(epoch, target, &args)?;
    refresh_status(epoch, pool, Clock::get()?.unix_timestamp);
    epoch.invariant()?;

    let event = CanopyStored {
        pool: *pool.address(),
        number: epoch.number,
        stored: progress.stored,
        needed: progress.needed,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
