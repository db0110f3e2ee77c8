//! An issuer stands behind a device by its own signature, while its network trusts it.

use cairn_interface::registry::{
    KeyKind, Registration, RegistryError, RetireIssuer, constants::ROLE_PARTNER,
    signature_instruction,
};
use cairn_testkit::assert_refused;
use cairn_testkit::registry::{Scene, consent, endorsement};
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};

use super::honest;

#[test]
fn an_issuer_is_not_named_without_its_endorsement_of_this_device() {
    let mut scene = Scene::new(Registration::Endorsed, 3, 0);
    let (maker, other) = (scene.manufacturer(), scene.manufacturer());
    let (mut registration, device, owner, _) = honest(&mut scene);
    registration.issuer_key = Some(maker.pubkey().to_bytes());
    let consent = consent(&device, &registration.message());
    let send = |scene: &mut Scene, endorsement| {
        let instructions = registration.instructions(&consent, endorsement);
        scene.run(&instructions, &[&owner])
    };
    assert_refused(send(&mut scene, None), RegistryError::EndorsementMissing);
    // Another issuer's signature.
    let wrong_key = endorsement(&other, &registration.endorsement_message());
    assert_refused(
        send(&mut scene, Some(&wrong_key)),
        RegistryError::EndorsementKey,
    );
    // The right issuer's, of another device.
    let mut sibling = registration.clone();
    sibling.device = scene.fresh().pubkey().to_bytes();
    let message = sibling.endorsement_message();
    let signed = signature_instruction(
        KeyKind::Ed25519,
        &maker.pubkey().to_bytes(),
        &endorsement(&maker, &message).signature,
        &message,
    );
    let mut instructions = registration.instructions(&consent, None);
    instructions.insert(0, signed);
    let ran = scene.run(&instructions, &[&owner]);
    assert_refused(ran, RegistryError::EndorsementMessage);
    // The right one's own device, for which it signed: taken.
    let right = endorsement(&maker, &registration.endorsement_message());
    send(&mut scene, Some(&right)).expect("endorsed");
}

#[test]
fn an_issuer_that_is_retired_of_another_network_or_no_manufacturer_endorses_nothing() {
    let mut scene = Scene::new(Registration::Endorsed, 3, 0);
    let authority = scene.authority.insecure_clone();
    let (maker, partner) = (scene.manufacturer(), scene.fresh());
    let mut add = scene.issuer(partner.pubkey().to_bytes(), KeyKind::Ed25519);
    add.roles = ROLE_PARTNER;
    scene.must(&[add.instruction()], &[&authority]);
    let (base, device, owner, _) = honest(&mut scene);
    let attempt = |scene: &mut Scene, issuer: &Keypair, tamper: Option<Pubkey>| {
        let mut registration = base.clone();
        registration.issuer_key = Some(issuer.pubkey().to_bytes());
        let mut instructions = registration.instructions(
            &consent(&device, &registration.message()),
            Some(&endorsement(issuer, &registration.endorsement_message())),
        );
        if let (Some(account), Some(last)) = (tamper, instructions.last_mut()) {
            last.accounts[3].pubkey = account;
        }
        scene.run(&instructions, &[&owner])
    };
    assert_refused(
        attempt(&mut scene, &partner, None),
        RegistryError::IssuerNotManufacturer,
    );
    // The same key, trusted by another network.
    let (first_network, first_tree) = (scene.network, scene.tree);
    let create = cairn_interface::registry::CreateNetwork {
        payer: scene.payer(),
        authority: authority.pubkey(),
        id: 8,
        guardian: scene.guardian.pubkey(),
        registration: Registration::Open,
    };
    scene.must(&[create.instruction()], &[&authority]);
    scene.network = create.network();
    let foreign = scene.issuer(maker.pubkey().to_bytes(), KeyKind::Ed25519);
    scene.must(&[foreign.instruction()], &[&authority]);
    (scene.network, scene.tree) = (first_network, first_tree);
    assert_refused(
        attempt(&mut scene, &maker, Some(foreign.issuer())),
        RegistryError::WrongNetwork,
    );
    // Retired a moment before.
    let retire = RetireIssuer {
        authority: authority.pubkey(),
        network: scene.network,
        issuer: scene
            .issuer(maker.pubkey().to_bytes(), KeyKind::Ed25519)
            .issuer(),
    };
    scene.must(&[retire.instruction()], &[&authority]);
    assert_refused(
        attempt(&mut scene, &maker, None),
        RegistryError::IssuerRetired,
    );
}
