//! A device is registered with its own signature over exactly what is written, once.

use cairn_interface::registry::{
    DeviceLeaf, KeyKind, RegisterDevice, Registration, RegistryError, signature_instruction,
};
use cairn_testkit::assert_refused;
use cairn_testkit::registry::{Scene, consent};
use solana_sdk::signer::Signer;

use super::{after, honest};

#[test]
fn a_device_that_did_not_sign_can_not_be_registered() {
    let mut scene = Scene::small();
    let (registration, _device, owner, _) = honest(&mut scene);
    let ran = after(&mut scene, vec![], &registration, &owner);
    assert_refused(ran, RegistryError::ConsentMissing);
}

#[test]
fn another_s_device_key_can_not_be_registered_with_one_s_own_signature() {
    let mut scene = Scene::small();
    let (registration, _device, owner, _) = honest(&mut scene);
    let thief = scene.fresh();
    let message = registration.message();
    let signed = signature_instruction(
        KeyKind::Ed25519,
        &thief.pubkey().to_bytes(),
        &consent(&thief, &message).signature,
        &message,
    );
    let ran = after(&mut scene, vec![signed], &registration, &owner);
    assert_refused(ran, RegistryError::ConsentKey);
}

#[test]
fn a_consent_to_one_owner_can_not_be_used_by_another() {
    let mut scene = Scene::small();
    let (mut registration, _device, _owner, signed) = honest(&mut scene);
    let thief = scene.fresh();
    registration.owner = thief.pubkey();
    let ran = after(&mut scene, vec![signed], &registration, &thief);
    assert_refused(ran, RegistryError::ConsentMessage);
}

#[test]
fn a_consent_covers_every_field_of_the_leaf() {
    let mut scene = Scene::small();
    let (base, _device, owner, signed) = honest(&mut scene);
    let changes: [fn(&mut RegisterDevice); 6] = [
        |registration| registration.class = 2,
        |registration| registration.model = 1,
        |registration| registration.country = *b"CA",
        |registration| registration.hardware = [0; 32],
        // The last digit of the cell that counts: another cell that exists.
        |registration| registration.location[2] ^= 1 << 2,
        |registration| registration.location_kind = 2,
    ];
    for change in changes {
        let mut registration = base.clone();
        change(&mut registration);
        let ran = after(&mut scene, vec![signed.clone()], &registration, &owner);
        assert_refused(ran, RegistryError::ConsentMessage);
    }
}

#[test]
fn a_used_consent_registers_nothing_again_even_after_a_transfer_and_a_ban() {
    let mut scene = Scene::small();
    let (registration, _device, owner, signed) = honest(&mut scene);
    let ran = after(&mut scene, vec![signed.clone()], &registration, &owner);
    ran.expect("the first time");
    scene.follow(0, registration.leaf());
    // As it was sent, for the index it was given for.
    let ran = after(&mut scene, vec![signed.clone()], &registration, &owner);
    assert_refused(ran, RegistryError::NonceUsed);
    // And for the index that is next now.
    let mut again = registration.clone();
    again.index = 1;
    let ran = after(&mut scene, vec![signed.clone()], &again, &owner);
    assert_refused(ran, RegistryError::ConsentMessage);
    // Sold and banned, the old consent brings it back to nobody.
    let next = scene.fresh();
    let transfer = scene.transfer(0, next.pubkey());
    scene.must(&[transfer.by_both_owners()], &[&owner, &next]);
    let leaf = DeviceLeaf {
        owner: next.pubkey().to_bytes(),
        sequence: 1,
        ..transfer.leaf
    };
    scene.follow(0, leaf);
    scene.banned(0);
    for index in [0, 1] {
        let mut replay = registration.clone();
        replay.index = index;
        let ran = after(&mut scene, vec![signed.clone()], &replay, &owner);
        let error = if index == 0 {
            RegistryError::NonceUsed
        } else {
            RegistryError::ConsentMessage
        };
        assert_refused(ran, error);
    }
}

#[test]
fn a_consent_to_one_tree_or_network_is_none_for_another() {
    let mut scene = Scene::small();
    let (registration, _device, owner, signed) = honest(&mut scene);
    scene.open_tree(3, 0);
    let mut other = registration.clone();
    other.tree = scene.tree;
    let ran = after(&mut scene, vec![signed.clone()], &other, &owner);
    assert_refused(ran, RegistryError::ConsentMessage);

    // The same authority's second network, and the first one's tree.
    let create = cairn_interface::registry::CreateNetwork {
        payer: scene.payer(),
        authority: scene.authority.pubkey(),
        id: 8,
        guardian: scene.guardian.pubkey(),
        registration: Registration::Open,
    };
    let authority = scene.authority.insecure_clone();
    scene.must(&[create.instruction()], &[&authority]);
    other.network = create.network();
    let ran = after(&mut scene, vec![signed.clone()], &other, &owner);
    assert_refused(ran, RegistryError::WrongNetwork);

    scene.network = create.network();
    scene.open_tree(3, 0);
    other.tree = scene.tree;
    let ran = after(&mut scene, vec![signed], &other, &owner);
    assert_refused(ran, RegistryError::ConsentMessage);
}
