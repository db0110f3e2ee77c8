//! Creating and opening a campaign: twice, interrupted, without the tokens, without signing.

use cairn::command::campaign::{create, open};
use cairn::context::Manner;
use cairn::transact::Transaction;
use cairn_interface::airdrop::{self, CampaignStatus};
use solana_sdk::signer::Signer;

use super::{Scene, in_manner, listening, owner};
use crate::stage::{Listener, TOKEN};

#[tokio::test]
async fn creating_and_opening_twice_does_nothing_and_only_the_creator_may() {
    let scene = Scene::new();
    scene.created(40).await;
    let args = scene.creating();
    let landed = scene.ledger.landed();
    let again = create::run(&scene.as_creator(), &args).await.unwrap();
    assert_eq!(again.get("created"), Some(&false.into()));
    assert!(again.transactions.list.is_empty());
    let foreign = open::run(&scene.as_stranger(), &scene.opening())
        .await
        .unwrap_err();
    assert_eq!(foreign.code(), "wrong-signer");
    let foreign = create::run(&scene.as_stranger(), &args).await.unwrap_err();
    assert_eq!(foreign.code(), "wrong-signer");
    assert_eq!(scene.ledger.landed(), landed);

    let opened = open::run(&scene.as_creator(), &scene.opening())
        .await
        .unwrap();
    assert_eq!(opened.number("nodes"), Some(64));
    assert_eq!(opened.number("deposited"), Some(1_640 * TOKEN));
    assert_eq!(scene.campaign().status(), CampaignStatus::Open);
    let landed = scene.ledger.landed();
    let again = open::run(&scene.as_creator(), &scene.opening())
        .await
        .unwrap();
    assert_eq!(again.get("opened"), Some(&false.into()));
    assert!(again.transactions.list.is_empty());
    assert_eq!(scene.ledger.landed(), landed);
}

#[tokio::test]
async fn opening_goes_on_where_it_stopped() {
    let scene = Scene::new();
    scene.created(40).await;
    // As a run that stopped in the middle left it: 16 of 64 nodes, and tokens in the vault.
    let file = cairn_campaign::read_campaign(&scene.folder()).unwrap();
    let canopy = cairn_campaign::read_canopy(&scene.folder(), &file).unwrap();
    let puts = airdrop::PutCampaignCanopy::all(scene.creator.pubkey(), scene.address(), &canopy);
    let some = cairn_interface::spl::transfer(
        &cairn_interface::ids::TOKEN_PROGRAM,
        &scene.mint,
        6,
        &scene.wallet_of(&scene.creator.pubkey()),
        &airdrop::campaign_vault_address(&scene.address()).0,
        &scene.creator.pubkey(),
        640 * TOKEN,
    );
    scene.ledger.with_world(|world| {
        world.must(&[puts[0].instruction()], &[&scene.creator]);
        world.must(&[some], &[&scene.creator]);
    });
    let opened = open::run(&scene.as_creator(), &scene.opening())
        .await
        .unwrap();
    assert_eq!(opened.number("nodes"), Some(48));
    assert_eq!(opened.number("deposited"), Some(1_000 * TOKEN));
    assert_eq!(scene.campaign().status(), CampaignStatus::Open);
}

#[tokio::test]
async fn a_creator_without_the_tokens_is_told_how_many_are_missing_and_nothing_is_sent() {
    let scene = Scene::new();
    let table = scene.file(
        "drops.csv",
        &format!("owner,amount\n{},1000000.5\n", owner(1).pubkey()),
    );
    let args = scene.preparation(table);
    scene.created_from(&args).await;
    let landed = scene.ledger.landed();
    let error = open::run(&scene.as_creator(), &scene.opening())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "insufficient-tokens");
    assert!(
        error.to_string().contains("0.5 less than the 1,000,000.5"),
        "{error}"
    );
    assert_eq!(scene.ledger.landed(), landed);
}

#[tokio::test]
async fn a_dry_run_and_an_unsigned_transaction_change_nothing() {
    let scene = Scene::new();
    scene.created(3).await;
    let landed = scene.ledger.landed();
    let simulated = open::run(
        &in_manner(scene.as_creator(), Manner::DryRun),
        &scene.opening(),
    )
    .await
    .unwrap();
    assert!(matches!(
        simulated.transactions.list[0],
        Transaction::Simulated { .. }
    ));
    let unsigned = open::run(
        &in_manner(scene.as_creator(), Manner::Unsigned),
        &scene.opening(),
    )
    .await
    .unwrap();
    assert!(matches!(
        unsigned.transactions.list[0],
        Transaction::Unsigned { .. }
    ));
    let declined = open::run(
        &listening(scene.as_creator(), &Listener::new(false)),
        &scene.opening(),
    )
    .await
    .unwrap_err();
    assert_eq!(declined.code(), "declined");
    assert_eq!(scene.ledger.landed(), landed);
}

#[tokio::test]
async fn the_folder_of_another_campaign_under_the_same_number_is_refused() {
    let scene = Scene::new();
    scene.created(3).await;
    std::fs::rename(scene.folder(), scene.home.path().join("first")).unwrap();
    let args = scene.preparation(scene.table(4));
    cairn::command::campaign::prepare::run(&scene.as_creator(), &args)
        .await
        .unwrap();
    let error = create::run(&scene.as_creator(), &scene.creating())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "campaign-exists");
    let error = open::run(&scene.as_creator(), &scene.opening())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "campaign-exists");
}

#[tokio::test]
async fn a_token_account_that_does_not_exist_is_told_apart_from_one_of_another_token() {
    let wrapped = cairn_interface::ids::NATIVE_MINTS[0];
    let scene = Scene::over_unfunded(|world, creator| {
        let other = world.create_mint(creator, 9);
        let mint = world.expect_account(&other);
        world.set_account(&wrapped, mint);
        wrapped
    });
    let table = scene.file(
        "drops.csv",
        &format!("owner,amount\n{},1\n", owner(1).pubkey()),
    );
    scene.created_from(&scene.preparation(table)).await;
    let error = open::run(&scene.as_creator(), &scene.opening())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "no-tokens");
    assert!(error.to_string().contains("does not exist"), "{error}");
    assert!(error.hint().unwrap().contains("spl-token wrap"));

    let (creator, another) = (
        scene.creator.pubkey(),
        scene
            .ledger
            .with_world(|world| world.create_mint(&scene.creator, 6)),
    );
    let from = scene
        .ledger
        .with_world(|world| world.open_token_account(&creator, &another));
    let args = open::Args {
        from: Some(from),
        ..scene.opening()
    };
    let error = open::run(&scene.as_creator(), &args).await.unwrap_err();
    assert_eq!(error.code(), "no-tokens");
    assert!(error.to_string().contains(&another.to_string()), "{error}");
}
