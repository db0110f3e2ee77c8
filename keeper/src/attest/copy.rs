//! Copying a published epoch: only files its manifest lists, only as many bytes as it says, never through a link.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use cairn_epoch::{FileEntry, Manifest, claim_files};
use cairn_merkle::EpochNumber;

use super::PublishedFault;
use crate::KeeperError;
use crate::store::folder::{FolderError, copy_whole};

/// Copies every listed file and the manifest. Claim files stand on a list of their own, which counts once it is the manifest's.
pub(super) fn copy_epoch(from: &Path, to: &Path, manifest: &Manifest) -> Result<(), KeeperError> {
    let number = manifest.epoch.number;
    copy_files(number, from, to, manifest.files())?;
    let claims = claim_files(to, manifest)?;
    copy_files(number, from, to, claims.iter())?;
    copy_whole(&from.join("manifest.json"), &to.join("manifest.json"))?;
    Ok(())
}

fn copy_files<'a>(
    number: EpochNumber,
    from: &Path,
    to: &Path,
    entries: impl Iterator<Item = &'a FileEntry>,
) -> Result<(), KeeperError> {
    for entry in entries {
        let parts = safe_parts(number, &entry.name)?;
        let source = parts
            .iter()
            .fold(from.to_owned(), |path, part| path.join(part));
        let target = parts
            .iter()
            .fold(to.to_owned(), |path, part| path.join(part));
        refuse_links(number, from, &parts, &entry.name)?;
        copy_file(number, &source, &target, entry)?;
    }
    Ok(())
}

/// The parts of a name that stays inside the epoch's folder. "../../id.json" in a stranger's manifest would make this
/// keeper write outside its own.
fn safe_parts(number: EpochNumber, name: &str) -> Result<Vec<&str>, PublishedFault> {
    let refuse = |reason| PublishedFault::UnsafeName {
        number,
        name: name.to_owned(),
        reason,
    };
    let parts: Vec<&str> = name.split('/').collect();
    if !matches!(parts.first(), Some(&("inputs" | "outputs"))) || parts.len() < 2 {
        return Err(refuse("it is neither below inputs/ nor below outputs/"));
    }
    for part in &parts {
        if part.is_empty() || *part == "." || *part == ".." {
            return Err(refuse("it leaves the epoch's folder"));
        }
        if part.contains(['\\', ':', '\0']) {
            return Err(refuse(
                "it holds a character that names elsewhere on some system",
            ));
        }
    }
    Ok(parts)
}

fn refuse_links(
    number: EpochNumber,
    root: &Path,
    parts: &[&str],
    name: &str,
) -> Result<(), PublishedFault> {
    let mut path = root.to_owned();
    for part in parts {
        path.push(part);
        if path
            .symlink_metadata()
            .is_ok_and(|found| found.is_symlink())
        {
            return Err(PublishedFault::UnsafeName {
                number,
                name: name.to_owned(),
                reason: "it is a symbolic link",
            });
        }
    }
    Ok(())
}

fn copy_file(
    number: EpochNumber,
    source: &Path,
    target: &PathBuf,
    entry: &FileEntry,
) -> Result<(), KeeperError> {
    let incomplete = |reason: String| PublishedFault::Incomplete {
        number,
        path: source.to_owned(),
        reason,
    };
    let file = File::open(source).map_err(|error| incomplete(error.to_string()))?;
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent).map_err(FolderError::io("create", parent))?;
    }
    // One byte more than promised is enough to know; a file without end is never copied whole.
    let mut limited = file.take(entry.size.saturating_add(1));
    let mut out = File::create(target).map_err(FolderError::io("write", target))?;
    let copied =
        std::io::copy(&mut limited, &mut out).map_err(|error| incomplete(error.to_string()))?;
    if copied != entry.size {
        let promised = entry.size;
        let relation = if copied > promised { "more" } else { "fewer" };
        return Err(incomplete(format!(
            "it has {relation} bytes than the {promised} its manifest says"
        ))
        .into());
    }
    out.flush()
        .and_then(|()| out.sync_all())
        .map_err(FolderError::io("sync", target))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_leave_the_folder_are_refused_and_ordinary_ones_are_not() {
        for name in [
            "../keeper.toml",
            "inputs/../../keeper.toml",
            "/etc/passwd",
            "inputs//a",
            "inputs/./a",
            "inputs",
            "inputs\\..\\a/b",
            "outputs/c:/a",
            "manifest.json",
            "",
        ] {
            assert!(
                matches!(
                    safe_parts(EpochNumber::new(1), name),
                    Err(PublishedFault::UnsafeName { .. })
                ),
                "{name} was accepted"
            );
        }
        assert_eq!(
            safe_parts(EpochNumber::new(1), "inputs/rules/01_a.sql").unwrap(),
            ["inputs", "rules", "01_a.sql"]
        );
    }
}
