//! The registry snapshot of an epoch against the device trees on chain.

use cairn_interface::registry::{DeviceTreeView, NetworkView};

use super::check::Check;
use crate::address::Hash;
use crate::amount::grouped;
use crate::chain;
use crate::context::Context;
use crate::devices::DevicesFile;
use crate::error::CliError;

const NAME: &str = "device registry";

/// Compares every tree of the network with the snapshot. A tree changes after an epoch is frozen; the chain keeps its
/// roots of the last changes, and what is older can not be judged from its account.
pub(super) async fn check(
    ctx: &Context,
    network: &NetworkView,
    devices: &DevicesFile,
) -> Result<Check, CliError> {
    let beyond = devices.rows().iter().find(|row| row.tree >= network.trees);
    if let Some(row) = beyond {
        return Ok(Check::differs(
            NAME,
            format!(
                "the snapshot lists devices of tree {}, and the network has {} trees",
                row.tree, network.trees
            ),
        ));
    }
    let mut trees = Vec::with_capacity(network.trees.into());
    for index in 0..network.trees {
        trees.push(chain::tree(ctx, &network.address, index).await?);
    }
    let mut unknown = None;
    for tree in &trees {
        match one(tree, devices) {
            Verdict::Equal => {}
            Verdict::Unknown(why) => unknown = unknown.or(Some(why)),
            Verdict::Differs(why) => return Ok(Check::differs(NAME, why)),
        }
    }
    Ok(match unknown {
        Some(why) => Check::unknown(NAME, why),
        None => Check::equal(
            NAME,
            format!(
                "{} devices in {} trees lead to the roots on chain",
                grouped(devices.rows().len() as u64),
                trees.len()
            ),
        ),
    })
}

enum Verdict {
    Equal,
    Differs(String),
    Unknown(String),
}

fn one(tree: &DeviceTreeView, devices: &DevicesFile) -> Verdict {
    let whole = match devices.whole(tree) {
        Ok(whole) => whole,
        Err(error) => return Verdict::Differs(error.to_string()),
    };
    let root = whole.root();
    if root == tree.root || tree.recent_roots.contains(&root) {
        return Verdict::Equal;
    }
    let told = format!(
        "tree {}: the snapshot's {} devices lead to {}, the chain has {}",
        tree.index,
        grouped(whole.len().into()),
        Hash(root),
        Hash(tree.root)
    );
    // Every root the tree ever had is still known while it changed no more often than the chain remembers.
    if usize::try_from(tree.sequence).is_ok_and(|changes| changes < tree.recent_roots.len()) {
        Verdict::Differs(told)
    } else {
        Verdict::Unknown(format!(
            "{told} after {} changes, more than it remembers",
            grouped(tree.sequence)
        ))
    }
}
