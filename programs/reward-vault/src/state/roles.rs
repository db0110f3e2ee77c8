//! Keepers and guardian, and how they change: tighter at once, anything else after a delay that everybody sees.

use anchor_lang::{address_eq, prelude::*};

use super::Pool;
use crate::{constants::MAX_KEEPERS, error::VaultError};

/// Roles that an admin announced, as a pool stores them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable, IdlType,
)]
#[repr(C)]
pub struct PendingRoles {
    /// The guardian to be; zero when none is announced.
    pub guardian: Address,
    /// The keepers to be, `keeper_count` of them, the rest zero.
    pub keepers: [Address; 16],
    /// Unix seconds from which the guardian takes office; 0 when none is announced.
    pub guardian_effective_at: i64,
    /// Unix seconds from which the keepers do; 0 when none are announced.
    pub keepers_effective_at: i64,
    /// Keepers to be; 0 when none are announced.
    pub keeper_count: u8,
    /// Their threshold.
    pub threshold: u8,
    /// Zero.
    pub reserved: [u8; 6],
}

impl PendingRoles {
    /// The keepers to be; none when none are announced.
    #[must_use]
    pub fn keepers(&self) -> &[Address] {
        self.keepers
            .get(..usize::from(self.keeper_count))
            .unwrap_or(&self.keepers)
    }

    /// Announces a guardian; those announced before are void.
    pub const fn announce_guardian(&mut self, guardian: Address, effective_at: i64) {
        self.guardian = guardian;
        self.guardian_effective_at = effective_at;
    }

    /// Forgets the guardian to be.
    pub fn forget_guardian(&mut self) {
        self.announce_guardian(Address::default(), 0);
    }

    /// Announces keepers; those announced before are void.
    pub const fn announce_keepers(&mut self, set: &KeeperSet, effective_at: i64) {
        self.keepers = set.keepers;
        self.keeper_count = set.count;
        self.threshold = set.threshold;
        self.keepers_effective_at = effective_at;
    }

    /// Forgets the keepers to be.
    pub fn forget_keepers(&mut self) {
        self.announce_keepers(&KeeperSet::NONE, 0);
    }
}

/// Keepers and their threshold, as a pool could have them.
#[derive(Clone, Copy)]
pub struct KeeperSet {
    keepers: [Address; 16],
    count: u8,
    threshold: u8,
}

impl KeeperSet {
    const NONE: Self = Self {
        keepers: [Address::new_from_array([0; 32]); MAX_KEEPERS],
        count: 0,
        threshold: 0,
    };

    /// Keys that may propose and attest.
    ///
    /// # Errors
    /// [`VaultError::KeeperCount`], [`VaultError::ThresholdRange`], [`VaultError::ZeroKey`] or
    /// [`VaultError::KeeperDuplicate`]: one key named twice would count as two votes.
    pub fn new(keys: &[Address], threshold: u8) -> Result<Self> {
        let count = u8::try_from(keys.len()).unwrap_or(u8::MAX);
        require!(
            count > 0 && usize::from(count) <= MAX_KEEPERS,
            VaultError::KeeperCount
        );
        require!(
            threshold > 0 && threshold <= count,
            VaultError::ThresholdRange
        );
        let mut keepers = [Address::default(); MAX_KEEPERS];
        for (at, (to, key)) in keepers.iter_mut().zip(keys).enumerate() {
            require!(*key != Address::default(), VaultError::ZeroKey);
            let before = keys.get(..at).unwrap_or_default();
            require!(!before.contains(key), VaultError::KeeperDuplicate);
            *to = *key;
        }
        Ok(Self {
            keepers,
            count,
            threshold,
        })
    }
}

impl Pool {
    /// Puts keepers in office. Whoever rests and stays, rests on.
    ///
    /// # Errors
    /// Those of [`KeeperSet::new`].
    pub fn set_keepers(&mut self, keys: &[Address], threshold: u8) -> Result<()> {
        let set = KeeperSet::new(keys, threshold)?;
        self.install(&set);
        Ok(())
    }

    /// Puts keepers in office that were checked before.
    pub fn install(&mut self, set: &KeeperSet) {
        let mut rests = [0; MAX_KEEPERS];
        for (rest, keeper) in rests.iter_mut().zip(&set.keepers) {
            *rest = self.rests_until(keeper);
        }
        self.keepers = set.keepers;
        self.keeper_count = set.count;
        self.threshold = set.threshold;
        self.keeper_rests = rests;
    }

    /// Whether `keys` with `threshold` are the keepers less some, at no lower threshold: nobody gains a word by it.
    #[must_use]
    pub fn is_tightened_by(&self, keys: &[Address], threshold: u8) -> bool {
        threshold >= self.threshold && keys.iter().all(|key| self.is_keeper(key))
    }

    /// The guardian is there to stop keepers and admin, so it can be none of them.
    ///
    /// # Errors
    /// [`VaultError::GuardianHoldsRole`].
    pub fn validate_guardian(&self) -> Result<()> {
        require!(
            !address_eq(&self.guardian, &self.admin) && !self.is_keeper(&self.guardian),
            VaultError::GuardianHoldsRole
        );
        Ok(())
    }

    /// Unix seconds before which `keeper` may not propose; 0 for a key that is none or does not rest.
    #[must_use]
    pub fn rests_until(&self, keeper: &Address) -> i64 {
        let mut kept = self.keepers().iter().zip(&self.keeper_rests);
        kept.find(|(key, _)| address_eq(key, keeper))
            .map_or(0, |(_, rest)| *rest)
    }

    /// After a veto another keeper gets a turn: one that proposes garbage could otherwise propose it again before any
    /// other can act.
    pub fn rest(&mut self, keeper: &Address, now: i64) {
        let window = i64::try_from(self.challenge_window_secs).unwrap_or(i64::MAX);
        let count = usize::from(self.keeper_count);
        let mut kept = self.keepers.iter().zip(&mut self.keeper_rests).take(count);
        if let Some((_, rest)) = kept.find(|(key, _)| address_eq(key, keeper)) {
            *rest = now.saturating_add(window);
        }
    }

    /// Whether `keeper` may propose at `now`: the only keeper always may.
    ///
    /// # Errors
    /// [`VaultError::KeeperRests`].
    pub fn require_rested(&self, keeper: &Address, now: i64) -> Result<()> {
        require!(
            self.keeper_count == 1 || now >= self.rests_until(keeper),
            VaultError::KeeperRests
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Address {
        Address::new_from_array([byte; 32])
    }

    fn pool(keepers: &[u8], threshold: u8) -> Pool {
        let mut pool: Pool = bytemuck::Zeroable::zeroed();
        pool.challenge_window_secs = 100;
        let keys: Vec<Address> = keepers.iter().map(|byte| key(*byte)).collect();
        assert!(pool.set_keepers(&keys, threshold).is_ok());
        pool
    }

    #[test]
    fn only_fewer_keepers_at_no_lower_threshold_are_tighter() {
        let pool = pool(&[1, 2, 3], 2);
        for (keys, threshold, tighter) in [
            (vec![1, 2, 3], 2, true),
            (vec![1, 2, 3], 3, true),
            (vec![3, 1], 2, true),
            (vec![1, 2, 3], 1, false),
            (vec![1, 4], 2, false),
            (vec![1], 1, false),
        ] {
            let keys: Vec<Address> = keys.into_iter().map(key).collect();
            assert_eq!(pool.is_tightened_by(&keys, threshold), tighter);
        }
    }

    #[test]
    fn a_rest_goes_with_the_key_and_not_with_the_place() {
        let mut pool = pool(&[1, 2, 3], 2);
        pool.rest(&key(3), 1_000);
        pool.rest(&key(9), 1_000);
        assert!(pool.require_rested(&key(1), 0).is_ok());
        assert!(pool.require_rested(&key(3), 1_099).is_err());
        assert!(pool.set_keepers(&[key(3), key(4)], 1).is_ok());
        assert_eq!(pool.keeper_rests[..2], [1_100, 0]);
        assert!(pool.require_rested(&key(3), 1_100).is_ok());
        assert!(pool.set_keepers(&[key(3)], 1).is_ok());
        assert!(pool.require_rested(&key(3), 1_099).is_ok(), "the only one");
    }

    #[test]
    fn the_guardian_is_neither_admin_nor_keeper() {
        let mut pool = pool(&[1, 2], 1);
        (pool.admin, pool.guardian) = (key(8), key(9));
        assert!(pool.validate_guardian().is_ok());
        pool.guardian = key(2);
        assert!(pool.validate_guardian().is_err());
        pool.guardian = key(8);
        assert!(pool.validate_guardian().is_err());
    }
}
