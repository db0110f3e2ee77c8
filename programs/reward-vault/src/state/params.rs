use anchor_lang::prelude::*;

use crate::{
    constants::{
        DEFAULT_PERIOD_SECS, DELAY_BEYOND_WINDOW_SECS, MAX_ANSWER_SECS, MAX_CHALLENGE_WINDOW_SECS,
        MAX_COOLDOWN_SECS, MAX_EPOCH_INTERVAL_SECS, MAX_PARAMS_DELAY_SECS, MAX_PERIOD_SECS,
        MIN_ANSWER_SECS, MIN_BREAKER_WINDOW_SECS, WHOLE_BPS,
    },
    error::VaultError,
};

/// What an admin may change after a pool's creation, with delay and never to something looser than at creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, SchemaRead, SchemaWrite, IdlType)]
pub struct Params {
    /// Seconds in which tokens may grow by one emission cap.
    pub epoch_interval_secs: u64,
    /// Seconds between an epoch's proposal and its earliest activation.
    pub challenge_window_secs: u64,
    /// Base units that cumulative tokens may grow by in one interval.
    pub emission_cap: u64,
    /// Milli-points that cumulative points may grow by in one interval; `u64::MAX` for any number.
    pub points_cap: u64,
    /// Data credits that cumulative credits may grow by in one interval; `u64::MAX` for any number.
    pub credits_cap: u64,
    /// Seconds in which at most the breaker's share of the vault leaves it.
    pub breaker_window_secs: u64,
    /// Seconds between a member's change of payout and its effect.
    pub recipient_cooldown_secs: u64,
    /// Seconds between the announcement of parameters, roles or rules and their effect.
    pub params_delay_secs: u64,
    /// Base units that may leave in a breaker window whatever the share says, so that the last units leave too.
    pub breaker_floor: u64,
    /// Seconds in which a challenge is to be answered.
    pub answer_secs: u64,
    /// The breaker's share of the vault, in hundredths of a percent; 10,000 lets everything leave.
    pub breaker_share_bps: u16,
}

impl Params {
    /// These times and cap, and for the rest the values under which nothing is held back: a breaker that lets
    /// everything leave, points and credits without a cap, a day for window, cooldown and answers. What a pool of the
    /// first layout gets.
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
            points_cap: u64::MAX,
            credits_cap: u64::MAX,
            breaker_window_secs: DEFAULT_PERIOD_SECS,
            recipient_cooldown_secs: DEFAULT_PERIOD_SECS,
            params_delay_secs: Self::least_delay(challenge_window_secs),
            breaker_floor: 0,
            answer_secs: DEFAULT_PERIOD_SECS,
            breaker_share_bps: WHOLE_BPS,
        }
    }

    /// The shortest delay beside a challenge window: whoever saw a forged epoch proposed can veto it, and still has a
    /// day until anything that was announced at the same moment takes effect.
    #[must_use]
    pub const fn least_delay(challenge_window_secs: u64) -> u64 {
        challenge_window_secs.saturating_add(DELAY_BEYOND_WINDOW_SECS)
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
        let least = Self::least_delay(self.challenge_window_secs);
        require!(
            (least..=MAX_PARAMS_DELAY_SECS).contains(&self.params_delay_secs),
            VaultError::ParamsDelayRange
        );
        require!(
            (MIN_ANSWER_SECS..=MAX_ANSWER_SECS).contains(&self.answer_secs),
            VaultError::AnswerTimeRange
        );
        require!(
            (1..=WHOLE_BPS).contains(&self.breaker_share_bps),
            VaultError::BreakerShareRange
        );
        Ok(())
    }

    /// Checks that nothing is looser than in `creation`, the parameters that members relied on when they came. A stolen
    /// admin could otherwise lift the breaker and shorten the window first, and take everything then.
    ///
    /// # Errors
    /// One code per field: `…AboveCreation`, `…BelowCreation`.
    pub fn validate_against(&self, creation: &Self) -> Result<()> {
        let is_slower = |cap, granted| {
            // A cap of the largest number bounds nothing: as at creation.
            granted == u64::MAX
                || rate(cap, creation.epoch_interval_secs)
                    <= rate(granted, self.epoch_interval_secs)
        };
        require!(
            rate(self.emission_cap, creation.epoch_interval_secs)
                <= rate(creation.emission_cap, self.epoch_interval_secs),
            VaultError::EmissionAboveCreation
        );
        require!(
            is_slower(self.points_cap, creation.points_cap),
            VaultError::PointsAboveCreation
        );
        require!(
            is_slower(self.credits_cap, creation.credits_cap),
            VaultError::CreditsAboveCreation
        );
        require!(
            self.challenge_window_secs >= creation.challenge_window_secs,
            VaultError::ChallengeWindowBelowCreation
        );
        require!(
            self.recipient_cooldown_secs >= creation.recipient_cooldown_secs,
            VaultError::CooldownBelowCreation
        );
        require!(
            self.params_delay_secs >= creation.params_delay_secs,
            VaultError::DelayBelowCreation
        );
        require!(
            self.answer_secs >= creation.answer_secs,
            VaultError::AnswerTimeBelowCreation
        );
        self.validate_breaker_against(creation)
    }

    fn validate_breaker_against(&self, creation: &Self) -> Result<()> {
        require!(
            self.breaker_window_secs >= creation.breaker_window_secs,
            VaultError::BreakerWindowBelowCreation
        );
        require!(
            self.breaker_share_bps <= creation.breaker_share_bps,
            VaultError::BreakerShareAboveCreation
        );
        require!(
            self.breaker_floor <= creation.breaker_floor,
            VaultError::BreakerFloorAboveCreation
        );
        Ok(())
    }
}

/// `cap` for each of `interval` seconds, to be compared with another cap over the other's interval.
fn rate(cap: u64, interval_secs: u64) -> u128 {
    u128::from(cap).saturating_mul(u128::from(interval_secs))
}

/// [`Params`] as accounts and events store them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable, IdlType,
)]
#[repr(C)]
pub struct StoredParams {
    pub epoch_interval_secs: u64,
    pub challenge_window_secs: u64,
    pub emission_cap: u64,
    pub points_cap: u64,
    pub credits_cap: u64,
    pub breaker_window_secs: u64,
    pub recipient_cooldown_secs: u64,
    pub params_delay_secs: u64,
    pub breaker_floor: u64,
    pub answer_secs: u64,
    pub breaker_share_bps: u16,
    /// Zero.
    pub reserved: [u8; 6],
}

impl From<&Params> for StoredParams {
    fn from(params: &Params) -> Self {
        Self {
            epoch_interval_secs: params.epoch_interval_secs,
            challenge_window_secs: params.challenge_window_secs,
            emission_cap: params.emission_cap,
            points_cap: params.points_cap,
            credits_cap: params.credits_cap,
            breaker_window_secs: params.breaker_window_secs,
            recipient_cooldown_secs: params.recipient_cooldown_secs,
            params_delay_secs: params.params_delay_secs,
            breaker_floor: params.breaker_floor,
            answer_secs: params.answer_secs,
            breaker_share_bps: params.breaker_share_bps,
            reserved: [0; 6],
        }
    }
}

impl StoredParams {
    /// What is stored.
    #[must_use]
    pub const fn params(&self) -> Params {
        Params {
            epoch_interval_secs: self.epoch_interval_secs,
            challenge_window_secs: self.challenge_window_secs,
            emission_cap: self.emission_cap,
            points_cap: self.points_cap,
            credits_cap: self.credits_cap,
            breaker_window_secs: self.breaker_window_secs,
            recipient_cooldown_secs: self.recipient_cooldown_secs,
            params_delay_secs: self.params_delay_secs,
            breaker_floor: self.breaker_floor,
            answer_secs: self.answer_secs,
            breaker_share_bps: self.breaker_share_bps,
        }
    }
}

/// Announced parameters.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable, IdlType,
)]
#[repr(C)]
pub struct PendingParams {
    pub stored: StoredParams,
    /// Unix seconds from which they may be applied; 0 when none are pending.
    pub effective_at: i64,
}

impl PendingParams {
    /// `params`, to be applied from `effective_at` on.
    #[must_use]
    pub fn new(params: &Params, effective_at: i64) -> Self {
        Self {
            stored: StoredParams::from(params),
            effective_at,
        }
    }

    /// What was announced; `None` when nothing is pending.
    #[must_use]
    pub const fn params(&self) -> Option<Params> {
        if self.effective_at == 0 {
            return None;
        }
        Some(self.stored.params())
    }
}

#[cfg(test)]
mod tests;
