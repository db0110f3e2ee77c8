//! Paid once: in one epoch, in a later one, on another page, at two indices, in one transaction, on another pool.

use cairn_interface::vault::{VaultError, epoch_address, member_page_address, vault_address};
use cairn_merkle::{EpochNumber, LeafIndex};
use cairn_testkit::{Rewards, assert_refused};

use super::scene::{Scene, WEEK, member};

fn active() -> (Scene, Rewards) {
    Scene::with_first_epoch(&[100, 200, 300])
}

#[test]
fn twice_in_one_epoch() {
    let (mut scene, first) = active();
    scene.claim(1, &first, 0).unwrap();
    assert_refused(scene.claim(1, &first, 0), VaultError::NothingToClaim);
    assert_eq!(scene.balance(0), 100);
}

#[test]
fn twice_in_one_transaction() {
    let (mut scene, first) = active();
    let claim = scene.claim_of(1, &first, 0).instruction();
    let ran = scene.run(&[claim.clone(), claim], &[]);
    assert_refused(ran, VaultError::NothingToClaim);
    assert_eq!(scene.balance(0), 0);
}

#[test]
fn again_in_a_later_epoch_and_then_in_the_earlier_one() {
    let (mut scene, first) = active();
    scene.claim(1, &first, 0).unwrap();
    scene.run_epoch(2, &first);
    assert_refused(scene.claim(2, &first, 0), VaultError::NothingToClaim);
    scene.claim(2, &first, 1).unwrap();
    assert_refused(scene.claim(1, &first, 1), VaultError::NothingToClaim);
}

#[test]
fn a_smaller_leaf_of_a_later_root_takes_nothing_back_and_pays_nothing() {
    let (mut scene, first) = active();
    scene.claim(1, &first, 1).unwrap();
    let shifted = scene.rewards(&[250, 50, 300]);
    scene.run_epoch(2, &shifted);
    assert_refused(scene.claim(2, &shifted, 1), VaultError::NothingToClaim);
    assert_eq!(scene.page(0).slots[1].tokens_claimed, 200);
}

#[test]
fn on_another_page() {
    let (mut scene, first) = active();
    scene.claim(1, &first, 0).unwrap();
    scene.open_page(1).unwrap();
    let mut again = scene.claim_of(1, &first, 0).instruction();
    again.accounts[2].pubkey = member_page_address(&scene.pool, 1).0;
    assert_refused(scene.run(&[again], &[]), VaultError::WrongPage);
}

#[test]
fn at_two_indices() {
    let (mut scene, first) = active();
    scene.claim(1, &first, 0).unwrap();
    let mut again = scene.claim_of(1, &first, 0);
    again.index = LeafIndex::new(1);
    again.proof = scene.claim_of(1, &first, 1).proof;
    assert_refused(
        scene.run(&[again.instruction()], &[]),
        VaultError::ProofSumMismatch,
    );
    assert_eq!(scene.pool().total_claimed, 100);
}

#[test]
fn on_another_pool_of_the_same_network_and_mint() {
    let (mut scene, first) = active();
    let (own, own_epoch) = (scene.pool, epoch_address(&scene.pool, EpochNumber::FIRST).0);
    let other = {
        let mut creation = scene.create_pool();
        creation.id = 1;
        scene.must(&[creation.instruction()], &["admin"]);
        creation.pool()
    };
    scene.pool = other;
    let others = scene.rewards(&[70, 230, 300]);
    scene.fund(600).unwrap();
    scene.run_epoch(1, &others);
    scene.open_page(0).unwrap();

    // What one pool grants, another does not.
    let mut foreign = first.claim(&scene.pool(), 1, 0);
    foreign.pool = other;
    assert_refused(
        scene.run(&[foreign.instruction()], &[]),
        VaultError::ProofSumMismatch,
    );
    // So do epoch and page.
    let mut mixed = foreign.instruction();
    mixed.accounts[1].pubkey = own_epoch;
    assert_refused(scene.run(&[mixed], &[]), VaultError::WrongPool);
    let mut mixed = foreign.instruction();
    mixed.accounts[2].pubkey = member_page_address(&own, 0).0;
    assert_refused(scene.run(&[mixed], &[]), VaultError::WrongPool);
    let mut mixed = others.claim(&scene.pool(), 1, 0).instruction();
    mixed.accounts[3].pubkey = vault_address(&own).0;
    assert_refused(scene.run(&[mixed], &[]), VaultError::WrongVault);
}

#[test]
fn claims_of_reshuffled_leaves_never_exceed_one_root() {
    // Keepers give what member 1 was paid to member 2: the root does not grow, and neither may what is paid.
    let mut scene = Scene::new();
    scene.fund(10_000).unwrap();
    let first = scene.rewards(&[100, 500, 0]);
    scene.run_epoch(1, &first);
    scene.open_page(0).unwrap();
    for index in 0..3 {
        scene.open_wallet(&member(index));
    }
    scene.claim(1, &first, 1).unwrap();
    let shifted = scene.rewards(&[100, 0, 500]);
    scene.world.warp(WEEK);
    scene.prepare(2, &shifted);
    scene.activate(2).unwrap();
    assert_refused(scene.claim(2, &shifted, 2), VaultError::ClaimsAboveRoot);
    scene.claim(2, &shifted, 0).unwrap();
    assert_eq!(scene.pool().total_claimed, 600);
    assert_eq!(scene.vault_balance(), 9_400);
}
