use anchor_lang::prelude::*;

use crate::{
    constants::REASON_LAPSED,
    error::VaultError,
    event::{EpochVetoed, emit},
    state::{KnownEpoch, KnownPool, canopy_complete, veto},
};

#[event_cpi]
#[derive(Accounts)]
pub struct LapseEpoch {
    /// Anyone.
    pub sender: Signer,
    #[account(mut)]
    pub pool: KnownPool,
    #[account(
        mut,
        constraint = epoch.pool == *pool.address() @ VaultError::WrongPool,
    )]
    pub epoch: KnownEpoch,
}

impl LapseEpoch {
    /// Checks fields in order.
    fn validate(&self, now: i64) -> Result<()> {
        let (pool, epoch) = (&self.pool, &self.epoch);
        require!(epoch.is_open(), VaultError::EpochNotOpen);
        let is_complete = epoch.is_attested(pool) && canopy_complete(epoch);
        require!(
            !is_complete && now >= epoch.window_over_at(pool),
            VaultError::EpochNotLapsed
        );
        Ok(())
    }
}

/// Clears away a proposal that nobody stood behind within its window: one keeper could otherwise keep the place of an
/// epoch for as long as guardian and admin are away. Anyone may send it.
pub fn handler(ctx: &mut Context<LapseEpoch>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    ctx.accounts.validate(now)?;
    let LapseEpoch {
        sender,
        pool,
        epoch,
        ..
    } = &mut ctx.accounts;
    veto(epoch, pool, REASON_LAPSED, now);
    epoch.invariant()?;
    pool.invariant()?;

    let event = EpochVetoed::of(epoch, *sender.address());
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
