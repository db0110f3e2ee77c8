//! Counting what became of the month's proofs, and whether each swindler was caught for the right reason.

use std::collections::{BTreeMap, VecDeque};

use cairn_epoch::Decision;
use cairn_proof::{Kind, Reason};
use serde::Serialize;

use crate::fault::DemoError;
use crate::month::{cheat::Cheat, week::Sent};

/// How many times a cheat was tried and refused for its own reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caught {
    pub planted: u64,
    pub caught: u64,
}

/// What became of the proofs of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Paid {
    pub received: u64,
    pub accepted: u64,
    /// To whom the proofs pay first.
    pub milli_points: u64,
    /// To whom they pay besides: a visited device's owner, who added an access point, who invited.
    pub also_milli_points: u64,
    /// Data credits.
    pub credits: u64,
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
    pub kinds: BTreeMap<Kind, Paid>,
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
            if let Some(kind) = decision.kind {
                let paid = self.kinds.entry(kind).or_default();
                let also = decision.also.map_or(0, |also| also.milli_points.get());
                paid.received += 1;
                paid.accepted += u64::from(decision.reason == Reason::Ok);
                paid.milli_points += decision.milli_points.get();
                paid.also_milli_points += also;
                paid.credits += decision.credits.get();
            }
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

#[cfg(test)]
mod tests {
    use cairn_epoch::Also;
    use cairn_merkle::{Credits, MilliPoints};
    use cairn_proof::{Body, HotspotBeat, PartnerMetric, ProofV1, SignedProof};

    use super::*;

    fn proof(body: Body, signer_seq: u64) -> SignedProof {
        SignedProof::new(ProofV1 {
            network: [1; 32],
            ruleset: 1,
            subject: [2; 32],
            signer_seq,
            epoch: 1,
            observed_at_ms: 0,
            anchor_slot: 0,
            anchor_hash: [3; 32],
            cell: 0,
            body,
        })
    }

    fn beat(signer_seq: u64) -> SignedProof {
        let body = HotspotBeat {
            hour_bucket: 0,
            lat_e7: 0,
            lon_e7: 0,
            contact: true,
        };
        proof(Body::HotspotBeat(body), signer_seq)
    }

    fn metric(signer_seq: u64) -> SignedProof {
        let body = PartnerMetric {
            stream: 1,
            hour_bucket: 0,
            quantity: 1,
            counter: 1,
            quality_permille: 1_000,
            second_source: false,
            partner: [4; 32],
        };
        proof(Body::PartnerMetric(body), signer_seq)
    }

    fn sent(proof: &SignedProof, cheat: Option<Cheat>) -> Sent {
        Sent {
            proof: proof.clone(),
            received_at_ms: 0,
            cheat,
        }
    }

    fn decided(proof: &SignedProof, reason: Reason) -> Decision {
        Decision {
            ordinal: 0,
            proof_id: proof.proof.id(),
            kind: Some(proof.proof.body.kind()),
            reason,
            milli_points: MilliPoints::new(600),
            credits: Credits::new(2),
            beneficiary: None,
            also: Some(Also {
                beneficiary: [7; 32],
                pot: 1,
                milli_points: MilliPoints::new(400),
            }),
            pot: 0,
            stream: 0,
            found: None,
            bound: None,
            base: None,
            share: None,
            whole: None,
        }
    }

    fn caught(tally: &Tally, cheat: Cheat) -> (u64, u64) {
        let count = tally.cheats.get(&cheat).copied().unwrap_or_default();
        (count.planted, count.caught)
    }

    #[test]
    fn a_decision_belongs_to_the_proof_it_names_wherever_it_stands() {
        let (beat, late, metric) = (beat(1), beat(2), metric(1));
        // Received mixed; decided kind by kind.
        let sent = [
            sent(&metric, None),
            sent(&late, Some(Cheat::BackDated)),
            sent(&beat, None),
        ];
        let decisions = [
            decided(&beat, Reason::Ok),
            decided(&late, Reason::Late),
            decided(&metric, Reason::TooFar),
        ];
        for decisions in [
            decisions.to_vec(),
            decisions.iter().rev().copied().collect(),
        ] {
            let mut tally = Tally::default();
            tally.add(&sent, &decisions).unwrap();
            assert_eq!((tally.received, tally.accepted), (3, 1));
            assert_eq!(caught(&tally, Cheat::BackDated), (1, 1));
            assert_eq!(
                tally.rejected,
                BTreeMap::from([(Reason::Late, 1), (Reason::TooFar, 1)])
            );
            assert_eq!(tally.honest_rejected, BTreeMap::from([(Reason::TooFar, 1)]));
            let paid = |received, accepted| Paid {
                received,
                accepted,
                milli_points: 600 * received,
                also_milli_points: 400 * received,
                credits: 2 * received,
            };
            let kinds = [
                (Kind::HotspotBeat, paid(2, 1)),
                (Kind::PartnerMetric, paid(1, 0)),
            ];
            assert_eq!(tally.kinds, BTreeMap::from(kinds));
        }
    }

    #[test]
    fn a_cheat_that_is_refused_for_another_reason_is_not_caught() {
        let (luck, free) = (beat(1), beat(2));
        let mut tally = Tally::default();
        let sent = [
            sent(&luck, Some(Cheat::Moved)),
            sent(&free, Some(Cheat::Moved)),
        ];
        let decisions = [decided(&luck, Reason::Late), decided(&free, Reason::Ok)];
        tally.add(&sent, &decisions).unwrap();
        assert_eq!(caught(&tally, Cheat::Moved), (2, 0));
        assert_eq!(
            tally.all_cheats(),
            Caught {
                planted: 2,
                caught: 0
            }
        );
        assert!(tally.honest_rejected.is_empty());
    }

    #[test]
    fn of_a_proof_and_its_replay_one_must_be_refused_and_either_may_be() {
        for [first, second] in [
            [Reason::Ok, Reason::Duplicate],
            [Reason::Duplicate, Reason::Ok],
        ] {
            let beat = beat(1);
            let mut tally = Tally::default();
            let sent = [sent(&beat, None), sent(&beat, Some(Cheat::Replay))];
            let decisions = [decided(&beat, first), decided(&beat, second)];
            tally.add(&sent, &decisions).unwrap();
            assert_eq!(caught(&tally, Cheat::Replay), (1, 1), "{first:?}");
            assert_eq!(tally.accepted, 1);
        }
        // Both paid: the swindler was not caught.
        let beat = beat(1);
        let mut tally = Tally::default();
        let sent = [sent(&beat, None), sent(&beat, Some(Cheat::Replay))];
        let decisions = [decided(&beat, Reason::Ok), decided(&beat, Reason::Ok)];
        tally.add(&sent, &decisions).unwrap();
        assert_eq!(caught(&tally, Cheat::Replay), (1, 0));
    }

    #[test]
    fn a_proof_that_nobody_decided_about_ends_the_count() {
        let beats = [beat(1), beat(2)];
        let sent: Vec<Sent> = beats.iter().map(|beat| sent(beat, None)).collect();
        let decisions = [decided(&beats[0], Reason::Ok)];
        assert!(Tally::default().add(&sent, &decisions).is_err());
        // Nor does one decision count for two copies.
        let copies = [sent[0].clone(), sent[0].clone()];
        assert!(Tally::default().add(&copies, &decisions).is_err());
    }
}
