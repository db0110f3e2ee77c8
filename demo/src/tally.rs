//! Counting what became of the month's proofs, and whether each swindler was caught for the right reason.

use std::collections::{BTreeMap, VecDeque};

use cairn_epoch::Decision;
use cairn_proof::Reason;

use crate::fault::DemoError;
use crate::month::{cheats::Cheat, week::Sent};

/// How many times a cheat was tried and refused for its own reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caught {
    pub planted: u64,
    pub caught: u64,
}

/// The month's proofs by what became of them.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub received: u64,
    pub accepted: u64,
    pub rejected: BTreeMap<Reason, u64>,
    /// Refusals of proofs that nobody tampered with.
    pub honest_rejected: BTreeMap<Reason, u64>,
    pub cheats: BTreeMap<Cheat, Caught>,
}

impl Tally {
    /// Adds one week: what was sent, and the keeper's decisions, the kinds of proof one after the other, each in the order in which
    /// it was received. A replay and its original are the same bytes, so either of the two refused means that it was caught.
    ///
    /// # Errors
    /// A proof that nobody decided about.
    pub fn add(&mut self, sent: &[Sent], decisions: &[Decision]) -> Result<(), DemoError> {
        let mut by_proof: BTreeMap<[u8; 32], VecDeque<Reason>> = BTreeMap::new();
        for decision in decisions {
            let reasons = by_proof.entry(decision.proof_id).or_default();
            reasons.push_back(decision.reason);
        }
        let mut decided = Vec::with_capacity(sent.len());
        for sent in sent {
            let reasons = by_proof.get_mut(&sent.proof.proof.id());
            let reason = reasons.and_then(VecDeque::pop_front).ok_or_else(|| {
                DemoError::Unexpected("a proof was sent and nobody decided about it".to_owned())
            })?;
            decided.push(reason);
        }
        let mut replays: BTreeMap<[u8; 32], (u64, Vec<Reason>)> = BTreeMap::new();
        for (sent, reason) in sent.iter().zip(&decided) {
            self.received += 1;
            if *reason == Reason::Ok {
                self.accepted += 1;
            } else {
                *self.rejected.entry(*reason).or_default() += 1;
            }
            match sent.cheat {
                Some(Cheat::Replay) => {
                    replays.entry(sent.proof.proof.id()).or_default().0 += 1;
                }
                Some(cheat) => {
                    let count = self.cheats.entry(cheat).or_default();
                    count.planted += 1;
                    count.caught += u64::from(cheat.caught_by().contains(reason));
                }
                None if *reason != Reason::Ok => {
                    *self.honest_rejected.entry(*reason).or_default() += 1;
                }
                None => {}
            }
        }
        for (sent, reason) in sent.iter().zip(&decided) {
            if let Some((_, copies)) = replays.get_mut(&sent.proof.proof.id()) {
                copies.push(*reason);
            }
        }
        for (planted, reasons) in replays.values() {
            let refused = reasons
                .iter()
                .filter(|reason| Cheat::Replay.caught_by().contains(reason))
                .count();
            let count = self.cheats.entry(Cheat::Replay).or_default();
            count.planted += planted;
            count.caught += (*planted).min(u64::try_from(refused).unwrap_or(u64::MAX));
        }
        Ok(())
    }

    /// Over all cheats.
    #[must_use]
    pub fn all_cheats(&self) -> Caught {
        self.cheats
            .values()
            .fold(Caught::default(), |sum, each| Caught {
                planted: sum.planted + each.planted,
                caught: sum.caught + each.caught,
            })
    }
}
