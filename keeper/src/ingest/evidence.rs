//! Evidence files of epochs that are still open: written here, listed here.

use std::fs;
use std::path::Path;

use cairn_epoch::EvidenceWriter;
use cairn_epoch::disk::{self, Machine};
use sha2::{Digest, Sha256};

use super::{Content, Record};
use crate::KeeperError;
use crate::folder::{DataFolder, FolderError};
use crate::journal::{NewReceipt, SegmentRow};

/// Writes each epoch's records from its next segment on; returns the segments with the receipts that are due.
pub(super) fn write_evidence(
    folder: &DataFolder,
    stacks: &[(u64, usize, Vec<Record>)],
) -> Result<Vec<(SegmentRow, Vec<NewReceipt>)>, KeeperError> {
    let mut written = Vec::new();
    for (epoch, next, records) in stacks {
        let mut writer = EvidenceWriter::open(&folder.epoch(*epoch).inputs(), *next);
        for record in records {
            match &record.content {
                Content::Proof(proof) => writer.append(proof, record.received_at_ms)?,
                Content::Raw { bytes, .. } => writer.append_raw(bytes, record.received_at_ms)?,
            }
        }
        let mut receipts = records.iter().map(|record| NewReceipt {
            record_id: record.id(),
            received_at_ms: record.received_at_ms,
            malformed: match &record.content {
                Content::Proof(_) => None,
                Content::Raw { problem, .. } => Some(problem.to_string()),
            },
        });
        for segment in writer.finish()? {
            let rows = usize::try_from(segment.rows).unwrap_or(usize::MAX);
            let row = SegmentRow {
                epoch: *epoch,
                name: segment.name,
                records: segment.rows,
                sha256: segment.sha256,
            };
            written.push((row, receipts.by_ref().take(rows).collect()));
        }
    }
    Ok(written)
}

/// Copies an acknowledged segment of `epoch`, when it still is what was acknowledged, under a name that must be free.
pub(super) fn copy_segment(
    epoch: u64,
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
pub(super) fn numbered_folders(path: &Path) -> Result<Vec<u64>, FolderError> {
    let mut numbers: Vec<u64> = names(path)?
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

/// Evidence files in the inputs of an epoch, half-written ones among them.
pub(super) fn evidence_names(inputs: &Path) -> Result<Vec<String>, FolderError> {
    let mut found = names(inputs)?;
    found.retain(|name| name.starts_with("evidence-"));
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
