//! `cairn claim --all`: everybody's claims in few transactions, and what happens around them.

use std::sync::Arc;

use cairn::command::{audit, claim};
use cairn::context::{Context, Manner, Purse};
use cairn::error::Exit;
use cairn::printer::Outcome;
use cairn::wallet::Wallet;
use cairn_client::SendOptions;
use cairn_testkit::World;
use solana_sdk::signer::Signer;

use crate::rewards::claim_for;
use crate::stage::Stage;

#[tokio::test]
async fn everyone_is_paid_at_once_and_the_books_agree() {
    let stage = Stage::new().await;
    let closed = stage.run_epoch(1, 4).await;
    let args = claim::all::Args {
        files: vec![stage.data.path().into()],
        pool: Some(stage.pool),
    };
    let dry = Context {
        manner: Manner::DryRun,
        ..stage.as_authority()
    };
    let planned = claim::all::run(&dry, &args).await.unwrap();
    assert!(planned.simulated);
    let pool = &planned.pools[0];
    assert_eq!(
        (pool.paid, pool.tokens.base()),
        (3, closed.root.sum().get())
    );
    assert!(
        planned.spent.transactions < 3,
        "several members share a transaction"
    );

    let paid = claim::all::run(&stage.as_authority(), &args).await.unwrap();
    let pool = &paid.pools[0];
    assert_eq!((pool.paid, pool.settled, paid.failed.len()), (3, 0, 0));
    assert_eq!(pool.tokens.base(), closed.root.sum().get());
    let again = claim::all::run(&stage.as_authority(), &args).await.unwrap();
    assert_eq!((again.pools[0].paid, again.pools[0].settled), (0, 3));

    let args = audit::solvency::Args {
        pool: stage.pool_arg(),
        files: stage.data.path().to_path_buf().into(),
    };
    let solvency = audit::solvency::run(&stage.as_authority(), &args)
        .await
        .unwrap();
    assert_eq!(solvency.verdict, "solvent");
    assert_eq!(solvency.claimed_by_counters.base(), closed.root.sum().get());
    assert_eq!(solvency.members_compared, 3);
}

#[tokio::test]
async fn an_interrupted_run_for_everyone_pays_those_that_are_left_and_a_bad_account_stops_nobody() {
    let stage = Stage::new().await;
    let closed = stage.run_epoch(1, 4).await;
    let first = stage.owner(0).pubkey();
    let paid = claim::pay::run(&stage.as_authority(), &claim_for(&stage, &first))
        .await
        .unwrap();
    // The second member's account has a delegate who could take what is paid in.
    let second = stage.owner(1).pubkey();
    stage.ledger.with_world(|world| {
        let address = world.open_token_account(&second, &stage.mint);
        let mut account = world.expect_account(&address);
        account.data[72] = 1;
        account.data[76..108].fill(3);
        world.set_account(&address, account);
    });
    let args = claim::all::Args {
        files: vec![stage.data.path().into()],
        pool: None,
    };
    let rest = claim::all::run(&stage.as_authority(), &args).await.unwrap();
    assert_eq!((rest.pools[0].paid, rest.pools[0].settled), (1, 1));
    assert_eq!(rest.failed.len(), 1);
    assert_eq!(
        (rest.failed[0].owner.0, rest.failed[0].fault.code.as_str()),
        (second, "destination-unsafe")
    );
    assert_eq!(Outcome::exit(&rest), Exit::Failed);
    assert_eq!(stage.tokens_of(&first), paid.paid.base());
    let third = stage.tokens_of(&stage.owner(2).pubkey());
    assert!(third > 0 && paid.paid.base() + third < closed.root.sum().get());
}

#[tokio::test]
async fn members_of_two_pools_are_paid_in_one_run() {
    let (stage, other) = Stage::with_two_pools().await;
    let closed = stage.run_epoch(1, 4).await;
    let closed_too = other.run_epoch(1, 6).await;
    let args = claim::all::Args {
        files: vec![stage.data.path().into(), other.data.path().into()],
        pool: None,
    };
    let paid = claim::all::run(&stage.as_authority(), &args).await.unwrap();
    assert_eq!((paid.pools[0].paid, paid.pools[1].paid), (3, 3));
    assert_eq!(paid.pools[0].tokens.base(), closed.root.sum().get());
    assert_eq!(paid.pools[1].tokens.base(), closed_too.root.sum().get());
    assert!(paid.spent.transactions < 6, "{paid:?}");
    let owner = stage.owner(0).pubkey();
    let both = (closed.root.sum().get() + closed_too.root.sum().get()) / 3;
    assert_eq!(stage.tokens_of(&owner), both);
}

#[tokio::test]
async fn whoever_pays_for_all_members_is_told_the_most_and_sees_all_that_was_paid() {
    let stage = Stage::new().await;
    stage.run_epoch(1, 4).await;
    let args = claim::all::Args {
        files: vec![stage.data.path().into()],
        pool: None,
    };
    let dear = stage.as_authority();
    let ctx = Context {
        send: SendOptions {
            priority_micro_lamports: 2_000_000,
            ..dear.send.clone()
        },
        ..dear
    };
    let payer = ctx.fee_payer().unwrap();
    let lamports = || stage.ledger.with_world(|world| world.lamports(&payer));
    let dry = Context {
        manner: Manner::DryRun,
        ..ctx.clone()
    };
    let planned = claim::all::run(&dry, &args).await.unwrap();
    let before = lamports();
    let paid = claim::all::run(&ctx, &args).await.unwrap();
    assert_eq!((paid.pools[0].paid, paid.not_reached), (3, 0));
    // The page's opening and every priority fee are in it.
    assert_eq!(
        before - lamports(),
        paid.spent.fee_lamports + paid.rent_lamports
    );
    assert!(paid.pages_opened > 0 && paid.spent.transactions > planned.spent.transactions);
    assert!(paid.spent.fee_lamports <= planned.fee_lamports_at_most);

    // A payer that has nothing is told so on a dry run too, and before anything is sent.
    stage.run_epoch(2, 4).await;
    let poor = Context {
        fee_purse: None,
        purse: Arc::new(Purse::holding(Wallet::from(World::pauper("poor")))),
        ..dry
    };
    let landed = stage.ledger.landed();
    for manner in [Manner::DryRun, Manner::Send] {
        let ctx = Context {
            manner,
            ..poor.clone()
        };
        let refused = claim::all::run(&ctx, &args).await.unwrap_err();
        assert_eq!(refused.code(), "insufficient-lamports");
    }
    assert_eq!(stage.ledger.landed(), landed);
}
