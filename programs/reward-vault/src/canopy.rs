//! The top of a tree as an account stores it: filled in parts, compared with the root once, fixed from then on. Epochs
//! and campaigns share this one piece of code.

use anchor_lang::{
    accounts::{Slab, SlabSchema},
    prelude::*,
};
use bytemuck::{Pod, Zeroable};
use cairn_merkle::{MerkleError, Node, canopy_len, fold_canopy};

use crate::error::VaultError;

/// What a canopy is to become: 2^`depth` nodes that fold to `root`.
#[derive(Clone, Copy)]
pub struct Canopy {
    pub depth: u8,
    pub root: Node,
}

/// Nodes that are stored, and nodes that make the canopy complete.
#[derive(Clone, Copy)]
pub struct Progress {
    pub stored: u32,
    pub needed: u32,
}

/// Whether every node of the canopy is stored; the last part was compared with the root before it was.
#[must_use]
pub fn is_complete<H>(account: &Slab<H, Node>, depth: u8) -> bool
where
    H: Pod + Zeroable + SlabSchema,
{
    canopy_len(depth).is_ok_and(|nodes| account.len() == nodes)
}

/// Empties the canopy. One of a single node is the root itself and needs no part.
///
/// # Errors
/// The account is too small for one node.
pub fn start<H>(account: &mut Slab<H, Node>, canopy: Canopy) -> Result<()>
where
    H: Pod + Zeroable + SlabSchema,
{
    account.clear();
    if canopy.depth == 0 {
        account.try_push(canopy.root)?;
    }
    Ok(())
}

/// Stores the nodes in `bytes` behind the first `offset` ones (0 starts over). The part that completes the canopy must
/// lead to the root: claims are compared with the canopy and never see the root.
///
/// # Errors
/// One code per fault, in this order: [`VaultError::CanopyComplete`], `CanopyOffset`, `CanopyBytes`, `CanopyTooLong`,
/// `CanopySumMismatch`, `CanopyHashMismatch`.
pub fn put<H>(
    account: &mut Slab<H, Node>,
    canopy: Canopy,
    offset: u8,
    bytes: &[u8],
) -> Result<Progress>
where
    H: Pod + Zeroable + SlabSchema,
{
    require!(
        !is_complete(account, canopy.depth),
        VaultError::CanopyComplete
    );
    let offset = usize::from(offset);
    require!(
        offset == 0 || offset == account.len(),
        VaultError::CanopyOffset
    );
    let nodes = Node::slice_from_bytes(bytes).ok_or(VaultError::CanopyBytes)?;
    require!(!nodes.is_empty(), VaultError::CanopyBytes);
    let needed = canopy_len(canopy.depth).map_err(VaultError::from)?;
    let stored = offset.checked_add(nodes.len());
    require!(
        stored.is_some_and(|count| count <= needed),
        VaultError::CanopyTooLong
    );
    account.truncate(offset);
    for node in nodes {
        account.try_push(*node)?;
    }
    if is_complete(account, canopy.depth) {
        require_root(account.as_slice(), &canopy.root)?;
    }
    Ok(Progress {
        stored: u32::try_from(account.len()).map_err(|_| VaultError::Overflow)?,
        needed: u32::try_from(needed).map_err(|_| VaultError::Overflow)?,
    })
}

fn require_root(nodes: &[Node], root: &Node) -> Result<()> {
    let folded = fold_canopy(nodes).map_err(|error| match error {
        MerkleError::SumOverflow => VaultError::CanopySumMismatch,
        other => other.into(),
    })?;
    require!(folded.sum() == root.sum(), VaultError::CanopySumMismatch);
    require!(folded.hash == root.hash, VaultError::CanopyHashMismatch);
    Ok(())
}
