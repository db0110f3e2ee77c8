//! Anchors: blocks that no fork can take back any more, recorded while the keeper runs. A proof that names one was not made
//! before it.

use std::collections::BTreeSet;
use std::path::Path;

use cairn_client::{ClientError, CommitmentLevel, Ledger};
use cairn_epoch::{Anchor, read_anchors};

use crate::KeeperError;
use crate::work::Work;

/// Records the newest finalized block with its hash and its own time, as every node that keeps it tells them: another
/// keeper holds this one's anchors against the chain. `None` when the node tells no such block.
///
/// # Errors
/// [`KeeperError::Client`], [`KeeperError::Journal`].
pub(crate) async fn record(
    work: &Work,
    ledger: &dyn Ledger,
) -> Result<Option<Anchor>, KeeperError> {
    let newest = async {
        let slot = ledger.slot(CommitmentLevel::Finalized).await?;
        Ok::<_, ClientError>((slot, ledger.block(slot).await?))
    };
    let (slot, Some(block)) = work.unless_stopped(newest).await? else {
        return Ok(None);
    };
    let anchor = Anchor {
        slot,
        hash: block.hash,
        unix_ms: block.unix_timestamp.saturating_mul(1_000),
    };
    work.journal().record_anchor(anchor).await?;
    Ok(Some(anchor))
}

/// The blocks that this keeper vouches for: those of its anchors file and those it recorded.
pub(crate) async fn own(work: &Work, file: &Path) -> Result<Vec<Anchor>, KeeperError> {
    let file = work.folder().resolve(file);
    let mut anchors: Vec<Anchor> = if file.is_file() {
        read_anchors(&file)?
    } else {
        Vec::new()
    };
    // What this keeper saw itself is worth more than what a file says of the same slot.
    let own = work.journal().anchors().await?;
    let seen: BTreeSet<u64> = own.iter().map(|anchor| anchor.slot).collect();
    anchors.retain(|anchor| !seen.contains(&anchor.slot));
    anchors.extend(own);
    Ok(anchors)
}
