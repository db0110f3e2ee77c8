//! The epoch computed once more from its inputs, by the code that keepers run.

use std::path::{Path, PathBuf};

use cairn_epoch::{Comparison, EpochError, read_leaves, recompute};
use cairn_interface::vault::EpochRecord;
use cairn_merkle::{LeafIndex, RewardLeaf};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::check::Check;
use crate::address::{Address, Hash};
use crate::context::Context;
use crate::error::CliError;
use crate::steps::Steps;

/// A member whose published amounts are not the recomputed ones.
#[derive(Clone, Debug, Serialize)]
pub struct LeafDifference {
    pub index: LeafIndex,
    pub owner: Address,
    /// owner, tokens, milli_points or credits; "member" when one side has none at this index.
    pub field: &'static str,
    pub published: String,
    pub recomputed: String,
}

/// A folder for what is recomputed.
pub(in crate::command) fn scratch() -> Result<tempfile::TempDir, CliError> {
    tempfile::tempdir().map_err(|error| {
        CliError::refused(
            "files-io",
            format!("no temporary folder could be made: {error}"),
            "check that the temporary folder (TMPDIR) exists, is writable and has room",
        )
    })
}

/// Recomputes an epoch for whoever signs it.
///
/// # Errors
/// Inputs that can not be computed with.
pub(in crate::command) async fn compared(
    ctx: &Context,
    folder: &Path,
) -> Result<Comparison, CliError> {
    Ok(recomputed(ctx, folder, scratch()?.path()).await?)
}

/// Recomputes everything from the inputs. The second value says whether anything differs. An epoch in the place of a revoked one
/// is on chain nowhere.
pub(super) async fn again(
    ctx: &Context,
    folder: &Path,
    scratch: &Path,
    epoch: Option<&EpochRecord>,
) -> Result<(Vec<Check>, bool), CliError> {
    const NAME: &str = "recomputation";
    let comparison = match recomputed(ctx, folder, scratch).await {
        Ok(comparison) => comparison,
        Err(error) if error.is_evidence_of_fault() => {
            return Ok((vec![Check::differs(NAME, error.to_string())], true));
        }
        Err(error) => return Err(error.into()),
    };
    let mut checks = vec![match &comparison.difference {
        None => Check::equal(NAME, "the same bytes in every output"),
        Some(difference) => Check::differs(NAME, difference.to_string()),
    }];
    let Some(epoch) = epoch else {
        return Ok((checks, comparison.difference.is_some()));
    };
    // Absent when an input already differs: then nothing was computed from it.
    if let Some(closed) = &comparison.closed {
        checks.push(Check::of(
            "recomputed root",
            &Hash(closed.root.hash),
            &Hash(epoch.root().hash),
            Hash::to_string,
        ));
    }
    if let Some(hash) = comparison.recomputed_hash {
        checks.push(Check::of(
            "recomputed manifest",
            &Hash(hash),
            &Hash(epoch.manifest_hash()),
            Hash::to_string,
        ));
    }
    Ok((checks, comparison.difference.is_some()))
}

async fn recomputed(
    ctx: &Context,
    folder: &Path,
    scratch: &Path,
) -> Result<Comparison, EpochError> {
    let (folder, scratch): (PathBuf, PathBuf) = (folder.into(), scratch.into());
    let progress = Steps::new(ctx.talk.as_ref(), "recomputing".to_owned());
    // Minutes of computing: beside the runtime, which keeps its connections alive meanwhile.
    let work = tokio::task::spawn_blocking(move || recompute(&folder, &scratch, &progress));
    match work.await {
        Ok(result) => result,
        // Only a panic in the computation ends up here; it is not ours to hide.
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}

/// Members whose leaves differ, up to `limit`, and how many there are. Nothing when either side has no readable leaves:
/// then the recomputation has said why.
pub(super) fn leaf_differences(
    folder: &Path,
    scratch: &Path,
    limit: usize,
) -> (Vec<LeafDifference>, usize) {
    let (Ok(published), Ok(recomputed)) = (read_leaves(folder), read_leaves(scratch)) else {
        return (Vec::new(), 0);
    };
    let all: Vec<LeafDifference> = (0..published.len().max(recomputed.len()))
        .filter_map(|at| leaf_difference(published.get(at), recomputed.get(at)))
        .collect();
    let count = all.len();
    (all.into_iter().take(limit).collect(), count)
}

fn leaf_difference(
    published: Option<&RewardLeaf>,
    recomputed: Option<&RewardLeaf>,
) -> Option<LeafDifference> {
    let any = published.or(recomputed)?;
    let tell = |field: &'static str, published: String, recomputed: String| {
        Some(LeafDifference {
            index: any.index,
            owner: Pubkey::new_from_array(any.owner).into(),
            field,
            published,
            recomputed,
        })
    };
    let (Some(left), Some(right)) = (published, recomputed) else {
        let here = |leaf: Option<&RewardLeaf>| leaf.map_or("none", |_| "present").to_owned();
        return tell("member", here(published), here(recomputed));
    };
    if left.owner != right.owner {
        let owner = |leaf: &RewardLeaf| Pubkey::new_from_array(leaf.owner).to_string();
        return tell("owner", owner(left), owner(right));
    }
    if left.tokens != right.tokens {
        return tell("tokens", left.tokens.to_string(), right.tokens.to_string());
    }
    if left.points != right.points {
        let (left, right) = (left.points.to_string(), right.points.to_string());
        return tell("milli_points", left, right);
    }
    if left.credits != right.credits {
        let (left, right) = (left.credits.to_string(), right.credits.to_string());
        return tell("credits", left, right);
    }
    None
}
