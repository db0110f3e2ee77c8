use super::{CHANGES, EMPTY, Layout, MAX_DEPTH, Node, NodeHash, TreeError, fold, layout::Parts};

/// What a tree is besides its words: the part of its account's head that operations change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeHead {
    /// Root over all positions.
    pub root: Node,
    /// Changes so far.
    pub sequence: u64,
    /// Devices, and the index of the next.
    pub next_index: u32,
    /// Levels below the root.
    pub depth: u8,
    /// Levels below the root whose nodes are stored.
    pub canopy_depth: u8,
}

impl TreeHead {
    /// A tree without devices, whose words are all zeros.
    ///
    /// # Errors
    /// As [`Layout::new`].
    pub fn empty<H: NodeHash>(depth: u8, canopy_depth: u8) -> Result<Self, TreeError> {
        Layout::new(depth, canopy_depth)?;
        Ok(Self {
            root: H::empty(depth),
            sequence: 0,
            next_index: 0,
            depth,
            canopy_depth,
        })
    }

    /// Puts `leaf` at the next position and returns that position. Needs no proof: the frontier is one.
    ///
    /// # Errors
    /// [`TreeError::EmptyLeaf`], [`TreeError::Full`], [`TreeError::Layout`]; the words are then as before.
    pub fn append<H: NodeHash>(
        &mut self,
        words: &mut [Node],
        leaf: &Node,
    ) -> Result<u32, TreeError> {
        let layout = Layout::new(self.depth, self.canopy_depth)?;
        if *leaf == EMPTY {
            return Err(TreeError::EmptyLeaf);
        }
        let index = self.next_index;
        if index >= layout.capacity() {
            return Err(TreeError::Full);
        }
        let sequence = self.sequence.checked_add(1).ok_or(TreeError::Sequence)?;
        let Parts {
            frontier,
            changes,
            canopy,
        } = layout.split(words)?;
        let (root, path) = layout.new_change(changes, sequence, index)?;
        let mut path = path.iter_mut();
        let mut node = *leaf;
        let mut complete = true;
        for (level, waiting) in (0..self.depth).zip(frontier.iter_mut()) {
            if let Some(slot) = path.next() {
                *slot = node;
            }
            layout.put_canopy(canopy, level, index, &node);
            node = if (index >> level) & 1 == 1 {
                H::parent(waiting, &node)
            } else {
                // The lowest clear bit of the index is the one subtree that this leaf completes and that now waits
                // for its right neighbour; what stands higher is not complete.
                if core::mem::take(&mut complete) {
                    *waiting = node;
                }
                H::parent(&node, &H::empty(level))
            };
        }
        *root = node;
        self.root = node;
        self.sequence = sequence;
        self.next_index = index.saturating_add(1);
        Ok(index)
    }

    /// Replaces `old` by `new` at `index`. `proof` holds the siblings below the canopy, lowest first, as they stood at
    /// the tree's sequence `proof_sequence`.
    ///
    /// # Errors
    /// [`TreeError::IndexOutOfRange`], [`TreeError::ProofLength`], [`TreeError::ProofStale`],
    /// [`TreeError::LeafChanged`], [`TreeError::ProofMismatch`], [`TreeError::EmptyLeaf`]; the words are then as
    /// before.
    pub fn replace<H: NodeHash>(
        &mut self,
        words: &mut [Node],
        index: u32,
        old: &Node,
        new: &Node,
        proof: &[Node],
        proof_sequence: u64,
    ) -> Result<(), TreeError> {
        let layout = Layout::new(self.depth, self.canopy_depth)?;
        // Below the device count only: a proof of an empty position would smuggle a device past registration.
        if index >= self.next_index {
            return Err(TreeError::IndexOutOfRange);
        }
        if *new == EMPTY || *old == EMPTY {
            return Err(TreeError::EmptyLeaf);
        }
        let sequence = self.sequence.checked_add(1).ok_or(TreeError::Sequence)?;
        let mut siblings = [EMPTY; MAX_DEPTH as usize];
        let siblings = siblings
            .get_mut(..usize::from(self.depth))
            .ok_or(TreeError::Layout)?;
        self.current_siblings::<H>(words, index, old, proof, proof_sequence, siblings)?;
        if fold::<H>(old, index, siblings) != self.root {
            return Err(TreeError::ProofMismatch);
        }
        let Parts {
            frontier,
            changes,
            canopy,
        } = layout.split(words)?;
        let (root, path) = layout.new_change(changes, sequence, index)?;
        let mut path = path.iter_mut();
        let mut node = *new;
        let mut position = index;
        for ((level, sibling), waiting) in (0..).zip(siblings.iter()).zip(frontier.iter_mut()) {
            if let Some(slot) = path.next() {
                *slot = node;
            }
            layout.put_canopy(canopy, level, index, &node);
            // The subtree that waits at this level is the left neighbour of the next position's.
            let next = self.next_index >> level;
            if next & 1 == 1 && position == next ^ 1 {
                *waiting = node;
            }
            node = if position & 1 == 1 {
                H::parent(sibling, &node)
            } else {
                H::parent(&node, sibling)
            };
            position >>= 1;
        }
        *root = node;
        self.root = node;
        self.sequence = sequence;
        Ok(())
    }

    /// Fills `siblings` (one per level) with the proof, brought up to date, and the canopy.
    fn current_siblings<H: NodeHash>(
        &self,
        words: &mut [Node],
        index: u32,
        leaf: &Node,
        proof: &[Node],
        proof_sequence: u64,
        siblings: &mut [Node],
    ) -> Result<(), TreeError> {
        let layout = Layout::new(self.depth, self.canopy_depth)?;
        if proof.len() != usize::from(layout.proof_len()) {
            return Err(TreeError::ProofLength);
        }
        let age = self
            .sequence
            .checked_sub(proof_sequence)
            .filter(|age| *age <= CHANGES)
            .ok_or(TreeError::ProofStale)?;
        let Parts {
            changes, canopy, ..
        } = layout.split(words)?;
        for (to, from) in siblings.iter_mut().zip(proof) {
            *to = *from;
        }
        let mut latest = *leaf;
        for back in (0..age).rev() {
            let change = layout.change(changes, self.sequence.saturating_sub(back))?;
            // The highest bit in which two positions differ is the level at which one's path is the other's sibling.
            match (change.index ^ index).checked_ilog2() {
                None => latest = change.path.first().copied().unwrap_or(latest),
                Some(level) => {
                    let level = level as usize;
                    // Above the canopy's line there is no path: those siblings are read current, below.
                    if let (Some(node), Some(slot)) =
                        (change.path.get(level), siblings.get_mut(level))
                    {
                        *slot = *node;
                    }
                }
            }
        }
        if latest != *leaf {
            return Err(TreeError::LeafChanged);
        }
        for (level, slot) in (0..self.depth)
            .zip(siblings.iter_mut())
            .skip(usize::from(layout.proof_len()))
        {
            *slot = layout
                .canopy_sibling::<H>(canopy, level, index)
                .ok_or(TreeError::Layout)?;
        }
        Ok(())
    }

    /// Stores nodes of the canopy's lowest level from position `offset` on, before an import.
    ///
    /// # Errors
    /// [`TreeError::NotEmpty`] once the tree was used, [`TreeError::CanopyRange`].
    pub fn fill_canopy(
        &self,
        words: &mut [Node],
        offset: u16,
        nodes: &[Node],
    ) -> Result<(), TreeError> {
        let layout = Layout::new(self.depth, self.canopy_depth)?;
        if self.next_index != 0 || self.sequence != 0 {
            return Err(TreeError::NotEmpty);
        }
        let level = layout.proof_len();
        let first = layout
            .canopy_at(level, 0)
            .ok_or(TreeError::CanopyRange)?
            .saturating_add(usize::from(offset));
        let canopy = layout.split(words)?.canopy;
        let target = canopy
            .get_mut(first..first.saturating_add(nodes.len()))
            .filter(|target| !target.is_empty())
            .ok_or(TreeError::CanopyRange)?;
        for (to, from) in target.iter_mut().zip(nodes) {
            *to = *from;
        }
        Ok(())
    }

    /// Takes over a prepared tree of `count` leaves. `peaks` are its complete subtrees, one for each set bit of
    /// `count`, lowest first; they must lead to `root`, which also proves that every position from `count` on is
    /// empty. With a canopy, its lowest level must have been filled before and fold to `root` too.
    ///
    /// # Errors
    /// [`TreeError::NotEmpty`], [`TreeError::ImportCount`], [`TreeError::ImportPeaks`], [`TreeError::ImportRoot`],
    /// [`TreeError::CanopyRoot`]. After an error the words may have changed and must be dropped.
    pub fn import<H: NodeHash>(
        &mut self,
        words: &mut [Node],
        root: &Node,
        count: u32,
        peaks: &[Node],
    ) -> Result<(), TreeError> {
        let layout = Layout::new(self.depth, self.canopy_depth)?;
        if self.next_index != 0 || self.sequence != 0 {
            return Err(TreeError::NotEmpty);
        }
        if count == 0 || count > layout.capacity() {
            return Err(TreeError::ImportCount);
        }
        if peaks.len() != count.count_ones() as usize {
            return Err(TreeError::ImportPeaks);
        }
        let Parts {
            frontier,
            changes,
            canopy,
        } = layout.split(words)?;
        let mut peaks = peaks.iter();
        let mut node = EMPTY;
        for (level, waiting) in (0..self.depth).zip(frontier.iter_mut()) {
            node = if (count >> level) & 1 == 1 {
                *waiting = *peaks.next().ok_or(TreeError::ImportPeaks)?;
                H::parent(waiting, &node)
            } else {
                H::parent(&node, &H::empty(level))
            };
        }
        // A full tree has one peak left: the root itself.
        if let Some(peak) = peaks.next() {
            node = *peak;
        }
        if node != *root {
            return Err(TreeError::ImportRoot);
        }
        if self.canopy_depth > 0 && fold_canopy::<H>(&layout, canopy, self.depth)? != *root {
            return Err(TreeError::CanopyRoot);
        }
        // The ring's slot before the first change. Until the 64th takes it, rows as they were imported are matched by their
        // root, like those after any change.
        let (before_changes, _) = layout.new_change(changes, 0, 0)?;
        *before_changes = *root;
        self.root = *root;
        self.next_index = count;
        Ok(())
    }
}

/// Computes the canopy's upper levels from its lowest, in place, and returns the root they lead to.
fn fold_canopy<H: NodeHash>(
    layout: &Layout,
    canopy: &mut [Node],
    depth: u8,
) -> Result<Node, TreeError> {
    let mut root = EMPTY;
    for level in layout.proof_len()..depth {
        let above = level.saturating_add(1);
        let width = 1_u32 << depth.saturating_sub(above);
        for position in 0..width {
            let left_index = position << above;
            let left = layout.canopy_at(level, left_index);
            let left = left.ok_or(TreeError::Layout)?;
            let (Some(left), Some(right)) = (
                canopy.get(left).copied(),
                canopy.get(left.saturating_add(1)).copied(),
            ) else {
                return Err(TreeError::Layout);
            };
            // Two empty subtrees make an empty one, which the canopy keeps as zeros and nobody needs to hash.
            let node = if left == EMPTY && right == EMPTY {
                EMPTY
            } else {
                H::parent(&present::<H>(left, level), &present::<H>(right, level))
            };
            layout.put_canopy(canopy, above, left_index, &node);
            root = node;
        }
    }
    Ok(present::<H>(root, depth))
}

fn present<H: NodeHash>(node: Node, level: u8) -> Node {
    if node == EMPTY { H::empty(level) } else { node }
}
