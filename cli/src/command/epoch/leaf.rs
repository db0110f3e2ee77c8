//! Leaves of an epoch from its published files, checked against the chain: what challenges ask for and answers show.

use cairn_epoch::ClaimFile;
use cairn_interface::vault::{ChallengeView, EpochStatus, EpochView, PoolView};
use cairn_merkle::{EpochNumber, LeafIndex};
use cairn_mirror::Wanted;
use solana_sdk::pubkey::Pubkey;

use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::membership::{check, member_claim};
use crate::published::Published;

/// The leaves of all members, below an epoch's folder.
const LEAVES: &str = "outputs/leaves.parquet";

/// The pool, its epoch of that number, which is in flight, and unix seconds on the cluster's clock.
pub(super) async fn in_flight(
    ctx: &Context,
    pool: &Pubkey,
    number: EpochNumber,
) -> Result<(PoolView, EpochView, i64), CliError> {
    let (pool, epoch, now) = chain::pool_and_epoch(ctx, pool, number).await?;
    open(&epoch)?;
    Ok((pool, epoch, now))
}

/// Refuses an epoch that is not in flight; nothing else is challenged or answered for.
pub(super) fn open(epoch: &EpochView) -> Result<(), CliError> {
    if matches!(
        epoch.status(),
        EpochStatus::Proposed | EpochStatus::Attested
    ) {
        return Ok(());
    }
    Err(CliError::refused(
        "epoch-not-open",
        format!("epoch {} is {}", epoch.number, epoch.status().name()),
        "see what is in flight with `cairn epoch list`",
    ))
}

/// The leaf at `index`, with a proof that leads to the root on chain.
pub(super) async fn at_index(
    files: &Published,
    epoch: &EpochView,
    pool: &PoolView,
    index: LeafIndex,
) -> Result<ClaimFile, CliError> {
    let number = EpochNumber::new(epoch.number);
    // Whose it is tells the list of leaves; its proof stands in that owner's claim file alone.
    let folder = files.epoch(number, Wanted::Files(&[LEAVES])).await?;
    let leaves = cairn_epoch::read_leaves(&folder)?;
    let owner = leaves
        .iter()
        .find(|leaf| leaf.index == index)
        .map(|leaf| Pubkey::new_from_array(leaf.owner));
    let claim = match owner {
        Some(owner) => member_claim(files, number, &owner).await?,
        None => None,
    };
    let Some(claim) = claim.filter(|claim| claim.index == index) else {
        return Err(CliError::refused(
            "leaf-missing",
            format!("the files of epoch {} hold no leaf {index}", epoch.number),
            "fetch the epoch's files from a keeper; without its leaf the epoch falls",
        ));
    };
    check(&claim, epoch, pool)?;
    Ok(claim)
}

/// Those at the index that was named, or all.
pub(super) fn named(
    challenges: Vec<ChallengeView>,
    index: Option<LeafIndex>,
) -> Vec<ChallengeView> {
    let mut named = challenges;
    named.retain(|challenge| index.is_none_or(|index| challenge.index == index.get()));
    named
}
