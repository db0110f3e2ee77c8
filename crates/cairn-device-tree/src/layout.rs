use super::{EMPTY, Node, NodeHash, TreeError};

pub const MIN_DEPTH: u8 = 3;
pub const MAX_DEPTH: u8 = 24;
/// The largest that still grows in one transaction: each step of growth is three of the 64 instructions it may trace.
pub const MAX_CANOPY_DEPTH: u8 = 11;
/// Changes the tree remembers: a proof may be this much older than the tree.
pub const CHANGES: u64 = 64;
/// The same, as a number of ring slots.
const SLOTS: usize = 64;
const _: () = assert!(SLOTS as u64 == CHANGES);

/// Words of a remembered change besides its path: root, then index and sequence.
const CHANGE_HEAD: usize = 2;

/// Where a tree's words stand, by its shape:
///
/// | words | what |
/// |---|---|
/// | `depth` | frontier: at every level whose bit is set in the device count, the last complete subtree of that level |
/// | 64 × (2 + `depth` − `canopy_depth`) | the last changes, a ring by sequence: root after it; index u32 and sequence u64; path from the new leaf to below the canopy. In the slot of sequence 0 an import leaves its root and nothing else |
/// | 2^(`canopy_depth` + 1) − 2 | canopy: the levels below the root, from 2 nodes to 2^`canopy_depth`; zeros stand for an empty subtree |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    depth: u8,
    canopy_depth: u8,
}

/// A tree's words, taken apart.
pub(super) struct Parts<'a> {
    pub frontier: &'a mut [Node],
    pub changes: &'a mut [Node],
    pub canopy: &'a mut [Node],
}

/// One remembered change, read.
pub(super) struct Change<'a> {
    pub index: u32,
    pub path: &'a [Node],
}

impl Layout {
    /// # Errors
    /// [`TreeError::Depth`] outside 3 to 24; [`TreeError::CanopyDepth`] above 11 or not below the depth.
    pub const fn new(depth: u8, canopy_depth: u8) -> Result<Self, TreeError> {
        if depth < MIN_DEPTH || depth > MAX_DEPTH {
            return Err(TreeError::Depth);
        }
        if canopy_depth > MAX_CANOPY_DEPTH || canopy_depth >= depth {
            return Err(TreeError::CanopyDepth);
        }
        Ok(Self {
            depth,
            canopy_depth,
        })
    }

    /// Positions for devices: 2^depth.
    #[must_use]
    pub const fn capacity(&self) -> u32 {
        1 << self.depth
    }

    /// Nodes a proof must carry: the levels below the canopy.
    #[must_use]
    pub const fn proof_len(&self) -> u8 {
        self.depth.saturating_sub(self.canopy_depth)
    }

    /// Words of the whole tree.
    #[must_use]
    pub const fn words(&self) -> usize {
        (self.depth as usize)
            .saturating_add(self.change_words().saturating_mul(SLOTS))
            .saturating_add(self.canopy_words())
    }

    const fn change_words(&self) -> usize {
        CHANGE_HEAD.saturating_add(self.proof_len() as usize)
    }

    const fn canopy_words(&self) -> usize {
        (2_usize << self.canopy_depth).saturating_sub(2)
    }

    pub(super) fn split<'a>(&self, words: &'a mut [Node]) -> Result<Parts<'a>, TreeError> {
        if words.len() != self.words() {
            return Err(TreeError::Layout);
        }
        let (frontier, rest) = words
            .split_at_mut_checked(usize::from(self.depth))
            .ok_or(TreeError::Layout)?;
        let ring = self.change_words().saturating_mul(SLOTS);
        let (changes, canopy) = rest.split_at_mut_checked(ring).ok_or(TreeError::Layout)?;
        Ok(Parts {
            frontier,
            changes,
            canopy,
        })
    }

    /// The roots after the tree's last changes, newest first, and behind them the root of its import, at most 64 in all: how
    /// far back a snapshot can be matched with the account alone. Empty for a tree that was opened and never changed.
    ///
    /// # Errors
    /// [`TreeError::Layout`] when `words` are not this shape's.
    #[cfg(not(target_os = "solana"))]
    pub fn recent_roots(&self, words: &[Node], sequence: u64) -> Result<Vec<Node>, TreeError> {
        let changes = self.ring(words)?;
        // A tree that was not imported, or was before imports left their root, has zeros there.
        let import = (sequence < CHANGES).then_some(0);
        Self::recent(sequence)
            .chain(import)
            .map(|sequence| {
                changes
                    .get(self.ring_range(sequence))
                    .and_then(<[Node]>::first)
                    .copied()
                    .ok_or(TreeError::Layout)
            })
            .filter(|root| *root != Ok(EMPTY))
            .collect()
    }

    /// Positions and leaves that the tree's last changes wrote, newest first, at most 64.
    ///
    /// # Errors
    /// [`TreeError::Layout`] when `words` are not this shape's.
    #[cfg(not(target_os = "solana"))]
    pub fn recent_leaves(
        &self,
        words: &[Node],
        sequence: u64,
    ) -> Result<Vec<(u32, Node)>, TreeError> {
        let changes = self.ring(words)?;
        Self::recent(sequence)
            .map(|sequence| {
                let change = self.change(changes, sequence)?;
                let leaf = change.path.first().ok_or(TreeError::Layout)?;
                Ok((change.index, *leaf))
            })
            .collect()
    }

    /// The sequences whose changes the tree remembers, newest first.
    #[cfg(not(target_os = "solana"))]
    fn recent(sequence: u64) -> impl Iterator<Item = u64> {
        (0..sequence.min(CHANGES)).map(move |back| sequence.saturating_sub(back))
    }

    /// The words from the ring of changes on.
    #[cfg(not(target_os = "solana"))]
    fn ring<'a>(&self, words: &'a [Node]) -> Result<&'a [Node], TreeError> {
        if words.len() != self.words() {
            return Err(TreeError::Layout);
        }
        words
            .get(usize::from(self.depth)..)
            .ok_or(TreeError::Layout)
    }

    fn ring_range(&self, sequence: u64) -> core::ops::Range<usize> {
        let start = ((sequence % CHANGES) as usize).saturating_mul(self.change_words());
        start..start.saturating_add(self.change_words())
    }

    /// The change that made the tree's sequence `sequence`.
    pub(super) fn change<'a>(
        &self,
        changes: &'a [Node],
        sequence: u64,
    ) -> Result<Change<'a>, TreeError> {
        match changes.get(self.ring_range(sequence)) {
            Some([_root, [i0, i1, i2, i3, ..], path @ ..]) => Ok(Change {
                index: u32::from_le_bytes([*i0, *i1, *i2, *i3]),
                path,
            }),
            _ => Err(TreeError::Layout),
        }
    }

    /// Opens the ring's slot for change `sequence` of the leaf at `index`; the caller fills root and path.
    pub(super) fn new_change<'a>(
        &self,
        changes: &'a mut [Node],
        sequence: u64,
        index: u32,
    ) -> Result<(&'a mut Node, &'a mut [Node]), TreeError> {
        match changes.get_mut(self.ring_range(sequence)) {
            Some([root, head, path @ ..]) => {
                *head = EMPTY;
                let bytes = index
                    .to_le_bytes()
                    .into_iter()
                    .chain(sequence.to_le_bytes());
                for (to, from) in head.iter_mut().zip(bytes) {
                    *to = from;
                }
                Ok((root, path))
            }
            _ => Err(TreeError::Layout),
        }
    }

    /// Where the canopy keeps the node at `level` (counted from the leaves) above position `index`.
    pub(super) fn canopy_at(&self, level: u8, index: u32) -> Option<usize> {
        let below_root = self.depth.checked_sub(level)?;
        if below_root == 0 || below_root > self.canopy_depth {
            return None;
        }
        let first = (1_usize << below_root).checked_sub(2)?;
        first.checked_add((index >> level) as usize)
    }

    /// The sibling of the node at `level` above `index`, if the canopy keeps that level.
    pub(super) fn canopy_sibling<H: NodeHash>(
        &self,
        canopy: &[Node],
        level: u8,
        index: u32,
    ) -> Option<Node> {
        let at = self.canopy_at(level, index ^ (1 << level))?;
        let node = canopy.get(at)?;
        Some(if *node == EMPTY {
            H::empty(level)
        } else {
            *node
        })
    }

    /// Keeps `node`, if the canopy keeps its level.
    pub(super) fn put_canopy(&self, canopy: &mut [Node], level: u8, index: u32, node: &Node) {
        let slot = self
            .canopy_at(level, index)
            .and_then(|at| canopy.get_mut(at));
        if let Some(slot) = slot {
            *slot = *node;
        }
    }
}
