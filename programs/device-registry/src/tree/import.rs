use anchor_lang::prelude::*;

use crate::{
    RegistryError,
    constants::{CLASSES, TREE_IMPORTING, TREE_READY},
    event::TreeImported,
    merkle::Sha256Nodes,
    state::{DeviceTreeAccount, Network},
};

#[derive(Clone, Debug, PartialEq, IdlType, SchemaRead, SchemaWrite)]
pub struct ImportTreeArgs {
    /// The prepared tree's root.
    pub root: [u8; 32],
    /// SHA-256 of the published file that lists the devices.
    pub devices_hash: [u8; 32],
    /// Devices in it: leaves 0 to count − 1.
    pub device_count: u32,
    /// The same by class; index 0 stays 0.
    pub devices_by_class: [u32; CLASSES],
    /// How many of them are banned.
    pub banned: u32,
    /// The tree's complete subtrees, one for each set bit of `device_count`, lowest first. They carry what a rightmost
    /// leaf and its proof would, in fewer nodes, and prove that nothing stands to the right of the last device.
    pub peaks: Vec<[u8; 32]>,
}

#[event_cpi]
#[derive(Accounts)]
pub struct ImportTree {
    /// The network whose devices these are.
    #[account(mut)]
    pub network: Account<Network>,
    /// The network's authority: imported devices stand under its name, for they did not sign.
    #[account(address = network.authority @ RegistryError::NotAuthority)]
    pub authority: Signer,
    /// The tree that takes them; it never held a device.
    #[account(
        mut,
        constraint = tree.network == *network.address() @ RegistryError::WrongNetwork,
    )]
    pub tree: DeviceTreeAccount,
}

impl ImportTree {
    fn validate(&self, args: &ImportTreeArgs) -> core::result::Result<(), RegistryError> {
        if self.tree.state != TREE_IMPORTING {
            self.tree.require_ready()?;
        }
        let sum = args
            .devices_by_class
            .iter()
            .try_fold(0_u32, |sum, count| sum.checked_add(*count));
        let [none, ..] = args.devices_by_class;
        if sum != Some(args.device_count) || none != 0 || args.banned > args.device_count {
            return Err(RegistryError::ImportCount);
        }
        Ok(())
    }
}

/// # Errors
/// [`RegistryError::NotAuthority`], [`RegistryError::WrongNetwork`], [`RegistryError::TreeNotReady`] while it grows,
/// [`RegistryError::TreeNotEmpty`], [`RegistryError::ImportCount`], [`RegistryError::ImportPeaks`],
/// [`RegistryError::ImportRoot`], [`RegistryError::CanopyRoot`].
pub fn handler(ctx: &mut Context<ImportTree>, args: ImportTreeArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let tree = &mut ctx.accounts.tree;
    let mut head = tree.head();
    head.import::<Sha256Nodes>(
        tree.as_mut_slice(),
        &args.root,
        args.device_count,
        &args.peaks,
    )
    .map_err(RegistryError::from)?;
    tree.set_head(&head);
    tree.devices_hash = args.devices_hash;
    tree.imported = args.device_count;
    tree.state = TREE_READY;
    tree.invariant()?;
    let network = &mut ctx.accounts.network;
    for (class, count) in (0..).zip(args.devices_by_class) {
        network.count(class, u64::from(count))?;
    }
    network.banned = network
        .banned
        .checked_add(u64::from(args.banned))
        .ok_or(RegistryError::SequenceOverflow)?;
    network.invariant()?;
    emit_cpi!(TreeImported {
        network: *ctx.accounts.network.address(),
        tree: *ctx.accounts.tree.address(),
        root: args.root,
        devices: args.device_count,
        devices_hash: args.devices_hash,
    });
    Ok(())
}
