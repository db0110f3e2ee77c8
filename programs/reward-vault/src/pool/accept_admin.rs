use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{AdminAccepted, emit},
    state::{KnownPool, Pool},
};

#[event_cpi]
#[derive(Accounts)]
pub struct AcceptAdmin {
    /// The admin that the pool was offered to. The zero key, which stands for no offer, can not sign.
    #[account(address = pool.pending_admin @ VaultError::NotPendingAdmin)]
    pub new_admin: Signer,
    #[account(mut)]
    pub pool: KnownPool,
}

pub fn handler(ctx: &mut Context<AcceptAdmin>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    require!(now >= pool.admin_effective_at, VaultError::AdminNotDue);
    let old_admin = pool.admin;
    pool.admin = *ctx.accounts.new_admin.address();
    pool.pending_admin = Address::default();
    pool.admin_effective_at = 0;
    pool.validate_guardian()?;
    pool.invariant()?;

    let event = AdminAccepted {
        pool: address,
        old_admin,
        admin: pool.admin,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
