use anchor_lang::prelude::*;

use crate::{
    constants::FIRST_OWN_REASON,
    error::VaultError,
    event::{EpochVetoed, emit},
    state::{KnownEpoch, KnownPool, veto},
};

/// Why.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct VetoEpochArgs {
    /// The guardian's own code, below 65,280; shown, never interpreted.
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
    require!(args.reason < FIRST_OWN_REASON, VaultError::ReasonReserved);
    veto(epoch, pool, args.reason, Clock::get()?.unix_timestamp);
    epoch.invariant()?;
    pool.invariant()?;

    let event = EpochVetoed::of(epoch, *guardian.address());
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
