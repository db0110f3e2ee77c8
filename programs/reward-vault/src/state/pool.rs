use anchor_lang::{address_eq, prelude::*};

use crate::{constants::MAX_KEEPERS, error::VaultError};

/// One token's rewards of one network: roles, limits and running totals. Seeds: `"pool", network, mint, id`.
#[account]
pub struct Pool {
    /// The device-registry network whose members are paid.
    pub network: Address,
    /// The token that is paid.
    pub mint: Address,
    /// The token account that holds the funds; its owner is this pool. Seeds: `"vault", pool`.
    pub vault: Address,
    /// The token program of the mint and vault.
    pub token_program: Address,
    /// Sets roles; holds no right over tokens.
    pub admin: Address,
    /// The admin to be, until it accepts; zero when none was offered.
    pub pending_admin: Address,
    /// Pauses and vetoes; nothing else.
    pub guardian: Address,
    /// Keys that propose and attest, `keeper_count` of them, the rest zero.
    pub keepers: [Address; 16],
    /// Tells apart several pools of one network and mint.
    pub id: u64,
    /// Seconds in which tokens may grow by one emission cap.
    pub epoch_interval_secs: u64,
    /// Seconds between an epoch's proposal and its earliest activation.
    pub challenge_window_secs: u64,
    /// Base units that cumulative tokens may grow by in one interval.
    pub emission_cap: u64,
    /// Unix seconds of the pool's creation.
    pub created_at: i64,
    /// Unix seconds up to which intervals of emission are spent: creation less one interval, then moved on by whole
    /// intervals at each activation.
    pub emission_anchor: i64,
    /// The number the next proposal must carry: active epoch + 1.
    pub next_epoch: u64,
    /// The epoch that is claimable; 0 before the first.
    pub active_epoch: u64,
    /// The epoch that is proposed and neither active nor vetoed; 0 when none is.
    pub pending_epoch: u64,
    /// Base units in the active root.
    pub total_cumulative: u64,
    /// Base units that left the vault to members.
    pub total_claimed: u64,
    /// Base units that ever reached the vault, as received.
    pub total_funded: u64,
    /// Milli-points in the active root.
    pub points_issued: u64,
    /// Milli-points burnt.
    pub points_burnt: u64,
    /// Data credits in the active root.
    pub credits_issued: u64,
    /// Data credits redeemed.
    pub credits_redeemed: u64,
    /// Leaves in the active root.
    pub members: u32,
    /// Member pages that were opened.
    pub pages: u32,
    /// Keepers in use.
    pub keeper_count: u8,
    /// Attestations an epoch needs.
    pub threshold: u8,
    /// Levels at the top of a tree that an epoch account stores.
    pub canopy_depth: u8,
    /// The mint's decimals, which no mint can change.
    pub decimals: u8,
    /// 1 while claims and activation are stopped.
    pub paused: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Bump of the vault's address.
    pub vault_bump: u8,
    /// Layout version.
    pub version: u8,
    /// For the outflow breaker, delayed parameters and what else follows; zero.
    pub reserved: [u8; 256],
}

const _: () = assert!(size_of::<Pool>() == 1136 && MAX_KEEPERS == 16);

impl Pool {
    /// The keepers in use.
    #[must_use]
    pub fn keepers(&self) -> &[Address] {
        self.keepers
            .get(..usize::from(self.keeper_count))
            .unwrap_or(&self.keepers)
    }

    #[must_use]
    pub fn is_keeper(&self, key: &Address) -> bool {
        self.keepers().iter().any(|keeper| address_eq(keeper, key))
    }

    #[must_use]
    pub fn is_guardian_or_admin(&self, key: &Address) -> bool {
        address_eq(&self.guardian, key) || address_eq(&self.admin, key)
    }

    #[must_use]
    pub const fn is_paused(&self) -> bool {
        self.paused != 0
    }

    /// Writes a new keeper set.
    ///
    /// # Errors
    /// [`VaultError::KeeperCount`], [`VaultError::ThresholdRange`], [`VaultError::ZeroKey`] or
    /// [`VaultError::KeeperDuplicate`]: one key named twice would count as two votes.
    pub fn set_keepers(&mut self, keepers: &[Address], threshold: u8) -> Result<()> {
        let count = u8::try_from(keepers.len()).unwrap_or(u8::MAX);
        require!(
            count > 0 && usize::from(count) <= MAX_KEEPERS,
            VaultError::KeeperCount
        );
        require!(
            threshold > 0 && threshold <= count,
            VaultError::ThresholdRange
        );
        for (at, keeper) in keepers.iter().enumerate() {
            require!(*keeper != Address::default(), VaultError::ZeroKey);
            let before = keepers.get(..at).unwrap_or_default();
            require!(!before.contains(keeper), VaultError::KeeperDuplicate);
        }
        self.keepers = [Address::default(); MAX_KEEPERS];
        for (to, from) in self.keepers.iter_mut().zip(keepers) {
            *to = *from;
        }
        self.keeper_count = count;
        self.threshold = threshold;
        Ok(())
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

    /// What holds after every instruction.
    ///
    /// # Errors
    /// [`VaultError::BrokenTotals`], [`VaultError::BrokenEpochOrder`], [`VaultError::BrokenKeepers`].
    pub fn invariant(&self) -> Result<()> {
        // No more was paid than the active root grants, and no root grants more than ever arrived.
        require!(
            self.total_claimed <= self.total_cumulative
                && self.total_cumulative <= self.total_funded,
            VaultError::BrokenTotals
        );
        // Epochs are numbered without gaps and one at a time is in flight.
        require!(
            self.active_epoch.checked_add(1) == Some(self.next_epoch)
                && (self.pending_epoch == 0 || self.pending_epoch == self.next_epoch),
            VaultError::BrokenEpochOrder
        );
        // A threshold of zero would let any epoch pass, one above the count none.
        require!(
            self.threshold > 0
                && self.threshold <= self.keeper_count
                && usize::from(self.keeper_count) <= MAX_KEEPERS,
            VaultError::BrokenKeepers
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

    #[test]
    fn a_fresh_pool_breaks_its_invariant_until_it_has_keepers() {
        let mut pool = pool(1);
        pool.next_epoch = 1;
        assert!(pool.invariant().is_err());
        pool.set_keepers(&[Address::new_from_array([1; 32])], 1)
            .ok();
        assert!(pool.invariant().is_ok());
        pool.total_claimed = 1;
        assert!(pool.invariant().is_err());
    }
}
