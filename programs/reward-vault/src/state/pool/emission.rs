//! How fast a pool may promise tokens, and what parameters can do to that.

use anchor_lang::prelude::*;

use super::Pool;
use crate::{
    error::VaultError,
    state::{Params, PendingParams},
};

impl Pool {
    /// Whether `params` may be announced or put into effect: each in its range, and none looser than at creation.
    ///
    /// # Errors
    /// Those of [`Params::validate`] and [`Params::validate_against`].
    pub fn validate_params(&self, params: &Params) -> Result<()> {
        params.validate()?;
        params.validate_against(&self.creation.params())
    }

    /// Replaces announced by effective parameters at `now`. Neither the breaker's memory nor the emission schedule
    /// gives way: what left is remembered for the whole new window, and intervals that passed under the old terms pay
    /// one cap of the new at most. An admin could otherwise announce a second's interval after a month without epochs.
    pub fn apply_params(&mut self, params: &Params, now: i64) {
        let old = self.params();
        if params.breaker_window_secs != old.breaker_window_secs {
            self.outflow
                .change_window(now, old.breaker_window_secs, params.breaker_window_secs);
        }
        self.bind_caps(params);
        self.set_params(params);
        if params.epoch_interval_secs != old.epoch_interval_secs
            || params.emission_cap != old.emission_cap
            || params.points_cap != old.points_cap
            || params.credits_cap != old.credits_cap
        {
            self.emission_anchor = self.emission_anchor.max(self.interval_before(now));
        }
        self.pending_params = PendingParams::default();
    }

    /// A pool without a cap on points or credits, as migrated ones are, gets its first one for good: from then on it
    /// stands for the one at creation.
    fn bind_caps(&mut self, params: &Params) {
        let creation_interval = self.creation.epoch_interval_secs;
        let bind = |bound: &mut u64, cap: u64| {
            if *bound == u64::MAX && cap != u64::MAX {
                // A cap so large that this overflows bounds nothing, as before.
                let scaled = cap.checked_mul(creation_interval);
                let interval = params.epoch_interval_secs.max(1);
                *bound = scaled.map_or(u64::MAX, |scaled| scaled.div_ceil(interval));
            }
        };
        bind(&mut self.creation.points_cap, params.points_cap);
        bind(&mut self.creation.credits_cap, params.credits_cap);
    }

    /// One interval before `now`: an anchor from which just one emission cap may be spent.
    #[must_use]
    pub fn interval_before(&self, now: i64) -> i64 {
        now.saturating_sub(i64::try_from(self.epoch_interval_secs).unwrap_or(i64::MAX))
    }

    /// Whole intervals since the anchor at `now`: what an epoch proposed now may spend. Counted on a schedule and not
    /// from the last proposal, or a week proposed an hour late would leave the next one less than an interval.
    #[must_use]
    pub fn emission_intervals(&self, now: i64) -> u32 {
        let elapsed_secs = u64::try_from(now.saturating_sub(self.emission_anchor)).unwrap_or(0);
        let intervals = elapsed_secs.checked_div(self.epoch_interval_secs);
        u32::try_from(intervals.unwrap_or(0)).unwrap_or(u32::MAX)
    }

    /// Base units that an epoch proposed at `now` may add: the cap for each of [`Self::emission_intervals`]. What
    /// it leaves unspent is lost to emission, never carried on.
    #[must_use]
    pub fn emission_allowance(&self, now: i64) -> u64 {
        self.allowance(self.emission_intervals(now)).tokens
    }

    /// What an epoch may add that spends `intervals`: each cap for each of them.
    #[must_use]
    pub fn allowance(&self, intervals: u32) -> Allowance {
        let of = |cap: u64| cap.saturating_mul(u64::from(intervals));
        Allowance {
            tokens: of(self.emission_cap),
            points: of(self.points_cap),
            credits: of(self.credits_cap),
        }
    }

    /// No total may fall: a leaf is cumulative, so a smaller total means that somebody's earnings were taken back.
    ///
    /// # Errors
    /// One code per total, `…BelowActive`.
    pub fn validate_growth(
        &self,
        tokens: u64,
        points: u64,
        credits: u64,
        leaf_count: u32,
    ) -> Result<()> {
        require!(
            tokens >= self.total_cumulative,
            VaultError::TokensBelowActive
        );
        require!(points >= self.points_issued, VaultError::PointsBelowActive);
        require!(
            credits >= self.credits_issued,
            VaultError::CreditsBelowActive
        );
        require!(leaf_count >= self.members, VaultError::LeafCountBelowActive);
        Ok(())
    }

    /// Cumulative totals may be above the active epoch's by `allowance` at most. Points and credits are bound as tokens
    /// are: keepers could otherwise state so many that no honest total could follow.
    ///
    /// # Errors
    /// [`VaultError::EmissionCapExceeded`], [`VaultError::PointsCapExceeded`], [`VaultError::CreditsCapExceeded`].
    pub fn validate_allowance(
        &self,
        tokens: u64,
        points: u64,
        credits: u64,
        allowance: &Allowance,
    ) -> Result<()> {
        require!(
            tokens.saturating_sub(self.total_cumulative) <= allowance.tokens,
            VaultError::EmissionCapExceeded
        );
        require!(
            points.saturating_sub(self.points_issued) <= allowance.points,
            VaultError::PointsCapExceeded
        );
        require!(
            credits.saturating_sub(self.credits_issued) <= allowance.credits,
            VaultError::CreditsCapExceeded
        );
        Ok(())
    }
}

/// By how much cumulative totals may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Base units.
    pub tokens: u64,
    /// Milli-points.
    pub points: u64,
    pub credits: u64,
}

#[cfg(test)]
mod tests;
