//! Who becomes a member. A member is a leaf for life and there is room for 2^24 of them, so nobody becomes one by a share of
//! what keys that cost nothing are paid: it waits until it is as much as its pot asks for, and comes in with it. Data credits make a
//! member at once: a carrier pays for each of them, out of a budget. An identity without a wallet waits like anybody, and is given a share
//! like anybody: whoever shares with it gets no less or more when it is linked later. It needs no leaf.
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

use std::collections::{BTreeMap, HashSet};

use cairn_merkle::{Credits, MAX_LEAVES, MilliPoints};

use crate::EpochError;
use crate::decision::Decision;
use crate::payee::{Payee, Payees};
use crate::ruleset::Rulebook;
use crate::state::{Arrear, Member, Unlinked, Waiting};

/// Milli-points of one member, to be paid from one pot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pay {
    pub pot: u8,
    pub stream: u32,
    pub owner: [u8; 32],
    pub milli_points: MilliPoints,
}

/// What an epoch's points come to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Admission {
    /// To members, those who become one in this epoch among them; by the key that each is counted under.
    pub paid: Vec<Pay>,
    /// Data credits of the same, ascending by owner.
    pub granted: Vec<([u8; 32], Credits)>,
    /// What goes on waiting, by owner, pot and stream.
    pub waiting: Vec<Waiting>,
}

/// What waits for one owner.
#[derive(Debug, Default)]
struct Parts {
    /// By pot and stream.
    points: BTreeMap<(u8, u32), MilliPoints>,
    credits: Credits,
}

/// Tells members' points from those that go on waiting.
///
/// What waited is divided in the epoch that its owner becomes a member in, among everybody's points of that epoch: an epoch
/// never gives out more than its emission. When every leaf is taken, people wait; nothing fails.
///
/// # Errors
/// [`EpochError::Overflow`].
pub(crate) fn admit(
    rulebook: &Rulebook,
    payees: &Payees<'_>,
    known: Known<'_>,
    waited: &[Waiting],
    decisions: &[Decision],
) -> Result<Admission, EpochError> {
    // What a ruleset no longer divides nobody can be paid from: it is forgotten, like memory that is declared no longer. Credits
    // are divided by none.
    let waits = |row: &&Waiting| row.pot == 0 || rulebook.divides(row.pot, row.stream);
    let key = |beneficiary: &[u8; 32]| payees.payee(beneficiary).key();
    let waited = waited.iter().filter(waits).map(|row| Waiting {
        owner: key(&row.owner),
        ..*row
    });
    let earned = earned(decisions).map(|pay| Pay {
        owner: key(&pay.owner),
        ..pay
    });
    let granted = granted(decisions).map(|(owner, credits)| (key(&owner), credits));
    let members = known.members(payees);
    let needs_leaf = |key: &[u8; 32]| matches!(payees.payee(key), Payee::Wallet(_));
    let wallets = members.iter().filter(|key| needs_leaf(key)).count();
    let rules = Rules {
        makes_member: |pot, milli_points| rulebook.makes_member(pot, milli_points),
        needs_leaf,
        room: MAX_LEAVES.saturating_sub(u32::try_from(wallets).unwrap_or(u32::MAX)),
    };
    sort_out(&rules, &members, waited, earned, granted)
}

/// Who was let in before: nothing of theirs waits here.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known<'a> {
    pub members: &'a [Member],
    /// Identities that would be, had they a wallet.
    pub unlinked: &'a [Unlinked],
    /// Wallets whose leaf has waited for room, or whose identity was let in.
    pub arrears: &'a [Arrear],
}

impl Known<'_> {
    /// The keys that they are counted under.
    fn members(&self, payees: &Payees<'_>) -> HashSet<[u8; 32]> {
        let unlinked = self.unlinked.iter();
        let unlinked = unlinked.map(|row| payees.payee(&row.identity).key());
        let arrears = self.arrears.iter().map(|row| row.owner);
        let members = self.members.iter().map(|member| member.owner);
        members.chain(unlinked).chain(arrears).collect()
    }
}

/// Who comes in.
struct Rules<M, L> {
    /// Whether so many milli-points of a pot make a member.
    makes_member: M,
    /// Whether a key is a wallet's.
    needs_leaf: L,
    /// Leaves that there are still.
    room: u32,
}

/// The points that decisions give, each row above 0.
fn earned(decisions: &[Decision]) -> impl Iterator<Item = Pay> {
    let first = decisions.iter().filter_map(|decision| {
        (decision.milli_points > MilliPoints::ZERO).then_some(Pay {
            pot: decision.pot,
            stream: decision.stream,
            owner: decision.beneficiary?,
            milli_points: decision.milli_points,
        })
    });
    let second = decisions.iter().filter_map(|decision| {
        let also = decision.also?;
        Some(Pay {
            pot: also.pot,
            stream: 0,
            owner: also.beneficiary,
            milli_points: also.milli_points,
        })
    });
    first.chain(second)
}

/// The data credits that decisions give, each row above 0.
fn granted(decisions: &[Decision]) -> impl Iterator<Item = ([u8; 32], Credits)> {
    decisions.iter().filter_map(|decision| {
        let credits = decision.credits;
        (credits > Credits::ZERO).then_some((decision.beneficiary?, credits))
    })
}

/// As [`admit`], of keys that each is counted under.
fn sort_out(
    rules: &Rules<impl Fn(u8, MilliPoints) -> bool, impl Fn(&[u8; 32]) -> bool>,
    members: &HashSet<[u8; 32]>,
    waited: impl Iterator<Item = Waiting>,
    earned: impl Iterator<Item = Pay>,
    granted: impl Iterator<Item = ([u8; 32], Credits)>,
) -> Result<Admission, EpochError> {
    let (credits, points): (Vec<Waiting>, Vec<Waiting>) = waited.partition(|row| row.pot == 0);
    let granted = credits
        .into_iter()
        .map(|row| (row.owner, row.credits))
        .chain(granted);
    let waited = points.into_iter().map(|row| Pay {
        pot: row.pot,
        stream: row.stream,
        owner: row.owner,
        milli_points: row.milli_points,
    });
    // Of members nothing waits, but of whom a correction made one.
    let (mut paid, news): (Vec<Pay>, Vec<Pay>) = waited
        .chain(earned)
        .partition(|pay| members.contains(&pay.owner));
    let mut others: BTreeMap<[u8; 32], Parts> = BTreeMap::new();
    for pay in news {
        let parts = others.entry(pay.owner).or_default();
        let sum = parts.points.entry((pay.pot, pay.stream)).or_default();
        *sum = sum
            .checked_add(pay.milli_points)
            .ok_or(EpochError::Overflow {
                what: "a member's points",
            })?;
    }
    let mut credited: BTreeMap<[u8; 32], Credits> = BTreeMap::new();
    for (owner, credits) in granted {
        let sum = if members.contains(&owner) {
            credited.entry(owner).or_default()
        } else {
            &mut others.entry(owner).or_default().credits
        };
        *sum = sum.checked_add(credits).ok_or(EpochError::Overflow {
            what: "a member's credits",
        })?;
    }
    let mut room = rules.room;
    let mut waiting = Vec::new();
    for (owner, parts) in others {
        let earns_it = parts.credits > Credits::ZERO
            || by_pot(&parts).any(|(pot, milli_points)| (rules.makes_member)(pot, milli_points));
        let needs_leaf = (rules.needs_leaf)(&owner);
        let is_admitted = earns_it && (room > 0 || !needs_leaf);
        room = room.saturating_sub(u32::from(is_admitted && needs_leaf));
        match parts.credits {
            Credits::ZERO => {}
            credits if is_admitted => {
                credited.insert(owner, credits);
            }
            credits => waiting.push(Waiting {
                owner,
                pot: 0,
                stream: 0,
                milli_points: MilliPoints::ZERO,
                credits,
            }),
        }
        for ((pot, stream), milli_points) in parts.points {
            if is_admitted {
                paid.push(Pay {
                    pot,
                    stream,
                    owner,
                    milli_points,
                });
            } else {
                waiting.push(Waiting {
                    owner,
                    pot,
                    stream,
                    milli_points,
                    credits: Credits::ZERO,
                });
            }
        }
    }
    Ok(Admission {
        paid,
        granted: credited.into_iter().collect(),
        waiting,
    })
}

/// The sum of each pot's streams. Compared, never paid: one beyond 64 bits saturates.
fn by_pot(parts: &Parts) -> impl Iterator<Item = (u8, MilliPoints)> {
    let mut sums: BTreeMap<u8, MilliPoints> = BTreeMap::new();
    for ((pot, _), part) in &parts.points {
        let sum = sums.entry(*pot).or_default();
        *sum = sum.saturating_add(*part);
    }
    sums.into_iter()
}

#[cfg(test)]
mod tests;
