//! `cairn device tree import`.

use std::path::{Path, PathBuf};

use cairn_epoch::{read_devices, write_devices};
use cairn_interface::registry::{self, DeviceTreeView, TreeState, WholeTree};
use serde::Serialize;

use crate::address::{Address, Hash};
use crate::amount::grouped;
use crate::args::NetworkArg;
use crate::chain;
use crate::command::device::csv_file::{self, Expected};
use crate::command::device::place::{Place, doubts};
use crate::context::Context;
use crate::conversation::Effect;
use crate::devices::{DevicesFile, is_published};
use crate::error::CliError;
use crate::page::{Page, Show};
use crate::printer::Verdict;
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
hardware (SHA-256 in hex), registered_at (2013-01-01T00:00:00Z). What is not known stays empty. Every faulty row is named;
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
    /// Where to write the devices file that is to be published; needed for a table. Devices of other trees that it
    /// lists already are kept
    #[arg(long, value_name = "FILE")]
    pub publish: Option<PathBuf>,
    /// Take places that look wrong: 0, 0, or far from the device's country
    #[arg(long)]
    pub odd_places: bool,
}

/// A tree that was filled.
#[derive(Clone, Debug, Serialize)]
pub struct TreeImported {
    pub network: Address,
    pub tree: Address,
    pub index: u16,
    pub devices: u32,
    pub root: Hash,
    /// The file to publish.
    pub devices_file: PathBuf,
    /// Its SHA-256, as the chain keeps it.
    pub devices_hash: Hash,
    pub transactions: Transactions,
}

/// # Errors
/// A file that can not be read, with the line; a tree that is not empty; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<TreeImported, CliError> {
    let network = chain::network(ctx, &args.network.network).await?;
    let tree = chain::tree(ctx, &network.address, args.tree).await?;
    empty(&tree)?;
    let authority = ctx.signer_as("network's authority", &network.authority)?;
    let now_ms = chain::now(ctx).await?.saturating_mul(1000);
    let devices = publish(args, now_ms)?;
    if args.publish.is_some() {
        ctx.talk.note(&format!(
            "Wrote {}: publish it as it is.",
            devices.path().display()
        ));
    }
    let leaves = devices.leaves(args.tree)?;
    let shape = (tree.depth, tree.canopy_depth);
    let (import, whole) = registry::ImportTree::prepare(
        authority,
        network.address,
        tree.address,
        shape,
        &leaves,
        devices.hash,
    )
    .map_err(|error| {
        CliError::refused(
            "devices-mismatch",
            format!(
                "{} devices do not fit tree {} of depth {}: {error}",
                grouped(leaves.len() as u64),
                args.tree,
                tree.depth
            ),
            "make a deeper tree with `cairn device tree create`",
        )
    })?;
    let effect = Effect::new(format!(
        "Import {} devices",
        grouped(import.device_count.into())
    ))
    .fact("network", network.address)
    .fact("tree", format!("{} at {}", args.tree, tree.address))
    .fact("root", Hash(import.root))
    .fact("from", devices.path().display())
    .fact("SHA-256", Hash(devices.hash))
    .warning(
        "They stand under your name without their own signatures, and this can not be undone.",
    );
    let places: Vec<Place> = devices.places(args.tree).collect();
    let effect = doubts(&places).into_iter().fold(effect, Effect::warning);
    let deed = canopy(&import, &whole)
        .into_iter()
        .fold(Deed::new(effect), |deed, put| {
            deed.step([put.instruction()])
        });
    let transactions = perform(ctx, deed.step([import.instruction()])).await?;
    Ok(TreeImported {
        network: network.address.into(),
        tree: tree.address.into(),
        index: args.tree,
        devices: import.device_count,
        root: import.root.into(),
        devices_file: devices.path().to_path_buf(),
        devices_hash: devices.hash.into(),
        transactions,
    })
}

fn canopy(import: &registry::ImportTree, whole: &WholeTree) -> Vec<registry::PutTreeCanopy> {
    registry::PutTreeCanopy::all(import.authority, import.network, import.tree, whole)
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
    if tree.state == TreeState::Growing {
        return Err(CliError::refused(
            "tree-not-ready",
            format!("tree {} has not got its full size yet", tree.index),
            "finish its creation first",
        ));
    }
    Ok(())
}

/// The devices file to publish, written from a CSV where one was given.
fn publish(args: &Args, now_ms: i64) -> Result<DevicesFile, CliError> {
    match (is_published(&args.file), &args.publish) {
        (true, None) => DevicesFile::read(&args.file),
        (true, Some(_)) => Err(CliError::argument(
            "--publish is for tables: a devices.parquet is published as it is",
            "leave --publish out",
        )),
        (false, None) => Err(CliError::argument(
            "--publish is missing: the chain keeps the hash of a devices.parquet made from the table",
            "say where to write it, e.g. --publish public/devices.parquet",
        )),
        (false, Some(target)) => {
            let others = others(target, args.tree)?;
            let expected = Expected {
                tree: args.tree,
                now_ms,
                oddities: args.odd_places.into(),
                registered: &others,
            };
            let mut rows = csv_file::read(&args.file, expected)?;
            rows.extend(others);
            write_devices(target, &rows)?;
            DevicesFile::read(target)
        }
    }
}

/// Devices of other trees that the published file lists already.
fn others(target: &Path, tree: u16) -> Result<Vec<cairn_epoch::Device>, CliError> {
    if !target.exists() {
        return Ok(Vec::new());
    }
    let rows = read_devices(target)?;
    Ok(rows.into_iter().filter(|row| row.tree != tree).collect())
}

impl Verdict for TreeImported {}

impl Show for TreeImported {
    fn show(&self, page: &mut Page) {
        self.transactions.title(page);
        page.fact("network", self.network.to_string());
        page.fact("tree", format!("{} at {}", self.index, self.tree));
        page.fact("root", self.root.to_string());
        page.fact("devices file", self.devices_file.display().to_string());
        page.fact("SHA-256", self.devices_hash.to_string());
        self.transactions.show(page);
    }
}
