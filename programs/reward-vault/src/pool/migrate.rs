use anchor_lang::prelude::*;

use crate::{
    event::{PoolMigrated, emit},
    state::{KnownPool, Pool},
};

#[event_cpi]
#[derive(Accounts)]
pub struct MigratePool {
    #[account(mut)]
    pub pool: KnownPool,
}

/// Brings a pool to the layout of this program. Anyone may send it, any number of times: it decides nothing, and a
/// pool that has the layout stays as it is, without an event.
pub fn handler(ctx: &mut Context<MigratePool>) -> Result<()> {
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    let from_version = pool.version;
    let changed = pool.migrate()?;
    pool.invariant()?;
    if !changed {
        return Ok(());
    }

    let event = PoolMigrated {
        pool: address,
        from_version,
        to_version: pool.version,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
