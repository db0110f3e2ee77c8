//! What is checked for each proof alone, in a fixed order, before any rule sees it. The first failure is the reason.

use ahash::HashMap;
use cairn_merkle::EpochNumber;
use cairn_proof::{
    DecodeError, Kind, PublicKey, Reason, Role, RoleSignature, SignatureCheck, SignedProof,
    verify_batch,
};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::case::{Candidate, Case};
use crate::draw::block_of;
use crate::evidence::{Content, Evidence};
use crate::input::{Anchor, Device, DeviceStatus, EpochInput};
use crate::kind::{Known, Registered, Scored, Seen, Subject, scored, subject_of};
use crate::refusal::Refusal;
use crate::ruleset::{EnvelopeLimits, Period, Rulebook};

/// Everything a proof is held against.
pub(crate) struct Gate<'a> {
    epoch: &'a EpochInput,
    period: Period,
    rulebook: &'a Rulebook,
    devices: &'a [Device],
    /// Only asked, never walked: its order does not matter.
    places: HashMap<[u8; 32], u32>,
    co_signs: Vec<bool>,
    anchors: &'a [Anchor],
    /// What visits are drawn with.
    block: Option<[u8; 32]>,
}

/// A proof whose signatures are still to be verified.
struct Pending {
    candidate: Candidate,
    /// For each key that must have signed, a check of each signature that may be its own.
    checks: Vec<Vec<SignatureCheck>>,
    /// Reported only once the signatures hold: nobody learns about anchors from a forged proof.
    stale: Option<Refusal>,
}

impl Pending {
    /// Once the signatures hold.
    fn accepted(self) -> Result<Candidate, Refusal> {
        self.stale.map_or(Ok(self.candidate), Err)
    }
}

impl<'a> Gate<'a> {
    pub fn new(
        epoch: &'a EpochInput,
        period: Period,
        rulebook: &'a Rulebook,
        devices: &'a [Device],
        anchors: &'a [Anchor],
    ) -> Self {
        Self {
            epoch,
            period,
            rulebook,
            devices,
            places: (0..)
                .zip(devices)
                .map(|(at, device)| (device.key, at))
                .collect(),
            co_signs: devices
                .iter()
                .map(|device| rulebook.device_terms(device).co_signs_check_ins)
                .collect(),
            anchors,
            block: block_of(anchors, period.start_ms),
        }
    }

    /// Checks submissions on all cores; case *i* is about submission *i*.
    pub fn check(&self, evidence: Vec<Evidence>) -> Vec<Case> {
        let assessed: Vec<_> = evidence
            .into_par_iter()
            .map(|evidence| self.assess(evidence))
            .collect();
        let checks: Vec<SignatureCheck> = assessed
            .iter()
            .filter_map(|(_, _, verdict)| verdict.as_ref().ok())
            .flat_map(|pending| pending.checks.iter().flatten().copied())
            .collect();
        let mut verdicts = verify_batch(&checks).into_iter();
        assessed
            .into_iter()
            .map(|(proof_id, kind, verdict)| {
                let outcome = verdict.and_then(|pending| {
                    let mut signed = true;
                    for of_key in &pending.checks {
                        // Every verdict is taken, or the next proof would get this one's.
                        let fits = verdicts.by_ref().take(of_key.len());
                        signed &= fits.fold(false, |any, fits| any | fits);
                    }
                    if !signed {
                        return Err(Refusal::plain(Reason::BadSig));
                    }
                    pending.accepted()
                });
                Case {
                    proof_id,
                    kind,
                    outcome,
                }
            })
            .collect()
    }

    /// Checks a submission as if every signature on it were good.
    pub fn presume(&self, evidence: Evidence) -> Case {
        let (proof_id, kind, verdict) = self.assess(evidence);
        Case {
            proof_id,
            kind,
            outcome: verdict.and_then(Pending::accepted),
        }
    }

    fn assess(&self, evidence: Evidence) -> ([u8; 32], Option<Kind>, Result<Pending, Refusal>) {
        let signed = match evidence.content {
            Content::Proof(signed) => signed,
            // Tried once more: a keeper that files a good proof as rubbish must not get away with it.
            Content::Raw(bytes) => match SignedProof::from_bytes(&bytes) {
                Ok(signed) => signed,
                Err(error) => {
                    let reason = match error {
                        DecodeError::UnknownKind(_) => Reason::Ruleset,
                        _ => Reason::Malformed,
                    };
                    return (
                        Sha256::digest(&bytes).into(),
                        None,
                        Err(Refusal::plain(reason)),
                    );
                }
            },
        };
        let id = signed.proof.id();
        let verdict = self.pending(&signed, &id, evidence.received_at_ms);
        (id, Some(signed.proof.kind()), verdict)
    }

    fn pending(
        &self,
        signed: &SignedProof,
        id: &[u8; 32],
        received_at_ms: i64,
    ) -> Result<Pending, Refusal> {
        let proof = &signed.proof;
        let body = scored(&proof.body);
        let fact = body.fact(&Seen {
            subject: &proof.subject,
            observed_at_ms: proof.observed_at_ms,
            block: self.block.as_ref(),
        })?;
        if proof.network != self.epoch.network {
            return Err(Refusal::plain(Reason::WrongNetwork));
        }
        self.in_force(signed, body)?;
        self.in_time(signed, received_at_ms)?;
        let place = match subject_of(proof.kind()) {
            Subject::Device => Some(self.place(&proof.subject)?),
            Subject::AccessPoint => self.places.get(&proof.subject).copied(),
            Subject::Key => None,
        };
        let device = place.and_then(|place| self.devices.get(place as usize));
        let co_signs = place.and_then(|place| self.co_signs.get(place as usize));
        let keys = body.signers(&Registered {
            device,
            co_signs: co_signs.copied().unwrap_or(true),
            agreed: self.rulebook.agreed(),
            registry: &|key| {
                let device = self.devices.get(*self.places.get(key)? as usize)?;
                Some(Known {
                    device,
                    validates: self.rulebook.device_terms(device).validates,
                })
            },
        })?;
        if let Some(device) = device.filter(|device| device.status != DeviceStatus::Active) {
            return Err(Refusal::measured(
                Reason::Denied,
                i64::from(device.reason),
                0,
            ));
        }
        let mut checks = Vec::with_capacity(keys.len());
        for (role, key) in &keys {
            // As many of a role as must sign in it: more would be work that anybody could ask for.
            let of_role = keys.iter().filter(|(other, _)| other == role).count();
            let given: Vec<_> = signed.signatures_as(*role).take(of_role).collect();
            if given.len() < of_role {
                return Err(Refusal::plain(Reason::BadSig));
            }
            let check = |signature: &RoleSignature| SignatureCheck {
                key: *key,
                proof_id: *id,
                signature: *signature,
            };
            checks.push(given.into_iter().map(check).collect());
        }
        let (role, signer) = keys
            .iter()
            .find(|(role, _)| *role == proof.kind().primary_role())
            .ok_or(Refusal::plain(Reason::BadSig))?;
        Ok(Pending {
            candidate: Candidate {
                kind: proof.kind(),
                subject: proof.subject,
                device: place,
                signer: sequence_key(signer),
                signer_seq: proof.signer_seq,
                is_wallet: *role == Role::User && matches!(signer, PublicKey::Ed25519(_)),
                observed_at_ms: proof.observed_at_ms,
                cell: proof.cell,
                fact,
            },
            checks,
            stale: self.stale(proof.anchor_slot, &proof.anchor_hash, proof.observed_at_ms),
        })
    }

    /// Where the registry snapshot holds the device `key`.
    fn place(&self, key: &[u8; 32]) -> Result<u32, Refusal> {
        let place = self.places.get(key).copied();
        place.ok_or(Refusal::plain(Reason::UnknownKey))
    }

    /// The ruleset, the kind and what the body refers to must be in force.
    fn in_force(&self, signed: &SignedProof, body: &dyn Scored) -> Result<(), Refusal> {
        let proof = &signed.proof;
        let in_force = proof.ruleset == self.rulebook.version()
            && self.rulebook.pays(proof.kind())
            && body.is_in_force(&self.rulebook.agreed());
        in_force
            .then_some(())
            .ok_or(Refusal::plain(Reason::Ruleset))
    }

    /// For this epoch, observed in it, and received neither before that nor long after.
    fn in_time(&self, signed: &SignedProof, received_at_ms: i64) -> Result<(), Refusal> {
        let proof = &signed.proof;
        let EnvelopeLimits {
            clock_skew_max_ms,
            receipt_delay_max_ms,
            ..
        } = *self.rulebook.envelope();
        let observed = proof.observed_at_ms;
        let number = EpochNumber::new(proof.epoch.into());
        if number < self.epoch.number {
            return Err(Refusal::plain(Reason::Late));
        }
        if number > self.epoch.number {
            return Err(Refusal::plain(Reason::Future));
        }
        if observed < self.period.start_ms {
            let early = self.period.start_ms.saturating_sub(observed);
            return Err(Refusal::measured(Reason::Late, early, 0));
        }
        if observed >= self.period.end_ms {
            let beyond = observed.saturating_sub(self.period.end_ms);
            return Err(Refusal::measured(Reason::Future, beyond, 0));
        }
        let delay = received_at_ms.saturating_sub(observed);
        if delay > receipt_delay_max_ms {
            return Err(Refusal::measured(Reason::Late, delay, receipt_delay_max_ms));
        }
        let ahead = observed.saturating_sub(received_at_ms);
        if ahead > clock_skew_max_ms {
            return Err(Refusal::measured(Reason::Future, ahead, clock_skew_max_ms));
        }
        Ok(())
    }

    /// A known block, not much older than the observation, and not younger: an older one would let a proof be made
    /// beforehand, a younger one shows that the observation was dated back.
    fn stale(&self, slot: u64, hash: &[u8; 32], observed_at_ms: i64) -> Option<Refusal> {
        let limits = self.rulebook.envelope();
        let known = self
            .anchors
            .binary_search_by_key(&slot, |anchor| anchor.slot)
            .ok()
            .and_then(|at| self.anchors.get(at))
            .filter(|anchor| anchor.hash == *hash);
        let Some(anchor) = known else {
            return Some(Refusal::plain(Reason::StaleAnchor));
        };
        let age = observed_at_ms.saturating_sub(anchor.unix_ms);
        (age > limits.anchor_age_max_ms || age < -limits.clock_skew_max_ms).then_some(
            Refusal::measured(Reason::StaleAnchor, age, limits.anchor_age_max_ms),
        )
    }
}

/// The 32 bytes by which a key's sequence is remembered: the registry holds one key for them.
fn sequence_key(key: &PublicKey) -> [u8; 32] {
    match key {
        PublicKey::Ed25519(key) => *key,
        PublicKey::P256(point) => {
            let mut x = [0; 32];
            x.copy_from_slice(&point[1..]);
            x
        }
    }
}
