use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{GuardianSet, emit},
    state::{KnownPool, Pool},
};

/// The guardian to be.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct SetGuardianArgs {
    /// Not the zero key.
    pub guardian: Address,
}

#[event_cpi]
#[derive(Accounts)]
pub struct SetGuardian {
    /// The pool's admin: a stolen guardian key would otherwise stop the pool for ever.
    #[account(address = pool.admin @ VaultError::NotAdmin)]
    pub admin: Signer,
    #[account(mut)]
    pub pool: KnownPool,
}

pub fn handler(ctx: &mut Context<SetGuardian>, args: SetGuardianArgs) -> Result<()> {
    require!(args.guardian != Address::default(), VaultError::ZeroKey);
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    let old_guardian = pool.guardian;
    pool.guardian = args.guardian;
    pool.invariant()?;

    let event = GuardianSet {
        pool: address,
        old_guardian,
        guardian: pool.guardian,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
