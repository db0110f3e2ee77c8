use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{PauseSet, emit},
    state::{KnownPool, Pool},
};

#[event_cpi]
#[derive(Accounts)]
pub struct Pause {
    /// The pool's guardian or admin.
    #[account(
        constraint = pool.is_guardian_or_admin(authority.address()) @ VaultError::NotGuardianOrAdmin,
    )]
    pub authority: Signer,
    #[account(mut)]
    pub pool: KnownPool,
}

/// Stops claims, burns and redemptions, and activation with them: an epoch must not fall out of the claimable ones while
/// nobody can claim. Windows stand still meanwhile, and the pause ends by itself.
pub fn handler(ctx: &mut Context<Pause>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    pool.pause(now)?;
    pool.invariant()?;

    let event = PauseSet {
        pool: address,
        by: *ctx.accounts.authority.address(),
        until: pool.paused_until,
        paused: 1,
        reserved: [0; 7],
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
