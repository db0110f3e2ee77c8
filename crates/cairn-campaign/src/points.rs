//! Shares tokens out by points: pro rata, in whole base units, every unit accounted for.

use cairn_merkle::{MilliPoints, Tokens};
use rayon::prelude::*;

use crate::CampaignError;
use crate::error::Faults;
use crate::progress::{Progress, Step};
use crate::recipients::{Granted, Recipients};
use crate::table::locked_part;

/// Who keeps the base units that rounding down leaves over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dust {
    /// One each to the largest remainders, so that everything is granted; among equal remainders the lower key first.
    #[default]
    LargestRemainder,
    /// Nobody: the campaign is that much smaller.
    Unallocated,
}

/// How tokens are shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// What is shared.
    pub tokens: Tokens,
    /// Points below which an owner takes no part, neither in the tokens nor in the sum that divides them.
    pub min_points: MilliPoints,
    /// The most that one owner gets. What a cap cuts off is granted to nobody: handing it on would pay others
    /// for how much the capped had.
    pub cap: Option<Tokens>,
    pub dust: Dust,
    /// The part of each grant that vests, in hundredths of a percent, rounded down to base units.
    pub locked_bps: u16,
}

/// What came of sharing tokens out. `granted + capped_off + dust = tokens` holds exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    pub recipients: Recipients,
    /// Owners with the points to take part.
    pub eligible: u64,
    /// Of those, owners whose share is less than one base unit: they are no recipients.
    pub too_small: u64,
    /// Owners at the cap.
    pub capped: u64,
    /// What the cap cut off.
    pub capped_off: Tokens,
    /// Left over by rounding and granted to nobody; 0 with [`Dust::LargestRemainder`].
    pub dust: Tokens,
    /// Milli-points of all that take part.
    pub points: u128,
}

/// One owner's share before the dust is dealt out.
struct Share {
    owner: [u8; 32],
    tokens: Tokens,
    remainder: u128,
}

/// Gives each owner `floor(tokens × points / all points)` of those that take part, then deals out the dust, then caps.
/// `points` names each owner once, with what it earned.
///
/// # Errors
/// [`CampaignError::Points`] when nobody takes part, nothing is left for anybody, or an owner stands twice.
pub fn share(
    points: &[([u8; 32], MilliPoints)],
    sharing: Sharing,
    progress: &dyn Progress,
) -> Result<Shared, CampaignError> {
    progress.begin(Step::SharePoints, points.len() as u64);
    let refuse = |message: &str, hint| {
        Err(CampaignError::Points {
            message: message.to_owned(),
            hint,
        })
    };
    // Without any point there is no share, whatever the minimum.
    let least = sharing.min_points.max(MilliPoints::new(1));
    let eligible: Vec<([u8; 32], MilliPoints)> = points
        .iter()
        .filter(|(_, points)| *points >= least)
        .copied()
        .collect();
    // 2^24 owners of less than 2^64 points each: far below 2^128.
    let all: u128 = eligible
        .iter()
        .map(|(_, points)| u128::from(points.get()))
        .sum();
    if all == 0 {
        return refuse(
            "nobody has enough points to take part",
            "lower --min-points, or take a later epoch",
        );
    }
    let mut shares: Vec<Share> = eligible
        .par_iter()
        .map(|(owner, points)| {
            let product = u128::from(sharing.tokens.get()) * u128::from(points.get());
            Share {
                owner: *owner,
                // points <= all, so the quotient is at most the tokens.
                tokens: u64::try_from(product / all).map_or(sharing.tokens, Tokens::new),
                remainder: product % all,
            }
        })
        .collect();
    let floored = Tokens::checked_sum(shares.iter().map(|share| share.tokens));
    // Each is rounded down, so together they are no more than what is shared.
    let mut dust = floored
        .and_then(|floored| sharing.tokens.checked_sub(floored))
        .unwrap_or_default();
    if sharing.dust == Dust::LargestRemainder {
        shares
            .par_sort_unstable_by(|a, b| b.remainder.cmp(&a.remainder).then(a.owner.cmp(&b.owner)));
        // The remainders add up to dust × all, each below all: at least dust + 1 of them are not zero when dust > 0,
        // so nobody gets a unit for a remainder of nothing.
        let unit = Tokens::new(1);
        for share in &mut shares {
            let Some(less) = dust.checked_sub(unit) else {
                break;
            };
            share.tokens = share.tokens.saturating_add(unit);
            dust = less;
        }
    }
    let (mut capped, mut capped_off) = (0_u64, Tokens::ZERO);
    for share in &mut shares {
        if let Some(cap) = sharing.cap
            && let Some(over) = share.tokens.checked_sub(cap)
        {
            capped += 1;
            capped_off = capped_off.saturating_add(over);
            share.tokens = cap;
        }
    }
    let granted: Vec<Granted> = (0..)
        .zip(&shares)
        .filter(|(_, share)| share.tokens > Tokens::ZERO)
        .map(|(row, share)| {
            let locked = locked_part(share.tokens, sharing.locked_bps);
            Granted {
                row,
                owner: share.owner,
                unlocked: share.tokens.saturating_sub(locked),
                locked,
            }
        })
        .collect();
    if granted.is_empty() {
        return refuse(
            "no share reaches one base unit",
            "share more tokens, or raise --cap",
        );
    }
    let eligible = shares.len() as u64;
    let too_small = eligible - granted.len() as u64;
    progress.begin(Step::SortRecipients, granted.len() as u64);
    let mut faults = Faults::default();
    match Recipients::sorted(granted, &mut faults) {
        Some(recipients) => Ok(Shared {
            recipients,
            eligible,
            too_small,
            capped,
            capped_off,
            dust,
            points: all,
        }),
        None if !faults.is_empty() => refuse(
            "an owner stands twice among the points",
            "take the leaves of one epoch as they were published",
        ),
        None => refuse(
            "more than 16,777,216 owners take part, the most a tree holds",
            "raise --min-points",
        ),
    }
}
