//! Whom proposed rules would give more, and whom less.
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

use std::cmp::Reverse;
use std::collections::BTreeMap;

use cairn_merkle::{Credits, MilliPoints, Tokens};

use super::report::{Decile, OwnerChange, Side, Sides};
use super::sum::{add_points, add_tokens};
use crate::EpochError;
use crate::folder::{EpochFolder, read};
use crate::ledger::read_leaves;
use crate::state::{MEMBERS, decode_members};

/// The tokens of everybody's leaf that both sides start from.
pub(super) struct Start(BTreeMap<[u8; 32], Tokens>);

impl Start {
    pub fn read(published: &EpochFolder) -> Result<Self, EpochError> {
        let path = published.inputs().join(MEMBERS);
        let members = match read(&path) {
            Ok(bytes) => decode_members(&path, bytes.into())?,
            // The first epoch follows nothing.
            Err(EpochError::Missing { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        let tokens = members.iter().map(|member| (member.owner, member.tokens));
        Ok(Self(tokens.collect()))
    }
}

/// What somebody's proofs earned.
#[derive(Default)]
pub(super) struct Earned {
    pub points: Sides<MilliPoints>,
    pub credits: Sides<Credits>,
}

/// Everybody who earned something, the most affected first. `folders` hold the last epoch of each side.
pub(super) fn affected(
    start: &Start,
    earned: BTreeMap<[u8; 32], Earned>,
    folders: &Sides<EpochFolder>,
) -> Result<Vec<OwnerChange>, EpochError> {
    let blank = |owner| OwnerChange {
        owner,
        points: Sides::default(),
        tokens: Sides::default(),
        credits: Sides::default(),
    };
    let mut owners: BTreeMap<[u8; 32], OwnerChange> = BTreeMap::new();
    for (owner, Earned { points, credits }) in earned {
        let change = blank(owner);
        owners.insert(
            owner,
            OwnerChange {
                points,
                credits,
                ..change
            },
        );
    }
    for side in Side::BOTH {
        for leaf in read_leaves(folders.at(side).root())? {
            let had = start.0.get(&leaf.owner).copied().unwrap_or_default();
            let grown = leaf.tokens.checked_sub(had).ok_or(EpochError::Overflow {
                what: "what a member's leaf grew by",
            })?;
            if grown > Tokens::ZERO {
                let owner = leaf.owner;
                let change = owners.entry(owner).or_insert_with(|| blank(owner));
                *change.tokens.at_mut(side) = grown;
            }
        }
    }
    let mut owners: Vec<OwnerChange> = owners.into_values().collect();
    // Stable: those who are affected alike stand in the order of their keys.
    owners.sort_by_key(|change| {
        let OwnerChange { tokens, points, .. } = change;
        let tokens = tokens.before.get().abs_diff(tokens.after.get());
        Reverse((tokens, points.before.get().abs_diff(points.after.get())))
    });
    Ok(owners)
}

/// Ten parts of `owners` by what they got before: least first, of equally much in the order of their keys.
pub(super) fn deciles(owners: &[OwnerChange]) -> Result<Vec<Decile>, EpochError> {
    const PARTS: usize = 10;
    let mut ranked: Vec<&OwnerChange> = owners.iter().collect();
    ranked.sort_by_key(|change| (change.tokens.before, change.points.before, change.owner));
    let mut deciles = vec![Decile::default(); PARTS];
    let size = ranked.len().max(1);
    for (at, change) in ranked.into_iter().enumerate() {
        // Never saturates: whoever earns is in memory, and ten times as many would not be.
        let part = at.saturating_mul(PARTS).checked_div(size).unwrap_or(0);
        let Some(decile) = deciles.get_mut(part) else {
            continue;
        };
        decile.owners = decile.owners.saturating_add(1);
        for side in Side::BOTH {
            add_points(decile.points.at_mut(side), *change.points.at(side))?;
            add_tokens(decile.tokens.at_mut(side), *change.tokens.at(side))?;
        }
        let Sides { before, after } = change.tokens;
        decile.winners = decile.winners.saturating_add((after > before).into());
        decile.losers = decile.losers.saturating_add((after < before).into());
    }
    Ok(deciles)
}
