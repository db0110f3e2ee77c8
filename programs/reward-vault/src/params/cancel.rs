use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{ParamsCancelled, emit},
    state::{KnownPool, PendingParams, Pool},
};

#[event_cpi]
#[derive(Accounts)]
pub struct CancelParams {
    /// The pool's guardian or admin.
    #[account(
        constraint = pool.is_guardian_or_admin(authority.address()) @ VaultError::NotGuardianOrAdmin,
    )]
    pub authority: Signer,
    #[account(mut)]
    pub pool: KnownPool,
}

/// Withdraws what was announced: the delay is there for the guardian to see what a stolen admin key asked for.
pub fn handler(ctx: &mut Context<CancelParams>) -> Result<()> {
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    require!(
        pool.pending_params.params().is_some(),
        VaultError::ParamsNotPending
    );
    pool.pending_params = PendingParams::default();
    pool.invariant()?;

    let event = ParamsCancelled {
        pool: address,
        by: *ctx.accounts.authority.address(),
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
