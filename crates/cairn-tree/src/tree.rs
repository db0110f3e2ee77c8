use cairn_merkle::{
    EMPTY_SUBTREES, LeafIndex, MAX_LEAVES, Node, RewardLeaf, Tokens, depth_for, parent,
};
use rayon::prelude::*;

use crate::TreeError;

/// Nodes that one task hashes at least: below, handing work to another core costs more than hashing.
const TASK_NODES: usize = 512;

/// A Merkle-sum tree in memory. Only nodes above a leaf are kept, 40 bytes each, about two a leaf; whatever lies past
/// the last leaf is a constant.
#[derive(Clone, PartialEq, Eq)]
pub struct Tree {
    pub(crate) pool: [u8; 32],
    /// `levels[0]` are the leaves, the last level is the root alone. Level *k* has ⌈leaves / 2^k⌉ nodes.
    pub(crate) levels: Vec<Vec<Node>>,
}

impl Tree {
    /// Builds the tree of `leaves`, which stand in the order of their index.
    ///
    /// # Errors
    /// [`TreeError::LeafCount`], [`TreeError::Misplaced`], [`TreeError::ForeignPool`], [`TreeError::SumOverflow`];
    /// the one with the lowest index when there are several.
    pub fn build(pool: &[u8; 32], leaves: &[RewardLeaf]) -> Result<Self, TreeError> {
        check_count(leaves.len())?;
        // Before any hashing and in order, so that the same bad input always gives the same error.
        for (position, leaf) in leaves.iter().enumerate() {
            check_pool(pool, leaf)?;
            if usize::try_from(leaf.index.get()) != Ok(position) {
                return Err(TreeError::Misplaced {
                    position,
                    index: leaf.index,
                });
            }
        }
        let nodes = leaves
            .par_iter()
            .with_min_len(TASK_NODES)
            .map(RewardLeaf::node)
            .collect();
        Self::from_leaf_nodes(pool, nodes)
    }

    /// Builds the tree of leaves that `leaf_at` makes one by one, for millions of members that are never in memory
    /// as leaves. `leaf_at` is called once an index, on any core.
    ///
    /// # Errors
    /// As [`Self::build`].
    pub fn build_with(
        pool: &[u8; 32],
        leaf_count: u32,
        leaf_at: impl Fn(LeafIndex) -> RewardLeaf + Sync,
    ) -> Result<Self, TreeError> {
        check_count(usize::try_from(leaf_count).unwrap_or(usize::MAX))?;
        let checked = |position| {
            let leaf = leaf_at(LeafIndex::new(position));
            check_pool(pool, &leaf)?;
            if leaf.index.get() == position {
                return Ok(leaf.node());
            }
            Err(TreeError::Misplaced {
                position: usize::try_from(position).unwrap_or(usize::MAX),
                index: leaf.index,
            })
        };
        let nodes: Result<Vec<Node>, TreeError> = (0..leaf_count)
            .into_par_iter()
            .with_min_len(TASK_NODES)
            .map(checked)
            .collect();
        match nodes {
            Ok(nodes) => Self::from_leaf_nodes(pool, nodes),
            // Whichever core failed first is chance; the error of the lowest index is not.
            Err(any) => Err((0..leaf_count)
                .find_map(|position| checked(position).err())
                .unwrap_or(any)),
        }
    }

    /// Builds the tree over nodes of leaves of any kind, which stand in the order of their index. `scope` is the
    /// address that every leaf names (a campaign's, for drops); whoever made the nodes has checked that.
    ///
    /// # Errors
    /// [`TreeError::LeafCount`], [`TreeError::SumOverflow`].
    pub fn from_nodes(scope: &[u8; 32], nodes: Vec<Node>) -> Result<Self, TreeError> {
        check_count(nodes.len())?;
        Self::from_leaf_nodes(scope, nodes)
    }

    fn from_leaf_nodes(pool: &[u8; 32], nodes: Vec<Node>) -> Result<Self, TreeError> {
        check_sum(nodes.iter().map(Node::sum))?;
        let mut level = nodes;
        let mut levels = Vec::new();
        for empty in &EMPTY_SUBTREES {
            if level.len() == 1 {
                break;
            }
            let above = level
                .par_chunks(2)
                .with_min_len(TASK_NODES)
                .map(|pair| match pair {
                    [left, right] => join(left, right),
                    [left] => join(left, empty),
                    _ => *empty,
                })
                .collect();
            levels.push(std::mem::replace(&mut level, above));
        }
        levels.push(level);
        Ok(Self {
            pool: *pool,
            levels,
        })
    }

    /// The root: its hash commits to every leaf, its sum is all their tokens.
    #[must_use]
    pub fn root(&self) -> Node {
        self.node(self.depth(), 0)
    }

    /// The pool whose leaves these are.
    #[must_use]
    pub const fn pool(&self) -> &[u8; 32] {
        &self.pool
    }

    /// Levels between a leaf and the root: 0 for a single leaf, at most 24.
    #[must_use]
    pub fn depth(&self) -> u8 {
        depth_for(self.leaf_count()).unwrap_or(0)
    }

    #[must_use]
    pub fn leaf_count(&self) -> u32 {
        let count = self.levels.first().map_or(0, Vec::len);
        u32::try_from(count).unwrap_or(MAX_LEAVES)
    }

    /// The node at `position` of `level`, where level 0 are the leaves: a constant where no leaf lies below.
    ///
    /// Levels above the root give the root's level's constant too; ask [`Self::depth`].
    #[must_use]
    pub fn node(&self, level: u8, position: u32) -> Node {
        let level = usize::from(level);
        let stored = self
            .levels
            .get(level)
            .zip(usize::try_from(position).ok())
            .and_then(|(nodes, position)| nodes.get(position));
        let empty = EMPTY_SUBTREES.get(level).copied().unwrap_or_default();
        stored.copied().unwrap_or(empty)
    }

    /// The siblings from leaf `index` up to, and without, the level of a canopy of `canopy_depth`: what a claim
    /// carries. Canopy depth 0 gives the whole way to the root.
    ///
    /// # Errors
    /// [`TreeError::IndexOutOfRange`], [`TreeError::CanopyTooDeep`].
    pub fn proof(&self, index: LeafIndex, canopy_depth: u8) -> Result<Vec<Node>, TreeError> {
        if index.get() >= self.leaf_count() {
            return Err(TreeError::IndexOutOfRange {
                index,
                leaf_count: self.leaf_count(),
            });
        }
        let climb = self.climb(canopy_depth)?;
        Ok((0..climb)
            .map(|level| self.node(level, (index.get() >> level) ^ 1))
            .collect())
    }

    /// The 2^`canopy_depth` nodes of one level, left to right: what the epoch account stores.
    ///
    /// # Errors
    /// [`TreeError::CanopyTooDeep`].
    pub fn canopy(&self, canopy_depth: u8) -> Result<Vec<Node>, TreeError> {
        let level = self.climb(canopy_depth)?;
        Ok((0..1u32 << canopy_depth)
            .map(|position| self.node(level, position))
            .collect())
    }

    fn climb(&self, canopy_depth: u8) -> Result<u8, TreeError> {
        let depth = self.depth();
        depth
            .checked_sub(canopy_depth)
            .ok_or(TreeError::CanopyTooDeep {
                canopy_depth,
                depth,
            })
    }
}

impl std::fmt::Debug for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tree")
            .field("leaf_count", &self.leaf_count())
            .field("root", &self.root())
            .finish_non_exhaustive()
    }
}

pub(crate) fn check_count(count: usize) -> Result<(), TreeError> {
    u32::try_from(count)
        .ok()
        .and_then(|count| depth_for(count).ok())
        .map(|_| ())
        .ok_or(TreeError::LeafCount { count })
}

pub(crate) fn check_pool(pool: &[u8; 32], leaf: &RewardLeaf) -> Result<(), TreeError> {
    if leaf.pool == *pool {
        Ok(())
    } else {
        Err(TreeError::ForeignPool { index: leaf.index })
    }
}

/// Refuses leaves whose total does not fit, before anything is hashed: afterwards no inner sum can overflow.
pub(crate) fn check_sum(tokens: impl Iterator<Item = Tokens>) -> Result<(), TreeError> {
    let mut total = Tokens::ZERO;
    for (position, tokens) in (0..).zip(tokens) {
        total = total.checked_add(tokens).ok_or(TreeError::SumOverflow {
            index: LeafIndex::new(position),
        })?;
    }
    Ok(())
}

/// The parent of two nodes whose sum is known to fit.
pub(crate) fn join(left: &Node, right: &Node) -> Node {
    parent(left, right).unwrap_or_else(|_| unreachable!("check_sum has bounded the total"))
}
