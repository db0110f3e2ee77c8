//! Roots replaced, numbers reused, votes counted wrong, vaults short.

use cairn_interface::{
    ids, spl,
    vault::{ApplyRoles, EpochStatus, PutCanopy, SetKeepers, VaultError, vault_address},
};
use cairn_merkle::{EpochNumber, Node};
use cairn_testkit::{assert_refused, assert_refused_by};

use super::scene::{Scene, WEEK, address, key, member};

#[test]
fn a_proposed_root_can_not_be_replaced() {
    let mut scene = Scene::new();
    let honest = scene.rewards(&[10, 20]);
    let forged = scene.rewards(&[10, 999]);
    scene.fund(2_000).unwrap();
    scene.prepare(1, &honest);
    assert_refused(scene.propose(1, &forged), VaultError::EpochInFlight);
    scene.activate(1).unwrap();
    assert_refused(scene.propose(1, &forged), VaultError::EpochNumber);
    assert_eq!(scene.epoch(1).root_node(), honest.root());
}

#[test]
fn a_vetoed_epoch_comes_back_only_as_a_new_attempt_with_no_vote() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10, 20]);
    scene.fund(30).unwrap();
    scene.prepare(1, &rewards);
    let old_vote = scene.attestation("keeper 2", 1);
    scene.veto("guardian", 1).unwrap();
    assert_refused(scene.activate(1), VaultError::EpochNotOpen);
    let vote = old_vote.clone().instruction();
    assert_refused(scene.run(&[vote], &["keeper 2"]), VaultError::EpochNotOpen);

    // The next attempt has other files; a vote that was signed for the first does not fit it.
    let mut again = scene.proposal(1, &rewards);
    again.manifest_hash = [0x77; 32];
    scene.world.warp(scene.terms.challenge_window_secs);
    scene.must(&[again.instruction()], &["keeper 0"]);
    assert_refused(
        scene.run(&[old_vote.instruction()], &["keeper 2"]),
        VaultError::AttestProposalMismatch,
    );
    scene.put_canopy(1, &rewards);
    scene.world.warp(scene.terms.challenge_window_secs);
    assert_refused(scene.activate(1), VaultError::AttestationsShort);
}

#[test]
fn a_new_attempt_waits_its_own_window() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10]);
    scene.fund(10).unwrap();
    scene.prepare(1, &rewards);
    scene.veto("guardian", 1).unwrap();
    // Its proposer rests a window, another keeper need not; either way the new attempt has a window of its own.
    assert_refused(scene.propose(1, &rewards), VaultError::KeeperRests);
    scene.world.warp(scene.terms.challenge_window_secs);
    scene.propose(1, &rewards).unwrap();
    scene.attest("keeper 1", 1).unwrap();
    assert_refused(scene.activate(1), VaultError::ChallengeWindowOpen);
}

#[test]
fn nobody_votes_for_an_epoch_that_was_not_proposed() {
    let (mut scene, _) = Scene::with_first_epoch(&[10]);
    let mut vote = scene.attestation("keeper 2", 1);
    vote.number = EpochNumber::new(2);
    let voted = scene.run(&[vote.instruction()], &["keeper 2"]);
    assert_refused(voted, VaultError::EpochUnknown);
}

#[test]
fn a_keeper_that_is_removed_and_comes_back_votes_again_only_once() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10]);
    scene.fund(10).unwrap();
    scene.propose(1, &rewards).unwrap();
    let keepers = |names: &[&str]| SetKeepers {
        admin: address("admin"),
        pool: scene.pool,
        keepers: names.iter().map(|name| address(name)).collect(),
        threshold: 2,
    };
    let without = keepers(&["keeper 1", "keeper 2"]).instruction();
    let with = keepers(&["keeper 0", "keeper 1", "keeper 2"]).instruction();
    scene.must(&[without, with], &["admin"]);
    // It comes back after the delay, and never while an epoch is in flight: its first vote is gone with the proposal.
    assert_refused(scene.attest("keeper 0", 1), VaultError::NotKeeper);
    scene.world.warp(scene.terms.params_delay_secs);
    assert_refused(scene.activate(1), VaultError::AttestationsShort);
    let apply = ApplyRoles { pool: scene.pool }.instruction();
    let held = scene.run(std::slice::from_ref(&apply), &[]);
    assert_refused(held, VaultError::RolesEpochPending);
    scene.veto("guardian", 1).unwrap();
    scene.must(&[apply], &[]);
    let second = rewards.proposal(&address("keeper 1"), 1);
    scene.must(&[second.instruction()], &["keeper 1"]);
    scene.attest("keeper 0", 1).unwrap();
    assert_refused(scene.attest("keeper 0", 1), VaultError::AttestedAlready);
}

#[test]
fn a_removed_keeper_neither_proposes_votes_nor_goes_on_with_its_canopy() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10, 20]);
    scene.propose(1, &rewards).unwrap();
    let change = SetKeepers {
        admin: address("admin"),
        pool: scene.pool,
        keepers: vec![address("keeper 1"), address("keeper 2")],
        threshold: 2,
    };
    scene.must(&[change.instruction()], &["admin"]);
    let part = PutCanopy {
        proposer: address("keeper 0"),
        pool: scene.pool,
        number: EpochNumber::FIRST,
        offset: 0,
        nodes: rewards.canopy(2),
    };
    let ran = scene.run(&[part.instruction()], &["keeper 0"]);
    assert_refused(ran, VaultError::NotKeeper);
    assert_refused(scene.attest("keeper 0", 1), VaultError::NotKeeper);
}

#[test]
fn a_canopy_can_not_smuggle_in_another_tree() {
    // Claims are compared with the canopy alone, so a canopy of another tree would be another root.
    let mut scene = Scene::new();
    let honest = scene.rewards(&[10, 20, 30, 40]);
    let forged = scene.rewards(&[40, 30, 20, 10]);
    assert_eq!(honest.root().sum(), forged.root().sum());
    scene.propose(1, &honest).unwrap();
    let part = |nodes: Vec<Node>| PutCanopy {
        proposer: address("keeper 0"),
        pool: scene.pool,
        number: EpochNumber::FIRST,
        offset: 0,
        nodes,
    };
    let (forged, honest_part) = (part(forged.canopy(2)), part(honest.canopy(2)));
    let ran = scene.run(&[forged.instruction()], &["keeper 0"]);
    assert_refused(ran, VaultError::CanopyHashMismatch);
    scene.must(&[honest_part.instruction()], &["keeper 0"]);
    let ran = scene.run(&[forged.instruction()], &["keeper 0"]);
    assert_refused(ran, VaultError::CanopyComplete);
}

#[test]
fn a_donated_vault_counts_and_a_promise_does_not() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100]);
    scene.prepare(1, &rewards);
    assert_refused(scene.activate(1), VaultError::VaultShort);
    let from = scene.mint_to(&address("stranger"), 100);
    let vault = vault_address(&scene.pool).0;
    let gift = spl::transfer(
        &scene.token_program(),
        &scene.mint,
        6,
        &from,
        &vault,
        &address("stranger"),
        100,
    );
    scene.world.must(&[gift], &[&key("stranger")]);
    scene.activate(1).unwrap();
    scene.open_page(0).unwrap();
    scene.open_wallet(&member(0));
    scene.claim(1, &rewards, 0).unwrap();
}

#[test]
fn nobody_but_the_pool_moves_its_vault() {
    let (mut scene, _) = Scene::with_first_epoch(&[100]);
    let vault = vault_address(&scene.pool).0;
    for thief in ["admin", "guardian", "keeper 0", "stranger"] {
        let to = scene.open_wallet(&address(thief));
        let theft = spl::transfer(
            &scene.token_program(),
            &scene.mint,
            6,
            &vault,
            &to,
            &address(thief),
            1,
        );
        // The token program's OwnerMismatch.
        assert_refused_by(scene.run(&[theft], &[thief]), &ids::TOKEN_PROGRAM, 4);
    }
    assert_eq!(scene.vault_balance(), 100);
}

#[test]
fn an_older_epoch_stays_superseded() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    for number in 2..=3 {
        scene.world.warp(WEEK);
        scene.prepare(number, &first);
        scene.activate(number).unwrap();
    }
    assert_eq!(scene.epoch(1).status(), EpochStatus::Superseded);
    assert_refused(scene.activate(1), VaultError::EpochNotOpen);
    assert_refused(scene.attest("keeper 2", 1), VaultError::EpochNotOpen);
    assert_refused(scene.veto("guardian", 1), VaultError::EpochNotOpen);
}
