//! One campaign's life, and what each step refuses.

use cairn::command::campaign::{CampaignArg, close, create, extend, open, show, sweep, vested};
use cairn::error::Exit;
use cairn::moment::Moment;
use cairn_interface::airdrop::{self, CampaignStatus};
use cairn_interface::spl::create_associated_token_account;
use cairn_testkit::MintExtension::TransferFee;
use cairn_testkit::World;
use solana_sdk::signer::Signer;

use super::{DAY, LASTS, Scene, listening, owner};
use crate::stage::{Listener, TOKEN, page};

fn vested_for(scene: &Scene, n: u64) -> vested::Args {
    vested::Args {
        which: scene.which(),
        owner: Some(owner(n).pubkey()),
        all: false,
    }
}

fn shown(scene: &Scene, n: Option<u64>) -> show::Args {
    show::Args {
        which: scene.which(),
        owner: n.map(|n| owner(n).pubkey()),
    }
}

#[tokio::test]
async fn a_campaign_goes_from_its_table_to_its_tombstone_and_every_token_is_accounted_for() {
    let scene = Scene::new();
    let stranger = scene.as_stranger();
    scene.opened(3).await;
    let before = scene.tokens_of(&scene.creator.pubkey());
    assert_eq!(before, (1_000_000 - 12) * TOKEN);

    // A day before the start nothing is paid.
    let early =
        cairn::command::campaign::claim::one(&stranger, &scene.claim_for(&owner(2).pubkey()))
            .await
            .unwrap_err();
    assert_eq!(
        (early.code().as_ref(), early.exit()),
        ("campaign-not-started", Exit::TryAgain)
    );

    scene.at(0, 0);
    let claimed =
        cairn::command::campaign::claim::one(&stranger, &scene.claim_for(&owner(2).pubkey()))
            .await
            .unwrap();
    assert_eq!(
        (claimed.paid.base(), claimed.still_locked.base()),
        (2 * TOKEN, 2 * TOKEN)
    );
    assert_eq!(scene.tokens_of(&owner(2).pubkey()), 2 * TOKEN);
    let landed = scene.ledger.landed();
    let again =
        cairn::command::campaign::claim::one(&stranger, &scene.claim_for(&owner(2).pubkey()))
            .await
            .unwrap();
    assert!(again.claimed_before && again.paid.base() == 0);
    assert_eq!(scene.ledger.landed(), landed);

    // The cliff is on day 10 of 50; nothing before, a fifth from then on.
    scene.at(10, -1);
    let nothing = vested::run(&stranger, &vested_for(&scene, 2))
        .await
        .unwrap();
    assert_eq!((nothing.paid, nothing.tokens.base()), (0, 0));
    scene.at(10, 0);
    let fifth = vested::run(&stranger, &vested_for(&scene, 2))
        .await
        .unwrap();
    assert_eq!(fifth.tokens.base(), 2 * TOKEN / 5);
    let vesting = show::run(&stranger, &shown(&scene, Some(2))).await.unwrap();
    insta::with_settings!({filters => filters()}, {
        insta::assert_snapshot!("campaign_vesting", page(&vesting));
    });
    scene.at(50, 0);
    // Without files the campaign's accounts say which one is the owner's.
    let by_address = vested::Args {
        which: CampaignArg {
            campaign: Some(scene.address()),
            files: None,
        },
        ..vested_for(&scene, 2)
    };
    let rest = vested::run(&stranger, &by_address).await.unwrap();
    assert_eq!(rest.tokens.base(), 2 * TOKEN - 2 * TOKEN / 5);
    assert_eq!(scene.tokens_of(&owner(2).pubkey()), 4 * TOKEN);
    // The last payment closed the vesting account.
    assert_eq!(scene.campaign().vestings, 0);
    let gone = vested::run(&stranger, &vested_for(&scene, 2))
        .await
        .unwrap_err();
    assert_eq!(gone.code(), "no-vesting");

    // The last second of claims is none of sweeping; the next second is the other way round.
    let sweeping = sweep::Args {
        which: scene.which(),
    };
    scene.at(LASTS, 0);
    let early = sweep::run(&stranger, &sweeping).await.unwrap_err();
    assert_eq!(early.code(), "campaign-not-expired");
    let late = close::run(&stranger, &closing(&scene)).await.unwrap_err();
    assert_eq!(late.code(), "campaign-not-swept");
    scene.at(LASTS, 1);
    let expired =
        cairn::command::campaign::claim::one(&stranger, &scene.claim_for(&owner(1).pubkey()))
            .await
            .unwrap_err();
    assert_eq!(expired.code(), "campaign-expired");
    let swept = sweep::run(&stranger, &sweeping).await.unwrap();
    assert_eq!(swept.number("tokens"), Some(8 * TOKEN));
    assert_eq!(scene.tokens_of(&scene.creator.pubkey()), before + 8 * TOKEN);
    let twice = sweep::run(&stranger, &sweeping).await.unwrap();
    assert!(twice.transactions.list.is_empty() && twice.number("tokens") == Some(8 * TOKEN));

    let lamports = |scene: &Scene| {
        let creator = scene.creator.pubkey();
        scene.ledger.with_world(|world| world.lamports(&creator))
    };
    let poorer = lamports(&scene);
    let closed = close::run(&stranger, &closing(&scene)).await.unwrap();
    assert!(closed.closed && closed.pages == 1);
    assert!(lamports(&scene) > poorer);
    let again = close::run(&stranger, &closing(&scene)).await.unwrap();
    assert!(again.closed && again.transactions.list.is_empty());
    let tombstone = show::run(&stranger, &shown(&scene, None)).await.unwrap();
    assert_eq!(
        (
            tombstone.status,
            tombstone.claimed.base(),
            tombstone.swept.base()
        ),
        ("closed", 4 * TOKEN, 8 * TOKEN)
    );
    // The number stays used for good.
    let revived = create::run(&scene.as_creator(), &scene.creating())
        .await
        .unwrap_err();
    assert_eq!(revived.code(), "campaign-closed");
}

fn closing(scene: &Scene) -> close::Args {
    close::Args {
        which: scene.which(),
        paid_vesting: false,
    }
}

/// Leaves out what depends on the program's id and the random keys of no test: addresses and hashes.
fn filters() -> Vec<(&'static str, &'static str)> {
    vec![
        (r"[0-9a-f]{64}", "[hash]"),
        (r"[1-9A-HJ-NP-Za-km-z]{43,44}", "[address]"),
    ]
}

#[tokio::test]
async fn a_draft_can_be_given_up_by_its_creator_alone() {
    let scene = Scene::new();
    scene.created(3).await;
    let args = sweep::Args {
        which: scene.which(),
    };
    let foreign = sweep::run(&scene.as_stranger(), &args).await.unwrap_err();
    assert_eq!(foreign.code(), "wrong-signer");
    let swept = sweep::run(&scene.as_creator(), &args).await.unwrap();
    assert_eq!(
        (swept.number("tokens"), scene.campaign().status()),
        (Some(0), CampaignStatus::Swept)
    );
    let closed = close::run(&scene.as_stranger(), &closing(&scene))
        .await
        .unwrap();
    assert!(closed.closed);
}

#[tokio::test]
async fn an_expiry_moves_only_later_and_the_effect_says_from_where_to_where() {
    let scene = Scene::new();
    scene.opened(3).await;
    let to = |days: i64| extend::Args {
        which: scene.which(),
        expires: Moment(scene.starts_at + days * DAY),
    };
    for days in [LASTS, LASTS - 1] {
        let error = extend::run(&scene.as_creator(), &to(days))
            .await
            .unwrap_err();
        assert_eq!(error.code(), "expiry-shortened");
    }
    let foreign = extend::run(&scene.as_stranger(), &to(LASTS + 1))
        .await
        .unwrap_err();
    assert_eq!(foreign.code(), "wrong-signer");
    let listener = Listener::new(true);
    let ctx = listening(scene.as_creator(), &listener);
    extend::run(&ctx, &to(LASTS + 1)).await.unwrap();
    assert_eq!(
        scene.campaign().expires_at,
        scene.starts_at + (LASTS + 1) * DAY
    );
    let [effect] = &listener.effects()[..] else {
        panic!("one effect");
    };
    assert_eq!(effect.what, "Move the campaign's expiry");
    // The folder, whose expiry is the old one, is still this campaign's.
    let again = create::run(&scene.as_creator(), &scene.creating()).await;
    assert_eq!(again.unwrap().get("created"), Some(&false.into()));
}

#[tokio::test]
async fn a_token_that_takes_a_fee_fills_the_vault_to_the_last_unit() {
    let scene = Scene::over(|world: &mut World, creator| {
        let fee = TransferFee {
            bps: 100,
            maximum: u64::MAX,
        };
        world.create_mint_2022(creator, 6, &[fee])
    });
    scene.opened(3).await;
    let vault = airdrop::campaign_vault_address(&scene.address()).0;
    let held = scene.ledger.with_world(|world| world.tokens(&vault));
    assert_eq!(held, 12 * TOKEN);
    // What a claimant gets is what the fee leaves.
    scene.at(50, 0);
    let claimed = cairn::command::campaign::claim::one(
        &scene.as_stranger(),
        &scene.claim_for(&owner(3).pubkey()),
    )
    .await
    .unwrap();
    assert_eq!(claimed.paid.base(), 6 * TOKEN);
    assert_eq!(scene.tokens_of(&owner(3).pubkey()), 6 * TOKEN * 99 / 100);
    scene.at(LASTS, 1);
    let swept = sweep::run(
        &scene.as_stranger(),
        &sweep::Args {
            which: scene.which(),
        },
    )
    .await
    .unwrap();
    assert_eq!(swept.number("tokens"), Some(6 * TOKEN));
}

#[tokio::test]
async fn tokens_are_swept_into_an_account_that_is_created_on_the_way() {
    let scene = Scene::new();
    let receiver = World::pauper("receiver").pubkey();
    let args = cairn::command::campaign::prepare::Args {
        receiver: Some(receiver),
        ..scene.preparation(scene.table(2))
    };
    scene.created_from(&args).await;
    open::run(&scene.as_creator(), &scene.opening())
        .await
        .unwrap();
    scene.at(LASTS, 1);
    let swept = sweep::run(
        &scene.as_stranger(),
        &sweep::Args {
            which: scene.which(),
        },
    )
    .await
    .unwrap();
    assert_eq!(swept.get("created_token_account"), Some(&true.into()));
    assert_eq!(scene.tokens_of(&receiver), 6 * TOKEN);
    // Of use to nobody here, but it must not be in the way: the account exists already.
    let create = create_associated_token_account(
        &scene.creator.pubkey(),
        &receiver,
        &scene.mint,
        &cairn_interface::ids::TOKEN_PROGRAM,
    );
    scene
        .ledger
        .with_world(|world| world.must(&[create], &[&scene.creator]));
}

#[tokio::test]
async fn a_draft_can_not_be_closed_and_is_told_the_two_ways_on() {
    let scene = Scene::new();
    scene.created(1).await;
    let error = close::run(&scene.as_creator(), &closing(&scene))
        .await
        .unwrap_err();
    assert_eq!(
        (error.code().as_ref(), error.exit()),
        ("campaign-draft", Exit::Failed)
    );
    assert!(error.to_string().contains("never opened"), "{error}");
    let sweeping = sweep::Args {
        which: scene.which(),
    };
    sweep::run(&scene.as_creator(), &sweeping).await.unwrap();
    close::run(&scene.as_creator(), &closing(&scene))
        .await
        .unwrap();
}

#[tokio::test]
async fn whatever_is_to_be_signed_is_shown_with_the_cluster_it_would_change() {
    let scene = Scene::new();
    let listener = Listener::new(true);
    let ctx = listening(scene.as_creator(), &listener);
    let table = scene.table(2);
    cairn::command::campaign::prepare::run(&ctx, &scene.preparation(table))
        .await
        .unwrap();
    create::run(&ctx, &scene.creating()).await.unwrap();
    open::run(&ctx, &scene.opening()).await.unwrap();
    scene.at(60, 0);
    cairn::command::campaign::claim::all::run(&ctx, &scene.claim_all())
        .await
        .unwrap();
    let effects = listener.effects();
    assert_eq!(effects.len(), 3);
    for effect in effects {
        let cluster = effect.facts.iter().find(|(label, _)| *label == "cluster");
        let (_, name) = cluster.expect("the cluster is told");
        assert_eq!(name, "a cluster of its own (LiteSVM)");
    }
}
