use cairn_interface::registry::{
    ConfigureNetwork, DeviceRegistered, Endorsement, KeyKind, RegisterDevice, Registration,
    RegistryError, RegistryEvent, constants::LOCATION_NONE,
};
use cairn_testkit::assert_refused;
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use solana_sdk::{signature::Keypair, signer::Signer};

use cairn_testkit::registry::{Ran, Scene, consent, endorsement, event};

/// Sends a registration whose device consents.
fn register(
    scene: &mut Scene,
    registration: &RegisterDevice,
    device: &Keypair,
    owner: &Keypair,
) -> Ran {
    let consent = consent(device, &registration.message());
    scene.run(&registration.instructions(&consent, None), &[owner])
}

#[test]
fn a_consenting_device_becomes_the_tree_s_next_leaf() {
    let mut scene = Scene::small();
    for index in 0..5 {
        let (device, owner) = (scene.fresh(), scene.fresh());
        let registration = scene.registration(&device, &owner);
        let outcome = scene.register(&device, &owner);
        let leaf = registration.leaf();
        assert_eq!(leaf.device, device.pubkey().to_bytes());
        assert_eq!(leaf.owner, owner.pubkey().to_bytes());
        assert_eq!(
            event(&outcome),
            RegistryEvent::DeviceRegistered(DeviceRegistered {
                network: scene.network,
                tree: scene.tree,
                index,
                leaf,
                root: scene.whole.root(),
                sequence: u64::from(index) + 1,
            })
        );
        let network = scene.network_view();
        assert_eq!(network.devices, u64::from(index) + 1);
        assert_eq!(network.devices_by_class[1], u64::from(index) + 1);
    }
}

#[test]
fn a_full_tree_takes_no_more() {
    let mut scene = Scene::small();
    for _ in 0..8 {
        scene.hotspot();
    }
    let (device, owner) = (scene.fresh(), scene.fresh());
    let registration = scene.registration(&device, &owner);
    let ran = register(&mut scene, &registration, &device, &owner);
    assert_refused(ran, RegistryError::TreeFull);
}

#[test]
fn a_device_that_makes_no_sense_is_refused_by_field() {
    let mut scene = Scene::small();
    let (device, owner) = (scene.fresh(), scene.fresh());
    let base = scene.registration(&device, &owner);
    let mut class = base.clone();
    class.class = 16;
    let mut country = base.clone();
    country.country = *b"U1";
    let mut place = base.clone();
    place.location_kind = LOCATION_NONE;
    for (registration, error) in [
        (class, RegistryError::DeviceClass),
        (country, RegistryError::DeviceCountry),
        (place, RegistryError::DeviceLocation),
    ] {
        let ran = register(&mut scene, &registration, &device, &owner);
        assert_refused(ran, error);
    }
}

#[test]
fn a_closed_network_registers_nobody_until_it_opens() {
    let mut scene = Scene::new(Registration::Closed, 3, 0);
    let (device, owner) = (scene.fresh(), scene.fresh());
    let registration = scene.registration(&device, &owner);
    let ran = register(&mut scene, &registration, &device, &owner);
    assert_refused(ran, RegistryError::RegistrationClosed);

    let authority = scene.authority.insecure_clone();
    let open = ConfigureNetwork {
        authority: authority.pubkey(),
        network: scene.network,
        guardian: scene.guardian.pubkey(),
        registration: Registration::Open,
    };
    scene.must(&[open.instruction()], &[&authority]);
    scene.register(&device, &owner);
}

#[test]
fn a_network_that_asks_for_endorsements_registers_what_a_manufacturer_endorsed() {
    let mut scene = Scene::new(Registration::Endorsed, 3, 0);
    let (device, owner, maker) = (scene.fresh(), scene.fresh(), scene.manufacturer());
    let mut registration = scene.registration(&device, &owner);
    let ran = register(&mut scene, &registration, &device, &owner);
    assert_refused(ran, RegistryError::IssuerRequired);

    registration.issuer_key = Some(maker.pubkey().to_bytes());
    let consent = consent(&device, &registration.message());
    let endorsement = endorsement(&maker, &registration.endorsement_message());
    let instructions = registration.instructions(&consent, Some(&endorsement));
    scene.must(&instructions, &[&owner]);
    let issuer = scene
        .issuer(maker.pubkey().to_bytes(), KeyKind::Ed25519)
        .issuer();
    assert_eq!(registration.leaf().issuer, issuer.to_bytes());
    scene.follow(0, registration.leaf());
}

#[test]
fn a_manufacturer_with_a_secure_element_endorses_with_p256() {
    let mut scene = Scene::new(Registration::Endorsed, 3, 0);
    let (device, owner) = (scene.fresh(), scene.fresh());
    let authority = scene.authority.insecure_clone();
    let mut kinds = vec![];
    for seed in 1..=8_u8 {
        let key = SigningKey::from_slice(&[seed; 32]).expect("a P-256 key");
        let point = key.verifying_key().to_encoded_point(true);
        let bytes = point.as_bytes();
        let kind = KeyKind::from_byte(bytes[0]).expect("a parity");
        let x: [u8; 32] = bytes[1..].try_into().expect("32 bytes");
        kinds.push(kind);
        let add = scene.issuer(x, kind);
        scene.must(&[add.instruction()], &[&authority]);
        let mut registration = scene.registration(&device, &owner);
        registration.issuer_key = Some(x);
        let signature: Signature = key.sign(&registration.endorsement_message());
        // The runtime takes the low one of the two signatures only.
        let signature = signature.normalize_s().unwrap_or(signature);
        let endorsement = Endorsement {
            key: x,
            key_kind: kind,
            signature: signature.to_bytes().into(),
        };
        let consent = consent(&device, &registration.message());
        let instructions = registration.instructions(&consent, Some(&endorsement));
        scene.must(&instructions, &[&owner]);
        scene.follow(registration.index, registration.leaf());
    }
    assert!(kinds.contains(&KeyKind::P256Even) && kinds.contains(&KeyKind::P256Odd));
}

#[test]
fn registration_works_with_others_instructions_around_it() {
    let mut scene = Scene::small();
    let (device, owner, next) = (scene.fresh(), scene.fresh(), scene.fresh());
    // Two registrations in one transaction, each with its consent in front.
    let first = scene.registration(&device, &owner);
    let mut second = scene.registration(&next, &owner);
    second.index = 1;
    let mut instructions = first.instructions(&consent(&device, &first.message()), None);
    instructions.extend(second.instructions(&consent(&next, &second.message()), None));
    scene.must(&instructions, &[&owner]);
    scene
        .whole
        .set(0, first.leaf().hash(&scene.tree.to_bytes(), 0))
        .expect("free");
    scene
        .whole
        .set(1, second.leaf().hash(&scene.tree.to_bytes(), 1))
        .expect("free");
    scene.check();
}
