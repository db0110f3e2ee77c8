//! Anchors: blocks that no fork can take back any more, recorded while the keeper runs. A proof that names one was not made
//! before it.

use cairn_client::CommitmentLevel;
use cairn_epoch::Anchor;

use crate::{Keeper, KeeperError};

impl Keeper {
    /// Records the newest finalized block with its hash and its own time, as every node that keeps it tells them: another
    /// keeper holds this one's anchors against the chain. `None` when the node tells no such block.
    ///
    /// # Errors
    /// [`KeeperError::Client`], [`KeeperError::Journal`].
    pub async fn record_anchor(&self) -> Result<Option<Anchor>, KeeperError> {
        let slot = self.ledger().slot(CommitmentLevel::Finalized).await?;
        let Some(block) = self.ledger().block(slot).await? else {
            return Ok(None);
        };
        let anchor = Anchor {
            slot,
            hash: block.hash,
            unix_ms: block.unix_timestamp.saturating_mul(1_000),
        };
        self.journal().record_anchor(anchor).await?;
        Ok(Some(anchor))
    }
}
