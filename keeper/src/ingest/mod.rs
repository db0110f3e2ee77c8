//! Proofs in: written as evidence, synced, then acknowledged with a receipt each. Nothing is judged here; the rules do
//! that when the epoch closes, so that every decision can be derived again from the evidence alone.

mod record;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cairn_epoch::EvidenceWriter;

pub use record::{Content, Format, ReadError, Record, frame};

use crate::domain::schedule::filed_under;
use crate::folder::{DataFolder, FolderError};
use crate::journal::{EpochState, NewReceipt, Receipt, SegmentRow, SourceRow};
use crate::progress::Phase;
use crate::{Keeper, KeeperError, clock, text};

/// What an ingest did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
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
    pub epochs: BTreeMap<u64, u64>,
}

impl Keeper {
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
        let scan = format.scan(path)?;
        let source = format!("sha256:{}", text::hash(&scan.sha256));
        let at = received_at_ms.unwrap_or_else(clock::now_ms);
        self.progress()
            .phase_started(Phase::Ingest, Some(scan.records));
        let mut records = format.records(path, at)?;
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
        let report = self.file_records(&source, whole, false).await?;
        if failed.is_some()
            || report
                .already
                .saturating_add(report.proofs)
                .saturating_add(report.malformed)
                != scan.records
        {
            return Err(changed().into());
        }
        self.journal()
            .complete_source(self.journal().source(&source).await?)
            .await?;
        self.progress().phase_finished(Phase::Ingest);
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
        self.progress().phase_started(Phase::Ingest, None);
        let report = self.file_records(source, records.into_iter(), true).await?;
        self.progress().phase_finished(Phase::Ingest);
        Ok(report)
    }

    async fn file_records(
        &self,
        name: &str,
        mut records: impl Iterator<Item = Record>,
        complete: bool,
    ) -> Result<IngestReport, KeeperError> {
        let journal = self.journal();
        let source = journal.source(name).await?;
        let mut report = IngestReport {
            source: name.to_owned(),
            already: source.received,
            ..IngestReport::default()
        };
        if source.complete {
            return Ok(report);
        }
        let mut received = 0_u64;
        while received < source.received && records.next().is_some() {
            received = received.saturating_add(1);
        }
        let batch = usize::try_from(self.config().ingest.batch).unwrap_or(usize::MAX);
        loop {
            self.stop_if_told()?;
            let stretch: Vec<Record> = records.by_ref().take(batch).collect();
            if stretch.is_empty() {
                break;
            }
            received = received.saturating_add(stretch.len() as u64);
            self.file_stretch(source, received, stretch, &mut report)
                .await?;
            self.progress().phase_advanced(Phase::Ingest, received);
        }
        if complete {
            journal.complete_source(source).await?;
        }
        Ok(report)
    }

    /// Writes one stretch as evidence, syncs it, then acknowledges all of it at once.
    async fn file_stretch(
        &self,
        source: SourceRow,
        received: u64,
        stretch: Vec<Record>,
        report: &mut IngestReport,
    ) -> Result<(), KeeperError> {
        let open = self.journal().open_epoch(1).await?;
        let ahead = self.config().ingest.epochs_ahead;
        let mut by_epoch: BTreeMap<u64, Vec<Record>> = BTreeMap::new();
        for record in stretch {
            let epoch = match &record.content {
                Content::Proof(signed) => {
                    report.proofs = report.proofs.saturating_add(1);
                    filed_under(signed.proof.epoch, open, ahead)
                }
                Content::Raw { .. } => {
                    report.malformed = report.malformed.saturating_add(1);
                    open
                }
            };
            let count = report.epochs.entry(epoch).or_default();
            *count = count.saturating_add(1);
            by_epoch.entry(epoch).or_default().push(record);
        }
        let folder = self.folder().clone();
        let written = self
            .blocking(move || write_evidence(&folder, by_epoch))
            .await?;
        self.journal()
            .acknowledge(source, received, &written)
            .await?;
        Ok(())
    }

    /// The receipts of a record, first to last; empty when it was never received.
    ///
    /// # Errors
    /// [`KeeperError::Journal`].
    pub async fn receipts(&self, record_id: &[u8; 32]) -> Result<Vec<Receipt>, KeeperError> {
        Ok(self.journal().receipts(record_id).await?)
    }

    /// Moves evidence files aside that nobody was promised anything about: a crash came between writing them and
    /// acknowledging them. Their senders have no receipt and send again.
    pub(crate) async fn clear_unacknowledged(&self) -> Result<(), KeeperError> {
        let epochs = self.folder().epochs();
        for number in numbered_folders(&epochs)? {
            let state = self.journal().epoch(number).await?.map(|row| row.state);
            if state.is_some_and(|state| state >= EpochState::Frozen) {
                continue;
            }
            let known = self.journal().segments(number).await?;
            let inputs = self.folder().epoch(number).inputs();
            for name in evidence_names(&inputs)? {
                if known.iter().any(|segment| segment.name == name) {
                    continue;
                }
                let aside = format!("{number:05}-{name}");
                self.folder().move_aside(&inputs.join(&name), &aside)?;
                self.progress().note(&format!(
                    "an unfinished evidence file of epoch {number} was moved to aside/{aside}; its senders have no receipt"
                ));
            }
        }
        Ok(())
    }
}

fn write_evidence(
    folder: &DataFolder,
    by_epoch: BTreeMap<u64, Vec<Record>>,
) -> Result<Vec<(SegmentRow, Vec<NewReceipt>)>, KeeperError> {
    let mut written = Vec::new();
    for (epoch, records) in by_epoch {
        let inputs = folder.epoch(epoch).inputs();
        fs::create_dir_all(&inputs).map_err(FolderError::io("create", &inputs))?;
        let mut writer = EvidenceWriter::open(&inputs)?;
        for record in &records {
            match &record.content {
                Content::Proof(proof) => writer.append(proof, record.received_at_ms)?,
                Content::Raw { bytes, .. } => writer.append_raw(bytes, record.received_at_ms)?,
            }
        }
        let mut receipts = records.iter().map(|record| NewReceipt {
            record_id: record.id(),
            received_at_ms: record.received_at_ms,
            malformed: match &record.content {
                Content::Proof(_) => None,
                Content::Raw { problem, .. } => Some(problem.to_string()),
            },
        });
        for segment in writer.finish()? {
            let rows = usize::try_from(segment.rows).unwrap_or(usize::MAX);
            let row = SegmentRow {
                epoch,
                name: segment.name,
                records: segment.rows,
                sha256: segment.sha256,
            };
            written.push((row, receipts.by_ref().take(rows).collect()));
        }
    }
    Ok(written)
}

/// Numbers of the epoch folders below `path`, ascending. Other names are left alone.
pub(crate) fn numbered_folders(path: &Path) -> Result<Vec<u64>, FolderError> {
    let mut numbers: Vec<u64> = names(path)?
        .into_iter()
        .filter_map(|name| {
            name.parse()
                .ok()
                .filter(|number| format!("{number:05}") == name)
        })
        .collect();
    numbers.sort_unstable();
    Ok(numbers)
}

fn evidence_names(inputs: &Path) -> Result<Vec<String>, FolderError> {
    let mut found = names(inputs)?;
    found.retain(|name| name.starts_with("evidence-"));
    found.sort_unstable();
    Ok(found)
}

fn names(path: &Path) -> Result<Vec<String>, FolderError> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(FolderError::io("list", path)(error)),
    };
    entries
        .map(|entry| {
            let entry = entry.map_err(FolderError::io("list", path))?;
            Ok(entry.file_name().to_string_lossy().into_owned())
        })
        .collect()
}
