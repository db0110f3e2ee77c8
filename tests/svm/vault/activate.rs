use cairn_interface::{
    spl,
    vault::{
        ActivateEpoch, EpochActivated, EpochStatus, SetKeepers, VaultError, VaultEvent,
        vault_address,
    },
};
use cairn_merkle::EpochNumber;
use cairn_testkit::assert_refused;

use super::scene::{Scene, WEEK, address, event, key};

#[test]
fn an_attested_epoch_becomes_active_after_its_window_by_anyones_hand() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100, 200, 300]);
    scene.fund(600).unwrap();
    scene.prepare(1, &rewards);
    scene.world.warp(-1);
    assert_refused(scene.activate(1), VaultError::ChallengeWindowOpen);
    scene.world.warp(1);
    let said = event(scene.activate(1));
    assert!(matches!(
        said,
        VaultEvent::EpochActivated(EpochActivated {
            number: 1,
            tokens: 600,
            growth: 600,
            vault_balance: 600,
            ..
        })
    ));
    let (pool, epoch) = (scene.pool(), scene.epoch(1));
    assert_eq!(epoch.status(), EpochStatus::Active);
    assert_eq!(epoch.activated_at, scene.world.now());
    assert_eq!(
        (pool.active_epoch, pool.next_epoch, pool.pending_epoch),
        (1, 2, 0)
    );
    assert_eq!(
        (
            pool.total_cumulative,
            pool.points_issued,
            pool.credits_issued
        ),
        (600, 6_000, 9)
    );
    assert_eq!(pool.members, 3);
    let again = ActivateEpoch {
        pool: scene.pool,
        number: EpochNumber::FIRST,
        previous: None,
    };
    let ran = scene.run(&[again.instruction()], &[]);
    assert_refused(ran, VaultError::EpochNotOpen);
}

#[test]
fn the_epoch_before_is_superseded_in_the_same_step() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    scene.world.warp(WEEK);
    scene.prepare(2, &first);
    let without = ActivateEpoch {
        pool: scene.pool,
        number: EpochNumber::new(2),
        previous: None,
    };
    let ran = scene.run(&[without.instruction()], &[]);
    assert_refused(ran, VaultError::WrongPreviousEpoch);
    scene.activate(2).unwrap();
    assert_eq!(scene.epoch(1).status(), EpochStatus::Superseded);
    assert_eq!(scene.epoch(2).status(), EpochStatus::Active);

    scene.world.warp(WEEK);
    scene.prepare(3, &first);
    let older = ActivateEpoch {
        pool: scene.pool,
        number: EpochNumber::new(3),
        previous: Some(EpochNumber::FIRST),
    };
    let ran = scene.run(&[older.instruction()], &[]);
    assert_refused(ran, VaultError::WrongPreviousEpoch);
}

#[test]
fn canopy_and_threshold_are_both_needed() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10, 20]);
    scene.fund(30).unwrap();
    scene.propose(1, &rewards).unwrap();
    scene.world.warp(scene.terms.challenge_window_secs);
    assert_refused(scene.activate(1), VaultError::CanopyIncomplete);
    scene.put_canopy(1, &rewards);
    assert_refused(scene.activate(1), VaultError::AttestationsShort);
    scene.attest("keeper 1", 1).unwrap();
    half_a_window_later(&mut scene);
}

/// The last word came: nothing is activated before half a window has passed since.
fn half_a_window_later(scene: &mut Scene) {
    scene.world.warp(scene.terms.challenge_window_secs / 2 - 1);
    assert_refused(scene.activate(1), VaultError::ChallengeWindowOpen);
    scene.world.warp(1);
    scene.activate(1).unwrap();
}

#[test]
fn attestations_of_keepers_removed_since_do_not_count() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10, 20]);
    scene.fund(30).unwrap();
    scene.prepare(1, &rewards);
    assert_eq!(scene.epoch(1).status(), EpochStatus::Attested);
    let change = SetKeepers {
        admin: address("admin"),
        pool: scene.pool,
        keepers: vec![address("keeper 0"), address("keeper 2")],
        threshold: 2,
    };
    scene.must(&[change.instruction()], &["admin"]);
    assert_refused(scene.activate(1), VaultError::AttestationsShort);
    scene.attest("keeper 2", 1).unwrap();
    half_a_window_later(&mut scene);
}

#[test]
fn a_higher_threshold_binds_a_pending_epoch() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10]);
    scene.fund(10).unwrap();
    scene.propose(1, &rewards).unwrap();
    scene.world.warp(scene.terms.challenge_window_secs);
    scene.attest("keeper 1", 1).unwrap();
    let change = SetKeepers {
        admin: address("admin"),
        pool: scene.pool,
        keepers: ["keeper 0", "keeper 1", "keeper 2"].map(address).to_vec(),
        threshold: 3,
    };
    scene.must(&[change.instruction()], &["admin"]);
    assert_refused(scene.activate(1), VaultError::AttestationsShort);
    scene.attest("keeper 2", 1).unwrap();
    half_a_window_later(&mut scene);
}

#[test]
fn the_vault_must_cover_the_root() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100, 200]);
    scene.fund(299).unwrap();
    scene.prepare(1, &rewards);
    assert_refused(scene.activate(1), VaultError::VaultShort);
    scene.fund(1).unwrap();
    scene.activate(1).unwrap();
}

#[test]
fn what_was_claimed_needs_no_cover_any_more() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    scene.claim(1, &first, 1).unwrap();
    let second = scene.rewards(&[100, 260]);
    scene.world.warp(WEEK);
    scene.prepare(2, &second);
    scene.fund(59).unwrap();
    assert_refused(scene.activate(2), VaultError::VaultShort);
    scene.fund(1).unwrap();
    scene.activate(2).unwrap();
}

#[test]
fn tokens_sent_to_the_vault_directly_count_from_the_next_activation() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100]);
    let from = scene.mint_to(&address("stranger"), 150);
    let vault = vault_address(&scene.pool).0;
    let gift = spl::transfer(
        &scene.token_program(),
        &scene.mint,
        6,
        &from,
        &vault,
        &address("stranger"),
        150,
    );
    scene.world.must(&[gift], &[&key("stranger")]);
    assert_eq!(scene.pool().total_funded, 0);
    scene.run_epoch(1, &rewards);
    assert_eq!(scene.pool().total_funded, 150);
}

#[test]
fn another_vault_is_no_proof_of_funds() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100]);
    scene.prepare(1, &rewards);
    let mut activation = scene.activation(1).instruction();
    let rich = scene.mint_to(&address("stranger"), 1_000);
    let vault = vault_address(&scene.pool).0;
    for meta in &mut activation.accounts {
        if meta.pubkey == vault {
            meta.pubkey = rich;
        }
    }
    assert_refused(scene.run(&[activation], &[]), VaultError::WrongVault);
}
