use device_registry::{
    DeviceLeaf, accounts,
    constants::CLASSES,
    instruction,
    merkle::{Node, TreeError},
    state::DeviceTree,
};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{RegistryError, WholeTree, event_authority, tree_address};
use crate::{
    build::{self, instructions},
    ids::{DEVICE_REGISTRY, SYSTEM_PROGRAM},
};

instructions! { device_registry;
    /// Creates a device tree. `payer` and `authority` sign. This is the creation alone; see also
    /// [`CreateTree::instructions`].
    CreateTree as it {
        payer: Pubkey,
        authority: Pubkey,
        network: Pubkey,
        /// The network's next tree: `NetworkView::trees`.
        index: u16,
        /// 3 to 24: the tree holds 2^depth devices.
        depth: u8,
        /// At most [`MAX_CANOPY_DEPTH`](super::MAX_CANOPY_DEPTH) and below the depth: levels that proofs leave out.
        canopy_depth: u8,
    }
    by { payer, network, authority, tree: it.tree(), system_program: SYSTEM_PROGRAM }
    with CreateTreeArgs { depth, canopy_depth }

    /// Stores canopy nodes of a prepared tree before its import. `authority` signs.
    PutTreeCanopy as it {
        authority: Pubkey,
        network: Pubkey,
        tree: Pubkey,
        /// Position of the first node in the canopy's lowest level.
        offset: u16,
        nodes: Vec<Node>,
    }
    by { network, authority, tree }
    with PutTreeCanopyArgs { offset, nodes: it.nodes.clone() }

    /// Takes over a whole prepared tree. `authority` signs: imported devices stand under its name.
    ImportTree as it {
        authority: Pubkey,
        network: Pubkey,
        tree: Pubkey,
        root: Node,
        /// Complete subtrees, lowest first: [`WholeTree::peaks`].
        peaks: Vec<Node>,
        device_count: u32,
        devices_by_class: [u32; CLASSES],
        banned: u32,
        /// SHA-256 of the published file that lists the devices.
        devices_hash: [u8; 32],
    }
    by { network, authority, tree }
    with ImportTreeArgs {
        root, devices_hash, device_count, devices_by_class, banned, peaks: it.peaks.clone(),
    }
}

impl CreateTree {
    /// The address the tree will have.
    #[must_use]
    pub fn tree(&self) -> Pubkey {
        tree_address(&self.network, self.index).0
    }

    /// The creation and then the steps by which the account grows to its full size, in order; all fit one
    /// transaction.
    ///
    /// # Errors
    /// [`RegistryError::TreeDepth`], [`RegistryError::CanopyDepth`].
    pub fn instructions(&self) -> Result<Vec<Instruction>, RegistryError> {
        let steps = DeviceTree::growth_steps(self.depth, self.canopy_depth)?;
        let mut all = vec![self.instruction()];
        all.extend((1..steps).map(|_| self.grow()));
        Ok(all)
    }

    /// One step of growth.
    #[must_use]
    pub fn grow(&self) -> Instruction {
        build::instruction(
            DEVICE_REGISTRY,
            &accounts::GrowTree {
                payer: self.payer,
                tree: self.tree(),
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: DEVICE_REGISTRY,
            },
            &instruction::GrowTree {},
        )
    }
}

impl PutTreeCanopy {
    /// Nodes that fit one transaction with its budget instructions and two signers.
    pub const MAX_NODES: usize = 24;

    /// The instructions that store a prepared tree's canopy, in order.
    #[must_use]
    pub fn all(
        authority: Pubkey,
        network: Pubkey,
        tree: Pubkey,
        prepared: &WholeTree,
    ) -> Vec<Self> {
        prepared
            .canopy()
            .chunks(Self::MAX_NODES)
            .zip((0_u16..).step_by(Self::MAX_NODES))
            .map(|(nodes, offset)| Self {
                authority,
                network,
                tree,
                offset,
                nodes: nodes.to_vec(),
            })
            .collect()
    }
}

/// Hashes devices in index order into the tree at `tree`, of this depth and canopy depth.
///
/// # Errors
/// A shape that does not exist, or more leaves than it holds.
pub fn hash_tree(
    tree: &Pubkey,
    (depth, canopy_depth): (u8, u8),
    leaves: impl Iterator<Item = DeviceLeaf>,
) -> Result<WholeTree, TreeError> {
    let address = tree.to_bytes();
    let hashes = (0..)
        .zip(leaves)
        .map(|(index, leaf)| leaf.hash(&address, index));
    WholeTree::new(depth, canopy_depth, hashes.collect())
}

impl ImportTree {
    /// Hashes `leaves` into the tree at `tree` and describes their import. The prepared tree makes canopy and proofs.
    ///
    /// # Errors
    /// A shape that does not exist, or more leaves than it holds.
    pub fn prepare(
        authority: Pubkey,
        network: Pubkey,
        tree: Pubkey,
        (depth, canopy_depth): (u8, u8),
        leaves: &[DeviceLeaf],
        devices_hash: [u8; 32],
    ) -> Result<(Self, WholeTree), TreeError> {
        let prepared = hash_tree(&tree, (depth, canopy_depth), leaves.iter().copied())?;
        let mut devices_by_class = [0_u32; CLASSES];
        let mut banned = 0_u32;
        for leaf in leaves {
            // A class that does not exist is left uncounted, which the program refuses.
            if let Some(count) = devices_by_class.get_mut(usize::from(leaf.class)) {
                *count = count.saturating_add(1);
            }
            banned = banned.saturating_add(u32::from(leaf.is_banned()));
        }
        let import = Self {
            authority,
            network,
            tree,
            root: prepared.root(),
            peaks: prepared.peaks(),
            device_count: prepared.len(),
            devices_by_class,
            banned,
            devices_hash,
        };
        Ok((import, prepared))
    }
}
