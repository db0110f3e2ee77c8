//! `close`: from collected evidence to a manifest. The computation itself is pure and stands in cairn-epoch; here its
//! inputs are frozen and its end is written down. Nothing is signed, so no key is needed.

pub(crate) mod anchors;
mod freeze;
mod replaced;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use cairn_epoch::disk::{self, Machine};
use cairn_epoch::{Closed, EpochError, EpochFolder, Input, Progress as EpochProgress, Step};
use cairn_facts::of_tokens;
use cairn_interface::vault::EpochStatus;
use cairn_merkle::EpochNumber;
use cairn_spelling::Amount;
use tokio::sync::Mutex;

use crate::chain::{Fetched, Outlook};
use crate::config::InputsConfig;
use crate::domain::step::{Refusal, Wait};
use crate::intake::Desk;
use crate::progress::{Phase, Progress};
use crate::store::OwnRuleset;
use crate::store::journal::{EpochRow, EpochState};
use crate::work::Work;
use crate::{KeeperError, text};

/// How [`crate::Keeper::close`] works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CloseOptions {
    /// Derive a closed epoch anew after a veto, or after it was revoked: evidence stays, registry file, anchors and ruleset are taken again.
    pub again: bool,
}

/// An epoch whose manifest stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    pub epoch: EpochNumber,
    /// 1, and one more each time it was derived anew.
    pub revision: u32,
    pub manifest_hash: [u8; 32],
    pub root: [u8; 32],
    /// Since the pool began.
    pub tokens: Amount,
    /// Of this epoch.
    pub tokens_epoch: Amount,
    /// Of this epoch's emission, what nobody was given.
    pub unallocated: Amount,
    pub members: u32,
    pub received: u64,
    pub accepted: u64,
    pub rejected: u64,
    /// Refusals by reason, those that occurred.
    pub reasons: BTreeMap<String, u64>,
    pub folder: PathBuf,
}

/// Closes epochs, one at a time.
pub(crate) struct Closer {
    work: Work,
    outlook: Outlook,
    own: OwnRuleset,
    inputs: InputsConfig,
    /// Held by the close that is under way: two would freeze the same inputs over each other.
    alone: Mutex<()>,
}

impl Closer {
    pub fn new(work: Work, outlook: Outlook, own: OwnRuleset, inputs: InputsConfig) -> Self {
        Self {
            work,
            outlook,
            own,
            inputs,
            alone: Mutex::new(()),
        }
    }

    /// Freezes an epoch's inputs and derives its manifest. Killed anywhere, the next call continues.
    ///
    /// # Errors
    /// [`KeeperError`]: the period is not over, the epoch before is not active, registry files that contradict the
    /// chain, evidence that was changed, inputs that can not be computed with.
    pub async fn close(
        &self,
        desk: &Desk,
        number: EpochNumber,
        options: CloseOptions,
    ) -> Result<Closing, KeeperError> {
        let _alone = self.alone.lock().await;
        self.close_one(desk, number, options).await
    }

    async fn close_one(
        &self,
        desk: &Desk,
        number: EpochNumber,
        options: CloseOptions,
    ) -> Result<Closing, KeeperError> {
        let fetched = self.outlook.fetch(number).await?;
        let next = fetched.pool.next_epoch();
        if number < next && !replaced::is_replaced(&fetched) {
            return Err(Refusal::Past { number, next }.into());
        }
        if number > next {
            return Err(Wait::NotYet { number, next }.into());
        }
        if self.begin_close(number, options, &fetched).await? < EpochState::Frozen {
            self.close_replaced(desk, number).await?;
            desk.stop_collecting(number).await?;
            self.freeze(number, &fetched.pool).await?;
            self.work.store().check_evidence(number).await?;
            let root = self.work.folder().epoch(number).root().to_owned();
            let kept = self
                .work
                .blocking(move || Ok(disk::keep_all(&Machine, &root)?))
                .await?;
            self.work.journal().mark_frozen(number, &kept).await?;
        }
        let closed = match self.compute(self.work.folder().epoch(number)).await {
            // There is nothing to commit to: the epoch goes on collecting.
            Err(KeeperError::Epoch(EpochError::NoMembers)) => {
                self.work.journal().reopen(number).await?;
                return Err(EpochError::NoMembers.into());
            }
            outcome => outcome?,
        };
        self.check_counted(number, &closed).await?;
        self.write_index().await?;
        self.work
            .journal()
            .mark_closed(number, closed.manifest_hash)
            .await?;
        let Some(row) = self.work.journal().epoch(number).await? else {
            return Err(KeeperError::NotClosed { number });
        };
        Ok(self.describe(number, row.revision, &closed, fetched.pool.decimals))
    }

    /// Refuses what must not be closed now; returns how far the epoch has come.
    async fn begin_close(
        &self,
        number: EpochNumber,
        options: CloseOptions,
        fetched: &Fetched,
    ) -> Result<EpochState, KeeperError> {
        let Some(row) = self.work.journal().epoch(number).await? else {
            self.check_over(number, fetched.now)?;
            return Ok(EpochState::Open);
        };
        match row.state {
            EpochState::Open => self.check_over(number, fetched.now)?,
            EpochState::Freezing => {}
            EpochState::Frozen | EpochState::Closed if options.again => {
                // What nobody proposed yet may change as well, and what takes a revoked root's place.
                let open = fetched.epoch.as_ref().is_none_or(|epoch| {
                    matches!(epoch.status(), EpochStatus::Vetoed | EpochStatus::Revoked)
                });
                if !open {
                    return Err(KeeperError::OnChain { number });
                }
                self.set_outputs_aside(&row)?;
                self.write_index().await?;
                self.work.journal().freeze_again(&row).await?;
                return Ok(EpochState::Freezing);
            }
            EpochState::Frozen => self.work.store().check_evidence(number).await?,
            EpochState::Closed => {
                let manifest = row
                    .manifest_hash
                    .map_or_else(String::new, |hash| text::hash(&hash));
                return Err(KeeperError::AlreadyClosed { number, manifest });
            }
        }
        Ok(row.state)
    }

    fn check_over(&self, number: EpochNumber, now: i64) -> Result<(), KeeperError> {
        let schedule = self.own.schedule()?;
        let closable = schedule.closable_at(number)?;
        if now >= closable {
            return Ok(());
        }
        Err(Wait::NotOver {
            number,
            ends: schedule.period(number)?.end,
            closable,
            now,
        }
        .into())
    }

    /// The set that was computed is the set that was acknowledged: every segment with a receipt in it, as it was when the
    /// receipt was given, and no other.
    async fn check_counted(&self, number: EpochNumber, closed: &Closed) -> Result<(), KeeperError> {
        let acknowledged: BTreeMap<String, [u8; 32]> = self
            .work
            .journal()
            .segments(number)
            .await?
            .into_iter()
            .map(|segment| (format!("inputs/{}", segment.name), segment.sha256))
            .collect();
        let counted: BTreeMap<String, [u8; 32]> = closed
            .manifest
            .inputs
            .iter()
            .filter(|entry| Input::of(&entry.name) == Some(Input::Evidence))
            .map(|entry| (entry.name.clone(), entry.sha256))
            .collect();
        let differs = acknowledged
            .iter()
            .find(|(name, hash)| counted.get(*name) != Some(*hash))
            .or_else(|| {
                counted
                    .iter()
                    .find(|(name, _)| !acknowledged.contains_key(*name))
            });
        match differs {
            None => Ok(()),
            Some((name, _)) => {
                let path = self.work.folder().epoch(number).root().join(name);
                Err(KeeperError::EvidenceChanged { number, path })
            }
        }
    }

    async fn compute(&self, folder: EpochFolder) -> Result<Closed, KeeperError> {
        let progress = self.work.progress_handle();
        self.work
            .blocking(move || {
                progress.phase_started(Phase::Close, None);
                let steps = EpochSteps::new(Arc::clone(&progress), Phase::Close);
                let closed = cairn_epoch::close(folder.root(), &steps)?;
                progress.phase_finished(Phase::Close);
                Ok(closed)
            })
            .await
    }

    /// Says which epochs are here, for who reads them from a host that lists nothing.
    async fn write_index(&self) -> Result<(), KeeperError> {
        let epochs = self.work.folder().epochs();
        let written = self
            .work
            .blocking(move || Ok(cairn_epoch::write_index(&epochs)?));
        written.await.map(|_| ())
    }

    /// The vetoed content stays readable: an auditor may ask what was vetoed.
    fn set_outputs_aside(&self, row: &EpochRow) -> Result<(), KeeperError> {
        let folder = self.work.folder().epoch(row.number);
        let name = format!("epoch-{:05}-revision-{}", row.number, row.revision);
        for (path, part) in [
            (folder.outputs(), "outputs"),
            (folder.manifest(), "manifest.json"),
        ] {
            if path.symlink_metadata().is_ok() {
                self.work
                    .folder()
                    .move_aside(&path, &format!("{name}-{part}"))?;
            }
        }
        Ok(())
    }

    fn describe(
        &self,
        number: EpochNumber,
        revision: u32,
        closed: &Closed,
        decimals: u8,
    ) -> Closing {
        let tokens = |base| of_tokens(base, decimals);
        Closing {
            epoch: number,
            revision,
            manifest_hash: closed.manifest_hash,
            root: closed.root.hash,
            tokens: tokens(closed.totals.tokens),
            tokens_epoch: tokens(closed.totals.tokens_epoch),
            unallocated: tokens(closed.totals.unallocated),
            members: closed.leaf_count,
            received: closed.accepted.saturating_add(closed.rejected),
            accepted: closed.accepted,
            rejected: closed.rejected,
            reasons: closed
                .rejected_by_reason
                .iter()
                .filter(|(_, count)| **count > 0)
                .map(|(reason, count)| (reason.name().to_owned(), *count))
                .collect(),
            folder: self.work.folder().epoch(number).root().to_owned(),
        }
    }
}

/// Passes the steps of a computation on as one phase.
pub(crate) struct EpochSteps {
    progress: Arc<dyn Progress>,
    phase: Phase,
}

impl EpochSteps {
    pub(crate) const fn new(progress: Arc<dyn Progress>, phase: Phase) -> Self {
        Self { progress, phase }
    }
}

impl EpochProgress for EpochSteps {
    fn begin(&self, step: Step, total: u64) {
        self.progress
            .phase_started(self.phase, (total > 0).then_some(total));
        self.progress.phase_detail(self.phase, step.title());
    }

    fn advance(&self, done: u64) {
        self.progress.phase_advanced(self.phase, done);
    }
}
