pub mod register;
pub mod set_status;
pub mod transfer;

use crate::{
    DeviceLeaf, RegistryError,
    merkle::{Node, Sha256Nodes},
    state::DeviceTreeAccount,
};

/// Where a device stands and how to prove it: what every change of an existing leaf begins with.
pub(crate) struct Place<'a> {
    pub index: u32,
    /// The tree's sequence at which `proof` was made.
    pub proof_sequence: u64,
    /// Siblings below the canopy, lowest first.
    pub proof: &'a [Node],
}

/// Replaces `old` by `new` in the tree; the proof of `old` decides.
///
/// The fields that a change leaves alone are not looked at again: an import brings what it likes, and a leaf that could not
/// be changed could not be banned either.
///
/// # Errors
/// [`RegistryError::TreeNotReady`] and the tree's own.
pub(crate) fn replace_leaf(
    tree: &mut DeviceTreeAccount,
    place: &Place<'_>,
    old: &DeviceLeaf,
    new: &DeviceLeaf,
) -> core::result::Result<(), RegistryError> {
    tree.require_ready()?;
    let address = tree.address().to_bytes();
    let mut head = tree.head();
    head.replace::<Sha256Nodes>(
        tree.as_mut_slice(),
        place.index,
        &old.hash(&address, place.index),
        &new.hash(&address, place.index),
        place.proof,
        place.proof_sequence,
    )?;
    tree.set_head(&head);
    tree.invariant()
}
