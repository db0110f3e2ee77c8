//! The files a keeper publishes, wherever the person pointed: a data folder, its epochs folder, one epoch's folder, or one
//! claims file.

use std::path::{Path, PathBuf};

use cairn_epoch::{closed_epochs, read_manifest};
use cairn_merkle::EpochNumber;
use solana_sdk::pubkey::Pubkey;

use crate::error::CliError;

/// Published files under one path.
#[derive(Clone, Debug)]
pub struct Published {
    path: PathBuf,
    /// Folders of epochs by number, ascending.
    epochs: Vec<(EpochNumber, PathBuf)>,
}

impl Published {
    /// Looks at what is there; reads names, and manifests only where a name says nothing.
    ///
    /// # Errors
    /// Nothing is there, or nothing that looks published.
    pub fn open(path: &Path) -> Result<Self, CliError> {
        let kind = std::fs::metadata(path).map_err(|error| {
            CliError::refused(
                "files-missing",
                format!("{} can not be read: {error}", path.display()),
                "name a keeper's data folder, its epochs folder or one epoch's folder with --files",
            )
        })?;
        let mut epochs = Vec::new();
        if kind.is_dir() {
            if path.join("manifest.json").is_file() {
                let (manifest, _) = read_manifest(path)?;
                epochs.push((manifest.epoch.number, path.to_path_buf()));
            } else {
                for folder in [path.join("epochs"), path.to_path_buf()] {
                    epochs.extend(closed_epochs(&folder)?);
                }
            }
            epochs.sort_unstable();
            if epochs.is_empty() {
                return Err(CliError::refused(
                    "files-missing",
                    format!("{} holds no published epoch", path.display()),
                    "an epoch's folder is named like 00001 and holds manifest.json; name its parent with --files",
                ));
            }
        }
        Ok(Self {
            path: path.to_path_buf(),
            epochs,
        })
    }

    /// The folder of an epoch, or the claims file itself when one was named (it says its epoch).
    #[must_use]
    pub fn claims_of(&self, number: EpochNumber) -> Option<&Path> {
        if self.epochs.is_empty() {
            return Some(&self.path);
        }
        self.find(number)
    }

    /// The folder of an epoch.
    ///
    /// # Errors
    /// It is not among the files; names those that are.
    pub fn epoch(&self, number: EpochNumber) -> Result<&Path, CliError> {
        self.find(number).ok_or_else(|| {
            CliError::refused(
                "epoch-not-published",
                format!("{} holds no files of epoch {number}", self.path.display()),
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
    /// One claims file alone stands in none.
    pub fn folder(&self) -> Result<&Path, CliError> {
        let newest = self.epochs.last().and_then(|(_, folder)| folder.parent());
        newest.ok_or_else(|| {
            CliError::argument(
                "a claims file alone has no epochs beside it",
                "name a keeper's data folder or its epochs folder with --files",
            )
        })
    }

    /// Epochs that are here, in words.
    #[must_use]
    pub fn listed(&self) -> String {
        match (self.epochs.first(), self.epochs.last()) {
            (Some((first, _)), Some((last, _))) if first == last => format!("epoch {first}"),
            (Some((first, _)), Some((last, _))) => format!("epochs {first} to {last}"),
            _ => "one claims file".to_owned(),
        }
    }

    /// Folders by epoch number, ascending.
    #[must_use]
    pub fn epochs(&self) -> &[(EpochNumber, PathBuf)] {
        &self.epochs
    }

    /// The pool that the newest files are about.
    ///
    /// # Errors
    /// No manifest, or a damaged one.
    pub fn pool(&self) -> Result<Pubkey, CliError> {
        let (_, folder) = self.epochs.last().ok_or_else(|| {
            CliError::argument(
                "a claims file alone does not say which pool is meant",
                "name the pool with --pool",
            )
        })?;
        let (manifest, _) = read_manifest(folder)?;
        Ok(Pubkey::new_from_array(manifest.epoch.pool))
    }

    fn find(&self, number: EpochNumber) -> Option<&Path> {
        let at = self
            .epochs
            .binary_search_by_key(&number, |(number, _)| *number);
        at.ok()
            .and_then(|at| self.epochs.get(at))
            .map(|(_, folder)| folder.as_path())
    }
}

/// The pool that was named, else the one the files are about.
///
/// # Errors
/// The files are about another pool than the one named: amounts of one would be read as the other's.
pub fn pool_of(named: Option<Pubkey>, published: &Published) -> Result<Pubkey, CliError> {
    let Some(named) = named else {
        return published.pool();
    };
    if published.epochs.is_empty() {
        return Ok(named);
    }
    let found = published.pool()?;
    if found == named {
        return Ok(named);
    }
    Err(CliError::refused(
        "other-pool",
        format!(
            "{} is about pool {found}, not {named}",
            published.path.display()
        ),
        "name that pool with --pool, or other files with --files",
    ))
}
