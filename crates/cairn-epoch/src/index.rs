//! `index.json` beside the folders of epochs: which of them are there. A static host lists nothing, so whoever comes to one starts
//! here. It is a hint and no more: what an epoch is worth, and which files are its own, only the chain says.

use std::path::{Path, PathBuf};

use cairn_merkle::EpochNumber;
use cairn_spelling::text;
use serde::{Deserialize, Serialize};

use crate::EpochError;
use crate::folder::{EpochFolder, write_atomically};
use crate::manifest::read_manifest;

/// Names the layout of `index.json`.
pub const INDEX_FORMAT: &str = "cairn/epochs/1";

/// The epochs below a folder. Fields stand in alphabetical order, as they are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochIndex {
    /// By number, ascending.
    pub epochs: Vec<IndexEntry>,
    /// [`INDEX_FORMAT`].
    pub format: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexEntry {
    /// SHA-256 of its `manifest.json`: two mirrors with other files of one epoch show it here.
    #[serde(with = "text::hash")]
    pub manifest: [u8; 32],
    pub number: EpochNumber,
    #[serde(with = "text::key")]
    pub pool: [u8; 32],
}

impl EpochIndex {
    /// Reads an index that somebody published; `path` is what messages call it.
    ///
    /// # Errors
    /// [`EpochError::Json`]: another layout, or numbers that do not ascend.
    pub fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self, EpochError> {
        let index: Self = crate::json::read_canonical(path, bytes)?;
        let refuse = |message: String| EpochError::Json {
            path: path.to_owned(),
            message,
        };
        if index.format != INDEX_FORMAT {
            let found = &index.format;
            return Err(refuse(format!(
                "format is \"{found}\", this version reads \"{INDEX_FORMAT}\""
            )));
        }
        let pairs = index.epochs.iter().zip(index.epochs.iter().skip(1));
        match pairs
            .into_iter()
            .find(|(one, next)| one.number >= next.number)
        {
            Some((_, next)) => Err(refuse(format!(
                "epoch {} stands twice or out of order",
                next.number
            ))),
            None => Ok(index),
        }
    }
}

/// Looks at what is in `epochs` (a folder of epochs' folders) and writes its `index.json`, whole or not at all. Returns what it says.
/// What holds no manifest of its own number is left out: an old epoch's damage must not hold up the next one's publication.
///
/// # Errors
/// [`EpochError::Io`].
pub fn write_index(epochs: &Path) -> Result<EpochIndex, EpochError> {
    let mut entries = Vec::new();
    for (number, folder) in closed_epochs(epochs)? {
        let Ok((manifest, hash)) = read_manifest(&folder) else {
            continue;
        };
        if manifest.epoch.number == number {
            entries.push(IndexEntry {
                manifest: hash,
                number,
                pool: manifest.epoch.pool,
            });
        }
    }
    let index = EpochIndex {
        epochs: entries,
        format: INDEX_FORMAT.to_owned(),
    };
    let path = epochs.join("index.json");
    let bytes = crate::json::canonical(&index).map_err(|message| EpochError::Json {
        path: path.clone(),
        message,
    })?;
    write_atomically(&path, &bytes)?;
    Ok(index)
}

/// Closed epochs in folders named by their number, ascending; none when there is no such folder.
///
/// # Errors
/// [`EpochError::Io`].
pub fn closed_epochs(folder: &Path) -> Result<Vec<(EpochNumber, PathBuf)>, EpochError> {
    let failed = |source| EpochError::io("read", folder, source);
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut epochs = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(number) = name.and_then(|name| name.parse().ok()) else {
            continue;
        };
        // Another spelling of the number (7, 007) is some other folder.
        let spelled = EpochFolder::of(Path::new(""), number);
        if spelled.root().file_name() == path.file_name() && path.join("manifest.json").is_file() {
            epochs.push((number, path));
        }
    }
    epochs.sort_unstable();
    Ok(epochs)
}
