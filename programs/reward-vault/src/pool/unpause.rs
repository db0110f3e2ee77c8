use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{PauseSet, emit},
    state::{KnownPool, Pool},
};

#[event_cpi]
#[derive(Accounts)]
pub struct Unpause {
    /// The pool's admin. Not the guardian: a key that is kept at hand to stop things must not restart them.
    #[account(address = pool.admin @ VaultError::NotAdmin)]
    pub admin: Signer,
    #[account(mut)]
    pub pool: KnownPool,
}

pub fn handler(ctx: &mut Context<Unpause>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    pool.unpause(now)?;
    pool.invariant()?;

    let event = PauseSet {
        pool: address,
        by: *ctx.accounts.admin.address(),
        until: pool.paused_until,
        paused: 0,
        reserved: [0; 7],
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
