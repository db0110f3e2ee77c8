//! What a decision can be: one transaction, a wait, a refusal, or nothing.

use super::super::summary::Differences;
use crate::text::instant;
use cairn_merkle::EpochNumber;

/// One transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Propose {
        attempt: u32,
    },
    /// Nodes `offset .. offset + len` of the canopy.
    PutCanopy {
        attempt: u32,
        offset: u8,
        len: u8,
    },
    Attest {
        attempt: u32,
    },
    Activate {
        attempt: u32,
    },
}

impl Action {
    #[must_use]
    pub const fn attempt(self) -> u32 {
        match self {
            Self::Propose { attempt }
            | Self::PutCanopy { attempt, .. }
            | Self::Attest { attempt }
            | Self::Activate { attempt } => attempt,
        }
    }
}

impl std::fmt::Display for Action {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Propose { .. } => f.write_str("propose the epoch"),
            Self::PutCanopy { offset, len, .. } => {
                let end = offset.saturating_add(*len);
                write!(f, "put canopy nodes {offset}..{end}")
            }
            Self::Attest { .. } => f.write_str("attest the epoch"),
            Self::Activate { .. } => f.write_str("activate the epoch"),
        }
    }
}

/// Why the goal waits. Asking again later can help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wait {
    #[error("epoch {number} is not proposed yet")]
    NotProposed { number: EpochNumber },
    #[error("epoch {number} waits for its proposer to put the whole canopy")]
    CanopyIncomplete { number: EpochNumber },
    #[error("epoch {number} has {have} of {need} attestations")]
    Attestations {
        number: EpochNumber,
        have: usize,
        need: usize,
    },
    #[error(
        "epoch {number} can become active at unix second {at}, in {secs} s by the chain's clock"
    )]
    Window {
        number: EpochNumber,
        at: i64,
        secs: i64,
    },
    #[error("epoch {number} comes after epoch {next}, which is not proposed yet")]
    NotYet {
        number: EpochNumber,
        next: EpochNumber,
    },
    #[error("the pool is paused")]
    Paused,
    #[error(
        "epoch {number} has {open} open challenges, which anybody who has the leaves can answer"
    )]
    Challenged { number: EpochNumber, open: u32 },
    #[error(
        "this keeper's proposal of epoch {number} was vetoed: another proposes, or it again at {}", instant(*at)
    )]
    Resting { number: EpochNumber, at: i64 },
    #[error(
        "epoch {number} ends at {} and waits for late evidence until {}; the chain's clock shows {}",
        instant(*ends), instant(*closable), instant(*now)
    )]
    NotOver {
        number: EpochNumber,
        /// Unix seconds.
        ends: i64,
        /// Unix seconds.
        closable: i64,
        /// Unix seconds.
        now: i64,
    },
    #[error("nobody has earned anything by the evidence of epoch {number}: it goes on collecting")]
    NobodyEarned { number: EpochNumber },
    #[error("epoch {number} was vetoed; it may be proposed again")]
    Vetoed { number: EpochNumber },
    #[error(
        "epoch {revoked} was revoked, and epoch {number} is its correction: admin and guardian sign its proposal too"
    )]
    Correction {
        number: EpochNumber,
        revoked: EpochNumber,
    },
}

impl Wait {
    /// The same without what changes from one second to the next: two of them tell a person the same.
    #[must_use]
    pub const fn timeless(self) -> Self {
        match self {
            Self::Window { number, at, .. } => Self::Window {
                number,
                at,
                secs: 0,
            },
            Self::NotOver {
                number,
                ends,
                closable,
                ..
            } => Self::NotOver {
                number,
                ends,
                closable,
                now: 0,
            },
            other => other,
        }
    }
}

/// Why the goal is refused for good.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("this key is not among the pool's keepers")]
    NotAKeeper,
    #[error(
        "epoch {number} stands on chain with manifest {on_chain}, this keeper's is {mine}{differs}"
    )]
    OtherManifest {
        number: EpochNumber,
        on_chain: String,
        mine: String,
        /// In what, as far as the chain tells.
        differs: Differences,
    },
    #[error(
        "epoch {number} stands on chain, and by this keeper's own evidence nobody earned anything in it"
    )]
    NothingDerived { number: EpochNumber },
    #[error(
        "epoch {number} stands on chain with this keeper's manifest and other figures{differs}"
    )]
    OtherFigures {
        number: EpochNumber,
        /// In what.
        differs: Differences,
    },
    #[error("epoch {number} was revoked: the next one is its correction")]
    Revoked { number: EpochNumber },
    #[error("epoch {number}'s canopy has more nodes than an epoch account holds")]
    CanopyTooLong { number: EpochNumber },
    #[error("epoch {number} was vetoed by the guardian")]
    Vetoed { number: EpochNumber },
    #[error("epoch {number} is past: the pool's next epoch is {next}")]
    Past {
        number: EpochNumber,
        next: EpochNumber,
    },
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Sign and submit this, then look again.
    Submit(Action),
    /// The chain shows less than what was already seen landing: the answer is stale or a fork was dropped.
    Recheck(Action),
    /// Nothing to do now.
    Wait(Wait),
    /// Nothing left to do.
    Done,
    Refuse(Refusal),
}
