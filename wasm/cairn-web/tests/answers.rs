//! What the page asks, asked here: the answers are those of `cairn-tree` and `cairn-merkle`.

use cairn_merkle::{Credits, LeafIndex, MerkleError, MilliPoints, Node, RewardLeaf, Tokens};
use cairn_tree::Tree;
use cairn_web::{Fault, answer};
use proptest::prelude::*;

const POOL: [u8; 32] = [7; 32];

fn leaves(count: u32) -> Vec<RewardLeaf> {
    (0..count)
        .map(|index| RewardLeaf {
            pool: POOL,
            index: LeafIndex::new(index),
            owner: [u8::try_from(index % 251).expect("below 251"); 32],
            tokens: Tokens::new(u64::from(index) * 1_000_003),
            points: MilliPoints::new(u64::from(index) * 17),
            credits: Credits::new(u64::from(index % 3)),
        })
        .collect()
}

fn all(leaves: &[RewardLeaf]) -> Vec<u8> {
    let mut question = POOL.to_vec();
    for leaf in leaves {
        question.extend(leaf.owner);
        for number in [leaf.tokens.get(), leaf.points.get(), leaf.credits.get()] {
            question.extend(number.to_le_bytes());
        }
    }
    question
}

fn nodes(nodes: &[Node]) -> Vec<u8> {
    let count = u32::try_from(nodes.len()).expect("few");
    let mut bytes = count.to_le_bytes().to_vec();
    bytes.extend(nodes.iter().flat_map(Node::as_bytes));
    bytes
}

fn one(leaf: &RewardLeaf, tree: &Tree, canopy_depth: u8) -> Vec<u8> {
    let mut question = [leaf.pool, leaf.owner].concat();
    question.extend(leaf.index.get().to_le_bytes());
    for number in [leaf.tokens.get(), leaf.points.get(), leaf.credits.get()] {
        question.extend(number.to_le_bytes());
    }
    question.extend(tree.leaf_count().to_le_bytes());
    question.push(canopy_depth);
    let proof = tree.proof(leaf.index, canopy_depth).expect("a leaf");
    let canopy = tree.canopy(canopy_depth).expect("a canopy");
    question.extend(nodes(&proof));
    question.extend(nodes(&canopy));
    question
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_root_of_all_members_is_the_trees(count in 1_u32..700) {
        let leaves = leaves(count);
        let tree = Tree::build(&POOL, &leaves).expect("a tree");
        let root = answer(4, &all(&leaves)).expect("a root");
        prop_assert_eq!(root, tree.root().as_bytes().to_vec());
    }

    #[test]
    fn a_members_own_proof_holds_and_a_changed_amount_does_not(count in 1_u32..300, at in 0_u32..300, depth in 0_u8..5) {
        let leaves = leaves(count);
        let tree = Tree::build(&POOL, &leaves).expect("a tree");
        let leaf = leaves[(at % count) as usize];
        let depth = depth.min(tree.depth());
        prop_assert_eq!(answer(1, &one(&leaf, &tree, depth)), Ok(Vec::new()));
        let forged = RewardLeaf { tokens: Tokens::new(leaf.tokens.get() + 1), ..leaf };
        prop_assert_eq!(answer(1, &one(&forged, &tree, depth)), Err(Fault::Merkle(MerkleError::SumMismatch)));
        let richer = RewardLeaf { points: MilliPoints::new(leaf.points.get() + 1), ..leaf };
        prop_assert_eq!(answer(1, &one(&richer, &tree, depth)), Err(Fault::Merkle(MerkleError::HashMismatch)));
    }
}

#[test]
fn a_canopy_folds_to_the_root() {
    let tree = Tree::build(&POOL, &leaves(100)).expect("a tree");
    let canopy = tree.canopy(4).expect("a canopy");
    let root = tree.root().as_bytes().to_vec();
    assert_eq!(answer(3, &nodes(&canopy)), Ok(root));
    assert_eq!(
        answer(3, &nodes(&canopy[1..])),
        Err(Fault::Merkle(MerkleError::CanopyLength))
    );
}

#[test]
fn a_place_lies_in_its_cell_and_the_cell_in_its_parent() {
    let mut question = 407_127_760_i32.to_le_bytes().to_vec();
    question.extend((-740_059_740_i32).to_le_bytes());
    question.push(9);
    let cell = answer(6, &question).expect("New York");
    assert_eq!(cell, 0x0892_a107_2893_ffff_u64.to_le_bytes());
    let corners = answer(5, &cell).expect("corners");
    assert_eq!(corners.len(), 6 * 16);
    let mut question = cell;
    question.push(5);
    let parent = answer(7, &question).expect("a parent");
    assert_eq!(answer(5, &parent).map(|corners| corners.len()), Ok(96));
}

#[test]
fn what_is_no_question_is_refused_as_such() {
    for number in 0..=9 {
        for bytes in [&[1_u8, 2, 3][..], &[0; 7]] {
            let refused = answer(number, bytes);
            assert_eq!(refused, Err(Fault::Question), "{number} {bytes:?}");
        }
    }
    assert_eq!(answer(5, &[0; 8]), Err(Fault::Cell));
    assert_eq!(
        Fault::Merkle(MerkleError::ProofTooLong).to_string(),
        "ProofTooLong: the proof is longer than the tree's depth less its canopy's depth"
    );
}
