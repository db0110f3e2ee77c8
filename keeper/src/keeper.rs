//! The keeper: one data folder, one key, one ledger.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cairn_client::{Ledger, RpcLedger, SendOptions};
use cairn_epoch::{NetworkTerms, read_terms};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, read_keypair_file};
use solana_sdk::signer::Signer;
use tokio::sync::Mutex;

use crate::KeeperError;
use crate::config::Config;
use crate::domain::schedule::Schedule;
use crate::folder::{DataFolder, FolderError};
use crate::ingest::Desk;
use crate::journal::Journal;
use crate::progress::{Progress, Silent};

/// An open keeper. While it lives, its folder is locked against every other process.
pub struct Keeper {
    folder: DataFolder,
    config: Config,
    ledger: Arc<dyn Ledger>,
    key: Keypair,
    journal: Journal,
    progress: Arc<dyn Progress>,
    stop: StopSwitch,
    desk: Desk,
    /// Held by the close that is under way: two would freeze the same inputs over each other.
    closing: Mutex<()>,
}

/// Lamports that one of a keeper's transactions may cost: 0.01 SOL, a hundred times what a crowded cluster asks. Nobody is
/// asked before a keeper pays, so a slip in keeper.toml must not empty its wallet.
const MOST_FEE: u64 = 10_000_000;

/// Tells a keeper to stop at the next point where nothing is half done. Clones switch the same keeper.
#[derive(Clone, Debug, Default)]
pub struct StopSwitch(Arc<AtomicBool>);

impl StopSwitch {
    /// Stops it. Nothing acknowledged is lost, and a transaction that was submitted is still followed to its end.
    pub fn stop(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Keeper {
    /// Opens the keeper in `folder` as its `keeper.toml` says.
    ///
    /// # Errors
    /// [`KeeperError`]: no keeper's folder, bad configuration or key file, locked, journal of another version.
    pub async fn open(folder: impl Into<PathBuf>) -> Result<Self, KeeperError> {
        Self::open_with(folder, Arc::new(Silent)).await
    }

    /// As [`Keeper::open`], with someone who hears what happens.
    ///
    /// # Errors
    /// As [`Keeper::open`].
    pub async fn open_with(
        folder: impl Into<PathBuf>,
        progress: Arc<dyn Progress>,
    ) -> Result<Self, KeeperError> {
        let folder = DataFolder::new(folder);
        if !folder.config().is_file() {
            let path = folder.root().to_owned();
            return Err(FolderError::NotAKeeper { path }.into());
        }
        let config = Config::read(&folder.config())?;
        let key = read_key(&folder.resolve(&config.keys.keeper))?;
        let ledger = RpcLedger::new(config.chain.rpc_url.reveal())?;
        Self::with_ledger(folder.root(), config, Arc::new(ledger), key, progress).await
    }

    /// Opens a keeper from parts: another ledger, a configuration that is in no file.
    ///
    /// # Errors
    /// [`KeeperError`]: locked, journal of another version, values out of range, no ruleset.
    pub async fn with_ledger(
        folder: impl Into<PathBuf>,
        config: Config,
        ledger: Arc<dyn Ledger>,
        key: Keypair,
        progress: Arc<dyn Progress>,
    ) -> Result<Self, KeeperError> {
        let folder = DataFolder::new(folder);
        config
            .check()
            .map_err(|problem| crate::config::ConfigError::Invalid {
                path: folder.config(),
                problem,
            })?;
        folder.create()?;
        terms_of(&folder, &config)?;
        let lock = folder.lock()?;
        let journal = Journal::open(&folder.journal()).await?;
        let desk = Desk::open(
            folder.clone(),
            journal.clone(),
            Arc::clone(&progress),
            config.ingest.epochs_ahead,
            lock,
        )
        .await?;
        Ok(Self {
            folder,
            config,
            ledger,
            key,
            journal,
            progress,
            stop: StopSwitch::default(),
            desk,
            closing: Mutex::new(()),
        })
    }

    /// Writes everything down and lets go of the folder.
    pub async fn shut_down(self) {
        self.desk.close().await;
        self.journal.close().await;
    }

    /// This keeper's address.
    #[must_use]
    pub fn address(&self) -> Pubkey {
        self.key.pubkey()
    }

    #[must_use]
    pub const fn folder(&self) -> &DataFolder {
        &self.folder
    }

    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// The switch that stops this keeper.
    #[must_use]
    pub fn stop_switch(&self) -> StopSwitch {
        self.stop.clone()
    }

    /// The folder with the ruleset this keeper runs.
    pub(crate) fn ruleset_folder(&self) -> PathBuf {
        self.folder.resolve(&self.config.inputs.ruleset)
    }

    /// Calendar, emission and streams of the ruleset this keeper runs.
    ///
    /// # Errors
    /// [`KeeperError::Ruleset`]: absent, or with a number out of range.
    pub fn terms(&self) -> Result<NetworkTerms, KeeperError> {
        terms_of(&self.folder, &self.config)
    }

    pub(crate) fn schedule(&self) -> Result<Schedule, KeeperError> {
        schedule_of(&self.folder, &self.config)
    }

    pub(crate) const fn journal(&self) -> &Journal {
        &self.journal
    }

    pub(crate) const fn desk(&self) -> &Desk {
        &self.desk
    }

    pub(crate) const fn closing(&self) -> &Mutex<()> {
        &self.closing
    }

    pub(crate) fn ledger(&self) -> &dyn Ledger {
        self.ledger.as_ref()
    }

    pub(crate) const fn key(&self) -> &Keypair {
        &self.key
    }

    pub(crate) fn progress(&self) -> &dyn Progress {
        self.progress.as_ref()
    }

    pub(crate) fn progress_handle(&self) -> Arc<dyn Progress> {
        Arc::clone(&self.progress)
    }

    pub(crate) fn send_options(&self) -> SendOptions {
        SendOptions {
            priority_micro_lamports: self.config.chain.priority_fee_micro_lamports,
            most_fee: Some(MOST_FEE),
            poll: std::time::Duration::from_millis(self.config.run.poll_transaction_ms.into()),
            ..SendOptions::default()
        }
    }

    pub(crate) fn stop_if_told(&self) -> Result<(), KeeperError> {
        if self.stop.is_set() {
            return Err(KeeperError::Stopped);
        }
        Ok(())
    }

    /// Runs work that computes or waits for a disk where it holds up nobody else.
    pub(crate) async fn blocking<T, F>(&self, work: F) -> Result<T, KeeperError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, KeeperError> + Send + 'static,
    {
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| KeeperError::Task(error.to_string()))?
    }
}

fn terms_of(folder: &DataFolder, config: &Config) -> Result<NetworkTerms, KeeperError> {
    let path = folder.resolve(&config.inputs.ruleset);
    read_terms(&path).map_err(|source| KeeperError::Ruleset { path, source })
}

/// The network's calendar with a keeper's patience.
pub(crate) fn schedule_of(folder: &DataFolder, config: &Config) -> Result<Schedule, KeeperError> {
    Ok(Schedule {
        calendar: terms_of(folder, config)?.calendar,
        grace_secs: config.schedule.grace_secs,
    })
}

/// Reads a Solana key file.
///
/// # Errors
/// [`KeeperError::KeyFile`]; the content is in no message.
pub fn read_key(path: &Path) -> Result<Keypair, KeeperError> {
    let refuse = |problem| KeeperError::KeyFile {
        path: path.to_owned(),
        problem,
    };
    if !path.is_file() {
        return Err(refuse("does not exist"));
    }
    read_keypair_file(path).map_err(|_| refuse("is no Solana key file (a JSON list of 64 numbers)"))
}
