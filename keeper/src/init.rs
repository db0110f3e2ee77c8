//! `init`: a data folder with everything in its place and a configuration that explains itself.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::config::{Config, ConfigError, Template};
use crate::folder::{DataFolder, FolderError};
use crate::{KeeperError, read_key, text};

/// What `init` needs to know.
#[derive(Clone, Debug)]
pub struct InitOptions {
    pub rpc_url: String,
    pub network: Pubkey,
    pub pool: Pubkey,
    /// An existing key file; `None` makes a new key in the folder.
    pub keypair: Option<PathBuf>,
    /// Unix seconds, a full hour.
    pub first_epoch_start: i64,
    pub epoch_hours: u32,
    pub grace_secs: u32,
    /// Base units.
    pub tokens_per_epoch: u64,
}

/// A folder that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Initialized {
    pub folder: PathBuf,
    pub config: PathBuf,
    pub keeper: String,
    /// The key file, when a new key was made.
    pub new_key: Option<PathBuf>,
}

/// Creates a keeper's folder. An existing one is never touched.
///
/// # Errors
/// [`KeeperError`]: a keeper's folder already, a key file that is none, a folder that can not be written, values out
/// of range.
pub fn init(folder: &Path, options: &InitOptions) -> Result<Initialized, KeeperError> {
    let data = DataFolder::new(folder);
    if data.config().symlink_metadata().is_ok() {
        let path = folder.to_owned();
        return Err(FolderError::Exists { path }.into());
    }
    let (named, key) = match &options.keypair {
        Some(path) => {
            let absolute = std::path::absolute(path).map_err(FolderError::io("find", path))?;
            let key = read_key(&absolute)?;
            (absolute, Some(key.pubkey()))
        }
        None => (PathBuf::from("keeper-keypair.json"), None),
    };
    let rendered = Template {
        rpc_url: &options.rpc_url,
        network: &options.network,
        pool: &options.pool,
        keypair: &named,
        first_epoch_start: &text::instant(options.first_epoch_start),
        epoch_hours: options.epoch_hours,
        grace_secs: options.grace_secs,
        tokens_per_epoch: options.tokens_per_epoch,
    }
    .render();
    // Refused here rather than at the first start.
    Config::parse(&rendered).map_err(|problem| ConfigError::Invalid {
        path: data.config(),
        problem,
    })?;
    data.create()?;
    let (keeper, new_key) = match key {
        Some(keeper) => (keeper, None),
        None => {
            let path = data.resolve(&named);
            (write_new_key(&path)?, Some(path))
        }
    };
    let path = data.config();
    fs::write(&path, rendered).map_err(FolderError::io("write", &path))?;
    Ok(Initialized {
        folder: folder.to_owned(),
        config: path,
        keeper: keeper.to_string(),
        new_key,
    })
}

/// Makes a key that only its owner can read. An existing file is used as it is.
fn write_new_key(path: &Path) -> Result<Pubkey, KeeperError> {
    if path.symlink_metadata().is_ok() {
        return Ok(read_key(path)?.pubkey());
    }
    let key = Keypair::new();
    let numbers: Vec<String> = key.to_bytes().iter().map(u8::to_string).collect();
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let write = || -> std::io::Result<()> {
        let mut file = options.open(path)?;
        file.write_all(format!("[{}]", numbers.join(",")).as_bytes())?;
        file.sync_all()
    };
    write().map_err(FolderError::io("write", path))?;
    Ok(key.pubkey())
}
