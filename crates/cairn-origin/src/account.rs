//! What the manifest and the epoch's account both say, figure by figure.

use cairn_epoch::{EpochFolder, Manifest, Origin, read_epoch};
use cairn_interface::vault::{EpochRecord, EpochView, PoolView, ProposeEpoch};
use cairn_merkle::{Credits, EpochNumber, MilliPoints, Tokens};
use cairn_spelling::text::base58;
use solana_sdk::pubkey::Pubkey;

use crate::fault::told_by;
use crate::{Finding, OriginError, OriginFault};

const MANIFEST: &str = "manifest.json";

/// One figure of a manifest beside the same one on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    pub name: &'static str,
    pub files: Measure,
    pub chain: Measure,
}

/// A figure with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Count(u64),
    Epoch(EpochNumber),
    Tokens(Tokens),
    MilliPoints(MilliPoints),
    Credits(Credits),
    Hash([u8; 32]),
    Key([u8; 32]),
    /// First and last second of a period, unix time.
    Period(i64, i64),
}

impl Measure {
    fn words(self) -> String {
        match self {
            Self::Count(number) => number.to_string(),
            Self::Epoch(number) => number.to_string(),
            Self::Tokens(amount) => amount.to_string(),
            Self::MilliPoints(amount) => amount.to_string(),
            Self::Credits(amount) => amount.to_string(),
            Self::Hash(hash) => hex::encode(hash),
            Self::Key(key) => base58(&key),
            Self::Period(start, end) => format!("{start} to {end}"),
        }
    }
}

impl Figure {
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.files == self.chain
    }

    pub(crate) fn finding(&self) -> Finding {
        if self.is_equal() {
            return Finding::equal(self.name, self.files.words());
        }
        Finding::differs(
            self.name,
            OriginFault::Value {
                file: MANIFEST,
                column: self.name,
                expected: self.chain.words(),
                found: self.files.words(),
                origin: told_by(Origin::ChainAccount),
            },
        )
    }
}

/// What `proposer` puts on chain of a closed epoch: `manifest`, whose file has `manifest_hash`. Who else signs a correction is
/// the caller's to say.
#[must_use]
pub fn proposal(manifest: &Manifest, manifest_hash: [u8; 32], proposer: Pubkey) -> ProposeEpoch {
    let (epoch, totals) = (&manifest.epoch, &manifest.totals);
    ProposeEpoch {
        proposer,
        pool: epoch.pool.into(),
        number: epoch.number,
        root: manifest.tree.root(),
        points: totals.milli_points,
        credits: totals.credits,
        leaf_count: manifest.tree.leaf_count,
        period_start: epoch.period_start_ms.div_euclid(1_000),
        period_end: epoch.period_end_ms.div_euclid(1_000),
        manifest_hash,
        ruleset_hash: manifest.ruleset.hash,
        code_hash: manifest.code.hash,
        accepted: manifest.accepted,
        rejected: manifest.rejected,
        admin: None,
        guardian: None,
    }
}

/// Every figure that both have. Of a closed epoch the account keeps the sums and the manifest's hash, which stands for the
/// rest.
#[must_use]
pub fn figures(manifest: &Manifest, record: &EpochRecord, pool: &PoolView) -> Vec<Figure> {
    let figure = |name, files, chain| Figure { name, files, chain };
    let (epoch, tree, totals) = (&manifest.epoch, &manifest.tree, &manifest.totals);
    let mut figures = vec![
        figure(
            "pool",
            Measure::Key(epoch.pool),
            Measure::Key(pool.address.to_bytes()),
        ),
        figure(
            "network",
            Measure::Key(epoch.network),
            Measure::Key(pool.network.to_bytes()),
        ),
        figure(
            "epoch",
            Measure::Epoch(epoch.number),
            Measure::Epoch(record.number()),
        ),
        figure(
            "root",
            Measure::Hash(tree.root_hash),
            Measure::Hash(record.root().hash),
        ),
        figure(
            "tokens",
            Measure::Tokens(tree.root_sum),
            Measure::Tokens(record.root().sum()),
        ),
        figure(
            "total of tokens",
            Measure::Tokens(totals.tokens),
            Measure::Tokens(record.root().sum()),
        ),
        figure(
            "points",
            Measure::MilliPoints(totals.milli_points),
            Measure::MilliPoints(record.points()),
        ),
        figure(
            "credits",
            Measure::Credits(totals.credits),
            Measure::Credits(record.credits()),
        ),
        figure(
            "members",
            Measure::Count(tree.leaf_count.into()),
            Measure::Count(record.leaf_count().into()),
        ),
    ];
    if let EpochRecord::Stored(stored) = record {
        figures.extend(details(manifest, stored));
    }
    figures
}

fn details(manifest: &Manifest, epoch: &EpochView) -> [Figure; 6] {
    let figure = |name, files, chain| Figure { name, files, chain };
    let secs = |ms: i64| ms.div_euclid(1_000);
    [
        figure(
            "period",
            Measure::Period(
                secs(manifest.epoch.period_start_ms),
                secs(manifest.epoch.period_end_ms),
            ),
            Measure::Period(epoch.period_start, epoch.period_end),
        ),
        figure(
            "proofs accepted",
            Measure::Count(manifest.accepted),
            Measure::Count(epoch.accepted),
        ),
        figure(
            "proofs rejected",
            Measure::Count(manifest.rejected),
            Measure::Count(epoch.rejected),
        ),
        figure(
            "ruleset",
            Measure::Hash(manifest.ruleset.hash),
            Measure::Hash(epoch.ruleset_hash),
        ),
        figure(
            "code",
            Measure::Hash(manifest.code.hash),
            Measure::Hash(epoch.code_hash),
        ),
        figure(
            "canopy depth",
            Measure::Count(manifest.tree.canopy_depth.into()),
            Measure::Count(epoch.canopy_depth.into()),
        ),
    ]
}

/// `inputs/epoch.json` against the manifest, whose figures stand beside the chain's, and the pool.
pub(crate) fn epoch_json(
    folder: &EpochFolder,
    manifest: &Manifest,
    pool: &PoolView,
) -> Result<Finding, OriginError> {
    const NAME: &str = "epoch.json";
    let input = read_epoch(&folder.epoch_json())?;
    let hash = |hash: Option<[u8; 32]>| hash.map_or_else(|| "none".to_owned(), hex::encode);
    let wrong = [
        (
            "canopy_depth",
            input.canopy_depth.to_string(),
            pool.canopy_depth.to_string(),
            Origin::ChainAccount,
        ),
        (
            "network",
            base58(&input.network),
            pool.network.to_string(),
            Origin::ChainAccount,
        ),
        (
            "number",
            input.number.to_string(),
            manifest.epoch.number.to_string(),
            Origin::ChainAccount,
        ),
        (
            "pool",
            base58(&input.pool),
            pool.address.to_string(),
            Origin::ChainAccount,
        ),
        (
            "previous_manifest",
            hash(input.previous_manifest),
            hash(manifest.epoch.previous_manifest),
            Origin::PreviousManifest,
        ),
    ]
    .into_iter()
    .find(|(_, found, expected, _)| found != expected);
    Ok(match wrong {
        None => Finding::equal(NAME, "is about this epoch of this pool"),
        Some((column, found, expected, origin)) => Finding::differs(
            NAME,
            OriginFault::Value {
                file: "inputs/epoch.json",
                column,
                expected,
                found,
                origin: told_by(origin),
            },
        ),
    })
}
