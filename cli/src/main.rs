//! The `cairn` program: reads the command line, runs one command, prints its result, ends with its exit code.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cairn::args::Cli;
use cairn::cluster::Cluster;
use cairn::config::Settings;
use cairn::context::{Context, Purse};
use cairn::conversation::Conversation;
use cairn::error::CliError;
use cairn::printer::{Outcome, Printer};
use cairn_client::{ClientError, RpcLedger, SendOptions};
use clap::Parser;

fn main() -> ExitCode {
    // clap itself prints help, and usage errors with exit code 2.
    let home = std::env::home_dir();
    let arguments = cairn_spelling::home::arguments(std::env::args_os(), home.as_deref());
    let cli = Cli::parse_from(arguments);
    let printer = Printer::new(cli.global.output, cli.global.yes);
    let exit = match run(&cli, printer) {
        Ok(result) => printer.result(result.as_ref()),
        Err(error) => {
            if cli.global.verbose {
                printer.logs(&error);
            }
            printer.error(&error)
        }
    };
    exit.into()
}

fn run(cli: &Cli, printer: Printer) -> Result<Box<dyn Outcome>, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?;
    let ctx = context(cli, printer)?;
    runtime.block_on(cli.command.run(&ctx))
}

fn context(cli: &Cli, printer: Printer) -> Result<Context, CliError> {
    if cli.global.nonce.is_some() && !cli.global.unsigned {
        return Err(CliError::argument(
            "--nonce is for transactions that are signed elsewhere",
            "add --unsigned, or leave --nonce out: what is signed here is sent at once",
        ));
    }
    let home = std::env::home_dir();
    let settings = Settings::resolve(&cli.global.wishes(), home.as_deref())?;
    let level = settings.commitment.into();
    let purse = |place| Arc::new(Purse::closed(place, Arc::new(printer)));
    Ok(Context {
        ledger: Arc::new(RpcLedger::new(&settings.url)?.told(waiting(printer))),
        cluster: Cluster::default(),
        purse: purse(settings.keypair),
        fee_purse: cli.global.fee_payer.clone().map(purse),
        nonce: cli.global.nonce,
        talk: Arc::new(printer),
        manner: cli.global.manner(),
        send: SendOptions {
            commitment: level,
            priority_micro_lamports: cli.global.with_compute_unit_price,
            ..SendOptions::default()
        },
    })
}

/// Says that the node is waited for, where the pause is long enough to wonder about: once for requests side by side, and
/// again only when it takes longer.
fn waiting(printer: Printer) -> impl Fn(&ClientError, Duration) + Send + Sync + 'static {
    let told = AtomicU64::new(1);
    move |error, pause| {
        let seconds = pause.as_secs();
        if told.fetch_max(seconds, Ordering::Relaxed) < seconds {
            printer.note(&format!("{error}: asking again in {seconds} s"));
        }
    }
}
