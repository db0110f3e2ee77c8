//! Dates of a campaign that are possible and probably not meant: said, and asked about, before they are fixed for good.

use cairn_campaign::Terms;
use cairn_merkle::Tokens;

use crate::moment::{is_far, span, utc};

/// Claims that end sooner were probably meant in another unit.
const SHORT_SECS: u64 = 24 * 60 * 60;

/// A sentence for each date that needs a second look. `now` is the cluster's clock, where it was asked; `locked` what vests.
#[must_use]
pub fn doubts(terms: &Terms, locked: Tokens, now: Option<i64>) -> Vec<String> {
    let mut doubts = Vec::new();
    let mut doubt = |sentence: String| doubts.push(sentence);
    let lasts = terms.expires_at.abs_diff(terms.starts_at);
    if lasts < SHORT_SECS {
        doubt(format!("Claims end {} after they start.", span(lasts)));
    }
    if is_far(terms.starts_at, terms.expires_at) {
        doubt(format!(
            "Claims end at {}, {} after they start.",
            utc(terms.expires_at),
            span(lasts)
        ));
    }
    if let Some(now) = now {
        if is_far(now, terms.starts_at) {
            doubt(format!(
                "Claims start at {}, which is {} from now.",
                utc(terms.starts_at),
                span(now.abs_diff(terms.starts_at))
            ));
        }
        if locked > Tokens::ZERO && terms.vesting_end <= now {
            doubt(format!(
                "All of the locked part has vested at {} already: it is paid with the claim.",
                utc(terms.vesting_end)
            ));
        }
    }
    doubts
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIVE: Tokens = Tokens::new(5);
    const DAY: i64 = 86_400;
    const START: i64 = 1_772_323_200;

    fn terms(lasts: i64) -> Terms {
        Terms {
            campaign: [1; 32],
            canopy_depth: 7,
            cliff_at: START,
            creator: [2; 32],
            decimals: 6,
            expires_at: START + lasts,
            id: 0,
            mint: [3; 32],
            receiver: [2; 32],
            starts_at: START,
            vesting_end: START + DAY,
            vesting_start: START,
        }
    }

    #[test]
    fn dates_as_people_mean_them_raise_no_doubt() {
        for lasts in [DAY, 90 * DAY, 3_650 * DAY] {
            assert!(
                doubts(&terms(lasts), FIVE, Some(START)).is_empty(),
                "{lasts}"
            );
        }
    }

    #[test]
    fn seconds_for_days_and_years_without_end_are_doubted() {
        assert_eq!(
            doubts(&terms(90), Tokens::ZERO, None),
            ["Claims end 1 min 30 s after they start."]
        );
        let far = doubts(&terms(4_000 * DAY), Tokens::ZERO, None);
        assert_eq!(
            far,
            ["Claims end at 2037-02-11 00:00:00 UTC, 4000 days after they start."]
        );
    }

    #[test]
    fn what_lies_in_another_decade_or_has_vested_is_doubted_on_the_chains_clock() {
        let early = doubts(&terms(90 * DAY), Tokens::ZERO, Some(START - 4_000 * DAY));
        assert!(
            early[0].contains("which is 4000 days from now"),
            "{early:?}"
        );
        let vested = doubts(&terms(90 * DAY), FIVE, Some(START + 2 * DAY));
        assert!(vested[0].contains("has vested"), "{vested:?}");
        assert!(doubts(&terms(90 * DAY), Tokens::ZERO, Some(START + 2 * DAY)).is_empty());
    }
}
