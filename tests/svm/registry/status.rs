use cairn_interface::registry::{
    DeviceLeaf, DeviceStatusSet, RegistryError, RegistryEvent,
    constants::{STATUS_ACTIVE, STATUS_BANNED},
};
use cairn_testkit::assert_refused;
use solana_sdk::signer::Signer;

use cairn_testkit::registry::{Scene, event};

#[test]
fn a_guardian_bans_and_only_the_authority_lifts() {
    let mut scene = Scene::small();
    let (guardian, authority) = (
        scene.guardian.insecure_clone(),
        scene.authority.insecure_clone(),
    );
    let (index, _device, _owner) = scene.hotspot();
    let mut ban = scene.ban(index);
    ban.authority = guardian.pubkey();
    let outcome = scene.must(&[ban.instruction()], &[&guardian]);
    let banned = DeviceLeaf {
        status: STATUS_BANNED,
        reason: 12,
        sequence: 1,
        ..ban.leaf
    };
    scene.follow(index, banned);
    assert_eq!(
        event(&outcome),
        RegistryEvent::DeviceStatusSet(DeviceStatusSet {
            network: scene.network,
            tree: scene.tree,
            index,
            by: guardian.pubkey(),
            leaf: banned,
            evidence: [5; 32],
            root: scene.whole.root(),
            sequence: 2,
        })
    );
    assert_eq!(scene.network_view().banned, 1);

    let mut lift = scene.ban(index);
    (lift.status, lift.reason, lift.authority) = (STATUS_ACTIVE, 0, guardian.pubkey());
    let ran = scene.run(&[lift.instruction()], &[&guardian]);
    assert_refused(ran, RegistryError::GuardianCannotLift);

    lift.authority = authority.pubkey();
    scene.must(&[lift.instruction()], &[&authority]);
    scene.follow(
        index,
        DeviceLeaf {
            status: STATUS_ACTIVE,
            reason: 0,
            sequence: 2,
            ..banned
        },
    );
    assert_eq!(scene.network_view().banned, 0);
}

#[test]
fn nobody_else_changes_a_status() {
    let mut scene = Scene::small();
    let (index, _device, owner) = scene.hotspot();
    let mut ban = scene.ban(index);
    ban.authority = owner.pubkey();
    let ran = scene.run(&[ban.instruction()], &[&owner]);
    assert_refused(ran, RegistryError::NotGuardian);
}

#[test]
fn a_ban_needs_a_reason_evidence_and_a_status_that_is_new() {
    let mut scene = Scene::small();
    let authority = scene.authority.insecure_clone();
    let (index, _device, _owner) = scene.hotspot();
    let base = scene.ban(index);
    let mut reason = base.clone();
    reason.reason = 0;
    let mut evidence = base.clone();
    evidence.evidence = [0; 32];
    let mut unknown = base.clone();
    unknown.status = 3;
    let mut same = base.clone();
    same.status = STATUS_ACTIVE;
    for (change, error) in [
        (reason, RegistryError::ReasonRequired),
        (evidence, RegistryError::ReasonRequired),
        (unknown, RegistryError::DeviceStatus),
        (same, RegistryError::SameStatus),
    ] {
        let ran = scene.run(&[change.instruction()], &[&authority]);
        assert_refused(ran, error);
    }
}

#[test]
fn a_device_whose_ban_was_lifted_can_be_handed_on() {
    let mut scene = Scene::small();
    let authority = scene.authority.insecure_clone();
    let (index, _device, owner) = scene.hotspot();
    scene.banned(index);
    let mut lift = scene.ban(index);
    (lift.status, lift.reason) = (STATUS_ACTIVE, 1);
    scene.must(&[lift.instruction()], &[&authority]);
    scene.follow(
        index,
        DeviceLeaf {
            status: STATUS_ACTIVE,
            reason: 1,
            sequence: 2,
            ..lift.leaf
        },
    );
    let next = scene.fresh();
    let transfer = scene.transfer(index, next.pubkey());
    scene.must(&[transfer.by_both_owners()], &[&owner, &next]);
}
