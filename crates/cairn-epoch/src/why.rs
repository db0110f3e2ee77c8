//! Why a proof was or was not paid, from the epoch's folder alone.

use std::path::Path;

use cairn_merkle::{Credits, EpochNumber, MilliPoints};
use cairn_proof::{Kind, Reason};
use cairn_rules::Ruleset;
use cairn_spelling::text;
use serde::Serialize;

use crate::EpochError;
use crate::decision::{Decision, read_decisions};
use crate::evidence::{Content, Evidence, EvidenceReader};
use crate::folder::EpochFolder;
use crate::input::read_epoch;
use crate::kind::{Subject, subject_of};
use crate::ruleset::Rulebook;

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Query {
    /// A proof's id.
    Proof([u8; 32]),
    /// A device's key: every proof that names it as its subject.
    Device([u8; 32]),
    /// A wallet: every proof that paid it, or would have.
    Owner([u8; 32]),
}

/// What became of one proof, in words and numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub epoch: EpochNumber,
    /// Place in the order of receipts.
    pub ordinal: u64,
    /// In hex.
    pub proof_id: String,
    /// Kind in snake case; none for bytes that are no proof.
    pub kind: Option<&'static str>,
    /// The key of the device, or of the access point that a user added, in Base58; none for bytes that are no proof, and for a kind that
    /// is about neither.
    pub device: Option<String>,
    /// Who is paid, or would have been, in Base58; none when the proof did not get as far as the registry.
    pub beneficiary: Option<String>,
    /// Unix milliseconds; none for bytes that are no proof.
    pub observed_at_ms: Option<i64>,
    pub received_at_ms: i64,
    /// The reason's name, "OK" for accepted.
    pub reason: &'static str,
    /// The rule in this ruleset's words, with its numbers.
    pub rule: String,
    /// One sentence for anybody.
    pub meaning: &'static str,
    pub milli_points: MilliPoints,
    /// Data credits granted.
    pub credits: Credits,
    /// Who else is paid for the same proof, in Base58, and how much.
    pub also: Option<String>,
    pub also_milli_points: MilliPoints,
    /// Name of the pot that pays; none when the proof did not get that far, or is of a kind that earns no points.
    pub pot: Option<String>,
    /// For a refusal: what was found and what was allowed.
    pub found: Option<i64>,
    pub bound: Option<i64>,
    /// For an accepted proof: `milli_points = floor(base × share / whole)`.
    pub base: Option<i64>,
    pub share: Option<i64>,
    pub whole: Option<i64>,
}

impl Explanation {
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.reason == Reason::Ok.name()
    }

    /// What the proof earned `owner`, in Base58; without one, what it earned anybody.
    #[must_use]
    pub fn earned_by(&self, owner: Option<&str>) -> MilliPoints {
        let parts = [
            (&self.beneficiary, self.milli_points),
            (&self.also, self.also_milli_points),
        ];
        let theirs = |paid: &Option<String>| owner.is_none() || paid.as_deref() == owner;
        parts
            .into_iter()
            .filter(|(paid, _)| theirs(paid))
            .fold(MilliPoints::ZERO, |sum, (_, part)| sum.saturating_add(part))
    }
}

/// Explains every proof in `dir` that `query` is about, in the order of receipts.
///
/// # Errors
/// [`EpochError::NothingFound`] when there is none; whatever reading the folder meets.
pub fn why(dir: &Path, query: Query) -> Result<Vec<Explanation>, EpochError> {
    let folder = EpochFolder::new(dir);
    let epoch = read_epoch(&folder.epoch_json())?;
    let rulebook = Rulebook::new(Ruleset::load(&folder.ruleset_toml(), &folder.rules())?)?;
    let decisions = read_decisions(dir)?;
    let mut explanations = Vec::new();
    // Evidence and decisions stand in the same order, one for one.
    for (evidence, decision) in EvidenceReader::open(&folder.inputs())?
        .rows()
        .zip(&decisions)
    {
        let evidence = evidence?;
        if is_about(query, &evidence, decision) {
            explanations.push(explain(epoch.number, &rulebook, &evidence, decision));
        }
    }
    if explanations.is_empty() {
        return Err(EpochError::NothingFound(match query {
            Query::Proof(id) => format!("proof {}", hex::encode(id)),
            Query::Device(key) => format!("device {}", text::base58(&key)),
            Query::Owner(key) => format!("owner {}", text::base58(&key)),
        }));
    }
    Ok(explanations)
}

fn is_about(query: Query, evidence: &Evidence, decision: &Decision) -> bool {
    match query {
        Query::Proof(id) => decision.proof_id == id,
        Query::Owner(key) => decision.is_for(&key),
        Query::Device(key) => match &evidence.content {
            Content::Proof(signed) => signed.proof.subject == key,
            Content::Raw(_) => false,
        },
    }
}

fn explain(
    epoch: EpochNumber,
    rulebook: &Rulebook,
    evidence: &Evidence,
    decision: &Decision,
) -> Explanation {
    let proof = match &evidence.content {
        Content::Proof(signed) => Some(&signed.proof),
        Content::Raw(_) => None,
    };
    Explanation {
        epoch,
        ordinal: decision.ordinal,
        proof_id: hex::encode(decision.proof_id),
        kind: decision.kind.map(Kind::name),
        device: proof
            .filter(|proof| subject_of(proof.kind()) != Subject::Key)
            .map(|proof| text::base58(&proof.subject)),
        beneficiary: decision.beneficiary.as_ref().map(text::base58),
        observed_at_ms: proof.map(|proof| proof.observed_at_ms),
        received_at_ms: evidence.received_at_ms,
        reason: decision.reason.name(),
        rule: rulebook.explain(decision.reason, decision.found, decision.bound),
        meaning: decision.reason.explain(),
        milli_points: decision.milli_points,
        credits: decision.credits,
        also: decision.also.map(|also| text::base58(&also.beneficiary)),
        also_milli_points: decision
            .also
            .map_or(MilliPoints::ZERO, |also| also.milli_points),
        pot: pot_name(rulebook, decision),
        found: decision.found,
        bound: decision.bound,
        base: decision.base,
        share: decision.share,
        whole: decision.whole,
    }
}

fn pot_name(rulebook: &Rulebook, decision: &Decision) -> Option<String> {
    let pot = rulebook.pot(decision.pot)?;
    Some(pot.part_name(decision.stream))
}
