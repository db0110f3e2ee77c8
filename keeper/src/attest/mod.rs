//! `attest`: this keeper's word that the published inputs lead to the published outputs and to nothing else. Here it is found
//! out; the word itself is the publisher's, who holds the key.

mod fault;
mod fetch;
mod inputs;
mod published;
mod replaced;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use cairn_epoch::EpochFolder;
use cairn_facts::of_tokens;
use cairn_merkle::EpochNumber;
use cairn_spelling::Amount;

pub use fault::PublishedFault;
pub(crate) use fetch::newest_of;
pub(crate) use published::locate;

use crate::KeeperError;
use crate::chain::Outlook;
use crate::config::Config;
use crate::domain::proposal::Warning;
use crate::domain::step::{Goal, Refusal, Wait};
use crate::peers::Peers;
use crate::publish::{Publication, Publisher, Sent, is_vetoed};
use crate::store::OwnRuleset;
use crate::work::Work;

/// How [`crate::Keeper::attest`] works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttestOptions {
    /// A person has looked at the jump against the last epochs and attests the epoch anyway.
    pub accept_anomaly: bool,
}

/// An epoch with this keeper's word under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    pub epoch: EpochNumber,
    pub attempt: u32,
    pub root: [u8; 32],
    /// The one this keeper derived itself and found on chain.
    pub manifest_hash: [u8; 32],
    /// Since the pool began.
    pub tokens: Amount,
    pub attestations: usize,
    pub threshold: usize,
    /// Unix seconds from which it can become active.
    pub activatable_at: i64,
    pub warnings: Vec<Warning>,
    /// The transactions this call followed to their end; none when the word stood already.
    pub transactions: Vec<Sent>,
}

/// Where the files of an epoch that is attested come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttestSource<'a> {
    /// This keeper's own folder.
    Own,
    /// Other keepers' data folders, their epochs folders, one epoch's folder, or addresses of any of these.
    Named(&'a [PathBuf]),
    /// Those that keeper.toml names.
    Configured,
}

/// Derives other keepers' epochs again.
pub(crate) struct Attester {
    work: Work,
    outlook: Outlook,
    own: OwnRuleset,
    /// This keeper's anchors file.
    anchors: PathBuf,
    /// Those that the configuration names.
    peers: Option<Peers>,
    /// The newest active epoch whose files are known to be here.
    reached: Mutex<EpochNumber>,
}

impl Attester {
    pub fn new(work: Work, outlook: Outlook, config: &Config) -> Result<Self, KeeperError> {
        let base = work.folder().root().to_owned();
        let places = config.peers();
        Ok(Self {
            own: OwnRuleset::of(work.folder(), config),
            anchors: config.inputs.anchors.clone(),
            peers: Self::peers_at(&work, &places, &base)?,
            reached: Mutex::default(),
            work,
            outlook,
        })
    }

    fn peers_at(
        work: &Work,
        places: &[PathBuf],
        base: &std::path::Path,
    ) -> Result<Option<Peers>, KeeperError> {
        Peers::of(
            places,
            base,
            work.folder().mirrors(),
            work.progress_handle(),
        )
    }

    fn reached(&self) -> EpochNumber {
        *self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_reached(&self, number: EpochNumber) {
        *self.reached.lock().unwrap_or_else(PoisonError::into_inner) = number;
    }

    /// Fetches the epoch that stands on chain from `source`, derives it again, and signs if every hash agrees.
    ///
    /// # Errors
    /// [`KeeperError`] naming the first difference: between chain and manifest, manifest and files, inputs and chain,
    /// inputs and this keeper's configuration, or published and recomputed outputs.
    pub async fn attest(
        &self,
        publisher: &Publisher,
        number: EpochNumber,
        source: AttestSource<'_>,
        options: AttestOptions,
    ) -> Result<Attested, KeeperError> {
        publisher.resolve_pending().await?;
        let fetched = self.outlook.fetch(number).await?;
        let Some(epoch) = &fetched.epoch else {
            return Err(Wait::NotProposed { number }.into());
        };
        if is_vetoed(&fetched) {
            return Err(Refusal::Vetoed { number }.into());
        }
        let named = match source {
            AttestSource::Named(places) => {
                Self::peers_at(&self.work, places, std::path::Path::new(""))?
            }
            AttestSource::Own | AttestSource::Configured => None,
        };
        let peers = match source {
            AttestSource::Own => None,
            AttestSource::Named(_) => named.as_ref(),
            AttestSource::Configured => self.peers.as_ref(),
        };
        let folder: EpochFolder = match peers {
            Some(peers) => {
                self.fetch_published(peers, number, epoch.manifest_hash)
                    .await?
            }
            None => self.work.folder().epoch(number),
        };
        let (manifest, content) = self.recompute_published(folder, peers, &fetched).await?;
        // What an epoch that is already active may issue is no question any more.
        let open = number == fetched.pool.next_epoch();
        let warnings = if open {
            publisher
                .check_fit(&manifest, &fetched, options.accept_anomaly)
                .await?
        } else {
            Vec::new()
        };
        let publication = Publication {
            number,
            content,
            manifest: Some(manifest),
        };
        let driven = publisher.drive(Goal::Attest, &publication).await?;
        let chain = driven.fetched.chain(number, &publisher.address());
        let Some(epoch) = chain.epoch else {
            return Err(Wait::NotProposed { number }.into());
        };
        Ok(Attested {
            epoch: number,
            attempt: epoch.attempt,
            root: publication.content.says.root,
            manifest_hash: publication.content.manifest_hash,
            tokens: of_tokens(
                publication.content.says.tokens,
                driven.fetched.pool.decimals,
            ),
            attestations: epoch.attestations,
            threshold: epoch.threshold,
            activatable_at: epoch.activatable_at,
            warnings,
            transactions: driven.sent,
        })
    }
}
