//! Other keepers' epochs, brought into this keeper's folder: those it attests, and those that became active while it was away.

use std::path::PathBuf;

use cairn_epoch::{
    EpochFolder, Manifest, disk, read_manifest, verify_files, verify_succession, write_index,
};
use cairn_merkle::EpochNumber;
use cairn_mirror::Wanted;

use super::Attester;
use crate::KeeperError;
use crate::chain::Standing;
use crate::peers::Peers;
use crate::store::folder::FolderError;

impl Attester {
    /// Brings the epoch whose manifest stands on chain into this keeper's folder. What an earlier attempt brought stays.
    pub(super) async fn fetch_published(
        &self,
        peers: &Peers,
        number: EpochNumber,
        on_chain: [u8; 32],
    ) -> Result<EpochFolder, KeeperError> {
        let folder = self.work.folder().clone();
        let target = folder.published(number);
        let mut partial = target.root().as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let begun = {
            let (target, partial) = (target.clone(), partial.clone());
            self.work
                .blocking(move || {
                    // An earlier copy serves if it is this manifest's and still whole.
                    if let Ok((manifest, hash)) = read_manifest(target.root())
                        && hash == on_chain
                        && verify_files(target.root(), &manifest).is_ok()
                    {
                        return Ok(true);
                    }
                    if target.root().symlink_metadata().is_ok() {
                        folder.move_aside(target.root(), &format!("published-{number:05}"))?;
                    }
                    let is_same = read_manifest(&partial).is_ok_and(|(_, hash)| hash == on_chain);
                    if !is_same && partial.symlink_metadata().is_ok() {
                        std::fs::remove_dir_all(&partial)
                            .map_err(FolderError::io("clear", &partial))?;
                    }
                    Ok(false)
                })
                .await?
        };
        if begun {
            return Ok(target);
        }
        let fetching = peers.fetch(number, on_chain, Wanted::Whole, &partial);
        let fetched = self.work.unless_stopped(fetching).await?;
        let folder = self.work.folder().clone();
        self.work
            .blocking(move || {
                verify_files(&partial, &fetched.manifest)?;
                std::fs::rename(&partial, target.root())
                    .map_err(FolderError::io("rename into", target.root()))?;
                disk::keep_all(&disk::Machine, target.root())?;
                write_index(&folder.published_epochs())?;
                Ok(target)
            })
            .await
    }

    /// The manifest alone, of an epoch whose files this keeper does not need.
    pub(super) async fn fetch_manifest(
        &self,
        peers: &Peers,
        number: EpochNumber,
        on_chain: [u8; 32],
    ) -> Result<Manifest, KeeperError> {
        let scratch = self.work.folder().scratch(&format!("{number:05}-manifest"));
        let fetching = peers.fetch(number, on_chain, Wanted::Manifest, &scratch);
        let fetched = self.work.unless_stopped(fetching).await;
        super::published::clear(&scratch)?;
        Ok(fetched?.manifest)
    }

    /// Brings the epochs that became active while this keeper was away, one after the other, each by the manifest that stands on
    /// chain and checked to go on from the one before. Without them it can neither attest nor derive the next one. Returns their
    /// numbers; none when it has the `active` one, or was told of nobody who publishes.
    pub async fn catch_up(&self, active: EpochNumber) -> Result<Vec<EpochNumber>, KeeperError> {
        let Some(peers) = &self.peers else {
            return Ok(Vec::new());
        };
        if active < EpochNumber::FIRST || self.reached() >= active {
            return Ok(Vec::new());
        }
        let (mut before, missing) = self.missed(active).await?;
        let mut fetched = Vec::with_capacity(missing.len());
        for (number, on_chain) in missing.into_iter().rev() {
            self.work.stop_if_told()?;
            let folder = self.fetch_published(peers, number, on_chain).await?;
            let (manifest, _) = read_manifest(folder.root())?;
            if let Some(before) = before.take().filter(|_| number > EpochNumber::FIRST)
                && before.epoch.number.next() == Some(number)
            {
                verify_succession(&before, &manifest)?;
            }
            self.work.progress().note(&format!(
                "epoch {number} became active while this keeper was away: its files are here now"
            ));
            before = Some(manifest);
            fetched.push(number);
        }
        self.has_reached(active);
        Ok(fetched)
    }

    /// Active epochs behind the newest one that is here, the newest first, with their manifests' hashes; and the manifest of that
    /// one. A keeper that has none begins with the active one.
    async fn missed(
        &self,
        active: EpochNumber,
    ) -> Result<(Option<Manifest>, Vec<(EpochNumber, [u8; 32])>), KeeperError> {
        let mut missing = Vec::new();
        let newest = self.newest_here().await?;
        let mut number = active;
        loop {
            let next = number.next().unwrap_or(EpochNumber::MAX);
            let on_chain = match self.outlook.standing(number, next).await {
                Ok(Standing::Active(hash)) => hash,
                // What takes a revoked one's place is named by its correction, and comes with that.
                Ok(Standing::Revoked) => return Ok((None, missing)),
                // Its account was closed: nobody can say any more which files are its own.
                Err(KeeperError::PreviousNotActive { .. }) => return Ok((None, missing)),
                Err(error) => return Err(error),
            };
            if let Some(manifest) = self.here(number, on_chain) {
                return Ok((Some(manifest), missing));
            }
            missing.push((number, on_chain));
            match number.previous() {
                Some(previous) if previous >= EpochNumber::FIRST && newest.is_some() => {
                    number = previous;
                }
                _ => return Ok((None, missing)),
            }
        }
    }

    /// The manifest of that hash, of an epoch that this keeper derived or fetched.
    pub(super) fn here(&self, number: EpochNumber, on_chain: [u8; 32]) -> Option<Manifest> {
        let folder = self.work.folder();
        let places = [folder.epoch(number), folder.published(number)];
        places.iter().find_map(|place| {
            let (manifest, hash) = read_manifest(place.root()).ok()?;
            (hash == on_chain).then_some(manifest)
        })
    }

    async fn newest_here(&self) -> Result<Option<EpochNumber>, KeeperError> {
        let folder = self.work.folder().clone();
        self.work.blocking(move || Ok(newest_of(&folder)?)).await
    }
}

/// The newest epoch whose files a keeper has, its own or another's.
pub(crate) fn newest_of(
    folder: &crate::store::folder::DataFolder,
) -> Result<Option<EpochNumber>, cairn_epoch::EpochError> {
    let mut newest = None;
    for place in [folder.epochs(), folder.published_epochs()] {
        let epochs = cairn_epoch::closed_epochs(&place)?;
        newest = newest.max(epochs.last().map(|(number, _)| *number));
    }
    Ok(newest)
}
