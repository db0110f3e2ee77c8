//! `cairn device show`.

use cairn_registry::DevicesFile;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::{DeviceShown, DevicesArg};
use crate::args::address;
use crate::context::Context;
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::Verdict;

/// Show a device from a published devices file
///
/// Reads the file alone; `cairn device prove` checks it against the chain.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn device show DEVICE --devices public/devices.parquet")]
pub struct Args {
    /// The device's key
    #[arg(value_name = "DEVICE", value_parser = address)]
    pub device: Pubkey,
    #[command(flatten)]
    pub devices: DevicesArg,
}

/// One device.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct OneDevice(pub DeviceShown);

/// # Errors
/// A file that can not be read; a device that is not in it.
pub async fn run(_ctx: &Context, args: &Args) -> Result<OneDevice, CliError> {
    let file = DevicesFile::read(&args.devices.devices)?;
    Ok(OneDevice(file.device(&args.device)?.into()))
}

impl Verdict for OneDevice {}

impl Show for OneDevice {
    fn show(&self, page: &mut Page) {
        page.title("Device");
        self.0.facts(page);
    }
}
