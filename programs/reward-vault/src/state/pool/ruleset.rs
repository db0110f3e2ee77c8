//! Rules in the open: a pool names those that epochs are scored by, and new ones wait where everybody reads them.

use anchor_lang::prelude::*;

use super::Pool;
use crate::{error::VaultError, state::PendingRuleset};

impl Pool {
    /// Whether epoch `number` may be scored by the rules `hash` at `now`. A pool that was migrated takes any until one
    /// of its epochs is active.
    ///
    /// # Errors
    /// [`VaultError::RulesetZero`], [`VaultError::RulesetNotDue`], [`VaultError::RulesetMismatch`].
    pub fn validate_ruleset(&self, number: u64, hash: &[u8; 32], now: i64) -> Result<()> {
        require!(*hash != [0; 32], VaultError::RulesetZero);
        let pending = &self.pending_ruleset;
        if pending.covers(number) {
            require!(now >= pending.effective_at, VaultError::RulesetNotDue);
            require!(*hash == pending.hash, VaultError::RulesetMismatch);
            return Ok(());
        }
        require!(
            *hash == self.ruleset_hash || self.ruleset_hash == [0; 32],
            VaultError::RulesetMismatch
        );
        Ok(())
    }

    /// Makes the rules of epoch `number`, which becomes active, the pool's.
    pub fn adopt_ruleset(&mut self, number: u64, hash: [u8; 32]) {
        if self.pending_ruleset.covers(number) {
            self.pending_ruleset = PendingRuleset::default();
        }
        self.ruleset_hash = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_rules_count_from_their_epoch_on_and_not_before_they_are_due() {
        let mut pool: Pool = bytemuck::Zeroable::zeroed();
        let (old, new) = ([1; 32], [2; 32]);
        assert!(pool.validate_ruleset(1, &new, 0).is_ok(), "none adopted");
        assert!(pool.validate_ruleset(1, &[0; 32], 0).is_err());
        pool.adopt_ruleset(1, old);
        pool.pending_ruleset = PendingRuleset {
            hash: new,
            from_epoch: 3,
            effective_at: 100,
        };
        for (number, hash, now, refused) in [
            (2, old, 500, None),
            (2, new, 500, Some(VaultError::RulesetMismatch)),
            (3, new, 99, Some(VaultError::RulesetNotDue)),
            (3, old, 100, Some(VaultError::RulesetMismatch)),
            (3, new, 100, None),
            (4, new, 100, None),
        ] {
            let verdict = pool.validate_ruleset(number, &hash, now);
            assert_eq!(verdict.err(), refused.map(Into::into), "epoch {number}");
        }
        pool.adopt_ruleset(2, old);
        assert_eq!(pool.pending_ruleset.from_epoch, 3);
        pool.adopt_ruleset(3, new);
        assert_eq!(pool.pending_ruleset, PendingRuleset::default());
        assert!(pool.validate_ruleset(4, &old, 500).is_err());
    }
}
