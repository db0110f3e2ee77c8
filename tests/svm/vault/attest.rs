use cairn_interface::vault::{EpochAttested, EpochStatus, SetKeepers, VaultError, VaultEvent};
use cairn_testkit::assert_refused;

use super::scene::{Scene, address, event};

fn proposed() -> Scene {
    let mut scene = Scene::new();
    let rewards = scene.rewards(&[10, 20]);
    scene.propose(1, &rewards).unwrap();
    scene.put_canopy(1, &rewards);
    scene
}

#[test]
fn the_threshold_of_keepers_attests_an_epoch() {
    let mut scene = proposed();
    assert_eq!(scene.epoch(1).status(), EpochStatus::Proposed);
    let said = event(scene.attest("keeper 2", 1));
    assert!(matches!(
        said,
        VaultEvent::EpochAttested(EpochAttested {
            tally: 2,
            threshold: 2,
            ..
        })
    ));
    assert_eq!(scene.epoch(1).status(), EpochStatus::Attested);
    assert_eq!(
        scene.epoch(1).attesters(),
        [address("keeper 0"), address("keeper 2")]
    );
    // One more than needed does no harm.
    scene.attest("keeper 1", 1).unwrap();
}

#[test]
fn a_keeper_attests_once_and_proposing_is_attesting() {
    let mut scene = proposed();
    assert_refused(scene.attest("keeper 0", 1), VaultError::AttestedAlready);
    scene.attest("keeper 1", 1).unwrap();
    assert_refused(scene.attest("keeper 1", 1), VaultError::AttestedAlready);
}

#[test]
fn only_keepers_attest() {
    let mut scene = proposed();
    for actor in ["stranger", "admin", "guardian"] {
        assert_refused(scene.attest(actor, 1), VaultError::NotKeeper);
    }
}

#[test]
fn an_attestation_names_what_was_proposed() {
    let mut scene = proposed();
    let mut other = scene.attestation("keeper 1", 1);
    other.manifest_hash[31] ^= 1;
    let ran = scene.run(&[other.instruction()], &["keeper 1"]);
    assert_refused(ran, VaultError::AttestManifestMismatch);
    let mut other = scene.attestation("keeper 1", 1);
    other.root[0] ^= 1;
    let ran = scene.run(&[other.instruction()], &["keeper 1"]);
    assert_refused(ran, VaultError::AttestRootMismatch);
}

#[test]
fn an_active_or_vetoed_epoch_is_attested_no_more() {
    let (mut scene, _) = Scene::with_first_epoch(&[10]);
    assert_refused(scene.attest("keeper 2", 1), VaultError::EpochNotOpen);
    let mut scene = proposed();
    scene.veto("guardian", 1).unwrap();
    assert_refused(scene.attest("keeper 2", 1), VaultError::EpochNotOpen);
}

#[test]
fn attestations_of_removed_keepers_make_room_for_new_ones() {
    let mut scene = proposed();
    scene.attest("keeper 1", 1).unwrap();
    let keepers = ["keeper 2", "stranger", "guardian"].map(address);
    let change = SetKeepers {
        admin: address("admin"),
        pool: scene.pool,
        keepers: keepers.to_vec(),
        threshold: 2,
    };
    scene.must(&[change.instruction()], &["admin"]);
    scene.attest("keeper 2", 1).unwrap();
    assert_eq!(scene.epoch(1).attesters(), [address("keeper 2")]);
    assert_eq!(scene.epoch(1).status(), EpochStatus::Proposed);
    scene.attest("stranger", 1).unwrap();
    assert_eq!(scene.epoch(1).status(), EpochStatus::Attested);
}
