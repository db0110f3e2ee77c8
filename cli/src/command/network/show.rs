//! `cairn network show`.

use cairn_client::Reading;
use cairn_interface::registry::{DeviceTreeView, NetworkView, tree_address};

use crate::address::{Address, Hash};
use crate::amount::grouped;
use crate::args::NetworkArg;
use crate::chain;
use crate::command::device::class_name;
use crate::context::Context;
use crate::error::CliError;
use crate::moment::utc_from;
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;
use crate::shown::shown;

/// Show a network: roles, devices, trees
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn network show --network NET")]
pub struct Args {
    #[command(flatten)]
    pub network: NetworkArg,
}

shown! {
    /// A network as it stands.
    NetworkShown(network: &NetworkView, trees: Vec<TreeShown>, now: i64) {
        network: Address = network.address.into(),
        id: u64 = network.id,
        authority: Address = network.authority.into(),
        pending_authority: Option<Address> = network.pending_authority().map(Address),
        guardian: Address = network.guardian.into(),
        /// closed, endorsed or open.
        registration: &'static str = network.registration().name(),
        /// Unix seconds.
        created_at: i64 = network.created_at,
        /// Banned ones included.
        devices: u64 = network.devices,
        banned: u64 = network.banned,
        /// Classes that have devices.
        classes: Vec<ClassCount> = (0..)
            .zip(network.devices_by_class)
            .filter(|(_, devices)| *devices > 0)
            .map(|(class, devices)| ClassCount::new(class, devices))
            .collect(),
        /// Ever added.
        issuers: u32 = network.issuers,
        trees: Vec<TreeShown> = trees,
        /// The cluster's clock, unix seconds.
        now: i64 = now,
    }
}

shown! {
    /// Devices of one class.
    ClassCount(class: u8, devices: u64) {
        class: u8 = class,
        name: &'static str = class_name(class),
        devices: u64 = devices,
    }
}

shown! {
    /// One device tree.
    TreeShown(tree: &DeviceTreeView) {
        index: u16 = tree.index,
        address: Address = tree.address.into(),
        /// growing, importing or ready.
        state: &'static str = tree.state().name(),
        devices: u32 = tree.next_index,
        imported: u32 = tree.imported,
        capacity: u32 = 1_u32.checked_shl(tree.depth.into()).unwrap_or(u32::MAX),
        depth: u8 = tree.depth,
        canopy_depth: u8 = tree.canopy_depth,
        /// Changes so far.
        sequence: u64 = tree.sequence,
        root: Hash = tree.root.into(),
        /// SHA-256 of the file that was imported; null when none was.
        devices_hash: Option<Hash> =
            (tree.devices_hash != [0; 32]).then_some(Hash(tree.devices_hash)),
    }
}

/// # Errors
/// No network at that address; an unreachable node.
pub async fn run(ctx: &Context, args: &Args) -> Result<NetworkShown, CliError> {
    let network = chain::network(ctx, &args.network.network).await?;
    let mut reading = Reading::new();
    let (again, clock) = (reading.state(network.address), reading.clock());
    let addresses = (0..network.trees).map(|index| tree_address(&network.address, index).0);
    let trees = reading.all(addresses, DeviceTreeView::decode);
    let read = chain::answer(ctx, reading).await?;
    let network: NetworkView = read.need(&again)?;
    let trees: Vec<_> = read.all(&trees).collect::<Result<_, _>>()?;
    let trees = trees.iter().flatten().map(TreeShown::new).collect();
    let now = read.need(&clock)?.unix_timestamp;
    Ok(NetworkShown::new(&network, trees, now))
}

impl Verdict for NetworkShown {}

impl Show for NetworkShown {
    fn show(&self, page: &mut Page) {
        page.title(&format!("Network {}", self.network));
        page.fact("authority", self.authority.to_string());
        if let Some(pending) = &self.pending_authority {
            page.fact("offered to", format!("{pending} (must accept)"));
        }
        page.fact("guardian", self.guardian.to_string());
        page.fact("registration", self.registration);
        page.fact("created", utc_from(self.created_at, self.now));
        page.fact("issuers", grouped(self.issuers.into()));
        page.fact(
            "devices",
            format!(
                "{} ({} banned)",
                grouped(self.devices),
                grouped(self.banned)
            ),
        );
        for class in &self.classes {
            page.fact(&format!("  {}", class.name), grouped(class.devices));
        }
        if self.trees.is_empty() {
            page.gap();
            page.line("No trees yet: `cairn device tree create` makes room for devices.");
            return;
        }
        page.title("Trees");
        let columns = [
            Column::Number("tree"),
            Column::Text("address"),
            Column::Text("state"),
            Column::Number("devices"),
            Column::Number("of"),
            Column::Number("changes"),
            Column::Text("root"),
        ];
        page.table(
            &columns,
            self.trees.iter().map(|tree| {
                vec![
                    tree.index.to_string(),
                    tree.address.to_string(),
                    tree.state.to_owned(),
                    grouped(tree.devices.into()),
                    grouped(tree.capacity.into()),
                    grouped(tree.sequence),
                    tree.root.to_string(),
                ]
            }),
        );
    }
}
