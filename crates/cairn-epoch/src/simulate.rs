//! What a proof would have earned that nobody handed in: the epoch's own inputs, rules and order, with one proof more.

use std::path::Path;

use cairn_merkle::{EpochNumber, MilliPoints, Tokens};
use cairn_proof::{ProofV1, Reason, RoleSignature, Scheme, SignedProof};
use cairn_rules::Engine;

use crate::EpochError;
use crate::allot::{Allotment, divisor};
use crate::decide::decide;
use crate::decision::{Decision, read_decisions};
use crate::envelope::Gate;
use crate::evidence::{Content, Evidence};
use crate::facts::Facts;
use crate::folder::EpochFolder;
use crate::frozen::{Frozen, read_evidence};
use crate::manifest::PotEntry;
use crate::payee::{Payee, Payees, link, linked_before};
use crate::progress::{Progress, Step};
use crate::reckon::give;
use crate::replay::settle;
use crate::ruleset::kind_rules;
use crate::worth::Worth;

/// What became of a proof that was thought of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulated {
    pub epoch: EpochNumber,
    pub decision: Decision,
    /// The rule that decided, in the ruleset's words, with its numbers.
    pub rule: String,
    /// The part of the emission that pays, with this proof in it; none when it pays no points.
    pub pot: Option<PotEntry>,
    /// What that part is divided by, in milli-points; 1 for none.
    pub divisor: u128,
    /// What the one who is paid would have been given more, over all of their proofs.
    pub tokens: Tokens,
    /// Whether they are a member, or become one by it; else what they earned waits.
    pub is_member: bool,
    /// Whether they are an identity without a wallet: what it earns is kept for it.
    pub is_unlinked: bool,
    /// Proofs that did come in and would have been decided otherwise beside it.
    pub others_changed: u64,
    /// What the rules of its kind refuse proofs for, in the ruleset's words; … stands for what is found and what is allowed.
    pub refusals: Vec<(Reason, String)>,
}

/// A time and a block in an epoch that a proof can be made at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub epoch: EpochNumber,
    pub network: [u8; 32],
    pub ruleset: u16,
    pub observed_at_ms: i64,
    pub anchor_slot: u64,
    pub anchor_hash: [u8; 32],
}

/// Where a proof of now would stand in the closed epoch in `dir`: at `at_ms`, else at its last frozen block.
///
/// # Errors
/// Inputs that can not be read; [`EpochError::NothingFound`] when no block that old was frozen.
pub fn moment(dir: &Path, at_ms: Option<i64>) -> Result<Moment, EpochError> {
    let frozen = Frozen::read(&EpochFolder::new(dir))?;
    let end = frozen.period.end_ms;
    let until = at_ms.unwrap_or(end.saturating_sub(1));
    let before = frozen
        .anchors
        .iter()
        .filter(|anchor| anchor.unix_ms <= until);
    let anchor = before
        .max_by_key(|anchor| anchor.unix_ms)
        .ok_or_else(|| EpochError::NothingFound(format!("a block before {until} ms")))?;
    Ok(Moment {
        epoch: frozen.epoch.number,
        network: frozen.epoch.network,
        ruleset: frozen.rulebook.version(),
        observed_at_ms: at_ms.unwrap_or_else(|| anchor.unix_ms.max(frozen.period.start_ms)),
        anchor_slot: anchor.slot,
        anchor_hash: anchor.hash,
    })
}

/// Decides about `proof` as if it had come in at `received_at_ms`, signed by everybody who must, beside everything that did
/// come in for the closed epoch in `dir`.
///
/// # Errors
/// Whatever computing the epoch again meets.
pub fn simulate(
    dir: &Path,
    proof: &ProofV1,
    received_at_ms: i64,
    progress: &dyn Progress,
) -> Result<Simulated, EpochError> {
    let folder = EpochFolder::new(dir);
    let published = read_decisions(dir)?;
    progress.begin(Step::ReadInputs, 0);
    let frozen = Frozen::read(&folder)?;
    let gate = Gate::new(
        &frozen.epoch,
        frozen.period,
        &frozen.rulebook,
        &frozen.devices,
        &frozen.anchors,
    );
    progress.begin(Step::ReadEvidence, 0);
    let mut cases = Vec::new();
    read_evidence(&folder, |rows| {
        cases.extend(gate.check(rows));
        progress.advance(cases.len() as u64);
    })?;
    let ordinal = cases.len();
    cases.push(gate.presume(Evidence {
        ordinal: ordinal as u64,
        received_at_ms,
        content: Content::Proof(signed_by_all(proof)),
    }));
    let (order, signers) = settle(&mut cases, &frozen.carried.signers);

    progress.begin(Step::RunRules, order.len() as u64);
    let linked = linked_before(&frozen, &cases);
    let facts = Facts {
        rulebook: &frozen.rulebook,
        devices: &frozen.devices,
        leaves: &frozen.leaves,
        burns: &frozen.burns,
        carried: &frozen.carried,
        linked: &linked,
        cases: &cases,
        order: &order,
    };
    let engine = Engine::default();
    let decided = decide(engine, &frozen.epoch, &frozen.period, &facts, signers)?;
    let decision = *decided
        .decisions
        .get(ordinal)
        .ok_or_else(|| EpochError::Decisions("the proof was not decided about".to_owned()))?;

    progress.begin(Step::SumLedger, decided.decisions.len() as u64);
    let links = link(&frozen.carried.links, &cases, &decided.decisions)?;
    let payees = Payees::of(&frozen, &decided.next.signers, &links);
    let without = give(&frozen, &payees, &published)?.allotment;
    let with = give(&frozen, &payees, &decided.decisions)?.allotment;
    let payee = decision.beneficiary.map(|owner| payees.payee(&owner));
    let key = payee.map(Payee::key);
    let earned = |side: &Allotment| Some(side.earned.get(&key?)?.tokens);
    let (had, has) = (earned(&without), earned(&with));
    let part = frozen
        .rulebook
        .pot(decision.pot)
        .filter(|_| decision.milli_points > MilliPoints::ZERO);
    let worth = part.and_then(|pot| Worth::of(pot, &frozen.rulebook));
    let pot = part
        .map(|pot| pot.part_name(decision.stream))
        .and_then(|name| with.pots.iter().find(|pot| pot.name == name).cloned());
    let divisor = pot.as_ref().map_or(Ok(1), |pot| {
        divisor(
            pot.emission,
            pot.milli_points,
            pot.floor_milli_points,
            worth,
        )
    })?;
    Ok(Simulated {
        epoch: frozen.epoch.number,
        rule: frozen
            .rulebook
            .explain(decision.reason, decision.found, decision.bound),
        pot,
        divisor,
        tokens: has
            .unwrap_or_default()
            .saturating_sub(had.unwrap_or_default()),
        is_member: has.is_some()
            || frozen
                .carried
                .members
                .iter()
                .any(|member| Some(member.owner) == key),
        is_unlinked: matches!(payee, Some(Payee::Unlinked(_))),
        others_changed: published
            .iter()
            .zip(&decided.decisions)
            .filter(|(before, after)| before != after)
            .count() as u64,
        refusals: kind_rules(frozen.rulebook.ruleset())
            .into_iter()
            .filter(|rules| rules.kind == proof.kind())
            .flat_map(|rules| rules.reasons)
            .map(|reason| (reason, frozen.rulebook.words(reason)))
            .collect(),
        decision,
    })
}

/// Whoever may sign is taken to have signed: what stands there is never verified.
fn signed_by_all(proof: &ProofV1) -> SignedProof {
    let mut signed = SignedProof::new(proof.clone());
    for role in proof.kind().roles() {
        // Two keys may have to sign in one role; what is too much nobody looks at.
        for at in 0..2 {
            signed.attach(RoleSignature {
                role: *role,
                scheme: Scheme::Ed25519,
                signature: [at; 64],
            });
        }
    }
    signed
}
