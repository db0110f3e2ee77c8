//! `propose`: nothing goes on chain that this keeper has not verified leaf by leaf.

use cairn_epoch::{Manifest, read_manifest, verify_files};
use cairn_facts::of_tokens;
use cairn_merkle::EpochNumber;
use cairn_spelling::Amount;

use super::leaves::verify_leaves;
use super::{Publication, Publisher, Sent};
use crate::chain::Fetched;
use crate::domain::proposal::{self, Facts, Totals, Warning};
use crate::domain::step::{Content, Goal};
use crate::progress::Phase;
use crate::store::journal::EpochState;
use crate::{KeeperError, text};

/// How [`crate::Keeper::propose`] works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProposeOptions {
    /// A person has looked at the jump against the last epochs and wants the epoch anyway.
    pub accept_anomaly: bool,
}

/// An epoch that stands on chain with this keeper's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    pub epoch: EpochNumber,
    /// 0 for the first proposal of this number, one more for each after a veto.
    pub attempt: u32,
    pub root: [u8; 32],
    pub manifest_hash: [u8; 32],
    /// Since the pool began.
    pub tokens: Amount,
    pub members: u32,
    /// Unix seconds from which it can become active.
    pub activatable_at: i64,
    pub attestations: usize,
    pub threshold: usize,
    pub warnings: Vec<Warning>,
    /// The transactions this call followed to their end; none when everything stood already.
    pub transactions: Vec<Sent>,
}

impl Publisher {
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
        self.resolve_pending().await?;
        let (manifest, content) = self.verified_own(number).await?;
        let fetched = self.outlook.fetch(number).await?;
        // An epoch that is on chain was checked when it was proposed; only its canopy may be missing.
        let on_chain = fetched
            .epoch
            .as_ref()
            .is_some_and(|epoch| epoch.manifest_hash == content.manifest_hash);
        let warnings = if on_chain && !is_vetoed(&fetched) || number != fetched.pool.next_epoch() {
            Vec::new()
        } else {
            self.check_fit(&manifest, &fetched, options.accept_anomaly)
                .await?
        };
        let publication = Publication {
            number,
            content,
            manifest: Some(manifest),
        };
        let driven = self.drive(Goal::Propose, &publication).await?;
        let chain = driven.fetched.chain(number, &self.address());
        let Some(epoch) = chain.epoch else {
            return Err(KeeperError::NotClosed { number });
        };
        let content = publication.content;
        Ok(Proposed {
            epoch: number,
            attempt: epoch.attempt,
            root: content.says.root,
            manifest_hash: content.manifest_hash,
            tokens: of_tokens(content.says.tokens, driven.fetched.pool.decimals),
            members: publication
                .manifest
                .map_or(0, |manifest| manifest.tree.leaf_count),
            activatable_at: epoch.activatable_at,
            attestations: epoch.attestations,
            threshold: epoch.threshold,
            warnings,
            transactions: driven.sent,
        })
    }

    /// This keeper's own epoch, with every file and every leaf verified.
    async fn verified_own(&self, number: EpochNumber) -> Result<(Manifest, Content), KeeperError> {
        let row = self.work.journal().epoch(number).await?;
        let Some(closed) = row
            .filter(|row| row.state == EpochState::Closed)
            .and_then(|row| row.manifest_hash)
        else {
            return Err(KeeperError::NotClosed { number });
        };
        let folder = self.work.folder().epoch(number);
        let progress = self.work.progress_handle();
        self.work
            .blocking(move || {
                let (manifest, hash) = read_manifest(folder.root())?;
                if hash != closed {
                    return Err(KeeperError::ManifestChanged {
                        number,
                        closed: text::hash(&closed),
                        found: text::hash(&hash),
                    });
                }
                progress.phase_started(Phase::VerifyFiles, None);
                verify_files(folder.root(), &manifest)?;
                progress.phase_finished(Phase::VerifyFiles);
                let content = verify_leaves(&folder, &manifest, hash, progress.as_ref())?;
                Ok((manifest, content))
            })
            .await
    }

    /// The pool's caps, the anomaly check and the vault, as of now.
    pub(crate) async fn check_fit(
        &self,
        manifest: &Manifest,
        fetched: &Fetched,
        accept_anomaly: bool,
    ) -> Result<Vec<Warning>, KeeperError> {
        let limits = self
            .outlook
            .limits(&fetched.pool, self.anomaly.epochs)
            .await?;
        let number = manifest.epoch.number;
        let warnings = proposal::check(&Facts {
            number,
            active: limits.active,
            candidate: Totals {
                tokens: manifest.totals.tokens,
                points: manifest.totals.milli_points,
                credits: manifest.totals.credits,
                members: manifest.tree.leaf_count,
            },
            rule: limits.rule,
            vault: limits.vault,
            history: &limits.history,
            limits: self.anomaly.limits(),
            // The program measures at the moment of the proposal: a pending epoch by its own.
            now: match &fetched.epoch {
                Some(epoch) if !is_vetoed(fetched) => epoch.proposed_at,
                _ => fetched.now,
            },
            // Admin and guardian look at a correction, which brings two epochs and what was taken, when they sign it.
            accept_anomaly: accept_anomaly || fetched.pool.is_correction_due(),
        })?;
        for warning in &warnings {
            self.work.progress().warning(number, warning);
        }
        Ok(warnings)
    }
}

pub(crate) fn is_vetoed(fetched: &Fetched) -> bool {
    use cairn_interface::vault::EpochStatus;
    fetched
        .epoch
        .as_ref()
        .is_some_and(|epoch| epoch.status() == EpochStatus::Vetoed)
}
