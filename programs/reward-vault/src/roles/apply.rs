use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{RolesApplied, emit},
    state::{KnownPool, Pool},
};

#[event_cpi]
#[derive(Accounts)]
pub struct ApplyRoles {
    #[account(mut)]
    pub pool: KnownPool,
}

/// Puts announced roles in office that are due: the guardian, the keepers, or both. Nobody signs: the announcement and
/// its delay are the permission. What an epoch was proposed under holds until it is active or vetoed.
pub fn handler(ctx: &mut Context<ApplyRoles>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    let pending = pool.pending_roles;
    let guardian_at = pending.guardian_effective_at;
    let keepers_at = pending.keepers_effective_at;
    require!(
        guardian_at != 0 || keepers_at != 0,
        VaultError::RolesNotPending
    );
    let is_due = |at: i64| at != 0 && now >= at;
    require!(
        is_due(guardian_at) || is_due(keepers_at),
        VaultError::RolesNotDue
    );
    require!(pool.pending_epoch == 0, VaultError::RolesEpochPending);
    if is_due(guardian_at) {
        pool.guardian = pending.guardian;
        pool.pending_roles.forget_guardian();
    }
    if is_due(keepers_at) {
        pool.set_keepers(pending.keepers(), pending.threshold)?;
        pool.pending_roles.forget_keepers();
    }
    pool.validate_guardian()?;
    pool.invariant()?;

    let event = RolesApplied {
        pool: address,
        guardian: pool.guardian,
        keepers: pool.keepers,
        keeper_count: pool.keeper_count,
        threshold: pool.threshold,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
