//! How fast a pool may promise tokens, and what parameters can do to that.

use anchor_lang::prelude::*;

use super::{Params, PendingParams, Pool};
use crate::error::VaultError;

impl Pool {
    /// Emission in the long run is what members and token holders relied on when the pool was created: no parameters
    /// pay more in a time than those it was created with. A stolen admin key that names its own keepers could otherwise
    /// have everything that reaches the vault paid to itself.
    ///
    /// # Errors
    /// [`VaultError::EmissionAboveCreation`].
    pub fn validate_emission_rate(&self, params: &Params) -> Result<()> {
        let wished =
            u128::from(params.emission_cap).saturating_mul(u128::from(self.creation_interval_secs));
        let granted =
            u128::from(self.creation_cap).saturating_mul(u128::from(params.epoch_interval_secs));
        require!(wished <= granted, VaultError::EmissionAboveCreation);
        Ok(())
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
        self.set_params(params);
        if params.epoch_interval_secs != old.epoch_interval_secs
            || params.emission_cap != old.emission_cap
        {
            self.emission_anchor = self.emission_anchor.max(self.interval_before(now));
        }
        self.pending_params = PendingParams::default();
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
        let intervals = u128::from(self.emission_intervals(now));
        let allowance = u128::from(self.emission_cap).saturating_mul(intervals);
        u64::try_from(allowance).unwrap_or(u64::MAX)
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

    /// Cumulative `tokens` may be above the active epoch's by `allowance` at most.
    ///
    /// # Errors
    /// [`VaultError::EmissionCapExceeded`].
    pub fn validate_emission(&self, tokens: u64, allowance: u64) -> Result<()> {
        require!(
            tokens.saturating_sub(self.total_cumulative) <= allowance,
            VaultError::EmissionCapExceeded
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(emission_cap: u64) -> Pool {
        let mut pool: Pool = bytemuck::Zeroable::zeroed();
        pool.emission_cap = emission_cap;
        pool.epoch_interval_secs = 100;
        pool.emission_anchor = 1_000;
        pool
    }

    #[test]
    fn only_whole_intervals_count() {
        let pool = pool(7);
        for (now, allowance) in [
            (i64::MIN, 0),
            (999, 0),
            (1_000, 0),
            (1_099, 0),
            (1_100, 7),
            (1_199, 7),
            (1_200, 14),
        ] {
            assert_eq!(pool.emission_allowance(now), allowance, "at {now}");
        }
    }

    #[test]
    fn the_allowance_saturates_instead_of_wrapping() {
        assert_eq!(pool(u64::MAX).emission_allowance(i64::MAX), u64::MAX);
        assert_eq!(pool(1).emission_intervals(i64::MAX), u32::MAX);
        let mut never = pool(1);
        never.epoch_interval_secs = 0;
        assert_eq!(never.emission_allowance(i64::MAX), 0);
    }

    fn params(interval: u64, cap: u64) -> Params {
        Params {
            epoch_interval_secs: interval,
            challenge_window_secs: 10,
            emission_cap: cap,
            breaker_window_secs: 80,
            recipient_cooldown_secs: 1,
            params_delay_secs: 1,
            breaker_share_bps: 500,
        }
    }

    #[test]
    fn a_change_of_interval_or_cap_pays_past_intervals_once_at_most() {
        for (interval, cap, allowance) in [
            (1, 7, 7),
            (1, 70, 70),
            (100, 70, 70),
            (1_000, 7, 7),
            (1_001, 7, 0),
            // Nothing of the schedule changes: all ten intervals stay.
            (100, 7, 70),
        ] {
            let mut pool = pool(7);
            pool.apply_params(&params(interval, cap), 2_000);
            let granted = pool.emission_allowance(2_000);
            assert_eq!(granted, allowance, "{interval} s, cap {cap}");
        }
    }

    #[test]
    fn no_parameters_pay_more_in_a_time_than_those_at_creation() {
        let mut pool = pool(7);
        pool.creation_cap = 7;
        pool.creation_interval_secs = 100;
        for (interval, cap, allowed) in [
            (100, 7, true),
            (100, 8, false),
            (99, 7, false),
            (50, 3, true),
            (50, 4, false),
            (200, 14, true),
            (1, 0, true),
            (31_622_400, 2_213_568, true),
            (31_622_400, 2_213_569, false),
            (u64::MAX, u64::MAX, false),
        ] {
            let verdict = pool.validate_emission_rate(&params(interval, cap));
            assert_eq!(verdict.is_ok(), allowed, "{cap} in {interval} s");
        }
    }
}
