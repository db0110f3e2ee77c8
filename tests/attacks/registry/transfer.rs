//! A device moves with its owner and itself or the new owner, once, and takes its ban along.

use cairn_interface::{
    ids::{DEVICE_REGISTRY, INSTRUCTIONS_SYSVAR},
    registry::{
        DeviceLeaf, KeyKind, Registration, RegistryError, constants::STATUS_ACTIVE,
        signature_instruction,
    },
};
use cairn_testkit::assert_refused;
use solana_sdk::signer::Signer;

use cairn_testkit::registry::{Scene, consent};

#[test]
fn a_device_is_not_transferred_by_anyone_but_its_owner() {
    let mut scene = Scene::small();
    let (index, device, _owner) = scene.hotspot();
    let thief = scene.fresh();
    // In its own name, with the device's true consent (a stolen device).
    let mut transfer = scene.transfer(index, thief.pubkey());
    transfer.owner = scene.payer();
    let stolen = transfer.by_device(&consent(&device, &transfer.message()));
    assert_refused(scene.run(&stolen, &[]), RegistryError::NotOwner);
    // With a leaf that says it is the owner's.
    transfer.leaf.owner = scene.payer().to_bytes();
    let forged = transfer.by_device(&consent(&device, &transfer.message()));
    assert_refused(scene.run(&forged, &[]), RegistryError::ProofMismatch);
}

#[test]
fn an_owner_can_not_push_a_device_on_someone_who_did_not_agree() {
    let mut scene = Scene::small();
    let (index, device, owner) = scene.hotspot();
    let victim = scene.fresh().pubkey();
    let transfer = scene.transfer(index, victim);
    // Neither the new owner nor the device signs.
    let mut bare = transfer.by_device(&consent(&device, &transfer.message()))[1].clone();
    assert_refused(
        scene.run(&[bare.clone()], &[&owner]),
        RegistryError::ConsentMissing,
    );
    for meta in &mut bare.accounts {
        if meta.pubkey == INSTRUCTIONS_SYSVAR {
            meta.pubkey = DEVICE_REGISTRY;
        }
    }
    assert_refused(scene.run(&[bare], &[&owner]), RegistryError::ConsentMissing);
    // The device agreed to somebody else.
    let other = scene.transfer(index, scene.payer());
    let [_, instruction] = transfer.by_device(&consent(&device, &transfer.message()));
    let [signed, _] = other.by_device(&consent(&device, &other.message()));
    assert_refused(
        scene.run(&[signed, instruction.clone()], &[&owner]),
        RegistryError::ConsentMessage,
    );
    // Another device agreed.
    let stranger = scene.fresh();
    let signed = signature_instruction(
        KeyKind::Ed25519,
        &stranger.pubkey().to_bytes(),
        &consent(&stranger, &transfer.message()).signature,
        &transfer.message(),
    );
    assert_refused(
        scene.run(&[signed, instruction], &[&owner]),
        RegistryError::ConsentKey,
    );
}

#[test]
fn a_transfer_consent_works_once() {
    let mut scene = Scene::small();
    let (index, device, owner) = scene.hotspot();
    let next = scene.fresh();
    let transfer = scene.transfer(index, next.pubkey());
    let consent = consent(&device, &transfer.message());
    scene.must(&transfer.by_device(&consent), &[&owner]);
    let leaf = DeviceLeaf {
        owner: next.pubkey().to_bytes(),
        sequence: 1,
        ..transfer.leaf
    };
    scene.follow(index, leaf);
    // Handed back by both, then the old consent again: the sequence has moved on.
    let back = scene.transfer(index, owner.pubkey());
    scene.must(&[back.by_both_owners()], &[&next, &owner]);
    scene.follow(
        index,
        DeviceLeaf {
            owner: owner.pubkey().to_bytes(),
            sequence: 2,
            ..leaf
        },
    );
    let fresh = scene.transfer(index, next.pubkey());
    let [_, instruction] = fresh.by_device(&consent);
    let [old, _] = transfer.by_device(&consent);
    assert_refused(
        scene.run(&[old, instruction], &[&owner]),
        RegistryError::ConsentMessage,
    );
    assert_refused(
        scene.run(&transfer.by_device(&consent), &[&owner]),
        RegistryError::LeafChanged,
    );
}

#[test]
fn a_banned_device_can_not_be_moved_to_wash_its_ban() {
    let mut scene = Scene::small();
    let (index, device, owner) = scene.hotspot();
    let honest = scene.transfer(index, scene.payer());
    scene.banned(index);
    let next = scene.fresh();
    let transfer = scene.transfer(index, next.pubkey());
    assert_refused(
        scene.run(&[transfer.by_both_owners()], &[&owner, &next]),
        RegistryError::DeviceBanned,
    );
    let by_device = transfer.by_device(&consent(&device, &transfer.message()));
    assert_refused(
        scene.run(&by_device, &[&owner]),
        RegistryError::DeviceBanned,
    );
    // With the leaf from before the ban, and with one that calls itself active.
    assert_refused(
        scene.run(
            &honest.by_device(&consent(&device, &honest.message())),
            &[&owner],
        ),
        RegistryError::LeafChanged,
    );
    let mut washed = transfer.clone();
    washed.leaf.status = STATUS_ACTIVE;
    assert_refused(
        scene.run(&[washed.by_both_owners()], &[&owner, &next]),
        RegistryError::ProofMismatch,
    );
}

#[test]
fn one_device_s_proof_moves_no_other() {
    let mut scene = Scene::new(Registration::Open, 6, 2);
    let (first, _, owner) = scene.hotspot();
    let (second, _, _) = scene.hotspot();
    let next = scene.fresh();
    let base = scene.transfer(first, next.pubkey());
    let both = |scene: &mut Scene, transfer: &cairn_interface::registry::TransferDevice| {
        scene.run(&[transfer.by_both_owners()], &[&owner, &next])
    };
    // At another index, the same leaf is another leaf.
    let mut elsewhere = base.clone();
    (elsewhere.index, elsewhere.proof) = (second, scene.whole.proof(second));
    assert_refused(both(&mut scene, &elsewhere), RegistryError::ProofMismatch);
    // Past the last device.
    let mut beyond = base.clone();
    (beyond.index, beyond.proof) = (2, scene.whole.proof(2));
    assert_refused(both(&mut scene, &beyond), RegistryError::IndexOutOfRange);
    // Proofs of the wrong length, age or content.
    let mut short = base.clone();
    short.proof.pop();
    assert_refused(both(&mut scene, &short), RegistryError::ProofLength);
    let mut long = base.clone();
    long.proof.push([0; 32]);
    assert_refused(both(&mut scene, &long), RegistryError::ProofLength);
    let mut future = base.clone();
    future.proof_sequence += 1;
    assert_refused(both(&mut scene, &future), RegistryError::ProofStale);
    let mut forged = base.clone();
    forged.proof[3][0] ^= 1;
    assert_refused(both(&mut scene, &forged), RegistryError::ProofMismatch);
    // In another tree.
    let (old_tree, whole) = (scene.tree, scene.whole.clone());
    scene.open_tree(6, 2);
    let mut other = base.clone();
    other.tree = scene.tree;
    other.proof_sequence = 0;
    assert_refused(both(&mut scene, &other), RegistryError::IndexOutOfRange);
    (scene.tree, scene.whole) = (old_tree, whole);
    both(&mut scene, &base).expect("the honest one");
}
