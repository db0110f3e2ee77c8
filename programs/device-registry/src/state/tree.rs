use anchor_lang::{accounts::Slab, prelude::*};

use crate::{
    RegistryError,
    constants::{GROWTH, TREE_GROWING, TREE_IMPORTING, TREE_READY},
    merkle::{Layout, Node, NodeHash, Sha256Nodes, TreeHead},
};

/// The head of a concurrent Merkle tree of device leaves: up to 2^24 devices for the rent of one account.
///
/// Behind it, as the `Slab`'s items, stand the tree's words: see [`Layout`].
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct DeviceTree {
    /// The network whose devices these are.
    pub network: Address,
    /// The tree's root over all leaves.
    pub root: [u8; 32],
    /// SHA-256 of the published file of imported devices; zeros when nothing was imported. Imported devices did not
    /// sign: whoever doubts one finds it in this file, under the authority's name.
    pub devices_hash: [u8; 32],
    /// Changes since the tree became ready: a proof names the sequence it was made at.
    pub sequence: u64,
    /// Unix seconds.
    pub created_at: i64,
    /// Devices in the tree, and the index of the next.
    pub next_index: u32,
    /// Devices that came by import: leaves below this index.
    pub imported: u32,
    /// Number of this tree in its network.
    pub index: u16,
    /// Levels below the root.
    pub depth: u8,
    /// Levels at the top whose nodes the account stores, so that proofs need not.
    pub canopy_depth: u8,
    /// `TREE_*`.
    pub state: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Layout version.
    pub version: u8,
    /// Zero; fills the word.
    pub padding: u8,
    /// Zeros; room for later.
    pub reserved: [u64; 8],
}

const _: () = assert!(size_of::<DeviceTree>() == 192);

/// A tree's account: head, count of words, words.
pub type DeviceTreeAccount = Slab<DeviceTree, Node>;

impl DeviceTree {
    /// Bytes of the account of a tree once it has grown.
    ///
    /// # Errors
    /// [`RegistryError::TreeDepth`], [`RegistryError::CanopyDepth`] for shapes that do not exist.
    pub fn space(depth: u8, canopy_depth: u8) -> core::result::Result<usize, RegistryError> {
        let words = Layout::new(depth, canopy_depth)?.words();
        let words = u32::try_from(words).map_err(|_| RegistryError::TreeLayout)?;
        DeviceTreeAccount::try_space_for(words).map_err(|_| RegistryError::TreeLayout)
    }

    /// Bytes to allocate now: one instruction lengthens an account by 10,240 bytes at most.
    ///
    /// # Errors
    /// As [`Self::space`].
    pub fn next_space(&self, current: usize) -> core::result::Result<usize, RegistryError> {
        let target = Self::space(self.depth, self.canopy_depth)?;
        Ok(current.saturating_add(GROWTH).min(target))
    }

    /// How many instructions a tree of this shape needs until it is ready: one `create_tree`, the rest `grow_tree`.
    ///
    /// # Errors
    /// As [`Self::space`].
    pub fn growth_steps(depth: u8, canopy_depth: u8) -> core::result::Result<usize, RegistryError> {
        Ok(Self::space(depth, canopy_depth)?.div_ceil(GROWTH))
    }

    /// The part of the head that tree operations read and change.
    #[must_use]
    pub const fn head(&self) -> TreeHead {
        TreeHead {
            root: self.root,
            sequence: self.sequence,
            next_index: self.next_index,
            depth: self.depth,
            canopy_depth: self.canopy_depth,
        }
    }

    /// Takes over what a tree operation changed.
    pub const fn set_head(&mut self, head: &TreeHead) {
        self.root = head.root;
        self.sequence = head.sequence;
        self.next_index = head.next_index;
    }

    /// Makes a fully grown, zeroed tree ready for its first device.
    pub fn open(&mut self) {
        self.root = Sha256Nodes::empty(self.depth);
        self.state = TREE_READY;
    }

    /// # Errors
    /// [`RegistryError::TreeNotReady`] unless the tree takes devices.
    pub fn require_ready(&self) -> core::result::Result<(), RegistryError> {
        if self.state == TREE_READY {
            Ok(())
        } else {
            Err(RegistryError::TreeNotReady)
        }
    }

    /// What holds after every instruction.
    ///
    /// # Errors
    /// The first truth that does not hold.
    pub fn invariant(&self) -> core::result::Result<(), RegistryError> {
        let layout = Layout::new(self.depth, self.canopy_depth)?;
        // Indices never run past the positions, and imported devices never leave.
        if self.next_index > layout.capacity() || self.imported > self.next_index {
            return Err(RegistryError::TreeCountsDisagree);
        }
        // Before it is ready a tree holds nothing.
        let open = matches!(self.state, TREE_READY);
        let known = open || matches!(self.state, TREE_GROWING | TREE_IMPORTING);
        if !known || (!open && (self.next_index != 0 || self.sequence != 0)) {
            return Err(RegistryError::TreeNotReady);
        }
        Ok(())
    }
}

/// Lets the tail's new bytes count as words, and opens the tree once it has them all.
///
/// # Errors
/// [`RegistryError::TreeDepth`] and [`RegistryError::CanopyDepth`] for shapes that do not exist.
pub(crate) fn adopt_words(tree: &mut DeviceTreeAccount) -> Result<()> {
    while !tree.is_full() {
        tree.try_push([0; 32])?;
    }
    let words = Layout::new(tree.depth, tree.canopy_depth)
        .map_err(RegistryError::from)?
        .words();
    if tree.len() == words {
        tree.open();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use anchor_lang::bytemuck::Zeroable;

    use super::*;

    fn tree(state: u8) -> DeviceTree {
        let mut tree: DeviceTree = Zeroable::zeroed();
        (tree.depth, tree.canopy_depth, tree.state) = (3, 1, state);
        tree
    }

    #[test]
    fn an_account_grows_step_by_step_to_its_size() {
        // The discriminator, the head, the number of words, then 3 of the frontier, 64 changes of 4, 2 of the canopy.
        let small = 8 + 192 + 4 + 32 * (3 + 64 * 4 + 2);
        assert_eq!(DeviceTree::space(3, 1), Ok(small));
        assert_eq!(DeviceTree::growth_steps(3, 1), Ok(1));
        let growing = tree(TREE_GROWING);
        assert_eq!(growing.next_space(0), Ok(small));
        assert_eq!(growing.next_space(small), Ok(small));
        let mut large = tree(TREE_GROWING);
        (large.depth, large.canopy_depth) = (20, 10);
        let space = 8 + 192 + 4 + 32 * (20 + 64 * 12 + 2_046);
        assert_eq!(DeviceTree::space(20, 10), Ok(space));
        assert_eq!(DeviceTree::growth_steps(20, 10), Ok(9));
        assert_eq!(large.next_space(0), Ok(GROWTH));
        assert_eq!(large.next_space(GROWTH), Ok(2 * GROWTH));
        assert_eq!(large.next_space(8 * GROWTH), Ok(space));
    }

    #[test]
    fn a_shape_that_does_not_exist_has_no_size() {
        for (depth, canopy_depth, refusal) in [
            (2, 1, RegistryError::TreeDepth),
            (25, 1, RegistryError::TreeDepth),
            (3, 3, RegistryError::CanopyDepth),
            (24, 12, RegistryError::CanopyDepth),
        ] {
            let mut tree = tree(TREE_GROWING);
            (tree.depth, tree.canopy_depth) = (depth, canopy_depth);
            let sizes = [
                DeviceTree::space(depth, canopy_depth),
                DeviceTree::growth_steps(depth, canopy_depth),
                tree.next_space(0),
            ];
            for size in sizes {
                assert_eq!(size, Err(refusal));
            }
            assert_eq!(tree.invariant(), Err(refusal));
        }
    }

    #[test]
    fn what_an_operation_changed_is_taken_over_and_the_shape_stays() {
        let mut tree = tree(TREE_READY);
        (tree.root, tree.sequence, tree.next_index) = ([1; 32], 2, 3);
        let head = tree.head();
        let read = (head.root, head.sequence, head.next_index);
        assert_eq!(read, ([1; 32], 2, 3));
        assert_eq!((head.depth, head.canopy_depth), (3, 1));
        let changed = TreeHead {
            root: [4; 32],
            sequence: 5,
            next_index: 6,
            depth: 9,
            canopy_depth: 8,
        };
        tree.set_head(&changed);
        let expected = TreeHead {
            depth: 3,
            canopy_depth: 1,
            ..changed
        };
        assert_eq!(tree.head(), expected);
    }

    #[test]
    fn an_open_tree_is_ready_and_empty() {
        let not_ready = Err(RegistryError::TreeNotReady);
        for state in [0, TREE_GROWING, TREE_IMPORTING] {
            assert_eq!(tree(state).require_ready(), not_ready);
        }
        let mut opened = tree(TREE_GROWING);
        opened.open();
        assert_eq!(opened.require_ready(), Ok(()));
        assert_eq!(opened.root, Sha256Nodes::empty(3));
        assert_eq!(opened.invariant(), Ok(()));
    }

    #[test]
    fn a_tree_holds_what_it_has_room_for_and_only_when_it_is_ready() {
        let counts = Err(RegistryError::TreeCountsDisagree);
        let not_ready = Err(RegistryError::TreeNotReady);
        for (state, next_index, imported, sequence, verdict) in [
            (TREE_READY, 0, 0, 0, Ok(())),
            (TREE_READY, 8, 8, 9, Ok(())),
            (TREE_READY, 5, 2, 9, Ok(())),
            (TREE_READY, 9, 0, 0, counts),
            (TREE_READY, 2, 3, 0, counts),
            (TREE_GROWING, 0, 0, 0, Ok(())),
            (TREE_IMPORTING, 0, 0, 0, Ok(())),
            (TREE_GROWING, 1, 0, 0, not_ready),
            (TREE_IMPORTING, 0, 0, 1, not_ready),
            (TREE_IMPORTING, 1, 1, 1, not_ready),
            (0, 0, 0, 0, not_ready),
            (4, 0, 0, 0, not_ready),
        ] {
            let mut tree = tree(state);
            (tree.next_index, tree.imported) = (next_index, imported);
            tree.sequence = sequence;
            let told = format!("{state}: {next_index}, {imported}, {sequence}");
            assert_eq!(tree.invariant(), verdict, "{told}");
        }
    }
}
