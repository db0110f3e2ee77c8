use cairn_interface::vault::{Pause, PauseSet, Unpause, VaultError, VaultEvent};
use cairn_testkit::assert_refused;
use solana_sdk::instruction::Instruction;

use super::scene::{Scene, address, event};

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
        assert!(scene.pool().is_paused());
        let theft = unpause(&scene, "guardian");
        assert_refused(scene.run(&[theft], &["guardian"]), VaultError::NotAdmin);
        let resume = unpause(&scene, "admin");
        let said = event(scene.run(&[resume], &["admin"]));
        assert!(matches!(
            said,
            VaultEvent::PauseSet(PauseSet { paused: 0, .. })
        ));
        assert!(!scene.pool().is_paused());
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
    let stop = pause(&scene, "guardian");
    scene.must(&[stop], &["guardian"]);
    assert_refused(scene.claim(1, &first, 0), VaultError::Paused);

    let second = scene.rewards(&[150, 250]);
    scene.fund(100).unwrap();
    scene.world.warp(scene.terms.epoch_interval_secs);
    scene.prepare(2, &second);
    assert_refused(scene.activate(2), VaultError::Paused);

    let resume = unpause(&scene, "admin");
    scene.must(&[resume], &["admin"]);
    scene.claim(1, &first, 0).unwrap();
    scene.activate(2).unwrap();
    scene.claim(2, &second, 0).unwrap();
    assert_eq!(scene.balance(0), 150);
}
