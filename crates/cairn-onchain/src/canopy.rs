//! The top of a tree as an account stores it: filled in parts, compared with the root once, fixed from then on.

use anchor_lang::{
    accounts::{Slab, SlabSchema},
    prelude::*,
};
use bytemuck::{Pod, Zeroable};
pub use cairn_merkle::MAX_CANOPY_DEPTH;
use cairn_merkle::{MerkleError, Node, canopy_len, fold_canopy};

use crate::{Refusal, Rule};

/// A run of the tree's nodes at the canopy's level, left to right.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct PutCanopyArgs {
    /// Nodes stored so far, or 0 to start over.
    pub offset: u8,
    /// Whole nodes of 40 bytes: hash, then sum as u64.
    pub nodes: Vec<u8>,
}

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

/// Stores the nodes of `part` behind the first `part.offset` ones (0 starts over). The part that completes the canopy
/// must lead to the root: claims are compared with the canopy and never see the root.
///
/// # Errors
/// One rule per fault, in this order: [`Rule::CanopyComplete`], `CanopyOffset`, `CanopyBytes`, `CanopyTooLong`,
/// `CanopySumMismatch`, `CanopyHashMismatch`.
pub fn put<E, H>(
    account: &mut Slab<H, Node>,
    canopy: Canopy,
    part: &PutCanopyArgs,
) -> Result<Progress>
where
    E: Refusal,
    H: Pod + Zeroable + SlabSchema,
{
    require!(
        !is_complete(account, canopy.depth),
        E::of(Rule::CanopyComplete)
    );
    let offset = usize::from(part.offset);
    require!(
        offset == 0 || offset == account.len(),
        E::of(Rule::CanopyOffset)
    );
    let nodes = Node::slice_from_bytes(&part.nodes).ok_or(E::of(Rule::CanopyBytes))?;
    require!(!nodes.is_empty(), E::of(Rule::CanopyBytes));
    let needed = canopy_len(canopy.depth).map_err(E::of)?;
    let stored = offset.checked_add(nodes.len());
    require!(
        stored.is_some_and(|count| count <= needed),
        E::of(Rule::CanopyTooLong)
    );
    account.truncate(offset);
    for node in nodes {
        account.try_push(*node)?;
    }
    if is_complete(account, canopy.depth) {
        require_root::<E>(account.as_slice(), &canopy.root)?;
    }
    Ok(Progress {
        stored: u32::try_from(account.len()).map_err(|_| E::of(Rule::Overflow))?,
        needed: u32::try_from(needed).map_err(|_| E::of(Rule::Overflow))?,
    })
}

fn require_root<E: Refusal>(nodes: &[Node], root: &Node) -> Result<()> {
    let folded = fold_canopy(nodes).map_err(|error| {
        E::of(match error {
            MerkleError::SumOverflow => Rule::CanopySumMismatch,
            other => other.into(),
        })
    })?;
    require!(folded.sum() == root.sum(), E::of(Rule::CanopySumMismatch));
    require!(folded.hash == root.hash, E::of(Rule::CanopyHashMismatch));
    Ok(())
}
