//! Trees of devices: the proof that a transfer carries.

use cairn_device_tree::{Layout, Node, Sha256Nodes, TreeHead, WholeTree};
use solana_sha256_hasher::hash;

use crate::Fault;
use crate::question::Question;

/// Bytes of a leaf's preimage, as the registry's program lays them out.
const PREIMAGE_LEN: usize = 230;

/// The tree's account (root 32, sequence u64, next index u32, depth u8, canopy depth u8, words as a u32 count and 32 each), the
/// device's index u32, then the preimages of all leaves by index: a u32 count and 230 each. The sequence at which the proof was
/// made, u64, and the siblings below the canopy, 32 each.
///
/// The leaves may be older than the account by as many changes as it remembers. What comes out was taken by the program's own
/// code, on a copy.
///
/// # Errors
/// The leaves are none of the states that the account remembers; the device changed since; what else the program would refuse.
pub fn proof(question: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut question = Question::new(question);
    let mut head = TreeHead {
        root: question.take()?,
        sequence: question.u64()?,
        next_index: question.u32()?,
        depth: question.u8()?,
        canopy_depth: question.u8()?,
    };
    let mut words = question.list(Question::take::<32>)?;
    let index = question.u32()?;
    let leaves =
        question.list(|question| Ok(hash(&question.take::<PREIMAGE_LEN>()?).to_bytes()))?;
    question.over()?;
    let whole = WholeTree::<Sha256Nodes>::new(head.depth, head.canopy_depth, leaves)?;
    let sequence = made_at(&head, &words, &whole.root())?;
    let (leaf, proof) = (whole.leaf(index), whole.proof(index));
    head.replace::<Sha256Nodes>(&mut words, index, &leaf, &leaf, &proof, sequence)?;
    let mut answer = sequence.to_le_bytes().to_vec();
    answer.extend(proof.iter().flatten());
    Ok(answer)
}

/// The sequence at which the tree had this root.
fn made_at(head: &TreeHead, words: &[Node], root: &Node) -> Result<u64, Fault> {
    if *root == head.root {
        return Ok(head.sequence);
    }
    let layout = Layout::new(head.depth, head.canopy_depth)?;
    let roots = layout.recent_roots(words, head.sequence)?;
    (0..=head.sequence)
        .rev()
        .zip(&roots)
        .find_map(|(sequence, known)| (known == root).then_some(sequence))
        .ok_or(Fault::Stale)
}
