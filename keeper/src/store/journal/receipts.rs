//! Receipts, and the sources they came from.

use cairn_epoch::SegmentName;
use cairn_merkle::EpochNumber;
use sqlx::{FromRow, Sqlite, Transaction};

use super::segments::SegmentRow;
use super::{Journal, JournalError, commit, epoch_column, failed, hash, integer, unsigned};

/// The keeper's word that it holds a record: which epoch's evidence, which file, which row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Order of receipt over the keeper's life.
    pub number: u64,
    /// The proof's id; of bytes that are no proof their SHA-256.
    pub record_id: [u8; 32],
    /// The epoch whose rules decide about it.
    pub epoch: EpochNumber,
    /// `evidence/<kind>/NNNN.parquet`.
    pub segment: String,
    /// Row inside the segment, from 0.
    pub row: u64,
    /// Unix milliseconds.
    pub received_at_ms: i64,
    /// Why the bytes are no proof; `None` for a proof.
    pub malformed: Option<String>,
}

/// How far a source was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceRow {
    pub id: i64,
    /// Records from its front that have a receipt.
    pub received: u64,
    pub complete: bool,
}

/// One record of a segment that becomes durable, in row order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReceipt {
    pub record_id: [u8; 32],
    pub received_at_ms: i64,
    pub malformed: Option<String>,
}

#[derive(FromRow)]
struct RawSource {
    id: i64,
    received: i64,
    complete: i64,
}

#[derive(FromRow)]
struct RawReceipt {
    id: i64,
    record_id: Vec<u8>,
    epoch: i64,
    name: String,
    row: i64,
    received_at_ms: i64,
    malformed: Option<String>,
}

impl TryFrom<RawReceipt> for Receipt {
    type Error = JournalError;

    fn try_from(raw: RawReceipt) -> Result<Self, JournalError> {
        Ok(Self {
            number: unsigned("receipt number", raw.id)?,
            record_id: hash("record id", raw.record_id)?,
            epoch: EpochNumber::new(unsigned("receipt epoch", raw.epoch)?),
            segment: raw.name,
            row: unsigned("receipt row", raw.row)?,
            received_at_ms: raw.received_at_ms,
            malformed: raw.malformed,
        })
    }
}

/// SQLite binds at most 32,766 values a statement; a receipt needs six.
const RECEIPTS_PER_STATEMENT: usize = 4_000;

impl Journal {
    /// The source called `name`, known or new.
    ///
    /// # Errors
    /// [`JournalError`] when it can not be read or written.
    pub async fn source(&self, name: &str) -> Result<SourceRow, JournalError> {
        sqlx::query("INSERT INTO sources (name) VALUES (?) ON CONFLICT DO NOTHING")
            .bind(name)
            .execute(&self.db)
            .await
            .map_err(failed("add a source"))?;
        let raw: RawSource =
            sqlx::query_as("SELECT id, received, complete FROM sources WHERE name = ?")
                .bind(name)
                .fetch_one(&self.db)
                .await
                .map_err(failed("read a source"))?;
        Ok(SourceRow {
            id: raw.id,
            received: unsigned("records received", raw.received)?,
            complete: raw.complete == 1,
        })
    }

    /// Acknowledges a stretch of a source in one change: its evidence files, which are on disk, become durable, each
    /// record gets its receipt, and the source's mark moves from where it was read to `received`. After a crash either
    /// all of it is true or none. Returns the source as it stands then.
    ///
    /// # Errors
    /// [`JournalError::NotCollecting`] when an epoch stopped collecting since its files were written;
    /// [`JournalError::SourceMoved`] when somebody else acknowledged records of this source; others when it can not be
    /// written. Nothing was acknowledged then.
    pub async fn acknowledge(
        &self,
        source: SourceRow,
        received: u64,
        segments: &[(SegmentRow, Vec<NewReceipt>)],
    ) -> Result<SourceRow, JournalError> {
        check_counts(source, received, segments)?;
        let mut change = self.begin().await?;
        for (segment, receipts) in segments {
            let id = keep_segment(&mut change, segment).await?;
            for (chunk, receipts) in receipts.chunks(RECEIPTS_PER_STATEMENT).enumerate() {
                let first = chunk.saturating_mul(RECEIPTS_PER_STATEMENT);
                write_receipts(&mut change, (id, source.id, first), receipts).await?;
            }
        }
        let moved = sqlx::query(
            "UPDATE sources SET received = ? WHERE id = ? AND received = ? AND complete = 0",
        )
        .bind(integer("records received", received)?)
        .bind(source.id)
        .bind(integer("records received", source.received)?)
        .execute(&mut *change)
        .await
        .map_err(failed("move a source's mark"))?;
        if moved.rows_affected() != 1 {
            return Err(JournalError::SourceMoved);
        }
        commit(change).await?;
        Ok(SourceRow { received, ..source })
    }

    /// Marks a source as read to its end, which is where `source` says.
    ///
    /// # Errors
    /// [`JournalError::SourceMoved`] when it was read further since; others when it can not be written.
    pub async fn complete_source(&self, source: SourceRow) -> Result<(), JournalError> {
        let done = sqlx::query("UPDATE sources SET complete = 1 WHERE id = ? AND received = ?")
            .bind(source.id)
            .bind(integer("records received", source.received)?)
            .execute(&self.db)
            .await
            .map_err(failed("complete a source"))?;
        if done.rows_affected() != 1 {
            return Err(JournalError::SourceMoved);
        }
        Ok(())
    }

    /// Every receipt of a record, first to last: a replay has one of its own.
    ///
    /// # Errors
    /// [`JournalError`] when the file can not be read.
    pub async fn receipts(&self, record_id: &[u8; 32]) -> Result<Vec<Receipt>, JournalError> {
        sqlx::query_as::<_, RawReceipt>(
            "SELECT r.id, r.record_id, s.epoch, s.name, r.row, r.received_at_ms, r.malformed \
             FROM receipts r JOIN segments s ON s.id = r.segment WHERE r.record_id = ? ORDER BY r.id",
        )
        .bind(record_id.to_vec())
        .fetch_all(&self.db)
        .await
        .map_err(failed("read receipts"))?
        .into_iter()
        .map(Receipt::try_from)
        .collect()
    }

    /// How many records were received in all.
    ///
    /// # Errors
    /// [`JournalError`] when the file can not be read.
    pub async fn received(&self) -> Result<u64, JournalError> {
        let receipts: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM receipts")
            .fetch_one(&self.db)
            .await
            .map_err(failed("count receipts"))?;
        unsigned("receipts", receipts)
    }
}

/// Every record has its receipt, and the mark moves by as many: a receipt too few would be a record in no set.
fn check_counts(
    source: SourceRow,
    received: u64,
    segments: &[(SegmentRow, Vec<NewReceipt>)],
) -> Result<(), JournalError> {
    let mut total = 0_u64;
    for (segment, receipts) in segments {
        let receipts = receipts.len() as u64;
        if receipts != segment.records {
            return Err(JournalError::Miscounted {
                records: segment.records,
                receipts,
            });
        }
        total = total.saturating_add(receipts);
    }
    let records = received.saturating_sub(source.received);
    if source.received.checked_add(total) == Some(received) {
        return Ok(());
    }
    Err(JournalError::Miscounted {
        records,
        receipts: total,
    })
}

/// Keeps a segment of an epoch that collects, under the number that is due, and returns its id.
async fn keep_segment(
    change: &mut Transaction<'static, Sqlite>,
    segment: &SegmentRow,
) -> Result<i64, JournalError> {
    let number = epoch_column(segment.epoch)?;
    sqlx::query("INSERT INTO epochs (number, state) VALUES (?, 'open') ON CONFLICT DO NOTHING")
        .bind(number)
        .execute(&mut **change)
        .await
        .map_err(failed("add an epoch"))?;
    let standing: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM segments WHERE epoch = ?")
        .bind(number)
        .fetch_one(&mut **change)
        .await
        .map_err(failed("count the segments"))?;
    // A number left out would be missed when the epoch closes; a number taken would be a file replaced.
    let due = usize::try_from(standing).ok();
    let name = SegmentName::parse(&segment.name);
    if name.is_none_or(|name| Some(name.number) != due) {
        return Err(JournalError::Overtaken {
            doing: "keep a segment",
        });
    }
    // Asked in this very change: an epoch that stopped collecting a moment ago has its set already.
    sqlx::query_scalar(
        "INSERT INTO segments (epoch, name, records, sha256) SELECT number, ?, ?, ? FROM epochs \
         WHERE number = ? AND number > (SELECT COALESCE(MAX(number), 0) FROM epochs WHERE state <> 'open') \
         RETURNING id",
    )
    .bind(&segment.name)
    .bind(integer("segment records", segment.records)?)
    .bind(segment.sha256.to_vec())
    .bind(number)
    .fetch_optional(&mut **change)
    .await
    .map_err(failed("keep a segment"))?
    .ok_or(JournalError::NotCollecting {
        number: segment.epoch,
    })
}

/// Writes receipts for rows of a segment, from row `first` on.
async fn write_receipts(
    change: &mut Transaction<'static, Sqlite>,
    (segment, source, first): (i64, i64, usize),
    receipts: &[NewReceipt],
) -> Result<(), JournalError> {
    let mut insert = sqlx::QueryBuilder::new(
        "INSERT INTO receipts (record_id, segment, row, source, received_at_ms, malformed) ",
    );
    insert.push_values(receipts.iter().enumerate(), |mut row, (offset, receipt)| {
        let position = i64::try_from(first.saturating_add(offset)).unwrap_or(i64::MAX);
        row.push_bind(receipt.record_id.to_vec())
            .push_bind(segment)
            .push_bind(position)
            .push_bind(source)
            .push_bind(receipt.received_at_ms)
            .push_bind(receipt.malformed.clone());
    });
    let written = insert
        .build()
        .execute(&mut **change)
        .await
        .map_err(failed("write receipts"))?
        .rows_affected();
    if written == receipts.len() as u64 {
        return Ok(());
    }
    Err(JournalError::Miscounted {
        records: receipts.len() as u64,
        receipts: written,
    })
}
