//! The desk where records are handed in, and the one clerk behind it. Only the clerk writes evidence, gives receipts and
//! ends an epoch's collecting, one errand after the other: so a segment's number is given once, nothing is moved aside
//! that is just being written, and who hands in may go away at any moment without leaving half of anything behind.

use std::collections::BTreeMap;
use std::sync::Arc;

use cairn_epoch::SegmentName;
use cairn_merkle::EpochNumber;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::evidence::write_evidence;
use super::{Content, Record};
use crate::KeeperError;
use crate::domain::schedule::filed_under;
use crate::progress::Progress;
use crate::store::evidence::{copy_segment, evidence_names, numbered_folders};
use crate::store::folder::{DataFolder, FolderLock};
use crate::store::journal::{EpochState, Journal, SourceRow};
use crate::work::Work;

/// Errands that may wait. Each holds a batch of records; whoever comes beyond waits with its own.
const WAITING: usize = 4;

/// What became of a stretch of records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filed {
    /// Records by the epoch that decides about them.
    pub epochs: BTreeMap<EpochNumber, u64>,
    pub proofs: u64,
    pub malformed: u64,
}

type Answer<T> = oneshot::Sender<Result<T, KeeperError>>;

enum Errand {
    Source {
        name: String,
        answer: Answer<SourceRow>,
    },
    File {
        source: SourceRow,
        stretch: Vec<Record>,
        answer: Answer<(SourceRow, Filed)>,
    },
    Complete {
        source: SourceRow,
        answer: Answer<()>,
    },
    StopCollecting {
        number: EpochNumber,
        answer: Answer<()>,
    },
}

/// An errand, and the lock on the folder for as long as it takes: whoever sent it may be gone before it ends.
struct Order {
    errand: Errand,
    _lock: Arc<FolderLock>,
}

/// Where errands are handed in.
pub(crate) struct Desk {
    orders: mpsc::Sender<Order>,
    clerk: JoinHandle<()>,
    lock: Arc<FolderLock>,
}

impl Desk {
    /// Clears what an earlier process left half done, then opens.
    pub async fn open(
        work: &Work,
        epochs_ahead: u32,
        lock: FolderLock,
    ) -> Result<Self, KeeperError> {
        let clerk = Clerk {
            folder: work.folder().clone(),
            journal: work.journal().clone(),
            progress: work.progress_handle(),
            epochs_ahead,
        };
        clerk.clear_all().await?;
        let (orders, received) = mpsc::channel(WAITING);
        Ok(Self {
            orders,
            clerk: tokio::spawn(clerk.serve(received)),
            lock: Arc::new(lock),
        })
    }

    /// Does what was handed in, then lets go of the folder.
    pub async fn close(self) {
        let Self { orders, clerk, .. } = self;
        drop(orders);
        // A clerk that ended otherwise has told whoever waited for it.
        let _ = clerk.await;
    }

    /// The source called `name`, known or new.
    pub async fn source(&self, name: &str) -> Result<SourceRow, KeeperError> {
        let name = name.to_owned();
        self.send(|answer| Errand::Source { name, answer }).await
    }

    /// Writes one stretch of a source as evidence, syncs it, then acknowledges all of it at once.
    pub async fn file(
        &self,
        source: SourceRow,
        stretch: Vec<Record>,
    ) -> Result<(SourceRow, Filed), KeeperError> {
        self.send(|answer| Errand::File {
            source,
            stretch,
            answer,
        })
        .await
    }

    /// Marks a source as read to its end.
    pub async fn complete(&self, source: SourceRow) -> Result<(), KeeperError> {
        self.send(|answer| Errand::Complete { source, answer })
            .await
    }

    /// Ends an epoch's collecting: its evidence is what was acknowledged until now, and nothing else stands beside it.
    pub async fn stop_collecting(&self, number: EpochNumber) -> Result<(), KeeperError> {
        self.send(|answer| Errand::StopCollecting { number, answer })
            .await
    }

    async fn send<T>(&self, errand: impl FnOnce(Answer<T>) -> Errand) -> Result<T, KeeperError> {
        let (answer, answered) = oneshot::channel();
        let order = Order {
            errand: errand(answer),
            _lock: Arc::clone(&self.lock),
        };
        let gone = || KeeperError::Task("nobody writes evidence any more".to_owned());
        self.orders.send(order).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

/// The one who writes.
struct Clerk {
    folder: DataFolder,
    journal: Journal,
    progress: Arc<dyn Progress>,
    epochs_ahead: u32,
}

impl Clerk {
    async fn serve(self, mut orders: mpsc::Receiver<Order>) {
        while let Some(Order { errand, _lock }) = orders.recv().await {
            // Whoever asked may have gone; what was done stands all the same.
            match errand {
                Errand::Source { name, answer } => {
                    let source = self.journal.source(&name).await;
                    let _ = answer.send(source.map_err(KeeperError::from));
                }
                Errand::File {
                    source,
                    stretch,
                    answer,
                } => {
                    let _ = answer.send(self.file(source, stretch).await);
                }
                Errand::Complete { source, answer } => {
                    let done = self.journal.complete_source(source).await;
                    let _ = answer.send(done.map_err(KeeperError::from));
                }
                Errand::StopCollecting { number, answer } => {
                    let _ = answer.send(self.stop_collecting(number).await);
                }
            }
        }
    }

    async fn file(
        &self,
        source: SourceRow,
        stretch: Vec<Record>,
    ) -> Result<(SourceRow, Filed), KeeperError> {
        let open = self.journal.open_epoch().await?;
        let mut filed = Filed::default();
        let mut by_epoch: BTreeMap<EpochNumber, Vec<Record>> = BTreeMap::new();
        let received = source.received.saturating_add(stretch.len() as u64);
        for record in stretch {
            let epoch = match &record.content {
                Content::Proof(signed) => {
                    filed.proofs = filed.proofs.saturating_add(1);
                    filed_under(signed.proof.epoch, open, self.epochs_ahead)
                }
                Content::Raw { .. } => {
                    filed.malformed = filed.malformed.saturating_add(1);
                    open
                }
            };
            let count = filed.epochs.entry(epoch).or_default();
            *count = count.saturating_add(1);
            by_epoch.entry(epoch).or_default().push(record);
        }
        let mut stacks = Vec::with_capacity(by_epoch.len());
        for (epoch, records) in by_epoch {
            // What an errand left that failed midway has the very name that is due.
            let next = self.clear(epoch).await?;
            stacks.push((epoch, next, records));
        }
        let folder = self.folder.clone();
        let written = tokio::task::spawn_blocking(move || write_evidence(&folder, &stacks))
            .await
            .map_err(|error| KeeperError::Task(error.to_string()))??;
        let source = self.journal.acknowledge(source, received, &written).await?;
        Ok((source, filed))
    }

    async fn stop_collecting(&self, number: EpochNumber) -> Result<(), KeeperError> {
        let row = self.journal.epoch(number).await?;
        if row.is_none_or(|row| row.state == EpochState::Open) {
            self.carry_over(number).await?;
            self.journal.stop_collecting(number).await?;
        }
        self.clear(number).await.map(|_| ())
    }

    /// Takes evidence of past epochs that were never closed here into this epoch's set, as what comes late is: what has a
    /// receipt gets an answer, whichever keeper was faster. Killed anywhere, a file without a row is moved aside later.
    async fn carry_over(&self, number: EpochNumber) -> Result<(), KeeperError> {
        for segment in self.journal.overtaken_segments(number).await? {
            let next = self.clear(number).await?;
            let from = self
                .folder
                .epoch(segment.epoch)
                .inputs()
                .join(&segment.name);
            let name = SegmentName {
                number: next,
                kind: SegmentName::parse(&segment.name).and_then(|name| name.kind),
            };
            let to = self.folder.epoch(number).evidence(name);
            let (epoch, sha256) = (segment.epoch, segment.sha256);
            tokio::task::spawn_blocking(move || copy_segment(epoch, &from, &to, &sha256))
                .await
                .map_err(|error| KeeperError::Task(error.to_string()))??;
            self.journal
                .carry_segment(&segment, number, &name.to_string())
                .await?;
            self.progress.note(&format!(
                "{} records of epoch {epoch}, which was never closed here, are decided about with epoch {number}",
                segment.records
            ));
            self.clear(epoch).await?;
        }
        Ok(())
    }

    /// As [`Clerk::clear`], for every epoch whose inputs are not frozen.
    async fn clear_all(&self) -> Result<(), KeeperError> {
        for number in numbered_folders(&self.folder.epochs())? {
            let row = self.journal.epoch(number).await?;
            if row.is_none_or(|row| row.state < EpochState::Frozen) {
                self.clear(number).await?;
            }
        }
        Ok(())
    }

    /// Moves evidence files of an epoch aside that nobody was promised anything about: a crash or a full disk came
    /// between writing them and acknowledging them. Their senders have no receipt and send again. Returns how many
    /// segments stand: the number of the next.
    async fn clear(&self, number: EpochNumber) -> Result<usize, KeeperError> {
        let known = self.journal.segments(number).await?;
        let inputs = self.folder.epoch(number).inputs();
        for name in evidence_names(&inputs)? {
            if known.iter().any(|segment| segment.name == name) {
                continue;
            }
            let flat = name.replace('/', "-");
            let aside = self
                .folder
                .move_aside(&inputs.join(&name), &format!("{number:05}-{flat}"))?;
            let aside = aside.file_name().unwrap_or_default().to_string_lossy();
            self.progress.note(&format!(
                "an unfinished evidence file of epoch {number} was moved to aside/{aside}; its senders have no receipt"
            ));
        }
        Ok(known.len())
    }
}
