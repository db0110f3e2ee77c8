//! Rows held against a tree's account. The root alone counts: the hash of an import's file is the authority's word, which
//! the program can not check, and a file of that hash may say anything.

use cairn_epoch::Device;
use cairn_interface::registry::{
    DeviceLeaf, DeviceTreeView, TreeError, TreeState, WholeTree, hash_tree,
};
use solana_sdk::pubkey::Pubkey;

use crate::leaf_of;

/// Rows with the tree that they make.
#[derive(Clone, Debug)]
pub struct Compared {
    pub whole: WholeTree,
    pub standing: Standing,
}

/// Which of a tree's states rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The one the tree is in.
    Current,
    /// One it was in, within the changes that its account remembers.
    Earlier,
    /// None that the account remembers; it may have been one before that.
    Forgotten,
    /// None it ever was in.
    Never,
}

/// Why rows make no tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeFault {
    /// A position before the last is missing.
    #[error("position {index} of tree {tree} is missing")]
    Gap { tree: u16, index: u32 },
    #[error("the rows do not fit tree {tree}: {source}")]
    Shape { tree: u16, source: TreeError },
}

/// Hashes one tree's rows and says which of the tree's states they are.
///
/// # Errors
/// [`TreeFault`].
pub fn compare(tree: &DeviceTreeView, rows: &[Device]) -> Result<Compared, TreeFault> {
    let whole = hashed(
        tree.address,
        tree.index,
        (tree.depth, tree.canopy_depth),
        rows,
    )?;
    Ok(Compared {
        standing: standing(tree, &whole),
        whole,
    })
}

fn standing(tree: &DeviceTreeView, whole: &WholeTree) -> Standing {
    let nothing_yet = tree.state() != TreeState::Ready && whole.is_empty();
    let root = whole.root();
    if nothing_yet || root == tree.root {
        return Standing::Current;
    }
    if tree.facts.recent_roots.contains(&root) {
        return Standing::Earlier;
    }
    // Every root the tree ever had is known while the account holds as many as there were changes, and one more of an
    // import, which trees of an earlier program do not.
    let changes = usize::try_from(tree.sequence).unwrap_or(usize::MAX);
    let states = changes.saturating_add(usize::from(tree.imported > 0));
    if states > tree.facts.recent_roots.len() {
        Standing::Forgotten
    } else {
        Standing::Never
    }
}

/// The leaves of one tree's rows, which ascend by leaf index.
///
/// # Errors
/// [`TreeFault::Gap`].
pub fn leaves(
    tree: u16,
    rows: &[Device],
) -> Result<impl ExactSizeIterator<Item = DeviceLeaf>, TreeFault> {
    let gap = (0_u32..)
        .zip(rows)
        .find(|(index, row)| row.leaf_index != *index);
    match gap {
        Some((index, _)) => Err(TreeFault::Gap { tree, index }),
        None => Ok(rows.iter().map(leaf_of)),
    }
}

/// The tree that rows make at an address.
pub(crate) fn hashed(
    address: Pubkey,
    tree: u16,
    shape: (u8, u8),
    rows: &[Device],
) -> Result<WholeTree, TreeFault> {
    hash_tree(&address, shape, leaves(tree, rows)?)
        .map_err(|source| TreeFault::Shape { tree, source })
}
