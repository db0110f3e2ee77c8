//! Tokens shared by the points of a published epoch, whose files are compared with their manifest and the chain first.

use std::fs;
use std::path::Path;

use cairn_campaign::{Dust, Recipients, Shared, Sharing, Source, share};
use cairn_epoch::{EpochFolder, read_leaves, read_manifest};
use cairn_merkle::{EpochNumber, MilliPoints, Tokens};
use cairn_mirror::Wanted;
use serde::Serialize;
use sha2::{Digest, Sha256};
use solana_sdk::pubkey::Pubkey;

use super::watch::Watch;
use super::{Args, unreadable};
use crate::amount::{Amount, of_tokens, read_points, read_tokens};
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::published::Published;

/// What sharing by points came to.
#[derive(Clone, Debug, Serialize)]
pub struct PointsShared {
    pub epoch: EpochNumber,
    pub eligible: u64,
    pub too_small: u64,
    pub capped: u64,
    pub capped_off: Amount,
    pub dust: Amount,
}

/// The recipients by the points of the epoch in `points`.
///
/// # Errors
/// Files that are missing or differ from what was published; an amount that is none; nobody with points.
pub(super) async fn from_points(
    ctx: &Context,
    args: &Args,
    points: &Path,
    decimals: u8,
    watch: &Watch,
) -> Result<(Recipients, Source, Option<PointsShared>), CliError> {
    let published = Published::open(ctx, &points.into()).await?;
    let Some(number) = args.epoch.or(published.newest()) else {
        return Err(CliError::argument(
            "one claims file does not hold everybody's points",
            "name an epoch's folder with --points",
        ));
    };
    let wanted = Wanted::Files(&["outputs/leaves.parquet"]);
    let folder = published.epoch(number, wanted).await?;
    let folder = folder.as_path();
    let (manifest, manifest_hash) = read_manifest(folder)?;
    check_leaves(folder, &manifest)?;
    let pool = Pubkey::new_from_array(manifest.epoch.pool);
    if !args.offline {
        check_on_chain(ctx, &pool, number, &manifest_hash).await?;
    }
    let amount = |text: &Option<String>, what| {
        let text = text.as_deref();
        text.map(|text| read_tokens(what, text, decimals))
            .transpose()
    };
    let tokens = amount(&args.tokens, "--tokens")?.unwrap_or_default();
    let cap = amount(&args.cap, "--cap")?;
    let min_points = args.min_points.as_deref();
    let min_points = min_points
        .map(|text| read_points("--min-points", text))
        .transpose()?;
    let sharing = Sharing {
        tokens,
        min_points: min_points.unwrap_or_default(),
        cap,
        dust: if args.leave_dust {
            Dust::Unallocated
        } else {
            Dust::LargestRemainder
        },
        locked_bps: args.locked.unwrap_or(0),
    };
    let owners: Vec<([u8; 32], MilliPoints)> = read_leaves(folder)?
        .iter()
        .map(|leaf| (leaf.owner, leaf.points))
        .collect();
    let Shared {
        recipients,
        eligible,
        too_small,
        capped,
        capped_off,
        dust,
        ..
    } = share(&owners, sharing, watch)?;
    let source = Source::Points {
        cap: cap.unwrap_or(Tokens::MAX),
        capped_off,
        dust,
        epoch: number,
        manifest_hash,
        min_milli_points: sharing.min_points,
        pool: pool.to_bytes(),
        tokens,
    };
    let shared = PointsShared {
        epoch: number,
        eligible,
        too_small,
        capped,
        capped_off: of_tokens(capped_off, decimals),
        dust: of_tokens(dust, decimals),
    };
    Ok((recipients, source, Some(shared)))
}

/// Compares the leaves with the manifest that names them: points that were edited would be paid.
fn check_leaves(folder: &Path, manifest: &cairn_epoch::Manifest) -> Result<(), CliError> {
    let path = EpochFolder::new(folder).leaves();
    let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    let listed = manifest
        .outputs
        .iter()
        .find(|entry| entry.name == "outputs/leaves.parquet");
    if listed.is_some_and(|entry| entry.sha256 == hash) {
        return Ok(());
    }
    Err(CliError::refused(
        "files-differ",
        format!("{} is not the file its manifest names", path.display()),
        "fetch the epoch's folder again from a keeper",
    ))
}

/// Compares the manifest with the one the epoch's account names.
async fn check_on_chain(
    ctx: &Context,
    pool: &Pubkey,
    number: EpochNumber,
    manifest_hash: &[u8; 32],
) -> Result<(), CliError> {
    match chain::find_epoch(ctx, pool, number).await? {
        Some(epoch) if epoch.manifest_hash == *manifest_hash => Ok(()),
        Some(_) => Err(CliError::refused(
            "files-differ",
            format!("the chain names another manifest for epoch {number} of pool {pool}"),
            "fetch the epoch's folder again from a keeper; `cairn audit epoch` names where they differ",
        )),
        None => {
            ctx.talk.note(&format!(
                "Epoch {number} of pool {pool} is not on this chain, so its files were compared with their own manifest only."
            ));
            Ok(())
        }
    }
}
