//! What is checked for each proof alone, in a fixed order, before any rule sees it. The first failure is the reason.

use ahash::HashMap;
use cairn_proof::{
    Body, DecodeError, Kind, PublicKey, Reason, Role, SignatureCheck, SignedProof, verify_batch,
};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::evidence::{Content, Evidence};
use crate::input::{Anchor, Device, DeviceStatus, EpochInput};
use crate::ruleset::{EnvelopeLimits, Period, Rulebook, Stream};

/// Why a proof is not paid, with the numbers behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub reason: Reason,
    pub found: Option<i64>,
    pub bound: Option<i64>,
}

impl Refusal {
    pub const fn plain(reason: Reason) -> Self {
        Self {
            reason,
            found: None,
            bound: None,
        }
    }

    pub const fn measured(reason: Reason, found: i64, bound: i64) -> Self {
        Self {
            reason,
            found: Some(found),
            bound: Some(bound),
        }
    }
}

/// One submission on its way to a decision.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub proof_id: [u8; 32],
    /// None for bytes that are no proof.
    pub kind: Option<Kind>,
    pub outcome: Result<Candidate, Refusal>,
}

/// A proof that passed every check of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    /// Place of the subject in the registry snapshot.
    pub device: u32,
    /// Whose sequence the proof counts in.
    pub signer: [u8; 32],
    pub signer_seq: u64,
    pub observed_at_ms: i64,
    pub cell: u64,
    pub fact: Fact,
}

/// What rules need of a body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fact {
    CheckIn {
        user: [u8; 32],
        challenge_age_ms: i64,
        session_secs: u32,
        overlap_permille: u16,
    },
    Beat {
        hour: u32,
        lat_e7: i32,
        lon_e7: i32,
        contact: bool,
    },
    Metric {
        stream: u32,
        hour: u32,
        quantity: i64,
        counter: i64,
        quality_permille: u16,
        second_source: bool,
    },
}

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
}

/// A proof whose signatures are still to be verified.
struct Pending {
    candidate: Candidate,
    /// One check for each role that must have signed.
    checks: Vec<SignatureCheck>,
    /// Reported only once the signatures hold: nobody learns about anchors from a forged proof.
    stale: Option<Refusal>,
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
            .flat_map(|pending| pending.checks.iter().copied())
            .collect();
        let mut verdicts = verify_batch(&checks).into_iter();
        assessed
            .into_iter()
            .map(|(proof_id, kind, verdict)| {
                let outcome = verdict.and_then(|pending| {
                    let mut signed = true;
                    for _ in &pending.checks {
                        // Every verdict is taken, or the next proof would get this one's.
                        signed &= verdicts.next().unwrap_or(false);
                    }
                    if !signed {
                        return Err(Refusal::plain(Reason::BadSig));
                    }
                    pending.stale.map_or(Ok(pending.candidate), Err)
                });
                Case {
                    proof_id,
                    kind,
                    outcome,
                }
            })
            .collect()
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
        let fact = fact_of(&proof.body, proof.observed_at_ms)?;
        if proof.network != self.epoch.network {
            return Err(Refusal::plain(Reason::WrongNetwork));
        }
        let stream = self.in_force(signed)?;
        self.in_time(signed, received_at_ms)?;
        let place = *self
            .places
            .get(&proof.subject)
            .ok_or(Refusal::plain(Reason::UnknownKey))?;
        let device = self
            .devices
            .get(place as usize)
            .ok_or(Refusal::plain(Reason::UnknownKey))?;
        let keys = self.required_keys(place, device, &proof.body, stream)?;
        if device.status == DeviceStatus::Banned {
            return Err(Refusal::measured(
                Reason::Denied,
                i64::from(device.reason),
                0,
            ));
        }
        let mut checks = Vec::with_capacity(keys.len());
        for (role, key) in &keys {
            checks.push(SignatureCheck {
                key: *key,
                proof_id: *id,
                signature: *signed
                    .signature(*role)
                    .ok_or(Refusal::plain(Reason::BadSig))?,
            });
        }
        let signer = keys
            .iter()
            .find(|(role, _)| *role == proof.kind().primary_role())
            .map(|(_, key)| sequence_key(key))
            .ok_or(Refusal::plain(Reason::BadSig))?;
        Ok(Pending {
            candidate: Candidate {
                device: place,
                signer,
                signer_seq: proof.signer_seq,
                observed_at_ms: proof.observed_at_ms,
                cell: proof.cell,
                fact,
            },
            checks,
            stale: self.stale(proof.anchor_slot, &proof.anchor_hash, proof.observed_at_ms),
        })
    }

    /// The ruleset, the kind and, for metrics, the stream must be in force.
    fn in_force(&self, signed: &SignedProof) -> Result<Option<&Stream>, Refusal> {
        let refused = Refusal::plain(Reason::Ruleset);
        let proof = &signed.proof;
        if proof.ruleset != self.rulebook.version() || !self.rulebook.pays(proof.kind()) {
            return Err(refused);
        }
        match &proof.body {
            Body::PartnerMetric(metric) => {
                self.rulebook.stream(metric.stream).map(Some).ok_or(refused)
            }
            _ => Ok(None),
        }
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
        let number = u64::from(proof.epoch);
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

    /// Who must have signed, with keys from the registry; the proof only names the user.
    fn required_keys(
        &self,
        place: u32,
        device: &Device,
        body: &Body,
        stream: Option<&Stream>,
    ) -> Result<Vec<(Role, PublicKey)>, Refusal> {
        let unknown = Refusal::plain(Reason::UnknownKey);
        let device_key = device.public_key();
        match body {
            Body::WifiCheckIn(check_in) => {
                let mut keys = vec![(Role::User, PublicKey::Ed25519(check_in.user))];
                if self.co_signs.get(place as usize).copied().unwrap_or(true) {
                    keys.push((Role::Device, device_key));
                }
                Ok(keys)
            }
            Body::HotspotBeat(_) => Ok(vec![(Role::Device, device_key)]),
            Body::PartnerMetric(metric) => {
                let stream = stream
                    .filter(|stream| stream.partner == metric.partner)
                    .ok_or(unknown)?;
                let partner = stream.public_key().ok_or(unknown)?;
                Ok(vec![(Role::Partner, partner), (Role::Device, device_key)])
            }
            Body::Opaque(_) => Err(Refusal::plain(Reason::Ruleset)),
        }
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

fn fact_of(body: &Body, observed_at_ms: i64) -> Result<Fact, Refusal> {
    Ok(match body {
        Body::WifiCheckIn(body) => Fact::CheckIn {
            user: body.user,
            challenge_age_ms: observed_at_ms.saturating_sub(body.challenge_at_ms),
            session_secs: body.session_secs,
            overlap_permille: body.scan_overlap_permille,
        },
        Body::HotspotBeat(body) => Fact::Beat {
            hour: body.hour_bucket,
            lat_e7: body.lat_e7,
            lon_e7: body.lon_e7,
            contact: body.contact,
        },
        Body::PartnerMetric(body) => {
            // Rules compute in signed 64 bits; no meter shows more.
            let number =
                |value: u64| i64::try_from(value).map_err(|_| Refusal::plain(Reason::Malformed));
            Fact::Metric {
                stream: body.stream,
                hour: body.hour_bucket,
                quantity: number(body.quantity)?,
                counter: number(body.counter)?,
                quality_permille: body.quality_permille,
                second_source: body.second_source,
            }
        }
        Body::Opaque(_) => return Err(Refusal::plain(Reason::Ruleset)),
    })
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
