//! Other keepers' epochs, once they are here whole: compared with the chain and with this keeper's own configuration, derived
//! again from their inputs. The publisher is trusted with nothing.

use std::path::{Path, PathBuf};

use cairn_epoch::{Comparison, EpochFolder, Manifest, read_manifest, recompute, verify_files};
use cairn_merkle::EpochNumber;

use super::{Attester, PublishedFault};
use crate::chain::Fetched;
use crate::close::EpochSteps;
use crate::domain::step::Content;
use crate::peers::Peers;
use crate::progress::Phase;
use crate::publish::verify_leaves;
use crate::store::folder::FolderError;
use crate::{KeeperError, text};

impl Attester {
    /// Compares a published epoch with the chain and this keeper's configuration, derives it again and compares every
    /// byte. Returns what this keeper may now put its word under.
    pub(super) async fn recompute_published(
        &self,
        folder: EpochFolder,
        peers: Option<&Peers>,
        fetched: &Fetched,
    ) -> Result<(Manifest, Content), KeeperError> {
        let Some(epoch) = &fetched.epoch else {
            return Err(crate::domain::step::Wait::NotProposed {
                number: EpochNumber::default(),
            }
            .into());
        };
        let number = epoch.number();
        let (manifest, hash) = {
            let folder = folder.clone();
            let progress = self.work.progress_handle();
            let on_chain = epoch.manifest_hash;
            self.work
                .blocking(move || {
                    let (manifest, hash) = read_manifest(folder.root())?;
                    expect_manifest(number, hash, on_chain)?;
                    progress.phase_started(Phase::VerifyFiles, None);
                    verify_files(folder.root(), &manifest)?;
                    progress.phase_finished(Phase::VerifyFiles);
                    Ok((manifest, hash))
                })
                .await?
        };
        self.check_manifest(&manifest, fetched)?;
        self.check_inputs(&folder, &manifest, peers, fetched)
            .await?;

        let scratch = self.work.folder().scratch(&format!("{number:05}"));
        let progress = self.work.progress_handle();
        self.work
            .blocking(move || {
                clear(&scratch)?;
                progress.phase_started(Phase::Recompute, None);
                let steps = EpochSteps::new(std::sync::Arc::clone(&progress), Phase::Recompute);
                let comparison: Comparison = recompute(folder.root(), &scratch, &steps)?;
                progress.phase_finished(Phase::Recompute);
                clear(&scratch)?;
                if let Some(difference) = comparison.difference {
                    let difference = Box::new(difference);
                    return Err(PublishedFault::Recomputed { number, difference }.into());
                }
                let content = verify_leaves(&folder, &manifest, hash, progress.as_ref())?;
                Ok((manifest, content))
            })
            .await
    }
}

fn expect_manifest(
    number: EpochNumber,
    found: [u8; 32],
    on_chain: [u8; 32],
) -> Result<(), PublishedFault> {
    if found == on_chain {
        return Ok(());
    }
    Err(PublishedFault::Manifest {
        number,
        published: text::hash(&found),
        on_chain: text::hash(&on_chain),
    })
}

/// The folder below `source` that holds the epoch's manifest.
pub(crate) fn locate(source: &Path, number: EpochNumber) -> Option<PathBuf> {
    let name = format!("{number:05}");
    let candidates = [
        source.join("epochs").join(&name),
        source.join("published").join(&name),
        source.join(&name),
        source.to_owned(),
    ];
    candidates.into_iter().find(|folder| {
        // A manifest in `source` itself may be of any epoch: only the right one counts.
        read_manifest(folder).is_ok_and(|(manifest, _)| manifest.epoch.number == number)
            || (folder != source && folder.join("manifest.json").is_file())
    })
}

pub(super) fn clear(scratch: &Path) -> Result<(), FolderError> {
    match std::fs::remove_dir_all(scratch) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FolderError::io("clear", scratch)(error)),
    }
}
