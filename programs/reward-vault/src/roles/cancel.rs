use anchor_lang::{address_eq, prelude::*};

use crate::{
    error::VaultError,
    event::{RolesCancelled, emit},
    state::{KnownPool, Pool},
};

/// What to withdraw.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct CancelRolesArgs {
    /// The guardian to be: the admin's to withdraw alone, or a stolen guardian key could not be replaced.
    pub guardian: bool,
    /// The keepers to be.
    pub keepers: bool,
    /// The offer of the pool to another admin.
    pub admin: bool,
}

#[event_cpi]
#[derive(Accounts)]
pub struct CancelRoles {
    /// The pool's guardian or admin.
    #[account(
        constraint = pool.is_guardian_or_admin(authority.address()) @ VaultError::NotGuardianOrAdmin,
    )]
    pub authority: Signer,
    #[account(mut)]
    pub pool: KnownPool,
}

impl CancelRoles {
    /// Checks fields in order.
    fn validate(&self, args: &CancelRolesArgs) -> Result<()> {
        let pool = &self.pool;
        require!(
            !args.guardian || address_eq(self.authority.address(), &pool.admin),
            VaultError::NotAdmin
        );
        let pending = &pool.pending_roles;
        let named = args.guardian || args.keepers || args.admin;
        require!(
            named
                && (!args.guardian || pending.guardian_effective_at != 0)
                && (!args.keepers || pending.keepers_effective_at != 0)
                && (!args.admin || pool.pending_admin != Address::default()),
            VaultError::RolesNotPending
        );
        Ok(())
    }
}

/// Withdraws what was announced: the delay is there for the guardian to see what a stolen admin key asked for.
pub fn handler(ctx: &mut Context<CancelRoles>, args: CancelRolesArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let address = *ctx.accounts.pool.address();
    let by = *ctx.accounts.authority.address();
    let pool: &mut Pool = &mut ctx.accounts.pool;
    if args.guardian {
        pool.pending_roles.forget_guardian();
    }
    if args.keepers {
        pool.pending_roles.forget_keepers();
    }
    if args.admin {
        pool.pending_admin = Address::default();
        pool.admin_effective_at = 0;
    }
    pool.invariant()?;

    let event = RolesCancelled {
        pool: address,
        by,
        guardian: u8::from(args.guardian),
        keepers: u8::from(args.keepers),
        admin: u8::from(args.admin),
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
