use anchor_lang::prelude::*;
use cairn_onchain::token::vault_balance;

use crate::{
    error::VaultError,
    event::{EpochActivated, emit},
    state::{EpochStatus, KnownEpoch, KnownPool, canopy_complete},
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
        pool.require_running(now)?;
        require!(
            epoch.is_open() && epoch.number == pool.pending_epoch,
            VaultError::EpochNotOpen
        );
        require!(canopy_complete(epoch), VaultError::CanopyIncomplete);
        require!(epoch.is_attested(pool), VaultError::AttestationsShort);
        require!(
            epoch.activatable_at(pool).is_some_and(|at| now >= at),
            VaultError::ChallengeWindowOpen
        );
        require!(epoch.open_challenges == 0, VaultError::ChallengesOpen);
        pool.validate_ruleset(epoch.number, &epoch.ruleset_hash, now)?;
        pool.validate_growth(epoch.tokens, epoch.points, epoch.credits, epoch.leaf_count)?;
        let allowance = epoch.allowance();
        pool.validate_allowance(epoch.tokens, epoch.points, epoch.credits, &allowance)?;
        // Every leaf must be payable now, so the last claimer is paid as surely as the first.
        require!(
            balance >= epoch.tokens.saturating_sub(pool.total_claimed),
            VaultError::VaultShort
        );
        self.validate_previous()
    }

    /// The active epoch must come along, so that it stops being the active one in the same step. One that was revoked
    /// stays so.
    fn validate_previous(&self) -> Result<()> {
        let (pool, previous) = (&self.pool, self.previous.as_ref());
        let right = match previous {
            None => pool.active_epoch == 0,
            Some(active) => {
                active.pool == *pool.address()
                    && active.number == pool.active_epoch
                    && matches!(
                        EpochStatus::from_byte(active.status),
                        Some(EpochStatus::Active | EpochStatus::Revoked)
                    )
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
        if !pool.is_correction_due() {
            active.status = EpochStatus::Superseded as u8;
        }
        active.invariant()?;
    }
    epoch.status = EpochStatus::Active as u8;
    epoch.activated_at = now;
    pool.advance(epoch, balance)?;
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
