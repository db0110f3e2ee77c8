//! `cairn-localnet`: starts a local network, says where it is and what to try, and stays until Ctrl-C or SIGTERM.

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use cairn_client::Class;
use cairn_interface::ids::PROGRAMS;
use cairn_localnet::{Blocks, Config, Localnet, LocalnetError, Travel, find_deploy_folder, travel};
use clap::{Parser, Subcommand};
use solana_sdk::pubkey::Pubkey;
use tokio::signal::unix::{SignalKind, signal};

/// A Solana network on this machine with both Cairn programs, a mint and funded keys.
#[derive(Parser)]
#[command(name = "cairn-localnet", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// RPC port on 127.0.0.1; the next one carries WebSockets. 0 takes any free ones.
    #[arg(long, default_value_t = 8899)]
    port: u16,

    /// Folder that keeps the keys between runs.
    #[arg(long, default_value = ".cairn/localnet")]
    state: PathBuf,

    /// Folder with the built programs [default: target/deploy of the workspace this runs in].
    #[arg(long)]
    programs: Option<PathBuf>,

    /// Milliseconds between two blocks; 0 makes one for each transaction and lets the clock stand still.
    #[arg(long, default_value_t = 400)]
    slot_ms: u64,

    /// Unix seconds that the chain's clock starts at [default: now].
    #[arg(long, allow_negative_numbers = true)]
    start_at: Option<i64>,
}

#[derive(Subcommand)]
enum Command {
    /// Moves the clock of a running local network forward.
    Travel {
        /// Seconds to move by.
        #[arg(long, conflicts_with = "to", required_unless_present = "to")]
        by: Option<u64>,
        /// Unix seconds to move to.
        #[arg(long, allow_negative_numbers = true)]
        to: Option<i64>,
        /// The network.
        #[arg(short, long, default_value = "http://127.0.0.1:8899")]
        url: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to tell it to when stderr is closed.
            let _ = writeln!(io::stderr(), "error: {error}\n hint: {}", error.hint());
            ExitCode::from(exit_code(&error))
        }
    }
}

/// 1: the caller can cure it; 2: somebody has to look; 75: later it may work unchanged.
fn exit_code(error: &LocalnetError) -> u8 {
    match error {
        LocalnetError::Client(error) => match error.class() {
            Class::User => 1,
            Class::Fatal => 2,
            Class::Retryable => 75,
        },
        LocalnetError::Start { .. } | LocalnetError::Stopped { .. } => 2,
        _ => 1,
    }
}

async fn run(arguments: Arguments) -> Result<(), LocalnetError> {
    if let Some(Command::Travel { by, to, url }) = arguments.command {
        let target = to.map_or(Travel::By(by.unwrap_or(0)), Travel::To);
        let now = travel(&url, target).await?;
        return say(&format!("{now}\n"));
    }
    let config = configure(&arguments)?;
    say_aside("starting a local network …\n");
    let units = 10_u64
        .saturating_pow(config.decimals.into())
        .saturating_mul(TOKENS);
    let network = Localnet::start(config).await?;
    // Somebody must have tokens, or nothing could be funded by hand.
    let purse = network.mint_to(&key(&network, "admin"), units).await?;
    say(&welcome(&network, &purse, &arguments))?;
    wait_for_the_end().await?;
    say_aside("stopping …\n");
    tokio::task::spawn_blocking(move || network.stop())
        .await
        .unwrap_or(Ok(()))
}

fn configure(arguments: &Arguments) -> Result<Config, LocalnetError> {
    let programs = match &arguments.programs {
        Some(folder) => folder.clone(),
        None => std::env::current_dir()
            .ok()
            .and_then(|here| find_deploy_folder(&here))
            .unwrap_or_else(|| PathBuf::from("target/deploy")),
    };
    let mut config = Config::new(programs, &arguments.state);
    config.port = (arguments.port != 0).then_some(arguments.port);
    config.start_at = arguments.start_at;
    if arguments.slot_ms != 0 {
        config.blocks = Blocks::Every(Duration::from_millis(arguments.slot_ms));
    }
    Ok(config)
}

/// Whole tokens that admin starts with.
const TOKENS: u64 = 10_000_000;

/// The public key named `name`; none of ours is missing.
fn key(network: &Localnet, name: &str) -> Pubkey {
    network
        .keys()
        .find_map(|(known, key)| (known == name).then_some(key))
        .unwrap_or_default()
}

fn welcome(network: &Localnet, purse: &Pubkey, arguments: &Arguments) -> String {
    let url = network.rpc_url();
    let mut text = format!(
        "RPC        {url}\nWebSocket  {}\nmint       {}\n",
        network.ws_url(),
        network.mint()
    );
    for (id, name) in PROGRAMS {
        text.push_str(&format!("program    {id}  {name}\n"));
    }
    for (name, key) in network.keys() {
        text.push_str(&format!("key        {key}  {name}\n"));
    }
    text.push_str(&format!("tokens     {purse}  {TOKENS} of admin's\n"));
    let config = arguments.state.join("config.yml");
    let guardian = key(network, "guardian");
    let me = std::env::args()
        .next()
        .unwrap_or_else(|| "cairn-localnet".to_owned());
    text.push_str(&format!(
        "\nKeys are in {}. Try:\n\
         \x20 cairn -C {} network create --guardian {guardian}\n\
         \x20 {me} travel --by 604800 -u {url}   (a week passes)\n\
         \x20 curl {url} -H 'content-type: application/json' -d '{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getHealth\"}}'\n\
         Everything but the keys is gone when this ends (Ctrl-C).\n",
        arguments.state.join("keys").display(),
        config.display(),
    ));
    text
}

async fn wait_for_the_end() -> Result<(), LocalnetError> {
    let failed = |error: io::Error| LocalnetError::Start {
        reason: format!("signals can not be received: {error}"),
    };
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome.map_err(failed),
        _ = terminate.recv() => Ok(()),
    }
}

/// Data: to stdout.
fn say(text: &str) -> Result<(), LocalnetError> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|source| LocalnetError::File {
            path: PathBuf::from("stdout"),
            source,
        })
}

/// Talk: to stderr, and nobody's loss when it is closed.
fn say_aside(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}
