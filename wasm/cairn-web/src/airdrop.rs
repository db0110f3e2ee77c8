//! An airdrop's claim file: a run of neighbouring leaves, and of the rest of the tree only the nodes at the run's edges. From both
//! the proof of each of its leaves is computed.

use cairn_merkle::{DropLeaf, LeafIndex, MerkleError, Node, Tokens, depth_for, parent, verify};

use crate::Fault;
use crate::question::Question;

/// campaign 32, index u32, leaf count u32, canopy depth u8, canopy (u32 count, 40 each); then the file: first index u32, recipients
/// (u32 count, each owner 32, unlocked u64, locked u64), and for each level below the canopy the node left of the run and the one
/// right of it (u32 count, 0 or 1, 40 each). The proof of the leaf at the index, which holds against the canopy: 40 bytes each.
///
/// # Errors
/// The program's own refusal; a file whose edges are not those of its run.
pub fn proof(question: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut question = Question::new(question);
    let campaign = question.take()?;
    let index = question.index()?;
    let leaf_count = question.u32()?;
    let canopy_depth = question.u8()?;
    let canopy = question.nodes()?;
    let mut run = Run::read(campaign, &mut question)?;
    let leaf = run.at(index.get()).ok_or(Fault::Question)?;
    let climb = depth_for(leaf_count)?.checked_sub(canopy_depth);
    let mut proof = Vec::new();
    let mut place = index.get();
    for _ in 0..climb.ok_or(Fault::Question)? {
        run.widen(question.nodes()?, question.nodes()?)?;
        proof.push(run.at(place ^ 1).ok_or(Fault::Question)?);
        run = run.above()?;
        place >>= 1;
    }
    question.over()?;
    verify(leaf, index, leaf_count, &proof, canopy, canopy_depth)?;
    Ok(proof.iter().flat_map(Node::as_bytes).copied().collect())
}

/// Neighbouring nodes of one level.
struct Run {
    /// Position of the first one.
    first: u32,
    nodes: Vec<Node>,
}

impl Run {
    fn read(campaign: [u8; 32], question: &mut Question<'_>) -> Result<Self, Fault> {
        let (first, count) = (question.u32()?, question.u32()?);
        let mut nodes = Vec::new();
        for offset in 0..count {
            let leaf = DropLeaf {
                campaign,
                index: LeafIndex::new(first.checked_add(offset).ok_or(Fault::Question)?),
                owner: question.take()?,
                unlocked: Tokens::new(question.u64()?),
                locked: Tokens::new(question.u64()?),
            };
            nodes.push(leaf.node()?);
        }
        Ok(Self { first, nodes })
    }

    fn at(&self, place: u32) -> Option<Node> {
        let offset = usize::try_from(place.checked_sub(self.first)?).ok()?;
        self.nodes.get(offset).copied()
    }

    /// Adds the siblings that the run's ends lack; nothing else belongs there.
    fn widen(&mut self, left: &[Node], right: &[Node]) -> Result<(), Fault> {
        let lacks_left = self.first & 1;
        if left.len() != usize::try_from(lacks_left).map_err(|_| Fault::Question)? {
            return Err(Fault::Question);
        }
        self.nodes.splice(0..0, left.iter().copied());
        self.first = self.first.saturating_sub(lacks_left);
        self.nodes.extend(right);
        let is_whole = self.nodes.len().is_multiple_of(2) && right.len() < 2;
        if is_whole {
            Ok(())
        } else {
            Err(Fault::Question)
        }
    }

    fn above(&self) -> Result<Self, MerkleError> {
        let (pairs, _) = self.nodes.as_chunks();
        let nodes = pairs.iter().map(|[left, right]| parent(left, right));
        Ok(Self {
            first: self.first >> 1,
            nodes: nodes.collect::<Result<_, _>>()?,
        })
    }
}
