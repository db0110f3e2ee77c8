//! `cairn rules backtest`.

use std::path::PathBuf;

use cairn_epoch::{Backtest, BacktestReport, EpochError};
use cairn_merkle::EpochNumber;
use cairn_mirror::Wanted;

use super::csv;
use super::publish::Publication;
use super::report::{Backtested, Told};
use super::source::{Which, which};
use crate::args::FilesArg;
use crate::command::audit::scratch;
use crate::context::Context;
use crate::error::CliError;
use crate::published::Published;
use crate::steps::Steps;

/// Run proposed rules over past epochs and show who would win and who would lose
///
/// Reads published files alone. Each epoch is computed twice from its own frozen inputs, as keepers compute it: by the rules it
/// was closed by, and by the proposed ones. Both start from what the first epoch was handed and carry their own memory and
/// ledger from there on. Start at epoch 1 and nothing is taken from anybody's state.
///
/// Rules without a calendar and an emission, like those that ship, take the epochs' own terms.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn rules backtest --rules NEW --epochs 1..12 --files DIR
  cairn rules backtest --rules NEW --epochs 9..12 --files DIR --decimals 6 --csv owners.csv
  cairn rules backtest --rules shipped --epochs 12 --files DIR --output json
  cairn rules backtest --rules NEW --epochs 1..12 --files DIR --publish     before `cairn pool ruleset announce NEW`")]
pub struct Args {
    /// The proposed rules: a folder with ruleset.toml and its SQL, an epoch's number, or shipped
    #[arg(long, value_name = "DIR|EPOCH|shipped", value_parser = which)]
    pub rules: Which,
    /// The first and the last epoch, or one alone
    #[arg(long, value_name = "FIRST..LAST", value_parser = epochs)]
    pub epochs: (EpochNumber, EpochNumber),
    #[command(flatten)]
    pub files: FilesArg,
    /// Decimals of the token, so that amounts read as people write them [default: base units]
    #[arg(long, value_name = "DECIMALS", default_value_t = 0)]
    pub decimals: u8,
    /// Most people to list, the most affected first
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    pub limit: usize,
    /// A table of everybody who earned something on either side
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Put the rules and this report beside the published epochs, as announced/HASH, where the web app finds them
    #[arg(long)]
    pub publish: bool,
}

fn epochs(text: &str) -> Result<(EpochNumber, EpochNumber), String> {
    let wrong = || {
        "epochs are named like 1..12, the first and the last, or by one number from 1 on".to_owned()
    };
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let number = |text: &str| text.trim().parse::<EpochNumber>().map_err(|_| wrong());
    let (first, last) = (number(first)?, number(last)?);
    if EpochNumber::FIRST <= first && first <= last {
        Ok((first, last))
    } else {
        Err(wrong())
    }
}

/// # Errors
/// Files that are missing, damaged or no rules; rules that can not be run.
pub async fn run(ctx: &Context, args: &Args) -> Result<Backtested, CliError> {
    let published = Published::open(ctx, &args.files).await?;
    let rules = args.rules.load(Some(&published)).await?;
    let publication = if args.publish {
        Some(Publication::of(&rules, published.folder()?)?)
    } else {
        None
    };
    let (first, last) = args.epochs;
    let mut folders = Vec::new();
    let mut next = Some(first);
    while let Some(number) = next.filter(|number| *number <= last) {
        let wanted = Wanted::Files(&["inputs/", "outputs/"]);
        folders.push((number, published.epoch(number, wanted).await?));
        next = number.next();
    }
    let scratch = scratch()?;
    let talk = ctx.talk.clone();
    // Minutes of computing: beside the runtime.
    let work = tokio::task::spawn_blocking(move || -> Result<BacktestReport, EpochError> {
        let mut backtest = Backtest::new(rules, scratch.path());
        for (number, folder) in folders {
            let steps = |side| Steps::new(talk.as_ref(), format!("epoch {number}, {side}"));
            backtest.epoch(&folder, &steps("its own rules"), &steps("proposed rules"))?;
        }
        backtest.finish()
    });
    let report = match work.await {
        Ok(report) => report?,
        // Only a panic in the computation ends up here; it is not ours to hide.
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    };
    if let Some(path) = &args.csv {
        csv::write(path, &report.owners, args.decimals)?;
    }
    let mut told = Backtested::new(
        &report,
        &Told {
            rules: args.rules.words(),
            decimals: args.decimals,
            limit: args.limit,
            csv: args.csv.clone(),
        },
    );
    if let Some(publication) = publication {
        told.published = Some(publication.write(&told)?);
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_are_a_run_or_one_and_never_backwards() {
        let of = |first, last| Ok((EpochNumber::new(first), EpochNumber::new(last)));
        assert_eq!(epochs("1..12"), of(1, 12));
        assert_eq!(epochs("3"), of(3, 3));
        for wrong in ["0..3", "4..3", "a", "1..", "..2", "1...3", ""] {
            assert!(epochs(wrong).is_err(), "{wrong}");
        }
    }
}
