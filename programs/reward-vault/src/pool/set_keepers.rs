use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{KeepersSet, emit},
    state::{KnownPool, Pool},
};

/// The keepers to be.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct SetKeepersArgs {
    /// 1 to 16 keys, none zero, none twice.
    pub keepers: Vec<Address>,
    /// Attestations an epoch needs, 1 to the number of keepers.
    pub threshold: u8,
}

#[event_cpi]
#[derive(Accounts)]
pub struct SetKeepers {
    /// The pool's admin.
    #[account(address = pool.admin @ VaultError::NotAdmin)]
    pub admin: Signer,
    #[account(mut)]
    pub pool: KnownPool,
}

/// Takes effect at once, on a pending epoch too: attestations of keys that are removed no longer count.
pub fn handler(ctx: &mut Context<SetKeepers>, args: SetKeepersArgs) -> Result<()> {
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    pool.set_keepers(&args.keepers, args.threshold)?;
    pool.invariant()?;

    let event = KeepersSet {
        pool: address,
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
