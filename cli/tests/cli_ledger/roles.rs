//! Who holds a pool, and what each of them may do.

use cairn::command::pool;
use cairn::error::Exit;
use solana_sdk::signer::Signer;

use crate::stage::Stage;

#[tokio::test]
async fn only_the_admin_sets_keepers_and_others_are_told_who_it_is() {
    let stage = Stage::new().await;
    let args = pool::set_keepers::Args {
        pool: stage.pool_arg(),
        keepers: stage.keepers[..2].iter().map(Signer::pubkey).collect(),
        threshold: 2,
    };
    let error = pool::set_keepers::run(&stage.context(&stage.guardian), &args)
        .await
        .unwrap_err();
    assert_eq!(
        (error.code().as_ref(), error.exit()),
        ("wrong-signer", Exit::Failed)
    );
    assert!(
        error
            .to_string()
            .contains(&stage.authority.pubkey().to_string()),
        "{error}"
    );

    pool::set_keepers::run(&stage.as_authority(), &args)
        .await
        .unwrap();
    let keepers = stage
        .ledger
        .with_world(|world| world.pool(&stage.pool).keepers().to_vec());
    assert_eq!(
        keepers, args.keepers,
        "fewer at no lower threshold: at once"
    );
}

#[tokio::test]
async fn a_pool_changes_hands_only_when_the_new_admin_accepts() {
    let stage = Stage::new().await;
    let accept = pool::accept_admin::Args {
        pool: stage.pool_arg(),
    };
    let heir = stage.owner(0);
    let early = pool::accept_admin::run(&stage.context(heir), &accept)
        .await
        .unwrap_err();
    assert_eq!(early.code(), "no-offer");

    let propose = pool::propose_admin::Args {
        new_admin: Some(heir.pubkey()),
        pool: stage.pool_arg(),
        withdraw: false,
    };
    pool::propose_admin::run(&stage.as_authority(), &propose)
        .await
        .unwrap();
    assert_eq!(
        stage
            .ledger
            .with_world(|world| world.pool(&stage.pool).admin),
        stage.authority.pubkey()
    );
    let early = pool::accept_admin::run(&stage.context(heir), &accept)
        .await
        .unwrap_err();
    assert_eq!(
        (early.code().as_ref(), early.exit()),
        ("admin-not-due", Exit::TryAgain)
    );
    stage.ledger.with_world(|world| {
        let due = world.pool(&stage.pool).admin_effective_at;
        world.set_time(due);
    });
    pool::accept_admin::run(&stage.context(heir), &accept)
        .await
        .unwrap();
    assert_eq!(
        stage
            .ledger
            .with_world(|world| world.pool(&stage.pool).admin),
        heir.pubkey()
    );
}

#[tokio::test]
async fn the_guardian_pauses_and_the_admin_alone_unpauses() {
    let stage = Stage::new().await;
    let guardian = stage.context(&stage.guardian);
    let pause = pool::pause::Args {
        pool: stage.pool_arg(),
    };
    pool::pause::run(&guardian, &pause).await.unwrap();
    let unpause = pool::unpause::Args {
        pool: stage.pool_arg(),
    };
    let error = pool::unpause::run(&guardian, &unpause).await.unwrap_err();
    assert_eq!(error.code(), "wrong-signer");
    pool::unpause::run(&stage.as_authority(), &unpause)
        .await
        .unwrap();

    let again = pool::unpause::run(&stage.as_authority(), &unpause)
        .await
        .unwrap_err();
    assert_eq!(again.code(), "reward-vault/NotPaused");
    assert!(again.hint().is_some());
}
