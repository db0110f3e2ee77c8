//! Who pays: where --fee-payer names a key, every fee and every rent is that key's.

use std::sync::Arc;

use cairn::command::network::add_issuer::{IssuerKey, Role};
use cairn::command::{device, epoch, network};
use cairn::context::{Context, Purse};
use cairn::wallet::Wallet;
use cairn_interface::registry::KeyKind;
use solana_sdk::signer::Signer;

use crate::stage::Stage;

#[tokio::test]
async fn a_named_fee_payer_pays_for_every_account_and_the_signer_for_none() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 3).await;
    let payer = stage
        .ledger
        .with_world(|world| world.actor("pays for others"));
    let ctx = Context {
        fee_purse: Some(Arc::new(Purse::holding(Wallet::from(
            payer.insecure_clone(),
        )))),
        ..stage.as_authority()
    };
    let lamports = || {
        stage.ledger.with_world(|world| {
            let of = |key: &dyn Signer| world.lamports(&key.pubkey());
            (of(&stage.authority), of(&payer))
        })
    };
    let (kept, mut before) = lamports();
    let mut paid = |what: &str| {
        let (signers, payers) = lamports();
        assert_eq!(signers, kept, "{what}");
        assert!(payers < before, "{what}");
        before = payers;
    };

    let page = epoch::open_member_page::Args {
        page: Some(0),
        member: None,
        pool: stage.pool_arg(),
    };
    epoch::open_member_page::run(&ctx, &page).await.unwrap();
    paid("a page");
    let tree = device::tree::create::Args {
        network: stage.network_arg(),
        depth: 3,
        canopy_depth: 0,
    };
    device::tree::create::run(&ctx, &tree).await.unwrap();
    paid("a tree");
    let issuer = network::add_issuer::Args {
        network: stage.network_arg(),
        key: IssuerKey {
            kind: KeyKind::Ed25519,
            key: [7; 32],
        },
        roles: vec![Role::Partner],
        did: "did:web:partner.example".to_owned(),
        status_list_uri: None,
        status_list_hash: None,
    };
    network::add_issuer::run(&ctx, &issuer).await.unwrap();
    paid("an issuer");
    stage.create_pool_as(&ctx, 9).await;
    paid("a pool");
    let other = network::create::Args {
        id: 9,
        guardian: stage.guardian.pubkey(),
        registration: network::Policy::Open,
    };
    network::create::run(&ctx, &other).await.unwrap();
    paid("a network");
}
