//! What of an epoch's earnings, and of what is owed from before, enters leaves now; and what waits for a wallet, or for room.
//!
//! Whatever was allotted to an identity without a wallet, linked later, or owed since before the pool, is allotted once and for all: it
//! only stands elsewhere until it stands in a leaf. So over all epochs leaves, unlinked, arrears and what nobody was given are the emission
//! and the genesis together, exactly. Leaves grow by no more than the epoch's own and what the ruleset announces beside it, so that
//! the pool's caps hold whoever comes with a link.
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

use cairn_merkle::{Credits, EpochNumber, MAX_LEAVES, MilliPoints, Tokens};

use crate::EpochError;
use crate::amounts::Amounts;
use crate::input::Grant;
use crate::payee::{Payee, Payees, Wallet};
use crate::state::{Arrear, Member, Unlinked};

/// What is owed from before the epoch.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Owed<'a> {
    /// By identity.
    pub unlinked: &'a [Unlinked],
    /// By epoch and owner.
    pub arrears: &'a [Arrear],
    /// In the first epoch what people already held.
    pub genesis: &'a [Grant],
}

/// Where everything stands after the epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entered {
    /// What leaves grow by.
    pub entering: BTreeMap<Wallet, Amounts>,
    /// By identity.
    pub unlinked: Vec<Unlinked>,
    /// By epoch and owner.
    pub arrears: Vec<Arrear>,
}

/// How much more may enter leaves. Both parts have 64 bits, their sum may not.
#[derive(Clone, Copy, Debug)]
struct Rooms {
    credits: u128,
    points: u128,
    tokens: u128,
}

impl Rooms {
    /// What of the epoch's `own` did not enter a leaf, and what is announced beside it.
    fn of(own: Amounts, entered: Amounts, announced: Amounts) -> Self {
        let left = own.saturating_sub(entered);
        let both = |left: u64, announced: u64| u128::from(left).saturating_add(announced.into());
        Self {
            credits: both(left.credits.get(), announced.credits.get()),
            points: both(left.points.get(), announced.points.get()),
            tokens: both(left.tokens.get(), announced.tokens.get()),
        }
    }

    const fn is_empty(&self) -> bool {
        self.credits == 0 && self.points == 0 && self.tokens == 0
    }

    /// As much of `wanted` as there is room for.
    fn fits(&self, wanted: Amounts) -> Amounts {
        let most = |room: u128| u64::try_from(room).unwrap_or(u64::MAX);
        wanted.min(Amounts {
            credits: Credits::new(most(self.credits)),
            points: MilliPoints::new(most(self.points)),
            tokens: Tokens::new(most(self.tokens)),
        })
    }

    fn take(&mut self, taken: Amounts) {
        self.credits = self.credits.saturating_sub(taken.credits.get().into());
        self.points = self.points.saturating_sub(taken.points.get().into());
        self.tokens = self.tokens.saturating_sub(taken.tokens.get().into());
    }
}

/// Seats in the tree: members have theirs, others come in as long as there are some.
struct Places {
    members: HashSet<[u8; 32]>,
    free: u32,
}

impl Places {
    fn of(seated: &[Member], leaves: u32) -> Self {
        let taken = u32::try_from(seated.len()).unwrap_or(u32::MAX);
        Self {
            members: seated.iter().map(|member| member.owner).collect(),
            free: leaves.saturating_sub(taken),
        }
    }

    /// Whether `wallet` has a leaf, or gets one now.
    fn seat(&mut self, wallet: Wallet) -> bool {
        if self.members.contains(&wallet.key()) {
            return true;
        }
        let is_free = self.free > 0;
        if is_free {
            self.free = self.free.saturating_sub(1);
            self.members.insert(wallet.key());
        }
        is_free
    }
}

/// Sorts `earned`, by the key that it is counted under, and what is owed from before. `own` is what the epoch has to give, `announced` what
/// may enter beside it.
///
/// # Errors
/// [`EpochError::Overflow`].
pub(crate) fn enter(
    epoch: EpochNumber,
    (own, announced): (Amounts, Amounts),
    payees: &Payees<'_>,
    seated: &[Member],
    earned: &BTreeMap<[u8; 32], Amounts>,
    owed: Owed<'_>,
) -> Result<Entered, EpochError> {
    enter_into(
        MAX_LEAVES,
        epoch,
        (own, announced),
        payees,
        seated,
        earned,
        owed,
    )
}

/// As [`enter`], into a tree of so many leaves.
fn enter_into(
    leaves: u32,
    epoch: EpochNumber,
    (own, announced): (Amounts, Amounts),
    payees: &Payees<'_>,
    seated: &[Member],
    earned: &BTreeMap<[u8; 32], Amounts>,
    owed: Owed<'_>,
) -> Result<Entered, EpochError> {
    let mut places = Places::of(seated, leaves);
    let mut entered = Entered::default();
    let mut kept: BTreeMap<[u8; 32], Amounts> = BTreeMap::new();
    let mut queue = owed.arrears.to_vec();
    let owe = |queue: &mut Vec<Arrear>, wallet: Wallet, amounts: Amounts| {
        if !amounts.is_zero() {
            queue.push(Arrear {
                epoch,
                owner: wallet.key(),
                amounts,
            });
        }
    };
    for (key, amounts) in earned {
        match payees.payee(key) {
            Payee::Unlinked(identity) => {
                kept.insert(identity, *amounts);
            }
            Payee::Wallet(wallet) if places.seat(wallet) => {
                entered.entering.insert(wallet, *amounts);
            }
            // Every leaf is taken: it is owed, and nothing fails.
            Payee::Wallet(wallet) => owe(&mut queue, wallet, *amounts),
        }
    }
    let before = owed.unlinked.iter().map(|row| (row.identity, row.amounts));
    let genesis = owed.genesis.iter().map(|row| (row.owner, row.amounts));
    for (key, amounts) in before.chain(genesis) {
        match payees.payee(&key) {
            Payee::Wallet(wallet) => owe(&mut queue, wallet, amounts),
            Payee::Unlinked(identity) => kept
                .entry(identity)
                .or_default()
                .add(amounts, "what an identity was given")?,
        }
    }
    let own_entered = Amounts::sum(
        entered.entering.values().copied(),
        "what leaves grow by in an epoch",
    )?;
    let mut rooms = Rooms::of(own, own_entered, announced);
    let mut queue = merged(queue)?;
    for row in &mut queue {
        if rooms.is_empty() {
            break;
        }
        let part = rooms.fits(row.amounts);
        let Some(wallet) = payees.wallet(&row.owner) else {
            continue;
        };
        if part.is_zero() || !places.seat(wallet) {
            continue;
        }
        rooms.take(part);
        row.amounts = row.amounts.saturating_sub(part);
        let leaf = entered.entering.entry(wallet).or_default();
        leaf.add(part, "what a leaf grows by")?;
    }
    queue.retain(|row| !row.amounts.is_zero());
    entered.arrears = queue;
    let rows = kept.into_iter();
    entered.unlinked = rows
        .map(|(identity, amounts)| Unlinked { identity, amounts })
        .collect();
    Ok(entered)
}

/// The rows in their order, those of one epoch and owner together.
fn merged(mut rows: Vec<Arrear>) -> Result<Vec<Arrear>, EpochError> {
    rows.sort_by_key(Arrear::place);
    let mut merged: Vec<Arrear> = Vec::with_capacity(rows.len());
    for row in rows {
        match merged.last_mut().filter(|last| last.place() == row.place()) {
            Some(last) => last.amounts.add(row.amounts, "what a wallet is owed")?,
            None => merged.push(row),
        }
    }
    Ok(merged)
}

/// Takes what members were paid beyond their leaves, under a root that was revoked, off what they are still owed: it would be paid
/// twice.
pub(crate) fn set_off(arrears: &mut Vec<Arrear>, mut paid: BTreeMap<[u8; 32], Amounts>) {
    for row in arrears.iter_mut() {
        if let Some(left) = paid.get_mut(&row.owner) {
            let part = row.amounts.min(*left);
            row.amounts = row.amounts.saturating_sub(part);
            *left = left.saturating_sub(part);
        }
    }
    arrears.retain(|row| !row.amounts.is_zero());
}

#[cfg(test)]
mod tests;
