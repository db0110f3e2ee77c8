use std::path::PathBuf;

use clap::Parser;

use crate::input::YearMonth;

/// One network's month, from signed proofs to paid claims and an audit, on an embedded local network.
///
/// Reads real data, turns it into signed proofs, plants cheats among them, runs the month as weekly epochs with three
/// keepers and a guardian, claims as several users, and audits every epoch from files and chain alone.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask demo", bin_name = "cargo xtask demo", version)]
pub struct Args {
    /// Folder with .csv files of hotspots, airports, flights and weather of any month, told by their first lines and not
    /// by their names [default: the repository's fixtures/data]
    #[arg(long, value_name = "DIR")]
    pub input: Option<PathBuf>,

    /// Month to play, like 2013-01 [default: the one that the flights are of]
    #[arg(long, value_name = "MONTH")]
    pub month: Option<YearMonth>,

    /// Print the summary as one JSON object on standard output, nothing else there
    #[arg(long)]
    pub json: bool,

    /// Leave the local network running at the end, until Ctrl-C, and say what to try
    #[arg(long)]
    pub keep: bool,

    /// Where keys, keepers' data and published files go; emptied first [default: .cairn/demo]
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,

    /// Every key derives from this number
    #[arg(long, default_value_t = 2013, value_name = "NUMBER")]
    pub seed: u64,

    /// Hours between two beats of a hotspot
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(i64).range(2..=24), value_name = "HOURS")]
    pub beat_hours: i64,

    /// How often each kind of cheat is tried every week
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=40), value_name = "COUNT")]
    pub cheats: u16,

    /// Built web app to serve with the month, as long as --keep keeps it [default with `cargo xtask demo --keep`: built first]
    #[arg(long, value_name = "DIR", requires = "keep")]
    pub app: Option<PathBuf>,

    /// RPC port of the local network [default: any free one; 8899 with --keep]
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
}
