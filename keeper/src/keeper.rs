//! The keeper: its phases put together over one data folder, one key, one ledger.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cairn_client::{Ledger, RpcLedger, key_text};
use cairn_epoch::{Anchor, NetworkTerms};
use cairn_merkle::EpochNumber;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;

use crate::attest::{AttestSource, Attester};
use crate::chain::Outlook;
use crate::close::{Closer, anchors};
use crate::config::Config;
use crate::domain::agenda::Role;
use crate::intake::{IngestReport, Intake, Record};
use crate::progress::{Progress, Silent};
use crate::publish::Publisher;
use crate::store::OwnRuleset;
use crate::store::folder::DataFolder;
use crate::work::{StopSwitch, Work};
use crate::{
    Activated, AttestOptions, Attested, CloseOptions, Closing, KeeperError, ProposeOptions,
    Proposed,
};

/// An open keeper. While it lives, its folder is locked against every other process.
pub struct Keeper {
    config: Config,
    own: OwnRuleset,
    pub(crate) intake: Intake,
    pub(crate) outlook: Outlook,
    closer: Closer,
    attester: Attester,
    pub(crate) publisher: Publisher,
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
        let config = Config::of_folder(&folder)?;
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
        let own = OwnRuleset::of(&folder, &config);
        own.terms()?;
        let intake = Intake::of(folder, config.ingest, progress).await?;
        let work = intake.work().clone();
        let outlook = Outlook::new(work.clone(), ledger, config.chain.clone());
        let inputs = config.inputs.clone();
        Ok(Self {
            closer: Closer::new(work.clone(), outlook.clone(), own.clone(), inputs),
            attester: Attester::new(work.clone(), outlook.clone(), &config)?,
            publisher: Publisher::new(work, outlook.clone(), &config, key),
            config,
            own,
            intake,
            outlook,
        })
    }

    /// Writes everything down and lets go of the folder.
    pub async fn shut_down(self) {
        self.intake.shut_down().await;
    }

    /// This keeper's address.
    #[must_use]
    pub const fn address(&self) -> Pubkey {
        self.publisher.address()
    }

    #[must_use]
    pub const fn folder(&self) -> &DataFolder {
        self.work().folder()
    }

    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Where proofs come in.
    #[must_use]
    pub const fn intake(&self) -> &Intake {
        &self.intake
    }

    /// The switch that stops this keeper.
    #[must_use]
    pub fn stop_switch(&self) -> StopSwitch {
        self.work().stop_switch().clone()
    }

    pub(crate) const fn work(&self) -> &Work {
        self.intake.work()
    }

    /// What this keeper is there for.
    pub(crate) const fn role(&self) -> Role {
        self.publisher.role()
    }

    /// Calendar, emission and streams of the ruleset this keeper runs.
    ///
    /// # Errors
    /// [`KeeperError::Ruleset`]: absent, or with a number out of range.
    pub fn terms(&self) -> Result<NetworkTerms, KeeperError> {
        self.own.terms()
    }

    /// Files records from any source: [`Intake::ingest`].
    ///
    /// # Errors
    /// As there.
    pub async fn ingest<I>(&self, source: &str, records: I) -> Result<IngestReport, KeeperError>
    where
        I: IntoIterator<Item = Record>,
    {
        self.intake.ingest(source, records).await
    }

    /// Records the newest finalized block with its hash and its own time. `None` when the node tells no such block.
    ///
    /// # Errors
    /// [`KeeperError::Client`], [`KeeperError::Journal`].
    pub async fn record_anchor(&self) -> Result<Option<Anchor>, KeeperError> {
        anchors::record(self.work(), self.outlook.ledger()).await
    }

    /// Freezes an epoch's inputs and derives its manifest. Killed anywhere, the next call continues.
    ///
    /// # Errors
    /// [`KeeperError`]: the period is not over, the epoch before is not active, registry files that contradict the
    /// chain, evidence that was changed, inputs that can not be computed with.
    pub async fn close(
        &self,
        number: EpochNumber,
        options: CloseOptions,
    ) -> Result<Closing, KeeperError> {
        if options.again {
            // A proposal whose end is not known may still put the old content on chain.
            self.publisher.resolve_pending().await?;
        }
        self.closer.close(self.intake.desk(), number, options).await
    }

    /// Puts a closed epoch on chain, with its canopy. Safe to repeat: what stands is left alone.
    ///
    /// # Errors
    /// [`KeeperError`]: files or leaves that fail verification, an epoch that does not fit the cap or jumps against
    /// the last ones, an epoch on chain with other content, anything the chain refuses.
    pub async fn propose(
        &self,
        number: EpochNumber,
        options: ProposeOptions,
    ) -> Result<Proposed, KeeperError> {
        self.publisher.propose(number, options).await
    }

    /// Fetches the epoch that stands on chain from `source` (another keeper's data folder, its epochs folder, or one
    /// epoch's folder; `None` is this keeper's own), derives it again, and signs if every hash agrees.
    ///
    /// # Errors
    /// [`KeeperError`] naming the first difference: between chain and manifest, manifest and files, inputs and chain,
    /// inputs and this keeper's configuration, or published and recomputed outputs.
    pub async fn attest(
        &self,
        number: EpochNumber,
        source: Option<&Path>,
        options: AttestOptions,
    ) -> Result<Attested, KeeperError> {
        let places: Vec<PathBuf> = source.map(Path::to_owned).into_iter().collect();
        let source = match places.as_slice() {
            [] => AttestSource::Own,
            places => AttestSource::Named(places),
        };
        self.attest_with(number, source, options).await
    }

    /// As [`Self::attest`], from the first of several mirrors that gives the files: folders, or addresses of web servers.
    ///
    /// # Errors
    /// As there; what each mirror answered when none gave them.
    pub async fn attest_from(
        &self,
        number: EpochNumber,
        mirrors: &[PathBuf],
        options: AttestOptions,
    ) -> Result<Attested, KeeperError> {
        self.attest_with(number, AttestSource::Named(mirrors), options)
            .await
    }

    pub(crate) async fn attest_with(
        &self,
        number: EpochNumber,
        source: AttestSource<'_>,
        options: AttestOptions,
    ) -> Result<Attested, KeeperError> {
        // Fetching and computing together are larger than what callers keep on their stacks.
        let attested = self
            .attester
            .attest(&self.publisher, number, source, options);
        Box::pin(attested).await
    }

    /// Fetches the epochs that became active while this keeper was away, from where its keeper.toml says that others publish.
    /// Returns their numbers.
    ///
    /// # Errors
    /// [`KeeperError::Mirror`] with what each mirror answered; a node that can not be asked; files that do not follow from each other.
    pub async fn catch_up(&self, active: EpochNumber) -> Result<Vec<EpochNumber>, KeeperError> {
        self.attester.catch_up(active).await
    }

    /// Activates an epoch whose window is over. The conditions are the program's; no file of this keeper is needed,
    /// because the attestations under the epoch are what makes it right. A keeper that derived the epoch itself and came
    /// to another manifest does not help it along.
    ///
    /// # Errors
    /// [`crate::domain::step::Wait`] with the moment from which it is possible;
    /// [`crate::domain::step::Refusal::OtherManifest`], naming what differs; anything the chain refuses.
    pub async fn activate(&self, number: EpochNumber) -> Result<Activated, KeeperError> {
        self.publisher.activate(number).await
    }
}

/// Reads a key file: 64 numbers, or the Base58 text that wallets export.
///
/// # Errors
/// [`KeeperError::KeyFile`]; the content is in no message.
pub fn read_key(path: &Path) -> Result<Keypair, KeeperError> {
    let refuse = |problem| KeeperError::KeyFile {
        path: path.to_owned(),
        problem,
    };
    let read = || {
        let mut bytes = Vec::new();
        File::open(path)?
            .take(key_text::MAX_LEN)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => refuse("does not exist".to_owned()),
        _ => refuse(format!("can not be read: {error}")),
    })?;
    key_text::keypair(&bytes).map_err(|reason| refuse(format!("is no Solana key file: {reason}")))
}
