//! The encoding, hashed again by another library, and the arithmetic around it.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that computes wrongly fails"
)]

use cairn_merkle::{
    Credits, DROP_LEAF_TAG, DROPS_PER_PAGE, DropLeaf, EMPTY_LEAF, EMPTY_SUBTREES, LEAF_TAG,
    LeafIndex, MAX_DEPTH, MAX_LEAVES, MerkleError, MilliPoints, NODE_LEN, Node, RewardLeaf,
    SLOTS_PER_PAGE, Tokens, canopy_depth_for, canopy_len, depth_for, drop_bit_of, drop_page_of,
    drop_pages_for, fold_canopy, fold_proof, member_page_of, member_pages_for, parent, slot_of,
    verify,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn node(hash: [u8; 32], sum: u64) -> Node {
    Node::new(hash, Tokens::new(sum))
}

fn at(index: u32) -> LeafIndex {
    LeafIndex::new(index)
}

fn leaf() -> RewardLeaf {
    RewardLeaf {
        pool: [0xaa; 32],
        index: at(0x0102_0304),
        owner: [0xbb; 32],
        tokens: Tokens::new(0x1122_3344_5566_7788),
        points: MilliPoints::new(3),
        credits: Credits::MAX,
    }
}

#[test]
fn the_bytes_of_a_leaf_stand_where_the_table_says() {
    let mut expected = vec![0];
    expected.extend_from_slice(b"cairn/leaf/1");
    expected.extend_from_slice(&[0xaa; 32]);
    expected.extend_from_slice(&[4, 3, 2, 1]);
    expected.extend_from_slice(&[0xbb; 32]);
    expected.extend_from_slice(&[0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11]);
    expected.extend_from_slice(&[3, 0, 0, 0, 0, 0, 0, 0]);
    expected.extend_from_slice(&[0xff; 8]);
    assert_eq!(leaf().preimage().as_slice(), expected);
    assert_eq!(leaf().node().hash, sha256(&expected));
    assert_eq!(leaf().node().sum(), leaf().tokens);
    assert!(expected.starts_with(LEAF_TAG));
}

fn drop_leaf() -> DropLeaf {
    DropLeaf {
        campaign: [0xaa; 32],
        index: at(0x0102_0304),
        owner: [0xbb; 32],
        unlocked: Tokens::new(0x1122_3344_5566_7788),
        locked: Tokens::new(3),
    }
}

#[test]
fn the_bytes_of_a_drop_leaf_stand_where_the_table_says() {
    let mut expected = vec![0];
    expected.extend_from_slice(b"cairn/drop/1");
    expected.extend_from_slice(&[0xaa; 32]);
    expected.extend_from_slice(&[4, 3, 2, 1]);
    expected.extend_from_slice(&[0xbb; 32]);
    expected.extend_from_slice(&[0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11]);
    expected.extend_from_slice(&[3, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(drop_leaf().preimage().as_slice(), expected);
    let expected_node = node(sha256(&expected), 0x1122_3344_5566_778b);
    assert_eq!(drop_leaf().node(), Ok(expected_node));
    assert!(expected.starts_with(DROP_LEAF_TAG));
}

#[test]
fn a_drop_leaf_whose_parts_do_not_fit_together_has_no_node() {
    let with = |unlocked, locked| {
        let leaf = DropLeaf {
            unlocked: Tokens::new(unlocked),
            locked: Tokens::new(locked),
            ..drop_leaf()
        };
        leaf.node().map(|node| node.sum().get())
    };
    assert_eq!(with(u64::MAX, 0), Ok(u64::MAX));
    assert_eq!(with(0, u64::MAX), Ok(u64::MAX));
    assert_eq!(with(u64::MAX, 1), Err(MerkleError::SumOverflow));
    assert_eq!(with(1, u64::MAX), Err(MerkleError::SumOverflow));
}

#[test]
fn every_claimant_has_one_bit_of_one_page() {
    assert_eq!((drop_page_of(at(0)), drop_bit_of(at(0))), (0, 0));
    let last = DROPS_PER_PAGE - 1;
    assert_eq!((drop_page_of(at(last)), drop_bit_of(at(last))), (0, last));
    let next = at(last + 1);
    assert_eq!((drop_page_of(next), drop_bit_of(next)), (1, 0));
    assert_eq!((drop_pages_for(1), drop_pages_for(DROPS_PER_PAGE)), (1, 1));
    assert_eq!(drop_pages_for(DROPS_PER_PAGE + 1), 2);
    assert_eq!(drop_pages_for(MAX_LEAVES), 210);
}

#[test]
fn a_nodes_bytes_stand_where_the_table_says() {
    let (left, right) = (node([1; 32], 258), node([2; 32], 1));
    let mut expected = vec![1];
    expected.extend_from_slice(&[1; 32]);
    expected.extend_from_slice(&[2, 1, 0, 0, 0, 0, 0, 0]);
    expected.extend_from_slice(&[2; 32]);
    expected.extend_from_slice(&[1, 0, 0, 0, 0, 0, 0, 0]);
    let above = parent(&left, &right).expect("small sums");
    assert_eq!(above, node(sha256(&expected), 259));
    assert_ne!(Ok(above), parent(&right, &left), "left and right differ");
}

#[test]
fn the_empty_subtrees_follow_from_one_byte() {
    assert_eq!(EMPTY_LEAF, node(sha256(&[2]), 0));
    assert_eq!(EMPTY_SUBTREES.len(), usize::from(MAX_DEPTH) + 1);
    for pair in EMPTY_SUBTREES.windows(2) {
        assert_eq!(parent(&pair[0], &pair[0]), Ok(pair[1]));
    }
}

#[test]
fn no_preimage_of_one_kind_is_one_of_another() {
    // Tag and length differ for each pair, so that equal hashes would be a collision of SHA-256.
    let leaf = leaf().preimage();
    let node_len = 1 + 2 * NODE_LEN;
    assert_eq!((leaf[0], leaf.len()), (0, 105));
    assert_ne!(leaf.len(), node_len);
    let drop = drop_leaf().preimage();
    assert_eq!((drop[0], drop.len()), (0, 97));
    assert_ne!(drop.len(), node_len);
    assert_ne!(drop[..13], leaf[..13]);
    assert_ne!(parent_preimage_start(), leaf[0]);
}

/// The first byte of a node's preimage, found by hashing: the only tag that gives the node's hash.
fn parent_preimage_start() -> u8 {
    let one = leaf().node();
    let other = node(one.hash, 0);
    let expected = parent(&one, &other).expect("small sums").hash;
    (0..=u8::MAX)
        .find(|tag| sha256(&[&[*tag], one.as_bytes(), other.as_bytes()].concat()) == expected)
        .expect("a one-byte tag")
}

#[test]
fn sums_up_to_the_last_bit_fit_and_one_more_does_not() {
    let most = node([1; 32], u64::MAX - 5);
    let five = node([2; 32], 5);
    assert_eq!(parent(&most, &five).map(|node| node.sum()), Ok(Tokens::MAX));
    let six = node([2; 32], 6);
    assert_eq!(parent(&most, &six), Err(MerkleError::SumOverflow));
    assert_eq!(
        fold_proof(six, at(0), &[most]),
        Err(MerkleError::SumOverflow)
    );
    assert_eq!(fold_canopy(&[most, six]), Err(MerkleError::SumOverflow));
}

#[test]
fn the_depth_is_the_smallest_that_holds_every_leaf() {
    for (count, depth) in [(1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (8, 3), (9, 4)] {
        assert_eq!(depth_for(count), Ok(depth), "{count} leaves");
    }
    assert_eq!(depth_for(MAX_LEAVES / 2 + 1), Ok(24));
    assert_eq!(depth_for(MAX_LEAVES), Ok(24));
    for count in [0, MAX_LEAVES + 1, u32::MAX] {
        assert_eq!(depth_for(count), Err(MerkleError::LeafCount));
    }
}

#[test]
fn a_canopy_is_never_deeper_than_its_tree() {
    assert_eq!(canopy_depth_for(6, 23), 6);
    assert_eq!(canopy_depth_for(6, 3), 3);
    assert_eq!(canopy_depth_for(6, 0), 0);
    assert_eq!(canopy_len(0), Ok(1));
    assert_eq!(canopy_len(24), Ok(1 << 24));
    for too_deep in [25, 32, 64, u8::MAX] {
        assert_eq!(canopy_len(too_deep), Err(MerkleError::CanopyLength));
    }
    for len in [0, 3, 5, 6, 7, 63] {
        assert_eq!(
            fold_canopy(&vec![Node::default(); len]),
            Err(MerkleError::CanopyLength)
        );
    }
}

#[test]
fn a_single_leaf_is_its_own_root() {
    let leaf = leaf().node();
    assert_eq!(verify(leaf, at(0), 1, &[], &[leaf], 0), Ok(()));
    assert_eq!(
        verify(leaf, at(1), 1, &[], &[leaf], 0),
        Err(MerkleError::IndexOutOfRange)
    );
    assert_eq!(
        verify(leaf, at(0), 1, &[EMPTY_LEAF], &[leaf], 0),
        Err(MerkleError::ProofTooLong)
    );
    assert_eq!(
        verify(leaf, at(0), 1, &[], &[leaf, leaf], 1),
        Err(MerkleError::CanopyLength)
    );
}

#[test]
fn the_last_leaf_of_the_largest_tree_verifies() {
    let index = at(MAX_LEAVES - 1);
    let leaf = leaf().node();
    let proof: Vec<Node> = EMPTY_SUBTREES[..24].to_vec();
    let root = fold_proof(leaf, index, &proof).expect("small sums");
    assert_eq!(verify(leaf, index, MAX_LEAVES, &proof, &[root], 0), Ok(()));
    let mut canopy = vec![EMPTY_SUBTREES[18]; 64];
    canopy[63] = fold_proof(leaf, index, &proof[..18]).expect("small sums");
    assert_eq!(fold_canopy(&canopy), Ok(root));
    assert_eq!(
        verify(leaf, index, MAX_LEAVES, &proof[..18], &canopy, 6),
        Ok(())
    );
    // The same way from the first position leads elsewhere.
    assert_eq!(
        verify(leaf, at(0), MAX_LEAVES, &proof, &[root], 0),
        Err(MerkleError::HashMismatch)
    );
}

#[test]
fn a_fold_takes_every_sum_that_fits_and_no_other() {
    let child = |sum| node([1; 32], sum);
    for (below, beside, whole) in [
        (1, 2, Some(3)),
        (0, u64::MAX, Some(u64::MAX)),
        (u64::MAX, 0, Some(u64::MAX)),
        (u64::MAX - 4, 4, Some(u64::MAX)),
        (u64::MAX - 4, 5, None),
        (1, u64::MAX, None),
    ] {
        let (below, beside) = (child(below), child(beside));
        let folded = fold_proof(below, at(0), &[beside]);
        assert_eq!(folded, parent(&below, &beside));
        match whole {
            Some(whole) => assert_eq!(folded.map(|node| node.sum().get()), Ok(whole)),
            None => assert_eq!(folded, Err(MerkleError::SumOverflow)),
        }
    }
}

#[test]
fn a_proof_of_another_length_is_told_which_way() {
    let (own, other) = (leaf().node(), node([3; 32], 0));
    let canopy = [node([2; 32], 0)];
    let verdict = |proof: &[Node]| verify(own, at(4), 5, proof, &canopy, 0);
    assert_eq!(verdict(&[other; 1]), Err(MerkleError::ProofTooShort));
    assert_eq!(verdict(&[other; 2]), Err(MerkleError::ProofTooShort));
    assert_eq!(verdict(&[other; 4]), Err(MerkleError::ProofTooLong));
}

#[test]
fn every_error_says_another_thing() {
    let errors = [
        MerkleError::LeafCount,
        MerkleError::IndexOutOfRange,
        MerkleError::ProofTooShort,
        MerkleError::ProofTooLong,
        MerkleError::SumOverflow,
        MerkleError::HashMismatch,
        MerkleError::SumMismatch,
        MerkleError::CanopyLength,
    ];
    let told: std::collections::BTreeSet<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), errors.len());
    assert!(told.iter().all(|text| !text.is_empty()));
}

#[test]
fn a_position_has_one_before_and_one_after_but_at_the_ends() {
    assert_eq!(at(7).next(), Some(at(8)));
    assert_eq!(at(7).previous(), Some(at(6)));
    assert_eq!(
        (at(0).previous(), LeafIndex::MAX.next()),
        (None, None),
        "nothing wraps around"
    );
}

#[test]
fn nodes_are_read_in_place_from_whole_multiples_of_their_length() {
    let nodes = [node([1; 32], 7), node([2; 32], u64::MAX)];
    let mut bytes = vec![0xcc];
    for node in &nodes {
        bytes.extend_from_slice(node.as_bytes());
    }
    // An odd start: account and instruction data are aligned to nothing.
    assert_eq!(Node::slice_from_bytes(&bytes[1..]), Some(&nodes[..]));
    assert_eq!(Node::slice_from_bytes(&[]), Some(&[][..]));
    assert_eq!(Node::slice_from_bytes(&bytes), None);
    assert_eq!(Node::slice_from_bytes(&bytes[2..]), None);
    let one: [u8; NODE_LEN] = bytes[1..=NODE_LEN].try_into().expect("one node");
    assert_eq!(Node::from_bytes(&one), nodes[0]);
}

proptest! {
    #[test]
    fn every_index_has_one_slot(index: u32, other: u32) {
        let (index, other) = (at(index), at(other));
        prop_assert_eq!(member_page_of(index) * SLOTS_PER_PAGE + slot_of(index), index.get());
        prop_assert!(slot_of(index) < SLOTS_PER_PAGE);
        prop_assert_eq!(
            (member_page_of(index), slot_of(index)) == (member_page_of(other), slot_of(other)),
            index == other
        );
    }

    #[test]
    fn an_amount_is_its_number_and_never_wraps(a: u64, b: u64) {
        let (one, other) = (Tokens::new(a), Tokens::new(b));
        prop_assert_eq!(one.checked_add(other).map(Tokens::get), a.checked_add(b));
        prop_assert_eq!(one.checked_sub(other).map(Tokens::get), a.checked_sub(b));
        prop_assert_eq!(one.saturating_add(other).get(), a.saturating_add(b));
        prop_assert_eq!(one.saturating_sub(other).get(), a.saturating_sub(b));
        prop_assert_eq!(Tokens::checked_sum([one, other]), one.checked_add(other));
        prop_assert_eq!(one.cmp(&other), a.cmp(&b));
        prop_assert_eq!(one.to_string().parse(), Ok(one));
        prop_assert_eq!(format!("{one:05}"), format!("{a:05}"));
    }

    #[test]
    fn pages_hold_exactly_their_members(count in 1..=MAX_LEAVES) {
        prop_assert_eq!(member_pages_for(count), member_page_of(at(count - 1)) + 1);
    }

    #[test]
    fn a_canopy_folds_as_pairs_do(
        depth in 0..8u32,
        sums in prop::collection::vec(0..u64::MAX / 256, 128),
    ) {
        let nodes: Vec<Node> = sums[..1 << depth].iter().map(|sum| node([sum.to_le_bytes()[0]; 32], *sum)).collect();
        let mut level = nodes.clone();
        while level.len() > 1 {
            level = level.chunks(2).map(|pair| parent(&pair[0], &pair[1]).expect("small sums")).collect();
        }
        prop_assert_eq!(fold_canopy(&nodes), Ok(level[0]));
    }

    #[test]
    fn whatever_is_asked_verify_answers(
        index: u32, count: u32, canopy_depth: u8, proof_len in 0..30usize, canopy_len in 0..70usize,
    ) {
        // Noise is never accepted and never panics.
        let proof = vec![node([3; 32], u64::MAX / 2); proof_len];
        let canopy = vec![node([4; 32], 1); canopy_len];
        prop_assert!(verify(leaf().node(), at(index), count, &proof, &canopy, canopy_depth).is_err());
    }
}
