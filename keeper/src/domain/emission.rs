//! The pool's emission cap, as the program will check it at activation, so that a root that can not become active is
//! refused before anyone attests it.

use cairn_merkle::Tokens;

/// What the cap is measured by, from the pool account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmissionRule {
    /// Most that one elapsed interval releases.
    pub cap: Tokens,
    pub interval_secs: u64,
    /// Unix seconds up to which intervals are spent: the pool's creation less one interval at first, then moved on by whole
    /// intervals with each active epoch.
    pub anchor: i64,
}

/// The growth of the cumulative total is above what the elapsed intervals release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the epoch issues {growth} base units, the pool's emission cap allows {allowed} ({cap} for each of {intervals} elapsed intervals)"
)]
pub struct CapExceeded {
    pub growth: Tokens,
    /// Base units.
    pub allowed: u128,
    pub cap: Tokens,
    pub intervals: u64,
    /// The second from which a proposal of this growth fits the cap; `None` when it never will.
    pub fits_at: Option<i64>,
}

impl EmissionRule {
    /// Whole intervals between the anchor and `now`; a part of an interval releases nothing.
    #[must_use]
    pub fn elapsed(&self, now: i64) -> u64 {
        let secs = i128::from(now).saturating_sub(i128::from(self.anchor));
        u64::try_from(secs)
            .ok()
            .and_then(|secs| secs.checked_div(self.interval_secs))
            .unwrap_or(0)
    }

    /// Whether an epoch proposed at `now` may let the cumulative total grow by `growth`.
    ///
    /// # Errors
    /// [`CapExceeded`], with the second from which it fits.
    pub fn check(&self, growth: Tokens, now: i64) -> Result<(), CapExceeded> {
        let intervals = self.elapsed(now);
        let allowed = u128::from(self.cap.get()).saturating_mul(u128::from(intervals));
        if u128::from(growth.get()) <= allowed {
            return Ok(());
        }
        Err(CapExceeded {
            growth,
            allowed,
            cap: self.cap,
            intervals,
            fits_at: self.fits_at(growth),
        })
    }

    fn fits_at(&self, growth: Tokens) -> Option<i64> {
        let cap = self.cap.get();
        let needed = growth
            .get()
            .checked_add(cap.checked_sub(1)?)?
            .checked_div(cap)?;
        let secs = i64::try_from(needed.checked_mul(self.interval_secs)?).ok()?;
        self.anchor.checked_add(secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULE: EmissionRule = EmissionRule {
        cap: Tokens::new(100),
        interval_secs: 60,
        anchor: 1_000,
    };

    fn check(rule: EmissionRule, growth: u64, now: i64) -> Result<(), CapExceeded> {
        rule.check(Tokens::new(growth), now)
    }

    #[test]
    fn a_part_of_an_interval_releases_nothing() {
        assert_eq!(RULE.elapsed(999), 0);
        assert_eq!(RULE.elapsed(1_059), 0);
        assert_eq!(RULE.elapsed(1_060), 1);
        assert_eq!(RULE.elapsed(1_180), 3);
    }

    #[test]
    fn growth_at_the_cap_passes_and_one_above_says_from_when_it_fits() {
        assert_eq!(check(RULE, 100, 1_060), Ok(()));
        let refusal = check(RULE, 101, 1_060).unwrap_err();
        assert_eq!((refusal.allowed, refusal.intervals), (100, 1));
        assert_eq!(refusal.fits_at, Some(1_120));
        assert_eq!(check(RULE, 101, 1_120), Ok(()));
    }

    #[test]
    fn an_epoch_that_issues_nothing_always_fits() {
        assert_eq!(check(RULE, 0, 0), Ok(()));
    }

    #[test]
    fn a_cap_of_zero_never_fits_anything() {
        let closed = EmissionRule {
            cap: Tokens::ZERO,
            ..RULE
        };
        assert_eq!(check(closed, 1, i64::MAX).unwrap_err().fits_at, None);
    }

    proptest! {
        #[test]
        fn the_second_it_names_is_the_first_that_fits(
            cap in 1..u64::MAX, interval_secs in 1..10_000_000u64, anchor in 0..4_000_000_000i64, growth in 1..u64::MAX
        ) {
            let rule = EmissionRule { cap: Tokens::new(cap), interval_secs, anchor };
            if let Err(CapExceeded { fits_at: Some(at), .. }) = check(rule, growth, anchor) {
                prop_assert!(check(rule, growth, at).is_ok());
                prop_assert!(check(rule, growth, at - 1).is_err());
            }
        }
    }
}
