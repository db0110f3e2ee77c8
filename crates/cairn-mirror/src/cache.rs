use std::fs::File;
use std::path::{Path, PathBuf};

use cairn_epoch::disk::{Machine, create_folders};
use etcetera::base_strategy::{BaseStrategy as _, choose_base_strategy};

use crate::fault::MirrorError;

/// Epochs' folders by their manifests' hashes, of any pool. May be thrown away at any time: what is in it is checked whenever it is
/// used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    root: PathBuf,
}

/// A folder that no other process fetches into meanwhile.
#[derive(Debug)]
pub struct Held {
    folder: PathBuf,
    // Dropped, or with its process, the lock ends.
    _lock: File,
}

impl Held {
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Cache {
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// `cairn` below this user's cache folder.
    ///
    /// # Errors
    /// [`MirrorError::NoCache`]: this user has none.
    pub fn usual() -> Result<Self, MirrorError> {
        let places = choose_base_strategy().map_err(|_| MirrorError::NoCache)?;
        Ok(Self::new(places.cache_dir().join("cairn")))
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of the epoch with that manifest, once no other process fetches into it.
    ///
    /// # Errors
    /// [`MirrorError::Disk`], [`MirrorError::Locked`].
    pub async fn hold(&self, manifest: &[u8; 32]) -> Result<Held, MirrorError> {
        let name = hex::encode(manifest);
        let (folder, path) = (
            self.root.join(&name),
            self.root.join(format!("{name}.lock")),
        );
        create_folders(&Machine, &folder)?;
        let of = path.clone();
        let locking = tokio::task::spawn_blocking(move || {
            let file = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(of)?;
            file.lock()?;
            Ok(file)
        });
        let locked = locking
            .await
            .unwrap_or_else(|error| Err(std::io::Error::other(error)));
        match locked {
            Ok(lock) => Ok(Held {
                folder,
                _lock: lock,
            }),
            Err(source) => Err(MirrorError::Locked { path, source }),
        }
    }
}
