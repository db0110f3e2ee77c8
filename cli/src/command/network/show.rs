//! `cairn network show`.

use cairn_client::ClientError;
use cairn_interface::registry::{DeviceTreeView, TreeState, tree_address};
use serde::Serialize;

use super::Policy;
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

/// Show a network: roles, devices, trees
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn network show --network NET")]
pub struct Args {
    #[command(flatten)]
    pub network: NetworkArg,
}

/// A network as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct NetworkShown {
    pub network: Address,
    pub id: u64,
    pub authority: Address,
    pub pending_authority: Option<Address>,
    pub guardian: Address,
    /// closed, endorsed or open.
    pub registration: &'static str,
    /// Unix seconds.
    pub created_at: i64,
    /// Banned ones included.
    pub devices: u64,
    pub banned: u64,
    /// Classes that have devices.
    pub classes: Vec<ClassCount>,
    /// Ever added.
    pub issuers: u32,
    pub trees: Vec<TreeShown>,
    /// The cluster's clock, unix seconds.
    pub now: i64,
}

/// Devices of one class.
#[derive(Clone, Debug, Serialize)]
pub struct ClassCount {
    pub class: u8,
    pub name: &'static str,
    pub devices: u64,
}

/// One device tree.
#[derive(Clone, Debug, Serialize)]
pub struct TreeShown {
    pub index: u16,
    pub address: Address,
    /// growing, importing or ready.
    pub state: &'static str,
    pub devices: u32,
    pub imported: u32,
    pub capacity: u32,
    pub depth: u8,
    pub canopy_depth: u8,
    /// Changes so far.
    pub sequence: u64,
    pub root: Hash,
    /// SHA-256 of the file that was imported; null when none was.
    pub devices_hash: Option<Hash>,
}

/// # Errors
/// No network at that address; an unreachable node.
pub async fn run(ctx: &Context, args: &Args) -> Result<NetworkShown, CliError> {
    let network = chain::network(ctx, &args.network.network).await?;
    let addresses: Vec<_> = (0..network.trees)
        .map(|index| tree_address(&network.address, index).0)
        .collect();
    let accounts = ctx.ledger.accounts(&addresses).await?;
    let mut trees = Vec::with_capacity(accounts.len());
    for (address, account) in addresses.into_iter().zip(accounts) {
        if let Some(account) = account {
            let tree = DeviceTreeView::decode(address, &account).map_err(ClientError::from)?;
            trees.push(shown(&tree));
        }
    }
    let classes = (0..).zip(network.devices_by_class);
    Ok(NetworkShown {
        network: network.address.into(),
        id: network.id,
        authority: network.authority.into(),
        pending_authority: network.pending_authority.map(Address),
        guardian: network.guardian.into(),
        registration: match network.registration.into() {
            Policy::Closed => "closed",
            Policy::Endorsed => "endorsed",
            Policy::Open => "open",
        },
        created_at: network.created_at,
        devices: network.devices,
        banned: network.banned,
        classes: classes
            .filter(|(_, devices)| *devices > 0)
            .map(|(class, devices)| ClassCount {
                class,
                name: class_name(class),
                devices,
            })
            .collect(),
        issuers: network.issuers,
        trees,
        now: chain::now(ctx).await?,
    })
}

fn shown(tree: &DeviceTreeView) -> TreeShown {
    TreeShown {
        index: tree.index,
        address: tree.address.into(),
        state: match tree.state {
            TreeState::Growing => "growing",
            TreeState::Importing => "importing",
            TreeState::Ready => "ready",
        },
        devices: tree.next_index,
        imported: tree.imported,
        capacity: 1_u32.checked_shl(tree.depth.into()).unwrap_or(u32::MAX),
        depth: tree.depth,
        canopy_depth: tree.canopy_depth,
        sequence: tree.sequence,
        root: tree.root.into(),
        devices_hash: (tree.devices_hash != [0; 32]).then_some(Hash(tree.devices_hash)),
    }
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
