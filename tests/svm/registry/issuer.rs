use cairn_interface::{
    ids::SYSTEM_PROGRAM,
    registry::{
        IssuerAdded, IssuerRetired, KeyKind, Registration, RegistryError, RegistryEvent,
        RetireIssuer,
        constants::{ROLE_CARRIER, ROLE_PARTNER},
    },
};
use cairn_testkit::{assert_refused, assert_refused_by};
use solana_sdk::signer::Signer;

use cairn_testkit::registry::{Scene, event};

#[test]
fn an_issuer_is_added_as_described() {
    let mut scene = Scene::network(Registration::Open);
    let authority = scene.authority.insecure_clone();
    for (number, (key, kind)) in [
        ([11; 32], KeyKind::Ed25519),
        ([12; 32], KeyKind::P256Even),
        ([13; 32], KeyKind::P256Odd),
    ]
    .into_iter()
    .enumerate()
    {
        let mut add = scene.issuer(key, kind);
        add.roles = ROLE_CARRIER | ROLE_PARTNER;
        let outcome = scene.must(&[add.instruction()], &[&authority]);
        assert_eq!(
            event(&outcome),
            RegistryEvent::IssuerAdded(IssuerAdded {
                network: scene.network,
                issuer: add.issuer(),
                key,
                key_kind: kind.byte(),
                roles: add.roles,
            })
        );
        let view = scene.world.issuer(&add.issuer());
        assert_eq!(
            (view.network, view.key, view.facts.key_kind),
            (scene.network, key, kind)
        );
        assert_eq!(
            (&view.facts.did, &view.facts.status_list_uri),
            (&add.did, &add.status_list_uri)
        );
        assert_eq!(view.status_list_hash, add.status_list_hash);
        assert_eq!(
            (view.roles, view.is_active(), view.retired_at),
            (add.roles, true, 0)
        );
        assert_eq!(scene.network_view().issuers as usize, number + 1);
    }
}

#[test]
fn an_issuer_that_says_nothing_sensible_is_refused_by_field() {
    let mut scene = Scene::network(Registration::Open);
    let authority = scene.authority.insecure_clone();
    let base = scene.issuer([11; 32], KeyKind::Ed25519);
    let text = |length: usize| "x".repeat(length);
    let mut cases = vec![];
    for (roles, error) in [(0, RegistryError::NoRoles), (16, RegistryError::NoRoles)] {
        let mut add = base.clone();
        add.roles = roles;
        cases.push((add, error));
    }
    for did in ["did:", "web:maker", &format!("did:{}", text(125)), ""] {
        let mut add = base.clone();
        add.did = did.to_owned();
        cases.push((add, RegistryError::DidTooLong));
    }
    for uri in [text(129), "two words".to_owned(), "ü".to_owned()] {
        let mut add = base.clone();
        add.status_list_uri = uri;
        cases.push((add, RegistryError::UriTooLong));
    }
    let mut zero = base.clone();
    zero.key = [0; 32];
    cases.push((zero, RegistryError::ZeroKey));
    for (add, error) in cases {
        assert_refused(scene.run(&[add.instruction()], &[&authority]), error);
    }

    let mut unknown = base.instruction();
    // Discriminator, key, then the kind.
    unknown.data[8 + 32] = 1;
    assert_refused(
        scene.run(&[unknown], &[&authority]),
        RegistryError::UnknownKeyKind,
    );
    let mut longest = base;
    longest.did = format!("did:{}", text(124));
    longest.status_list_uri = text(128);
    scene.must(&[longest.instruction()], &[&authority]);
}

#[test]
fn only_the_authority_adds_and_retires_issuers() {
    let mut scene = Scene::network(Registration::Open);
    let guardian = scene.guardian.insecure_clone();
    let mut add = scene.issuer([11; 32], KeyKind::Ed25519);
    add.authority = guardian.pubkey();
    let ran = scene.run(&[add.instruction()], &[&guardian]);
    assert_refused(ran, RegistryError::NotAuthority);

    let issuer = scene.manufacturer();
    let retire = RetireIssuer {
        authority: guardian.pubkey(),
        network: scene.network,
        issuer: scene
            .issuer(issuer.pubkey().to_bytes(), KeyKind::Ed25519)
            .issuer(),
    };
    let ran = scene.run(&[retire.instruction()], &[&guardian]);
    assert_refused(ran, RegistryError::NotAuthority);
}

#[test]
fn a_retired_issuer_stays_retired() {
    let mut scene = Scene::network(Registration::Open);
    let authority = scene.authority.insecure_clone();
    let key = scene.manufacturer();
    let add = scene.issuer(key.pubkey().to_bytes(), KeyKind::Ed25519);
    let retire = RetireIssuer {
        authority: authority.pubkey(),
        network: scene.network,
        issuer: add.issuer(),
    };
    scene.world.set_time(1_700_000_000);
    let outcome = scene.must(&[retire.instruction()], &[&authority]);
    assert_eq!(
        event(&outcome),
        RegistryEvent::IssuerRetired(IssuerRetired {
            network: scene.network,
            issuer: add.issuer(),
            retired_at: 1_700_000_000,
        })
    );
    let view = scene.world.issuer(&add.issuer());
    assert_eq!((view.is_active(), view.retired_at), (false, 1_700_000_000));
    let ran = scene.run(&[retire.instruction()], &[&authority]);
    assert_refused(ran, RegistryError::IssuerRetired);
    // Its address is taken, so the key can not come back as a new issuer.
    let again = scene.run(&[add.instruction()], &[&authority]);
    assert_refused_by(again, &SYSTEM_PROGRAM, 0);
    assert!(!scene.world.issuer(&add.issuer()).is_active());
}
