//! `attest`: this keeper's word that the published inputs lead to the published outputs and to nothing else. Here it is found
//! out; the word itself is the publisher's, who holds the key.

mod copy;
mod fault;
mod inputs;
mod published;
mod replaced;

use std::path::{Path, PathBuf};

use cairn_epoch::EpochFolder;
use cairn_facts::of_tokens;
use cairn_merkle::EpochNumber;
use cairn_spelling::Amount;

pub use fault::PublishedFault;
pub(crate) use published::locate;

use crate::KeeperError;
use crate::chain::Outlook;
use crate::config::Config;
use crate::domain::proposal::Warning;
use crate::domain::step::{Goal, Refusal, Wait};
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

/// Derives other keepers' epochs again.
pub(crate) struct Attester {
    work: Work,
    outlook: Outlook,
    own: OwnRuleset,
    /// This keeper's anchors file.
    anchors: PathBuf,
}

impl Attester {
    pub fn new(work: Work, outlook: Outlook, config: &Config) -> Self {
        Self {
            own: OwnRuleset::of(work.folder(), config),
            anchors: config.inputs.anchors.clone(),
            work,
            outlook,
        }
    }

    /// Fetches the epoch that stands on chain from `source` (another keeper's data folder, its epochs folder, or one
    /// epoch's folder; `None` is this keeper's own), derives it again, and signs if every hash agrees.
    ///
    /// # Errors
    /// [`KeeperError`] naming the first difference: between chain and manifest, manifest and files, inputs and chain,
    /// inputs and this keeper's configuration, or published and recomputed outputs.
    pub async fn attest(
        &self,
        publisher: &Publisher,
        number: EpochNumber,
        source: Option<&Path>,
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
        let folder: EpochFolder = match source {
            Some(source) => {
                self.copy_published(source, number, epoch.manifest_hash)
                    .await?
            }
            None => self.work.folder().epoch(number),
        };
        let (manifest, content) = self.recompute_published(folder, source, &fetched).await?;
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
