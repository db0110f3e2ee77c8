//! The pool's caps, as the program will check them when an epoch is proposed, so that a root that can not be proposed is
//! refused before anyone attests it.

use cairn_merkle::{Credits, MilliPoints, Tokens};
use cairn_origin::Capped;

/// So many tokens, points and data credits: what an epoch adds to the cumulative totals, or what one interval lets it add.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth {
    pub tokens: Tokens,
    pub points: MilliPoints,
    pub credits: Credits,
}

/// What the caps are measured by, from the pool account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmissionRule {
    /// Most that one elapsed interval releases.
    pub caps: Growth,
    pub interval_secs: u64,
    /// Unix seconds up to which intervals are spent: the pool's creation less one interval at first, then moved on by whole
    /// intervals with each active epoch.
    pub anchor: i64,
}

/// The growth of a cumulative total is above what the elapsed intervals release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the epoch issues {growth} {}, the pool's {} allows {allowed} ({cap} for each of {intervals} elapsed intervals)",
    .what.unit(), .what.cap()
)]
pub struct CapExceeded {
    /// Of several the one that is waited for longest.
    pub what: Capped,
    /// In the unit of `what`, as all numbers here.
    pub growth: u64,
    pub allowed: u128,
    pub cap: u64,
    pub intervals: u64,
    /// The second from which a proposal of the epoch fits every cap; `None` when it never will.
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

    /// Whether an epoch proposed at `now` may let the cumulative totals grow by `growth`.
    ///
    /// # Errors
    /// [`CapExceeded`], with the second from which it fits.
    pub fn check(&self, growth: Growth, now: i64) -> Result<(), CapExceeded> {
        let intervals = self.elapsed(now);
        let caps = &self.caps;
        [
            (Capped::Tokens, growth.tokens.get(), caps.tokens.get()),
            (Capped::Points, growth.points.get(), caps.points.get()),
            (Capped::Credits, growth.credits.get(), caps.credits.get()),
        ]
        .into_iter()
        .filter_map(|(what, growth, cap)| {
            let allowed = u128::from(cap).saturating_mul(u128::from(intervals));
            (u128::from(growth) > allowed).then(|| CapExceeded {
                what,
                growth,
                allowed,
                cap,
                intervals,
                fits_at: self.fits_at(growth, cap),
            })
        })
        // Never is later than any second; of equals the first is named.
        .rev()
        .max_by_key(|refusal| (refusal.fits_at.is_none(), refusal.fits_at))
        .map_or(Ok(()), Err)
    }

    fn fits_at(&self, growth: u64, cap: u64) -> Option<i64> {
        let needed = growth.checked_add(cap.checked_sub(1)?)?.checked_div(cap)?;
        let secs = i64::try_from(needed.checked_mul(self.interval_secs)?).ok()?;
        self.anchor.checked_add(secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULE: EmissionRule = EmissionRule {
        caps: growth(100, 1_000, 10),
        interval_secs: 60,
        anchor: 1_000,
    };

    const fn growth(tokens: u64, points: u64, credits: u64) -> Growth {
        Growth {
            tokens: Tokens::new(tokens),
            points: MilliPoints::new(points),
            credits: Credits::new(credits),
        }
    }

    #[test]
    fn a_part_of_an_interval_releases_nothing() {
        assert_eq!(RULE.elapsed(999), 0);
        assert_eq!(RULE.elapsed(1_059), 0);
        assert_eq!(RULE.elapsed(1_060), 1);
        assert_eq!(RULE.elapsed(1_180), 3);
    }

    #[test]
    fn growth_at_each_cap_passes_and_one_above_says_which_and_from_when_it_fits() {
        assert_eq!(RULE.check(growth(100, 1_000, 10), 1_060), Ok(()));
        for (above, what, allowed) in [
            (growth(101, 1_000, 10), Capped::Tokens, 100),
            (growth(100, 1_001, 10), Capped::Points, 1_000),
            (growth(100, 1_000, 11), Capped::Credits, 10),
        ] {
            let refusal = RULE.check(above, 1_060).unwrap_err();
            assert_eq!((refusal.what, refusal.allowed), (what, allowed));
            assert_eq!((refusal.intervals, refusal.fits_at), (1, Some(1_120)));
            assert_eq!(RULE.check(above, 1_120), Ok(()));
        }
    }

    #[test]
    fn of_several_the_one_that_is_waited_for_longest_is_named() {
        let refusal = RULE.check(growth(101, 2_001, 15), 1_060).unwrap_err();
        assert_eq!(
            (refusal.what, refusal.fits_at),
            (Capped::Points, Some(1_180))
        );
        assert_eq!(
            refusal.to_string(),
            "the epoch issues 2001 milli-points, the pool's points cap allows 1000 (1000 for each of 1 elapsed intervals)"
        );
        let equal = RULE.check(growth(101, 1_000, 15), 1_060).unwrap_err();
        assert_eq!(equal.what, Capped::Tokens);
    }

    #[test]
    fn an_epoch_that_issues_nothing_always_fits() {
        assert_eq!(RULE.check(growth(0, 0, 0), 0), Ok(()));
    }

    #[test]
    fn a_cap_of_zero_never_fits_anything_and_that_is_said_before_what_fits_later() {
        let mut closed = RULE;
        closed.caps.credits = Credits::ZERO;
        let refusal = closed.check(growth(101, 0, 1), 1_060).unwrap_err();
        assert_eq!((refusal.what, refusal.fits_at), (Capped::Credits, None));
    }

    proptest! {
        #[test]
        fn the_second_it_names_is_the_first_that_fits(
            caps in prop::array::uniform3(1..u64::MAX), interval_secs in 1..10_000_000u64, anchor in 0..4_000_000_000i64,
            grown in prop::array::uniform3(1..u64::MAX)
        ) {
            let [caps, grown] = [caps, grown].map(|[tokens, points, credits]| growth(tokens, points, credits));
            let rule = EmissionRule { caps, interval_secs, anchor };
            if let Err(CapExceeded { fits_at: Some(at), .. }) = rule.check(grown, anchor) {
                prop_assert!(rule.check(grown, at).is_ok());
                prop_assert!(rule.check(grown, at - 1).is_err());
            }
        }
    }
}
