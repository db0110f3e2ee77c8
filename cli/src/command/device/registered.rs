//! Whether a device is registered already, as far as anybody can tell.

use cairn_epoch::Entry;
use cairn_interface::registry::{DeviceTreeView, RegisterDevice};
use cairn_registry::{DevicesFile, row_of};
use solana_sdk::pubkey::Pubkey;

use crate::amount::grouped;
use crate::context::Context;
use crate::error::CliError;

/// Refuses a device that is registered already: one key in two places, and nobody could tell who is paid for it. Whether the
/// file, if there is one, lists every device of the tree, so that another can be added to it.
///
/// The chain keeps no list of devices. What can be asked there are the tree's last changes: a script that runs again
/// sends the same registration.
///
/// # Errors
/// The device's position; what asking the chain runs into.
pub(super) fn refuse_twice(
    ctx: &Context,
    file: Option<&DevicesFile>,
    tree: &DeviceTreeView,
    register: &RegisterDevice,
) -> Result<bool, CliError> {
    let device = Pubkey::new_from_array(register.device);
    let registered = |index: u32, number: u16| {
        CliError::refused(
            "device-registered",
            format!("device {device} is registered already, at position {index} of tree {number}"),
            "there is nothing to do; `cairn device transfer` gives it another owner",
        )
    };
    let leaf = register.leaf();
    let entered = row_of(tree.index, register.index, Entry::Consented, &leaf);
    let listed = file.and_then(|file| file.snapshot().device(&register.device));
    if let Some(row) = listed {
        // Imported without the device's word, it is entered with it.
        if !row.yields_to(&entered) {
            return Err(registered(row.leaf_index, row.tree));
        }
        ctx.talk.note(&format!(
            "Device {device} was imported at position {} of tree {}: this registration, which the device signs, takes its place.",
            row.leaf_index, row.tree
        ));
    }
    let address = tree.address.to_bytes();
    let same = |(index, hash): &&(u32, [u8; 32])| leaf.hash(&address, *index) == *hash;
    if let Some((index, _)) = tree.facts.recent_leaves.iter().find(same) {
        return Err(registered(*index, tree.index));
    }
    let Some(file) = file else {
        if tree.next_index > 0 {
            ctx.talk.note(
                "Whether the device is registered already can only be seen in the published devices file: name it with --devices.",
            );
        }
        return Ok(false);
    };
    let listed = file.snapshot().of_tree(tree.index).len() as u64;
    let entered = u64::from(tree.next_index);
    if listed < entered {
        ctx.talk.note(&format!(
            "{} lists {} of the {} devices of tree {}: whether the device is among the others can not be seen, and it will not \
             be added to this file. A keeper publishes the newest.",
            file.path().display(),
            grouped(listed),
            grouped(entered),
            tree.index
        ));
    }
    Ok(listed == entered)
}
