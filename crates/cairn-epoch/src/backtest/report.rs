//! What a backtest comes to.

use cairn_merkle::{Credits, EpochNumber, MilliPoints, Tokens};
use cairn_proof::{Kind, Reason};

/// Something as it was, and as it would have been under the proposed rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sides<T> {
    pub before: T,
    pub after: T,
}

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

impl Side {
    pub const BOTH: [Self; 2] = [Self::Before, Self::After];
}

impl<T> Sides<T> {
    pub(super) const fn at(&self, side: Side) -> &T {
        match side {
            Side::Before => &self.before,
            Side::After => &self.after,
        }
    }

    pub(super) const fn at_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Before => &mut self.before,
            Side::After => &mut self.after,
        }
    }
}

/// Proposed rules over a run of epochs. The same epochs' files and the same rules lead to the same report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BacktestReport {
    pub pool: [u8; 32],
    /// Hash of the proposed rules as they were run over the last epoch: with its terms and version where the proposal has none
    /// of its own.
    pub ruleset_hash: [u8; 32],
    /// Whether calendar, emission, streams and tasks are the epochs' own, because the proposal names none.
    pub terms_are_the_epochs: bool,
    /// The proposal's own version, where proofs were signed for another: it was run under theirs.
    pub version: Option<u16>,
    /// In order, without a gap.
    pub epochs: Vec<EpochBacktest>,
    pub totals: Sides<BacktestSums>,
    /// By kind; bytes that are no proof first.
    pub kinds: Vec<KindChange>,
    /// Proofs that are decided otherwise, the most frequent change first.
    pub reasons: Vec<ReasonChange>,
    /// By class of the device that a proof is about; those about none first.
    pub classes: Vec<GroupChange<Option<u8>>>,
    /// By country of that device, as the registry has it: ISO 3166-1 alpha-2, empty for one that tells none or is none.
    pub countries: Vec<GroupChange<String>>,
    /// Everybody who earned something on either side, the most affected first: by tokens, then points, then key.
    pub owners: Vec<OwnerChange>,
    /// Ten parts of them, as many in each, who got least before first.
    pub deciles: Vec<Decile>,
}

/// One epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochBacktest {
    pub epoch: EpochNumber,
    /// Proofs that came in.
    pub received: u64,
    pub accepted: Sides<u64>,
    pub points: Sides<MilliPoints>,
    /// Given to members.
    pub tokens: Sides<Tokens>,
    /// Whether the published manifest came out again, byte for byte.
    pub is_as_published: bool,
    /// Whether it is a correction, what was taken under a revoked root left out of both sides.
    pub is_correction: bool,
}

/// Sums over all epochs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BacktestSums {
    pub accepted: u64,
    pub rejected: u64,
    /// Earned by proofs.
    pub points: MilliPoints,
    pub credits: Credits,
    pub emission: Tokens,
    pub tokens: Tokens,
    pub unallocated: Tokens,
    /// After the last epoch.
    pub members: u64,
    /// People who earned something and are no members after the last epoch.
    pub waiting: u64,
}

/// What proofs of a kind come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindChange {
    /// None for bytes that are no proof.
    pub kind: Option<Kind>,
    pub received: u64,
    pub accepted: Sides<u64>,
    pub points: Sides<MilliPoints>,
    pub credits: Sides<Credits>,
}

/// Proofs of a kind that have one reason under one ruleset and another under the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonChange {
    pub kind: Option<Kind>,
    pub before: Reason,
    pub after: Reason,
    pub proofs: u64,
}

/// What proofs about some devices come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupChange<K> {
    pub group: K,
    pub accepted: Sides<u64>,
    /// Of everybody whom they paid.
    pub points: Sides<MilliPoints>,
    /// What those points are worth at the rates of their epochs' pots, rounded down for each pot and epoch. Whoever is no member
    /// yet is given it later.
    pub worth: Sides<Tokens>,
}

/// One who earned something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnerChange {
    pub owner: [u8; 32],
    /// Earned by proofs.
    pub points: Sides<MilliPoints>,
    /// What their leaf grew by.
    pub tokens: Sides<Tokens>,
    pub credits: Sides<Credits>,
}

/// A tenth of those who earned something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decile {
    pub owners: u64,
    pub points: Sides<MilliPoints>,
    pub tokens: Sides<Tokens>,
    /// Who would get more, and less, tokens.
    pub winners: u64,
    pub losers: u64,
}
