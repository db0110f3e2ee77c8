use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use solana_sdk::{signature::Keypair, signer::EncodableKey};

use crate::LocalnetError;

/// Where the key called `name` is kept.
pub(crate) fn path_of(state: &Path, name: &str) -> PathBuf {
    state.join("keys").join(format!("{name}.json"))
}

/// The key called `name`: read from the state folder, or made and written there, readable by its owner only.
pub(crate) fn load_or_create(state: &Path, name: &str) -> Result<Keypair, LocalnetError> {
    let path = path_of(state, name);
    match Keypair::read_from_file(&path) {
        Ok(key) => return Ok(key),
        Err(error) if path.exists() => {
            return Err(LocalnetError::KeyFile {
                path,
                reason: error.to_string(),
            });
        }
        Err(_) => {}
    }
    let key = Keypair::new();
    let text = serde_json::Value::from(key.to_bytes().to_vec()).to_string();
    write_private(&path, text.as_bytes()).map_err(|source| LocalnetError::File {
        path: path.clone(),
        source,
    })?;
    Ok(key)
}

/// Creates the folder for owner's eyes only, and the file with mode 0600 from its first byte on: a file that is
/// narrowed after writing could be read in between.
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use solana_sdk::signer::Signer;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_may_read_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let made = load_or_create(folder.path(), "alice").expect("made");
        let read = load_or_create(folder.path(), "alice").expect("read");
        assert_eq!(made.pubkey(), read.pubkey());
        let mode = fs::metadata(path_of(folder.path(), "alice"))
            .expect("the file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_file_is_named_and_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = path_of(folder.path(), "alice");
        write_private(&path, b"[1,2,3]").expect("written");
        let error = load_or_create(folder.path(), "alice").expect_err("damaged");
        assert!(matches!(&error, LocalnetError::KeyFile { path: named, .. } if *named == path));
        assert_eq!(fs::read(&path).expect("still there"), b"[1,2,3]");
    }
}
