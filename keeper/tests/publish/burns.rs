//! A payer burns on chain, a keeper freezes what the transactions say, and another gives its word after it has read them itself.

use cairn_client::Ledger as _;
use cairn_epoch::{NetworkTerms, Payer, read_burns, read_decisions};
use cairn_interface::registry::{AddIssuer, KeyKind, constants};
use cairn_interface::spl;
use cairn_interface::traffic::write_burn_memo;
use cairn_keeper::{CloseOptions, ProposeOptions, Record};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_proof::{Body, Kind, Reason, Role, SignedProof, Signer, TrafficSession};
use cairn_scene::{Hotspot, seed};
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use crate::attest::attest;
use crate::world::{DAY, FIRST_START, Scene, anchors};

const PRICE: u64 = 10;

fn carrier() -> [u8; 32] {
    Keypair::new_from_array(seed("carrier", 1))
        .pubkey()
        .to_bytes()
}

/// The carrier is an issuer, and every keeper's ruleset names a payer.
fn open_market(scene: &Scene) {
    let add = scene.ledger.with_world(|world| AddIssuer {
        payer: world.actor("admin").pubkey(),
        authority: world.actor("admin").pubkey(),
        network: scene.network,
        key: carrier(),
        key_kind: KeyKind::Ed25519,
        roles: constants::ROLE_CARRIER,
        did: "did:web:carrier.example".to_owned(),
        status_list_uri: String::new(),
        status_list_hash: [0; 32],
    });
    scene.ledger.with_world(|world| {
        let admin = world.actor("admin");
        world.must(&[add.instruction()], &[&admin]);
    });
    let wallet = scene
        .ledger
        .with_world(|world| world.actor("payer"))
        .pubkey();
    let named = |terms: &mut NetworkTerms| {
        terms.payers = vec![Payer {
            id: 1,
            name: "a travel eSIM".to_owned(),
            wallet: wallet.to_bytes(),
            carrier: carrier(),
            carrier_kind: 0,
            tokens_per_unit: Tokens::new(PRICE),
        }];
    };
    for keeper in ["a", "b"] {
        scene.change_terms(keeper, named);
    }
    scene.adopt_rules("a");
}

/// Burns for `units` of traffic, an hour into epoch 1.
async fn burn(scene: &Scene, units: u64) {
    let pool = scene.pool();
    scene.set_time(FIRST_START + 3_600);
    let transaction = scene.ledger.with_world(|world| {
        let (admin, payer) = (world.actor("admin"), world.actor("payer"));
        let wallet = payer.pubkey();
        let from = world.mint_to(&pool.mint, &admin, &wallet, units * PRICE);
        let program = pool.token_program;
        let burn = spl::burn(&program, &pool.mint, &from, &wallet, units * PRICE);
        world.sign(&payer, &[write_burn_memo(&pool.address, 1), burn], &[])
    });
    scene.ledger.submit(&transaction).await.unwrap();
    scene.set_time(FIRST_START + DAY + 60);
}

/// The first hotspot carried `units`.
fn session(scene: &Scene, units: u64) -> Record {
    let mut proof = Hotspot(0).beat(scene.network, 1, 100, &anchors()[3]).proof;
    proof.body = Body::TrafficSession(TrafficSession {
        session: [3; 32],
        payer: 1,
        subscriber: [4; 32],
        started_at_ms: proof.observed_at_ms,
        bytes: units * 100_000,
        carrier: carrier(),
    });
    let received_at_ms = proof.observed_at_ms + 1_000;
    let signed = SignedProof::new(proof)
        .signed(Role::Device, &Signer::ed25519(&seed("device", 0)))
        .signed(Role::Carrier, &Signer::ed25519(&seed("carrier", 1)));
    Record::proof(signed, received_at_ms)
}

#[tokio::test]
async fn a_burn_on_chain_pays_for_traffic_and_every_keeper_reads_it_there() {
    let scene = Scene::new();
    open_market(&scene);
    burn(&scene, 30).await;
    let a = scene.keeper("a").await;
    scene.ingest(&a, 1).await;
    a.ingest("a session", vec![session(&scene, 40)])
        .await
        .unwrap();
    a.close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap();
    let folder = a.folder().epoch(EpochNumber::FIRST);
    let burns = read_burns(&folder.burns()).unwrap();
    assert_eq!(burns.len(), 1);
    assert_eq!(burns[0].tokens, Tokens::new(30 * PRICE));
    let decisions = read_decisions(folder.root()).unwrap();
    let paid = decisions
        .iter()
        .find(|decision| decision.kind == Some(Kind::TrafficSession))
        .unwrap();
    assert_eq!((paid.reason, paid.milli_points.get()), (Reason::Ok, 30_000));
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    attest(&scene.keeper("b").await, a.folder().root())
        .await
        .unwrap();
}

#[tokio::test]
async fn where_nobody_burned_the_table_is_there_and_empty_and_nothing_is_paid() {
    let scene = Scene::new();
    open_market(&scene);
    let a = scene.keeper("a").await;
    scene.ingest(&a, 1).await;
    a.ingest("a session", vec![session(&scene, 40)])
        .await
        .unwrap();
    a.close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap();
    let folder = a.folder().epoch(EpochNumber::FIRST);
    assert_eq!(read_burns(&folder.burns()).unwrap(), []);
    let decisions = read_decisions(folder.root()).unwrap();
    let refused = |reason| decisions.iter().filter(|it| it.reason == reason).count();
    assert_eq!(refused(Reason::Unpaid), 1);
    // Rules that name no payer any more leave nothing behind when the epoch is frozen again.
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    scene.veto(1);
    scene.change_terms("a", |terms| terms.payers.clear());
    scene.adopt_rules("a");
    a.shut_down().await;
    let a = scene.keeper("a").await;
    a.close(EpochNumber::FIRST, CloseOptions { again: true })
        .await
        .unwrap();
    assert!(!folder.burns().exists());
}
