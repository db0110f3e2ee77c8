use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{EpochVetoed, emit},
    state::{EpochStatus, KnownEpoch, KnownPool},
};

/// Why.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct VetoEpochArgs {
    /// The guardian's own code; shown, never interpreted.
    pub reason: u16,
}

#[event_cpi]
#[derive(Accounts)]
pub struct VetoEpoch {
    /// The pool's guardian; or its admin, so that a lost guardian key can not leave a bad proposal in the way.
    #[account(
        constraint = pool.is_guardian_or_admin(guardian.address()) @ VaultError::NotGuardianOrAdmin,
    )]
    pub guardian: Signer,
    #[account(mut)]
    pub pool: KnownPool,
    #[account(
        mut,
        constraint = epoch.pool == *pool.address() @ VaultError::WrongPool,
    )]
    pub epoch: KnownEpoch,
}

pub fn handler(ctx: &mut Context<VetoEpoch>, args: VetoEpochArgs) -> Result<()> {
    let VetoEpoch {
        guardian,
        pool,
        epoch,
        ..
    } = &mut ctx.accounts;
    require!(epoch.is_open(), VaultError::EpochNotOpen);
    epoch.status = EpochStatus::Vetoed as u8;
    epoch.veto_reason = args.reason;
    pool.pending_epoch = 0;
    epoch.invariant()?;
    pool.invariant()?;

    let event = EpochVetoed {
        pool: *pool.address(),
        by: *guardian.address(),
        number: epoch.number,
        attempt: epoch.attempt,
        reason: args.reason,
        reserved: [0; 4],
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
