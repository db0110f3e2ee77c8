//! The files a keeper publishes, wherever the person pointed: a data folder, its epochs folder, one epoch's folder or one claims file
//! on this machine, or mirrors, of which only what is needed is fetched, once.

mod remote;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cairn_epoch::{Manifest, closed_epochs, read_manifest};
use cairn_merkle::EpochNumber;
use cairn_mirror::{Place, Wanted};
use solana_sdk::pubkey::Pubkey;

use crate::args::FilesArg;
use crate::context::Context;
use crate::error::CliError;
use remote::Remote;

/// Published files under one path, or on several mirrors.
pub struct Published(At);

enum At {
    Here {
        path: PathBuf,
        /// Folders of epochs; none for one claims file.
        epochs: BTreeMap<EpochNumber, PathBuf>,
    },
    Mirrors(Box<Remote>),
}

impl Published {
    /// Looks at what is there; reads names, and manifests only where a name says nothing. Mirrors are asked for their index.
    ///
    /// # Errors
    /// Nothing is there, or nothing that looks published.
    pub async fn open(ctx: &Context, files: &FilesArg) -> Result<Self, CliError> {
        let mut places = Vec::new();
        for path in &files.files {
            let read = Place::read_all(path);
            places.extend(
                read.map_err(|fault| {
                    CliError::argument(format!("--files: {fault}"), fault.hint())
                })?,
            );
        }
        if let [Place::Folder(path)] = places.as_slice() {
            return here(path).map(Self);
        }
        let remote = Remote::open(ctx, places, files.cache.as_deref()).await?;
        Ok(Self(At::Mirrors(Box::new(remote))))
    }

    /// The folder of an epoch that holds the owner's claim, or the claims file itself when one was named (it says its epoch).
    ///
    /// # Errors
    /// As [`Self::epoch`].
    pub async fn claim(&self, number: EpochNumber, owner: &Pubkey) -> Result<PathBuf, CliError> {
        match &self.0 {
            At::Here { path, epochs } if epochs.is_empty() => Ok(path.clone()),
            _ => self.epoch(number, Wanted::Claim(&owner.to_bytes())).await,
        }
    }

    /// Whether claims of that epoch may be here: one claims file says its epoch itself.
    #[must_use]
    pub fn has_claims(&self, number: EpochNumber) -> bool {
        matches!(&self.0, At::Here { epochs, .. } if epochs.is_empty()) || self.has(number)
    }

    #[must_use]
    pub fn has(&self, number: EpochNumber) -> bool {
        match &self.0 {
            At::Here { epochs, .. } => epochs.contains_key(&number),
            At::Mirrors(remote) => remote.has(number),
        }
    }

    /// The folder of an epoch, in which those files are that are wanted.
    ///
    /// # Errors
    /// It is not among the files, and those that are are named; no mirror gives them.
    pub async fn epoch(
        &self,
        number: EpochNumber,
        wanted: Wanted<'_>,
    ) -> Result<PathBuf, CliError> {
        let found = match &self.0 {
            At::Here { epochs, .. } => epochs.get(&number).cloned(),
            At::Mirrors(remote) => remote.epoch(number, wanted).await?,
        };
        found.ok_or_else(|| {
            CliError::refused(
                "epoch-not-published",
                format!("{} holds no files of epoch {number}", self.name()),
                format!(
                    "it holds {}; fetch the epoch's folder from a keeper",
                    self.listed()
                ),
            )
        })
    }

    /// The folder that holds the epochs' folders.
    ///
    /// # Errors
    /// Mirrors are nobody's folder; one claims file alone stands in none.
    pub fn folder(&self) -> Result<&Path, CliError> {
        let newest = match &self.0 {
            At::Here { epochs, .. } => epochs.values().next_back(),
            At::Mirrors(_) => None,
        };
        newest.and_then(|folder| folder.parent()).ok_or_else(|| {
            CliError::argument(
                format!(
                    "{} is no folder of epochs that may be written to",
                    self.name()
                ),
                "name a keeper's data folder or its epochs folder with --files",
            )
        })
    }

    /// The manifest of an epoch, and its hash.
    ///
    /// # Errors
    /// As [`Self::epoch`]; one that is damaged.
    pub async fn manifest(&self, number: EpochNumber) -> Result<(Manifest, [u8; 32]), CliError> {
        let folder = self.epoch(number, Wanted::Manifest).await?;
        Ok(read_manifest(&folder)?)
    }

    /// Epochs that are here, in words.
    #[must_use]
    pub fn listed(&self) -> String {
        let numbers = self.numbers();
        match (numbers.first(), numbers.last()) {
            (Some(first), Some(last)) if first == last => format!("epoch {first}"),
            (Some(first), Some(last)) => format!("epochs {first} to {last}"),
            _ => "one claims file".to_owned(),
        }
    }

    /// Numbers of the epochs that are here, ascending.
    #[must_use]
    pub fn numbers(&self) -> Vec<EpochNumber> {
        match &self.0 {
            At::Here { epochs, .. } => epochs.keys().copied().collect(),
            At::Mirrors(remote) => remote.numbers(),
        }
    }

    /// The newest of them.
    #[must_use]
    pub fn newest(&self) -> Option<EpochNumber> {
        self.numbers().last().copied()
    }

    /// The pool that the newest files are about.
    ///
    /// # Errors
    /// No manifest, or a damaged one.
    pub fn pool(&self) -> Result<Pubkey, CliError> {
        match &self.0 {
            At::Here { epochs, .. } => {
                let Some(folder) = epochs.values().next_back() else {
                    return Err(CliError::argument(
                        "a claims file alone does not say which pool is meant",
                        "name the pool with --pool",
                    ));
                };
                let (manifest, _) = read_manifest(folder)?;
                Ok(Pubkey::new_from_array(manifest.epoch.pool))
            }
            At::Mirrors(remote) => Ok(remote.pool()),
        }
    }

    /// What the person named.
    fn name(&self) -> String {
        match &self.0 {
            At::Here { path, .. } => path.display().to_string(),
            At::Mirrors(remote) => remote.name(),
        }
    }
}

/// What a path on this machine holds.
fn here(path: &Path) -> Result<At, CliError> {
    let kind = std::fs::metadata(path).map_err(|error| {
        CliError::refused(
            "files-missing",
            format!("{} can not be read: {error}", path.display()),
            "name a keeper's data folder, its epochs folder or one epoch's folder with --files",
        )
    })?;
    let mut epochs = BTreeMap::new();
    if kind.is_dir() {
        if path.join("manifest.json").is_file() {
            let (manifest, _) = read_manifest(path)?;
            epochs.insert(manifest.epoch.number, path.to_path_buf());
        } else {
            for folder in [path.to_path_buf(), path.join("epochs")] {
                epochs.extend(closed_epochs(&folder)?);
            }
        }
        if epochs.is_empty() {
            return Err(CliError::refused(
                "files-missing",
                format!("{} holds no published epoch", path.display()),
                "an epoch's folder is named like 00001 and holds manifest.json; name its parent with --files",
            ));
        }
    }
    Ok(At::Here {
        path: path.to_path_buf(),
        epochs,
    })
}

/// The pool that was named, else the one the files are about.
///
/// # Errors
/// The files are about another pool than the one named: amounts of one would be read as the other's.
pub fn pool_of(named: Option<Pubkey>, published: &Published) -> Result<Pubkey, CliError> {
    let Some(named) = named else {
        return published.pool();
    };
    if published.numbers().is_empty() {
        return Ok(named);
    }
    let found = published.pool()?;
    if found == named {
        return Ok(named);
    }
    Err(CliError::refused(
        "other-pool",
        format!("{} is about pool {found}, not {named}", published.name()),
        "name that pool with --pool, or other files with --files",
    ))
}
