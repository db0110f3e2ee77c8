//! An airdrop's claim file gives the proofs of its leaves, and no forged one does.

use cairn_merkle::{DropLeaf, LeafIndex, MerkleError, Node, Tokens};
use cairn_tree::Tree;
use cairn_web::{Fault, answer};
use proptest::prelude::*;

const CAMPAIGN: [u8; 32] = [9; 32];

fn leaf(index: u32) -> DropLeaf {
    DropLeaf {
        campaign: CAMPAIGN,
        index: LeafIndex::new(index),
        owner: [u8::try_from(index % 251).expect("below 251"); 32],
        unlocked: Tokens::new(u64::from(index) + 5),
        locked: Tokens::new(u64::from(index % 4)),
    }
}

fn nodes(nodes: &[Node]) -> Vec<u8> {
    let count = u32::try_from(nodes.len()).expect("few");
    let mut bytes = count.to_le_bytes().to_vec();
    bytes.extend(nodes.iter().flat_map(Node::as_bytes));
    bytes
}

/// The question for the leaf at `index` out of the file of `run`, as `cairn-campaign` writes it.
fn question(tree: &Tree, depth: u8, index: u32, run: std::ops::Range<u32>) -> Vec<u8> {
    let mut bytes = CAMPAIGN.to_vec();
    bytes.extend(index.to_le_bytes());
    bytes.extend(tree.leaf_count().to_le_bytes());
    bytes.push(depth);
    bytes.extend(nodes(&tree.canopy(depth).expect("a canopy")));
    bytes.extend(run.start.to_le_bytes());
    bytes.extend((run.end - run.start).to_le_bytes());
    for leaf in run.clone().map(leaf) {
        bytes.extend(leaf.owner);
        bytes.extend(leaf.unlocked.get().to_le_bytes());
        bytes.extend(leaf.locked.get().to_le_bytes());
    }
    let (mut start, mut end) = (run.start, run.end);
    for level in 0..tree.depth() - depth {
        let left = (start & 1 == 1).then(|| tree.node(level, start - 1));
        let right = (end & 1 == 1).then(|| tree.node(level, end));
        bytes.extend(nodes(left.as_slice()));
        bytes.extend(nodes(right.as_slice()));
        (start, end) = (start >> 1, end.div_ceil(2));
    }
    bytes
}

fn tree(count: u32) -> Tree {
    let nodes = (0..count).map(|index| leaf(index).node().expect("a node"));
    Tree::from_nodes(&CAMPAIGN, nodes.collect()).expect("a tree")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_proof_of_each_leaf_of_a_file_is_the_trees(count in 1_u32..300, from in 0_u32..300, length in 1_u32..60, at in 0_u32..60, depth in 0_u8..5) {
        let tree = tree(count);
        let depth = depth.min(tree.depth());
        let start = from % count;
        let end = (start + length).min(count);
        let index = start + at % (end - start);
        let proof = tree.proof(LeafIndex::new(index), depth).expect("a leaf");
        let told = answer(8, &question(&tree, depth, index, start..end));
        prop_assert_eq!(told, Ok(proof.iter().flat_map(Node::as_bytes).copied().collect()));
    }
}

#[test]
fn a_larger_grant_is_refused_by_the_programs_own_code() {
    let tree = tree(100);
    let honest = question(&tree, 2, 40, 37..51);
    assert!(answer(8, &honest).is_ok());
    // Behind campaign, index, count, depth, canopy, first and count: 32 + 4 + 4 + 1 + 4 + 160 + 8, then 48 a recipient.
    let unlocked = 213 + 3 * 48 + 32;
    let mut forged = honest.clone();
    forged[unlocked] += 1;
    let refused = Err(Fault::Merkle(MerkleError::SumMismatch));
    assert_eq!(answer(8, &forged), refused);
    // An owner of the file's other leaf changes a hash and no sum.
    let mut stolen = honest.clone();
    stolen[213] ^= 1;
    let refused = Err(Fault::Merkle(MerkleError::HashMismatch));
    assert_eq!(answer(8, &stolen), refused);
    assert_eq!(answer(8, &honest[..honest.len() - 1]), Err(Fault::Question));
}
