//! Keepers and guardian, and how they change: tighter at once, anything else after a delay that everybody sees.

use anchor_lang::{address_eq, prelude::*};

use super::Pool;
use crate::{constants::MAX_KEEPERS, error::VaultError, state::KeeperSet};

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
