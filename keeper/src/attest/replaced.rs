//! The epoch in a revoked one's place: no account names it, so whoever attests its correction recomputes it too.

use std::sync::Arc;

use cairn_epoch::{EpochFolder, Manifest, read_manifest, recompute, verify_files};
use cairn_interface::vault::EpochRecord;
use cairn_merkle::EpochNumber;
use cairn_origin::{Known, Published, insist};

use super::inputs::Previous;
use super::published::clear;
use super::{Attester, PublishedFault};
use crate::chain::Fetched;
use crate::close::{EpochSteps, anchors};
use crate::domain::step::Wait;
use crate::peers::Peers;
use crate::progress::Phase;
use crate::store::journal::EpochState;
use crate::{KeeperError, text};

impl Attester {
    /// What takes the place of epoch `number`, which was revoked: the files whose manifest the next epoch, with the manifest
    /// `next`, goes on from. This keeper's own it believes; others' it holds against their origins and computes again.
    pub(super) async fn replaced(
        &self,
        number: EpochNumber,
        next: &Manifest,
        peers: Option<&Peers>,
        fetched: &Fetched,
    ) -> Result<Previous, KeeperError> {
        let named = next.epoch.previous_manifest.unwrap_or_default();
        let row = self.work.journal().epoch(number).await?;
        let is_own = row
            .is_some_and(|row| row.state == EpochState::Closed && row.manifest_hash == Some(named));
        let folder = if is_own {
            self.work.folder().epoch(number)
        } else {
            let missing = || KeeperError::NoReplacement {
                number,
                manifest: text::hash(&named),
            };
            let peers = peers.ok_or_else(missing)?;
            match self.fetch_published(peers, number, named).await {
                Err(KeeperError::Mirror(error)) if !error.is_temporary() => return Err(missing()),
                fetched => fetched?,
            }
        };
        let (manifest, manifest_hash) = read_manifest(folder.root())?;
        if !is_own {
            self.check_replaced(&folder, &manifest, peers, fetched)
                .await?;
            self.recompute_replaced(folder, number).await?;
        }
        Ok(Previous {
            manifest,
            manifest_hash,
            is_revoked: true,
        })
    }

    /// Every input of a replacement against its origin. `correction` is the epoch that is attested.
    async fn check_replaced(
        &self,
        folder: &EpochFolder,
        manifest: &Manifest,
        peers: Option<&Peers>,
        correction: &Fetched,
    ) -> Result<(), KeeperError> {
        let number = manifest.epoch.number;
        let Some(epoch) = correction.epoch.clone() else {
            let number = manifest.epoch.number;
            return Err(Wait::NotProposed { number }.into());
        };
        let Some(revoked) = self.outlook.fetch(number).await?.epoch else {
            let number = manifest.epoch.number;
            return Err(Wait::NotProposed { number }.into());
        };
        let previous = self.previous(manifest, peers, correction).await?;
        let anchors = anchors::own(&self.work, &self.anchors).await?;
        let (epoch, revoked) = (EpochRecord::Stored(epoch), EpochRecord::Stored(revoked));
        let checked = cairn_origin::check_replacement(
            self.outlook.ledger(),
            Published {
                folder,
                manifest,
                epoch: &epoch,
                pool: &correction.pool,
            },
            &revoked,
            Known {
                anchors: &anchors,
                // Which rules it may have follows from the two epochs; this keeper's are those of the newer one.
                ruleset: None,
                before: previous.as_ref().map(Previous::before),
            },
        );
        let findings = self.work.unless_stopped(checked).await?;
        insist(&findings).map_err(|fault| KeeperError::Origin { number, fault })
    }

    async fn recompute_replaced(
        &self,
        folder: EpochFolder,
        number: EpochNumber,
    ) -> Result<(), KeeperError> {
        let scratch = self.work.folder().scratch(&format!("{number:05}-replaced"));
        let progress = self.work.progress_handle();
        self.work
            .blocking(move || {
                let (manifest, _) = read_manifest(folder.root())?;
                verify_files(folder.root(), &manifest)?;
                clear(&scratch)?;
                progress.phase_started(Phase::Recompute, None);
                let steps = EpochSteps::new(Arc::clone(&progress), Phase::Recompute);
                let comparison = recompute(folder.root(), &scratch, &steps)?;
                progress.phase_finished(Phase::Recompute);
                clear(&scratch)?;
                match comparison.difference {
                    None => Ok(()),
                    Some(difference) => Err(PublishedFault::Recomputed {
                        number,
                        difference: Box::new(difference),
                    }
                    .into()),
                }
            })
            .await
    }
}
