//! `cairn wifi offer`.

use std::path::PathBuf;

use cairn_spelling::text::base58;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer as _;

use super::speaker::Speakers;
use super::statement::{Access, Point, Statement, WifiFile};
use crate::args::{FilesArg, NetworkArg, address};
use crate::chain;
use crate::command::device::register::cell;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::{Seconds, utc};
use crate::page::{Page, Show};
use crate::printer::Verdict;

/// Sign what people see of an access point: its name, how they get in, its terms
///
/// -k is the owner of the device. For an access point that users found and that stands in no registry it is an operator whom the rules
/// name: --cell says where, and nothing says who found it or when. A place that only one person has visited tells where that person
/// was, so publish what several have confirmed.
///
/// Nothing is sent: the statement is put into a file that stands beside the published epochs as wifi.json, where the web app finds it.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn wifi offer --device DEVICE --ssid \"Corner Cafe\" --access portal --terms \"Free for an hour\" -k owner.json --network NET \\
      --files DIR --list DIR/epochs/wifi.json
  cairn wifi offer --cell 892a100d2c3ffff --ssid Library --access open -k operator.json --network NET --files DIR --list wifi.json")]
pub struct Args {
    /// The device's key
    #[arg(long, value_name = "ADDRESS", value_parser = address, required_unless_present = "cell", conflicts_with = "cell")]
    pub device: Option<Pubkey>,
    /// Where an access point stands that is nobody's device: an H3 cell of resolution 9 in hex
    #[arg(long, value_name = "H3", value_parser = cell)]
    pub cell: Option<u64>,
    /// The network's name as people see it, 1 to 32 bytes
    #[arg(long, value_name = "NAME")]
    pub ssid: String,
    /// How people get in
    #[arg(long, value_enum)]
    pub access: Access,
    /// What they should know: price, hours, who may use it; at most 280 letters
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub terms: String,
    /// How long this holds
    #[arg(long, value_name = "SPAN", default_value = "90d")]
    pub valid: Seconds,
    /// File that it is put into
    #[arg(long, value_name = "FILE")]
    pub list: PathBuf,
    #[command(flatten)]
    pub network: NetworkArg,
    #[command(flatten)]
    pub files: FilesArg,
}

/// A statement that was signed.
#[derive(Clone, Debug, Serialize)]
pub struct Offered {
    /// What was signed.
    pub message: String,
    #[serde(flatten)]
    pub statement: Statement,
    /// Statements that the file holds now.
    pub points: usize,
    pub list: PathBuf,
}

/// # Errors
/// -k is no key, or one whose word does not count; a name or terms that can not be shown; a file that can not be written.
pub async fn run(ctx: &Context, args: &Args) -> Result<Offered, CliError> {
    let key = ctx.purse.wallet()?.key()?;
    let by = key.pubkey();
    let point = match (&args.device, args.cell) {
        (Some(device), _) => Point::Device(device.to_bytes()),
        (None, cell) => Point::Cell(format!("{:x}", cell.unwrap_or_default())),
    };
    let speakers = Speakers::read(ctx, &args.files).await?;
    speakers.hear(&point, &by.to_bytes())?;
    let network = args.network.network;
    let mut file = WifiFile::read(&args.list, &network)?;
    let signed = chain::now(ctx).await?;
    let mut statement = Statement {
        point,
        ssid: args.ssid.clone(),
        access: args.access,
        terms: args.terms.clone(),
        signed,
        until: i64::try_from(args.valid.0).map_or(i64::MAX, |valid| signed.saturating_add(valid)),
        by: by.to_bytes(),
        signature: String::new(),
    };
    statement
        .check()
        .map_err(|wrong| CliError::argument(wrong, "see `cairn wifi offer --help`"))?;
    let message = statement.message(&network.to_bytes());
    statement.signature = hex::encode(key.sign_message(message.as_bytes()));
    file.put(statement.clone());
    file.write(&args.list)?;
    Ok(Offered {
        message,
        statement,
        points: file.points.len(),
        list: args.list.clone(),
    })
}

impl Verdict for Offered {}

impl Show for Offered {
    fn show(&self, page: &mut Page) {
        page.title("The access point can be shown");
        for line in self.message.lines().skip(1) {
            let (name, value) = line.split_once(' ').unwrap_or((line, ""));
            match name {
                "signed" => page.fact("signed", utc(self.statement.signed)),
                "until" => page.fact("until", utc(self.statement.until)),
                name => page.fact(name, value),
            }
        }
        page.fact("by", base58(&self.statement.by));
        page.fact(
            "list",
            format!("{} ({} in all)", self.list.display(), self.points),
        );
    }
}
