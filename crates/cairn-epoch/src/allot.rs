//! From points to tokens: each pot of the emission divided by points, rounded down, the rest kept and recorded.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

use std::collections::BTreeMap;

use cairn_merkle::{MilliPoints, Tokens};

use crate::EpochError;
use crate::admit::Pay;
use crate::manifest::PotEntry;
use crate::ruleset::Rulebook;

/// What members earned in one epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Allotment {
    /// By member's key, only those who earned points.
    pub earned: BTreeMap<[u8; 32], Earned>,
    /// By pot, then stream. Their emissions add up to the epoch's, exactly.
    pub pots: Vec<PotEntry>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Earned {
    pub points: MilliPoints,
    pub tokens: Tokens,
}

/// A part of the emission that is divided as a whole.
struct Share {
    pot: u8,
    stream: u32,
    name: String,
    emission: Tokens,
    floor: MilliPoints,
}

/// Divides the emission among `paid`, each row above 0.
pub(crate) fn allot(rulebook: &Rulebook, mut paid: Vec<Pay>) -> Result<Allotment, EpochError> {
    paid.sort_unstable();

    let mut allotment = Allotment::default();
    let mut undivided = rulebook.emission();
    let mut divided = 0_usize;
    for share in shares(rulebook) {
        undivided = undivided
            .checked_sub(share.emission)
            .ok_or(EpochError::Overflow {
                what: "the sum of the pots' parts",
            })?;
        let from = paid.partition_point(|pay| (pay.pot, pay.stream) < (share.pot, share.stream));
        let to = paid.partition_point(|pay| (pay.pot, pay.stream) <= (share.pot, share.stream));
        let group = paid.get(from..to).unwrap_or_default();
        divided = group
            .len()
            .checked_add(divided)
            .ok_or(EpochError::Overflow {
                what: "the number of paid proofs",
            })?;
        let entry = divide(share, group, &mut allotment.earned)?;
        allotment.pots.push(entry);
    }
    // Points outside every part would be points that nobody is paid for and nobody hears about.
    if divided != paid.len() {
        return Err(EpochError::Decisions(
            "some proof is paid from a pot and stream that do not exist".to_owned(),
        ));
    }
    if undivided > Tokens::ZERO {
        allotment.pots.push(PotEntry {
            allocated: Tokens::ZERO,
            emission: undivided,
            floor_milli_points: MilliPoints::ZERO,
            milli_points: MilliPoints::ZERO,
            name: "undivided".to_owned(),
            unallocated: undivided,
        });
    }
    Ok(allotment)
}

/// The emission's parts, each rounded down.
fn shares(rulebook: &Rulebook) -> Vec<Share> {
    let emission = rulebook.emission();
    let mut shares = Vec::new();
    for pot in rulebook.pots() {
        let part = permille(emission, pot.permille);
        if !pot.by_stream {
            shares.push(Share {
                pot: pot.id,
                stream: 0,
                name: pot.name.clone(),
                emission: part,
                floor: pot.floor_milli_points,
            });
            continue;
        }
        for stream in rulebook.streams() {
            shares.push(Share {
                pot: pot.id,
                stream: stream.id,
                name: format!("{}/{}", pot.name, stream.id),
                emission: permille(part, stream.pot_permille),
                floor: pot.floor_milli_points,
            });
        }
    }
    shares
}

/// Rounded down. Thousandths above 1,000 never come here: readers refuse them.
fn permille(amount: Tokens, thousandths: u16) -> Tokens {
    // 64 bits by ten: never saturates.
    let product = u128::from(amount.get()).saturating_mul(u128::from(thousandths.min(1_000)));
    u64::try_from(product / 1_000).map_or(amount, Tokens::new)
}

/// tokens = floor(emission × points / max(all points, floor)) for each member's sum of points in this part.
fn divide(
    share: Share,
    paid: &[Pay],
    earned: &mut BTreeMap<[u8; 32], Earned>,
) -> Result<PotEntry, EpochError> {
    let overflow = |what| EpochError::Overflow { what };
    let total = MilliPoints::checked_sum(paid.iter().map(|pay| pay.milli_points))
        .ok_or(overflow("the points of a pot"))?;
    let divisor = u128::from(total.max(share.floor).get().max(1));
    let mut allocated = Tokens::ZERO;
    for member in paid.chunk_by(|a, b| a.owner == b.owner) {
        let Some(&Pay { owner, .. }) = member.first() else {
            continue;
        };
        let points = MilliPoints::checked_sum(member.iter().map(|pay| pay.milli_points))
            .ok_or(overflow("a member's points"))?;
        let tokens = u128::from(share.emission.get())
            .checked_mul(u128::from(points.get()))
            .and_then(|product| product.checked_div(divisor))
            .and_then(|tokens| u64::try_from(tokens).ok())
            .map(Tokens::new)
            .ok_or(overflow("a member's tokens"))?;
        allocated = allocated
            .checked_add(tokens)
            .ok_or(overflow("the tokens of a pot"))?;
        let sum = earned.entry(owner).or_default();
        sum.points = sum
            .points
            .checked_add(points)
            .ok_or(overflow("a member's points"))?;
        sum.tokens = sum
            .tokens
            .checked_add(tokens)
            .ok_or(overflow("a member's tokens"))?;
    }
    let unallocated = share
        .emission
        .checked_sub(allocated)
        .ok_or(overflow("what a pot gave out"))?;
    Ok(PotEntry {
        allocated,
        emission: share.emission,
        floor_milli_points: share.floor,
        milli_points: total,
        name: share.name,
        unallocated,
    })
}
