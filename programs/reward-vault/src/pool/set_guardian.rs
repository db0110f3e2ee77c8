use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{GuardianSet, RolesAnnounced, emit},
    state::{KnownPool, Pool},
};

/// The guardian to be.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct SetGuardianArgs {
    /// Neither the zero key nor the admin nor a keeper.
    pub guardian: Address,
}

#[event_cpi]
#[derive(Accounts)]
pub struct SetGuardian {
    /// The pool's admin: a stolen guardian key would otherwise stop the pool for ever.
    #[account(address = pool.admin @ VaultError::NotAdmin)]
    pub admin: Signer,
    /// The guardian in office. With its signature the change takes effect at once.
    #[account(address = pool.guardian @ VaultError::NotGuardian)]
    pub guardian: Option<Signer>,
    #[account(mut)]
    pub pool: KnownPool,
}

/// Replaces the guardian when both keys sign, and announces another one when the admin's alone does: whoever stole it
/// could otherwise be rid of the only key that stops it in the transaction in which it strikes.
pub fn handler(ctx: &mut Context<SetGuardian>, args: SetGuardianArgs) -> Result<()> {
    require!(args.guardian != Address::default(), VaultError::ZeroKey);
    let now = Clock::get()?.unix_timestamp;
    let address = *ctx.accounts.pool.address();
    let agreed = ctx.accounts.guardian.is_some();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    let old_guardian = pool.guardian;
    // As it would be in office, so that nothing is announced which could not be applied.
    pool.guardian = args.guardian;
    pool.validate_guardian()?;
    let authority = &ctx.accounts.event_authority;
    if agreed {
        pool.pending_roles.forget_guardian();
        pool.invariant()?;
        let event = GuardianSet {
            pool: address,
            old_guardian,
            guardian: pool.guardian,
        };
        emit(authority, ctx.bumps.event_authority, event);
        return Ok(());
    }
    pool.guardian = old_guardian;
    let effective_at = pool.effective_at(now)?;
    pool.pending_roles
        .announce_guardian(args.guardian, effective_at);
    pool.invariant()?;
    let event = RolesAnnounced::of(address, pool);
    emit(authority, ctx.bumps.event_authority, event);
    Ok(())
}
