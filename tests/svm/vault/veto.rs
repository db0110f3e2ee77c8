use cairn_interface::vault::{
    EpochStatus, EpochVetoed, FIRST_OWN_REASON, LapseEpoch, REASON_LAPSED, VaultError, VaultEvent,
    VetoEpoch,
};
use cairn_merkle::EpochNumber;
use cairn_testkit::assert_refused;

use super::scene::{HOUR, Scene, Terms, address, event};

#[test]
fn guardian_or_admin_stops_an_epoch_before_it_is_active() {
    for actor in ["guardian", "admin"] {
        let mut scene = Scene::new();
        let rewards = scene.rewards(&[10, 20]);
        scene.fund(30).unwrap();
        scene.prepare(1, &rewards);
        let said = event(scene.veto(actor, 1));
        assert!(matches!(
            said,
            VaultEvent::EpochVetoed(EpochVetoed {
                number: 1,
                reason: 7,
                ..
            })
        ));
        assert_eq!(scene.epoch(1).status(), EpochStatus::Vetoed);
        assert_eq!(scene.epoch(1).veto_reason, 7);
        assert_eq!(scene.pool().pending_epoch, 0);
        assert_refused(scene.activate(1), VaultError::EpochNotOpen);
        assert_refused(scene.veto(actor, 1), VaultError::EpochNotOpen);
    }
}

#[test]
fn nobody_else_does() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10]);
    scene.propose(1, &rewards).unwrap();
    for actor in ["stranger", "keeper 0", "keeper 1"] {
        assert_refused(scene.veto(actor, 1), VaultError::NotGuardianOrAdmin);
    }
}

#[test]
fn an_active_epoch_is_beyond_a_veto() {
    let (mut scene, _) = Scene::with_first_epoch(&[10]);
    assert_refused(scene.veto("guardian", 1), VaultError::EpochNotOpen);
}

#[test]
fn the_programs_own_reasons_are_nobody_elses() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10]);
    scene.propose(1, &rewards).unwrap();
    let mut veto = VetoEpoch {
        guardian: address("guardian"),
        pool: scene.pool,
        number: EpochNumber::new(1),
        reason: FIRST_OWN_REASON,
    };
    let ran = scene.run(&[veto.instruction()], &["guardian"]);
    assert_refused(ran, VaultError::ReasonReserved);
    veto.reason -= 1;
    scene.must(&[veto.instruction()], &["guardian"]);
}

#[test]
fn a_keeper_whose_proposal_was_vetoed_leaves_the_next_to_another() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10]);
    scene.propose(1, &rewards).unwrap();
    scene.veto("guardian", 1).unwrap();
    assert_refused(scene.propose(1, &rewards), VaultError::KeeperRests);
    let second = rewards.proposal(&address("keeper 1"), 1);
    scene.must(&[second.instruction()], &["keeper 1"]);
    scene.veto("guardian", 1).unwrap();
    scene.world.warp(HOUR - 1);
    assert_refused(scene.propose(1, &rewards), VaultError::KeeperRests);
    scene.world.warp(1);
    scene.propose(1, &rewards).unwrap();
}

#[test]
fn the_only_keeper_never_rests() {
    let mut scene = Scene::with(Terms {
        keepers: 1,
        threshold: 1,
        ..Terms::default()
    });
    let rewards = scene.rewards(&[10]);
    for _ in 0..3 {
        scene.propose(1, &rewards).unwrap();
        scene.veto("guardian", 1).unwrap();
    }
}

#[test]
fn a_proposal_that_nobody_stands_behind_lapses() {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10, 20]);
    let lapse = LapseEpoch {
        sender: address("stranger"),
        pool: scene.pool,
        number: EpochNumber::new(1),
    }
    .instruction();
    scene.propose(1, &rewards).unwrap();
    scene.put_canopy(1, &rewards);
    scene.world.warp(HOUR - 1);
    let early = scene.run(std::slice::from_ref(&lapse), &["stranger"]);
    assert_refused(early, VaultError::EpochNotLapsed);
    scene.world.warp(1);
    let said = event(scene.run(std::slice::from_ref(&lapse), &["stranger"]));
    assert!(matches!(
        said,
        VaultEvent::EpochVetoed(EpochVetoed { reason, by, .. })
            if reason == REASON_LAPSED && by == address("stranger")
    ));
    assert_refused(scene.propose(1, &rewards), VaultError::KeeperRests);
    // What is complete stays, however long nobody activates it.
    let second = rewards.proposal(&address("keeper 1"), 1);
    scene.must(&[second.instruction()], &["keeper 1"]);
    for part in rewards.put_canopy(&address("keeper 1"), 1, scene.terms.canopy_depth) {
        scene.must(&[part.instruction()], &["keeper 1"]);
    }
    scene.attest("keeper 0", 1).unwrap();
    scene.world.warp(10 * HOUR);
    let stays = scene.run(&[lapse], &["stranger"]);
    assert_refused(stays, VaultError::EpochNotLapsed);
}
