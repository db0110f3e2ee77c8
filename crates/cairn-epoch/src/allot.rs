//! From points to tokens: each pool of the emission divided by points, rounded down, the rest kept and recorded.
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

use crate::EpochError;
use crate::decision::Decision;
use crate::manifest::PoolEntry;
use crate::ruleset::Rulebook;

/// What members earned in one epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Allotment {
    /// By member's key: milli-points and base units, only those with milli-points above 0.
    pub earned: BTreeMap<[u8; 32], Earned>,
    /// By pool, then stream. Their emissions add up to the epoch's, exactly.
    pub pools: Vec<PoolEntry>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Earned {
    pub milli_points: u64,
    pub tokens: u64,
}

/// A part of the emission that is divided as a whole.
struct Share {
    pool: u8,
    stream: u32,
    name: String,
    emission: u64,
    floor: u64,
}

pub(crate) fn allot(rulebook: &Rulebook, decisions: &[Decision]) -> Result<Allotment, EpochError> {
    let mut paid: Vec<(u8, u32, [u8; 32], u64)> = decisions
        .iter()
        .filter(|decision| decision.milli_points > 0)
        .filter_map(|decision| {
            Some((
                decision.pool,
                decision.stream,
                decision.beneficiary?,
                decision.milli_points,
            ))
        })
        .collect();
    paid.sort_unstable();

    let mut allotment = Allotment::default();
    let mut undivided = rulebook.emission();
    let mut divided = 0_usize;
    for share in shares(rulebook) {
        undivided = undivided
            .checked_sub(share.emission)
            .ok_or(EpochError::Overflow {
                what: "the sum of the pools' parts",
            })?;
        let from = paid.partition_point(|row| (row.0, row.1) < (share.pool, share.stream));
        let to = paid.partition_point(|row| (row.0, row.1) <= (share.pool, share.stream));
        let group = paid.get(from..to).unwrap_or_default();
        divided = group
            .len()
            .checked_add(divided)
            .ok_or(EpochError::Overflow {
                what: "the number of paid proofs",
            })?;
        let entry = divide(share, group, &mut allotment.earned)?;
        allotment.pools.push(entry);
    }
    // Points outside every part would be points that nobody is paid for and nobody hears about.
    if divided != paid.len() {
        return Err(EpochError::Decisions(
            "some proof is paid from a pool and stream that do not exist".to_owned(),
        ));
    }
    if undivided > 0 {
        allotment.pools.push(PoolEntry {
            allocated: 0,
            emission: undivided,
            floor: 0,
            name: "undivided".to_owned(),
            points: 0,
            unallocated: undivided,
        });
    }
    Ok(allotment)
}

/// The emission's parts, each rounded down.
fn shares(rulebook: &Rulebook) -> Vec<Share> {
    let emission = rulebook.emission();
    let mut shares = Vec::new();
    for pool in rulebook.pools() {
        let part = permille(emission, pool.permille);
        if !pool.by_stream {
            shares.push(Share {
                pool: pool.id,
                stream: 0,
                name: pool.name.clone(),
                emission: part,
                floor: pool.floor_milli_points,
            });
            continue;
        }
        for stream in rulebook.streams() {
            shares.push(Share {
                pool: pool.id,
                stream: stream.id,
                name: format!("{}/{}", pool.name, stream.id),
                emission: permille(part, stream.pool_permille),
                floor: pool.floor_milli_points,
            });
        }
    }
    shares
}

/// Rounded down. Thousandths above 1,000 never come here: readers refuse them.
fn permille(amount: u64, thousandths: u16) -> u64 {
    // 64 bits by ten: never saturates.
    let product = u128::from(amount).saturating_mul(u128::from(thousandths.min(1_000)));
    u64::try_from(product / 1_000).unwrap_or(amount)
}

/// tokens = floor(emission × points / max(all points, floor)) for each member's sum of points in this part.
fn divide(
    share: Share,
    paid: &[(u8, u32, [u8; 32], u64)],
    earned: &mut BTreeMap<[u8; 32], Earned>,
) -> Result<PoolEntry, EpochError> {
    let overflow = |what| EpochError::Overflow { what };
    let mut total = 0_u64;
    for row in paid {
        total = total
            .checked_add(row.3)
            .ok_or(overflow("the points of a pool"))?;
    }
    let divisor = u128::from(total.max(share.floor).max(1));
    let mut allocated = 0_u64;
    for member in paid.chunk_by(|a, b| a.2 == b.2) {
        let Some(&(.., owner, _)) = member.first() else {
            continue;
        };
        // Cannot overflow: a part of the total above.
        let points: u64 = member.iter().map(|row| row.3).sum();
        let tokens = u128::from(share.emission)
            .checked_mul(u128::from(points))
            .and_then(|product| product.checked_div(divisor))
            .and_then(|tokens| u64::try_from(tokens).ok())
            .ok_or(overflow("a member's tokens"))?;
        allocated = allocated
            .checked_add(tokens)
            .ok_or(overflow("the tokens of a pool"))?;
        let sum = earned.entry(owner).or_default();
        sum.milli_points = sum
            .milli_points
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
        .ok_or(overflow("what a pool gave out"))?;
    Ok(PoolEntry {
        allocated,
        emission: share.emission,
        floor: share.floor,
        name: share.name,
        points: total,
        unallocated,
    })
}
