use cairn_interface::registry::{
    AcceptAuthority, ConfigureNetwork, CreateNetwork, NetworkChanged, NetworkCreated,
    ProposeAuthority, Registration, RegistryError, RegistryEvent,
};
use cairn_testkit::assert_refused;
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};

use cairn_testkit::registry::{Scene, event};

/// A second network of the scene's authority.
fn second(scene: &Scene) -> CreateNetwork {
    CreateNetwork {
        payer: scene.payer(),
        authority: scene.authority.pubkey(),
        id: 8,
        guardian: scene.guardian.pubkey(),
        registration: Registration::Endorsed,
    }
}

#[test]
fn a_network_begins_empty_under_its_creator() {
    let mut scene = Scene::network(Registration::Open);
    let create = second(&scene);
    let authority = scene.authority.insecure_clone();
    let outcome = scene.must(&[create.instruction()], &[&authority]);
    assert_eq!(
        event(&outcome),
        RegistryEvent::NetworkCreated(NetworkCreated {
            network: create.network(),
            authority: authority.pubkey(),
            guardian: scene.guardian.pubkey(),
            id: 8,
            registration: Registration::Endorsed.byte(),
        })
    );
    scene.network = create.network();
    let view = scene.network_view();
    assert_eq!(view.authority, authority.pubkey());
    assert_eq!(view.creator, authority.pubkey());
    assert_eq!(view.guardian, scene.guardian.pubkey());
    assert_eq!(view.pending_authority(), None);
    assert_eq!(view.registration(), Registration::Endorsed);
    assert_eq!((view.devices, view.banned, view.trees), (0, 0, 0));
    assert_eq!(view.devices_by_class, [0; 16]);
}

#[test]
fn a_guardian_of_zeros_is_refused() {
    let mut scene = Scene::network(Registration::Open);
    let authority = scene.authority.insecure_clone();
    let create = CreateNetwork {
        guardian: Pubkey::default(),
        ..second(&scene)
    };
    let ran = scene.run(&[create.instruction()], &[&authority]);
    assert_refused(ran, RegistryError::ZeroKey);

    let configure = ConfigureNetwork {
        authority: authority.pubkey(),
        network: scene.network,
        guardian: Pubkey::default(),
        registration: Registration::Open,
    };
    let ran = scene.run(&[configure.instruction()], &[&authority]);
    assert_refused(ran, RegistryError::ZeroKey);
}

#[test]
fn a_registration_policy_that_does_not_exist_is_refused() {
    let mut scene = Scene::network(Registration::Open);
    let authority = scene.authority.insecure_clone();
    let mut create = second(&scene).instruction();
    *create.data.last_mut().expect("the policy's byte") = 3;
    assert_refused(
        scene.run(&[create], &[&authority]),
        RegistryError::UnknownPolicy,
    );
    let mut configure = ConfigureNetwork {
        authority: authority.pubkey(),
        network: scene.network,
        guardian: scene.guardian.pubkey(),
        registration: Registration::Open,
    }
    .instruction();
    *configure.data.last_mut().expect("the policy's byte") = 3;
    assert_refused(
        scene.run(&[configure], &[&authority]),
        RegistryError::UnknownPolicy,
    );
}

#[test]
fn the_authority_names_guardian_and_policy_and_nobody_else_does() {
    let mut scene = Scene::network(Registration::Open);
    let guardian = scene.fresh();
    let configure = |authority: &Keypair, scene: &Scene| {
        ConfigureNetwork {
            authority: authority.pubkey(),
            network: scene.network,
            guardian: guardian.pubkey(),
            registration: Registration::Closed,
        }
        .instruction()
    };
    for stranger in [scene.guardian.insecure_clone(), scene.fresh()] {
        let instruction = configure(&stranger, &scene);
        let ran = scene.run(&[instruction], &[&stranger]);
        assert_refused(ran, RegistryError::NotAuthority);
    }
    let authority = scene.authority.insecure_clone();
    let instruction = configure(&authority, &scene);
    let outcome = scene.must(&[instruction], &[&authority]);
    assert_eq!(
        event(&outcome),
        RegistryEvent::NetworkChanged(NetworkChanged {
            network: scene.network,
            authority: authority.pubkey(),
            pending_authority: Pubkey::default(),
            guardian: guardian.pubkey(),
            registration: Registration::Closed.byte(),
        })
    );
    let view = scene.network_view();
    assert_eq!(
        (view.guardian, view.registration()),
        (guardian.pubkey(), Registration::Closed)
    );
}

#[test]
fn a_network_changes_hands_in_two_steps() {
    let mut scene = Scene::network(Registration::Open);
    let (authority, next) = (scene.authority.insecure_clone(), scene.fresh());
    let propose = |from: &Keypair, to: Pubkey, scene: &Scene| {
        ProposeAuthority {
            authority: from.pubkey(),
            network: scene.network,
            new_authority: to,
        }
        .instruction()
    };
    let accept = |by: &Keypair, scene: &Scene| {
        AcceptAuthority {
            new_authority: by.pubkey(),
            network: scene.network,
        }
        .instruction()
    };
    // Nothing was offered.
    let instruction = accept(&next, &scene);
    let ran = scene.run(&[instruction], &[&next]);
    assert_refused(ran, RegistryError::NotPendingAuthority);
    // Only the authority offers.
    let instruction = propose(&next, next.pubkey(), &scene);
    let ran = scene.run(&[instruction], &[&next]);
    assert_refused(ran, RegistryError::NotAuthority);
    // An offer changes nothing yet, and is for one key.
    let instruction = propose(&authority, next.pubkey(), &scene);
    scene.must(&[instruction], &[&authority]);
    assert_eq!(scene.network_view().authority, authority.pubkey());
    let instruction = accept(&authority, &scene);
    let ran = scene.run(&[instruction], &[&authority]);
    assert_refused(ran, RegistryError::NotPendingAuthority);
    // It can be taken back.
    let instruction = propose(&authority, Pubkey::default(), &scene);
    scene.must(&[instruction], &[&authority]);
    let instruction = accept(&next, &scene);
    let ran = scene.run(&[instruction], &[&next]);
    assert_refused(ran, RegistryError::NotPendingAuthority);
    // Accepted, it holds, and the old key is a stranger.
    let instructions = [
        propose(&authority, next.pubkey(), &scene),
        accept(&next, &scene),
    ];
    scene.must(&instructions, &[&authority, &next]);
    let view = scene.network_view();
    assert_eq!(view.authority, next.pubkey());
    assert_eq!(view.pending_authority(), None);
    let instruction = propose(&authority, authority.pubkey(), &scene);
    let ran = scene.run(&[instruction], &[&authority]);
    assert_refused(ran, RegistryError::NotAuthority);
}
