use cairn_interface::vault::{
    AcceptAdmin, AdminAccepted, AdminProposed, GuardianSet, ProposeAdmin, SetGuardian, VaultError,
    VaultEvent,
};
use cairn_testkit::assert_refused;
use solana_sdk::pubkey::Pubkey;

use super::scene::{DELAY, Scene, address, event};

fn offer(scene: &Scene, by: &str, to: Pubkey) -> ProposeAdmin {
    ProposeAdmin {
        admin: address(by),
        pool: scene.pool,
        new_admin: to,
    }
}

fn accept(scene: &Scene, by: &str) -> AcceptAdmin {
    AcceptAdmin {
        new_admin: address(by),
        pool: scene.pool,
    }
}

#[test]
fn a_pool_changes_hands_in_two_steps() {
    let mut scene = Scene::new();
    let offered = offer(&scene, "admin", address("stranger")).instruction();
    let said = event(scene.run(&[offered], &["admin"]));
    assert!(matches!(
        said,
        VaultEvent::AdminProposed(AdminProposed { pending_admin: next, .. }) if next == address("stranger")
    ));
    assert_eq!(scene.pool().admin, address("admin"));
    assert_eq!(scene.pool().pending_admin(), Some(address("stranger")));

    let accepted = accept(&scene, "stranger").instruction();
    scene.world.warp(DELAY - 1);
    let early = scene.run(std::slice::from_ref(&accepted), &["stranger"]);
    assert_refused(early, VaultError::AdminNotDue);
    scene.world.warp(1);
    let said = event(scene.run(&[accepted], &["stranger"]));
    assert!(matches!(
        said,
        VaultEvent::AdminAccepted(AdminAccepted { old_admin, .. }) if old_admin == address("admin")
    ));
    assert_eq!(scene.pool().admin, address("stranger"));
    assert_eq!(scene.pool().pending_admin(), None);
    let late = offer(&scene, "admin", address("admin")).instruction();
    assert_refused(scene.run(&[late], &["admin"]), VaultError::NotAdmin);
}

#[test]
fn only_the_admin_offers_and_only_the_one_offered_accepts() {
    let mut scene = Scene::new();
    let theft = offer(&scene, "stranger", address("stranger")).instruction();
    assert_refused(scene.run(&[theft], &["stranger"]), VaultError::NotAdmin);
    let early = accept(&scene, "stranger").instruction();
    assert_refused(
        scene.run(&[early], &["stranger"]),
        VaultError::NotPendingAdmin,
    );
    let offered = offer(&scene, "admin", address("guardian")).instruction();
    scene.must(&[offered], &["admin"]);
    let wrong = accept(&scene, "stranger").instruction();
    assert_refused(
        scene.run(&[wrong], &["stranger"]),
        VaultError::NotPendingAdmin,
    );
}

#[test]
fn an_offer_can_be_withdrawn() {
    let mut scene = Scene::new();
    let offered = offer(&scene, "admin", address("stranger")).instruction();
    let withdrawn = offer(&scene, "admin", Pubkey::default()).instruction();
    scene.must(&[offered, withdrawn], &["admin"]);
    let late = accept(&scene, "stranger").instruction();
    assert_refused(
        scene.run(&[late], &["stranger"]),
        VaultError::NotPendingAdmin,
    );
}

#[test]
fn admin_and_guardian_together_replace_the_guardian_at_once() {
    let mut scene = Scene::new();
    let pool = scene.pool;
    let set = |by: &str, guardian| SetGuardian {
        admin: address(by),
        pool,
        outgoing: Some(address("guardian")),
        guardian,
    };
    let good = set("admin", address("stranger")).instruction();
    let impostor = SetGuardian {
        outgoing: Some(address("keeper 0")),
        ..set("admin", address("stranger"))
    };
    let ran = scene.run(&[impostor.instruction()], &["admin", "keeper 0"]);
    assert_refused(ran, VaultError::NotGuardian);
    let theft = set("stranger", address("stranger")).instruction();
    let zero = set("admin", Pubkey::default()).instruction();
    let ran = scene.run(&[theft], &["stranger", "guardian"]);
    assert_refused(ran, VaultError::NotAdmin);
    let ran = scene.run(&[zero], &["admin", "guardian"]);
    assert_refused(ran, VaultError::ZeroKey);
    let said = event(scene.run(&[good], &["admin", "guardian"]));
    assert!(matches!(
        said,
        VaultEvent::GuardianSet(GuardianSet { old_guardian, .. }) if old_guardian == address("guardian")
    ));
    assert_eq!(scene.pool().guardian, address("stranger"));
}
