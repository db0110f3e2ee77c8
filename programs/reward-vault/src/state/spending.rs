//! What members spend of what leaves grant them: points, burnt for good, and data credits, redeemed, then fulfilled or
//! refunded. Slots bound what one member spends, the pool what all do.

use anchor_lang::prelude::*;

use super::{MemberSlot, Pool};
use crate::error::{VaultError, refuse};

impl MemberSlot {
    /// Burns `points` milli-points of the `granted` ones over the member's life.
    ///
    /// # Errors
    /// [`VaultError::PointsShort`].
    pub fn burn_points(&mut self, granted: u64, points: u64) -> Result<()> {
        match self.points_burnt.checked_add(points) {
            Some(burnt) if burnt <= granted => {
                self.points_burnt = burnt;
                Ok(())
            }
            _ => refuse(VaultError::PointsShort),
        }
    }

    /// Redeems `credits` of the `granted` ones over the member's life.
    ///
    /// # Errors
    /// [`VaultError::CreditsShort`].
    pub fn redeem_credits(&mut self, granted: u64, credits: u64) -> Result<()> {
        match self.credits_redeemed().checked_add(credits) {
            Some(redeemed) if redeemed <= granted => self.set_credits_redeemed(redeemed),
            _ => refuse(VaultError::CreditsShort),
        }
    }

    /// Gives back `credits` that were redeemed and never delivered. The one place in which a counter of a member
    /// decreases: nothing left the pool for them, so keeping them counted would take from the member what nobody got.
    /// It pays nobody twice, because it happens only together with the end of the one redemption that raised the
    /// counter by as much.
    ///
    /// # Errors
    /// [`VaultError::Overflow`] when more were refunded than redeemed.
    pub fn refund_credits(&mut self, credits: u64) -> Result<()> {
        match self.credits_redeemed().checked_sub(credits) {
            Some(redeemed) => self.set_credits_redeemed(redeemed),
            None => refuse(VaultError::Overflow),
        }
    }
}

impl Pool {
    /// Counts points that were burnt. A root's sum covers tokens alone, so a forged leaf could claim any points: all
    /// together must not burn more than the active root says there are.
    ///
    /// # Errors
    /// [`VaultError::PointsAboveRoot`].
    pub fn burn_points(&mut self, points: u64) -> Result<()> {
        match self.points_burnt.checked_add(points) {
            Some(burnt) if burnt <= self.points_issued => {
                self.points_burnt = burnt;
                Ok(())
            }
            _ => refuse(VaultError::PointsAboveRoot),
        }
    }

    /// Counts credits that were redeemed, within what the active root says there are.
    ///
    /// # Errors
    /// [`VaultError::CreditsAboveRoot`].
    pub fn redeem_credits(&mut self, credits: u64) -> Result<()> {
        match self.credits_redeemed.checked_add(credits) {
            Some(redeemed) if redeemed <= self.credits_issued => {
                self.credits_redeemed = redeemed;
                Ok(())
            }
            _ => refuse(VaultError::CreditsAboveRoot),
        }
    }

    /// Counts redeemed credits as delivered.
    ///
    /// # Errors
    /// [`VaultError::Overflow`].
    pub fn fulfil_credits(&mut self, credits: u64) -> Result<()> {
        let fulfilled = self.credits_fulfilled.checked_add(credits);
        self.credits_fulfilled = fulfilled.ok_or(VaultError::Overflow)?;
        Ok(())
    }

    /// Forgets redeemed credits that were not delivered, so that redeemed ones are always those outstanding and those
    /// fulfilled.
    ///
    /// # Errors
    /// [`VaultError::Overflow`].
    pub fn refund_credits(&mut self, credits: u64) -> Result<()> {
        let redeemed = self.credits_redeemed.checked_sub(credits);
        self.credits_redeemed = redeemed.ok_or(VaultError::Overflow)?;
        Ok(())
    }

    /// What holds of points and credits after every instruction.
    ///
    /// # Errors
    /// [`VaultError::PointsAboveRoot`], [`VaultError::CreditsAboveRoot`].
    pub fn spending_invariant(&self) -> Result<()> {
        require!(
            self.points_burnt <= self.points_issued,
            VaultError::PointsAboveRoot
        );
        require!(
            self.credits_fulfilled <= self.credits_redeemed
                && self.credits_redeemed <= self.credits_issued,
            VaultError::CreditsAboveRoot
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_burns_up_to_what_the_leaf_grants_over_a_life() {
        let mut slot = MemberSlot::default();
        assert!(slot.burn_points(10, 7).is_ok());
        assert!(slot.burn_points(10, 4).is_err());
        assert!(slot.burn_points(u64::MAX, u64::MAX).is_err());
        assert!(slot.burn_points(10, 3).is_ok());
        assert_eq!(slot.points_burnt, 10);
    }

    #[test]
    fn a_refund_gives_back_what_was_redeemed_and_no_more() {
        let mut slot = MemberSlot::default();
        slot.mark_recipient(true);
        assert!(slot.redeem_credits(5, 5).is_ok());
        assert!(slot.redeem_credits(5, 1).is_err());
        assert!(slot.refund_credits(6).is_err());
        assert!(slot.refund_credits(2).is_ok());
        assert_eq!(slot.credits_redeemed(), 3);
        assert!(slot.has_recipient());
    }

    #[test]
    fn all_members_together_spend_no_more_than_the_root_says() {
        let mut pool: Pool = bytemuck::Zeroable::zeroed();
        (pool.points_issued, pool.credits_issued) = (10, 10);
        assert!(pool.burn_points(10).is_ok() && pool.burn_points(1).is_err());
        assert!(pool.redeem_credits(10).is_ok() && pool.redeem_credits(1).is_err());
        assert!(pool.refund_credits(4).is_ok() && pool.fulfil_credits(6).is_ok());
        assert_eq!((pool.credits_redeemed, pool.credits_fulfilled), (6, 6));
        assert!(pool.spending_invariant().is_ok());
        pool.credits_fulfilled = 7;
        assert!(pool.spending_invariant().is_err());
    }
}
