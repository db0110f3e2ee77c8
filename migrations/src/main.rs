//! `cairn-migrations`: looks at what a deployment still needs, and does it.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program whose output is its purpose"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use cairn_client::{ClientError, RpcLedger, SendOptions, sol};
use cairn_interface::ids::PROGRAMS;
use cairn_interface::loader::executable_hash;
use cairn_migrations::{
    Authority, Expectations, MigrationError, Outcome, Progress, Step, all, apply, plan,
};
use clap::{Parser, Subcommand};
use solana_sdk::signature::read_keypair_file;
use thiserror::Error;

/// What must be done on chain after the programs were deployed or upgraded, in numbered steps, each runnable twice
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "\
Examples:
  cairn-migrations plan -u devnet                                   what each step finds, and what is left to do
  cairn-migrations plan -u devnet --upgrade-authority KEY --deployed target/deploy
                                                                    also: the right authority, and this checkout's builds
  cairn-migrations apply -u devnet -k payer.json                    do it; a second run says that nothing is left

Exit codes:
  0   done, or nothing to do        1   refused, or not deployed as it should be
  2   wrong usage or key file       75  failed for now: the same command may work later"
)]
struct Cli {
    /// RPC endpoint: a URL, or localhost, devnet, testnet, mainnet-beta (or l, d, t, m)
    #[arg(
        short,
        long,
        value_name = "URL_OR_MONIKER",
        global = true,
        default_value = "localhost"
    )]
    url: String,
    /// Who should be able to upgrade the programs: an address, or none
    #[arg(long, value_name = "ADDRESS", global = true)]
    upgrade_authority: Option<Authority>,
    /// Folder with reward_vault.so, airdrop.so and device_registry.so, which should be what is deployed
    #[arg(long, value_name = "DIR", global = true)]
    deployed: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Look and tell; send nothing
    Plan,
    /// Do what is left
    Apply {
        /// Key file that signs and pays the fees; it needs no right over anything
        #[arg(short, long, value_name = "FILE")]
        keypair: PathBuf,
        /// Priority fee, in micro-lamports a compute unit
        #[arg(long, value_name = "MICRO_LAMPORTS", default_value_t = 0)]
        with_compute_unit_price: u64,
    },
}

#[derive(Debug, Error)]
enum Error {
    #[error(transparent)]
    Migration(#[from] MigrationError),
    #[error("{} is not a Solana key file: {reason}", path.display())]
    Key { path: PathBuf, reason: String },
    #[error("{} can not be read: {source}", path.display())]
    Program {
        path: PathBuf,
        source: std::io::Error,
    },
}

impl Error {
    fn hint(&self) -> String {
        match self {
            Self::Migration(error) => error.hint(),
            Self::Key { .. } => "make one with `solana-keygen new`".to_owned(),
            Self::Program { .. } => "`cargo xtask build-programs` builds it".to_owned(),
        }
    }

    fn exit(&self) -> u8 {
        match self {
            Self::Key { .. } | Self::Program { .. } => 2,
            Self::Migration(MigrationError::Client(ClientError::BadUrl { .. })) => 2,
            Self::Migration(error) if error.retryable() => 75,
            Self::Migration(_) => 1,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Cli::parse()).await {
        Ok(outcomes) => report(&outcomes),
        Err(error) => {
            eprintln!("error: {error}\n hint: {}", error.hint());
            error.exit().into()
        }
    }
}

async fn run(cli: &Cli) -> Result<Vec<Outcome>, Error> {
    let steps = all(expectations(cli)?);
    let ledger = RpcLedger::new(&cli.url).map_err(MigrationError::from)?;
    Ok(match &cli.command {
        Command::Plan => plan(&ledger, &steps).await?,
        Command::Apply {
            keypair,
            with_compute_unit_price,
        } => {
            let payer = read_keypair_file(keypair).map_err(|error| Error::Key {
                path: keypair.clone(),
                reason: error.to_string(),
            })?;
            let options = SendOptions {
                priority_micro_lamports: *with_compute_unit_price,
                ..SendOptions::default()
            };
            apply(&ledger, &steps, &payer, &options, &Lines).await?
        }
    })
}

fn expectations(cli: &Cli) -> Result<Expectations, Error> {
    let mut executables = Vec::new();
    if let Some(folder) = &cli.deployed {
        for (program, name) in PROGRAMS {
            let path = folder.join(format!("{name}.so"));
            let bytes = std::fs::read(&path).map_err(|source| Error::Program { path, source })?;
            executables.push((program, executable_hash(&bytes)));
        }
    }
    Ok(Expectations {
        upgrade_authority: cli.upgrade_authority,
        executables,
    })
}

/// Progress as lines on standard error, one a task: they stay readable in a log.
struct Lines;

impl Progress for Lines {
    fn step(&self, step: &dyn Step, tasks: usize, most: u64) {
        if tasks > 0 {
            eprintln!(
                "{:04} {}: {tasks} to do, for at most {} SOL in fees and rent",
                step.number(),
                step.goal(),
                sol(most)
            );
        }
    }

    fn task(&self, what: &str, done: usize, tasks: usize) {
        eprintln!("     {done} of {tasks}: {what}");
    }
}

/// Prints what was found and done; results go to standard output, refusals to standard error.
fn report(outcomes: &[Outcome]) -> ExitCode {
    let mut exit = ExitCode::SUCCESS;
    for outcome in outcomes {
        let (done, tasks) = (outcome.done, outcome.found.tasks.len());
        let state = match (done, tasks) {
            (_, 0) => "nothing to do".to_owned(),
            (0, tasks) if outcome.failed.is_empty() => format!("{tasks} to do"),
            (done, tasks) => format!("{done} of {tasks} done"),
        };
        println!("{:04} {}: {state}", outcome.step, outcome.goal);
        for (label, value) in &outcome.found.facts {
            println!("     {label}: {value}");
        }
        if outcome.fees > 0 {
            println!("     fees: {} SOL", sol(outcome.fees));
        }
        for failure in &outcome.failed {
            eprintln!(
                "error: {}: {}\n hint: {}",
                failure.what,
                failure.error,
                failure.error.hint()
            );
            exit = ExitCode::from(1);
        }
    }
    exit
}
