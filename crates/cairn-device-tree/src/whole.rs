use super::{EMPTY, Layout, Node, NodeHash, TreeError};

/// A device tree with every node, off chain: makes imports and proofs, follows the chain's changes.
///
/// Holds only the nodes above devices; everything to the right is an empty subtree.
#[derive(Clone, Debug)]
pub struct WholeTree<H> {
    layout: Layout,
    depth: u8,
    canopy_depth: u8,
    /// By level from the leaves; the last holds the root. No level holds a node above empty positions only, except
    /// the root's.
    levels: Vec<Vec<Node>>,
    hash: core::marker::PhantomData<H>,
}

impl<H: NodeHash> WholeTree<H> {
    /// Builds the tree of `leaves`, in index order.
    ///
    /// # Errors
    /// [`TreeError::Depth`], [`TreeError::CanopyDepth`]; [`TreeError::Full`] for more than 2^depth leaves;
    /// [`TreeError::EmptyLeaf`].
    pub fn new(depth: u8, canopy_depth: u8, leaves: Vec<Node>) -> Result<Self, TreeError> {
        let layout = Layout::new(depth, canopy_depth)?;
        if leaves.len() > layout.capacity() as usize {
            return Err(TreeError::Full);
        }
        if leaves.contains(&EMPTY) {
            return Err(TreeError::EmptyLeaf);
        }
        let mut levels = vec![leaves];
        for level in 0..depth {
            let below = levels.last().map_or(&[][..], Vec::as_slice);
            let above = below
                .chunks(2)
                .map(|pair| match pair {
                    [left, right] => H::parent(left, right),
                    [left, ..] => H::parent(left, &H::empty(level)),
                    [] => H::empty(level),
                })
                .collect();
            levels.push(above);
        }
        Ok(Self {
            layout,
            depth,
            canopy_depth,
            levels,
            hash: core::marker::PhantomData,
        })
    }

    /// Devices in the tree, and the index of the next.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.levels
            .first()
            .map_or(0, |leaves| u32::try_from(leaves.len()).unwrap_or(u32::MAX))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[must_use]
    pub fn root(&self) -> Node {
        self.node(self.depth, 0)
    }

    /// The leaf at `index`; [`EMPTY`] past the last device.
    #[must_use]
    pub fn leaf(&self, index: u32) -> Node {
        self.node(0, index)
    }

    fn node(&self, level: u8, position: u32) -> Node {
        self.levels
            .get(usize::from(level))
            .and_then(|nodes| nodes.get(position as usize))
            .copied()
            .unwrap_or_else(|| H::empty(level))
    }

    /// The siblings below the canopy, lowest first: what an instruction carries.
    #[must_use]
    pub fn proof(&self, index: u32) -> Vec<Node> {
        (0..self.layout.proof_len())
            .map(|level| self.node(level, (index >> level) ^ 1))
            .collect()
    }

    /// The complete subtrees of an import, lowest first.
    #[must_use]
    pub fn peaks(&self) -> Vec<Node> {
        let count = self.len();
        (0..=self.depth)
            .filter(|level| (count >> level) & 1 == 1)
            .map(|level| self.node(level, (count >> level) ^ 1))
            .collect()
    }

    /// The canopy's lowest level as far as it stands above devices: what must be filled before an import. Empty when
    /// the tree keeps no canopy.
    #[must_use]
    pub fn canopy(&self) -> &[Node] {
        if self.canopy_depth == 0 {
            return &[];
        }
        self.levels
            .get(usize::from(self.layout.proof_len()))
            .map_or(&[][..], Vec::as_slice)
    }

    /// Sets the leaf at `index`, or appends it when `index` is the next one.
    ///
    /// # Errors
    /// [`TreeError::EmptyLeaf`], [`TreeError::Full`], [`TreeError::IndexOutOfRange`].
    pub fn set(&mut self, index: u32, leaf: Node) -> Result<(), TreeError> {
        if leaf == EMPTY {
            return Err(TreeError::EmptyLeaf);
        }
        if index >= self.layout.capacity() {
            return Err(TreeError::Full);
        }
        if index > self.len() {
            return Err(TreeError::IndexOutOfRange);
        }
        let mut node = leaf;
        for level in 0..=self.depth {
            let position = index >> level;
            let Some(nodes) = self.levels.get_mut(usize::from(level)) else {
                break;
            };
            match nodes.get_mut(position as usize) {
                Some(slot) => *slot = node,
                None => nodes.push(node),
            }
            let sibling = self.node(level, position ^ 1);
            node = if position & 1 == 1 {
                H::parent(&sibling, &node)
            } else {
                H::parent(&node, &sibling)
            };
        }
        Ok(())
    }
}
