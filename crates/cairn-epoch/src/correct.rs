//! What a correction makes good: what was taken under the root that it replaces. The pages of a pool count by index and for life,
//! so what somebody else was paid at a member's index would be missing from that member's payout for ever.
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

use std::collections::{BTreeMap, HashSet, VecDeque};

use cairn_merkle::{Credits, MilliPoints, Tokens};
use sha2::{Digest, Sha256};

use crate::EpochError;
use crate::amounts::Amounts;
use crate::input::Taken;
use crate::state::Member;

const NOBODY_TAG: &[u8] = b"cairn/nobody/1";

/// Members before an epoch's earnings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seats {
    /// By index.
    pub members: Vec<Member>,
    /// Indices that nobody has yet, ascending: newcomers come in there first.
    pub vacant: VecDeque<usize>,
}

/// The members carried in, and an index for everybody whom the revoked root paid beyond them: what was paid there is counted
/// there, so whoever is given that index later would be short of it. Who has an index already is given no second one, and what is no wallet
/// is given none: a later epoch would pay it there, and nobody could claim it.
pub(crate) fn seat(
    pool: &[u8; 32],
    carried: &[Member],
    taken: &[Taken],
    is_wallet: impl Fn(&[u8; 32]) -> bool,
) -> Seats {
    let mut members = carried.to_vec();
    let mut vacant = VecDeque::new();
    let mut owners: HashSet<[u8; 32]> = members.iter().map(|member| member.owner).collect();
    for row in taken {
        let at = usize::try_from(row.index.get()).unwrap_or(usize::MAX);
        while members.len() < at {
            vacant.push_back(members.len());
            members.push(member(nobody(pool, members.len())));
        }
        if members.len() == at {
            let is_new = is_wallet(&row.owner) && owners.insert(row.owner);
            members.push(member(if is_new { row.owner } else { nobody(pool, at) }));
        }
    }
    Seats { members, vacant }
}

/// Counts what was taken. Of whoever took it at an index that is theirs it is a part of what they earned, and stays theirs where
/// it is more; at an index that is another's it comes on top, so that this member is paid what they earned. Returns what members were
/// paid beyond their leaves at an index of their own, by their keys.
///
/// # Errors
/// [`EpochError::Overflow`].
pub(crate) fn make_good(
    members: &mut [Member],
    taken: &[Taken],
) -> Result<BTreeMap<[u8; 32], Amounts>, EpochError> {
    let too_much = |what| EpochError::Overflow { what };
    let mut beyond = BTreeMap::new();
    for row in taken {
        let at = usize::try_from(row.index.get()).unwrap_or(usize::MAX);
        let Some(member) = members.get_mut(at) else {
            continue;
        };
        if member.owner == row.owner {
            let paid = Amounts {
                credits: row.credits_redeemed,
                points: row.points_burnt,
                tokens: row.tokens_claimed,
            };
            let leaf = Amounts {
                credits: member.credits,
                points: member.points,
                tokens: member.tokens,
            };
            beyond.insert(row.owner, paid.saturating_sub(leaf));
            member.tokens = member.tokens.max(row.tokens_claimed);
            member.points = member.points.max(row.points_burnt);
            member.credits = member.credits.max(row.credits_redeemed);
            continue;
        }
        member.tokens = member
            .tokens
            .checked_add(row.tokens)
            .ok_or(too_much("a member's cumulative tokens"))?;
        member.points = member
            .points
            .checked_add(row.points)
            .ok_or(too_much("a member's cumulative points"))?;
        member.credits = member
            .credits
            .checked_add(row.credits)
            .ok_or(too_much("a member's cumulative credits"))?;
    }
    Ok(beyond)
}

const fn member(owner: [u8; 32]) -> Member {
    Member {
        owner,
        tokens: Tokens::ZERO,
        points: MilliPoints::ZERO,
        credits: Credits::ZERO,
    }
}

/// An owner that is a hash and no key of anybody's, another for every index.
fn nobody(pool: &[u8; 32], index: usize) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(NOBODY_TAG);
    hash.update(pool);
    hash.update((index as u64).to_le_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use cairn_merkle::LeafIndex;
    use proptest::prelude::*;

    use super::*;

    const POOL: [u8; 32] = [9; 32];

    fn earned(owner: u8, tokens: u64) -> Member {
        Member {
            tokens: Tokens::new(tokens),
            ..member([owner; 32])
        }
    }

    fn paid(index: u32, owner: u8, tokens: u64, tokens_claimed: u64) -> Taken {
        Taken {
            index: LeafIndex::new(index),
            owner: [owner; 32],
            tokens: Tokens::new(tokens),
            tokens_claimed: Tokens::new(tokens_claimed),
            points: MilliPoints::ZERO,
            points_burnt: MilliPoints::ZERO,
            credits: Credits::ZERO,
            credits_redeemed: Credits::ZERO,
        }
    }

    #[test]
    fn what_others_were_paid_at_a_members_index_comes_on_top_and_their_own_payouts_do_not() {
        let carried = [earned(1, 100), earned(2, 100), earned(3, 100)];
        // A thief in the place of 1, who was paid 30 before; 2 paid its due; 3 paid more than it ever earned.
        let taken = [
            paid(0, 9, 50, 80),
            paid(1, 2, 70, 100),
            paid(2, 3, 400, 400),
        ];
        let mut seats = seat(&POOL, &carried, &taken, |_| true);
        assert_eq!(seats.members, carried);
        let beyond = make_good(&mut seats.members, &taken).unwrap();
        let tokens: Vec<u64> = seats.members.iter().map(|it| it.tokens.get()).collect();
        assert_eq!(tokens, [150, 100, 400]);
        let beyond = beyond.iter().map(|(owner, it)| (owner[0], it.tokens.get()));
        assert_eq!(beyond.collect::<Vec<_>>(), [(2, 0), (3, 300)]);
    }

    #[test]
    fn whoever_was_paid_beyond_the_members_keeps_the_index_and_gaps_are_for_newcomers() {
        let taken = [paid(2, 5, 7, 7), paid(4, 1, 9, 9), paid(5, 5, 8, 8)];
        let mut seats = seat(&POOL, &[earned(1, 100)], &taken, |_| true);
        assert_eq!(seats.vacant, [1, 3]);
        // 1 and 5 have an index already: what they took elsewhere is nobody's.
        let owners: Vec<[u8; 32]> = seats.members.iter().map(|it| it.owner).collect();
        assert_eq!((owners[0], owners[2]), ([1; 32], [5; 32]));
        let all: HashSet<_> = owners.iter().collect();
        assert_eq!(all.len(), 6);
        make_good(&mut seats.members, &taken).unwrap();
        let tokens: Vec<u64> = seats.members.iter().map(|it| it.tokens.get()).collect();
        assert_eq!(tokens, [100, 0, 7, 0, 9, 8]);
    }

    #[test]
    fn what_is_no_wallet_has_no_index_that_it_could_be_paid_at_later() {
        let taken = [paid(1, 5, 7, 7)];
        let seats = seat(&POOL, &[earned(1, 100)], &taken, |key| *key != [5; 32]);
        assert_eq!(seats.members.len(), 2);
        assert!(seats.members.iter().all(|member| member.owner != [5; 32]));
    }

    #[test]
    fn nothing_wraps_around() {
        let taken = [paid(0, 9, u64::MAX, u64::MAX)];
        let mut members = [earned(1, 1)];
        let refused = make_good(&mut members, &taken);
        assert!(matches!(refused, Err(EpochError::Overflow { .. })));
    }

    proptest! {
        /// Whatever a forged root paid to whom: nothing that is counted at an index is missing from its leaf, and every member is
        /// paid what they earned.
        #[test]
        fn every_leaf_covers_what_is_counted_and_every_member_gets_what_they_earned(
            members in prop::collection::vec((0..1_000_u64, 0..=100_u64), 1..8),
            rows in prop::collection::btree_map(0..14_u32, (1..12_u8, 1..2_000_u64), 0..8),
        ) {
            let carried: Vec<Member> = (1..)
                .zip(&members)
                .map(|(owner, (tokens, _))| earned(owner, *tokens))
                .collect();
            // What was paid under roots before, at most what was earned.
            let before = |at: u32| {
                members
                    .get(at as usize)
                    .map_or(0, |(tokens, percent)| tokens * percent / 100)
            };
            let taken: Vec<Taken> = rows
                .iter()
                .map(|(at, (owner, tokens))| paid(*at, *owner, *tokens, before(*at) + tokens))
                .collect();
            let mut seats = seat(&POOL, &carried, &taken, |_| true);
            make_good(&mut seats.members, &taken).unwrap();
            let counted = |at: u32| before(at) + rows.get(&at).map_or(0, |(_, tokens)| *tokens);
            for (at, member) in (0..).zip(&seats.members) {
                prop_assert!(member.tokens.get() >= counted(at), "index {}", at);
            }
            prop_assert!(rows.keys().all(|at| (*at as usize) < seats.members.len()));
            for (at, member) in (0..).zip(&carried) {
                let own = rows.get(&at).filter(|(owner, _)| [*owner; 32] == member.owner);
                let had = before(at) + own.map_or(0, |(_, tokens)| *tokens);
                let gets = had + seats.members[at as usize].tokens.get() - counted(at);
                prop_assert_eq!(gets, member.tokens.get().max(had), "index {}", at);
            }
            let owners: HashSet<_> = seats.members.iter().map(|member| member.owner).collect();
            prop_assert_eq!(owners.len(), seats.members.len());
        }
    }
}
