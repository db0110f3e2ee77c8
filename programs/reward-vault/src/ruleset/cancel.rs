use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{RulesetCancelled, emit},
    state::{KnownPool, PendingRuleset, Pool},
};

#[event_cpi]
#[derive(Accounts)]
pub struct CancelRuleset {
    /// The pool's guardian or admin.
    #[account(
        constraint = pool.is_guardian_or_admin(authority.address()) @ VaultError::NotGuardianOrAdmin,
    )]
    pub authority: Signer,
    #[account(mut)]
    pub pool: KnownPool,
}

/// Withdraws announced rules. An epoch that is proposed under them already can not be activated any more.
pub fn handler(ctx: &mut Context<CancelRuleset>) -> Result<()> {
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    let withdrawn = pool.pending_ruleset;
    require!(withdrawn.effective_at != 0, VaultError::RulesetNotPending);
    pool.pending_ruleset = PendingRuleset::default();
    pool.invariant()?;

    let event = RulesetCancelled {
        pool: address,
        by: *ctx.accounts.authority.address(),
        hash: withdrawn.hash,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
