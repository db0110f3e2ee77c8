//! Arguments. The help texts are the manual.

use std::path::PathBuf;

use cairn_epoch::{Calendar, NetworkTerms, SHIPPED_ARREARS};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_spelling::{Amount, POINT_DECIMALS};
use clap::{Args, Parser, Subcommand, ValueEnum};
use solana_sdk::pubkey::Pubkey;

use super::parsers::{full_hour, instant, sol, span};
use crate::genesis::{BalancesError, GenesisOptions};
use crate::init::{InitOptions, RulesetSource};
use crate::{Format, WatchOptions};

const EXAMPLES: &str = "\
Examples:
  cairn-keeper ruleset rules --first-epoch-start 2026-01-05T00:00:00Z --tokens-per-epoch 1000000
  cairn-keeper genesis rules --from balances.csv --decimals 6 --tokens-per-epoch 50000
  cairn-keeper init keeper-a --network N --pool P --ruleset rules
  cairn-keeper init keeper-b --network N --pool P --ruleset rules
  cairn-keeper --data keeper-a ingest proofs.borsh more.jsonl
  cairn-keeper --data keeper-a close 1 && cairn-keeper --data keeper-a propose 1
  cairn-keeper --data keeper-b attest 1 --source keeper-a
  cairn-keeper --data keeper-b activate 1
  cairn-keeper --data keeper-a run
  cairn-keeper watch --pool P --files published -k id.json --member ME

Exit codes:
  0   done, or nothing was left to do
  1   refused, or failed for good: somebody has to change something
  2   wrong usage or configuration
  75  not now: the same command may succeed later

Data goes to standard output, everything else to standard error. Every command can be repeated: what is done already
is read from the chain and the data folder, and a command that was killed continues where it was.";

/// The keeper of a Cairn network: signed proofs in, one verified root per epoch on chain.
#[derive(Debug, Parser)]
#[command(name = "cairn-keeper", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub(super) struct Arguments {
    /// The keeper's data folder.
    #[arg(
        short,
        long,
        global = true,
        default_value = ".",
        env = "CAIRN_KEEPER_DATA"
    )]
    pub data: PathBuf,
    /// How results are written to standard output.
    #[arg(long, global = true, value_enum, default_value_t = Output::Display)]
    pub output: Output,
    /// Say on standard error what is being tried.
    #[arg(short, long, global = true)]
    pub verbose: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    /// For people.
    Display,
    /// One JSON object.
    Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a data folder with a configuration that explains itself.
    Init(InitArguments),
    /// Write a network's rules into a folder of their own and print their hash, or print that of rules that stand there.
    ///
    /// The pool is created with this hash, so a new network writes its rules first: then `cairn pool create --ruleset HASH`,
    /// then `cairn-keeper init --ruleset FOLDER` for every keeper.
    Ruleset {
        folder: PathBuf,
        #[command(flatten)]
        terms: TermsArguments,
    },
    /// Start a network from what its users already hold: balances beside the rules that its pool is created with.
    ///
    /// The table has a first line `owner,tokens,points` or `owner,tokens,points,credits`. An owner is a wallet's address, an identity
    /// of somebody without one in 64 hex digits (`cairn proof identity` makes it), or a DID. Amounts are exact decimals; every row that
    /// is none is named with its line, and nothing is written. The balances go into genesis.parquet beside ruleset.toml, which names
    /// them by hash and sum, so the pool that is created with the rules' hash states them. They enter members' leaves as fast as
    /// [arrears] of the rules allows, wallets in the order of their keys, never past the pool's caps.
    Genesis(GenesisArguments),
    /// File signed proofs as evidence, with a receipt for each.
    ///
    /// A .borsh file is a length (u32, little endian) and a signed proof, repeated; a .jsonl or .json file holds one
    /// proof a line, an array of them, or one object after the other. The same file again files nothing twice. Nothing
    /// is judged here: the rules decide when the epoch closes. A file without a single proof is refused whole.
    Ingest {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The files' format, when their names do not tell.
        #[arg(long, value_enum)]
        format: Option<FormatName>,
        /// When the proofs were received, for an archive. Default: now.
        #[arg(long, value_name = "INSTANT", value_parser = instant)]
        received_at: Option<i64>,
    },
    /// Show the receipts of a proof, by its id in hex.
    Receipt {
        #[arg(value_name = "PROOF-ID", value_parser = cairn_spelling::hash)]
        record: [u8; 32],
    },
    /// Record the newest final block, and print it for devices to put into their proofs: SLOT:HASH.
    ///
    /// A proof is anchored to a block that the keeper knows, so that it can not have been made before it. `run` records one each
    /// round.
    Anchor,
    /// Freeze an epoch's inputs and derive its manifest from them.
    Close {
        #[arg(value_name = "N")]
        epoch: EpochNumber,
        /// Derive it anew after a veto, or after its root was revoked: evidence stays; registry file, anchors and ruleset are taken again.
        #[arg(long)]
        again: bool,
    },
    /// Put a closed epoch on chain, after every one of its leaves was verified.
    Propose {
        #[arg(value_name = "N")]
        epoch: EpochNumber,
        /// Propose it although it jumps against the last epochs.
        #[arg(long)]
        accept_anomaly: bool,
    },
    /// Derive a proposed epoch again from published files, and sign if every hash agrees.
    Attest {
        #[arg(value_name = "N")]
        epoch: EpochNumber,
        /// Another keeper's data folder, its epochs folder, one epoch's folder, or the address of a web server with a copy; may be
        /// repeated for several mirrors. Default: [attest] source of keeper.toml, else this keeper's own files.
        #[arg(long, value_name = "FOLDER|URL")]
        source: Vec<PathBuf>,
        /// Attest it although it jumps against the last epochs.
        #[arg(long)]
        accept_anomaly: bool,
    },
    /// Make an attested epoch claimable once its window is over. Anyone may.
    Activate {
        #[arg(value_name = "N")]
        epoch: EpochNumber,
    },
    /// Show where this keeper and its pool stand, and what comes next.
    ///
    /// When the chain can not be read, the folder is shown and the exit code is 75 or 1, as for every other command.
    Status,
    /// Do every phase in its turn, until stopped.
    ///
    /// Files in inbox/ are ingested; those that hold no proofs are moved to inbox/refused/, each with its reason beside
    /// it. With [attest] source in keeper.toml this keeper attests what is published there; without, it closes and
    /// proposes its own epochs. A veto, an anomaly or a difference is said once and left for a person, while everything
    /// else goes on.
    Run {
        /// Stop when nothing can be done now.
        #[arg(long)]
        once: bool,
    },
    /// Hold every proposal of a pool to its members' leaves. Needs no role, no data folder and nobody's permission.
    ///
    /// Reads the active epoch's published leaves and, once they are published, the proposed ones. A leaf that shrank or moved is
    /// asked for on chain and shown, which vetoes the epoch. When a proposal's files do not come, leaves are asked for with a
    /// deposit each: whoever shows them, whole, gets it; what nobody shows in time vetoes the epoch, and every deposit comes back.
    /// Open challenges of others are answered from the files, and their deposits are yours. Runs until stopped.
    Watch(WatchArguments),
    /// Print completions for your shell; `cargo xtask install` puts them where the shells look.
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// The folder to create.
    pub folder: PathBuf,
    /// JSON-RPC address of a Solana node.
    #[arg(short = 'u', long, default_value = "http://127.0.0.1:8899")]
    pub rpc_url: String,
    /// The network's account in the device registry.
    #[arg(long)]
    pub network: Pubkey,
    /// The pool's account in the reward vault.
    #[arg(long)]
    pub pool: Pubkey,
    /// This keeper's Solana key file. Default: a new key in the folder.
    #[arg(short = 'k', long)]
    pub keypair: Option<PathBuf>,
    /// The folder of another keeper's ruleset, to take it as it is. Every keeper but a network's first.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["first_epoch_start", "epoch_hours", "tokens_per_epoch"])]
    pub ruleset: Option<PathBuf>,
    /// When epoch 1 starts: a full hour, like 2026-01-05T00:00:00Z. Goes into the ruleset.
    #[arg(long, value_name = "INSTANT", value_parser = full_hour, required_unless_present = "ruleset")]
    pub first_epoch_start: Option<i64>,
    /// Length of an epoch. Goes into the ruleset.
    #[arg(long, default_value_t = 168)]
    pub epoch_hours: u32,
    /// How long an ended epoch waits for late evidence.
    #[arg(long, default_value_t = 3_600)]
    pub grace_secs: u32,
    /// Base units of the token that an epoch divides among those who earned: 1000000 is one token of six decimals. Goes into
    /// the ruleset.
    #[arg(long, value_name = "BASE-UNITS", required_unless_present = "ruleset")]
    pub tokens_per_epoch: Option<Tokens>,
}

#[derive(Debug, Args)]
pub(super) struct GenesisArguments {
    /// The rules' folder, as `cairn-keeper ruleset` wrote it.
    folder: PathBuf,
    /// The table of balances.
    #[arg(long, value_name = "CSV")]
    from: PathBuf,
    /// Decimals of the pool's token: how many digits its amounts have behind the point.
    #[arg(long, value_name = "DIGITS")]
    decimals: u8,
    /// Tokens of the balances that may enter leaves in an epoch, beside what the epoch leaves of its own. Default: as the rules say.
    #[arg(long, value_name = "TOKENS")]
    tokens_per_epoch: Option<String>,
    /// Points likewise. Default: as the rules say.
    #[arg(long, value_name = "POINTS")]
    points_per_epoch: Option<String>,
    /// Data credits likewise. Default: as the rules say.
    #[arg(long, value_name = "CREDITS")]
    credits_per_epoch: Option<u64>,
    /// Read and add up the balances, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

impl GenesisArguments {
    /// # Errors
    /// An amount that is none, in the words of the command line.
    pub(super) fn options(&self) -> Result<GenesisOptions, BalancesError> {
        let read = |argument: &'static str, text: &Option<String>, decimals| {
            let amount = text.as_deref().map(|text| Amount::parse(text, decimals));
            amount
                .transpose()
                .map_err(|source| BalancesError::Argument { argument, source })
        };
        Ok(GenesisOptions {
            ruleset: self.folder.clone(),
            from: self.from.clone(),
            decimals: self.decimals,
            tokens_per_epoch: read("--tokens-per-epoch", &self.tokens_per_epoch, self.decimals)?,
            points_per_epoch: read("--points-per-epoch", &self.points_per_epoch, POINT_DECIMALS)?,
            credits_per_epoch: self.credits_per_epoch,
            dry_run: self.dry_run,
        })
    }
}

/// The terms of a network that begins.
#[derive(Debug, Args)]
pub(super) struct TermsArguments {
    /// When epoch 1 starts: a full hour, like 2026-01-05T00:00:00Z.
    #[arg(long, value_name = "INSTANT", value_parser = full_hour, requires = "tokens_per_epoch")]
    first_epoch_start: Option<i64>,
    /// Length of an epoch.
    #[arg(long, default_value_t = 168, requires = "first_epoch_start")]
    epoch_hours: u32,
    /// Base units of the token that an epoch divides among those who earned: 1000000 is one token of six decimals.
    #[arg(long, value_name = "BASE-UNITS", requires = "first_epoch_start")]
    tokens_per_epoch: Option<Tokens>,
}

impl TermsArguments {
    /// The terms that were given; none when the rules are only to be shown.
    pub(super) fn terms(&self) -> Option<NetworkTerms> {
        let (start, tokens) = self.first_epoch_start.zip(self.tokens_per_epoch)?;
        Some(network_terms(start, self.epoch_hours, tokens))
    }
}

const fn network_terms(
    first_start: i64,
    epoch_hours: u32,
    tokens_per_epoch: Tokens,
) -> NetworkTerms {
    NetworkTerms {
        calendar: Calendar {
            first_epoch: EpochNumber::FIRST,
            first_start,
            epoch_hours,
        },
        tokens_per_epoch,
        arrears: SHIPPED_ARREARS,
        genesis: None,
        streams: Vec::new(),
        tasks: Vec::new(),
        attestors: Vec::new(),
        payers: Vec::new(),
        operators: Vec::new(),
    }
}

impl InitArguments {
    pub(super) fn options(&self) -> InitOptions {
        let ruleset = match &self.ruleset {
            Some(folder) => RulesetSource::Folder(folder.clone()),
            // The parser insists on both unless there is a folder.
            None => RulesetSource::Shipped(Box::new(network_terms(
                self.first_epoch_start.unwrap_or_default(),
                self.epoch_hours,
                self.tokens_per_epoch.unwrap_or_default(),
            ))),
        };
        InitOptions {
            rpc_url: self.rpc_url.clone(),
            network: self.network,
            pool: self.pool,
            keypair: self.keypair.clone(),
            grace_secs: self.grace_secs,
            ruleset,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct WatchArguments {
    /// The pool.
    #[arg(long, env = "CAIRN_POOL")]
    pub pool: Pubkey,
    /// Published files: a keeper's data folder, its epochs folder, or the address of a web server with a copy; may be repeated, or
    /// hold commas, for several mirrors.
    #[arg(long, value_name = "FOLDER|URL", env = "CAIRN_FILES", required = true)]
    pub files: Vec<PathBuf>,
    /// Where files from web servers are kept. Default: cairn below this user's cache folder.
    #[arg(long, value_name = "FOLDER", env = "CAIRN_CACHE", hide_env = true)]
    pub cache: Option<PathBuf>,
    /// JSON-RPC address of a Solana node.
    #[arg(short = 'u', long, default_value = "http://127.0.0.1:8899")]
    pub rpc_url: String,
    /// Whose fees and deposits pay for it: any key file with some SOL. It signs for nothing else.
    #[arg(short = 'k', long)]
    pub keypair: PathBuf,
    /// Whose leaves to ask for when a proposal's files do not come; may be repeated, the first first. Default: all members, the
    /// largest first, as far as the budget goes.
    #[arg(long = "member", value_name = "ADDRESS")]
    pub members: Vec<Pubkey>,
    /// SOL that may be out in deposits and rent at once. One challenge takes about 0.012.
    #[arg(long, value_name = "SOL", default_value = "0.1", value_parser = sol)]
    pub budget: u64,
    /// How long after a proposal its files may take to come, like 12h. Default: half of the pool's challenge window.
    #[arg(long, value_name = "SPAN", value_parser = span)]
    pub patience: Option<u64>,
    /// Seconds between two looks.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub poll_secs: u32,
    /// Stop when nothing can be done now.
    #[arg(long)]
    pub once: bool,
}

impl WatchArguments {
    pub(super) fn options(&self) -> WatchOptions {
        WatchOptions {
            pool: self.pool,
            files: self.files.clone(),
            cache: self.cache.clone(),
            members: self.members.clone(),
            budget: self.budget,
            patience_secs: self.patience,
            poll_secs: self.poll_secs,
            once: self.once,
        }
    }
}

/// The names of the formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatName {
    Borsh,
    Jsonl,
}

impl FormatName {
    pub(super) const fn format(self) -> Format {
        match self {
            Self::Borsh => Format::Borsh,
            Self::Jsonl => Format::Json,
        }
    }
}
