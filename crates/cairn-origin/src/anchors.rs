//! Anchors against the blocks they name: a proof that names one was not made before it, so a block that never was, or was at
//! another time, lets proofs be made beforehand or dated back.

use std::collections::BTreeMap;

use cairn_client::Ledger;
use cairn_epoch::{Anchor, Origin};

use crate::fault::told_by;
use crate::{Finding, OriginError, OriginFault};

/// Every published anchor is the checker's `own` record of that slot, or the block that the chain shows there. One that
/// neither knows is unknown: absence is no pass.
///
/// # Errors
/// A node that can not be asked.
pub async fn anchors(
    ledger: &dyn Ledger,
    own: &[Anchor],
    published: &[Anchor],
) -> Result<Finding, OriginError> {
    const NAME: &str = "anchors";
    let own: BTreeMap<u64, &Anchor> = own.iter().map(|anchor| (anchor.slot, anchor)).collect();
    let mut unknown = 0_usize;
    let mut first_unknown = None;
    for anchor in published {
        let seen = match own.get(&anchor.slot) {
            Some(seen) => Some((seen.hash, seen.unix_ms, "its own record of that slot")),
            None => ledger.block(anchor.slot).await?.map(|block| {
                let unix_ms = block.unix_timestamp.saturating_mul(1_000);
                (block.hash, unix_ms, told_by(Origin::ChainEvent))
            }),
        };
        let Some((hash, unix_ms, origin)) = seen else {
            unknown = unknown.saturating_add(1);
            first_unknown = first_unknown.or(Some(anchor.slot));
            continue;
        };
        let wrong = if hash != anchor.hash {
            Some(("hash", hex::encode(hash), hex::encode(anchor.hash)))
        } else if unix_ms != anchor.unix_ms {
            Some(("unix_ms", unix_ms.to_string(), anchor.unix_ms.to_string()))
        } else {
            None
        };
        if let Some((column, expected, found)) = wrong {
            return Ok(Finding::differs(
                NAME,
                OriginFault::Value {
                    file: "inputs/anchors.parquet",
                    column,
                    expected: format!("{expected} for slot {}", anchor.slot),
                    found,
                    origin,
                },
            ));
        }
    }
    Ok(match first_unknown {
        None => Finding::equal(NAME, format!("{} blocks are the chain's", published.len())),
        Some(slot) => Finding::unknown(
            NAME,
            format!(
                "the node no longer knows {unknown} of {} blocks, slot {slot} the first",
                published.len()
            ),
        ),
    })
}
