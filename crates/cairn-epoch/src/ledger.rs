//! Cumulative amounts of every member, for life.
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

use std::collections::HashMap;
use std::path::Path;

use cairn_merkle::{Credits, LeafIndex, MAX_LEAVES, MilliPoints, RewardLeaf, Tokens};

use crate::EpochError;
use crate::allot::Allotment;
use crate::correct::Seats;
use crate::folder::{EpochFolder, read};
use crate::manifest::{Totals, read_manifest};
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};
use crate::state::Member;

/// Adds what was earned to the members carried in. A member keeps its index for ever; new ones follow in the order of
/// their keys.
pub(crate) fn credit(seats: Seats, allotment: &Allotment) -> Result<Vec<Member>, EpochError> {
    let Seats {
        mut members,
        mut vacant,
    } = seats;
    // Only asked, never walked.
    let places: HashMap<[u8; 32], usize> = members
        .iter()
        .enumerate()
        .map(|(place, member)| (member.owner, place))
        .collect();
    if places.len() != members.len() {
        return Err(EpochError::Decisions(
            "the carried state names a member twice".to_owned(),
        ));
    }
    for (owner, earned) in &allotment.earned {
        let place = places.get(owner).copied().unwrap_or_else(|| {
            let newcomer = Member {
                owner: *owner,
                tokens: Tokens::ZERO,
                points: MilliPoints::ZERO,
                credits: Credits::ZERO,
            };
            let place = vacant.pop_front().unwrap_or(members.len());
            match members.get_mut(place) {
                Some(seat) => *seat = newcomer,
                None => members.push(newcomer),
            }
            place
        });
        let overflow = |what| EpochError::Overflow { what };
        if let Some(member) = members.get_mut(place) {
            member.tokens = member
                .tokens
                .checked_add(earned.tokens)
                .ok_or(overflow("a member's cumulative tokens"))?;
            member.points = member
                .points
                .checked_add(earned.points)
                .ok_or(overflow("a member's cumulative points"))?;
        }
    }
    match u64::try_from(members.len()).unwrap_or(u64::MAX) {
        0 => Err(EpochError::NoMembers),
        count if count > u64::from(MAX_LEAVES) => Err(EpochError::TooManyMembers { count }),
        _ => Ok(members),
    }
}

/// The members as leaves of `pool`'s tree.
pub(crate) fn leaves(pool: &[u8; 32], members: &[Member]) -> Vec<RewardLeaf> {
    (0..)
        .zip(members)
        .map(|(index, member)| RewardLeaf {
            pool: *pool,
            index: LeafIndex::new(index),
            owner: member.owner,
            tokens: member.tokens,
            points: member.points,
            credits: member.credits,
        })
        .collect()
}

pub(crate) fn totals(members: &[Member], allotment: &Allotment) -> Result<Totals, EpochError> {
    let too_much = |what| EpochError::Overflow { what };
    let (credits, points, tokens) = (
        Credits::checked_sum(members.iter().map(|member| member.credits)),
        MilliPoints::checked_sum(members.iter().map(|member| member.points)),
        Tokens::checked_sum(members.iter().map(|member| member.tokens)),
    );
    let (points_epoch, tokens_epoch, unallocated) = (
        MilliPoints::checked_sum(allotment.earned.values().map(|earned| earned.points)),
        Tokens::checked_sum(allotment.earned.values().map(|earned| earned.tokens)),
        Tokens::checked_sum(allotment.pots.iter().map(|pot| pot.unallocated)),
    );
    Ok(Totals {
        credits: credits.ok_or(too_much("all credits"))?,
        milli_points: points.ok_or(too_much("all points"))?,
        milli_points_epoch: points_epoch.ok_or(too_much("all points"))?,
        tokens: tokens.ok_or(too_much("all tokens"))?,
        tokens_epoch: tokens_epoch.ok_or(too_much("all tokens"))?,
        unallocated: unallocated.ok_or(too_much("all tokens"))?,
    })
}

const FIELDS: &[Field] = &[
    Field::new("index", Kind::U32, Origin::Computed),
    Field::new("owner", Kind::Bytes(32), Origin::Computed),
    Field::new("tokens", Kind::U64, Origin::Computed),
    Field::new("milli_points", Kind::U64, Origin::Computed),
    Field::new("credits", Kind::U64, Origin::Computed),
];

pub(crate) fn encode_leaves(path: &Path, leaves: &[RewardLeaf]) -> Result<Vec<u8>, EpochError> {
    let each = || leaves.iter();
    encode_table(
        path,
        FIELDS,
        vec![
            column::u32(each().map(|leaf| leaf.index.get())),
            column::bytes(each().map(|leaf| leaf.owner)),
            column::u64(each().map(|leaf| leaf.tokens.get())),
            column::u64(each().map(|leaf| leaf.points.get())),
            column::u64(each().map(|leaf| leaf.credits.get())),
        ],
    )
}

/// Every leaf of a closed epoch, by index, with the pool its manifest names.
///
/// # Errors
/// [`EpochError::Missing`], [`EpochError::Json`], [`EpochError::Parquet`], [`EpochError::Schema`],
/// [`EpochError::Row`] unless indices count up from 0.
pub fn read_leaves(dir: &Path) -> Result<Vec<RewardLeaf>, EpochError> {
    let (manifest, _) = read_manifest(dir)?;
    let path = EpochFolder::new(dir).leaves();
    let mut leaves = Vec::new();
    decode_table(&path, read(&path)?.into(), FIELDS, |rows| {
        let (index, owner) = (rows.u32("index")?, rows.bytes::<32>("owner")?);
        let (tokens, points, credits) = (
            rows.u64("tokens")?,
            rows.u64("milli_points")?,
            rows.u64("credits")?,
        );
        for row in 0..rows.len() {
            if u64::from(index.value(row)) != rows.number(row) {
                return Err(rows.refuse(row, "index", "indices must count up from 0".to_owned()));
            }
            leaves.push(RewardLeaf {
                pool: manifest.epoch.pool,
                index: LeafIndex::new(index.value(row)),
                owner: owner.get(row),
                tokens: Tokens::new(tokens.value(row)),
                points: MilliPoints::new(points.value(row)),
                credits: Credits::new(credits.value(row)),
            });
        }
        Ok(())
    })?;
    Ok(leaves)
}
