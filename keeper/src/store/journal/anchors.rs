//! Points of the chain this keeper saw itself.

use cairn_epoch::Anchor;

use super::{Journal, JournalError, failed, hash, integer, unsigned};

impl Journal {
    /// Writes an anchor down; the time of one that is known stays as it is.
    ///
    /// # Errors
    /// [`JournalError::OtherAnchor`] when the slot is known with another hash, which a final slot never gets; others
    /// when it can not be written.
    pub async fn record_anchor(&self, anchor: Anchor) -> Result<(), JournalError> {
        let slot = integer("slot", anchor.slot)?;
        let done = sqlx::query(
            "INSERT INTO anchors (slot, hash, unix_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(slot)
        .bind(anchor.hash.to_vec())
        .bind(anchor.unix_ms)
        .execute(&self.db)
        .await
        .map_err(failed("record an anchor"))?;
        if done.rows_affected() == 1 {
            return Ok(());
        }
        let known: Vec<u8> = sqlx::query_scalar("SELECT hash FROM anchors WHERE slot = ?")
            .bind(slot)
            .fetch_one(&self.db)
            .await
            .map_err(failed("read an anchor"))?;
        if hash("anchor hash", known)? == anchor.hash {
            return Ok(());
        }
        Err(JournalError::OtherAnchor { slot: anchor.slot })
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
