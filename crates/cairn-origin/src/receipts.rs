//! Receipt times: the receiving keeper's word, within the bounds that the chain gives.

use cairn_epoch::{EpochFolder, EvidenceReader, Origin};
use cairn_interface::vault::EpochRecord;

use crate::fault::told_by;
use crate::{Finding, OriginError, OriginFault};

/// How far a keeper's clock may run ahead of the chain's. Milliseconds.
const CLOCK_SKEW_MS: i64 = 60_000;

/// No proof was received after the epoch was proposed. That none was received long before it was observed, or long after,
/// the rules see to.
///
/// # Errors
/// Evidence that can not be read.
pub fn receipts(folder: &EpochFolder, record: &EpochRecord) -> Result<Finding, OriginError> {
    const NAME: &str = "receipts";
    let EpochRecord::Stored(epoch) = record else {
        return Ok(Finding::gone(
            NAME,
            "the epoch is closed, and its account no longer says when it was proposed",
        ));
    };
    let end = epoch
        .proposed_at
        .saturating_mul(1_000)
        .saturating_add(CLOCK_SKEW_MS);
    for evidence in EvidenceReader::open(&folder.inputs())?.rows() {
        let evidence = evidence?;
        if evidence.received_at_ms > end {
            return Ok(Finding::differs(
                NAME,
                OriginFault::Value {
                    file: "inputs/evidence/<kind>/NNNN.parquet",
                    column: "received_at_ms",
                    expected: format!("at most {end}, when the epoch was proposed"),
                    found: evidence.received_at_ms.to_string(),
                    origin: told_by(Origin::ChainAccount),
                },
            ));
        }
    }
    Ok(Finding::equal(NAME, "none is later than the proposal"))
}
