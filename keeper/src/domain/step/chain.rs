//! What the chain shows of an epoch, in the domain's terms, and what this keeper would have it show.

use cairn_merkle::{EpochNumber, Node};

use super::super::summary::Summary;

/// The content this keeper stands for: derived from its own verified files, never from the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub manifest_hash: [u8; 32],
    /// What its manifest says in the fields that the chain has too.
    pub says: Summary,
    /// The 2^c nodes at the top, left to right.
    pub canopy: Vec<Node>,
}

impl Content {
    /// The tree's root.
    #[must_use]
    pub const fn root(&self) -> Node {
        Node::new(self.says.root, self.says.tokens)
    }
}

/// Life of an epoch on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Proposed,
    Attested,
    Active,
    Superseded,
    Vetoed,
    /// Was active and was taken back.
    Revoked,
}

/// The epoch account as fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainEpoch {
    pub status: Status,
    pub attempt: u32,
    pub manifest_hash: [u8; 32],
    /// What was proposed besides.
    pub says: Summary,
    /// The nodes stored so far, from the left: the program takes parts in order.
    pub canopy: Vec<Node>,
    pub canopy_complete: bool,
    /// Attestations of keepers that are keepers now.
    pub attestations: usize,
    /// Whether this keeper is among them.
    pub attested_by_me: bool,
    /// Whether this keeper proposed it: only the proposer may complete the canopy.
    pub proposed_by_me: bool,
    /// Attestations it needs: the higher of the thresholds at its proposal and now.
    pub threshold: usize,
    /// First second at which it may become active; while it is not complete, the earliest there can be.
    pub activatable_at: i64,
    /// Challenges that nobody answered yet: none may be open when it becomes active.
    pub open_challenges: u32,
}

/// What the chain shows at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The chain's clock, unix seconds.
    pub now: i64,
    /// One above the pool's active epoch: the only number that can be proposed or pending.
    pub next_epoch: EpochNumber,
    /// Stops activation, not proposals and attestations.
    pub paused: bool,
    pub i_am_keeper: bool,
    /// Until when this keeper may not propose, because its last proposal was vetoed; `None` when it may.
    pub i_rest_until: Option<i64>,
    /// The epoch that was revoked and whose correction is due; `None` when none is.
    pub revoked: Option<EpochNumber>,
    pub number: EpochNumber,
    /// `None` while nobody proposed this number.
    pub epoch: Option<ChainEpoch>,
}
