//! Trees come out right: against the definition, against another library, and against themselves after updates.

use cairn_merkle::{
    Credits, EMPTY_LEAF, LeafIndex, MAX_LEAVES, MilliPoints, Node, RewardLeaf, Tokens, depth_for,
    parent, verify,
};
use cairn_tree::{Rehashed, Tree, TreeError, second_opinion::SecondOpinion};
use proptest::prelude::*;

const POOL: [u8; 32] = [0x42; 32];

fn at(index: u32) -> LeafIndex {
    LeafIndex::new(index)
}

fn leaf(index: u32, tokens: u64) -> RewardLeaf {
    let mut owner = [0xee; 32];
    owner[..4].copy_from_slice(&index.to_le_bytes());
    RewardLeaf {
        pool: POOL,
        index: at(index),
        owner,
        tokens: Tokens::new(tokens),
        points: MilliPoints::new(tokens / 3),
        credits: Credits::new(u64::from(index) % 5),
    }
}

fn leaves(tokens: &[u64]) -> Vec<RewardLeaf> {
    (0..)
        .zip(tokens)
        .map(|(index, tokens)| leaf(index, *tokens))
        .collect()
}

/// The definition, word for word: pad to 2^depth with the empty leaf, join pairs until one is left.
fn by_definition(leaves: &[RewardLeaf]) -> Node {
    let mut level: Vec<Node> = leaves.iter().map(RewardLeaf::node).collect();
    level.resize(leaves.len().next_power_of_two(), EMPTY_LEAF);
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| parent(&pair[0], &pair[1]).expect("small sums"))
            .collect();
    }
    level[0]
}

#[test]
fn every_small_tree_is_the_one_of_the_definition() {
    for count in 1..=130u32 {
        let tokens: Vec<u64> = (1..=count).map(|n| u64::from(n) * 7).collect();
        let leaves = leaves(&tokens);
        let tree = Tree::build(&POOL, &leaves).expect("a small tree");
        assert_eq!(tree.root(), by_definition(&leaves), "{count} leaves");
        assert_eq!(tree.root().sum().get(), tokens.iter().sum::<u64>());
        assert_eq!(tree.leaf_count(), count);
        assert_eq!(tree.depth(), depth_for(count).expect("a legal count"));
        assert_eq!(tree.pool(), &POOL);
    }
}

#[test]
fn every_leaf_of_every_small_tree_verifies_at_every_canopy() {
    for count in 1..=40u32 {
        let leaves = leaves(&vec![11; count as usize]);
        let tree = Tree::build(&POOL, &leaves).expect("a small tree");
        for canopy_depth in 0..=tree.depth() {
            let canopy = tree.canopy(canopy_depth).expect("no deeper than the tree");
            assert_eq!(
                cairn_merkle::fold_canopy(&canopy),
                Ok(tree.root()),
                "{count} leaves, canopy {canopy_depth}"
            );
            for leaf in &leaves {
                let proof = tree.proof(leaf.index, canopy_depth).expect("a leaf");
                assert_eq!(
                    verify(
                        leaf.node(),
                        leaf.index,
                        count,
                        &proof,
                        &canopy,
                        canopy_depth
                    ),
                    Ok(())
                );
            }
        }
    }
}

#[test]
fn a_tree_large_enough_for_many_cores_agrees_with_merkle_light() {
    let tokens: Vec<u64> = (0..5_000u64).map(|n| n * n).collect();
    let leaves = leaves(&tokens);
    let tree = Tree::build(&POOL, &leaves).expect("a tree");
    let second = SecondOpinion::build(&leaves).expect("a tree");
    assert_eq!(tree.root(), second.root());
    for index in [0, 1, 4_095, 4_096, 4_998, 4_999].map(at) {
        let (siblings, validates) = second.proof(index).expect("a leaf");
        assert!(validates);
        assert_eq!(tree.proof(index, 0), Ok(siblings));
    }
}

#[test]
fn a_tree_from_a_function_is_the_tree_from_its_leaves() {
    let leaves = leaves(&[5, 0, 9, 1, 1]);
    let from_slice = Tree::build(&POOL, &leaves).expect("a tree");
    let from_function = Tree::build_with(&POOL, 5, |index| leaves[index.get() as usize]);
    assert_eq!(from_function.as_ref(), Ok(&from_slice));
    let misplaced = Tree::build_with(&POOL, 5_000, |index| leaf(index.get() & !1, 1));
    assert_eq!(
        misplaced,
        Err(TreeError::Misplaced {
            position: 1,
            index: at(0)
        })
    );
}

#[test]
fn no_leaves_and_too_many_are_refused() {
    assert_eq!(
        Tree::build(&POOL, &[]),
        Err(TreeError::LeafCount { count: 0 })
    );
    let beyond = MAX_LEAVES + 1;
    assert_eq!(
        Tree::build_with(&POOL, beyond, |index| leaf(index.get(), 0)),
        Err(TreeError::LeafCount {
            count: beyond as usize
        })
    );
    assert!(SecondOpinion::build(&[]).is_err());
}

#[test]
fn leaves_out_of_place_or_of_another_pool_are_refused_by_the_first() {
    let mut swapped = leaves(&[1, 2, 3, 4]);
    swapped.swap(1, 2);
    assert_eq!(
        Tree::build(&POOL, &swapped),
        Err(TreeError::Misplaced {
            position: 1,
            index: at(2)
        })
    );
    let mut foreign = leaves(&[1, 2, 3, 4]);
    foreign[2].pool = [0; 32];
    assert_eq!(
        Tree::build(&POOL, &foreign),
        Err(TreeError::ForeignPool { index: at(2) })
    );
}

#[test]
fn a_total_beyond_64_bits_is_refused_at_its_first_leaf() {
    let most = leaves(&[u64::MAX - 3, 3, 0]);
    let tree = Tree::build(&POOL, &most).expect("exactly u64::MAX");
    assert_eq!(tree.root().sum(), Tokens::MAX);
    let over = leaves(&[u64::MAX - 3, 3, 0, 1]);
    assert_eq!(
        Tree::build(&POOL, &over),
        Err(TreeError::SumOverflow { index: at(3) })
    );
    assert!(SecondOpinion::build(&over).is_err());
}

#[test]
fn what_the_tree_does_not_hold_can_not_be_asked_for() {
    let tree = Tree::build(&POOL, &leaves(&[1; 5])).expect("a tree");
    assert_eq!(
        tree.proof(at(5), 0),
        Err(TreeError::IndexOutOfRange {
            index: at(5),
            leaf_count: 5
        })
    );
    let too_deep = TreeError::CanopyTooDeep {
        canopy_depth: 4,
        depth: 3,
    };
    assert_eq!(tree.proof(at(0), 4), Err(too_deep.clone()));
    assert_eq!(tree.canopy(4), Err(too_deep));
    assert_eq!(
        tree.canopy(255).map_err(|error| error.hint().is_empty()),
        Err(false)
    );
}

#[test]
fn a_refusal_says_what_to_do() {
    let refused = Tree::build(&POOL, &[]).expect_err("no leaf");
    assert_eq!(refused.hint(), "split the members over several pools");
    let tree = Tree::build(&POOL, &leaves(&[1])).expect("a tree");
    let deep = tree.canopy(1).expect_err("no deeper than the tree");
    assert!(deep.hint().contains("canopy_depth_for"));
}

#[test]
fn a_tree_is_printed_by_its_root_and_never_leaf_by_leaf() {
    let tree = Tree::build(&POOL, &leaves(&[1; 1_024])).expect("a tree");
    let printed = format!("{tree:?}");
    assert!(printed.starts_with("Tree { leaf_count: 1024, root: ") && printed.ends_with(", .. }"));
    assert!(printed.len() < 1_000);
}

#[test]
fn an_update_hashes_only_the_way_up_from_what_changed() {
    let mut tree = Tree::build(&POOL, &leaves(&[1; 1_024])).expect("a tree");
    let hashed = |leaves, nodes| Ok(Rehashed { leaves, nodes });
    assert_eq!(tree.update(&[]), hashed(0, 0));
    assert_eq!(tree.update(&[leaf(77, 1)]), hashed(0, 0), "an equal leaf");
    assert_eq!(tree.update(&[leaf(77, 2)]), hashed(1, 10));
    // Siblings share all of their way.
    assert_eq!(tree.update(&[leaf(8, 3), leaf(9, 3)]), hashed(2, 10));
    // One more leaf makes the tree one deeper: its own way, and the join of the old root.
    assert_eq!(tree.update(&[leaf(1_024, 5)]), hashed(1, 11));
}

#[test]
fn a_refused_update_leaves_the_tree_as_it_was() {
    let before = Tree::build(&POOL, &leaves(&[1, 2, 3])).expect("a tree");
    let mut foreign = leaf(0, 9);
    foreign.pool = [9; 32];
    let cases = [
        (
            vec![leaf(1, 9), leaf(1, 8)],
            TreeError::Duplicate { index: at(1) },
        ),
        (
            vec![leaf(0, 9), leaf(4, 1)],
            TreeError::Gap {
                index: at(4),
                next: at(3),
            },
        ),
        (
            vec![leaf(3, 1), leaf(u32::MAX, 1)],
            TreeError::Gap {
                index: at(u32::MAX),
                next: at(4),
            },
        ),
        (
            vec![leaf(2, 9), foreign],
            TreeError::ForeignPool { index: at(0) },
        ),
        (
            vec![leaf(0, u64::MAX), leaf(3, 1)],
            TreeError::SumOverflow { index: at(1) },
        ),
    ];
    for (changes, refusal) in cases {
        let mut tree = before.clone();
        assert_eq!(tree.update(&changes), Err(refusal));
        assert_eq!(tree, before);
    }
}

#[test]
fn merkle_light_alone_accepts_the_phantom_of_an_odd_last_leaf() {
    use cairn_tree::second_opinion::{Position, SumSha256};
    use merkle_light::merkle::MerkleTree;

    let leaves = leaves(&[10, 20, 30]);
    let unpadded: MerkleTree<_, SumSha256> =
        MerkleTree::from_data(leaves.iter().map(Position::Leaf));
    assert_eq!(unpadded.root().sum(), 90, "the last leaf counts twice");
    // The doubled leaf's sibling is itself, so its proof also fits position 3, which nobody owns.
    let proof = unpadded.gen_proof(2);
    assert_eq!(proof.lemma()[1], proof.lemma()[0]);
    // Our trees give that place to the empty leaf and refuse the index.
    let tree = Tree::build(&POOL, &leaves).expect("a tree");
    assert_eq!(tree.root().sum(), Tokens::new(60));
    let canopy = [tree.root()];
    let siblings = tree.proof(at(2), 0).expect("a leaf");
    assert_eq!(
        verify(leaves[2].node(), at(3), 3, &siblings, &canopy, 0),
        Err(cairn_merkle::MerkleError::IndexOutOfRange)
    );
}

proptest! {
    #[test]
    fn merkle_light_agrees_on_root_and_every_proof(
        tokens in prop::collection::vec(0..1_000_000_000_000u64, 1..200),
    ) {
        let leaves = leaves(&tokens);
        let tree = Tree::build(&POOL, &leaves).expect("a tree");
        let second = SecondOpinion::build(&leaves).expect("a tree");
        prop_assert_eq!(tree.root(), second.root());
        for leaf in &leaves {
            let (siblings, validates) = second.proof(leaf.index).expect("a leaf");
            prop_assert!(validates);
            prop_assert_eq!(tree.proof(leaf.index, 0), Ok(siblings));
        }
        let beyond = at(leaves.len() as u32);
        prop_assert!(second.proof(beyond).is_err() && tree.proof(beyond, 0).is_err());
    }

    #[test]
    fn any_run_of_updates_ends_in_the_tree_built_at_once(
        start in prop::collection::vec(0..1_000u64, 1..70),
        rounds in prop::collection::vec(
            (prop::collection::vec((any::<prop::sample::Index>(), 0..1_000u64), 0..9), prop::collection::vec(0..1_000u64, 0..40)),
            1..6,
        ),
    ) {
        let mut tokens = start;
        let mut tree = Tree::build(&POOL, &leaves(&tokens)).expect("a tree");
        for (changes, appended) in rounds {
            let mut changed = std::collections::BTreeMap::new();
            for (at, amount) in changes {
                let at = at.index(tokens.len());
                tokens[at] = amount;
                changed.insert(at as u32, amount);
            }
            for amount in appended {
                changed.insert(tokens.len() as u32, amount);
                tokens.push(amount);
            }
            // The order in which changes arrive does not matter.
            let changed: Vec<RewardLeaf> =
                changed.into_iter().rev().map(|(index, tokens)| leaf(index, tokens)).collect();
            let rehashed = tree.update(&changed).expect("a legal update");
            prop_assert!(rehashed.leaves <= changed.len());
            let at_once = Tree::build(&POOL, &leaves(&tokens)).expect("a tree");
            prop_assert_eq!(&tree, &at_once);
            prop_assert_eq!(tree.root(), by_definition(&leaves(&tokens)));
        }
    }
}
