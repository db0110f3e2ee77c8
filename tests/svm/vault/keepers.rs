use cairn_interface::vault::{
    ApplyRoles, CancelRoles, KeepersSet, RolesAnnounced, RolesCancelled, SetGuardian, SetKeepers,
    VaultError, VaultEvent,
};
use cairn_testkit::assert_refused;
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::scene::{DELAY, Scene, address, event};

fn set(scene: &Scene, admin: &str, keepers: &[Pubkey], threshold: u8) -> Instruction {
    SetKeepers {
        admin: address(admin),
        pool: scene.pool,
        keepers: keepers.to_vec(),
        threshold,
    }
    .instruction()
}

#[test]
fn fewer_keepers_or_a_higher_threshold_take_office_at_once() {
    let mut scene = Scene::new();
    let keepers = [address("keeper 1"), address("keeper 2")];
    let change = set(&scene, "admin", &keepers, 2);
    let said = event(scene.run(&[change], &["admin"]));
    assert!(matches!(
        said,
        VaultEvent::KeepersSet(KeepersSet { threshold: 2, .. })
    ));
    assert_eq!(scene.pool().keepers(), keepers);
    let rewards = scene.rewards(&[5]);
    assert_refused(scene.propose(1, &rewards), VaultError::NotKeeper);
}

#[test]
fn new_keepers_or_a_lower_threshold_wait() {
    let ours = ["keeper 0", "keeper 1", "keeper 2"].map(address);
    let newcomer = ["keeper 0", "keeper 1", "stranger"].map(address);
    for (keepers, threshold) in [(ours, 1), (newcomer, 2)] {
        let mut scene = Scene::new();
        let change = set(&scene, "admin", &keepers, threshold);
        let said = event(scene.run(&[change], &["admin"]));
        let due = scene.world.now() + DELAY;
        assert!(matches!(
            said,
            VaultEvent::RolesAnnounced(RolesAnnounced { keepers_effective_at, .. })
                if keepers_effective_at == due
        ));
        let pool = scene.pool();
        assert_eq!((pool.keepers(), pool.threshold), (&ours[..], 2));
        let apply = ApplyRoles { pool: scene.pool }.instruction();
        scene.world.warp(DELAY - 1);
        let early = scene.run(std::slice::from_ref(&apply), &[]);
        assert_refused(early, VaultError::RolesNotDue);
        scene.world.warp(1);
        let said = event(scene.run(std::slice::from_ref(&apply), &[]));
        assert!(matches!(said, VaultEvent::RolesApplied(_)));
        let pool = scene.pool();
        assert_eq!((pool.keepers(), pool.threshold), (&keepers[..], threshold));
        let again = scene.run(&[apply], &[]);
        assert_refused(again, VaultError::RolesNotPending);
    }
}

#[test]
fn what_tightens_at_once_voids_what_was_announced() {
    let mut scene = Scene::new();
    let looser = set(&scene, "admin", &[address("stranger")], 1);
    let tighter = set(
        &scene,
        "admin",
        &[address("keeper 0"), address("keeper 1")],
        2,
    );
    scene.must(&[looser, tighter], &["admin"]);
    scene.world.warp(DELAY);
    let apply = ApplyRoles { pool: scene.pool }.instruction();
    assert_refused(scene.run(&[apply], &[]), VaultError::RolesNotPending);
}

#[test]
fn roles_change_under_no_epoch_in_flight() {
    let mut scene = Scene::new();
    let looser = set(&scene, "admin", &[address("stranger")], 1);
    scene.must(&[looser], &["admin"]);
    let rewards = scene.rewards(&[5]);
    scene.world.warp(DELAY);
    scene.propose(1, &rewards).unwrap();
    let apply = ApplyRoles { pool: scene.pool }.instruction();
    let held = scene.run(std::slice::from_ref(&apply), &[]);
    assert_refused(held, VaultError::RolesEpochPending);
    scene.veto("guardian", 1).unwrap();
    scene.must(&[apply], &[]);
}

#[test]
fn the_guardian_withdraws_keepers_and_not_its_own_replacement() {
    let mut scene = Scene::new();
    let (pool, admin) = (scene.pool, address("admin"));
    let keepers = set(&scene, "admin", &[address("stranger")], 1);
    let guardian = SetGuardian {
        admin,
        pool,
        outgoing: None,
        guardian: address("stranger"),
    }
    .instruction();
    // Together they could never take office, which only shows when they do.
    scene.must(&[keepers, guardian], &["admin"]);
    let cancel = |by: &str, guardian, keepers, admin| CancelRoles {
        authority: address(by),
        pool,
        guardian,
        keepers,
        admin,
    };
    let none = cancel("guardian", false, false, false).instruction();
    let ran = scene.run(&[none], &["guardian"]);
    assert_refused(ran, VaultError::RolesNotPending);
    let own = cancel("guardian", true, false, false).instruction();
    let ran = scene.run(&[own], &["guardian"]);
    assert_refused(ran, VaultError::NotAdmin);
    let offer = cancel("guardian", false, false, true).instruction();
    let ran = scene.run(&[offer], &["guardian"]);
    assert_refused(ran, VaultError::RolesNotPending);
    let stranger = cancel("stranger", false, true, false).instruction();
    let ran = scene.run(&[stranger], &["stranger"]);
    assert_refused(ran, VaultError::NotGuardianOrAdmin);
    let theirs = cancel("guardian", false, true, false).instruction();
    let said = event(scene.run(&[theirs], &["guardian"]));
    assert!(matches!(
        said,
        VaultEvent::RolesCancelled(RolesCancelled { keepers: 1, .. })
    ));
    scene.apply_roles();
    let pool = scene.pool();
    assert_eq!(pool.guardian, address("stranger"));
    assert_eq!(pool.keepers().len(), 3);
}

#[test]
fn the_guardian_is_neither_admin_nor_keeper() {
    let mut scene = Scene::new();
    let (pool, admin) = (scene.pool, address("admin"));
    let keepers = set(
        &scene,
        "admin",
        &[address("guardian"), address("keeper 0")],
        2,
    );
    let ran = scene.run(&[keepers], &["admin"]);
    assert_refused(ran, VaultError::GuardianHoldsRole);
    for guardian in ["admin", "keeper 1"].map(address) {
        let set = SetGuardian {
            admin,
            pool,
            outgoing: None,
            guardian,
        };
        let ran = scene.run(&[set.instruction()], &["admin"]);
        assert_refused(ran, VaultError::GuardianHoldsRole);
    }
    let mut creation = scene.create_pool();
    creation.id = 1;
    for guardian in ["admin", "keeper 1"].map(address) {
        creation.guardian = guardian;
        let ran = scene.run(&[creation.instruction()], &["admin"]);
        assert_refused(ran, VaultError::GuardianHoldsRole);
    }
}

#[test]
fn nobody_else_does() {
    let mut scene = Scene::new();
    for thief in ["stranger", "guardian", "keeper 0"] {
        let theft = set(&scene, thief, &[address(thief)], 1);
        assert_refused(scene.run(&[theft], &[thief]), VaultError::NotAdmin);
    }
}

#[test]
fn a_keeper_set_must_make_sense() {
    let mut scene = Scene::new();
    let one = address("keeper 0");
    let many: Vec<Pubkey> = (0..17).map(|_| Pubkey::new_unique()).collect();
    let cases: [(&[Pubkey], u8, VaultError); 6] = [
        (&[], 1, VaultError::KeeperCount),
        (&many, 1, VaultError::KeeperCount),
        (&[one, one], 1, VaultError::KeeperDuplicate),
        (&[one, Pubkey::default()], 1, VaultError::ZeroKey),
        (&[one], 0, VaultError::ThresholdRange),
        (&[one], 2, VaultError::ThresholdRange),
    ];
    for (keepers, threshold, expected) in cases {
        let change = set(&scene, "admin", keepers, threshold);
        assert_refused(scene.run(&[change], &["admin"]), expected);
    }
}
