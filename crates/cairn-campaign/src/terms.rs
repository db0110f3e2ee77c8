use cairn_merkle::{MAX_CANOPY_DEPTH, Tokens};
use serde::{Deserialize, Serialize};

use crate::CampaignError;

/// What a campaign promises, beside who gets what. Everything here is frozen on chain at creation, but for the expiry,
/// which may move later. Times are unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The campaign's address, which follows from creator and id. Every leaf names it.
    #[serde(with = "cairn_spelling::text::key")]
    pub campaign: [u8; 32],
    /// Levels of the tree that the campaign's account is wished to store, so that proofs are that much shorter; at most
    /// [`MAX_CANOPY_DEPTH`].
    pub canopy_depth: u8,
    /// Nothing of a locked part is paid before.
    pub cliff_at: i64,
    /// Signs the campaign's creation.
    #[serde(with = "cairn_spelling::text::key")]
    pub creator: [u8; 32],
    /// Of the mint.
    pub decimals: u8,
    /// The last second of claims. What is unclaimed afterwards goes to the receiver.
    pub expires_at: i64,
    /// Tells several campaigns of one creator apart.
    #[serde(with = "cairn_spelling::text::amount")]
    pub id: u64,
    #[serde(with = "cairn_spelling::text::key")]
    pub mint: [u8; 32],
    /// The wallet whose token account gets what nobody claimed.
    #[serde(with = "cairn_spelling::text::key")]
    pub receiver: [u8; 32],
    /// The first second of claims.
    pub starts_at: i64,
    /// Everything locked has vested.
    pub vesting_end: i64,
    /// From here locked parts vest evenly.
    pub vesting_start: i64,
}

impl Terms {
    /// What the program will ask of the terms, found before anything is computed.
    ///
    /// # Errors
    /// [`CampaignError::Terms`].
    pub fn check(&self) -> Result<(), CampaignError> {
        let refuse = |message: String, hint| Err(CampaignError::Terms { message, hint });
        if self.canopy_depth > MAX_CANOPY_DEPTH {
            return refuse(
                format!(
                    "a canopy of {} levels; a campaign stores at most {MAX_CANOPY_DEPTH}",
                    self.canopy_depth
                ),
                "use the default",
            );
        }
        let order = [
            ("the start", self.starts_at),
            ("the start of vesting", self.vesting_start),
            ("the cliff", self.cliff_at),
            ("the end of vesting", self.vesting_end),
            ("the expiry", self.expires_at),
        ];
        if self.starts_at < 0 {
            return refuse("the start is before 1970".to_owned(), "check the dates");
        }
        for pair in order.windows(2) {
            let [(before, earlier), (after, later)] = pair else {
                continue;
            };
            if later < earlier {
                return refuse(
                    format!("{after} is before {before}"),
                    "the order is: start, start of vesting, cliff, end of vesting, expiry; what vests later than the expiry could not be claimed",
                );
            }
        }
        Ok(())
    }

    /// What of a locked part has vested at `now`, as the program counts: none before the cliff, in
    /// proportion between start and end, rounded down.
    #[must_use]
    pub fn vested(&self, locked: Tokens, now: i64) -> Tokens {
        if now >= self.vesting_end {
            return locked;
        }
        if now < self.cliff_at {
            return Tokens::ZERO;
        }
        let passed = u128::from(now.abs_diff(self.vesting_start));
        let whole = u128::from(self.vesting_end.abs_diff(self.vesting_start));
        let share = (u128::from(locked.get()) * passed).checked_div(whole);
        share
            .and_then(|share| u64::try_from(share).ok())
            .map_or(Tokens::ZERO, Tokens::new)
    }
}
