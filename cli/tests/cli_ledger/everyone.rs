//! `cairn claim --all`: everybody's claims in few transactions, and what happens around them.

use cairn::command::{audit, claim};
use cairn::context::{Context, Manner};
use cairn::error::Exit;
use cairn::printer::Outcome;
use solana_sdk::signer::Signer;

use crate::rewards::claim_for;
use crate::stage::Stage;

#[tokio::test]
async fn everyone_is_paid_at_once_and_the_books_agree() {
    let stage = Stage::new().await;
    let closed = stage.run_epoch(1, 4).await;
    let args = claim::all::Args {
        files: vec![stage.data.path().to_path_buf()],
        pool: Some(stage.pool),
    };
    let dry = Context {
        manner: Manner::DryRun,
        ..stage.as_authority()
    };
    let planned = claim::all::run(&dry, &args).await.unwrap();
    assert!(planned.simulated);
    let pool = &planned.pools[0];
    assert_eq!((pool.paid, pool.tokens.base), (3, closed.root.sum()));
    assert!(
        planned.spent.transactions < 3,
        "several members share a transaction"
    );

    let paid = claim::all::run(&stage.as_authority(), &args).await.unwrap();
    let pool = &paid.pools[0];
    assert_eq!((pool.paid, pool.settled, paid.failed.len()), (3, 0, 0));
    assert_eq!(pool.tokens.base, closed.root.sum());
    let again = claim::all::run(&stage.as_authority(), &args).await.unwrap();
    assert_eq!((again.pools[0].paid, again.pools[0].settled), (0, 3));

    let args = audit::solvency::Args {
        pool: stage.pool_arg(),
        files: Some(stage.data.path().into()),
    };
    let solvency = audit::solvency::run(&stage.as_authority(), &args)
        .await
        .unwrap();
    assert_eq!(solvency.verdict, "solvent");
    assert_eq!(solvency.claimed_by_counters.base, closed.root.sum());
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
        files: vec![stage.data.path().to_path_buf()],
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
    assert_eq!(stage.tokens_of(&first), paid.paid.base);
    let third = stage.tokens_of(&stage.owner(2).pubkey());
    assert!(third > 0 && paid.paid.base + third < closed.root.sum());
}

#[tokio::test]
async fn members_of_two_pools_are_paid_in_one_run() {
    let (stage, other) = Stage::with_two_pools().await;
    let closed = stage.run_epoch(1, 4).await;
    let closed_too = other.run_epoch(1, 6).await;
    let args = claim::all::Args {
        files: vec![
            stage.data.path().to_path_buf(),
            other.data.path().to_path_buf(),
        ],
        pool: None,
    };
    let paid = claim::all::run(&stage.as_authority(), &args).await.unwrap();
    assert_eq!((paid.pools[0].paid, paid.pools[1].paid), (3, 3));
    assert_eq!(paid.pools[0].tokens.base, closed.root.sum());
    assert_eq!(paid.pools[1].tokens.base, closed_too.root.sum());
    assert!(paid.spent.transactions < 6, "{paid:?}");
    let owner = stage.owner(0).pubkey();
    let both = (closed.root.sum() + closed_too.root.sum()) / 3;
    assert_eq!(stage.tokens_of(&owner), both);
}
