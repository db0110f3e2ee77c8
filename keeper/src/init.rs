//! `init`: a data folder with everything in its place, a configuration that explains itself, and the network's ruleset.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cairn_client::{Ledger, RpcLedger};
use cairn_epoch::{NetworkTerms, Ruleset, read_terms, write_shipped_ruleset};
use cairn_facts::of_tokens;
use cairn_interface::vault::PoolView;
use cairn_merkle::{EpochNumber, Tokens};
use cairn_origin::{BeyondCap, beyond_caps};
use cairn_spelling::Amount;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::config::{Config, ConfigError, InputsConfig, Template};
use crate::store::folder::{DataFolder, FolderError, copy_whole};
use crate::store::{GENESIS, copy_ruleset};
use crate::{KeeperError, read_key};

/// What `init` needs to know.
#[derive(Clone, Debug)]
pub struct InitOptions {
    pub rpc_url: String,
    pub network: Pubkey,
    pub pool: Pubkey,
    /// An existing key file; `None` makes a new key in the folder.
    pub keypair: Option<PathBuf>,
    pub grace_secs: u32,
    pub ruleset: RulesetSource,
}

/// Where the new keeper's ruleset comes from.
#[derive(Clone, Debug)]
pub enum RulesetSource {
    /// The rules of this version, with the terms of a network that begins: its first keeper.
    Shipped(Box<NetworkTerms>),
    /// The folder of another keeper's ruleset, copied byte for byte: every keeper but the first.
    Folder(PathBuf),
}

/// A folder that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Initialized {
    pub folder: PathBuf,
    pub config: PathBuf,
    pub keeper: Pubkey,
    /// The key file, when a new key was made.
    pub new_key: Option<PathBuf>,
    /// The ruleset's folder, and its hash as epochs on chain will name it: the other keepers' must be the same.
    pub ruleset: PathBuf,
    pub ruleset_hash: [u8; 32],
    /// Epoch that the calendar begins with, its start in unix seconds, and the length of each.
    pub first_epoch: EpochNumber,
    pub first_epoch_start: i64,
    pub epoch_hours: u32,
    /// What an epoch divides.
    pub tokens_per_epoch: Tokens,
    /// The same in whole tokens; none when the chain did not tell the mint's decimals.
    pub tokens: Option<Amount>,
    /// Partners' streams.
    pub streams: usize,
    /// Carriers' tasks.
    pub tasks: usize,
    /// Each cap of the pool that the rules give more than; none known when the chain did not tell the pool.
    pub beyond_caps: Vec<BeyondCap>,
    /// The ruleset is another keeper's, who has told the others already.
    pub ruleset_taken: bool,
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
        grace_secs: options.grace_secs,
    }
    .render();
    // Refused here rather than at the first start.
    Config::parse(&rendered).map_err(|problem| ConfigError::Invalid {
        path: data.config(),
        problem,
    })?;
    let ruleset = data.resolve(&InputsConfig::default().ruleset);
    place_ruleset(&options.ruleset, &ruleset)?;
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
    let unusable = |source| KeeperError::Ruleset {
        path: ruleset.clone(),
        source,
    };
    let terms = read_terms(&ruleset).map_err(unusable)?;
    let loaded = Ruleset::load(&ruleset.join("ruleset.toml"), &ruleset.join("rules"))
        .map_err(|error| unusable(error.into()))?;
    Ok(Initialized {
        folder: folder.to_owned(),
        config: path,
        keeper,
        new_key,
        ruleset_hash: loaded.hash(),
        ruleset,
        first_epoch: terms.calendar.first_epoch,
        first_epoch_start: terms.calendar.first_start.saturating_mul(3_600),
        epoch_hours: terms.calendar.epoch_hours,
        tokens_per_epoch: terms.tokens_per_epoch,
        tokens: None,
        streams: terms.streams.len(),
        tasks: terms.tasks.len(),
        beyond_caps: Vec::new(),
        ruleset_taken: matches!(options.ruleset, RulesetSource::Folder(_)),
    })
}

/// Puts the ruleset into its folder, refused here rather than at the first start.
fn place_ruleset(source: &RulesetSource, to: &Path) -> Result<(), KeeperError> {
    let unusable = |path: &Path| {
        let path = path.to_owned();
        move |source| KeeperError::Ruleset { path, source }
    };
    match source {
        RulesetSource::Shipped(terms) => write_shipped_ruleset(to, terms).map_err(unusable(to)),
        RulesetSource::Folder(from) => {
            read_terms(from).map_err(unusable(from))?;
            copy_ruleset(from, to)?;
            let genesis = from.join(GENESIS);
            if genesis.is_file() {
                copy_whole(&genesis, &to.join(GENESIS))?;
            }
            Ok(())
        }
    }
}

/// How long `init` waits for a node before it says amounts in base units alone.
const PATIENCE: Duration = Duration::from_secs(5);

/// Adds what the pool tells, when the chain knows it: what `tokens_per_epoch` is in whole tokens, since base units and whole tokens
/// are mixed up easily, by a factor of a million; and whether the rules give more than its caps allow.
///
/// # Errors
/// [`KeeperError`]: the ruleset that was placed can not be read any more.
pub async fn ask_the_pool(
    done: &mut Initialized,
    options: &InitOptions,
) -> Result<(), KeeperError> {
    let Ok(ledger) = RpcLedger::new(&options.rpc_url) else {
        return Ok(());
    };
    let asked = tokio::time::timeout(PATIENCE, ledger.account(&options.pool)).await;
    let Ok(Ok(Some(account))) = asked else {
        return Ok(());
    };
    if let Ok(pool) = PoolView::decode(options.pool, &account) {
        done.tokens = Some(of_tokens(done.tokens_per_epoch, pool.decimals));
        let terms = read_terms(&done.ruleset).map_err(|source| KeeperError::Ruleset {
            path: done.ruleset.clone(),
            source,
        })?;
        done.beyond_caps = beyond_caps(&terms, &pool.params());
    }
    Ok(())
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
