use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bytes::Bytes;
use cairn_merkle::{Node, RewardLeaf, canopy_depth_for};
use cairn_proof::Reason;
use cairn_rules::Engine;
use cairn_tree::Tree;

use crate::EpochError;
use crate::claim::{encode_list, write_claims};
use crate::decide::decide;
use crate::decision::{Decision, encode_decisions};
use crate::disk::{Disk, Kept, create_folders, keep_all, write_whole};
use crate::envelope::Gate;
use crate::facts::Facts;
use crate::folder::{CLAIM_LIST, EpochFolder, SUMMARY};
use crate::frozen::{Frozen, entry, read_evidence};
use crate::ledger::{encode_leaves, leaves};
use crate::manifest::{
    ClaimsEntry, CodeEntry, EpochEntry, FileEntry, MANIFEST_FORMAT, Manifest, PotEntry,
    RulesetEntry, Totals, TreeEntry,
};
use crate::payee::{link, linked_before};
use crate::pipeline::{PIPELINE, code_hash};
use crate::progress::{Progress, Step};
use crate::reckon::{Reckoned, reckon};
use crate::replay::settle;
use crate::state::{FOLDERS, State};
use crate::summary::Summary;

/// A closed epoch: everything a proposal on chain needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    pub manifest: Manifest,
    pub manifest_hash: [u8; 32],
    pub root: Node,
    pub leaf_count: u32,
    pub depth: u8,
    /// Levels of the canopy: the pool's wish, or the whole depth of a smaller tree.
    pub canopy_depth: u8,
    /// The 2^`canopy_depth` nodes to store on chain, left to right.
    pub canopy: Vec<Node>,
    pub totals: Totals,
    pub accepted: u64,
    pub rejected: u64,
    /// Refusals by reason, without zeros.
    pub rejected_by_reason: BTreeMap<Reason, u64>,
}

/// `cairn/pipeline/5`: computes the epoch whose inputs stand in `from` into `to`.
pub(crate) fn derive(
    from: &EpochFolder,
    to: &EpochFolder,
    engine: Engine,
    disk: &dyn Disk,
    progress: &dyn Progress,
) -> Result<Closed, EpochError> {
    clear(to, disk)?;
    progress.begin(Step::ReadInputs, 0);
    let frozen = Frozen::read(from)?;
    let Judged {
        decisions,
        mut next,
        segments,
    } = judge(from, &frozen, engine, progress)?;

    progress.begin(Step::SumLedger, decisions.len() as u64);
    let Reckoned { pots, totals, paid } = reckon(&frozen, &decisions, &mut next)?;
    let leaves = leaves(&frozen.epoch.pool, &next.members);

    progress.begin(Step::BuildTree, leaves.len() as u64);
    let tree = Tree::build(&frozen.epoch.pool, &leaves)?;
    let canopy_depth = canopy_depth_for(frozen.epoch.canopy_depth, tree.depth());

    progress.begin(Step::WriteClaims, leaves.len() as u64);
    let files = write_claims(disk, to, &frozen.epoch, &leaves, &tree)?;
    let claims = ClaimsEntry::of(&files).ok_or(EpochError::Overflow {
        what: "the size of all claim files",
    })?;
    let summary = Summary::of(&frozen, &decisions, paid, &next)?;
    let written = [
        (SUMMARY, summary.to_bytes()?),
        (CLAIM_LIST, encode_list(&to.claim_list(), &files)?),
    ];
    let outputs = write_outputs(disk, to, &decisions, &leaves, &next, written)?;

    progress.begin(Step::WriteManifest, 0);
    let tree_entry = TreeEntry {
        canopy_depth,
        depth: tree.depth(),
        leaf_count: tree.leaf_count(),
        root_hash: tree.root().hash,
        root_sum: tree.root().sum(),
    };
    let files = Files {
        segments,
        claims,
        outputs,
    };
    let manifest = manifest_of(frozen, files, &decisions, pots, totals, tree_entry);
    // A manifest that outlived a power cut which its files did not would be a closed epoch with empty files.
    let kept = keep_all(disk, to.root())?;
    write_manifest(disk, to, &kept, &manifest)?;
    closed(manifest, tree.canopy(canopy_depth)?)
}

/// What the evidence came to.
struct Judged {
    decisions: Vec<Decision>,
    /// The next state, without its ledger and what waits for it, or is owed besides.
    next: State,
    segments: Vec<FileEntry>,
}

fn judge(
    from: &EpochFolder,
    frozen: &Frozen,
    engine: Engine,
    progress: &dyn Progress,
) -> Result<Judged, EpochError> {
    progress.begin(Step::ReadEvidence, 0);
    let mut cases = Vec::new();
    let gate = Gate::new(
        &frozen.epoch,
        frozen.period,
        &frozen.rulebook,
        &frozen.devices,
        &frozen.anchors,
    );
    let segments = read_evidence(from, |rows| {
        cases.extend(gate.check(rows));
        progress.advance(cases.len() as u64);
    })?;
    let (order, signers) = settle(&mut cases, &frozen.carried.signers);

    progress.begin(Step::RunRules, order.len() as u64);
    let linked = linked_before(frozen, &cases);
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
    let mut decided = decide(engine, &frozen.epoch, &frozen.period, &facts, signers)?;
    decided.next.links = link(&frozen.carried.links, &cases, &decided.decisions)?;
    Ok(Judged {
        decisions: decided.decisions,
        next: decided.next,
        segments,
    })
}

/// Nothing of an earlier run may be taken for a result of this one.
fn clear(to: &EpochFolder, disk: &dyn Disk) -> Result<(), EpochError> {
    let absent_is_fine = |path: &Path, result: std::io::Result<()>| match result {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(EpochError::io("remove", path, source))
        }
        _ => Ok(()),
    };
    // The manifest first, and kept gone before anything else goes: without it the rest is not a closed epoch.
    let manifest = to.manifest();
    let removed = fs::remove_file(&manifest);
    if removed.is_ok() {
        disk.sync(to.root())
            .map_err(|source| EpochError::io("sync", to.root(), source))?;
    }
    absent_is_fine(&manifest, removed)?;
    let outputs = to.outputs();
    absent_is_fine(&outputs, fs::remove_dir_all(&outputs))?;
    create_folders(disk, &outputs)?;
    for folder in FOLDERS {
        create_folders(disk, &outputs.join(folder))?;
    }
    Ok(())
}

fn write_outputs(
    disk: &dyn Disk,
    to: &EpochFolder,
    decisions: &[Decision],
    leaves: &[RewardLeaf],
    next: &State,
    written: [(&str, Vec<u8>); 2],
) -> Result<Vec<FileEntry>, EpochError> {
    let tables = [
        (
            "outputs/decisions.parquet",
            encode_decisions(&to.decisions(), decisions)?,
        ),
        (
            "outputs/leaves.parquet",
            encode_leaves(&to.leaves(), leaves)?,
        ),
    ];
    let mut outputs = Vec::new();
    for (name, bytes) in tables.into_iter().chain(written) {
        outputs.push(write(disk, to, name, &bytes)?);
    }
    for (name, bytes) in next.encode(&to.outputs())? {
        outputs.push(write(disk, to, &format!("outputs/{name}"), &bytes)?);
    }
    outputs.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(outputs)
}

/// Writes an output. Not synced one by one: all are before the manifest names them.
fn write(
    disk: &dyn Disk,
    to: &EpochFolder,
    name: &str,
    bytes: &[u8],
) -> Result<FileEntry, EpochError> {
    let path = to.root().join(name);
    disk.write(&path, bytes)
        .map_err(|source| EpochError::io("write", &path, source))?;
    entry(&path, name.to_owned(), &Bytes::copy_from_slice(bytes))
}

/// Writes the manifest, whose files `kept` says are on disk.
fn write_manifest(
    disk: &dyn Disk,
    to: &EpochFolder,
    kept: &Kept,
    manifest: &Manifest,
) -> Result<(), EpochError> {
    debug_assert_eq!(kept.root(), to.root());
    Ok(write_whole(disk, &to.manifest(), &manifest.to_bytes()?)?)
}

/// What the manifest names beside the inputs that were read first.
struct Files {
    segments: Vec<FileEntry>,
    claims: ClaimsEntry,
    outputs: Vec<FileEntry>,
}

fn manifest_of(
    frozen: Frozen,
    files: Files,
    decisions: &[Decision],
    pots: Vec<PotEntry>,
    totals: Totals,
    tree: TreeEntry,
) -> Manifest {
    let mut inputs = frozen.files;
    inputs.extend(files.segments);
    inputs.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let mut reasons: BTreeMap<String, u64> = Reason::ALL
        .iter()
        .map(|reason| (reason.name().to_owned(), 0))
        .collect();
    for decision in decisions {
        *reasons
            .entry(decision.reason.name().to_owned())
            .or_default() += 1;
    }
    let received = decisions.len() as u64;
    let accepted = reasons.get(Reason::Ok.name()).copied().unwrap_or(0);
    Manifest {
        accepted,
        claims: files.claims,
        code: CodeEntry {
            hash: code_hash(PIPELINE),
            pipeline: PIPELINE.to_owned(),
        },
        epoch: EpochEntry {
            emission: frozen.rulebook.emission(),
            network: frozen.epoch.network,
            number: frozen.epoch.number,
            period_end_ms: frozen.period.end_ms,
            period_start_ms: frozen.period.start_ms,
            pool: frozen.epoch.pool,
            previous_manifest: frozen.epoch.previous_manifest,
        },
        format: MANIFEST_FORMAT.to_owned(),
        inputs,
        outputs: files.outputs,
        pots,
        reasons,
        received,
        rejected: received - accepted,
        ruleset: RulesetEntry {
            hash: frozen.rulebook.hash(),
            version: frozen.rulebook.version(),
        },
        totals,
        tree,
    }
}

fn closed(manifest: Manifest, canopy: Vec<Node>) -> Result<Closed, EpochError> {
    let rejected_by_reason = Reason::ALL
        .iter()
        .filter(|reason| !reason.is_accepted())
        .map(|reason| (*reason, manifest.count(*reason)))
        .filter(|(_, count)| *count > 0)
        .collect();
    Ok(Closed {
        manifest_hash: manifest.hash()?,
        root: manifest.tree.root(),
        leaf_count: manifest.tree.leaf_count,
        depth: manifest.tree.depth,
        canopy_depth: manifest.tree.canopy_depth,
        canopy,
        totals: manifest.totals,
        accepted: manifest.accepted,
        rejected: manifest.rejected,
        rejected_by_reason,
        manifest,
    })
}
