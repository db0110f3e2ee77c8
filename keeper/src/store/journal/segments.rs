//! Evidence files that stand: on disk, synced, and every record in them acknowledged.

use cairn_merkle::EpochNumber;
use sqlx::FromRow;

use super::{Journal, JournalError, commit, epoch_column, failed, hash, one_row, unsigned};

/// One evidence file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRow {
    pub epoch: EpochNumber,
    /// `evidence/<kind>/NNNN.parquet`.
    pub name: String,
    pub records: u64,
    pub sha256: [u8; 32],
}

#[derive(FromRow)]
struct Raw {
    epoch: i64,
    name: String,
    records: i64,
    sha256: Vec<u8>,
}

impl TryFrom<Raw> for SegmentRow {
    type Error = JournalError;

    fn try_from(raw: Raw) -> Result<Self, JournalError> {
        Ok(Self {
            epoch: EpochNumber::new(unsigned("segment epoch", raw.epoch)?),
            name: raw.name,
            records: unsigned("segment records", raw.records)?,
            sha256: hash("segment hash", raw.sha256)?,
        })
    }
}

impl Journal {
    /// The evidence files of an epoch, in receipt order.
    ///
    /// # Errors
    /// [`JournalError`] when the file can not be read.
    pub async fn segments(&self, epoch: EpochNumber) -> Result<Vec<SegmentRow>, JournalError> {
        sqlx::query_as::<_, Raw>(
            "SELECT epoch, name, records, sha256 FROM segments WHERE epoch = ? ORDER BY id",
        )
        .bind(epoch_column(epoch)?)
        .fetch_all(&self.db)
        .await
        .map_err(failed("read the segments"))?
        .into_iter()
        .map(SegmentRow::try_from)
        .collect()
    }

    /// How many records of an epoch have a receipt.
    ///
    /// # Errors
    /// As [`Journal::segments`].
    pub async fn records(&self, epoch: EpochNumber) -> Result<u64, JournalError> {
        let records: i64 =
            sqlx::query_scalar("SELECT COALESCE(SUM(records), 0) FROM segments WHERE epoch = ?")
                .bind(epoch_column(epoch)?)
                .fetch_one(&self.db)
                .await
                .map_err(failed("count an epoch's records"))?;
        unsigned("records", records)
    }

    /// Evidence of epochs before `number` that were never closed here: another keeper's were faster. In receipt order.
    ///
    /// # Errors
    /// As [`Journal::segments`].
    pub async fn overtaken_segments(
        &self,
        number: EpochNumber,
    ) -> Result<Vec<SegmentRow>, JournalError> {
        sqlx::query_as::<_, Raw>(
            "SELECT s.epoch, s.name, s.records, s.sha256 FROM segments s JOIN epochs e ON e.number = s.epoch \
             WHERE s.epoch < ? AND e.state = 'open' ORDER BY s.id",
        )
        .bind(epoch_column(number)?)
        .fetch_all(&self.db)
        .await
        .map_err(failed("read the segments of past epochs"))?
        .into_iter()
        .map(SegmentRow::try_from)
        .collect()
    }

    /// Moves an acknowledged segment into another epoch's set, where its file stands as `name` already.
    ///
    /// # Errors
    /// [`JournalError::Overtaken`] when it does not stand where `segment` says; others when it can not be written.
    pub async fn carry_segment(
        &self,
        segment: &SegmentRow,
        number: EpochNumber,
        name: &str,
    ) -> Result<(), JournalError> {
        let mut change = self.begin().await?;
        sqlx::query("INSERT INTO epochs (number, state) VALUES (?, 'open') ON CONFLICT DO NOTHING")
            .bind(epoch_column(number)?)
            .execute(&mut *change)
            .await
            .map_err(failed("add an epoch"))?;
        let done =
            sqlx::query("UPDATE segments SET epoch = ?, name = ? WHERE epoch = ? AND name = ?")
                .bind(epoch_column(number)?)
                .bind(name)
                .bind(epoch_column(segment.epoch)?)
                .bind(&segment.name)
                .execute(&mut *change)
                .await
                .map_err(failed("carry a segment"))?;
        one_row(&done, "carry a segment")?;
        commit(change).await
    }
}
