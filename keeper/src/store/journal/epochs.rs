//! Which epochs this keeper collects, has frozen and has closed.

use cairn_epoch::disk::Kept;
use cairn_merkle::EpochNumber;
use sqlx::FromRow;

use super::{Journal, JournalError, epoch_column, failed, hash, one_row, unsigned};

/// How far an epoch has come in this keeper's own folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EpochState {
    /// Evidence may be filed under it.
    Open,
    /// No more evidence; its inputs are being copied.
    Freezing,
    /// Its inputs are never touched again.
    Frozen,
    /// Its outputs and manifest stand.
    Closed,
}

impl EpochState {
    /// As results and the journal spell it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Freezing => "freezing",
            Self::Frozen => "frozen",
            Self::Closed => "closed",
        }
    }

    fn parse(name: &str) -> Result<Self, JournalError> {
        [Self::Open, Self::Freezing, Self::Frozen, Self::Closed]
            .into_iter()
            .find(|state| state.name() == name)
            .ok_or_else(|| JournalError::Damaged {
                what: format!("epoch state \"{name}\""),
            })
    }
}

/// One epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochRow {
    pub number: EpochNumber,
    pub state: EpochState,
    /// 1, and one more each time it was closed again after a veto.
    pub revision: u32,
    /// Present when closed.
    pub manifest_hash: Option<[u8; 32]>,
}

#[derive(FromRow)]
struct Raw {
    number: i64,
    state: String,
    revision: i64,
    manifest_hash: Option<Vec<u8>>,
}

impl TryFrom<Raw> for EpochRow {
    type Error = JournalError;

    fn try_from(raw: Raw) -> Result<Self, JournalError> {
        Ok(Self {
            number: EpochNumber::new(unsigned("epoch number", raw.number)?),
            state: EpochState::parse(&raw.state)?,
            revision: unsigned("epoch revision", raw.revision)?,
            manifest_hash: raw
                .manifest_hash
                .map(|bytes| hash("manifest hash", bytes))
                .transpose()?,
        })
    }
}

impl Journal {
    /// Every epoch, ascending.
    ///
    /// # Errors
    /// [`JournalError`] when the file can not be read or holds nonsense.
    pub async fn epochs(&self) -> Result<Vec<EpochRow>, JournalError> {
        sqlx::query_as::<_, Raw>(
            "SELECT number, state, revision, manifest_hash FROM epochs ORDER BY number",
        )
        .fetch_all(&self.db)
        .await
        .map_err(failed("read the epochs"))?
        .into_iter()
        .map(EpochRow::try_from)
        .collect()
    }

    /// One epoch; `None` while this keeper knows nothing of it.
    ///
    /// # Errors
    /// As [`Journal::epochs`].
    pub async fn epoch(&self, number: EpochNumber) -> Result<Option<EpochRow>, JournalError> {
        sqlx::query_as::<_, Raw>(
            "SELECT number, state, revision, manifest_hash FROM epochs WHERE number = ?",
        )
        .bind(epoch_column(number)?)
        .fetch_optional(&self.db)
        .await
        .map_err(failed("read an epoch"))?
        .map(EpochRow::try_from)
        .transpose()
    }

    /// The number evidence is filed under: one above the last epoch that stopped collecting.
    ///
    /// # Errors
    /// As [`Journal::epochs`].
    pub async fn open_epoch(&self) -> Result<EpochNumber, JournalError> {
        let past: Option<i64> =
            sqlx::query_scalar("SELECT MAX(number) FROM epochs WHERE state <> 'open'")
                .fetch_one(&self.db)
                .await
                .map_err(failed("find the open epoch"))?;
        let past = EpochNumber::new(unsigned("epoch number", past.unwrap_or(0))?);
        Ok(past.next().unwrap_or(EpochNumber::MAX))
    }

    /// Open → freezing. From here on nothing more is acknowledged for this epoch or one before it.
    ///
    /// # Errors
    /// [`JournalError::Overtaken`] when it does not collect any more; others when it can not be written.
    pub async fn stop_collecting(&self, number: EpochNumber) -> Result<(), JournalError> {
        let done = sqlx::query(
            "INSERT INTO epochs (number, state) VALUES (?, 'freezing') \
             ON CONFLICT (number) DO UPDATE SET state = 'freezing' WHERE state = 'open'",
        )
        .bind(epoch_column(number)?)
        .execute(&self.db)
        .await
        .map_err(failed("stop collecting"))?;
        one_row(&done, "stop collecting")
    }

    /// Freezing → frozen: the inputs, which `kept` says are on disk, are never touched again.
    ///
    /// # Errors
    /// [`JournalError::Overtaken`] when it is not being frozen; others when it can not be written.
    pub async fn mark_frozen(&self, number: EpochNumber, kept: &Kept) -> Result<(), JournalError> {
        debug_assert!(kept.root().ends_with(format!("{number:05}")));
        let done = sqlx::query(
            "UPDATE epochs SET state = 'frozen' WHERE number = ? AND state = 'freezing'",
        )
        .bind(epoch_column(number)?)
        .execute(&self.db)
        .await
        .map_err(failed("mark an epoch frozen"))?;
        one_row(&done, "mark an epoch frozen")
    }

    /// Frozen → closed, with this manifest.
    ///
    /// # Errors
    /// [`JournalError::Overtaken`] when it is not frozen; others when it can not be written.
    pub async fn mark_closed(
        &self,
        number: EpochNumber,
        manifest_hash: [u8; 32],
    ) -> Result<(), JournalError> {
        let done = sqlx::query(
            "UPDATE epochs SET state = 'closed', manifest_hash = ? WHERE number = ? AND state = 'frozen'",
        )
        .bind(manifest_hash.to_vec())
        .bind(epoch_column(number)?)
        .execute(&self.db)
        .await
        .map_err(failed("mark an epoch closed"))?;
        one_row(&done, "mark an epoch closed")
    }

    /// Frozen → open: lets an epoch collect again that could not be closed because nobody had earned anything.
    ///
    /// # Errors
    /// [`JournalError::Overtaken`] when it is not frozen; others when it can not be written.
    pub async fn reopen(&self, number: EpochNumber) -> Result<(), JournalError> {
        let done =
            sqlx::query("UPDATE epochs SET state = 'open' WHERE number = ? AND state = 'frozen'")
                .bind(epoch_column(number)?)
                .execute(&self.db)
                .await
                .map_err(failed("open an epoch again"))?;
        one_row(&done, "open an epoch again")
    }

    /// Frozen or closed → freezing, as the next revision; its evidence stays what it was.
    ///
    /// # Errors
    /// [`JournalError::Overtaken`] when it is not what `row` says; others when it can not be written.
    pub async fn freeze_again(&self, row: &EpochRow) -> Result<(), JournalError> {
        let done = sqlx::query(
            "UPDATE epochs SET state = 'freezing', revision = revision + 1, manifest_hash = NULL \
             WHERE number = ? AND revision = ? AND state IN ('frozen', 'closed')",
        )
        .bind(epoch_column(row.number)?)
        .bind(i64::from(row.revision))
        .execute(&self.db)
        .await
        .map_err(failed("freeze an epoch again"))?;
        one_row(&done, "freeze an epoch again")
    }
}
