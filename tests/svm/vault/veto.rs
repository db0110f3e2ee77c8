use cairn_interface::vault::{EpochStatus, EpochVetoed, VaultError, VaultEvent};
use cairn_testkit::assert_refused;

use super::scene::{Scene, event};

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
