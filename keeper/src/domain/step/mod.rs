//! The next step of an epoch's way onto the chain, from what the chain shows and what the journal remembers. The chain
//! alone says what is done; the journal only says when the chain's answer can not be the newest one.

mod answer;
mod chain;

pub use answer::{Action, Refusal, Step, Wait};
pub use chain::{Chain, ChainEpoch, Content, Status};

use super::summary::{Differences, Summary};

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
        Action::Activate { .. } => matches!(
            epoch.status,
            Status::Active | Status::Superseded | Status::Revoked
        ),
    }
}

fn propose(chain: &Chain, content: &Content) -> Step {
    let Some(epoch) = &chain.epoch else {
        return match before_first_proposal(chain) {
            Some(step) => step,
            None => submit_proposal(chain, 0),
        };
    };
    match epoch.status {
        Status::Vetoed if !chain.i_am_keeper => Step::Refuse(Refusal::NotAKeeper),
        Status::Vetoed => match resting(chain) {
            Some(wait) => Step::Wait(wait),
            None => submit_proposal(chain, epoch.attempt.saturating_add(1)),
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

/// A correction is no keeper's to propose alone.
fn submit_proposal(chain: &Chain, attempt: u32) -> Step {
    match correction(chain) {
        Some(wait) => Step::Wait(wait),
        None => Step::Submit(Action::Propose { attempt }),
    }
}

/// What a keeper waits for that has derived a correction.
#[must_use]
pub fn correction(chain: &Chain) -> Option<Wait> {
    let number = chain.number;
    let revoked = chain.revoked.filter(|_| number == chain.next_epoch)?;
    Some(Wait::Correction { number, revoked })
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
    match epoch.status {
        Status::Vetoed => return Step::Refuse(Refusal::Vetoed { number }),
        Status::Revoked => return Step::Refuse(Refusal::Revoked { number }),
        _ => {}
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
        Status::Revoked => return Step::Refuse(Refusal::Revoked { number }),
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
    if epoch.open_challenges > 0 {
        let open = epoch.open_challenges;
        return Step::Wait(Wait::Challenged { number, open });
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
    if !chain.i_am_keeper {
        return Some(Step::Refuse(Refusal::NotAKeeper));
    }
    resting(chain).map(Step::Wait)
}

/// Whether this keeper has to leave the proposal to another for now.
fn resting(chain: &Chain) -> Option<Wait> {
    let number = chain.number;
    chain.i_rest_until.map(|at| Wait::Resting { number, at })
}

/// Why the epoch on chain is not this keeper's content, in any field of it: the manifest's hash is only what somebody said.
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
    let differs = Summary::differences(&epoch.says, &content.says);
    (!differs.0.is_empty()).then_some(Refusal::OtherFigures { number, differs })
}

#[cfg(test)]
mod tests;
