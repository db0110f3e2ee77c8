//! The keeper's memory: one SQLite file. A row is on disk (WAL, `synchronous = FULL`: an fsync per commit) before the
//! act it announces begins. Chain state is never cached here.

mod anchors;
mod epochs;
mod receipts;
mod segments;
mod submissions;

use std::path::{Path, PathBuf};

use cairn_merkle::EpochNumber;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteQueryResult,
    SqliteSynchronous,
};
use sqlx::{Sqlite, SqlitePool, Transaction};

pub use epochs::{EpochRow, EpochState};
pub use receipts::{NewReceipt, Receipt, SourceRow};
pub use segments::SegmentRow;
pub use submissions::{NewSubmission, Outcome, Submission, SubmissionState};

/// Why the journal can not be read or written. Nothing was acted upon.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("the journal {} can not be opened: {source}", path.display())]
    Open { path: PathBuf, source: sqlx::Error },
    #[error("the journal {} was written by another version of the keeper: {source}", path.display())]
    Migrate {
        path: PathBuf,
        source: sqlx::migrate::MigrateError,
    },
    #[error("the journal failed to {doing}: {source}")]
    Query {
        doing: &'static str,
        source: sqlx::Error,
    },
    #[error("the journal holds a damaged row: {what}")]
    Damaged { what: String },
    #[error("{what} {value} is too large for the journal")]
    TooLarge { what: &'static str, value: u64 },
    #[error("transaction {signature} is still unresolved: nothing else is signed before it is")]
    StillPending { signature: String },
    #[error("transaction {signature} was tried before with the same blockhash")]
    SameBytes { signature: String },
    #[error("epoch {number} collects no more evidence: nothing was acknowledged")]
    NotCollecting { number: EpochNumber },
    #[error("another call files the same source right now: nothing was acknowledged twice")]
    SourceMoved,
    #[error("{receipts} receipts were to be given for {records} records: nothing was acknowledged")]
    Miscounted { records: u64, receipts: u64 },
    #[error("the journal does not {doing}: it stands otherwise than this was decided from")]
    Overtaken { doing: &'static str },
    #[error("slot {slot} has another hash now than when this keeper saw it final")]
    OtherAnchor { slot: u64 },
}

impl JournalError {
    /// Whether the same change may succeed later without anybody mending the journal.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::StillPending { .. } | Self::SameBytes { .. } | Self::SourceMoved => true,
            Self::Open { source, .. } | Self::Query { source, .. } => may_pass(source),
            _ => false,
        }
    }

    /// Whether nothing may be done on this memory any more before a person has looked at it.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::Damaged { .. } | Self::Migrate { .. } | Self::Overtaken { .. }
        )
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Open { .. } => {
                "check that the data folder exists, belongs to this user and has room on its disk"
            }
            Self::Migrate { .. } => {
                "run the version of cairn-keeper that wrote this folder, or a newer one"
            }
            Self::Query { .. } => {
                "check the disk's room and health, then run the same command again"
            }
            Self::Damaged { .. } => {
                "stop here and restore keeper.sqlite from a backup; a fresh journal could act twice"
            }
            Self::TooLarge { .. } => "check the number that was given",
            Self::SameBytes { .. } => {
                "run the same command again in a moment, with the next blockhash"
            }
            Self::StillPending { .. } => {
                "run the same command again: it resolves this transaction first"
            }
            Self::NotCollecting { .. } => {
                "offer the records again: they go to the epoch that is open then"
            }
            Self::SourceMoved => "offer it again: it continues behind the last receipt",
            Self::Miscounted { .. } => "report this: it is a fault of the keeper",
            Self::Overtaken { .. } => {
                "let one process alone write in this folder; then run the same command again, which reads the journal anew"
            }
            Self::OtherAnchor { .. } => {
                "check [chain] rpc_url: the node shows another cluster, or lies"
            }
        }
    }
}

/// Open journal. Clones share one connection: SQLite has one writer, and one order of events is the point.
#[derive(Clone, Debug)]
pub struct Journal {
    db: SqlitePool,
}

impl Journal {
    /// Opens the file, creating it and bringing its tables up to date.
    ///
    /// # Errors
    /// [`JournalError::Open`], [`JournalError::Migrate`].
    pub async fn open(path: &Path) -> Result<Self, JournalError> {
        let journal = Self::connect(path, false).await?;
        sqlx::migrate!("./migrations")
            .run(&journal.db)
            .await
            .map_err(|source| JournalError::Migrate {
                path: path.to_owned(),
                source,
            })?;
        Ok(journal)
    }

    /// Opens an existing file for reading, beside a keeper that is writing it.
    ///
    /// # Errors
    /// [`JournalError::Open`].
    pub async fn open_read_only(path: &Path) -> Result<Self, JournalError> {
        Self::connect(path, true).await
    }

    async fn connect(path: &Path, read_only: bool) -> Result<Self, JournalError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(!read_only)
            .read_only(read_only)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL would lose the last commits in a power cut: a transaction could be on chain and not in here.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(std::time::Duration::from_secs(10));
        let db = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .map_err(|source| JournalError::Open {
                path: path.to_owned(),
                source,
            })?;
        Ok(Self { db })
    }

    /// Closes the file after everything in flight is on disk, and in the file itself: who copies it then needs no other.
    pub async fn close(&self) {
        // Not possible for a reader, and not needed for what was committed.
        let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&self.db)
            .await;
        self.db.close().await;
    }

    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, JournalError> {
        self.db.begin().await.map_err(failed("begin a change"))
    }
}

async fn commit(change: Transaction<'static, Sqlite>) -> Result<(), JournalError> {
    change.commit().await.map_err(failed("commit a change"))
}

/// A change of one row that must have been there as expected. Anything else means that somebody else changed it since
/// it was read, and what was decided from it is void.
fn one_row(done: &SqliteQueryResult, doing: &'static str) -> Result<(), JournalError> {
    if done.rows_affected() == 1 {
        return Ok(());
    }
    Err(JournalError::Overtaken { doing })
}

/// What SQLite says of a disk that is full or busy, in the low byte of its codes: BUSY, LOCKED, NOMEM, IOERR, FULL.
fn may_pass(source: &sqlx::Error) -> bool {
    match source {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(refused) => refused
            .code()
            .and_then(|code| code.parse::<u32>().ok())
            .is_some_and(|code| matches!(code & 0xff, 5 | 6 | 7 | 10 | 13)),
        _ => false,
    }
}

fn failed(doing: &'static str) -> impl Fn(sqlx::Error) -> JournalError {
    move |source| JournalError::Query { doing, source }
}

/// SQLite's integers are signed; nothing here comes near the limit, and what does is refused, not wrapped.
fn integer(what: &'static str, value: u64) -> Result<i64, JournalError> {
    i64::try_from(value).map_err(|_| JournalError::TooLarge { what, value })
}

fn epoch_column(number: EpochNumber) -> Result<i64, JournalError> {
    integer("epoch", number.get())
}

fn unsigned<T: TryFrom<i64>>(what: &str, value: i64) -> Result<T, JournalError> {
    T::try_from(value).map_err(|_| JournalError::Damaged {
        what: format!("{what} is {value}"),
    })
}

fn hash(what: &str, bytes: Vec<u8>) -> Result<[u8; 32], JournalError> {
    <[u8; 32]>::try_from(bytes).map_err(|bytes| JournalError::Damaged {
        what: format!("{what} has {} bytes, not 32", bytes.len()),
    })
}
