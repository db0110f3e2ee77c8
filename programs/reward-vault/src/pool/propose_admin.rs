use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{AdminProposed, emit},
    state::{KnownPool, Pool},
};

/// Whom the pool is offered to.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct ProposeAdminArgs {
    /// The admin to be; the zero key withdraws the offer.
    pub new_admin: Address,
}

#[event_cpi]
#[derive(Accounts)]
pub struct ProposeAdmin {
    /// The pool's admin.
    #[account(address = pool.admin @ VaultError::NotAdmin)]
    pub admin: Signer,
    #[account(mut)]
    pub pool: KnownPool,
}

/// Offers the pool, or withdraws the offer. It is taken over only after the delay of parameters, so that a guardian sees
/// what a stolen key offers to whom, and can withdraw it.
pub fn handler(ctx: &mut Context<ProposeAdmin>, args: ProposeAdminArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let address = *ctx.accounts.pool.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    // Nothing changes hands until the new admin signs: a mistyped key can not orphan the pool.
    pool.pending_admin = args.new_admin;
    pool.admin_effective_at = if args.new_admin == Address::default() {
        0
    } else {
        pool.effective_at(now)?
    };
    pool.invariant()?;

    let event = AdminProposed {
        pool: address,
        admin: pool.admin,
        pending_admin: pool.pending_admin,
        effective_at: pool.admin_effective_at,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
