//! Who a campaign pays, how its token is shown, and when: asked of the chain before anything is fixed for good.

use cairn::command::campaign::{create, extend, open, prepare};
use cairn::conversation::Effect;
use cairn::error::Exit;
use cairn::moment::{Moment, Seconds};
use cairn_interface::ids;
use cairn_testkit::MintExtension::{InterestBearing, ScaledUiAmount};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use super::{DAY, Scene, listening, owner};
use crate::stage::{Listener, page};

fn fact(effect: &Effect, label: &str) -> Option<String> {
    let found = effect.facts.iter().find(|(found, _)| *found == label);
    found.map(|(_, value)| value.clone())
}

fn table_of(scene: &Scene, payees: &[Pubkey]) -> std::path::PathBuf {
    let mut text = "owner,amount\n\n".to_owned();
    for payee in payees {
        text.push_str(&format!("{payee},10\n"));
    }
    scene.file("drops.csv", &text)
}

fn offline(scene: &Scene, table: std::path::PathBuf) -> prepare::Args {
    prepare::Args {
        decimals: Some(6),
        offline: true,
        ..scene.preparation(table)
    }
}

/// A wallet, its token account, the mint, the token program; and an account of a program, which can be paid.
fn everybody(scene: &Scene) -> Vec<Pubkey> {
    let wallet = owner(1).pubkey();
    let account = scene
        .ledger
        .with_world(|world| world.open_token_account(&wallet, &scene.mint));
    let vault = Pubkey::find_program_address(&[b"vault"], &ids::REWARD_VAULT).0;
    vec![wallet, account, scene.mint, ids::TOKEN_PROGRAM, vault]
}

#[tokio::test]
async fn payees_that_nobody_can_sign_for_are_named_by_their_rows_before_a_folder_is_made() {
    let scene = Scene::new();
    let payees = everybody(&scene);
    let args = scene.preparation(table_of(&scene, &payees));
    let error = prepare::run(&scene.as_creator(), &args).await.unwrap_err();
    assert_eq!(
        (error.code().as_ref(), error.exit()),
        ("payee-nobody", Exit::Failed)
    );
    let told = error.to_string();
    let expected = format!(
        "3 of 5 recipients can not be paid, because nobody can sign for them:
  row 4, column owner: {} is a token account; its wallet is {}
  row 5, column owner: {} is the mint of a token
  row 6, column owner: {} is a program",
        payees[1], payees[0], payees[2], payees[3]
    );
    assert_eq!(told, expected);
    assert!(!scene.folder().exists());
}

#[tokio::test]
async fn what_was_prepared_offline_is_checked_when_it_is_created_and_again_when_it_is_opened() {
    let scene = Scene::new();
    let payees = everybody(&scene);
    let args = offline(&scene, table_of(&scene, &payees));
    let prepared = prepare::run(&scene.as_creator(), &args).await.unwrap();
    assert_eq!(prepared.keyless_owners, None);
    let error = create::run(&scene.as_creator(), &scene.creating())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "payee-nobody");
    assert!(
        error.to_string().contains("recipients.csv, row "),
        "{error}"
    );

    // A wallet that turned out to be a mint after the campaign was created.
    let scene = Scene::new();
    let late = owner(9).pubkey();
    let table = table_of(&scene, &[owner(1).pubkey(), late]);
    scene.created_from(&scene.preparation(table)).await;
    scene.ledger.with_world(|world| {
        let mint = world.expect_account(&scene.mint);
        world.set_account(&late, mint);
    });
    let error = open::run(&scene.as_creator(), &scene.opening())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "payee-nobody");
    assert!(error.to_string().contains(&late.to_string()), "{error}");
}

#[tokio::test]
async fn owners_without_a_key_are_counted_once_before_each_step_and_paid_like_any_other() {
    let scene = Scene::new();
    let payees = everybody(&scene);
    let table = table_of(&scene, &[payees[0], payees[4]]);
    let prepared = prepare::run(&scene.as_creator(), &scene.preparation(table))
        .await
        .unwrap();
    assert_eq!(prepared.keyless_owners, Some(1));
    let words = "1 of 2 recipients (50 %): accounts of programs, such as vaults and multisigs";
    assert!(page(&prepared).contains(words), "{}", page(&prepared));
    let listener = Listener::new(true);
    let ctx = listening(scene.as_creator(), &listener);
    create::run(&ctx, &scene.creating()).await.unwrap();
    open::run(&ctx, &scene.opening()).await.unwrap();
    for effect in listener.effects() {
        assert_eq!(fact(&effect, "without a key").as_deref(), Some(words));
    }
}

#[tokio::test]
async fn the_receiver_of_the_rest_is_held_to_the_same() {
    let scene = Scene::new();
    let args = prepare::Args {
        receiver: Some(scene.mint),
        ..scene.preparation(scene.table(2))
    };
    let error = prepare::run(&scene.as_creator(), &args).await.unwrap_err();
    assert_eq!(error.code(), "payee-nobody");
    assert!(error.to_string().contains("the receiver"), "{error}");
}

#[tokio::test]
async fn decimals_that_are_not_the_mints_are_refused_before_a_folder_is_made() {
    let scene = Scene::new();
    let args = prepare::Args {
        decimals: Some(9),
        ..scene.preparation(scene.table(2))
    };
    let error = prepare::run(&scene.as_creator(), &args).await.unwrap_err();
    assert_eq!(error.code(), "other-decimals");
    assert!(!scene.folder().exists());
}

#[tokio::test]
async fn what_wallets_show_of_a_scaled_token_is_said_at_preparation_creation_and_claim() {
    let scene = Scene::over(|world, creator| world.create_mint_2022(creator, 6, &[ScaledUiAmount]));
    let prepared = prepare::run(&scene.as_creator(), &scene.preparation(scene.table(3)))
        .await
        .unwrap();
    // Three owners with 1, 2 and 3 tokens at once and as many that vest.
    assert_eq!(prepared.tokens.plain(), "12");
    let holder = scene.creator.pubkey();
    let shown =
        format!("24 tokens: they multiply by 2 what is counted here; {holder} may change that");
    assert_eq!(prepared.wallets_show.as_deref(), Some(shown.as_str()));
    assert!(page(&prepared).contains(&shown), "{}", page(&prepared));

    let listener = Listener::new(true);
    let ctx = listening(scene.as_creator(), &listener);
    create::run(&ctx, &scene.creating()).await.unwrap();
    open::run(&ctx, &scene.opening()).await.unwrap();
    scene.at(0, 0);
    let claim = scene.claim_for(&owner(2).pubkey());
    cairn::command::campaign::claim::one(&ctx, &claim)
        .await
        .unwrap();
    let effects = listener.effects();
    assert_eq!(fact(&effects[0], "wallets show"), Some(shown));
    let claimed = fact(&effects[2], "wallets show").unwrap();
    assert!(claimed.starts_with("4 tokens: "), "{claimed}");
}

#[tokio::test]
async fn interest_that_wallets_add_is_said_as_well() {
    let scene =
        Scene::over(|world, creator| world.create_mint_2022(creator, 6, &[InterestBearing]));
    let prepared = prepare::run(&scene.as_creator(), &scene.preparation(scene.table(1)))
        .await
        .unwrap();
    let shown = prepared.wallets_show.unwrap();
    assert!(shown.contains("they add interest, 5 % a year"), "{shown}");
}

#[tokio::test]
async fn dates_that_are_possible_and_probably_not_meant_are_asked_about() {
    let scene = Scene::new();
    let no = listening(scene.as_creator(), &Listener::new(false));
    let short = |scene: &Scene| prepare::Args {
        lasts: Some(Seconds(90)),
        cliff: Seconds(0),
        vesting: Seconds(90),
        ..scene.preparation(scene.table(1))
    };
    let declined = prepare::run(&no, &short(&scene)).await.unwrap_err();
    assert_eq!(declined.code(), "declined");
    assert!(!scene.folder().exists());
    prepare::run(&no, &scene.preparation(scene.table(1)))
        .await
        .unwrap();

    let scene = Scene::new();
    scene.created_from(&short(&scene)).await;
    let listener = Listener::new(false);
    let args = extend::Args {
        which: scene.which(),
        expires: Moment(scene.starts_at + 20_000 * DAY),
    };
    let ctx = listening(scene.as_creator(), &listener);
    let declined = extend::run(&ctx, &args).await.unwrap_err();
    assert_eq!(declined.code(), "declined");
    let doubts = &listener.effects()[0].doubts;
    assert_eq!(doubts.len(), 1);
    assert!(doubts[0].contains("20001 days"), "{doubts:?}");
    assert_eq!(scene.campaign().expires_at, scene.starts_at + 90);
}
