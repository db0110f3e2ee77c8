use anchor_lang::prelude::*;

use crate::{
    error::{VaultError, refuse},
    event::{ParamsApplied, emit},
    state::{KnownPool, Params, Pool, StoredParams},
};

#[event_cpi]
#[derive(Accounts)]
pub struct ApplyParams {
    #[account(mut)]
    pub pool: KnownPool,
}

impl ApplyParams {
    /// Checks fields in order. Nobody signs: the announcement and its delay are the permission.
    fn validate(&self, now: i64) -> Result<Params> {
        let pool = &self.pool;
        let Some(params) = pool.pending_params.params() else {
            return refuse(VaultError::ParamsNotPending);
        };
        require!(
            now >= pool.pending_params.effective_at,
            VaultError::ParamsNotDue
        );
        // What an epoch was proposed under holds until it is active or vetoed. Keepers who always have one in flight
        // hold this up until the guardian vetoes it and applies in one transaction.
        require!(pool.pending_epoch == 0, VaultError::ParamsEpochPending);
        pool.validate_params(&params)?;
        Ok(params)
    }
}

/// Puts announced parameters into effect.
pub fn handler(ctx: &mut Context<ApplyParams>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let params = ctx.accounts.validate(now)?;
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    pool.apply_params(&params, now);
    pool.invariant()?;

    let event = ParamsApplied {
        pool: address,
        emission_anchor: pool.emission_anchor,
        params: StoredParams::from(&params),
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
