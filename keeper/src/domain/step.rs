//! The next step of an epoch's way onto the chain, from what the chain shows and what the journal remembers. The chain
//! alone says what is done; the journal only says when the chain's answer can not be the newest one.

use cairn_merkle::Node;

use super::agenda::Differences;
use crate::text::instant;

/// Most canopy nodes one transaction carries beside keys, budget and signatures.
pub const CANOPY_PART: usize = 16;

/// What the keeper is asked to bring about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The epoch stands on chain with this keeper's content and a whole canopy.
    Propose,
    /// This keeper's word stands under the epoch.
    Attest,
    /// The epoch is active.
    Activate,
}

/// The content this keeper stands for: derived from its own verified files, never from the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub manifest_hash: [u8; 32],
    pub root: Node,
    /// The 2^c nodes at the top, left to right.
    pub canopy: Vec<Node>,
}

/// Life of an epoch on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Proposed,
    Attested,
    Active,
    Superseded,
    Vetoed,
}

/// The epoch account as fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainEpoch {
    pub status: Status,
    pub attempt: u16,
    pub manifest_hash: [u8; 32],
    pub root: Node,
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
    /// First second at which it may become active.
    pub activatable_at: i64,
}

/// What the chain shows at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The chain's clock, unix seconds.
    pub now: i64,
    /// One above the pool's active epoch: the only number that can be proposed or pending.
    pub next_epoch: u64,
    /// Stops activation, not proposals and attestations.
    pub paused: bool,
    pub i_am_keeper: bool,
    pub number: u64,
    /// `None` while nobody proposed this number.
    pub epoch: Option<ChainEpoch>,
}

/// One transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Propose {
        attempt: u16,
    },
    /// Nodes `offset .. offset + len` of the canopy.
    PutCanopy {
        attempt: u16,
        offset: u8,
        len: u8,
    },
    Attest {
        attempt: u16,
    },
    Activate {
        attempt: u16,
    },
}

impl Action {
    #[must_use]
    pub const fn attempt(self) -> u16 {
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
    NotProposed { number: u64 },
    #[error("epoch {number} waits for its proposer to put the whole canopy")]
    CanopyIncomplete { number: u64 },
    #[error("epoch {number} has {have} of {need} attestations")]
    Attestations {
        number: u64,
        have: usize,
        need: usize,
    },
    #[error(
        "epoch {number} can become active at unix second {at}, in {secs} s by the chain's clock"
    )]
    Window { number: u64, at: i64, secs: i64 },
    #[error("epoch {number} comes after epoch {next}, which is not proposed yet")]
    NotYet { number: u64, next: u64 },
    #[error("the pool is paused")]
    Paused,
    #[error(
        "epoch {number} ends at {} and waits for late evidence until {}; the chain's clock shows {}",
        instant(*ends), instant(*closable), instant(*now)
    )]
    NotOver {
        number: u64,
        /// Unix seconds.
        ends: i64,
        /// Unix seconds.
        closable: i64,
        /// Unix seconds.
        now: i64,
    },
    #[error("nobody has earned anything by the evidence of epoch {number}: it goes on collecting")]
    NobodyEarned { number: u64 },
    #[error("epoch {number} was vetoed; it may be proposed again")]
    Vetoed { number: u64 },
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
        number: u64,
        on_chain: String,
        mine: String,
        /// In what, as far as the chain tells.
        differs: Differences,
    },
    #[error(
        "epoch {number} stands on chain, and by this keeper's own evidence nobody earned anything in it"
    )]
    NothingDerived { number: u64 },
    #[error("epoch {number} stands on chain with another root or sum than this keeper's")]
    OtherRoot { number: u64 },
    #[error("epoch {number}'s canopy has more nodes than an epoch account holds")]
    CanopyTooLong { number: u64 },
    #[error("epoch {number} was vetoed by the guardian")]
    Vetoed { number: u64 },
    #[error("epoch {number} is past: the pool's next epoch is {next}")]
    Past { number: u64, next: u64 },
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

/// The next step towards `goal`. `landed` are this keeper's transactions for this epoch number that were seen landing.
#[must_use]
pub fn next(goal: Goal, chain: &Chain, content: &Content, landed: &[Action]) -> Step {
    if let Some(missing) = landed
        .iter()
        .find(|action| !shows(chain, content, **action))
    {
        return Step::Recheck(*missing);
    }
    match goal {
        Goal::Propose => propose(chain, content),
        Goal::Attest => attest(chain, content),
        Goal::Activate => activate(chain, content),
    }
}

/// Whether the chain shows what a landed action did, or something later that replaced it.
fn shows(chain: &Chain, content: &Content, action: Action) -> bool {
    let Some(epoch) = &chain.epoch else {
        return false;
    };
    if epoch.attempt != action.attempt() {
        return epoch.attempt > action.attempt();
    }
    match action {
        Action::Propose { .. } => true,
        Action::PutCanopy { offset, len, .. } => {
            // After a veto the content may have been derived anew: old nodes say nothing about it.
            let comparable = epoch.manifest_hash == content.manifest_hash;
            !comparable || epoch.canopy_complete || {
                let start = usize::from(offset);
                let end = start.saturating_add(usize::from(len));
                // A part that neither of them has is no part that is shown.
                let stored = epoch.canopy.get(start..end);
                stored.is_some() && stored == content.canopy.get(start..end)
            }
        }
        // A keeper that was removed and came back may have lost its word; only an epoch in the balance can tell.
        Action::Attest { .. } => {
            epoch.attested_by_me
                || !chain.i_am_keeper
                || !matches!(epoch.status, Status::Proposed | Status::Attested)
        }
        Action::Activate { .. } => matches!(epoch.status, Status::Active | Status::Superseded),
    }
}

fn propose(chain: &Chain, content: &Content) -> Step {
    let Some(epoch) = &chain.epoch else {
        return match before_first_proposal(chain) {
            Some(step) => step,
            None => Step::Submit(Action::Propose { attempt: 0 }),
        };
    };
    match epoch.status {
        Status::Vetoed if !chain.i_am_keeper => Step::Refuse(Refusal::NotAKeeper),
        Status::Vetoed => match epoch.attempt.checked_add(1) {
            Some(attempt) => Step::Submit(Action::Propose { attempt }),
            None => Step::Refuse(Refusal::Vetoed {
                number: chain.number,
            }),
        },
        Status::Proposed | Status::Attested if !epoch.canopy_complete => {
            if let Some(refusal) = differs(chain, epoch, content) {
                return Step::Refuse(refusal);
            }
            put_canopy(chain, epoch, content)
        }
        _ => match differs(chain, epoch, content) {
            Some(refusal) => Step::Refuse(refusal),
            None => Step::Done,
        },
    }
}

fn put_canopy(chain: &Chain, epoch: &ChainEpoch, content: &Content) -> Step {
    let number = chain.number;
    if !epoch.proposed_by_me {
        return Step::Wait(Wait::CanopyIncomplete { number });
    }
    if !chain.i_am_keeper {
        return Step::Refuse(Refusal::NotAKeeper);
    }
    // Other nodes than ours, or all of them without the fold that the last part triggers: start over, as the program
    // allows at offset 0.
    let stored = &epoch.canopy;
    let continues = stored.len() < content.canopy.len() && content.canopy.starts_with(stored);
    let offset = if continues { stored.len() } else { 0 };
    let len = content.canopy.len().saturating_sub(offset).min(CANOPY_PART);
    match (u8::try_from(offset), u8::try_from(len)) {
        (Ok(offset), Ok(len)) => Step::Submit(Action::PutCanopy {
            attempt: epoch.attempt,
            offset,
            len,
        }),
        _ => Step::Refuse(Refusal::CanopyTooLong { number }),
    }
}

fn attest(chain: &Chain, content: &Content) -> Step {
    let number = chain.number;
    let Some(epoch) = &chain.epoch else {
        return match before_first_proposal(chain) {
            Some(step @ Step::Refuse(_)) => step,
            _ => Step::Wait(Wait::NotProposed { number }),
        };
    };
    if epoch.status == Status::Vetoed {
        return Step::Refuse(Refusal::Vetoed { number });
    }
    if let Some(refusal) = differs(chain, epoch, content) {
        return Step::Refuse(refusal);
    }
    if epoch.attested_by_me || matches!(epoch.status, Status::Active | Status::Superseded) {
        return Step::Done;
    }
    if !chain.i_am_keeper {
        return Step::Refuse(Refusal::NotAKeeper);
    }
    Step::Submit(Action::Attest {
        attempt: epoch.attempt,
    })
}

fn activate(chain: &Chain, content: &Content) -> Step {
    let number = chain.number;
    let Some(epoch) = &chain.epoch else {
        return Step::Wait(Wait::NotProposed { number });
    };
    if let Some(refusal) = differs(chain, epoch, content) {
        return Step::Refuse(refusal);
    }
    match epoch.status {
        Status::Active | Status::Superseded => return Step::Done,
        Status::Vetoed => return Step::Refuse(Refusal::Vetoed { number }),
        Status::Proposed | Status::Attested => {}
    }
    if !epoch.canopy_complete {
        return Step::Wait(Wait::CanopyIncomplete { number });
    }
    // The status may be older than the pool's present keepers: the program counts again, and so does this.
    if epoch.attestations < epoch.threshold {
        return Step::Wait(Wait::Attestations {
            number,
            have: epoch.attestations,
            need: epoch.threshold,
        });
    }
    if chain.now < epoch.activatable_at {
        return Step::Wait(Wait::Window {
            number,
            at: epoch.activatable_at,
            secs: epoch.activatable_at.saturating_sub(chain.now),
        });
    }
    if chain.paused {
        return Step::Wait(Wait::Paused);
    }
    Step::Submit(Action::Activate {
        attempt: epoch.attempt,
    })
}

/// What stands against proposing a number that nobody proposed yet.
fn before_first_proposal(chain: &Chain) -> Option<Step> {
    let (number, next) = (chain.number, chain.next_epoch);
    if number < next {
        return Some(Step::Refuse(Refusal::Past { number, next }));
    }
    if number > next {
        return Some(Step::Wait(Wait::NotYet { number, next }));
    }
    (!chain.i_am_keeper).then_some(Step::Refuse(Refusal::NotAKeeper))
}

/// Why the epoch on chain is not this keeper's content.
fn differs(chain: &Chain, epoch: &ChainEpoch, content: &Content) -> Option<Refusal> {
    let number = chain.number;
    if epoch.manifest_hash != content.manifest_hash {
        return Some(Refusal::OtherManifest {
            number,
            on_chain: hex::encode(epoch.manifest_hash),
            mine: hex::encode(content.manifest_hash),
            differs: Differences::default(),
        });
    }
    (epoch.root != content.root).then_some(Refusal::OtherRoot { number })
}

#[cfg(test)]
mod tests;
