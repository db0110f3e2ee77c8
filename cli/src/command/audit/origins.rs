//! Every frozen input of an epoch against where it comes from, by the checker that keepers ask before they attest.

use std::path::Path;

use cairn_epoch::{Anchor, EpochFolder, Manifest, read_manifest};
use cairn_interface::vault::{EpochRecord, PoolView};
use cairn_merkle::EpochNumber;
use cairn_origin::{
    Before, Figure, Finding, Known, Measure, OriginError, Outcome, Published as Epoch,
};
use solana_sdk::pubkey::Pubkey;

use super::check::Check;
use crate::address::Hash;
use crate::amount::{grouped, of_credits, of_points, of_tokens};
use crate::context::Context;
use crate::error::CliError;
use crate::moment::utc;
use crate::published::Published;

/// What is asked: the epoch, its files, and blocks that the auditor knows of.
pub(super) struct Asked<'a> {
    pub pool: &'a PoolView,
    pub epoch: &'a EpochRecord,
    /// The epoch before, as it was found together with this one.
    pub last: Option<&'a (EpochNumber, EpochRecord)>,
    pub folder: &'a Path,
    pub manifest: &'a Manifest,
    pub files: &'a Published,
    pub anchors: &'a [Anchor],
    /// The rules that the auditor expects; without them the hash on chain is all they are held against.
    pub ruleset: Option<&'a Path>,
}

/// Figures and inputs, each with what it was held against.
///
/// # Errors
/// A node that can not be asked. A file that can not be read is a finding.
pub(super) async fn check(ctx: &Context, asked: Asked<'_>) -> Result<Vec<Check>, CliError> {
    let folder = EpochFolder::new(asked.folder);
    let before = before(&asked)?;
    let found = cairn_origin::check(
        ctx.ledger.as_ref(),
        Epoch {
            folder: &folder,
            manifest: asked.manifest,
            epoch: asked.epoch,
            pool: asked.pool,
        },
        Known {
            anchors: asked.anchors,
            ruleset: asked.ruleset,
            before: before.as_ref().map(|(manifest_hash, manifest)| Before {
                manifest_hash: *manifest_hash,
                manifest: manifest.as_ref(),
            }),
        },
    )
    .await;
    let figures = cairn_origin::figures(asked.manifest, asked.epoch, asked.pool);
    let mut checks: Vec<Check> = figures
        .iter()
        .map(|figure| figure_check(figure, asked.pool))
        .collect();
    match found {
        Ok(findings) => {
            let told =
                |finding: &&Finding| figures.iter().all(|figure| figure.name != finding.what);
            checks.extend(findings.iter().filter(told).map(finding_check));
        }
        Err(OriginError::Epoch(error)) if error.is_evidence_of_fault() => {
            checks.push(Check::differs("inputs", error.to_string()));
        }
        Err(OriginError::Epoch(error)) => return Err(error.into()),
        Err(OriginError::Client(error)) => return Err(error.into()),
        Err(error @ OriginError::NoNetwork { .. }) => {
            checks.push(Check::differs("network", error.to_string()));
        }
    }
    Ok(checks)
}

/// An epoch's manifest's hash, and the manifest of that hash where it is at hand.
type Past = ([u8; 32], Option<Manifest>);

/// The epoch before: its manifest's hash on chain, and its manifest where its files are here and of that hash.
fn before(asked: &Asked<'_>) -> Result<Option<Past>, CliError> {
    let Some((last, record)) = asked.last else {
        return Ok(None);
    };
    let hash = record.manifest_hash();
    let manifest = match asked.files.epoch(*last) {
        Ok(folder) => Some(read_manifest(folder)?)
            .filter(|(_, found)| *found == hash)
            .map(|(manifest, _)| manifest),
        Err(_) => None,
    };
    Ok(Some((hash, manifest)))
}

fn figure_check(figure: &Figure, pool: &PoolView) -> Check {
    Check::of(figure.name, &figure.files, &figure.chain, |measure| {
        words(*measure, pool)
    })
}

fn words(measure: Measure, pool: &PoolView) -> String {
    match measure {
        Measure::Count(number) => grouped(number),
        Measure::Epoch(number) => grouped(number.get()),
        Measure::Tokens(tokens) => of_tokens(tokens, pool.decimals).grouped(),
        Measure::MilliPoints(points) => of_points(points).grouped(),
        Measure::Credits(credits) => of_credits(credits),
        Measure::Hash(hash) => Hash(hash).to_string(),
        Measure::Key(key) => Pubkey::new_from_array(key).to_string(),
        Measure::Period(start, end) => format!("{} to {}", utc(start), utc(end)),
    }
}

fn finding_check(finding: &Finding) -> Check {
    match &finding.outcome {
        Outcome::Equal(detail) => Check::equal(finding.what, detail),
        Outcome::Unknown(reason) => Check::unknown(finding.what, reason),
        Outcome::Gone(reason) => Check::gone(finding.what, reason),
        Outcome::Differs(fault) => Check::differs(finding.what, fault.to_string()),
    }
}
