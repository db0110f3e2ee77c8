//! The totals of the active root: how they advance with an epoch, and what they fall back to when it is revoked.

use anchor_lang::prelude::*;

use super::Pool;
use crate::{
    error::{VaultError, refuse},
    state::{Epoch, TotalsBefore},
};

impl Pool {
    /// Makes `epoch` the pool's active one; `balance` base units are in the vault.
    ///
    /// # Errors
    /// [`VaultError::Overflow`].
    pub fn advance(&mut self, epoch: &Epoch, balance: u64) -> Result<()> {
        // Tokens that were sent to the vault without `fund` have arrived all the same; from now on they count.
        let Some(arrived) = balance.checked_add(self.total_claimed) else {
            return refuse(VaultError::Overflow);
        };
        self.total_funded = self.total_funded.max(arrived);
        self.before = TotalsBefore {
            tokens: self.total_cumulative,
            points: self.points_issued,
            credits: self.credits_issued,
            emission_anchor: self.emission_anchor,
            members: self.members,
            is_known: 1,
            reserved: [0; 3],
        };
        self.total_cumulative = epoch.tokens;
        self.points_issued = epoch.points;
        self.credits_issued = epoch.credits;
        self.members = epoch.leaf_count;
        self.emission_anchor = epoch.anchor_after(self.emission_anchor);
        self.adopt_ruleset(epoch.number, epoch.ruleset_hash);
        self.correction_due = 0;
        self.active_epoch = epoch.number;
        self.next_epoch = epoch.number.checked_add(1).ok_or(VaultError::Overflow)?;
        self.pending_epoch = 0;
        Ok(())
    }

    /// Takes back what the active epoch stated. What was paid, burnt and redeemed against it stays counted, and its
    /// successor must state that much; intervals that it spent may be spent again.
    ///
    /// # Errors
    /// [`VaultError::RevokeUnknown`].
    pub fn fall_back(&mut self) -> Result<()> {
        let before = self.before;
        require!(before.is_known != 0, VaultError::RevokeUnknown);
        self.total_cumulative = before.tokens.max(self.total_claimed);
        self.points_issued = before.points.max(self.points_burnt);
        self.credits_issued = before.credits.max(self.credits_redeemed);
        self.members = before.members;
        self.emission_anchor = before.emission_anchor;
        self.correction_due = 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revoked_epoch_leaves_what_was_taken_and_gives_its_intervals_back() {
        let mut pool: Pool = bytemuck::Zeroable::zeroed();
        assert_eq!(pool.fall_back(), Err(VaultError::RevokeUnknown.into()));
        pool.emission_anchor = 50;
        let mut epoch: Epoch = bytemuck::Zeroable::zeroed();
        (epoch.number, epoch.tokens, epoch.points) = (1, 100, 10);
        (epoch.credits, epoch.leaf_count) = (4, 3);
        (epoch.intervals, epoch.epoch_interval_secs) = (2, 7);
        assert!(pool.advance(&epoch, 1_000).is_ok());
        (epoch.number, epoch.tokens, epoch.points) = (2, 900, 90);
        assert!(pool.advance(&epoch, 1_000).is_ok());
        assert_eq!(pool.emission_anchor, 78);
        (pool.total_claimed, pool.points_burnt) = (300, 5);
        assert!(pool.fall_back().is_ok());
        assert_eq!((pool.total_cumulative, pool.points_issued), (300, 10));
        assert_eq!((pool.emission_anchor, pool.members), (64, 3));
        assert_eq!((pool.active_epoch, pool.next_epoch), (2, 3));
        assert!(pool.is_correction_due());
    }
}
