//! Shares tokens out by points: pro rata, in whole base units, every unit accounted for.

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
    /// Base units to share.
    pub tokens: u64,
    /// Milli-points below which an owner takes no part, neither in the tokens nor in the sum that divides them.
    pub min_points: u64,
    /// Most base units that one owner gets. What a cap cuts off is granted to nobody: handing it on would pay others
    /// for how much the capped had.
    pub cap: Option<u64>,
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
    /// Base units that the cap cut off.
    pub capped_off: u64,
    /// Base units left over by rounding and granted to nobody; 0 with [`Dust::LargestRemainder`].
    pub dust: u64,
    /// Milli-points of all that take part.
    pub points: u128,
}

/// One owner's share before the dust is dealt out.
struct Share {
    owner: [u8; 32],
    tokens: u64,
    remainder: u128,
}

/// Gives each owner `floor(tokens × points / all points)` of those that take part, then deals out the dust, then caps.
/// `points` names each owner once, with its milli-points.
///
/// # Errors
/// [`CampaignError::Points`] when nobody takes part, nothing is left for anybody, or an owner stands twice.
pub fn share(
    points: &[([u8; 32], u64)],
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
    let least = sharing.min_points.max(1);
    let eligible: Vec<([u8; 32], u64)> = points
        .iter()
        .filter(|(_, points)| *points >= least)
        .copied()
        .collect();
    // 2^24 owners of less than 2^64 points each: far below 2^128.
    let all: u128 = eligible.iter().map(|(_, points)| u128::from(*points)).sum();
    if all == 0 {
        return refuse(
            "nobody has enough points to take part",
            "lower --min-points, or take a later epoch",
        );
    }
    let mut shares: Vec<Share> = eligible
        .par_iter()
        .map(|(owner, points)| {
            let product = u128::from(sharing.tokens) * u128::from(*points);
            Share {
                owner: *owner,
                // points <= all, so the quotient is at most the tokens.
                tokens: u64::try_from(product / all).unwrap_or(sharing.tokens),
                remainder: product % all,
            }
        })
        .collect();
    let floored: u64 = shares.iter().map(|share| share.tokens).sum();
    let mut dust = sharing.tokens - floored;
    if sharing.dust == Dust::LargestRemainder {
        shares
            .par_sort_unstable_by(|a, b| b.remainder.cmp(&a.remainder).then(a.owner.cmp(&b.owner)));
        // The remainders add up to dust × all, each below all: at least dust + 1 of them are not zero when dust > 0,
        // so nobody gets a unit for a remainder of nothing.
        for share in &mut shares {
            if dust == 0 {
                break;
            }
            share.tokens += 1;
            dust -= 1;
        }
    }
    let (mut capped, mut capped_off) = (0_u64, 0_u64);
    for share in &mut shares {
        if let Some(over) = sharing.cap.and_then(|cap| share.tokens.checked_sub(cap)) {
            capped += 1;
            capped_off += over;
            share.tokens -= over;
        }
    }
    let granted: Vec<Granted> = (0..)
        .zip(&shares)
        .filter(|(_, share)| share.tokens > 0)
        .map(|(row, share)| {
            let locked = locked_part(share.tokens, sharing.locked_bps);
            Granted {
                row,
                owner: share.owner,
                unlocked: share.tokens - locked,
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
