//! The command line of `cairn-keeper`: arguments in, one phase, one answer on stdout, talk on stderr.

mod args;
mod bars;
mod parsers;
mod printer;
mod results;

use std::process::ExitCode;
use std::sync::Arc;

use cairn_client::{RpcLedger, SendOptions};
use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};

use crate::attest::AttestSource;
use crate::genesis::genesis;
use crate::init::{ask_the_pool, init};
use crate::progress::Progress;
use crate::publish::MOST_FEE;
use crate::ruleset::ruleset;
use crate::{
    AttestOptions, CloseOptions, Intake, Keeper, KeeperError, ProposeOptions, StopSwitch, Watcher,
    read_key, status,
};
use args::{Arguments, Command};
use bars::Bars;
use printer::Printer;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let home = std::env::home_dir();
    let typed = cairn_spelling::home::arguments(std::env::args_os(), home.as_deref());
    let arguments = match Arguments::try_parse_from(typed) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
                _ => ExitCode::from(2),
            };
        }
    };
    let printer = Printer::new(arguments.output);
    printer::start_log(arguments.verbose);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return printer.failure(&KeeperError::Task(error.to_string())),
    };
    let bars = Arc::new(Bars::new());
    let outcome = runtime.block_on(dispatch(&arguments, &printer, Arc::clone(&bars)));
    bars.clear();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => printer.failure(&error),
    }
}

async fn dispatch(
    arguments: &Arguments,
    printer: &Printer,
    bars: Arc<Bars>,
) -> Result<(), KeeperError> {
    let data = arguments.data.as_path();
    match &arguments.command {
        Command::Init(init_arguments) => {
            let options = init_arguments.options();
            let mut done = init(&init_arguments.folder, &options)?;
            ask_the_pool(&mut done, &options).await?;
            printer.result(&results::initialized(&done));
            Ok(())
        }
        Command::Ruleset { folder, terms } => {
            let shown = ruleset(folder, terms.terms().as_ref())?;
            printer.result(&results::ruleset(&shown));
            Ok(())
        }
        Command::Genesis(arguments) => {
            let options = arguments.options()?;
            let named = genesis(&options, bars.as_ref())?;
            bars.clear();
            printer.result(&results::genesis(&named));
            Ok(())
        }
        Command::Completions { shell } => {
            printer.completions(*shell, &mut Arguments::command());
            Ok(())
        }
        Command::Watch(watch) => {
            let progress: Arc<dyn Progress> = Arc::clone(&bars) as Arc<dyn Progress>;
            let key = read_key(&watch.keypair)?;
            let ledger = Arc::new(RpcLedger::new(&watch.rpc_url)?);
            let send = SendOptions {
                most_fee: Some(MOST_FEE),
                ..SendOptions::default()
            };
            let mut watcher = Watcher::new(ledger, key, watch.options(), send, progress);
            listen(watcher.stop_switch(), Arc::clone(&bars));
            let report = watcher.watch().await?;
            bars.clear();
            printer.result(&results::watched(&report));
            Ok(())
        }
        Command::Status => {
            let status = status::read(data).await?;
            printer.result(&results::status(&status));
            // The folder was shown; what the chain shows was asked for too.
            status.unread.map_or(Ok(()), Err)
        }
        Command::Ingest { .. } | Command::Receipt { .. } => {
            let progress: Arc<dyn Progress> = Arc::clone(&bars) as Arc<dyn Progress>;
            // What takes in needs no key, so none is read.
            let intake = Intake::open(data, progress).await?;
            listen(intake.stop_switch(), Arc::clone(&bars));
            let outcome = take_in(&arguments.command, &intake, printer, &bars).await;
            intake.shut_down().await;
            outcome
        }
        command => {
            let progress: Arc<dyn Progress> = Arc::clone(&bars) as Arc<dyn Progress>;
            let keeper = Keeper::open_with(data, progress).await?;
            listen(keeper.stop_switch(), Arc::clone(&bars));
            let outcome = phase(command, &keeper, printer, &bars).await;
            keeper.shut_down().await;
            outcome
        }
    }
}

async fn take_in(
    command: &Command,
    intake: &Intake,
    printer: &Printer,
    bars: &Bars,
) -> Result<(), KeeperError> {
    match command {
        Command::Ingest {
            files,
            format,
            received_at,
        } => {
            let received_at_ms = received_at.map(|secs| secs.saturating_mul(1_000));
            let mut reports = Vec::with_capacity(files.len());
            for file in files {
                let format = format.map(args::FormatName::format);
                let report = intake.ingest_file(file, format, received_at_ms).await?;
                reports.push(results::ingested(file, &report));
            }
            bars.clear();
            printer.result(&reports);
        }
        Command::Receipt { record } => {
            let receipts = intake.receipts(record).await?;
            printer.result(&results::receipts(*record, &receipts));
        }
        _ => {}
    }
    Ok(())
}

async fn phase(
    command: &Command,
    keeper: &Keeper,
    printer: &Printer,
    bars: &Bars,
) -> Result<(), KeeperError> {
    match command {
        Command::Init(_)
        | Command::Genesis(_)
        | Command::Ruleset { .. }
        | Command::Status
        | Command::Watch(_)
        | Command::Completions { .. }
        | Command::Ingest { .. }
        | Command::Receipt { .. } => {}
        Command::Anchor => {
            let anchor = keeper.record_anchor().await?;
            printer.result(&results::anchor(&anchor.ok_or(KeeperError::NoAnchor)?));
        }
        Command::Close { epoch, again } => {
            let closing = keeper.close(*epoch, CloseOptions { again: *again }).await?;
            bars.clear();
            printer.result(&results::closed(&closing));
        }
        Command::Propose {
            epoch,
            accept_anomaly,
        } => {
            let options = ProposeOptions {
                accept_anomaly: *accept_anomaly,
            };
            let proposed = keeper.propose(*epoch, options).await?;
            bars.clear();
            printer.result(&results::proposed(&proposed));
        }
        Command::Attest {
            epoch,
            source,
            accept_anomaly,
        } => {
            let options = AttestOptions {
                accept_anomaly: *accept_anomaly,
            };
            let source = match source.as_slice() {
                [] if keeper.config().attest.source.is_empty() => AttestSource::Own,
                [] => AttestSource::Configured,
                named => AttestSource::Named(named),
            };
            let attested = keeper.attest_with(*epoch, source, options).await?;
            bars.clear();
            printer.result(&results::attested(&attested));
        }
        Command::Activate { epoch } => {
            let activated = keeper.activate(*epoch).await?;
            bars.clear();
            printer.result(&results::activated(&activated));
        }
        Command::Run { once } => {
            let report = keeper.run(*once).await?;
            bars.clear();
            printer.result(&results::ran(&report));
        }
    }
    Ok(())
}

/// Ctrl-C and SIGTERM stop the keeper at the next point where nothing is half done; a second one ends it at once,
/// which loses nothing either.
fn listen(stop: StopSwitch, bars: Arc<Bars>) {
    tokio::spawn(async move {
        for round in 0_u8..2 {
            if !printer::signalled().await {
                return;
            }
            if round == 0 {
                bars.note("finishing what is under way; once more to stop at once");
                stop.stop();
            } else {
                bars.clear();
                printer::leave(75);
            }
        }
    });
}
