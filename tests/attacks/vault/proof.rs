//! Leaves and nodes that pretend to be what they are not; sums that do not add up.

use cairn_interface::vault::{Claim, VaultError};
use cairn_merkle::{Credits, LeafIndex, MilliPoints, Node, Tokens};
use cairn_testkit::{Rewards, assert_failed, assert_refused, assert_refused_among};
use solana_sdk::instruction::InstructionError;
use solana_sdk::pubkey::Pubkey;

use super::scene::{Scene, member};

const TOKENS: [u64; 19] = [
    5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95,
];

/// 19 members: depth 5, canopy 2, so that a proof has 3 nodes and there are 13 padding positions.
fn active() -> (Scene, Rewards) {
    Scene::with_first_epoch(&TOKENS)
}

fn refused(spoil: impl FnOnce(&mut Claim, &Rewards), expected: VaultError) {
    let (mut scene, rewards) = active();
    let mut claim = scene.claim_of(1, &rewards, 6);
    spoil(&mut claim, &rewards);
    assert_refused(scene.run(&[claim.instruction()], &[]), expected);
    assert_eq!(scene.pool().total_claimed, 0);
}

#[test]
fn an_inner_node_is_no_leaf_and_a_leaf_no_inner_node() {
    refused(
        |claim, _| {
            claim.proof.remove(0);
            claim.index = LeafIndex::new(claim.index.get() >> 1);
        },
        VaultError::ProofTooShort,
    );
    refused(
        |claim, rewards| claim.proof.insert(0, rewards.leaves()[6].node()),
        VaultError::ProofTooLong,
    );
}

#[test]
fn a_proof_up_to_the_root_is_too_long_where_a_canopy_stands() {
    refused(
        |claim, rewards| claim.proof = rewards.tree().proof(LeafIndex::new(6), 0).unwrap(),
        VaultError::ProofTooLong,
    );
}

#[test]
fn no_proof_at_all_is_too_short() {
    refused(|claim, _| claim.proof.clear(), VaultError::ProofTooShort);
}

#[test]
fn the_last_odd_leaf_has_no_phantom_twin() {
    let (mut scene, rewards) = active();
    let mut claim = scene.claim_of(1, &rewards, 18);
    claim.index = LeafIndex::new(19);
    assert_refused(
        scene.run(&[claim.instruction()], &[]),
        VaultError::LeafIndexOutOfRange,
    );
}

#[test]
fn padding_is_nobodys() {
    let (mut scene, rewards) = active();
    for index in [19, 31] {
        let mut claim = scene.claim_of(1, &rewards, 0);
        claim.index = LeafIndex::new(index);
        claim.tokens = Tokens::ZERO;
        claim.proof = rewards.tree().proof(LeafIndex::new(18), 2).unwrap();
        assert_refused(
            scene.run(&[claim.instruction()], &[]),
            VaultError::LeafIndexOutOfRange,
        );
    }
}

#[test]
fn an_index_beyond_the_tree_wraps_to_nobody() {
    // 6 + 32 has the same lower bits, and so the same way through the tree.
    refused(
        |claim, _| claim.index = LeafIndex::new(claim.index.get() + 32),
        VaultError::LeafIndexOutOfRange,
    );
}

#[test]
fn nothing_of_a_leaf_can_be_changed() {
    refused(
        |claim, _| claim.tokens = Tokens::new(claim.tokens.get() + 1),
        VaultError::ProofSumMismatch,
    );
    refused(
        |claim, _| claim.points = MilliPoints::new(claim.points.get() + 1),
        VaultError::ProofHashMismatch,
    );
    refused(
        |claim, _| claim.credits = Credits::new(claim.credits.get() + 1),
        VaultError::ProofHashMismatch,
    );
    refused(
        |claim, _| claim.index = LeafIndex::new(claim.index.get() ^ 1),
        VaultError::ProofHashMismatch,
    );
    let (mut scene, rewards) = active();
    let mut claim = scene.claim_of(1, &rewards, 6);
    claim.owner = member(7);
    assert_refused(
        scene.run(&[claim.instruction()], &[]),
        VaultError::ProofHashMismatch,
    );
}

#[test]
fn sums_of_siblings_can_not_pay_for_a_bigger_leaf() {
    // Ten more for the leaf, ten less for its sibling: the sum above stays, the hash does not.
    refused(
        |claim, _| {
            claim.tokens = Tokens::new(claim.tokens.get() + 10);
            claim.proof[0] = Node::new(
                claim.proof[0].hash,
                claim.proof[0].sum().saturating_sub(Tokens::new(10)),
            );
        },
        VaultError::ProofHashMismatch,
    );
    refused(
        |claim, _| claim.proof[1] = Node::new(claim.proof[1].hash, Tokens::MAX),
        VaultError::ProofSumOverflow,
    );
}

#[test]
fn every_changed_byte_of_a_proof_is_refused() {
    let (mut scene, rewards) = active();
    let good = scene.claim_of(1, &rewards, 6).instruction();
    let proof = good.data.len() - 120;
    for at in proof..good.data.len() {
        let mut claim = good.clone();
        claim.data[at] ^= 1 << (at % 8);
        assert_refused_among(
            scene.run(&[claim], &[]),
            &["ProofHashMismatch", "ProofSumMismatch"],
        );
    }
    scene.must(&[good], &[]);
}

#[test]
fn half_a_node_is_no_node() {
    let (mut scene, rewards) = active();
    let mut claim = scene.claim_of(1, &rewards, 6).instruction();
    let length = claim.data.len() - 124;
    claim.data[length] -= 20;
    claim.data.truncate(length + 4 + 100);
    assert_refused(scene.run(&[claim], &[]), VaultError::ProofBytes);
}

#[test]
fn truncated_and_overlong_instruction_data_is_refused_or_harmless() {
    let (mut scene, rewards) = active();
    let good = scene.claim_of(1, &rewards, 6).instruction();
    for length in 0..good.data.len() {
        let mut claim = good.clone();
        claim.data.truncate(length);
        assert_failed(
            scene.run(&[claim], &[]),
            &InstructionError::InvalidInstructionData,
        );
    }
    let mut claim = good.clone();
    let at = claim.data.len() - 124;
    claim.data[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    // A length of 4 GiB.
    assert_failed(
        scene.run(&[claim], &[]),
        &InstructionError::InvalidInstructionData,
    );
    assert_eq!(scene.pool().total_claimed, 0);
}

#[test]
fn the_largest_amounts_neither_overflow_nor_panic() {
    let (mut scene, rewards) = active();
    for tokens in [u64::MAX, u64::MAX - 1] {
        let mut claim = scene.claim_of(1, &rewards, 6);
        claim.tokens = Tokens::new(tokens);
        let refused = scene.run(&[claim.instruction()], &[]);
        assert_refused(refused, VaultError::ProofSumOverflow);
    }
    let mut everything = scene.proposal(2, &rewards);
    everything.root = Node::new([1; 32], Tokens::MAX);
    everything.points = MilliPoints::MAX;
    everything.credits = Credits::new(u64::MAX >> 1);
    let ran = scene.run(&[everything.instruction()], &["keeper 0"]);
    assert_refused(ran, VaultError::EmissionCapExceeded);
    assert_ne!(scene.pool, Pubkey::default());
}
