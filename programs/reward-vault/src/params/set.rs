use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{ParamsAnnounced, emit},
    state::{KnownPool, Params, PendingParams, Pool},
};

/// The parameters to be.
#[derive(Clone, Copy, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct SetParamsArgs {
    /// All of them; those that do not change are named as they are.
    pub params: Params,
}

#[event_cpi]
#[derive(Accounts)]
pub struct SetParams {
    /// The pool's admin.
    #[account(address = pool.admin @ VaultError::NotAdmin)]
    pub admin: Signer,
    #[account(mut)]
    pub pool: KnownPool,
}

/// Announces parameters. What was announced before is void and its delay starts anew: nothing takes effect that did
/// not stand in the account, as it is, for the whole delay.
pub fn handler(ctx: &mut Context<SetParams>, args: SetParamsArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    pool.validate_params(&args.params)?;
    let effective_at = pool.effective_at(now)?;
    pool.pending_params = PendingParams::new(&args.params, effective_at);
    pool.invariant()?;

    let event = ParamsAnnounced {
        pool: address,
        admin: pool.admin,
        effective_at,
        params: pool.pending_params.stored,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
