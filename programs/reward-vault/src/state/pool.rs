use anchor_lang::{address_eq, prelude::*};

use super::{Outflow, Params, PendingParams};
use crate::{
    constants::{MAX_KEEPERS, POOL_VERSION},
    error::{VaultError, refuse},
};

/// One token's rewards of one network: roles, limits and running totals. Seeds: `"pool", network, mint, id`.
#[account]
#[derive(Debug, PartialEq, Eq)]
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
    /// 1 while claims, burns, redemptions and activation are stopped.
    pub paused: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Bump of the vault's address.
    pub vault_bump: u8,
    /// Layout version.
    pub version: u8,
    /// What left the vault in the breaker's window.
    pub outflow: Outflow,
    /// Parameters that an admin announced, until they are applied or withdrawn.
    pub pending_params: PendingParams,
    /// Seconds in which at most the breaker's share of the vault leaves it.
    pub breaker_window_secs: u64,
    /// Seconds between a member's change of payout and its effect.
    pub recipient_cooldown_secs: u64,
    /// Seconds between the announcement of parameters and their effect.
    pub params_delay_secs: u64,
    /// The number the next burn round must carry; 0 for the first.
    pub next_round: u64,
    /// Data credits that carriers fulfilled.
    pub credits_fulfilled: u64,
    /// The emission cap that the pool was created with, or had when it was migrated.
    pub creation_cap: u64,
    /// The epoch interval beside it.
    pub creation_interval_secs: u64,
    /// The breaker's share of the vault, in hundredths of a percent; 10,000 lets everything leave.
    pub breaker_share_bps: u16,
    /// Zero.
    pub reserved: [u8; 54],
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

    /// The parameters in effect.
    #[must_use]
    pub const fn params(&self) -> Params {
        Params {
            epoch_interval_secs: self.epoch_interval_secs,
            challenge_window_secs: self.challenge_window_secs,
            emission_cap: self.emission_cap,
            breaker_window_secs: self.breaker_window_secs,
            recipient_cooldown_secs: self.recipient_cooldown_secs,
            params_delay_secs: self.params_delay_secs,
            breaker_share_bps: self.breaker_share_bps,
        }
    }

    /// Parameters and breaker stand only in pools of the current layout.
    ///
    /// # Errors
    /// [`VaultError::PoolVersion`].
    pub fn require_current(&self) -> Result<()> {
        require!(self.version == POOL_VERSION, VaultError::PoolVersion);
        Ok(())
    }

    /// Members take nothing out of a pool that is paused or of an older layout.
    ///
    /// # Errors
    /// [`VaultError::Paused`], [`VaultError::PoolVersion`].
    pub fn require_running(&self) -> Result<()> {
        require!(!self.is_paused(), VaultError::Paused);
        self.require_current()
    }

    /// Brings a pool of an older layout to the current one; `false` when it has it already. It behaves as before:
    /// everything may leave at once.
    ///
    /// # Errors
    /// [`VaultError::PoolVersion`] for a layout that this program does not know.
    pub fn migrate(&mut self) -> Result<bool> {
        match self.version {
            POOL_VERSION => Ok(false),
            1 => {
                self.outflow = Outflow::default();
                self.pending_params = PendingParams::default();
                self.set_params(&Params::new(
                    self.epoch_interval_secs,
                    self.challenge_window_secs,
                    self.emission_cap,
                ));
                self.next_round = 0;
                self.credits_fulfilled = 0;
                self.creation_cap = self.emission_cap;
                self.creation_interval_secs = self.epoch_interval_secs;
                self.version = POOL_VERSION;
                Ok(true)
            }
            _ => refuse(VaultError::PoolVersion),
        }
    }

    /// Puts `params` into effect; the caller has validated them.
    pub const fn set_params(&mut self, params: &Params) {
        self.epoch_interval_secs = params.epoch_interval_secs;
        self.challenge_window_secs = params.challenge_window_secs;
        self.emission_cap = params.emission_cap;
        self.breaker_window_secs = params.breaker_window_secs;
        self.recipient_cooldown_secs = params.recipient_cooldown_secs;
        self.params_delay_secs = params.params_delay_secs;
        self.breaker_share_bps = params.breaker_share_bps;
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

    /// What holds after every instruction.
    ///
    /// # Errors
    /// [`VaultError::BrokenTotals`], [`VaultError::BrokenEpochOrder`], [`VaultError::BrokenKeepers`],
    /// [`VaultError::BrokenParams`], and those of [`Self::spending_invariant`].
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
        self.spending_invariant()?;
        self.invariant_of_params()
    }

    /// An older layout holds zeros where its parameters will stand.
    fn invariant_of_params(&self) -> Result<()> {
        let in_range = self.version < POOL_VERSION || self.params().validate().is_ok();
        require!(in_range, VaultError::BrokenParams);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constants::WHOLE_BPS;

    #[test]
    fn migration_changes_an_old_pool_once_and_a_new_one_never() {
        let mut pool: Pool = bytemuck::Zeroable::zeroed();
        pool.emission_cap = 7;
        pool.epoch_interval_secs = 100;
        pool.version = 1;
        assert_eq!(pool.migrate(), Ok(true));
        assert_eq!(pool.version, POOL_VERSION);
        assert_eq!((pool.creation_cap, pool.creation_interval_secs), (7, 100));
        assert_eq!(pool.breaker_share_bps, WHOLE_BPS);
        pool.breaker_share_bps = 5;
        assert_eq!(pool.migrate(), Ok(false));
        assert_eq!(pool.breaker_share_bps, 5);
        pool.version = POOL_VERSION + 1;
        assert_eq!(pool.migrate(), Err(VaultError::PoolVersion.into()));
    }

    #[test]
    fn a_fresh_pool_breaks_its_invariant_until_it_has_keepers() {
        let mut pool: Pool = bytemuck::Zeroable::zeroed();
        pool.next_epoch = 1;
        assert!(pool.invariant().is_err());
        pool.set_keepers(&[Address::new_from_array([1; 32])], 1)
            .ok();
        assert!(pool.invariant().is_ok());
        pool.total_claimed = 1;
        assert!(pool.invariant().is_err());
    }
}
