//! An epoch that takes a revoked one's place: its number and its evidence, as keepers compute them. It never stands on chain; the
//! correction after it names its manifest as the one before.

use cairn_client::Ledger;
use cairn_epoch::Origin;
use cairn_interface::vault::EpochRecord;

use crate::account::{Figure, Measure};
use crate::fault::told_by;
use crate::{Finding, Known, OriginError, OriginFault, Published, inputs};

const RULES: &str = "rules of the replaced epoch";

/// Holds every input of a replacement against its origin. `published.epoch` is the correction, whose keepers vouch for both;
/// `revoked` is the epoch whose place it takes.
///
/// # Errors
/// As [`check`](crate::check).
pub async fn check_replacement(
    ledger: &dyn Ledger,
    published: Published<'_>,
    revoked: &EpochRecord,
    known: Known<'_>,
) -> Result<Vec<Finding>, OriginError> {
    let epoch = &published.manifest.epoch;
    let pool = published.pool;
    let figures = [
        Figure {
            name: "pool",
            files: Measure::Key(epoch.pool),
            chain: Measure::Key(pool.address.to_bytes()),
        },
        Figure {
            name: "network",
            files: Measure::Key(epoch.network),
            chain: Measure::Key(pool.network.to_bytes()),
        },
        Figure {
            name: "epoch",
            files: Measure::Epoch(epoch.number),
            chain: Measure::Epoch(revoked.number()),
        },
    ];
    let mut findings: Vec<Finding> = figures.iter().map(Figure::finding).collect();
    findings.push(rules(
        published.manifest.ruleset.hash,
        revoked,
        published.epoch,
    ));
    findings.extend(inputs(ledger, published, known).await?);
    Ok(findings)
}

/// The rules are those of the revoked epoch, or, when they were what was wrong with it, those of its correction: both hashes
/// were the pool's.
fn rules(hash: [u8; 32], revoked: &EpochRecord, correction: &EpochRecord) -> Finding {
    let stored = [revoked, correction].map(|record| match record {
        EpochRecord::Stored(epoch) => Some(epoch.ruleset_hash),
        EpochRecord::Closed(_) => None,
    });
    if stored.contains(&Some(hash)) {
        return Finding::equal(RULES, "their hash was the pool's");
    }
    match stored {
        [Some(revoked), Some(_)] => Finding::differs(
            RULES,
            OriginFault::Value {
                file: "inputs/ruleset.toml",
                column: "text",
                expected: hex::encode(revoked),
                found: hex::encode(hash),
                origin: told_by(Origin::RulesetHash),
            },
        ),
        _ => Finding::gone(RULES, "a closed epoch's account no longer names its rules"),
    }
}
