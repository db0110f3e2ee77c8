//! What is compared without recomputing: manifest, files, history and the figures on chain.

use std::path::Path;

use cairn_epoch::{FileEntry, Manifest, read_manifest, verify_files};
use cairn_interface::vault::{EpochRecord, EpochView, PoolView};
use cairn_merkle::fold_canopy;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use crate::address::Hash;
use crate::amount::{Amount, grouped};
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::utc;
use crate::published::Published;

/// One thing that was compared.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    pub what: &'static str,
    /// equal, differs or unknown.
    pub result: &'static str,
    pub detail: String,
}

pub(super) const EQUAL: &str = "equal";
pub(super) const DIFFERS: &str = "differs";
const UNKNOWN: &str = "unknown";

impl Check {
    pub(super) fn equal(what: &'static str, detail: impl Into<String>) -> Self {
        Self {
            what,
            result: EQUAL,
            detail: detail.into(),
        }
    }

    pub(super) fn differs(what: &'static str, detail: impl Into<String>) -> Self {
        Self {
            what,
            result: DIFFERS,
            detail: detail.into(),
        }
    }

    pub(super) fn unknown(what: &'static str, detail: impl Into<String>) -> Self {
        Self {
            what,
            result: UNKNOWN,
            detail: detail.into(),
        }
    }

    /// Compares two figures, in words.
    pub(super) fn of<T: PartialEq>(
        what: &'static str,
        files: &T,
        chain: &T,
        words: impl Fn(&T) -> String,
    ) -> Self {
        if files == chain {
            Self::equal(what, words(files))
        } else {
            Self::differs(
                what,
                format!(
                    "the files say {}, the chain says {}",
                    words(files),
                    words(chain)
                ),
            )
        }
    }
}

/// Sizes and hashes of all files.
pub(super) fn published(folder: &Path, manifest: &Manifest) -> Result<Check, CliError> {
    const NAME: &str = "files";
    match verify_files(folder, manifest) {
        Ok(()) => {
            let count = manifest.files().count();
            Ok(Check::equal(
                NAME,
                format!(
                    "{} files have the manifest's sizes and hashes",
                    grouped(count as u64)
                ),
            ))
        }
        Err(error) if error.is_evidence_of_fault() => Ok(Check::differs(NAME, error.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// What the manifest and the epoch's account both say. Of a closed epoch the account keeps the sums and the manifest's
/// hash, which is compared elsewhere and stands for the rest.
pub(super) fn figures(manifest: &Manifest, record: &EpochRecord, pool: &PoolView) -> Vec<Check> {
    let mut checks = sums(manifest, record, pool);
    match record {
        EpochRecord::Stored(epoch) => checks.extend(details(manifest, epoch)),
        EpochRecord::Closed(_) => checks.push(Check::unknown(
            "details",
            "the epoch is closed: period, counts, ruleset, code and canopy stand in the manifest alone, under its hash",
        )),
    }
    checks
}

fn count(number: &u64) -> String {
    grouped(*number)
}

fn sums(manifest: &Manifest, record: &EpochRecord, pool: &PoolView) -> Vec<Check> {
    let tokens = |base: &u64| Amount::new(*base, pool.decimals).grouped();
    let key = |bytes: &[u8; 32]| Pubkey::new_from_array(*bytes).to_string();
    let (points, credits) = match record {
        EpochRecord::Stored(epoch) => (epoch.points, epoch.credits),
        EpochRecord::Closed(epoch) => (epoch.points, epoch.credits),
    };
    vec![
        Check::of("pool", &manifest.epoch.pool, &pool.address.to_bytes(), key),
        Check::of(
            "network",
            &manifest.epoch.network,
            &pool.network.to_bytes(),
            key,
        ),
        Check::of("epoch", &manifest.epoch.number, &record.number(), count),
        Check::of(
            "root",
            &Hash(manifest.tree.root_hash),
            &Hash(record.root().hash),
            Hash::to_string,
        ),
        Check::of(
            "tokens",
            &manifest.tree.root_sum,
            &record.root().sum(),
            tokens,
        ),
        Check::of("points", &manifest.totals.points, &points, |points| {
            Amount::milli_points(*points).grouped()
        }),
        Check::of("credits", &manifest.totals.credits, &credits, count),
        Check::of(
            "members",
            &manifest.tree.leaf_count,
            &record.leaf_count(),
            |members| grouped((*members).into()),
        ),
    ]
}

fn details(manifest: &Manifest, epoch: &EpochView) -> Vec<Check> {
    let secs = |ms: i64| ms.div_euclid(1000);
    let period = |(start, end): &(i64, i64)| format!("{} to {}", utc(*start), utc(*end));
    let canopy = match fold_canopy(&epoch.canopy) {
        Ok(root) if epoch.canopy_complete && root == epoch.root => {
            Check::equal("canopy", "folds to the root on chain")
        }
        _ if !epoch.canopy_complete => Check::unknown("canopy", "is not complete yet"),
        _ => Check::differs("canopy", "does not fold to the root on chain"),
    };
    vec![
        Check::of(
            "period",
            &(
                secs(manifest.epoch.period_start_ms),
                secs(manifest.epoch.period_end_ms),
            ),
            &(epoch.period_start, epoch.period_end),
            period,
        ),
        Check::of(
            "proofs accepted",
            &manifest.accepted,
            &epoch.accepted,
            count,
        ),
        Check::of(
            "proofs rejected",
            &manifest.rejected,
            &epoch.rejected,
            count,
        ),
        Check::of(
            "ruleset",
            &Hash(manifest.ruleset.hash),
            &Hash(epoch.ruleset_hash),
            Hash::to_string,
        ),
        Check::of(
            "code",
            &Hash(manifest.code.hash),
            &Hash(epoch.code_hash),
            Hash::to_string,
        ),
        canopy,
    ]
}

/// Whether the epoch continues the one before: its manifest on chain, and its state byte for byte.
pub(super) async fn history(
    ctx: &Context,
    pool: &PoolView,
    manifest: &Manifest,
    files: &Published,
) -> Result<Check, CliError> {
    const NAME: &str = "history";
    let number = manifest.epoch.number;
    let Some(claimed) = manifest.epoch.previous_manifest else {
        return Ok(Check::equal(NAME, "the first epoch starts from nothing"));
    };
    let before = number.saturating_sub(1);
    let Some(previous) = chain::find_record(ctx, &pool.address, before).await? else {
        return Ok(Check::differs(
            NAME,
            format!("epoch {before} is not on chain"),
        ));
    };
    if claimed != previous.manifest_hash() {
        return Ok(Check::differs(
            NAME,
            format!(
                "the files continue manifest {}, the chain has {} for epoch {before}",
                Hash(claimed),
                Hash(previous.manifest_hash())
            ),
        ));
    }
    let Ok(folder) = files.epoch(before) else {
        return Ok(Check::unknown(
            NAME,
            format!("the files of epoch {before} are not here to compare its state"),
        ));
    };
    let (earlier, hash) = read_manifest(folder)?;
    if hash != claimed {
        return Ok(Check::differs(
            NAME,
            format!("the files of epoch {before} here are not those on chain"),
        ));
    }
    let state = |entries: &[FileEntry], name: &str| {
        entries
            .iter()
            .find(|entry| entry.name == name)
            .map(|entry| entry.sha256)
    };
    let handed_on = state(&earlier.outputs, "outputs/state.parquet");
    let carried = state(&manifest.inputs, "inputs/state.parquet");
    Ok(if handed_on.is_some() && handed_on == carried {
        Check::equal(
            NAME,
            format!("continues epoch {before}, state and manifest"),
        )
    } else {
        Check::differs(
            NAME,
            format!("the state carried in is not the one epoch {before} handed on"),
        )
    })
}
