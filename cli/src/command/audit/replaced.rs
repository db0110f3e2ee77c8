//! Revoked epochs: the files in a revoked one's place are named by the correction after it, not by an account of their own.

use cairn_epoch::{Input, Manifest};
use cairn_interface::vault::{EpochRecord, EpochStatus};
use cairn_merkle::EpochNumber;

use super::check::{Check, Found};
use crate::address::Hash;
use crate::error::CliError;
use crate::published::Published;

/// Whether the epoch before one with `manifest` was revoked. A closed account no longer says so; then the one after it does, and
/// the chain's past is held against that.
pub(super) fn was_revoked(record: &EpochRecord, manifest: &Manifest) -> bool {
    match record {
        EpochRecord::Stored(epoch) => epoch.status() == EpochStatus::Revoked,
        EpochRecord::Closed(_) => Input::Taken.is_among(&manifest.inputs),
    }
}

/// Whether files with the manifest `hash` take the place of a revoked epoch: its own are audited as any epoch's.
pub(super) async fn is_replacement(
    files: &Published,
    record: &EpochRecord,
    hash: [u8; 32],
) -> Result<bool, CliError> {
    if hash == record.manifest_hash() {
        return Ok(false);
    }
    if let EpochRecord::Stored(epoch) = record {
        return Ok(epoch.status() == EpochStatus::Revoked);
    }
    let next = record.number().next().unwrap_or(EpochNumber::MAX);
    if !files.has(next) {
        return Ok(false);
    }
    Ok(was_revoked(record, &files.manifest(next).await?.0))
}

/// Whether the correction goes on from these files.
pub(super) async fn named(
    files: &Published,
    number: EpochNumber,
    hash: [u8; 32],
    correction: Option<&EpochRecord>,
) -> Result<Check, CliError> {
    const NAME: &str = "manifest";
    let next = number.next().unwrap_or(EpochNumber::MAX);
    let Some(record) = correction.filter(|_| files.has(next)) else {
        let told = format!(
            "epoch {number} was revoked; epoch {next}, which names what takes its place, is not on chain or not here"
        );
        return Ok(Check::unknown(NAME, told));
    };
    let (manifest, found) = files.manifest(next).await?;
    // A correction that was revoked in its turn is named by the one after it.
    if found != record.manifest_hash() && !is_replacement(files, record, found).await? {
        let told = format!("the files of epoch {next} here are not those on chain");
        return Ok(Check::unknown(NAME, told));
    }
    let previous = manifest.epoch.previous_manifest;
    Ok(if previous == Some(hash) {
        Check::equal(
            NAME,
            format!(
                "{}: takes the place of the revoked root, as epoch {next} says",
                Hash(hash)
            ),
        )
    } else {
        let named = previous.map_or_else(|| "none".to_owned(), |hash| Hash(hash).to_string());
        Check::differs(
            NAME,
            format!(
                "the files say {}, epoch {next} goes on from {named}",
                Hash(hash)
            ),
        )
    })
}

/// What became of the files that a correction goes on from.
pub(super) fn before(number: EpochNumber, found: Found, verdict: &str) -> Check {
    const NAME: &str = "replaced epoch";
    let told = |what: &str| format!("epoch {number}, which was revoked, as computed again: {what}");
    match found {
        Found::Equal => Check::equal(NAME, told("equal in everything")),
        Found::Unknown => Check::unknown(NAME, told(verdict)),
        Found::Differs => Check::differs(NAME, told(verdict)),
    }
}
