use std::collections::BTreeMap;

use cairn_merkle::{EMPTY_SUBTREES, LeafIndex, Node, RewardLeaf, Tokens};

use crate::tree::{check_count, check_pool, check_sum, join};
use crate::{Tree, TreeError};

/// How much an update hashed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rehashed {
    /// Leaves that differ from what stood there before.
    pub leaves: usize,
    /// Nodes above them.
    pub nodes: usize,
}

impl Tree {
    /// Replaces leaves and appends new ones, in any order; hashes again only what lies above a leaf that differs.
    /// The result is the tree that [`Tree::build`] would make of all leaves. New indices continue without a gap.
    ///
    /// # Errors
    /// [`TreeError::ForeignPool`], [`TreeError::Duplicate`], [`TreeError::Gap`], [`TreeError::LeafCount`],
    /// [`TreeError::SumOverflow`]. The tree is then what it was.
    pub fn update(&mut self, changed: &[RewardLeaf]) -> Result<Rehashed, TreeError> {
        let changes = self.plan(changed)?;
        let mut rehashed = Rehashed {
            leaves: changes.len(),
            nodes: 0,
        };
        let mut dirty = Vec::with_capacity(changes.len());
        if let Some(leaves) = self.levels.first_mut() {
            for (position, node) in changes {
                put(leaves, position, node);
                dirty.push(position);
            }
        }
        // Zero changes leave every level as it is; otherwise each level's dirty nodes are the parents of the last's.
        for (level, empty) in EMPTY_SUBTREES.iter().enumerate() {
            let width = self.levels.get(level).map_or(0, Vec::len);
            if width <= 1 || dirty.is_empty() {
                break;
            }
            let above = level.saturating_add(1);
            if self.levels.len() == above {
                self.levels.push(Vec::new());
            }
            // A tree that grows deeper joins the node that was its root by itself: added leaves follow without a hole, so the
            // root's neighbour is always among the changed nodes.
            for position in &mut dirty {
                *position >>= 1;
            }
            dirty.dedup();
            let (below, rest) = self.levels.split_at_mut(above);
            let (Some(children), Some(parents)) = (below.last(), rest.first_mut()) else {
                break;
            };
            for &position in &dirty {
                let at = position.saturating_mul(2);
                let left = children.get(at).unwrap_or(empty);
                let right = children.get(at.saturating_add(1)).unwrap_or(empty);
                put(parents, position, join(left, right));
            }
            rehashed.nodes = rehashed.nodes.saturating_add(dirty.len());
        }
        Ok(rehashed)
    }

    /// The leaves that differ, by position, after every check: from here on nothing can fail half way.
    fn plan(&self, changed: &[RewardLeaf]) -> Result<BTreeMap<usize, Node>, TreeError> {
        let old = self.levels.first().map_or(&[][..], Vec::as_slice);
        let mut changes = BTreeMap::new();
        for leaf in changed {
            check_pool(&self.pool, leaf)?;
            let position = usize::try_from(leaf.index.get()).unwrap_or(usize::MAX);
            if changes.insert(position, leaf.node()).is_some() {
                return Err(TreeError::Duplicate { index: leaf.index });
            }
        }
        let mut next = old.len();
        for &position in changes.range(old.len()..).map(|(position, _)| position) {
            if position != next {
                return Err(TreeError::Gap {
                    index: index_of(position),
                    next: index_of(next),
                });
            }
            next = next.saturating_add(1);
        }
        check_count(next)?;
        // The total from the differences; only a refusal walks all leaves, to name the first one beyond.
        let sum = |node: &Node| u128::from(node.sum().get());
        let replaced = |position: &usize| old.get(*position).map_or(0, sum);
        let kept = changes
            .keys()
            .map(replaced)
            .fold(sum(&self.root()), u128::saturating_sub);
        let total = changes.values().map(sum).fold(kept, u128::saturating_add);
        if total > u128::from(u64::MAX) {
            check_sum((0..next).map(|position| {
                let changed = changes.get(&position).or_else(|| old.get(position));
                changed.map_or(Tokens::ZERO, Node::sum)
            }))?;
        }
        changes.retain(|position, node| old.get(*position) != Some(node));
        Ok(changes)
    }
}

fn index_of(position: usize) -> LeafIndex {
    LeafIndex::new(u32::try_from(position).unwrap_or(u32::MAX))
}

/// Replaces the node at `position`, or appends it: positions arrive in rising order, so an append never leaves a hole.
fn put(nodes: &mut Vec<Node>, position: usize, node: Node) {
    match nodes.get_mut(position) {
        Some(old) => *old = node,
        None => nodes.push(node),
    }
}
