use std::{
    fs,
    path::{Path, PathBuf},
};

use cairn_interface::ids::PROGRAMS;
use solana_sdk::pubkey::Pubkey;

use crate::LocalnetError;

/// `target/deploy` of the workspace that `from` lies in: the nearest folder above that has one.
#[must_use]
pub fn find_deploy_folder(from: &Path) -> Option<PathBuf> {
    from.ancestors()
        .map(|folder| folder.join("target/deploy"))
        .find(|deploy| deploy.is_dir())
}

/// The programs' bytes, checked before anything starts.
pub(crate) fn read(folder: &Path) -> Result<Vec<(Pubkey, Vec<u8>)>, LocalnetError> {
    PROGRAMS
        .iter()
        .map(|(id, name)| {
            let path = folder.join(format!("{name}.so"));
            let bytes = match fs::read(&path) {
                Ok(bytes) => bytes,
                Err(source) if source.kind() == std::io::ErrorKind::NotFound => {
                    return Err(LocalnetError::ProgramMissing { path });
                }
                Err(source) => return Err(LocalnetError::File { path, source }),
            };
            if bytes.starts_with(b"\x7fELF") {
                Ok((*id, bytes))
            } else {
                Err(LocalnetError::NotAProgram { path })
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_foreign_program_file_is_named_with_the_build_command() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = read(folder.path()).expect_err("empty folder");
        assert!(matches!(missing, LocalnetError::ProgramMissing { .. }));
        assert!(missing.hint().contains("cargo xtask build-programs"));

        fs::write(folder.path().join("reward_vault.so"), b"text").expect("written");
        let foreign = read(folder.path()).expect_err("no ELF");
        assert!(matches!(foreign, LocalnetError::NotAProgram { .. }));
    }
}
