//! Every frozen input of an epoch against where it comes from, by the checker that keepers ask before they attest.

use std::path::Path;

use cairn_epoch::{Anchor, EpochFolder, Manifest};
use cairn_interface::vault::{EpochRecord, PoolView};
use cairn_merkle::EpochNumber;
use cairn_origin::{
    Before, Figure, Finding, Known, Measure, OriginError, Outcome, Published as Epoch,
};
use solana_sdk::pubkey::Pubkey;

use super::check::Check;
use super::replaced::was_revoked;
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
    /// Of files that take a revoked epoch's place: the epoch after it, on whose word they are held.
    pub correction: Option<&'a EpochRecord>,
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
    let before = before(&asked).await?;
    let published = Epoch {
        folder: &folder,
        manifest: asked.manifest,
        epoch: asked.correction.unwrap_or(asked.epoch),
        pool: asked.pool,
    };
    let known = Known {
        anchors: asked.anchors,
        ruleset: asked.ruleset,
        before: before.as_ref().map(|past| Before {
            manifest_hash: past.manifest_hash,
            manifest: past.manifest.as_ref(),
            is_revoked: past.is_revoked,
        }),
    };
    let ledger = ctx.ledger.as_ref();
    let (found, figures) = if asked.correction.is_some() {
        let found = cairn_origin::check_replacement(ledger, published, asked.epoch, known).await;
        (found, Vec::new())
    } else {
        let found = cairn_origin::check(ledger, published, known).await;
        let figures = cairn_origin::figures(asked.manifest, asked.epoch, asked.pool);
        (found, figures)
    };
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

/// The epoch before.
struct Past {
    /// On chain.
    manifest_hash: [u8; 32],
    /// Where its files are here: of that hash, or of the epoch in its place when it was revoked.
    manifest: Option<Manifest>,
    is_revoked: bool,
}

async fn before(asked: &Asked<'_>) -> Result<Option<Past>, CliError> {
    let Some((last, record)) = asked.last else {
        return Ok(None);
    };
    let manifest_hash = record.manifest_hash();
    let is_revoked = was_revoked(record, asked.manifest);
    let manifest = if asked.files.has(*last) {
        Some(asked.files.manifest(*last).await?)
            .filter(|(_, found)| is_revoked || *found == manifest_hash)
            .map(|(manifest, _)| manifest)
    } else {
        None
    };
    Ok(Some(Past {
        manifest_hash,
        manifest,
        is_revoked,
    }))
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
