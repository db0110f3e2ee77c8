//! The command line: global options, the tree of commands, and the small parsers that arguments share.

use std::path::{Path, PathBuf};

pub use cairn_spelling::hash;
use cairn_spelling::{KeyFault, read_key};
use clap::{Args, Parser};
use solana_sdk::pubkey::Pubkey;

use crate::command::Command;
use crate::config::{Commitment, Wishes};
use crate::context::Manner;
use crate::printer::Format;

const ABOUT: &str = "Points and token rewards of DePIN networks: see, claim, govern, audit";

const AFTER: &str = "\
Examples:
  cairn claim show --pool POOL --files DIR      what you earned, what is claimable now, what you claimed
  cairn claim --pool POOL --files DIR           claim it
  cairn why PROOF_ID --files DIR                why a proof was or was not paid
  cairn audit epoch 3 --pool POOL --files DIR   recompute epoch 3 and compare it with the chain
  cairn pool show --pool POOL -u devnet         a pool's roles, limits and totals

Settings come from flags, then from the Solana CLI's file (~/.config/solana/cli/config.yml, see `solana config get`).
--pool, --network, --files, --cache and --config may be set once as CAIRN_POOL, CAIRN_NETWORK, CAIRN_FILES, CAIRN_CACHE and
CAIRN_CONFIG. --files takes folders and addresses (https://…): what comes from a web server is checked, and fetched once.

To sign elsewhere, name addresses where keys would stand and add --unsigned:
  cairn pool pause --pool POOL --authority MULTISIG_VAULT --unsigned
  cairn claim --pool POOL --files DIR --authority COLD_WALLET --fee-payer PAYER --nonce NONCE --unsigned
What it prints holds no signature and lists who must sign. It is valid for about a minute: a multisig puts its own
blockhash in when it executes, a cold wallet needs --nonce (`solana create-nonce-account` makes one).

Results go to standard output, everything else to standard error.

Exit codes:
  0   done, or there was nothing to do
  1   refused or failed for good; an audit that found a difference
  2   wrong usage, key file or configuration; nothing was tried
  75  failed for now (no answer, too many requests, transaction expired): the same command may work later";

/// See the constants above: what `--help` says.
#[derive(Debug, Parser)]
#[command(name = "cairn", version, about = ABOUT, after_help = AFTER, propagate_version = true)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 120
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Solana CLI configuration file [default: ~/.config/solana/cli/config.yml when it exists]
    #[arg(
        short = 'C',
        long,
        value_name = "FILE",
        global = true,
        env = "CAIRN_CONFIG",
        hide_env = true
    )]
    pub config: Option<PathBuf>,

    /// RPC endpoint: a URL, or localhost, devnet, testnet, mainnet-beta (or l, d, t, m)
    #[arg(short, long, value_name = "URL_OR_MONIKER", global = true)]
    pub url: Option<String>,

    /// Key that signs and pays: a file, - for standard input, prompt: or prompt:?key=0/0 for a seed phrase; an address with --unsigned
    #[arg(
        short,
        long,
        value_name = "KEYPAIR",
        visible_alias = "authority",
        global = true
    )]
    pub keypair: Option<String>,

    /// Key that pays the fee instead of the signer, named in the same ways
    #[arg(long, value_name = "KEYPAIR", global = true)]
    pub fee_payer: Option<String>,

    /// How final a transaction must be to count as done [default: confirmed]
    #[arg(
        long,
        value_enum,
        value_name = "LEVEL",
        global = true,
        hide_possible_values = false
    )]
    pub commitment: Option<Commitment>,

    /// How results are written
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value = "display",
        global = true
    )]
    pub output: Format,

    /// Show the effect and what it would cost, by simulation; send nothing
    #[arg(long, global = true, conflicts_with = "unsigned")]
    pub dry_run: bool,

    /// Print the transaction as base64 for a multisig or cold wallet to sign, and who must sign it; send nothing
    #[arg(long, global = true)]
    pub unsigned: bool,

    /// With --unsigned: a durable nonce account, so that the transaction does not expire after a minute
    #[arg(long, value_name = "ADDRESS", value_parser = address, global = true)]
    pub nonce: Option<Pubkey>,

    /// Agree beforehand to everything that would be asked
    #[arg(short, long, global = true)]
    pub yes: bool,

    /// Priority fee, in micro-lamports a compute unit
    #[arg(
        long,
        value_name = "MICRO_LAMPORTS",
        default_value_t = 0,
        global = true,
        alias = "priority-fee"
    )]
    pub with_compute_unit_price: u64,

    /// Show the logs of a transaction that was refused
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

impl Global {
    /// What the flags say about the settings.
    #[must_use]
    pub fn wishes(&self) -> Wishes {
        Wishes {
            config: self.config.clone(),
            url: self.url.clone(),
            keypair: self.keypair.clone(),
            commitment: self.commitment,
        }
    }

    #[must_use]
    pub const fn manner(&self) -> Manner {
        match (self.dry_run, self.unsigned) {
            (true, _) => Manner::DryRun,
            (false, true) => Manner::Unsigned,
            (false, false) => Manner::Send,
        }
    }
}

/// The pool a command is about.
#[derive(Clone, Debug, Args)]
pub struct PoolArg {
    /// The pool's address
    #[arg(long, value_name = "ADDRESS", env = "CAIRN_POOL", value_parser = address)]
    pub pool: Pubkey,
}

/// The network a command is about.
#[derive(Clone, Debug, Args)]
pub struct NetworkArg {
    /// The network's address
    #[arg(long, value_name = "ADDRESS", env = "CAIRN_NETWORK", value_parser = address)]
    pub network: Pubkey,
}

/// The published files a command reads.
#[derive(Clone, Debug, Default, Args)]
pub struct FilesArg {
    /// Published files: a keeper's data folder, its epochs folder, one epoch's folder, or an address where a web server has copies;
    /// repeat it, or put commas between, for several mirrors of the same
    #[arg(long, value_name = "DIR|URL", env = "CAIRN_FILES", required = true)]
    pub files: Vec<PathBuf>,
    /// Where files from web servers are kept [default: cairn below this user's cache folder]
    #[arg(long, value_name = "DIR", env = "CAIRN_CACHE", hide_env = true)]
    pub cache: Option<PathBuf>,
}

/// The same where a command does without.
#[derive(Clone, Debug, Default, Args)]
pub struct FilesWish {
    /// Published files, in a folder or on mirrors as for other commands
    #[arg(long, value_name = "DIR|URL", env = "CAIRN_FILES")]
    pub files: Vec<PathBuf>,
    /// Where files from web servers are kept [default: cairn below this user's cache folder]
    #[arg(long, value_name = "DIR", env = "CAIRN_CACHE", hide_env = true)]
    pub cache: Option<PathBuf>,
}

impl FilesWish {
    /// The files, when some were named.
    #[must_use]
    pub fn named(&self) -> Option<FilesArg> {
        (!self.files.is_empty()).then(|| FilesArg {
            files: self.files.clone(),
            cache: self.cache.clone(),
        })
    }
}

impl From<PathBuf> for FilesArg {
    fn from(path: PathBuf) -> Self {
        Self {
            files: vec![path],
            cache: None,
        }
    }
}

impl From<&Path> for FilesArg {
    fn from(path: &Path) -> Self {
        path.to_path_buf().into()
    }
}

impl From<PathBuf> for FilesWish {
    fn from(path: PathBuf) -> Self {
        Self {
            files: vec![path],
            cache: None,
        }
    }
}

/// An address, with a sentence for what is none.
///
/// # Errors
/// The sentence.
pub fn address(text: &str) -> Result<Pubkey, String> {
    match read_key(text.as_bytes()) {
        Ok(key) => Ok(Pubkey::new_from_array(key)),
        // The system program has an address, too.
        Err(KeyFault::Nobodys) => Ok(Pubkey::default()),
        Err(KeyFault::Empty | KeyFault::Other) => Err(
            "an address is 32 bytes in base58, 32 to 44 letters and digits without 0, O, I and l"
                .to_owned(),
        ),
        Err(fault) => Err(format!("it {fault}")),
    }
}

/// A share: `5%`, `0.25%` or `25bps`.
///
/// # Errors
/// A sentence for what has no unit, is no exact share, is nothing or is more than all.
pub fn basis_points(text: &str) -> Result<u16, String> {
    cairn_spelling::basis_points(text).map_err(|error| error.to_string())
}

/// A count of things that can not be divided.
///
/// # Errors
/// A sentence for what is none.
pub fn whole(text: &str) -> Result<u64, String> {
    cairn_spelling::whole(text.as_bytes())
        .map_err(|fault| format!("\"{text}\" {fault}: {}", fault.hint()))
}
