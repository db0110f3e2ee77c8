//! `cairn device tree import`.

use std::path::PathBuf;

use cairn_interface::registry::{DeviceTreeView, ImportTree, PutTreeCanopy, TreeState, WholeTree};
use cairn_registry::DevicesFile;
use solana_sdk::pubkey::Pubkey;

use super::staged::Staged;
use crate::address::Hash;
use crate::amount::grouped;
use crate::args::NetworkArg;
use crate::chain;
use crate::command::device::oddity::doubts;
use crate::command::device::place::places;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, Transactions, perform};

/// Enter a whole prepared tree of devices in a handful of transactions
///
/// Imported devices did not sign: they stand under the authority's name, and the chain keeps the hash of the file that
/// lists them. Publish that file: proofs of devices are made from it, and keepers and auditors read it.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn device tree import devices.csv --network NET --tree 0 --publish public/devices.parquet
  cairn device tree import public/devices.parquet --network NET --tree 0

The first line of a CSV file names its columns: device, owner and class (network, storage, compute, sensor, energy,
mobility, delivery, identity, or 1 to 15); and, where known, model, issuer, latitude, longitude (degrees), country (US),
hardware (SHA-256 in hex). What is not known stays empty. Every faulty row is named;
--output json lists them all.")]
pub struct Args {
    /// Devices: a table (CSV), or a devices.parquet that lists this tree
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub network: NetworkArg,
    /// Number of the tree in its network
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub tree: u16,
    /// Where to write the devices file that is to be published once its devices are entered; needed for a table. Devices of other trees that it
    /// lists already are kept
    #[arg(long, value_name = "FILE")]
    pub publish: Option<PathBuf>,
    /// Take places that look wrong: 0, 0, or far from the device's country
    #[arg(long)]
    pub odd_places: bool,
}

/// # Errors
/// A file that can not be read, with the line; a tree that is not empty; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let asked = chain::network_and_tree(ctx, &args.network.network, args.tree);
    let (network, tree) = asked.await?;
    empty(&tree)?;
    let authority = ctx.signer_as("network's authority", &network.authority)?;
    let oddities = args.odd_places.into();
    let staged = Staged::open(&args.file, args.publish.as_deref(), args.tree, oddities)?;
    let devices_hash = staged.devices.hash();
    let entered = enter(ctx, args, authority, &tree, &staged.devices).await;
    let devices_file = staged.settle(ctx, entered.as_ref().map(|(_, sent)| sent))?;
    let (import, transactions) = entered?;
    Ok(Facts::of(transactions)
        .fact("network", network.address)
        .data("tree", tree.address)
        .worded(
            "index",
            args.tree,
            "tree",
            format!("{} at {}", args.tree, tree.address),
        )
        .data("devices", import.device_count)
        .fact("root", import.root)
        .named("devices_file", "devices file", devices_file.as_path())
        .named("devices_hash", "SHA-256", devices_hash))
}

async fn enter(
    ctx: &Context,
    args: &Args,
    authority: Pubkey,
    tree: &DeviceTreeView,
    devices: &DevicesFile,
) -> Result<(ImportTree, Transactions), CliError> {
    let (import, whole) = prepare(authority, tree, devices)?;
    let effect = effect(args, &import, devices);
    let deed = canopy(&import, &whole)
        .into_iter()
        .fold(Deed::new(effect), |deed, put| {
            deed.step([put.instruction()])
        });
    let transactions = perform(ctx, deed.step([import.instruction()])).await?;
    Ok((import, transactions))
}

fn prepare(
    authority: Pubkey,
    tree: &DeviceTreeView,
    devices: &DevicesFile,
) -> Result<(ImportTree, WholeTree), CliError> {
    let leaves = devices.leaves(tree.index)?;
    let shape = (tree.depth, tree.canopy_depth);
    ImportTree::prepare(
        authority,
        tree.network,
        tree.address,
        shape,
        &leaves,
        devices.hash(),
    )
    .map_err(|error| {
        CliError::refused(
            "devices-mismatch",
            format!(
                "{} devices do not fit tree {} of depth {}: {error}",
                grouped(leaves.len() as u64),
                tree.index,
                tree.depth
            ),
            "make a deeper tree with `cairn device tree create`",
        )
    })
}

fn effect(args: &Args, import: &ImportTree, devices: &DevicesFile) -> Effect {
    let effect = Effect::new(format!(
        "Import {} devices",
        grouped(import.device_count.into())
    ))
    .fact("network", import.network)
    .fact("tree", format!("{} at {}", args.tree, import.tree))
    .fact("root", Hash(import.root))
    .fact("from", args.file.display())
    .fact("SHA-256", Hash(devices.hash()))
    .warning(
        "They stand under your name without their own signatures, and this can not be undone.",
    );
    doubts(&places(devices.snapshot().of_tree(args.tree)))
        .into_iter()
        .fold(effect, Effect::warning)
}

fn canopy(import: &ImportTree, whole: &WholeTree) -> Vec<PutTreeCanopy> {
    PutTreeCanopy::all(import.authority, import.network, import.tree, whole)
}

fn empty(tree: &DeviceTreeView) -> Result<(), CliError> {
    if tree.next_index > 0 {
        return Err(CliError::refused(
            "tree-not-empty",
            format!(
                "tree {} holds {} devices already",
                tree.index,
                grouped(tree.next_index.into())
            ),
            "import into a new tree: `cairn device tree create`",
        ));
    }
    if tree.state() == TreeState::Growing {
        return Err(CliError::refused(
            "tree-not-ready",
            format!("tree {} has not got its full size yet", tree.index),
            "finish its creation first",
        ));
    }
    Ok(())
}
