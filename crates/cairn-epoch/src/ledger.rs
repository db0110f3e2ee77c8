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

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use cairn_merkle::{Credits, LeafIndex, MAX_LEAVES, MilliPoints, RewardLeaf, Tokens};

use crate::EpochError;
use crate::amounts::Amounts;
use crate::correct::Seats;
use crate::folder::{EpochFolder, read};
use crate::manifest::{PotEntry, Totals, read_manifest};
use crate::origin::Origin;
use crate::parquet_file::{Field, Kind, column, decode_table, encode_table};
use crate::payee::Wallet;
use crate::state::Member;

/// Adds what enters leaves to the members carried in. A member keeps its index for ever; new ones follow in the order of
/// their keys, each a wallet's.
pub(crate) fn credit(
    seats: Seats,
    entering: &BTreeMap<Wallet, Amounts>,
) -> Result<Vec<Member>, EpochError> {
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
    for (wallet, earned) in entering {
        let owner = wallet.key();
        let place = places.get(&owner).copied().unwrap_or_else(|| {
            let newcomer = Member {
                owner,
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
            member.credits = member
                .credits
                .checked_add(earned.credits)
                .ok_or(overflow("a member's cumulative credits"))?;
        }
    }
    check_count(u64::try_from(members.len()).unwrap_or(u64::MAX))?;
    Ok(members)
}

/// A tree has leaves, and no more than a program's proofs reach.
fn check_count(count: u64) -> Result<(), EpochError> {
    match count {
        0 => Err(EpochError::NoMembers),
        count if count > u64::from(MAX_LEAVES) => Err(EpochError::TooManyMembers { count }),
        _ => Ok(()),
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

/// Sums over `members`, after they grew by what is `entering`; `outside` is owed to wallets, and to identities without one.
pub(crate) fn totals(
    members: &[Member],
    entering: &BTreeMap<Wallet, Amounts>,
    (arrears, unlinked): (Amounts, Amounts),
    pots: &[PotEntry],
) -> Result<Totals, EpochError> {
    let too_much = |what| EpochError::Overflow { what };
    let (credits, points, tokens) = (
        Credits::checked_sum(members.iter().map(|member| member.credits)),
        MilliPoints::checked_sum(members.iter().map(|member| member.points)),
        Tokens::checked_sum(members.iter().map(|member| member.tokens)),
    );
    let grown = Amounts::sum(entering.values().copied(), "what all leaves grow by")?;
    let unallocated = Tokens::checked_sum(pots.iter().map(|pot| pot.unallocated));
    Ok(Totals {
        arrears,
        credits: credits.ok_or(too_much("all credits"))?,
        credits_epoch: grown.credits,
        milli_points: points.ok_or(too_much("all points"))?,
        milli_points_epoch: grown.points,
        tokens: tokens.ok_or(too_much("all tokens"))?,
        tokens_epoch: grown.tokens,
        unallocated: unallocated.ok_or(too_much("all tokens"))?,
        unlinked,
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
    decode_leaves(&path, read(&path)?, manifest.epoch.pool)
}

fn decode_leaves(
    path: &Path,
    bytes: Vec<u8>,
    pool: [u8; 32],
) -> Result<Vec<RewardLeaf>, EpochError> {
    let mut leaves = Vec::new();
    decode_table(path, bytes.into(), FIELDS, |rows| {
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
                pool,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payee::Payees;

    fn member(owner: u8, tokens: u64, milli_points: u64, credits: u64) -> Member {
        Member {
            owner: [owner; 32],
            tokens: Tokens::new(tokens),
            points: MilliPoints::new(milli_points),
            credits: Credits::new(credits),
        }
    }

    fn seats(members: &[Member], vacant: &[usize]) -> Seats {
        Seats {
            members: members.to_vec(),
            vacant: vacant.iter().copied().collect(),
        }
    }

    /// Points, tokens and credits of each.
    fn entering(earned: &[(u8, u64, u64, u64)]) -> BTreeMap<Wallet, Amounts> {
        let wallets = earned.iter().map(|(owner, ..)| [*owner; 32]).collect();
        let payees = Payees::new(wallets, &[]);
        let each = earned.iter().map(|(owner, points, tokens, credits)| {
            let sum = amounts(*points, *tokens, *credits);
            (payees.wallet(&[*owner; 32]).unwrap(), sum)
        });
        each.collect()
    }

    fn amounts(points: u64, tokens: u64, credits: u64) -> Amounts {
        Amounts {
            points: MilliPoints::new(points),
            tokens: Tokens::new(tokens),
            credits: Credits::new(credits),
        }
    }

    fn pots(unallocated: &[u64]) -> Vec<PotEntry> {
        let pots = unallocated.iter().map(|unallocated| PotEntry {
            allocated: Tokens::ZERO,
            emission: Tokens::new(*unallocated),
            floor_milli_points: MilliPoints::ZERO,
            milli_points: MilliPoints::ZERO,
            name: "pot".to_owned(),
            unallocated: Tokens::new(*unallocated),
        });
        pots.collect()
    }

    #[test]
    fn members_keep_their_index_and_newcomers_take_free_ones_first() {
        let carried = [member(5, 10, 20, 7), member(0, 0, 0, 0), member(3, 1, 2, 3)];
        let earned = [(1, 100, 1_000, 0), (2, 200, 2_000, 8), (5, 500, 5_000, 3)];
        let members = credit(seats(&carried, &[1]), &entering(&earned)).unwrap();
        let expected = [
            member(5, 5_010, 520, 10),
            member(1, 1_000, 100, 0),
            member(3, 1, 2, 3),
            member(2, 2_000, 200, 8),
        ];
        assert_eq!(members, expected);
    }

    #[test]
    fn a_member_that_stands_twice_is_refused_and_so_is_a_sum_beyond_64_bits() {
        let twice = [member(5, 10, 20, 0), member(5, 1, 2, 0)];
        let refused = credit(seats(&twice, &[]), &entering(&[]));
        assert!(matches!(refused, Err(EpochError::Decisions(_))));
        let full = [
            member(5, u64::MAX, 0, 0),
            member(5, 0, u64::MAX, 0),
            member(5, 0, 0, u64::MAX),
        ];
        for full in full {
            let refused = credit(seats(&[full], &[]), &entering(&[(5, 1, 1, 1)]));
            assert!(matches!(refused, Err(EpochError::Overflow { .. })));
        }
    }

    #[test]
    fn a_tree_has_one_leaf_at_least_and_as_many_as_proofs_reach() {
        let most = u64::from(MAX_LEAVES);
        assert!(matches!(
            credit(Seats::default(), &entering(&[])),
            Err(EpochError::NoMembers)
        ));
        assert!(check_count(1).is_ok() && check_count(most).is_ok());
        let refused = check_count(most + 1);
        assert!(matches!(refused, Err(EpochError::TooManyMembers { count }) if count == most + 1));
    }

    #[test]
    fn totals_are_of_all_members_and_of_this_epoch() {
        let members = [member(1, 10, 20, 30), member(2, 1, 2, 3)];
        let sums = totals(
            &members,
            &entering(&[(1, 5, 6, 7), (2, 1, 2, 0)]),
            (amounts(1, 2, 3), amounts(4, 5, 6)),
            &pots(&[40, 2]),
        )
        .unwrap();
        let expected = Totals {
            arrears: amounts(1, 2, 3),
            unlinked: amounts(4, 5, 6),
            credits: Credits::new(33),
            credits_epoch: Credits::new(7),
            milli_points: MilliPoints::new(22),
            milli_points_epoch: MilliPoints::new(6),
            tokens: Tokens::new(11),
            tokens_epoch: Tokens::new(8),
            unallocated: Tokens::new(42),
        };
        assert_eq!(sums, expected);
        let most = member(3, u64::MAX, 0, 0);
        let none = (Amounts::default(), Amounts::default());
        let refused = totals(&[members[0], most], &entering(&[]), none, &[]);
        assert!(matches!(refused, Err(EpochError::Overflow { .. })));
    }

    #[test]
    fn leaves_are_read_as_they_were_written_and_only_in_order() {
        let (pool, path) = ([9; 32], Path::new("leaves.parquet"));
        let made = leaves(&pool, &[member(7, 10, 20, 30), member(2, 1, 2, 3)]);
        assert_eq!((made[1].index, made[1].owner), (LeafIndex::new(1), [2; 32]));
        let written = encode_leaves(path, &made).unwrap();
        assert_eq!(decode_leaves(path, written, pool).unwrap(), made);
        let gap = encode_leaves(path, &made[1..]).unwrap();
        let refused = decode_leaves(path, gap, pool);
        assert!(
            matches!(refused, Err(EpochError::Row { .. })),
            "{refused:?}"
        );
    }
}
