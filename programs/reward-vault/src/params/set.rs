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
    pool.require_current()?;
    args.params.validate()?;
    pool.validate_emission_rate(&args.params)?;
    let delay = i64::try_from(pool.params_delay_secs).map_err(|_| VaultError::Overflow)?;
    let effective_at = now.checked_add(delay).ok_or(VaultError::Overflow)?;
    pool.pending_params = PendingParams::new(&args.params, effective_at);
    pool.invariant()?;

    let event = ParamsAnnounced {
        pool: address,
        admin: pool.admin,
        effective_at,
        epoch_interval_secs: args.params.epoch_interval_secs,
        challenge_window_secs: args.params.challenge_window_secs,
        emission_cap: args.params.emission_cap,
        breaker_window_secs: args.params.breaker_window_secs,
        recipient_cooldown_secs: args.params.recipient_cooldown_secs,
        params_delay_secs: args.params.params_delay_secs,
        breaker_share_bps: args.params.breaker_share_bps,
        reserved: [0; 6],
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
