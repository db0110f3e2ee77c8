//! What this keeper does next about the pool's next epoch, from what the chain shows and from how far its own folder has
//! come. `run` does it, `status` says it, and `activate` asks it whether this keeper knows better.

use std::fmt;

use super::step::{self, Chain, ChainEpoch, Content, Goal, Refusal, Status, Step, Wait};
use super::summary::Summary;

/// What a keeper is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It derives epochs from evidence of its own and proposes them.
    Proposes,
    /// It attests what is published elsewhere and proposes nothing.
    Attests,
}

/// How far this keeper's own derivation of the epoch has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// It collects evidence.
    Open,
    /// It stopped collecting and was not finished.
    Begun,
    /// It was derived, and nobody had earned anything; nothing came in since.
    Nothing,
    Closed {
        manifest_hash: [u8; 32],
        /// `None` when its files can not be read.
        summary: Option<Summary>,
    },
}

/// Everything the decision rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub role: Role,
    /// With the pool's next epoch as its number.
    pub chain: Chain,
    pub own: Own,
    /// End of the period by this keeper's calendar, unix seconds.
    pub ends: i64,
    /// From when it may be closed, unix seconds.
    pub closable_at: i64,
}

/// A phase that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    Close,
    /// Put it on chain, or complete its canopy.
    Propose,
    Attest,
    /// Show the leaves that somebody asked for.
    Answer,
    Activate,
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Close => "close",
            Self::Propose => "propose",
            Self::Attest => "attest",
            Self::Answer => "answer challenges",
            Self::Activate => "activate",
        })
    }
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    Do(Task),
    /// Nothing before this changes by itself.
    Wait(Wait),
    /// Nothing before a person has looked.
    Refuse(Refusal),
}

/// Decides.
#[must_use]
pub fn next(facts: &Facts) -> Next {
    let chain = &facts.chain;
    let number = chain.number;
    if is_asked(facts) {
        return Next::Do(Task::Answer);
    }
    match (&chain.epoch, facts.role) {
        (None, Role::Attests) => {
            Next::Wait(step::correction(chain).unwrap_or(Wait::NotProposed { number }))
        }
        (None, Role::Proposes) if !chain.i_am_keeper => Next::Refuse(Refusal::NotAKeeper),
        (None, Role::Proposes) if chain.i_rest_until.is_some() => Next::Wait(resting(chain)),
        (None, Role::Proposes) => match derived(facts) {
            Ok(_) => propose(chain),
            Err(before) => before,
        },
        (Some(epoch), Role::Attests) if epoch.status == Status::Vetoed => {
            Next::Wait(Wait::Vetoed { number })
        }
        (Some(epoch), Role::Attests) => attest_then_activate(facts, epoch),
        (Some(epoch), Role::Proposes) => propose_on(facts, epoch),
    }
}

/// The proposal of what this keeper derived.
fn propose(chain: &Chain) -> Next {
    step::correction(chain).map_or(Next::Do(Task::Propose), Next::Wait)
}

/// A number that somebody proposed, seen by a keeper that derives it itself: it puts its word under nothing else, and
/// helps nothing else to become active.
fn propose_on(facts: &Facts, epoch: &ChainEpoch) -> Next {
    let number = facts.chain.number;
    let mine = match derived(facts) {
        Ok(mine) => mine,
        Err(Next::Wait(Wait::NobodyEarned { .. })) if epoch.status != Status::Vetoed => {
            return Next::Refuse(Refusal::NothingDerived { number });
        }
        Err(before) => return before,
    };
    let same = mine == epoch.manifest_hash;
    match epoch.status {
        // Proposing the very content that was vetoed again is for a person to decide; other content is what the veto
        // made room for.
        Status::Vetoed if same => return Next::Refuse(Refusal::Vetoed { number }),
        Status::Vetoed if !facts.chain.i_am_keeper => return Next::Refuse(Refusal::NotAKeeper),
        Status::Vetoed if facts.chain.i_rest_until.is_some() => {
            return Next::Wait(resting(&facts.chain));
        }
        Status::Vetoed => return propose(&facts.chain),
        _ => {}
    }
    if let Some(refusal) = disagreement(facts) {
        return Next::Refuse(refusal);
    }
    if !epoch.canopy_complete && epoch.proposed_by_me {
        return Next::Do(Task::Propose);
    }
    attest_then_activate(facts, epoch)
}

/// Whether leaves of the epoch in flight were asked for that this keeper has and stands behind. Before anything else: an
/// answer has a deadline, and it is the only phase that has.
fn is_asked(facts: &Facts) -> bool {
    let Some(epoch) = &facts.chain.epoch else {
        return false;
    };
    let in_flight = matches!(epoch.status, Status::Proposed | Status::Attested);
    let is_mine = match &facts.own {
        Own::Closed { manifest_hash, .. } => *manifest_hash == epoch.manifest_hash,
        Own::Open | Own::Begun | Own::Nothing => epoch.attested_by_me,
    };
    in_flight && epoch.open_challenges > 0 && epoch.canopy_complete && is_mine
}

/// The turn is another keeper's.
fn resting(chain: &Chain) -> Wait {
    Wait::Resting {
        number: chain.number,
        at: chain.i_rest_until.unwrap_or(chain.now),
    }
}

/// This keeper's own manifest, or what has to come before it.
fn derived(facts: &Facts) -> Result<[u8; 32], Next> {
    let number = facts.chain.number;
    match &facts.own {
        Own::Closed { manifest_hash, .. } => Ok(*manifest_hash),
        Own::Open if facts.chain.now < facts.closable_at => Err(Next::Wait(Wait::NotOver {
            number,
            ends: facts.ends,
            closable: facts.closable_at,
            now: facts.chain.now,
        })),
        Own::Open | Own::Begun => Err(Next::Do(Task::Close)),
        Own::Nothing => Err(Next::Wait(Wait::NobodyEarned { number })),
    }
}

/// Why this keeper, by its own derivation, stands against the epoch on chain; `None` while it has none.
#[must_use]
pub fn disagreement(facts: &Facts) -> Option<Refusal> {
    let epoch = facts.chain.epoch.as_ref()?;
    let Own::Closed {
        manifest_hash: mine,
        summary,
    } = &facts.own
    else {
        return None;
    };
    if *mine == epoch.manifest_hash {
        return None;
    }
    let differs = summary
        .as_ref()
        .map(|mine| Summary::differences(&epoch.says, mine));
    let differs = differs.unwrap_or_default();
    Some(Refusal::OtherManifest {
        number: facts.chain.number,
        on_chain: hex::encode(epoch.manifest_hash),
        mine: hex::encode(mine),
        differs,
    })
}

fn attest_then_activate(facts: &Facts, epoch: &ChainEpoch) -> Next {
    let chain = &facts.chain;
    if !epoch.attested_by_me && chain.i_am_keeper {
        return Next::Do(Task::Attest);
    }
    // What it neither derived nor may attest it does not help to become active.
    if !epoch.attested_by_me && facts.role == Role::Attests {
        return Next::Refuse(Refusal::NotAKeeper);
    }
    let as_it_stands = Content {
        manifest_hash: epoch.manifest_hash,
        says: epoch.says.clone(),
        canopy: epoch.canopy.clone(),
    };
    match step::next(Goal::Activate, chain, &as_it_stands, &[]) {
        Step::Wait(wait) => Next::Wait(wait),
        Step::Refuse(refusal) => Next::Refuse(refusal),
        Step::Submit(_) | Step::Recheck(_) => Next::Do(Task::Activate),
        // Active already: the pool's next number is another one by now.
        Step::Done => Next::Wait(Wait::NotYet {
            number: chain.number,
            next: chain.next_epoch,
        }),
    }
}

#[cfg(test)]
mod tests;
