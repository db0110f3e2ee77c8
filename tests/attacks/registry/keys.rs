//! One key of a network stolen at a time: the worst it can do is what SECURITY.md says.

use cairn_interface::{
    ids::REWARD_VAULT,
    registry::{
        DeviceLeaf, KeyKind, RegisterDevice, Registration, RegistryError, RetireIssuer,
        signature_instruction,
    },
};
use cairn_testkit::assert_refused;
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};

use cairn_testkit::registry::{Ran, Scene, consent, endorsement};

/// A registration without the device's own signature: somebody else's over the same words.
fn register_for_another(scene: &mut Scene, thief: &Keypair) -> Ran {
    let (device, owner) = (scene.fresh(), scene.fresh());
    let registration = scene.registration(&device, &owner);
    let message = registration.message();
    let signed = signature_instruction(
        KeyKind::Ed25519,
        &thief.pubkey().to_bytes(),
        &consent(thief, &message).signature,
        &message,
    );
    let both = [signed, registration.instruction()];
    scene.run(&both, &[&owner, thief])
}

#[test]
fn a_stolen_network_authority_moves_no_device_signs_for_none_and_touches_no_pool() {
    let mut scene = Scene::small();
    let authority = scene.authority.insecure_clone();
    let (index, device, owner) = scene.hotspot();
    // Not to itself, neither as the owner nor with the device's old word.
    let mut theft = scene.transfer(index, authority.pubkey());
    theft.owner = authority.pubkey();
    let by_device = theft.by_device(&consent(&device, &theft.message()));
    let ran = scene.run(&by_device, &[&authority]);
    assert_refused(ran, RegistryError::NotOwner);
    let ran = register_for_another(&mut scene, &authority);
    assert_refused(ran, RegistryError::ConsentKey);
    // It can ban, and what it banned still belongs to its owner and comes back with the ban lifted.
    scene.banned(index);
    assert_eq!(scene.leaves[0].owner, owner.pubkey().to_bytes());
    // No instruction of the registry so much as names an account of reward-vault.
    let idl = include_str!("../../../idl/device_registry.json");
    assert!(!idl.contains(&REWARD_VAULT.to_string()));
}

#[test]
fn a_stolen_issuer_endorses_devices_of_its_own_making_until_it_is_retired_and_no_others() {
    let mut scene = Scene::new(Registration::Endorsed, 4, 0);
    let issuer = scene.manufacturer();
    // A device that exists and did not consent stays out.
    let (real, thief) = (scene.fresh(), scene.fresh());
    let mut registration = scene.registration(&real, &thief);
    registration.issuer_key = Some(issuer.pubkey().to_bytes());
    let forged = scene.fresh();
    let mut instructions = registration.instructions(
        &consent(&forged, &registration.message()),
        Some(&endorsement(&issuer, &registration.endorsement_message())),
    );
    let message = registration.message();
    instructions[1] = signature_instruction(
        KeyKind::Ed25519,
        &forged.pubkey().to_bytes(),
        &consent(&forged, &message).signature,
        &message,
    );
    let ran = scene.run(&instructions, &[&thief]);
    assert_refused(ran, RegistryError::ConsentKey);
    // A device it made up gets in, and is seen with the issuer's name on it …
    let made_up = scene.fresh();
    let registration = endorsed(&scene, &made_up, &thief, &issuer);
    send(&mut scene, &registration, &made_up, &thief, &issuer).unwrap();
    scene.follow(0, registration.leaf());
    assert_ne!(scene.leaves[0].issuer, [0; 32]);
    // … until the authority retires the issuer, for ever.
    let authority = scene.authority.insecure_clone();
    let retire = RetireIssuer {
        authority: authority.pubkey(),
        network: scene.network,
        issuer: scene
            .issuer(issuer.pubkey().to_bytes(), KeyKind::Ed25519)
            .issuer(),
    };
    scene.must(&[retire.instruction()], &[&authority]);
    let another = scene.fresh();
    let registration = endorsed(&scene, &another, &thief, &issuer);
    let ran = send(&mut scene, &registration, &another, &thief, &issuer);
    assert_refused(ran, RegistryError::IssuerRetired);
}

fn endorsed(scene: &Scene, device: &Keypair, owner: &Keypair, issuer: &Keypair) -> RegisterDevice {
    RegisterDevice {
        issuer_key: Some(issuer.pubkey().to_bytes()),
        ..scene.registration(device, owner)
    }
}

fn send(
    scene: &mut Scene,
    registration: &RegisterDevice,
    device: &Keypair,
    owner: &Keypair,
    issuer: &Keypair,
) -> Ran {
    let instructions = registration.instructions(
        &consent(device, &registration.message()),
        Some(&endorsement(issuer, &registration.endorsement_message())),
    );
    scene.run(&instructions, &[owner])
}

#[test]
fn a_stolen_device_key_changes_no_owner_and_comes_back_under_no_other() {
    let mut scene = Scene::small();
    let (index, device, owner) = scene.hotspot();
    let thief = scene.fresh();
    let transfer = scene.transfer(index, thief.pubkey());
    let by_device = transfer.by_device(&consent(&device, &transfer.message()));
    // Its consent is one half; the owner's signature is the other.
    let mut alone = by_device.clone();
    alone[1].accounts[0].is_signer = false;
    let ran = scene.run(&alone, &[]);
    cairn_testkit::assert_failed(
        ran,
        &solana_sdk::instruction::InstructionError::MissingRequiredSignature,
    );
    let mut as_owner = transfer.clone();
    as_owner.owner = thief.pubkey();
    let both = as_owner.by_device(&consent(&device, &as_owner.message()));
    assert_refused(scene.run(&both, &[&thief]), RegistryError::NotOwner);
    assert_eq!(scene.leaves[0].owner, owner.pubkey().to_bytes());
    // Registered again under the thief it is a second leaf of a key that the published rules pay once.
    let again = scene.registration(&device, &thief);
    let instructions = again.instructions(&consent(&device, &again.message()), None);
    scene.must(&instructions, &[&thief]);
    scene.follow(1, again.leaf());
    assert_eq!(scene.leaves[0].device, scene.leaves[1].device);
}

#[test]
fn a_stolen_owner_key_hands_on_its_own_devices_and_no_others() {
    let mut scene = Scene::small();
    let (index, device, owner) = scene.hotspot();
    let (other, _, _) = scene.hotspot();
    let thief = scene.fresh();
    // Alone it moves nothing onto somebody who did not agree; with the thief's own signature it does.
    let transfer = scene.transfer(index, thief.pubkey());
    let [_, without_consent] = transfer.by_device(&consent(&device, &transfer.message()));
    let ran = scene.run(&[without_consent], &[&owner]);
    assert_refused(ran, RegistryError::ConsentMissing);
    let mut others = scene.transfer(other, thief.pubkey());
    others.owner = owner.pubkey();
    let ran = scene.run(&[others.by_both_owners()], &[&owner, &thief]);
    assert_refused(ran, RegistryError::NotOwner);
    scene.must(&[transfer.by_both_owners()], &[&owner, &thief]);
    let handed = DeviceLeaf {
        owner: thief.pubkey().to_bytes(),
        sequence: 1,
        ..transfer.leaf
    };
    scene.follow(index, handed);
    assert_ne!(
        Pubkey::new_from_array(scene.leaves[1].owner),
        thief.pubkey()
    );
}
