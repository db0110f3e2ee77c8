//! When an epoch may become active.

use super::{Epoch, Pool};
use crate::constants::CORRECTION_WINDOW_SECS;

impl Epoch {
    /// Unix seconds at which the challenge window ends when the pool is not paused meanwhile.
    #[must_use]
    pub fn window_ends_at(&self) -> i64 {
        self.proposed_at.saturating_add(self.window_secs())
    }

    /// Unix seconds at which the challenge window ends, on the clock that stands still while the pool is paused.
    #[must_use]
    pub fn window_over_at(&self, pool: &Pool) -> i64 {
        pool.after_pauses(self.window_ends_at(), self.paused_before)
    }

    /// Unix seconds from which the epoch may be activated; `None` while it is not complete. The window runs from the
    /// proposal, and half of it from the last word too: a root that one keeper proposed looks harmless until the others
    /// stand behind it, and whoever must answer then gets that time.
    #[must_use]
    pub fn activatable_at(&self, pool: &Pool) -> Option<i64> {
        if self.complete_at == 0 {
            return None;
        }
        let half = self.window_secs().saturating_add(1) >> 1;
        let last_word = self.complete_at.saturating_add(half);
        let last_word = pool.after_pauses(last_word, self.paused_before_complete);
        Some(self.window_over_at(pool).max(last_word))
    }

    fn window_secs(&self) -> i64 {
        i64::try_from(self.challenge_window_secs).unwrap_or(i64::MAX)
    }

    /// The challenge window of a proposal of `pool`: of a correction, which nobody can challenge, at least seven days.
    #[must_use]
    pub fn window_of(pool: &Pool) -> u64 {
        if pool.is_correction_due() {
            pool.challenge_window_secs.max(CORRECTION_WINDOW_SECS)
        } else {
            pool.challenge_window_secs
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constants::PAUSE_SECS;

    fn complete() -> (Pool, Epoch) {
        let pool: Pool = bytemuck::Zeroable::zeroed();
        let mut epoch: Epoch = bytemuck::Zeroable::zeroed();
        epoch.challenge_window_secs = 101;
        epoch.proposed_at = 1_000;
        (pool, epoch)
    }

    #[test]
    fn the_last_word_leaves_half_a_window() {
        let (pool, mut epoch) = complete();
        assert_eq!(epoch.activatable_at(&pool), None);
        for (complete_at, activatable_at) in [(1_000, 1_101), (1_050, 1_101), (1_101, 1_152)] {
            epoch.complete_at = complete_at;
            assert_eq!(epoch.activatable_at(&pool), Some(activatable_at));
        }
    }

    #[test]
    fn a_pause_moves_both_ends() {
        let (mut pool, mut epoch) = complete();
        epoch.complete_at = 1_101;
        pool.pause(1_010).ok();
        assert_eq!(epoch.window_over_at(&pool), 1_101 + PAUSE_SECS);
        pool.unpause(1_030).ok();
        assert_eq!(epoch.window_over_at(&pool), 1_121);
        // Complete after the pause: only what follows moves it.
        epoch.paused_before_complete = pool.paused_secs_at(1_101);
        assert_eq!(epoch.activatable_at(&pool), Some(1_152));
        epoch.paused_before_complete = 0;
        assert_eq!(epoch.activatable_at(&pool), Some(1_172));
    }

    #[test]
    fn a_correction_gets_a_week_at_least() {
        let mut pool: Pool = bytemuck::Zeroable::zeroed();
        for (window, proposal, correction) in [
            (50, 50, CORRECTION_WINDOW_SECS),
            (
                CORRECTION_WINDOW_SECS,
                CORRECTION_WINDOW_SECS,
                CORRECTION_WINDOW_SECS,
            ),
            (2_592_000, 2_592_000, 2_592_000),
        ] {
            pool.challenge_window_secs = window;
            pool.correction_due = 0;
            assert_eq!(Epoch::window_of(&pool), proposal);
            pool.correction_due = 1;
            assert_eq!(Epoch::window_of(&pool), correction);
        }
    }

    #[test]
    fn a_window_never_wraps() {
        let (pool, mut epoch) = complete();
        epoch.challenge_window_secs = u64::MAX;
        epoch.complete_at = 1;
        assert_eq!(epoch.window_ends_at(), i64::MAX);
        assert_eq!(epoch.activatable_at(&pool), Some(i64::MAX));
    }
}
