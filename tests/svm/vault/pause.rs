use cairn_interface::vault::{PAUSE_SECS, Pause, PauseSet, Unpause, VaultError, VaultEvent};
use cairn_testkit::assert_refused;
use solana_sdk::instruction::Instruction;

use super::scene::{DAY, HOUR, Scene, address, event};

fn pause(scene: &Scene, authority: &str) -> Instruction {
    Pause {
        authority: address(authority),
        pool: scene.pool,
    }
    .instruction()
}

fn unpause(scene: &Scene, admin: &str) -> Instruction {
    Unpause {
        admin: address(admin),
        pool: scene.pool,
    }
    .instruction()
}

#[test]
fn guardian_or_admin_pauses_and_only_the_admin_resumes() {
    let mut scene = Scene::new();
    for actor in ["guardian", "admin"] {
        let stop = pause(&scene, actor);
        let said = event(scene.run(&[stop], &[actor]));
        assert!(matches!(
            said,
            VaultEvent::PauseSet(PauseSet { paused: 1, .. })
        ));
        assert!(scene.pool().is_paused(scene.world.now()));
        let theft = unpause(&scene, "guardian");
        assert_refused(scene.run(&[theft], &["guardian"]), VaultError::NotAdmin);
        let resume = unpause(&scene, "admin");
        let said = event(scene.run(&[resume], &["admin"]));
        assert!(matches!(
            said,
            VaultEvent::PauseSet(PauseSet { paused: 0, .. })
        ));
        assert!(!scene.pool().is_paused(scene.world.now()));
    }
}

#[test]
fn nobody_else_pauses() {
    let mut scene = Scene::new();
    for actor in ["stranger", "keeper 0"] {
        let stop = pause(&scene, actor);
        assert_refused(scene.run(&[stop], &[actor]), VaultError::NotGuardianOrAdmin);
    }
}

#[test]
fn pausing_twice_and_resuming_what_runs_is_told() {
    let mut scene = Scene::new();
    let (stop, resume) = (pause(&scene, "guardian"), unpause(&scene, "admin"));
    assert_refused(scene.run(&[resume], &["admin"]), VaultError::NotPaused);
    scene.must(std::slice::from_ref(&stop), &["guardian"]);
    assert_refused(scene.run(&[stop], &["guardian"]), VaultError::AlreadyPaused);
}

#[test]
fn a_pause_stops_claims_and_activation_and_nothing_else() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    scene.world.warp(scene.terms.epoch_interval_secs);
    let stop = pause(&scene, "guardian");
    scene.must(&[stop], &["guardian"]);
    assert_refused(scene.claim(1, &first, 0), VaultError::Paused);

    let second = scene.rewards(&[150, 250]);
    scene.fund(100).unwrap();
    scene.prepare(2, &second);
    assert_refused(scene.activate(2), VaultError::Paused);

    let resume = unpause(&scene, "admin");
    scene.must(&[resume], &["admin"]);
    scene.claim(1, &first, 0).unwrap();
    // The window stood still while nobody could claim.
    assert_refused(scene.activate(2), VaultError::ChallengeWindowOpen);
    scene.world.warp(scene.terms.challenge_window_secs);
    scene.activate(2).unwrap();
    scene.claim(2, &second, 0).unwrap();
    assert_eq!(scene.balance(0), 150);
}

#[test]
fn a_pause_ends_by_itself_and_the_pool_runs_as_long_before_the_next() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    let stop = pause(&scene, "guardian");
    scene.must(std::slice::from_ref(&stop), &["guardian"]);
    scene.world.warp(PAUSE_SECS - 1);
    assert_refused(scene.claim(1, &first, 0), VaultError::Paused);
    scene.world.warp(1);
    scene.claim(1, &first, 0).unwrap();
    scene.world.warp(PAUSE_SECS - 1);
    let again = scene.run(std::slice::from_ref(&stop), &["guardian"]);
    assert_refused(again, VaultError::PauseRests);
    scene.world.warp(1);
    scene.must(&[stop], &["guardian"]);
    assert_refused(scene.claim(1, &first, 1), VaultError::Paused);
}

#[test]
fn a_pause_moves_the_window_by_as_long_as_it_lasted() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[100, 200]);
    scene.fund(300).unwrap();
    scene.propose(1, &rewards).unwrap();
    scene.put_canopy(1, &rewards);
    scene.attest("keeper 1", 1).unwrap();
    let (stop, resume) = (pause(&scene, "guardian"), unpause(&scene, "admin"));
    scene.world.warp(HOUR / 2);
    scene.must(&[stop], &["guardian"]);
    scene.world.warp(DAY);
    scene.must(&[resume], &["admin"]);
    scene.world.warp(HOUR / 2 - 1);
    assert_refused(scene.activate(1), VaultError::ChallengeWindowOpen);
    scene.world.warp(1);
    scene.activate(1).unwrap();
}
