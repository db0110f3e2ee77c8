use anchor_lang::prelude::*;

use crate::{
    constants::{
        DEFAULT_PERIOD_SECS, MAX_CHALLENGE_WINDOW_SECS, MAX_COOLDOWN_SECS, MAX_EPOCH_INTERVAL_SECS,
        MAX_PERIOD_SECS, MIN_BREAKER_WINDOW_SECS, WHOLE_BPS,
    },
    error::VaultError,
};

/// What an admin may change after a pool's creation, with delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, SchemaRead, SchemaWrite, IdlType)]
pub struct Params {
    /// Seconds in which tokens may grow by one emission cap.
    pub epoch_interval_secs: u64,
    /// Seconds between an epoch's proposal and its earliest activation.
    pub challenge_window_secs: u64,
    /// Base units that cumulative tokens may grow by in one interval.
    pub emission_cap: u64,
    /// Seconds in which at most the breaker's share of the vault leaves it.
    pub breaker_window_secs: u64,
    /// Seconds between a member's change of payout and its effect.
    pub recipient_cooldown_secs: u64,
    /// Seconds between the announcement of parameters and their effect.
    pub params_delay_secs: u64,
    /// The breaker's share of the vault, in hundredths of a percent; 10,000 lets everything leave.
    pub breaker_share_bps: u16,
}

impl Params {
    /// These times and cap, and for the rest the values under which nothing is held back: a breaker that lets
    /// everything leave, and a day for window, cooldown and delay. What a migrated pool gets.
    #[must_use]
    pub const fn new(
        epoch_interval_secs: u64,
        challenge_window_secs: u64,
        emission_cap: u64,
    ) -> Self {
        Self {
            epoch_interval_secs,
            challenge_window_secs,
            emission_cap,
            breaker_window_secs: DEFAULT_PERIOD_SECS,
            recipient_cooldown_secs: DEFAULT_PERIOD_SECS,
            params_delay_secs: DEFAULT_PERIOD_SECS,
            breaker_share_bps: WHOLE_BPS,
        }
    }

    /// Checks fields in order.
    ///
    /// # Errors
    /// One code per field, `…Range`.
    pub fn validate(&self) -> Result<()> {
        require!(
            (1..=MAX_EPOCH_INTERVAL_SECS).contains(&self.epoch_interval_secs),
            VaultError::EpochIntervalRange
        );
        require!(
            (1..=MAX_CHALLENGE_WINDOW_SECS).contains(&self.challenge_window_secs),
            VaultError::ChallengeWindowRange
        );
        require!(
            (MIN_BREAKER_WINDOW_SECS..=MAX_PERIOD_SECS).contains(&self.breaker_window_secs),
            VaultError::BreakerWindowRange
        );
        require!(
            (1..=MAX_COOLDOWN_SECS).contains(&self.recipient_cooldown_secs),
            VaultError::RecipientCooldownRange
        );
        require!(
            (1..=MAX_COOLDOWN_SECS).contains(&self.params_delay_secs),
            VaultError::ParamsDelayRange
        );
        require!(
            (1..=WHOLE_BPS).contains(&self.breaker_share_bps),
            VaultError::BreakerShareRange
        );
        Ok(())
    }
}

/// Announced [`Params`] as a pool stores them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable, IdlType,
)]
#[repr(C)]
pub struct PendingParams {
    pub epoch_interval_secs: u64,
    pub challenge_window_secs: u64,
    pub emission_cap: u64,
    pub breaker_window_secs: u64,
    pub recipient_cooldown_secs: u64,
    pub params_delay_secs: u64,
    /// Unix seconds from which they may be applied; 0 when none are pending.
    pub effective_at: i64,
    pub breaker_share_bps: u16,
    /// Zero.
    pub reserved: [u8; 6],
}

impl PendingParams {
    /// `params`, to be applied from `effective_at` on.
    #[must_use]
    pub const fn new(params: &Params, effective_at: i64) -> Self {
        Self {
            epoch_interval_secs: params.epoch_interval_secs,
            challenge_window_secs: params.challenge_window_secs,
            emission_cap: params.emission_cap,
            breaker_window_secs: params.breaker_window_secs,
            recipient_cooldown_secs: params.recipient_cooldown_secs,
            params_delay_secs: params.params_delay_secs,
            effective_at,
            breaker_share_bps: params.breaker_share_bps,
            reserved: [0; 6],
        }
    }

    /// What was announced; `None` when nothing is pending.
    #[must_use]
    pub const fn params(&self) -> Option<Params> {
        if self.effective_at == 0 {
            return None;
        }
        Some(Params {
            epoch_interval_secs: self.epoch_interval_secs,
            challenge_window_secs: self.challenge_window_secs,
            emission_cap: self.emission_cap,
            breaker_window_secs: self.breaker_window_secs,
            recipient_cooldown_secs: self.recipient_cooldown_secs,
            params_delay_secs: self.params_delay_secs,
            breaker_share_bps: self.breaker_share_bps,
        })
    }
}
