use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::EpochError;
use crate::difference::Difference;
use crate::folder::{read, resolve};
use crate::manifest::{FileEntry, Manifest};

/// Compares size and SHA-256 of every file the manifest lists with the files in `dir`, and refuses files it does not
/// list.
///
/// # Errors
/// [`EpochError::Differs`] names the first file that differs; [`EpochError::Missing`]; [`EpochError::Stray`];
/// [`EpochError::UnsafeName`] for a name that leaves the folder or goes through a link.
pub fn verify_files(dir: &Path, manifest: &Manifest) -> Result<(), EpochError> {
    verify_inputs(dir, manifest)?;
    verify_list(dir, "outputs", &manifest.outputs)
}

/// As [`verify_files`], for the inputs alone: what an attester checks before it computes the outputs itself.
///
/// # Errors
/// As [`verify_files`].
pub fn verify_inputs(dir: &Path, manifest: &Manifest) -> Result<(), EpochError> {
    verify_list(dir, "inputs", &manifest.inputs)
}

/// Checks that `current` carries on where `previous` ended: the next epoch of the same pool, with its state, over a later
/// period, taking nothing from what was promised before. Both manifests must have been checked against the chain.
///
/// # Errors
/// [`EpochError::Succession`] says what does not follow.
pub fn verify_succession(previous: &Manifest, current: &Manifest) -> Result<(), EpochError> {
    let wrong = |message: &str| {
        Err(EpochError::Succession {
            number: current.epoch.number,
            previous: previous.epoch.number,
            message: message.to_owned(),
        })
    };
    let (before, now) = (&previous.epoch, &current.epoch);
    if now.number.checked_sub(1) != Some(before.number) {
        return wrong("its number is not the next one");
    }
    if (now.pool, now.network) != (before.pool, before.network) {
        return wrong("it belongs to another pool or network");
    }
    if now.previous_manifest != Some(previous.hash()?) {
        return wrong("it names another manifest as the one before");
    }
    if now.period_start_ms < before.period_end_ms {
        return wrong("their periods overlap");
    }
    let hash_of = |list: &[FileEntry], name: &str| {
        let entry = list.iter().find(|entry| entry.name == name);
        entry.map(|entry| entry.sha256)
    };
    let handed_on = hash_of(&previous.outputs, "outputs/state.parquet");
    if handed_on.is_none() || handed_on != hash_of(&current.inputs, "inputs/state.parquet") {
        return wrong("it starts from another state than the one handed on");
    }
    let grown = |now: u64, epoch: u64, before: u64| now.checked_sub(epoch) == Some(before);
    let (then, totals) = (&previous.totals, &current.totals);
    if !grown(totals.tokens, totals.tokens_epoch, then.tokens)
        || !grown(totals.points, totals.points_epoch, then.points)
        || totals.credits < then.credits
        || current.tree.leaf_count < previous.tree.leaf_count
    {
        return wrong("its totals do not continue those before");
    }
    Ok(())
}

fn verify_list(dir: &Path, part: &str, entries: &[FileEntry]) -> Result<(), EpochError> {
    for entry in entries {
        if !entry.name.starts_with(part) || entry.name.as_bytes().get(part.len()) != Some(&b'/') {
            return Err(EpochError::UnsafeName {
                name: entry.name.clone(),
                reason: "it stands in the wrong list of the manifest",
            });
        }
        let path = resolve(dir, &entry.name)?;
        let bytes = read(&path)?;
        let differs = |field: &str, expected: String, found: String| {
            Err(EpochError::Differs(Box::new(Difference {
                file: entry.name.clone(),
                row: None,
                field: field.to_owned(),
                expected,
                found,
            })))
        };
        if bytes.len() as u64 != entry.size {
            return differs("size", entry.size.to_string(), bytes.len().to_string());
        }
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        if hash != entry.sha256 {
            return differs("sha256", hex::encode(entry.sha256), hex::encode(hash));
        }
    }
    let listed: BTreeSet<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    for name in list_files(dir, part)? {
        if !listed.contains(name.as_str()) {
            return Err(EpochError::Stray {
                path: dir.join(name),
            });
        }
    }
    Ok(())
}

/// Names of all files below `dir/part`, with slashes, in order. Links are refused.
pub(crate) fn list_files(dir: &Path, part: &str) -> Result<Vec<String>, EpochError> {
    let mut names = Vec::new();
    let mut folders = vec![part.to_owned()];
    while let Some(folder) = folders.pop() {
        let path = dir.join(&folder);
        let entries =
            std::fs::read_dir(&path).map_err(|source| EpochError::io("read", &path, source))?;
        for entry in entries {
            let entry = entry.map_err(|source| EpochError::io("read", &path, source))?;
            let kind = entry
                .file_type()
                .map_err(|source| EpochError::io("read", &entry.path(), source))?;
            let file_name = entry.file_name();
            let Some(text) = file_name.to_str() else {
                return Err(EpochError::UnsafeName {
                    name: file_name.to_string_lossy().into_owned(),
                    reason: "it is not UTF-8",
                });
            };
            let name = format!("{folder}/{text}");
            if kind.is_symlink() {
                return Err(EpochError::UnsafeName {
                    name,
                    reason: "it is a symbolic link",
                });
            }
            if kind.is_dir() {
                folders.push(name);
            } else {
                names.push(name);
            }
        }
    }
    names.sort_unstable();
    Ok(names)
}
