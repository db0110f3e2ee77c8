//! `run`: every phase in its turn, as far as possible, again and again until told to stop.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use cairn_interface::vault::{EpochStatus, EpochView};
use serde::Serialize;

use crate::folder::FolderError;
use crate::ingest::Format;
use crate::journal::EpochState;
use crate::publish::{AttestOptions, ProposeOptions};
use crate::{CloseOptions, Ending, Keeper, KeeperError};

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunReport {
    pub files: u64,
    pub proofs: u64,
    pub closed: Vec<u64>,
    pub proposed: Vec<u64>,
    pub attested: Vec<u64>,
    pub activated: Vec<u64>,
    /// Why it stopped, or waits now.
    pub waiting_for: String,
}

/// One step of a run.
enum Turn {
    /// Something was done; look again at once.
    Did,
    /// Nothing to do before this changes.
    Waits(String),
}

impl Keeper {
    /// Does whatever can be done. With `once`, returns when nothing can be done now; otherwise waits and looks again
    /// until the keeper is told to stop.
    ///
    /// With `[attest] source` in keeper.toml this keeper attests what is published there and proposes nothing itself;
    /// without, it proposes its own epochs.
    ///
    /// # Errors
    /// [`KeeperError`] that asking again does not cure: a person has to look.
    pub async fn run(&self, once: bool) -> Result<RunReport, KeeperError> {
        let mut report = RunReport::default();
        loop {
            if self.stop_switch().is_set() {
                "told to stop".clone_into(&mut report.waiting_for);
                return Ok(report);
            }
            let turn = match self.turn(&mut report).await {
                Ok(turn) => turn,
                Err(KeeperError::Stopped) => continue,
                Err(error) if error.ending() == Ending::Temporary => Turn::Waits(error.to_string()),
                Err(error) => return Err(error),
            };
            let Turn::Waits(reason) = turn else { continue };
            if report.waiting_for != reason {
                self.progress().note(&reason);
            }
            report.waiting_for = reason;
            if once {
                return Ok(report);
            }
            self.rest().await;
        }
    }

    async fn turn(&self, report: &mut RunReport) -> Result<Turn, KeeperError> {
        self.record_anchor().await?;
        self.ingest_inbox(report).await?;
        let pool = self.fetch(0).await?.pool;
        let number = pool.next_epoch;
        let fetched = self.fetch(number).await?;
        let source = self
            .config()
            .attest
            .source
            .as_ref()
            .map(|path| self.folder().resolve(path));
        match &fetched.epoch {
            Some(epoch) if epoch.status == EpochStatus::Vetoed && source.is_some() => {
                Ok(Turn::Waits(format!(
                    "epoch {number} was vetoed; it may be proposed again"
                )))
            }
            // Proposing the very content that was vetoed again is for a person to decide.
            Some(epoch) if epoch.status == EpochStatus::Vetoed => {
                Err(crate::domain::step::Refusal::Vetoed { number }.into())
            }
            Some(epoch) => self.carry_on(number, epoch, source, report).await,
            None if source.is_some() => {
                Ok(Turn::Waits(format!("epoch {number} is not proposed yet")))
            }
            None => self.bring_up(number, report).await,
        }
    }

    /// From open to proposed.
    async fn bring_up(&self, number: u64, report: &mut RunReport) -> Result<Turn, KeeperError> {
        let state = self.journal().epoch(number).await?.map(|row| row.state);
        if state != Some(EpochState::Closed) {
            self.close(number, CloseOptions::default()).await?;
            report.closed.push(number);
        }
        self.propose(number, ProposeOptions::default()).await?;
        report.proposed.push(number);
        Ok(Turn::Did)
    }

    /// From proposed to active.
    async fn carry_on(
        &self,
        number: u64,
        epoch: &EpochView,
        source: Option<PathBuf>,
        report: &mut RunReport,
    ) -> Result<Turn, KeeperError> {
        if epoch.proposer == self.address() && !epoch.canopy_complete {
            self.propose(number, ProposeOptions::default()).await?;
            report.proposed.push(number);
            return Ok(Turn::Did);
        }
        // Without a source, another keeper's proposal is attested when this one derived the very same itself.
        let own = self
            .journal()
            .epoch(number)
            .await?
            .and_then(|row| row.manifest_hash);
        let known = source.is_some() || own == Some(epoch.manifest_hash);
        if known && !epoch.attested_by.contains(&self.address()) {
            self.attest(number, source.as_deref(), AttestOptions::default())
                .await?;
            report.attested.push(number);
            return Ok(Turn::Did);
        }
        self.activate(number).await?;
        report.activated.push(number);
        Ok(Turn::Did)
    }

    /// Ingests the files in `inbox/`, then moves them to `inbox/done/`. Hidden and unfinished names are left alone.
    async fn ingest_inbox(&self, report: &mut RunReport) -> Result<(), KeeperError> {
        let inbox = self.folder().inbox();
        let mut files = Vec::new();
        for entry in fs::read_dir(&inbox).map_err(FolderError::io("list", &inbox))? {
            let path = entry.map_err(FolderError::io("list", &inbox))?.path();
            if path.is_file() && Format::of(&path).is_ok() {
                files.push(path);
            }
        }
        files.sort_unstable();
        for path in files {
            self.stop_if_told()?;
            let done = self.ingest_file(&path, None, None).await?;
            report.files = report.files.saturating_add(1);
            report.proofs = report.proofs.saturating_add(done.proofs);
            let target = self
                .folder()
                .inbox_done()
                .join(path.file_name().unwrap_or_default());
            fs::rename(&path, &target).map_err(FolderError::io("move", &path))?;
        }
        Ok(())
    }

    /// Waits one round, or until told to stop.
    async fn rest(&self) {
        let stop = self.stop_switch();
        for _ in 0..self.config().run.poll_secs.saturating_mul(5) {
            if stop.is_set() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
