use cairn_interface::vault::{KeepersSet, SetKeepers, VaultError, VaultEvent};
use cairn_testkit::assert_refused;
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::scene::{Scene, address, event};

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
fn the_admin_replaces_the_keepers_at_once() {
    let mut scene = Scene::new();
    let keepers = [address("keeper 1"), address("stranger")];
    let change = set(&scene, "admin", &keepers, 1);
    let said = event(scene.run(&[change], &["admin"]));
    assert!(matches!(
        said,
        VaultEvent::KeepersSet(KeepersSet { threshold: 1, .. })
    ));
    assert_eq!(scene.pool().keepers(), keepers);
    assert_eq!(scene.pool().threshold, 1);
    let rewards = scene.rewards(&[5]);
    assert_refused(scene.propose(1, &rewards), VaultError::NotKeeper);
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
