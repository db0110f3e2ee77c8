//! Are these the inputs this keeper would have used? A publisher that computes rightly from inputs of its own choice would
//! pass any recomputation, so each input is held against where it comes from (`cairn-origin`), and what decides pay against
//! this keeper's own ruleset.

use cairn_epoch::{EpochFolder, Manifest, PIPELINE};
use cairn_interface::vault::{EpochRecord, EpochStatus};
use cairn_merkle::EpochNumber;
use cairn_origin::{Before, Known, Published, insist};
use cairn_spelling::text::base58;

use super::{Attester, PublishedFault};
use crate::chain::{Fetched, Standing};
use crate::close::anchors;
use crate::domain::step::Wait;
use crate::peers::Peers;
use crate::{KeeperError, text};

impl Attester {
    /// Manifest against keeper.toml and this version. The rest of it stands beside the chain's figures in the check of the
    /// inputs.
    pub(super) fn check_manifest(
        &self,
        manifest: &Manifest,
        fetched: &Fetched,
    ) -> Result<(), KeeperError> {
        let Some(epoch) = &fetched.epoch else {
            let number = manifest.epoch.number;
            return Err(Wait::NotProposed { number }.into());
        };
        let fault = |field: &str, expected: String, found: String, origin| {
            KeeperError::from(PublishedFault::Input {
                number: epoch.number(),
                file: "manifest.json".to_owned(),
                field: field.to_owned(),
                expected,
                found,
                origin,
            })
        };
        let chain = self.outlook.config();
        for (field, expected, found) in [
            ("network", chain.network.to_bytes(), manifest.epoch.network),
            ("pool", chain.pool.to_bytes(), manifest.epoch.pool),
        ] {
            if expected != found {
                let [expected, found] = [expected, found].map(|key| base58(&key));
                let origin = "[chain] of this keeper's keeper.toml";
                return Err(fault(field, expected, found, origin));
            }
        }
        // An open epoch gets this keeper's word only for what it would have computed itself; of one that is active already,
        // any computation that ever was can be followed.
        let is_open = matches!(
            epoch.status(),
            EpochStatus::Proposed | EpochStatus::Attested
        );
        if is_open && manifest.code.pipeline != PIPELINE {
            let origin = "the version of this cairn-keeper";
            let (expected, found) = (PIPELINE.to_owned(), manifest.code.pipeline.clone());
            return Err(fault("code", expected, found, origin));
        }
        Ok(())
    }

    /// Every input against its origin.
    pub(super) async fn check_inputs(
        &self,
        folder: &EpochFolder,
        manifest: &Manifest,
        peers: Option<&Peers>,
        fetched: &Fetched,
    ) -> Result<(), KeeperError> {
        let Some(epoch) = &fetched.epoch else {
            let number = manifest.epoch.number;
            return Err(Wait::NotProposed { number }.into());
        };
        let number = epoch.number();
        let previous = self.previous(manifest, peers, fetched).await?;
        let anchors = anchors::own(&self.work, &self.anchors).await?;
        let ruleset = &self.own.path;
        let epoch = EpochRecord::Stored(epoch.clone());
        let checked = cairn_origin::check(
            self.outlook.ledger(),
            Published {
                folder,
                manifest,
                epoch: &epoch,
                pool: &fetched.pool,
            },
            Known {
                anchors: &anchors,
                ruleset: Some(ruleset),
                before: previous.as_ref().map(Previous::before),
            },
        );
        let findings = self.work.unless_stopped(checked).await?;
        insist(&findings).map_err(|fault| KeeperError::Origin { number, fault })
    }

    /// The epoch that one with `manifest` continues from, wherever its files may be. `fetched` is the epoch that is attested.
    pub(super) async fn previous(
        &self,
        manifest: &Manifest,
        peers: Option<&Peers>,
        fetched: &Fetched,
    ) -> Result<Option<Previous>, KeeperError> {
        let number = manifest.epoch.number;
        let Some(before) = number
            .previous()
            .filter(|before| *before >= EpochNumber::FIRST)
        else {
            return Ok(None);
        };
        let on_chain = match self.outlook.standing(before, number).await? {
            Standing::Active(manifest_hash) => manifest_hash,
            Standing::Revoked => {
                let replaced = Box::pin(self.replaced(before, manifest, peers, fetched));
                return replaced.await.map(Some);
            }
        };
        let missing = || KeeperError::NoPrevious {
            number: before,
            manifest: text::hash(&on_chain),
        };
        let manifest = match (self.here(before, on_chain), peers) {
            (Some(manifest), _) => manifest,
            (None, Some(peers)) => match self.fetch_manifest(peers, before, on_chain).await {
                // Whom to ask next is for a person, unless time alone helps.
                Err(KeeperError::Mirror(error)) if !error.is_temporary() => return Err(missing()),
                fetched => fetched?,
            },
            (None, None) => return Err(missing()),
        };
        Ok(Some(Previous {
            manifest,
            manifest_hash: on_chain,
            is_revoked: false,
        }))
    }
}

/// The epoch before one that is attested.
pub(super) struct Previous {
    pub manifest: Manifest,
    pub manifest_hash: [u8; 32],
    /// Whether its root was revoked: then the manifest is of what takes its place.
    pub is_revoked: bool,
}

impl Previous {
    pub fn before(&self) -> Before<'_> {
        Before {
            manifest_hash: self.manifest_hash,
            manifest: Some(&self.manifest),
            is_revoked: self.is_revoked,
        }
    }
}
