//! Evidence that was acknowledged: it must stay what it was when its receipts were given.

use std::fs;
use std::path::Path;

use cairn_epoch::disk::{self, Machine};
use cairn_merkle::EpochNumber;
use sha2::{Digest, Sha256};

use super::Store;
use super::folder::FolderError;
use crate::KeeperError;

impl Store {
    /// Acknowledged evidence of an epoch is what was acknowledged.
    ///
    /// # Errors
    /// [`KeeperError::EvidenceChanged`]; [`FolderError`] for what can not be read.
    pub async fn check_evidence(&self, number: EpochNumber) -> Result<(), KeeperError> {
        let inputs = self.folder.epoch(number).inputs();
        for segment in self.journal.segments(number).await? {
            let path = inputs.join(&segment.name);
            let bytes = fs::read(&path).map_err(FolderError::io("read", &path))?;
            if <[u8; 32]>::from(Sha256::digest(&bytes)) != segment.sha256 {
                return Err(KeeperError::EvidenceChanged { number, path });
            }
        }
        Ok(())
    }
}

/// Copies an acknowledged segment of `epoch`, when it still is what was acknowledged, under a name that must be free.
pub(crate) fn copy_segment(
    epoch: EpochNumber,
    from: &Path,
    to: &Path,
    sha256: &[u8; 32],
) -> Result<(), KeeperError> {
    let bytes = fs::read(from).map_err(FolderError::io("read", from))?;
    if <[u8; 32]>::from(Sha256::digest(&bytes)) != *sha256 {
        return Err(KeeperError::EvidenceChanged {
            number: epoch,
            path: from.to_owned(),
        });
    }
    Ok(disk::write_new(&Machine, to, &bytes)?)
}

/// Numbers of the epoch folders below `path`, ascending. Other names are left alone.
pub(crate) fn numbered_folders(path: &Path) -> Result<Vec<EpochNumber>, FolderError> {
    let mut numbers: Vec<EpochNumber> = names(path)?
        .into_iter()
        .filter_map(|name| {
            name.parse()
                .ok()
                .filter(|number| format!("{number:05}") == name)
        })
        .collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// Evidence files in the inputs of an epoch, by their paths below it, half-written ones among them.
pub(crate) fn evidence_names(inputs: &Path) -> Result<Vec<String>, FolderError> {
    let evidence = inputs.join("evidence");
    let mut found = Vec::new();
    for set in names(&evidence)? {
        let files = names(&evidence.join(&set))?;
        found.extend(files.iter().map(|file| format!("evidence/{set}/{file}")));
    }
    found.sort_unstable();
    Ok(found)
}

fn names(path: &Path) -> Result<Vec<String>, FolderError> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(FolderError::io("list", path)(error)),
    };
    entries
        .map(|entry| {
            let entry = entry.map_err(FolderError::io("list", path))?;
            Ok(entry.file_name().to_string_lossy().into_owned())
        })
        .collect()
}
