//! A pause, and the clock that stands still meanwhile. A pause ends by itself: whoever stole the guardian's key holds
//! members back for a week at most, and then leaves them a week.

use anchor_lang::prelude::*;

use super::Pool;
use crate::{constants::PAUSE_SECS, error::VaultError};

impl Pool {
    /// Whether claims, burns, redemptions and activation are stopped at `now`.
    #[must_use]
    pub const fn is_paused(&self, now: i64) -> bool {
        now < self.paused_until
    }

    /// Members take nothing out of a paused pool.
    ///
    /// # Errors
    /// [`VaultError::Paused`].
    pub fn require_running(&self, now: i64) -> Result<()> {
        require!(!self.is_paused(now), VaultError::Paused);
        Ok(())
    }

    /// Stops the pool at `now`.
    ///
    /// # Errors
    /// [`VaultError::AlreadyPaused`]; [`VaultError::PauseRests`] before it ran as long as it last stood still: pause
    /// upon pause would be a pause without an end.
    pub fn pause(&mut self, now: i64) -> Result<()> {
        require!(!self.is_paused(now), VaultError::AlreadyPaused);
        let lasted = self.paused_until.saturating_sub(self.paused_at);
        require!(
            now >= self.paused_until.saturating_add(lasted),
            VaultError::PauseRests
        );
        self.paused_total = self.paused_secs();
        self.paused_at = now;
        self.paused_until = now.checked_add(PAUSE_SECS).ok_or(VaultError::Overflow)?;
        Ok(())
    }

    /// Ends a pause early.
    ///
    /// # Errors
    /// [`VaultError::NotPaused`].
    pub fn unpause(&mut self, now: i64) -> Result<()> {
        require!(self.is_paused(now), VaultError::NotPaused);
        self.paused_until = now.max(self.paused_at);
        Ok(())
    }

    /// Seconds of all pauses, of the current one up to its end.
    #[must_use]
    pub const fn paused_secs(&self) -> i64 {
        let last = self.paused_until.saturating_sub(self.paused_at);
        self.paused_total.saturating_add(last)
    }

    /// Seconds of all pauses up to `now`: what is frozen at a moment from which time is counted.
    #[must_use]
    pub fn paused_secs_at(&self, now: i64) -> i64 {
        let last = now.min(self.paused_until).saturating_sub(self.paused_at);
        self.paused_total.saturating_add(last.max(0))
    }

    /// `moment` moved on by the pauses after `paused_before` seconds of them. While a pause lasts, it counts up to the
    /// end that it will have by itself.
    #[must_use]
    pub const fn after_pauses(&self, moment: i64, paused_before: i64) -> i64 {
        let since = self.paused_secs().saturating_sub(paused_before);
        moment.saturating_add(since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> Pool {
        bytemuck::Zeroable::zeroed()
    }

    #[test]
    fn a_pause_ends_by_itself_and_rests_as_long_as_it_lasted() {
        let mut pool = pool();
        assert!(pool.pause(1_000).is_ok());
        assert!(pool.is_paused(1_000) && pool.is_paused(1_000 + PAUSE_SECS - 1));
        assert!(!pool.is_paused(1_000 + PAUSE_SECS));
        assert_eq!(pool.pause(1_001), Err(VaultError::AlreadyPaused.into()));
        let rested = 1_000 + 2 * PAUSE_SECS;
        assert_eq!(pool.pause(rested - 1), Err(VaultError::PauseRests.into()));
        assert!(pool.pause(rested).is_ok());
        assert!(pool.unpause(rested + 10).is_ok());
        assert_eq!(pool.unpause(rested + 10), Err(VaultError::NotPaused.into()));
        // It lasted ten seconds, so ten seconds are its rest.
        assert_eq!(pool.pause(rested + 19), Err(VaultError::PauseRests.into()));
        assert!(pool.pause(rested + 20).is_ok());
        assert_eq!(pool.paused_secs(), 2 * PAUSE_SECS + 10);
    }

    #[test]
    fn the_clock_stands_still_while_the_pool_does() {
        let mut pool = pool();
        pool.pause(100).ok();
        let before = pool.paused_secs_at(150);
        assert_eq!(before, 50);
        // Frozen in the middle of a pause: the rest of it moves what is counted from there.
        assert_eq!(pool.after_pauses(1_000, before), 1_000 + PAUSE_SECS - 50);
        pool.unpause(200).ok();
        assert_eq!(pool.after_pauses(1_000, before), 1_050);
        assert_eq!(pool.paused_secs_at(9_999), 100);
        assert_eq!(pool.paused_secs_at(50), 0);
    }

    #[test]
    fn members_are_served_up_to_a_pause_and_from_its_end_on() {
        let mut pool = pool();
        assert_eq!(pool.require_running(100), Ok(()));
        assert_eq!(pool.pause(100), Ok(()));
        let paused = Err(VaultError::Paused.into());
        assert_eq!(pool.require_running(100), paused);
        assert_eq!(pool.require_running(99 + PAUSE_SECS), paused);
        assert_eq!(pool.require_running(100 + PAUSE_SECS), Ok(()));
        let mut late = self::pool();
        assert_eq!(late.pause(i64::MAX), Err(VaultError::Overflow.into()));
    }
}
