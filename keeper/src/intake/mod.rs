//! Proofs in: written as evidence, synced, then acknowledged with a receipt each. Nothing is judged here; the rules do
//! that when the epoch closes, so that every decision can be derived again from the evidence alone.
//!
//! Whoever takes in listens to strangers, so it holds no key and asks no chain: [`Intake`] is opened from a folder and
//! `[ingest]` of its configuration alone.

mod desk;
mod evidence;
mod file;
mod inbox;
mod record;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cairn_merkle::EpochNumber;

pub(crate) use desk::Desk;
use desk::Filed;
pub use file::{Format, Look, ReadError};
pub use record::{Content, Record, frame};

use crate::config::{Config, IngestConfig};
use crate::progress::{Phase, Progress};
use crate::store::Store;
use crate::store::folder::DataFolder;
use crate::store::journal::{Journal, Receipt, SourceRow};
use crate::work::{StopSwitch, Work};
use crate::{KeeperError, clock, text};

/// What an ingest did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IngestReport {
    /// Name of the source: offered again, it continues behind its last receipt.
    pub source: String,
    /// Records that had a receipt before.
    pub already: u64,
    /// Proofs that have a receipt now.
    pub proofs: u64,
    /// Records that are no proof. They have a receipt too, and end in the rejected set.
    pub malformed: u64,
    /// New records by the epoch that decides about them.
    pub epochs: BTreeMap<EpochNumber, u64>,
}

impl IngestReport {
    fn take(&mut self, filed: Filed) {
        self.proofs = self.proofs.saturating_add(filed.proofs);
        self.malformed = self.malformed.saturating_add(filed.malformed);
        for (epoch, records) in filed.epochs {
            let count = self.epochs.entry(epoch).or_default();
            *count = count.saturating_add(records);
        }
    }
}

/// The door through which proofs come in. While it lives, its folder is locked against every other process.
pub struct Intake {
    work: Work,
    desk: Desk,
    /// Records that are read, written, synced and acknowledged together.
    batch: usize,
}

impl Intake {
    /// Opens the intake of the keeper in `folder`.
    ///
    /// # Errors
    /// [`KeeperError`]: no keeper's folder, bad configuration, locked, journal of another version.
    pub async fn open(
        folder: impl Into<PathBuf>,
        progress: Arc<dyn Progress>,
    ) -> Result<Self, KeeperError> {
        let folder = DataFolder::new(folder);
        let config = Config::of_folder(&folder)?;
        folder.create()?;
        Self::of(folder, config.ingest, progress).await
    }

    /// As [`Intake::open`], of a folder that stands.
    pub(crate) async fn of(
        folder: DataFolder,
        config: IngestConfig,
        progress: Arc<dyn Progress>,
    ) -> Result<Self, KeeperError> {
        let lock = folder.lock()?;
        let journal = Journal::open(&folder.journal()).await?;
        let work = Work::new(Store { folder, journal }, progress);
        let desk = Desk::open(&work, config.epochs_ahead, lock).await?;
        Ok(Self {
            work,
            desk,
            batch: usize::try_from(config.batch).unwrap_or(usize::MAX),
        })
    }

    /// Writes everything down and lets go of the folder.
    pub async fn shut_down(self) {
        self.desk.close().await;
        self.work.journal().close().await;
    }

    /// The switch that stops this intake.
    #[must_use]
    pub fn stop_switch(&self) -> StopSwitch {
        self.work.stop_switch().clone()
    }

    pub(crate) const fn work(&self) -> &Work {
        &self.work
    }

    pub(crate) const fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Files proofs from a file. Its SHA-256 is its name: the same file again files nothing twice.
    ///
    /// `received_at_ms` is when the proofs were received, for an archive; `None` is now.
    ///
    /// # Errors
    /// [`ReadError`] before anything is filed; [`KeeperError`] when evidence or receipts can not be written. What has
    /// receipts by then stays.
    pub async fn ingest_file(
        &self,
        path: &Path,
        format: Option<Format>,
        received_at_ms: Option<i64>,
    ) -> Result<IngestReport, KeeperError> {
        let format = format.map_or_else(|| Format::of(path), Ok)?;
        let file = path.to_owned();
        let scan = self.work.blocking(move || Ok(format.scan(&file)?)).await?;
        let source = format!("sha256:{}", text::hash(&scan.sha256));
        let at = received_at_ms.unwrap_or_else(clock::now_ms);
        self.work
            .progress()
            .phase_started(Phase::Ingest, Some(scan.records));
        let mut records = scan.records(path, at)?;
        let changed = || ReadError::Changed {
            path: path.to_owned(),
        };
        // The scan found every record whole. Anything else now means that somebody is writing the file.
        let mut failed = None;
        let whole = std::iter::from_fn(|| match records.next() {
            Some(Ok(record)) => Some(record),
            Some(Err(error)) => {
                failed = Some(error);
                None
            }
            None => None,
        });
        let (filed, report) = self.file_records(&source, whole, false).await?;
        if failed.is_some()
            || report
                .already
                .saturating_add(report.proofs)
                .saturating_add(report.malformed)
                != scan.records
        {
            return Err(changed().into());
        }
        if !filed.complete {
            self.desk.complete(filed).await?;
        }
        self.work.progress().phase_finished(Phase::Ingest);
        Ok(report)
    }

    /// Files records from any source. `source` names it for ever: after a crash the caller offers the same records
    /// under the same name, and those that have receipts are skipped.
    ///
    /// # Errors
    /// [`KeeperError`] when evidence or receipts can not be written. What has receipts by then stays.
    pub async fn ingest<I>(&self, source: &str, records: I) -> Result<IngestReport, KeeperError>
    where
        I: IntoIterator<Item = Record>,
    {
        self.work.progress().phase_started(Phase::Ingest, None);
        let (_, report) = self.file_records(source, records.into_iter(), true).await?;
        self.work.progress().phase_finished(Phase::Ingest);
        Ok(report)
    }

    async fn file_records(
        &self,
        name: &str,
        mut records: impl Iterator<Item = Record>,
        complete: bool,
    ) -> Result<(SourceRow, IngestReport), KeeperError> {
        let mut source = self.desk.source(name).await?;
        let mut report = IngestReport {
            source: name.to_owned(),
            already: source.received,
            ..IngestReport::default()
        };
        if source.complete {
            return Ok((source, report));
        }
        let mut skipped = 0_u64;
        while skipped < source.received && records.next().is_some() {
            skipped = skipped.saturating_add(1);
        }
        loop {
            self.work.stop_if_told()?;
            let stretch: Vec<Record> = records.by_ref().take(self.batch).collect();
            if stretch.is_empty() {
                break;
            }
            let (moved, filed) = self.desk.file(source, stretch).await?;
            source = moved;
            report.take(filed);
            self.work
                .progress()
                .phase_advanced(Phase::Ingest, source.received);
        }
        if complete {
            self.desk.complete(source).await?;
        }
        Ok((source, report))
    }

    /// The receipts of a record, first to last; empty when it was never received.
    ///
    /// # Errors
    /// [`KeeperError::Journal`].
    pub async fn receipts(&self, record_id: &[u8; 32]) -> Result<Vec<Receipt>, KeeperError> {
        Ok(self.work.journal().receipts(record_id).await?)
    }
}
