//! Where a watcher reads leaves: a folder on this machine, or mirrors.

use std::path::{Path, PathBuf};

use cairn_merkle::EpochNumber;
use cairn_mirror::{Cache, Mirrors, Place, Wanted};

use crate::KeeperError;
use crate::attest::locate;

const LEAVES: &str = "outputs/leaves.parquet";

pub(super) enum Files {
    Here(PathBuf),
    Mirrors(Box<Mirrors>, Cache),
}

impl Files {
    /// # Errors
    /// What names neither a folder nor an address; no place to keep files in.
    pub fn of(named: &[PathBuf], cache: Option<&Path>) -> Result<Self, KeeperError> {
        let mut places = Vec::new();
        for path in named {
            places.extend(Place::read_all(path).map_err(KeeperError::Place)?);
        }
        if let [Place::Folder(path)] = places.as_slice() {
            return Ok(Self::Here(path.clone()));
        }
        let cache = cache.map_or_else(Cache::usual, |folder| Ok(Cache::new(folder)))?;
        let mirrors = Box::new(Mirrors::new(places)?);
        Ok(Self::Mirrors(mirrors, cache))
    }

    /// A folder with the leaves of the epoch with that manifest; or why there is none, in words.
    ///
    /// # Errors
    /// A disk that refuses.
    pub async fn leaves(
        &self,
        number: EpochNumber,
        manifest: [u8; 32],
    ) -> Result<Result<PathBuf, String>, KeeperError> {
        match self {
            Self::Here(path) => Ok(locate(path, number)
                .ok_or_else(|| format!("{} holds no files of epoch {number}", path.display()))),
            Self::Mirrors(mirrors, cache) => {
                let held = cache.hold(&manifest).await?;
                let wanted = Wanted::Files(&[LEAVES]);
                let fetched = mirrors.fetch(number, manifest, wanted, held.folder()).await;
                // A publisher that withholds its files is what a watcher is there for.
                Ok(fetched
                    .map(|_| held.folder().to_owned())
                    .map_err(|error| error.to_string()))
            }
        }
    }
}
