//! `cairn device prove`.

use cairn_registry::{DevicesFile, leaf_of};
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use super::{DeviceShown, DevicesArg};
use crate::address::{Address, Hash};
use crate::amount::grouped;
use crate::args::{NetworkArg, address};
use crate::chain;
use crate::context::Context;
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::Verdict;

/// Prove from a published file that a device stands in its network's tree on chain
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn device prove DEVICE --network NET --devices public/devices.parquet --output json")]
pub struct Args {
    /// The device's key
    #[arg(value_name = "DEVICE", value_parser = address)]
    pub device: Pubkey,
    #[command(flatten)]
    pub network: NetworkArg,
    #[command(flatten)]
    pub devices: DevicesArg,
}

/// A device with the proof that leads to the root on chain.
#[derive(Clone, Debug, Serialize)]
pub struct Proven {
    pub network: Address,
    pub tree_address: Address,
    pub device: DeviceShown,
    pub leaf: Hash,
    pub root: Hash,
    /// The tree's changes when the proof was made; it can be used for 64 more.
    pub sequence: u64,
    /// Siblings below the stored canopy, lowest first.
    pub proof: Vec<Hash>,
}

/// # Errors
/// The file is not the state on chain; a device that is not in it.
pub async fn run(ctx: &Context, args: &Args) -> Result<Proven, CliError> {
    let file = DevicesFile::read(&args.devices.devices)?;
    let row = file.device(&args.device)?;
    let tree = chain::tree(ctx, &args.network.network, row.tree).await?;
    let whole = file.current(&tree)?;
    Ok(Proven {
        network: tree.network.into(),
        tree_address: tree.address.into(),
        device: row.into(),
        leaf: leaf_of(row)
            .hash(&tree.address.to_bytes(), row.leaf_index)
            .into(),
        root: tree.root.into(),
        sequence: tree.sequence,
        proof: whole.proof(row.leaf_index).into_iter().map(Hash).collect(),
    })
}

impl Verdict for Proven {}

impl Show for Proven {
    fn show(&self, page: &mut Page) {
        page.title("The device stands in the tree on chain");
        self.device.facts(page);
        page.fact("network", self.network.to_string());
        page.fact("tree", self.tree_address.to_string());
        page.fact(
            "root",
            format!("{} after {} changes", self.root, grouped(self.sequence)),
        );
        page.fact("leaf", self.leaf.to_string());
        page.fact(
            "proof",
            self.proof
                .iter()
                .map(Hash::to_string)
                .collect::<Vec<_>>()
                .join("\n"),
        );
    }
}
