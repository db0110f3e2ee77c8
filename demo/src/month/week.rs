//! From drafts to signed proofs: numbered per signer, anchored to a block, signed, in the order a keeper receives them.

use std::collections::{BTreeMap, BTreeSet};

use cairn_proof::{ProofV1, SignedProof, Signer};
use rayon::prelude::*;

use super::{
    calendar::Period,
    cheat::Cheat,
    proofs::Draft,
    roster::{Part, Seed},
};

/// A block the keeper has seen: slot, hash, when.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    pub slot: u64,
    pub hash: [u8; 32],
    pub unix_ms: i64,
}

const ANCHOR_EVERY_MS: i64 = 300_000;
/// Anchors reach beyond the week on both sides, so that a proof dated outside it is refused for its date.
const MARGIN_MS: i64 = 2 * 3_600_000;

/// The blocks around a week, one every five minutes.
#[must_use]
pub fn anchors(period: Period, seed: Seed) -> Vec<Anchor> {
    let first = (period.start_ms - MARGIN_MS).div_euclid(ANCHOR_EVERY_MS);
    let last = (period.end_ms + MARGIN_MS).div_euclid(ANCHOR_EVERY_MS);
    (first..=last).map(|index| anchor(index, seed)).collect()
}

/// The hash of the last block before `start_ms`: what the visits of a week that starts then are drawn with.
#[must_use]
pub fn block_before(start_ms: i64, seed: Seed) -> [u8; 32] {
    anchor((start_ms - 1).div_euclid(ANCHOR_EVERY_MS), seed).hash
}

fn anchor(index: i64, seed: Seed) -> Anchor {
    Anchor {
        slot: u64::try_from(index).unwrap_or(0),
        hash: seed.bytes("block", &index.to_string()),
        unix_ms: index * ANCHOR_EVERY_MS,
    }
}

/// A proof as it reaches a keeper.
#[derive(Clone, Debug)]
pub struct Sent {
    pub proof: SignedProof,
    /// Milliseconds of Unix time.
    pub received_at_ms: i64,
    /// What is wrong with it, if anything.
    pub cheat: Option<Cheat>,
}

/// What every proof of a week shares.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub network: [u8; 32],
    pub ruleset: u16,
    pub period: Period,
    pub seed: Seed,
    /// How many finished proofs swindlers send a second time.
    pub replays: usize,
}

/// Last used sequence number by signing key; carried from week to week.
pub type Sequences = BTreeMap<(Part, String), u64>;

/// Numbers, anchors and signs `drafts`.
#[must_use]
pub fn seal(mut drafts: Vec<Draft>, sequences: &mut Sequences, terms: Terms) -> Vec<Sent> {
    drafts.sort_by(|a, b| {
        (a.observed_at_ms, a.subject, a.kind().code()).cmp(&(
            b.observed_at_ms,
            b.subject,
            b.kind().code(),
        ))
    });
    let numbers: Vec<u64> = drafts
        .iter()
        .map(|draft| {
            let primary = draft.kind().primary_role();
            let Some(by) = draft.signatures.iter().find(|by| by.role == primary) else {
                return 0;
            };
            let last = sequences.entry((by.part, by.name.clone())).or_default();
            *last += 1;
            *last
        })
        .collect();
    let signers = signers(&drafts, terms.seed);
    let mut week: Vec<Sent> = drafts
        .par_iter()
        .zip(numbers)
        .map(|(draft, number)| Sent {
            proof: sign(draft, number, &signers, terms),
            received_at_ms: received_at(draft.observed_at_ms, terms.period),
            cheat: draft.cheat,
        })
        .collect();

    let honest: Vec<usize> = (0..week.len())
        .filter(|at| week[*at].cheat.is_none())
        .collect();
    for round in 0..terms.replays {
        let name = format!("{} {round}", terms.period.number);
        let below = u64::try_from(honest.len()).unwrap_or(1);
        let chosen = usize::try_from(terms.seed.pick("replay", &name, below)).unwrap_or(0);
        if let Some(at) = honest.get(chosen) {
            let mut copy = week[*at].clone();
            copy.cheat = Some(Cheat::Replay);
            week.push(copy);
        }
    }
    week
}

/// Two seconds after it was observed, but within the week, whatever date a swindler wrote.
fn received_at(observed_at_ms: i64, period: Period) -> i64 {
    observed_at_ms.clamp(period.start_ms, period.end_ms - 1) + 2_000
}

type Signers<'a> = BTreeMap<(Part, &'a str), Signer>;

/// Each key of the week, derived once: a hotspot signs dozens of times.
fn signers(drafts: &[Draft], seed: Seed) -> Signers<'_> {
    let who: BTreeSet<(Part, &str)> = drafts
        .iter()
        .flat_map(|draft| &draft.signatures)
        .map(|by| (by.part, by.name.as_str()))
        .collect();
    who.into_par_iter()
        .map(|(part, name)| ((part, name), seed.signer(part, name)))
        .collect()
}

fn sign(draft: &Draft, signer_seq: u64, signers: &Signers<'_>, terms: Terms) -> SignedProof {
    let mut block = draft.observed_at_ms.div_euclid(ANCHOR_EVERY_MS);
    if draft.cheat == Some(Cheat::OldAnchor) {
        block -= 3_600_000 / ANCHOR_EVERY_MS;
    }
    let anchor = anchor(block, terms.seed);
    let network = if draft.cheat == Some(Cheat::OtherNetwork) {
        terms.seed.bytes("network", "another")
    } else {
        terms.network
    };
    let proof = ProofV1 {
        network,
        ruleset: terms.ruleset,
        subject: draft.subject,
        signer_seq,
        epoch: u32::try_from(terms.period.number).unwrap_or(u32::MAX),
        observed_at_ms: draft.observed_at_ms,
        anchor_slot: anchor.slot,
        anchor_hash: anchor.hash,
        cell: draft.cell,
        body: draft.body.clone(),
    };
    draft
        .signatures
        .iter()
        .filter_map(|by| Some((by.role, signers.get(&(by.part, by.name.as_str()))?)))
        .fold(SignedProof::new(proof), |proof, (role, signer)| {
            proof.signed(role, signer)
        })
}
