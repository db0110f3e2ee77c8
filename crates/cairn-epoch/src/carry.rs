use std::fs;

use crate::EpochError;
use crate::folder::{EpochFolder, write_atomically};
use crate::frozen::Input;
use crate::manifest::Manifest;
use crate::state::FOLDERS;
use crate::verify::verified;

/// Copies what the epoch in `before`, whose manifest is `manifest`, hands on into the inputs of the next, in place of whatever
/// was carried there.
///
/// # Errors
/// [`EpochError::Differs`] names a file that is not the manifest's; [`EpochError::Missing`], [`EpochError::Io`].
pub fn carry(
    before: &EpochFolder,
    manifest: &Manifest,
    after: &EpochFolder,
) -> Result<(), EpochError> {
    carry_nothing(after)?;
    for entry in &manifest.outputs {
        let name = entry.name.strip_prefix("outputs/");
        if let (Some(name), Some(_)) = (name, Input::handed_on(&entry.name)) {
            let bytes = verified(before.root(), entry)?;
            write_atomically(&after.inputs().join(name), &bytes)?;
        }
    }
    Ok(())
}

/// Takes away what was carried into the inputs of an epoch: the first one starts from nothing.
///
/// # Errors
/// [`EpochError::Io`].
pub fn carry_nothing(after: &EpochFolder) -> Result<(), EpochError> {
    for folder in FOLDERS {
        let path = after.inputs().join(folder);
        match fs::remove_dir_all(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(EpochError::io("remove", &path, source));
            }
            _ => {}
        }
    }
    Ok(())
}
