use anchor_lang::{address_eq, prelude::*};
use cairn_onchain::tombstone::bury;

use crate::{
    error::VaultError,
    event::{EpochClosed, emit},
    state::{ClosableEpoch, Epoch, EpochTombstone, KnownPool},
};

#[event_cpi]
#[derive(Accounts)]
pub struct CloseEpoch {
    pub pool: KnownPool,
    /// Shrinks to its tombstone.
    #[account(
        mut,
        constraint = address_eq(&epoch.pool, pool.address()) @ VaultError::WrongPool,
    )]
    pub epoch: ClosableEpoch,
    /// Gets back the rent of what is no longer stored.
    #[account(
        mut,
        constraint = address_eq(rent_payer.address(), epoch.rent_payer()) @ VaultError::WrongRentPayer,
    )]
    pub rent_payer: UncheckedAccount,
}

/// Closes an epoch that nobody can claim from any more; anyone may. Its root and the hash of its manifest stay, so
/// that an auditor still finds and checks its files, and so does its address: a number is used once.
pub fn handler(ctx: &mut Context<CloseEpoch>) -> Result<()> {
    let CloseEpoch {
        pool,
        epoch,
        rent_payer,
        ..
    } = &mut ctx.accounts;
    require!(
        epoch.number.saturating_add(1) < pool.active_epoch,
        VaultError::EpochStillClaimable
    );
    // Points burn against its root until the round that binds it ends.
    require!(
        Clock::get()?.unix_timestamp >= epoch.kept_until,
        VaultError::EpochKept
    );
    let closed: &Epoch = epoch;
    let tombstone = EpochTombstone::from(closed);
    let account = *epoch.account();
    let before = account.lamports();
    bury::<VaultError, _>(account, &tombstone, *rent_payer.account())?;

    let event = EpochClosed {
        pool: tombstone.pool,
        rent_payer: *rent_payer.address(),
        root: tombstone.root,
        manifest_hash: tombstone.manifest_hash,
        number: tombstone.number,
        refunded: before.saturating_sub(account.lamports()),
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
