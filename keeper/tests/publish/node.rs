//! The node fails instead of the machine.

use cairn_interface::vault::{EpochStatus, ProposeEpoch};
use cairn_keeper::domain::step::Refusal;
use cairn_keeper::{AttestOptions, Ending, KeeperError, ProposeOptions};
use cairn_merkle::EpochNumber;

use crate::faulty::{Call, Fault, Habits};
use crate::world::Scene;

#[tokio::test]
async fn calls_that_drop_or_time_out_anywhere_change_nothing_in_the_end() {
    for fault in [Fault::Dropped, Fault::TimedOut] {
        for call in 0.. {
            let scene = Scene::with_first_epoch_closed().await;
            let before = scene.ledger.landed();
            let keeper = scene.keeper("a").await;
            scene.faulty.forget_calls();
            scene.faulty.plan(call, fault);
            // A command may give up for now, saying so; then it is simply given again.
            match keeper
                .propose(EpochNumber::FIRST, ProposeOptions::default())
                .await
            {
                Ok(_) => {}
                Err(error) => {
                    assert_eq!(
                        error.ending(),
                        Ending::Temporary,
                        "{fault:?} at call {call}: {error}"
                    );
                    keeper
                        .propose(EpochNumber::FIRST, ProposeOptions::default())
                        .await
                        .unwrap();
                }
            }
            assert!(scene.epoch(1).unwrap().facts.canopy.complete);
            assert_eq!(
                scene.ledger.landed() - before,
                3,
                "{fault:?} at call {call}"
            );
            if scene.faulty.calls().len() <= call {
                assert!(call > 20);
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_node_that_swallows_everything_leaves_one_transaction_pending_and_nothing_else_signed() {
    let scene = Scene::with_first_epoch_closed().await;
    scene.faulty.behave(Habits {
        swallows: true,
        ..Habits::default()
    });
    let keeper = scene.keeper("a").await;
    let stop = keeper.stop_switch();
    let ledger = scene.ledger.clone();
    // Its blockhash expires again and again while nothing lands.
    let time = tokio::spawn(async move {
        loop {
            tokio::task::yield_now().await;
            ledger.advance_blocks(200);
        }
    });
    let error = keeper
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap_err();
    time.abort();
    assert_eq!(error.ending(), Ending::Temporary, "{error}");
    assert!(scene.epoch(1).is_none());
    drop(stop);
    // The node recovers.
    scene.faulty.behave(Habits::default());
    keeper
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    assert!(scene.epoch(1).unwrap().facts.canopy.complete);
}

#[tokio::test]
async fn an_expired_blockhash_is_waited_out_before_the_same_act_is_signed_anew() {
    let scene = Scene::with_first_epoch_closed().await;
    let before = scene.ledger.landed();
    let keeper = scene.keeper("a").await;
    scene.faulty.forget_calls();
    // The machine dies before the first submission leaves, and is away for an hour.
    let first_submission = {
        let probe = Scene::with_first_epoch_closed().await;
        let keeper = probe.keeper("a").await;
        probe.faulty.forget_calls();
        keeper
            .propose(EpochNumber::FIRST, ProposeOptions::default())
            .await
            .unwrap();
        let is_submission = |call: &Call| matches!(call, Call::Submit(_));
        probe.faulty.calls().iter().position(is_submission).unwrap()
    };
    scene.faulty.plan(first_submission, Fault::KilledBefore);
    tokio::select! {
        () = scene.faulty.died.notified() => {}
        done = keeper.propose(EpochNumber::FIRST, ProposeOptions::default()) => panic!("{done:?}"),
    }
    drop(keeper);
    scene.ledger.advance_blocks(9_000);
    scene.faulty.forget_calls();

    let keeper = scene.keeper("a").await;
    let proposed = keeper
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    assert_eq!(proposed.transactions.len(), 3);
    assert_eq!(scene.ledger.landed() - before, 3);
    // The old bytes were asked after, found impossible, and never handed over.
    assert_eq!(scene.faulty.submitted().len(), 3);
}

#[tokio::test]
async fn a_transaction_that_lands_although_the_node_does_not_say_so_for_long_is_not_signed_again() {
    let scene = Scene::with_first_epoch_closed().await;
    scene.faulty.behave(Habits {
        forgets_statuses: 12,
        ..Habits::default()
    });
    let before = scene.ledger.landed();
    let keeper = scene.keeper("a").await;
    keeper
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    assert_eq!(scene.ledger.landed() - before, 3);
    assert_eq!(scene.faulty.submitted().len(), 3);
}

#[tokio::test]
async fn a_transaction_delivered_twice_takes_effect_once() {
    let scene = Scene::with_first_epoch_closed().await;
    scene.faulty.behave(Habits {
        doubles: true,
        ..Habits::default()
    });
    let before = scene.ledger.landed();
    let keeper = scene.keeper("a").await;
    keeper
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    assert_eq!(scene.ledger.landed() - before, 3);
    assert_eq!(scene.epoch(1).unwrap().attempt, 0);
}

#[tokio::test]
async fn a_node_that_lags_behind_what_landed_is_asked_again_and_never_believed() {
    let scene = Scene::with_first_epoch_closed().await;
    let before = scene.ledger.landed();
    let keeper = scene.keeper("a").await;
    keeper
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    // From now on the node shows the world before the proposal.
    scene.faulty.behave(Habits {
        stale_reads: u32::MAX,
        ..Habits::default()
    });
    let error = keeper
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap_err();
    assert!(matches!(error, KeeperError::StaleChain { .. }), "{error}");
    assert_eq!(error.ending(), Ending::Temporary);
    assert_eq!(scene.ledger.landed() - before, 3);
    // A node that lags for a moment only is waited for.
    scene.faulty.behave(Habits {
        stale_reads: 3,
        ..Habits::default()
    });
    assert!(
        keeper
            .propose(EpochNumber::FIRST, ProposeOptions::default())
            .await
            .unwrap()
            .transactions
            .is_empty()
    );
    assert_eq!(scene.ledger.landed() - before, 3);
}

#[tokio::test]
async fn another_keepers_proposal_of_other_content_is_refused_not_overwritten() {
    let scene = Scene::with_first_epoch_closed().await;
    let a = scene.keeper("a").await;
    let key = scene.ledger.with_world(|world| world.actor("keeper c"));
    let rewards = cairn_testkit::Rewards::of_tokens(&scene.pool, &[(crate::world::owner(3), 5)]);
    let mut foreign: ProposeEpoch = rewards.proposal(&solana_sdk::signer::Signer::pubkey(&key), 1);
    foreign.ruleset_hash = scene.pool().ruleset_hash().unwrap();
    scene
        .ledger
        .with_world(|world| world.must(&[foreign.instruction()], &[&key]));
    let error = a
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap_err();
    let KeeperError::Refused(Refusal::OtherManifest { on_chain, .. }) = &error else {
        panic!("{error}");
    };
    assert_eq!(*on_chain, "11".repeat(32));
    assert_eq!(error.ending(), Ending::Refused);
}

#[tokio::test]
async fn what_the_program_refuses_is_told_in_its_words_and_journaled_as_nothing() {
    let scene = Scene::with_first_epoch_closed().await;
    let (a, b) = (scene.keeper("a").await, scene.keeper("b").await);
    let source = a.folder().root().to_owned();
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    b.attest(EpochNumber::FIRST, Some(&source), AttestOptions::default())
        .await
        .unwrap();
    scene.pass_epoch(2);
    // The vault is drained as no instruction could: activation must fail, and say why.
    let vault = scene.pool().vault;
    scene.ledger.with_world(|world| {
        let mut account = world.expect_account(&vault);
        account.data[64..72].copy_from_slice(&0_u64.to_le_bytes());
        world.set_account(&vault, account);
    });
    let before = scene.ledger.landed();
    let error = b.activate(EpochNumber::FIRST).await.unwrap_err();
    let KeeperError::Client(client) = &error else {
        panic!("{error}")
    };
    let refused = client.refusal().unwrap();
    let expected = cairn_interface::vault::VaultError::VaultShort;
    assert_eq!(
        refused,
        (cairn_interface::ids::REWARD_VAULT, expected.code())
    );
    assert_eq!(error.ending(), Ending::Refused);
    assert!(!error.hint().is_empty());
    assert_eq!(
        scene.ledger.landed(),
        before,
        "nothing was submitted that could only fail"
    );
    assert_eq!(scene.epoch(1).unwrap().status(), EpochStatus::Attested);
}

#[tokio::test]
async fn a_key_without_lamports_is_told_how_much_is_missing() {
    let scene = Scene::with_first_epoch_closed().await;
    let keeper = scene.keeper("a").await;
    let address = keeper.address();
    scene.ledger.with_world(|world| {
        let mut account = world.expect_account(&address);
        account.lamports = 1_000_000;
        world.set_account(&address, account);
    });
    let error = keeper
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(&error, KeeperError::Client(cairn_client::ClientError::InsufficientLamports { key, .. }) if *key == address),
        "{error}"
    );
    assert!(
        error.hint().contains(&address.to_string()),
        "{}",
        error.hint()
    );
    assert_eq!(error.ending(), Ending::Refused);
}
