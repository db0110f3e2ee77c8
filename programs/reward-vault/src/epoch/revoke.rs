use anchor_lang::prelude::*;

use crate::{
    error::VaultError,
    event::{EpochRevoked, emit},
    state::{EpochStatus, KnownEpoch, KnownPool},
};

#[event_cpi]
#[derive(Accounts)]
pub struct RevokeEpoch {
    /// The pool's admin.
    #[account(address = pool.admin @ VaultError::NotAdmin)]
    pub admin: Signer,
    /// The pool's guardian. Neither key alone takes back what members may already count on.
    #[account(address = pool.guardian @ VaultError::NotGuardian)]
    pub guardian: Signer,
    #[account(mut)]
    pub pool: KnownPool,
    /// The pool's active epoch.
    #[account(
        mut,
        constraint = epoch.pool == *pool.address() @ VaultError::WrongPool,
    )]
    pub epoch: KnownEpoch,
}

/// Takes back an active epoch whose root is forged or wrong. Claims, burns and redemptions against it are refused from
/// now on; the epoch before it stays claimable as it was. The next epoch is a correction: admin and guardian sign its
/// proposal too, and it may state totals down to what was taken already.
pub fn handler(ctx: &mut Context<RevokeEpoch>) -> Result<()> {
    let RevokeEpoch {
        admin,
        guardian,
        pool,
        epoch,
        ..
    } = &mut ctx.accounts;
    require!(
        epoch.status == EpochStatus::Active as u8,
        VaultError::EpochNotActive
    );
    // What is proposed builds on the root that falls. A veto in the same transaction clears it away.
    require!(pool.pending_epoch == 0, VaultError::EpochInFlight);
    pool.fall_back()?;
    epoch.status = EpochStatus::Revoked as u8;
    epoch.invariant()?;
    pool.invariant()?;

    let event = EpochRevoked {
        pool: *pool.address(),
        admin: *admin.address(),
        guardian: *guardian.address(),
        number: epoch.number,
        tokens: pool.total_cumulative,
        points: pool.points_issued,
        credits: pool.credits_issued,
        emission_anchor: pool.emission_anchor,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
