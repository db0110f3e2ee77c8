//! Points of the chain this keeper saw itself.

use cairn_epoch::Anchor;

use super::{Journal, JournalError, failed, hash, integer, unsigned};

impl Journal {
    /// Writes an anchor down; one that is known stays as it is.
    ///
    /// # Errors
    /// [`JournalError`] when it can not be written.
    pub async fn record_anchor(&self, anchor: Anchor) -> Result<(), JournalError> {
        sqlx::query(
            "INSERT INTO anchors (slot, hash, unix_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(integer("slot", anchor.slot)?)
        .bind(anchor.hash.to_vec())
        .bind(anchor.unix_ms)
        .execute(&self.db)
        .await
        .map_err(failed("record an anchor"))?;
        Ok(())
    }

    /// Every anchor, ascending by slot.
    ///
    /// # Errors
    /// [`JournalError`] when the file can not be read.
    pub async fn anchors(&self) -> Result<Vec<Anchor>, JournalError> {
        let rows: Vec<(i64, Vec<u8>, i64)> =
            sqlx::query_as("SELECT slot, hash, unix_ms FROM anchors ORDER BY slot")
                .fetch_all(&self.db)
                .await
                .map_err(failed("read the anchors"))?;
        rows.into_iter()
            .map(|(slot, bytes, unix_ms)| {
                Ok(Anchor {
                    slot: unsigned("anchor slot", slot)?,
                    hash: hash("anchor hash", bytes)?,
                    unix_ms,
                })
            })
            .collect()
    }
}
