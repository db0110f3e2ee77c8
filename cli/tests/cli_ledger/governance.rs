//! Networks and pools: how they are shown, and what is said and sent in each manner.

use std::sync::Arc;

use cairn::command::network::add_issuer::{IssuerKey, Role};
use cairn::command::{epoch, network, pool};
use cairn::context::{Context, Manner};
use cairn::error::Exit;
use cairn::transact::Transaction;
use cairn::wallet::Wallet;
use cairn_interface::registry::KeyKind;
use cairn_merkle::EpochNumber;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use crate::stage::{Listener, Stage, page};

#[tokio::test]
async fn a_pool_is_shown_with_its_roles_limits_and_funds() {
    let stage = Stage::new().await;
    let args = pool::show::Args {
        pool: stage.pool_arg(),
    };
    let shown = pool::show::run(&stage.as_authority(), &args).await.unwrap();
    assert_eq!(shown.admin.0, stage.authority.pubkey());
    assert_eq!(shown.vault_balance.plain(), "1000000");
    assert_eq!(shown.keepers.len(), 3);
    insta::assert_snapshot!("pool", page(&shown));
    insta::assert_snapshot!("pool_json", serde_json::to_string_pretty(&shown).unwrap());
}

#[tokio::test]
async fn a_network_is_shown_with_its_trees() {
    let stage = Stage::new().await;
    let args = network::show::Args {
        network: stage.network_arg(),
    };
    let shown = network::show::run(&stage.as_authority(), &args)
        .await
        .unwrap();
    assert_eq!(shown.devices, 3);
    insta::assert_snapshot!("network", page(&shown));
}

#[tokio::test]
async fn a_dry_run_tells_cost_and_effect_and_changes_nothing() {
    let stage = Stage::new().await;
    let listener = Listener::new(false);
    let ctx = Context {
        manner: Manner::DryRun,
        talk: Arc::new(listener.clone()),
        ..stage.as_authority()
    };
    let args = pool::fund::Args {
        amount: "12.5".to_owned(),
        pool: stage.pool_arg(),
        from: None,
    };
    let before = stage.ledger.landed();
    let funded = pool::fund::run(&ctx, &args).await.unwrap();
    assert_eq!(stage.ledger.landed(), before);
    let [
        Transaction::Simulated {
            compute_units,
            fee_lamports,
        },
    ] = funded.transactions.list[..]
    else {
        panic!("{funded:?}");
    };
    assert!(compute_units > 0 && fee_lamports >= 5000);
    assert_eq!(listener.effects()[0].what, "Fund the pool with 12.5 tokens");
    assert!(
        page(&funded).starts_with("Fund the pool with 12.5 tokens: simulated, nothing was sent\n")
    );
}

#[tokio::test]
async fn an_unsigned_transaction_can_be_prepared_for_a_key_that_is_not_here() {
    use base64::Engine;
    let stage = Stage::new().await;
    let ctx = Context {
        manner: Manner::Unsigned,
        ..Context::decided(
            Arc::new(stage.ledger.clone()),
            Wallet::Watch(stage.authority.pubkey()),
        )
    };
    let args = pool::set_guardian::Args {
        guardian: stage.owner(1).pubkey(),
        pool: stage.pool_arg(),
        agreed: None,
    };
    let changed = pool::set_guardian::run(&ctx, &args).await.unwrap();
    let [
        Transaction::Unsigned {
            transaction,
            signers,
            ..
        },
    ] = &changed.transactions.list[..]
    else {
        panic!("{changed:?}");
    };
    assert_eq!(*signers, [stage.authority.pubkey().to_string()]);
    // The cold wallet signs the message and sends it: the chain takes it.
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(transaction)
        .unwrap();
    let (count, rest) = bytes.split_first().unwrap();
    assert_eq!(*count, 1);
    let message = &rest[64..];
    let mut signed = vec![1];
    signed.extend_from_slice(stage.authority.sign_message(message).as_ref());
    signed.extend_from_slice(message);
    let signed = bincode::deserialize(&signed).unwrap();
    stage
        .ledger
        .with_world(|world| world.submit(&signed))
        .unwrap();
    assert_eq!(
        stage
            .ledger
            .with_world(|world| world.pool(&stage.pool).pending_roles.guardian),
        stage.owner(1).pubkey()
    );
}

#[tokio::test]
async fn an_address_alone_does_not_sign() {
    let stage = Stage::new().await;
    let ctx = Context::decided(
        Arc::new(stage.ledger.clone()),
        Wallet::Watch(stage.authority.pubkey()),
    );
    let args = pool::pause::Args {
        pool: stage.pool_arg(),
    };
    let error = pool::pause::run(&ctx, &args).await.unwrap_err();
    assert_eq!(
        (error.code().as_ref(), error.exit()),
        ("wallet", Exit::Usage)
    );
}

#[tokio::test]
async fn who_does_not_agree_sends_nothing() {
    let stage = Stage::new().await;
    let ctx = Context {
        talk: Arc::new(Listener::new(false)),
        ..stage.as_authority()
    };
    let before = stage.ledger.landed();
    let args = pool::pause::Args {
        pool: stage.pool_arg(),
    };
    let error = pool::pause::run(&ctx, &args).await.unwrap_err();
    assert_eq!(
        (error.code().as_ref(), error.exit()),
        ("declined", Exit::Failed)
    );
    assert_eq!(stage.ledger.landed(), before);
}

#[tokio::test]
async fn who_can_not_pay_the_fee_is_told_how_much_is_missing() {
    let stage = Stage::new().await;
    let pauper = cairn_testkit::World::pauper("pauper");
    let args = network::create::Args {
        id: 9,
        guardian: stage.guardian.pubkey(),
        registration: network::Policy::Open,
    };
    let error = network::create::run(&stage.context(&pauper), &args)
        .await
        .unwrap_err();
    assert_eq!(
        (error.code().as_ref(), error.exit()),
        ("insufficient-lamports", Exit::Failed)
    );
    assert!(error.hint().unwrap().contains(&pauper.pubkey().to_string()));
}

#[tokio::test]
async fn more_tokens_than_the_account_holds_are_refused_before_sending() {
    let stage = Stage::new().await;
    let fund = |amount: &str| pool::fund::Args {
        amount: amount.to_owned(),
        pool: stage.pool_arg(),
        from: None,
    };
    let error = pool::fund::run(&stage.as_authority(), &fund("1000000.000001"))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "insufficient-tokens");
    assert!(error.to_string().contains("0.000001 less"), "{error}");
    let error = pool::fund::run(&stage.as_authority(), &fund("0.0000001"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.code().as_ref(), error.exit()),
        ("amount", Exit::Usage)
    );
    let error = pool::fund::run(&stage.context(stage.owner(0)), &fund("1"))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "no-tokens");
}

#[tokio::test]
async fn an_account_of_another_kind_is_no_pool() {
    let stage = Stage::new().await;
    let show = |pool: Pubkey| pool::show::Args {
        pool: cairn::args::PoolArg { pool },
    };
    let missing = pool::show::run(
        &stage.as_authority(),
        &show(Pubkey::new_from_array([9; 32])),
    )
    .await;
    assert_eq!(missing.unwrap_err().code(), "account-missing");
    let mint = pool::show::run(&stage.as_authority(), &show(stage.mint)).await;
    assert_eq!(mint.unwrap_err().code(), "account-unreadable");
}

#[tokio::test]
async fn a_retired_issuer_can_not_be_retired_again() {
    let stage = Stage::new().await;
    let key = IssuerKey {
        kind: KeyKind::Ed25519,
        key: stage.owner(2).pubkey().to_bytes(),
    };
    let add = network::add_issuer::Args {
        network: stage.network_arg(),
        key,
        roles: vec![Role::Manufacturer, Role::Partner],
        did: "did:web:maker.example".to_owned(),
        status_list_uri: None,
        status_list_hash: None,
    };
    let added = network::add_issuer::run(&stage.as_authority(), &add)
        .await
        .unwrap();
    let issuer = added.address("issuer").unwrap();
    let issuer = stage.ledger.with_world(|world| world.issuer(&issuer));
    assert_eq!(
        (issuer.roles, issuer.facts.did.as_str()),
        (0b101, "did:web:maker.example")
    );

    let retire = network::retire_issuer::Args {
        network: stage.network_arg(),
        key,
    };
    network::retire_issuer::run(&stage.as_authority(), &retire)
        .await
        .unwrap();
    let error = network::retire_issuer::run(&stage.as_authority(), &retire)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "issuer-retired");
}

#[tokio::test]
async fn an_epoch_is_activated_only_attested_and_after_its_window_and_the_guardian_may_stop_it() {
    let stage = Stage::new().await;
    let activate = epoch::activate::Args {
        number: EpochNumber::FIRST,
        pool: stage.pool_arg(),
    };
    let ctx = stage.as_authority();
    let none = epoch::activate::run(&ctx, &activate).await.unwrap_err();
    assert_eq!(none.code(), "epoch-missing");

    stage.propose(&stage.close(1, 3));
    let early = epoch::activate::run(&ctx, &activate).await.unwrap_err();
    assert_eq!(
        (early.code().as_ref(), early.exit()),
        ("challenge-window-open", Exit::TryAgain)
    );

    let veto = epoch::veto::Args {
        number: EpochNumber::FIRST,
        pool: stage.pool_arg(),
        reason: 7,
    };
    let stranger = epoch::veto::run(&stage.context(stage.owner(0)), &veto)
        .await
        .unwrap_err();
    assert_eq!(stranger.code(), "wrong-signer");
    epoch::veto::run(&stage.context(&stage.guardian), &veto)
        .await
        .unwrap();
    let twice = epoch::veto::run(&stage.context(&stage.guardian), &veto)
        .await
        .unwrap_err();
    assert_eq!(twice.code(), "epoch-not-open");
    let vetoed = epoch::activate::run(&ctx, &activate).await.unwrap_err();
    assert_eq!(vetoed.code(), "epoch-not-open");

    let list = epoch::list::Args {
        pool: stage.pool_arg(),
        last: None,
    };
    let listed = epoch::list::run(&ctx, &list).await.unwrap();
    assert_eq!(listed.epochs[0].status, "vetoed");
    assert_eq!(listed.epochs[0].veto_reason, Some(7));
}
