use anchor_lang::{address_eq, prelude::*, realloc_account};

use crate::{
    constants::EPOCH_VERSION,
    error::{VaultError, refuse},
    event::{EpochMigrated, emit},
    state::{EPOCH_GROWTH, EpochAccount, KnownPool, epoch_version, refresh_status, upgrade_epoch},
};

#[event_cpi]
#[derive(Accounts)]
pub struct MigrateEpoch {
    /// Pays the rent of what the account grows by; anyone may.
    #[account(mut)]
    pub payer: Signer,
    /// Of the current layout.
    pub pool: KnownPool,
    /// Read by hand: until it is migrated it is no epoch that this program knows.
    #[account(mut)]
    pub epoch: UncheckedAccount,
    pub system_program: Program<System>,
}

/// Brings an epoch to the layout of this program. Anyone may send it, any number of times: an epoch that has the layout
/// stays as it is, without an event. One that is proposed keeps its attestations and gets the allowances of points and
/// credits that the pool's caps give its intervals.
pub fn handler(ctx: &mut Context<MigrateEpoch>) -> Result<()> {
    let MigrateEpoch {
        payer, pool, epoch, ..
    } = &mut ctx.accounts;
    let mut view = *epoch.account();
    let from_version = match epoch_version(&view) {
        Some(EPOCH_VERSION) => return Ok(()),
        Some(1) => 1,
        Some(_) => return refuse(VaultError::EpochVersion),
        None => return refuse(VaultError::EpochUnknown),
    };
    let space = view.data_len().saturating_add(EPOCH_GROWTH);
    realloc_account(&mut view, space, payer.account(), false)?;
    // SAFETY: the account has no typed reference yet, and this one ends with the statement.
    let moved = upgrade_epoch(unsafe { view.borrow_unchecked_mut() });
    require!(moved, VaultError::EpochVersion);
    // SAFETY: the account is `mut`, so it was refused had it come twice; the borrow above has ended.
    let mut epoch = unsafe { EpochAccount::load_mut(view) }?;
    require!(
        address_eq(&epoch.pool, pool.address()),
        VaultError::WrongPool
    );
    epoch.proposal = epoch.proposed().hash(pool.address(), epoch.attempt);
    let allowance = pool.allowance(epoch.intervals);
    epoch.points_allowance = allowance.points;
    epoch.credits_allowance = allowance.credits;
    let now = Clock::get()?.unix_timestamp;
    epoch.paused_before = pool.paused_secs_at(now);
    if epoch.is_open() {
        refresh_status(&mut epoch, pool, now);
    }
    epoch.invariant()?;

    let event = EpochMigrated {
        pool: epoch.pool,
        number: epoch.number,
        from_version,
        to_version: epoch.version,
        reserved: [0; 6],
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
