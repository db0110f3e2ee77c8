//! Epochs of which only root and hashes stay on chain.

use cairn::command::{audit, epoch};
use cairn::error::Exit;
use cairn::printer::Outcome;
use cairn_merkle::EpochNumber;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use crate::audits::audit_of;
use crate::stage::{Stage, page};

#[tokio::test]
async fn epochs_that_nobody_can_claim_from_are_closed_and_can_still_be_audited() {
    let stage = Stage::new().await;
    for number in 1..=3 {
        stage.run_epoch(number, 3).await;
    }
    let ctx = stage.context(stage.owner(0));
    let close = |number, all| epoch::close::Args {
        number,
        all,
        pool: stage.pool_arg(),
    };
    let early = epoch::close::run(&ctx, &close(Some(EpochNumber::new(2)), false))
        .await
        .unwrap_err();
    assert_eq!(
        (early.code().as_ref(), early.exit()),
        ("epoch-still-claimable", Exit::TryAgain)
    );
    let keeper = stage.keepers[0].pubkey();
    let lamports = |key: &Pubkey| stage.ledger.with_world(|world| world.lamports(key));
    let before = lamports(&keeper);
    let closed = epoch::close::run(&ctx, &close(None, true)).await.unwrap();
    assert_eq!(closed.get("epochs"), Some(&vec![EpochNumber::FIRST].into()));
    let back = lamports(&keeper) - before;
    assert_eq!(closed.number("rent_lamports"), Some(back));
    let again = epoch::close::run(&ctx, &close(None, true)).await.unwrap();
    assert_eq!(again.get("epochs"), Some(&Vec::<EpochNumber>::new().into()));
    assert!(page(&again).contains("nothing to do"));
    let twice = epoch::close::run(&ctx, &close(Some(EpochNumber::FIRST), false))
        .await
        .unwrap_err();
    assert_eq!(twice.code(), "epoch-closed");

    let list = epoch::list::Args {
        pool: stage.pool_arg(),
        last: None,
    };
    let listed = epoch::list::run(&ctx, &list).await.unwrap();
    assert_eq!((listed.epochs.len(), listed.closed.len()), (2, 1));
    let show = epoch::show::Args {
        number: EpochNumber::FIRST,
        pool: stage.pool_arg(),
    };
    let shown = epoch::show::run(&ctx, &show).await.unwrap();
    insta::with_settings!({filters => vec![(r"[0-9a-f]{64}", "[hash]")]}, {
        insta::assert_snapshot!("epoch_closed", page(&shown));
    });
    // Everything is compared but when it was proposed, which its account no longer says: that is told, and fails nobody, who can
    // not bring it back either.
    let args = audit_of(&stage, audit::epoch::Which::All);
    let audited = audit::epoch::run(&ctx, &args).await.unwrap();
    let open: Vec<_> = audited.epochs[0]
        .checks
        .iter()
        .filter(|check| check.result != "equal")
        .map(|check| (check.what, check.result))
        .collect();
    assert_eq!(open, [("receipts", "gone")]);
    assert_eq!(audited.epochs[0].status, "closed");
    assert_eq!(audited.verdict, "equal");
    assert!(page(&audited).contains("Of 1 closed epochs the chain no longer says"));
    assert_eq!(Outcome::exit(&audited), Exit::Done);
}
