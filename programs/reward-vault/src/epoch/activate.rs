use anchor_lang::prelude::*;
use cairn_onchain::token::vault_balance;

use crate::{
    error::{VaultError, refuse},
    event::{EpochActivated, emit},
    state::{EpochAccount, EpochStatus, KnownEpoch, KnownPool, Pool, canopy_complete},
};

#[event_cpi]
#[derive(Accounts)]
pub struct ActivateEpoch {
    #[account(mut)]
    pub pool: KnownPool,
    /// The pool's pending epoch.
    #[account(
        mut,
        constraint = epoch.pool == *pool.address() @ VaultError::WrongPool,
    )]
    pub epoch: KnownEpoch,
    /// The pool's active epoch, superseded by this; absent before the first.
    #[account(mut)]
    pub previous: Option<KnownEpoch>,
    /// The pool's token account.
    #[account(address = pool.vault @ VaultError::WrongVault)]
    pub vault: UncheckedAccount,
}

impl ActivateEpoch {
    /// Checks everything again that may have changed since the proposal. Nobody signs: the conditions are the
    /// permission.
    fn validate(&self, now: i64, balance: u64) -> Result<()> {
        let (pool, epoch) = (&self.pool, &self.epoch);
        require!(!pool.is_paused(), VaultError::Paused);
        require!(
            epoch.is_open() && epoch.number == pool.pending_epoch,
            VaultError::EpochNotOpen
        );
        require!(canopy_complete(epoch), VaultError::CanopyIncomplete);
        require!(epoch.is_attested(pool), VaultError::AttestationsShort);
        require!(
            now >= epoch.activatable_at(),
            VaultError::ChallengeWindowOpen
        );
        pool.validate_growth(epoch.tokens, epoch.points, epoch.credits, epoch.leaf_count)?;
        pool.validate_emission(epoch.tokens, epoch.emission_allowance)?;
        // Every leaf must be payable now, so the last claimer is paid as surely as the first.
        require!(
            balance >= epoch.tokens.saturating_sub(pool.total_claimed),
            VaultError::VaultShort
        );
        self.validate_previous()
    }

    /// The active epoch must come along, so that it stops being the active one in the same step.
    fn validate_previous(&self) -> Result<()> {
        let (pool, previous) = (&self.pool, self.previous.as_ref());
        let right = match previous {
            None => pool.active_epoch == 0,
            Some(active) => {
                active.pool == *pool.address()
                    && active.number == pool.active_epoch
                    && active.status == EpochStatus::Active as u8
            }
        };
        require!(right, VaultError::WrongPreviousEpoch);
        Ok(())
    }
}

pub fn handler(ctx: &mut Context<ActivateEpoch>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let balance =
        vault_balance::<VaultError>(&ctx.accounts.vault, &ctx.accounts.pool.token_program)?;
    ctx.accounts.validate(now, balance)?;
    let ActivateEpoch {
        pool,
        epoch,
        previous,
        ..
    } = &mut ctx.accounts;
    let growth = epoch.tokens.saturating_sub(pool.total_cumulative);
    if let Some(active) = previous {
        active.status = EpochStatus::Superseded as u8;
        active.invariant()?;
    }
    epoch.status = EpochStatus::Active as u8;
    epoch.activated_at = now;
    advance(pool, epoch, balance)?;
    epoch.invariant()?;
    pool.invariant()?;

    let event = EpochActivated {
        pool: *pool.address(),
        root: epoch.root,
        number: epoch.number,
        tokens: epoch.tokens,
        growth,
        vault_balance: balance,
        total_claimed: pool.total_claimed,
        activated_at: now,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}

/// Makes `epoch` the pool's active one.
fn advance(pool: &mut Pool, epoch: &EpochAccount, balance: u64) -> Result<()> {
    // Tokens that were sent to the vault without `fund` have arrived all the same; from now on they count.
    let Some(arrived) = balance.checked_add(pool.total_claimed) else {
        return refuse(VaultError::Overflow);
    };
    pool.total_funded = pool.total_funded.max(arrived);
    pool.total_cumulative = epoch.tokens;
    pool.points_issued = epoch.points;
    pool.credits_issued = epoch.credits;
    pool.members = epoch.leaf_count;
    pool.emission_anchor = epoch.anchor_after(pool.emission_anchor);
    pool.active_epoch = epoch.number;
    pool.next_epoch = epoch.number.checked_add(1).ok_or(VaultError::Overflow)?;
    pool.pending_epoch = 0;
    Ok(())
}
