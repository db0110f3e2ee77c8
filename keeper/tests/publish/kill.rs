//! The machine dies at every call the keeper makes to the chain, before it leaves and after it took effect. Between two
//! such calls the keeper only writes its journal, whose commits are whole, so this is every point that matters.

use std::future::Future;

use cairn_interface::vault::EpochStatus;
use cairn_keeper::{AttestOptions, Keeper, KeeperError, ProposeOptions};
use cairn_merkle::EpochNumber;

use crate::faulty::Fault;
use crate::world::{Scene, WINDOW};

/// How the work ended.
enum End {
    Finished,
    Died,
}

/// Does `work` until it ends or the machine dies under it. Dropping it midway is the death: nothing of it runs on.
async fn until_death<T>(scene: &Scene, work: impl Future<Output = Result<T, KeeperError>>) -> End {
    tokio::select! {
        biased;
        () = scene.faulty.died.notified() => End::Died,
        done = work => match done {
            Ok(_) => End::Finished,
            Err(error) => panic!("{error}"),
        },
    }
}

async fn propose(keeper: &Keeper) -> Result<(), KeeperError> {
    keeper
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .map(|_| ())
}

#[tokio::test]
async fn killed_at_any_call_of_a_proposal_the_next_start_completes_it_with_the_same_three_transactions()
 {
    for fault in [Fault::KilledBefore, Fault::KilledAfter] {
        for call in 0.. {
            let scene = Scene::with_first_epoch_closed().await;
            let before = scene.ledger.landed();
            let keeper = scene.keeper("a").await;
            scene.faulty.forget_calls();
            scene.faulty.plan(call, fault);
            let end = Box::pin(until_death(&scene, propose(&keeper))).await;
            drop(keeper);

            if matches!(end, End::Died) {
                let keeper = scene.keeper("a").await;
                propose(&keeper)
                    .await
                    .unwrap_or_else(|error| panic!("{fault:?} at call {call}: {error}"));
            }
            let epoch = scene.epoch(1).unwrap();
            assert!(epoch.facts.canopy.complete, "{fault:?} at call {call}");
            assert_eq!(epoch.attempt, 0, "{fault:?} at call {call}");
            assert_eq!(
                scene.ledger.landed() - before,
                3,
                "{fault:?} at call {call}: acted twice, or left a gap"
            );
            assert_eq!(
                scene.faulty.submitted().len(),
                3,
                "{fault:?} at call {call}: another transaction was signed"
            );
            if matches!(end, End::Finished) {
                assert!(call > 20, "a proposal makes more calls than {call}");
                break;
            }
        }
    }
}

#[tokio::test]
async fn killed_again_and_again_a_little_later_each_time_the_epoch_still_becomes_active() {
    let scene = Scene::with_first_epoch_closed().await;
    let source = scene.folder("a");
    let before = scene.ledger.landed();
    for (name, phase) in [("a", "propose"), ("b", "attest"), ("c", "activate")] {
        if phase == "activate" {
            let epoch = scene.epoch(1).unwrap();
            scene.set_time(epoch.proposed_at + WINDOW);
        }
        for call in 0.. {
            let keeper = scene.keeper(name).await;
            scene.faulty.forget_calls();
            scene.faulty.plan(
                call,
                if call % 2 == 0 {
                    Fault::KilledAfter
                } else {
                    Fault::KilledBefore
                },
            );
            let work = async {
                match phase {
                    "propose" => propose(&keeper).await,
                    "attest" => keeper
                        .attest(EpochNumber::FIRST, Some(&source), AttestOptions::default())
                        .await
                        .map(|_| ()),
                    _ => keeper.activate(EpochNumber::FIRST).await.map(|_| ()),
                }
            };
            if matches!(Box::pin(until_death(&scene, work)).await, End::Finished) {
                break;
            }
        }
    }
    let epoch = scene.epoch(1).unwrap();
    assert_eq!((epoch.status(), epoch.attempt), (EpochStatus::Active, 0));
    assert_eq!(epoch.attesters().len(), 2);
    assert_eq!(
        scene.ledger.landed() - before,
        5,
        "propose, two parts of the canopy, attest, activate"
    );
}

#[tokio::test]
async fn killed_while_attesting_or_activating_each_lands_once() {
    for fault in [Fault::KilledBefore, Fault::KilledAfter] {
        for call in 0.. {
            let scene = Scene::with_first_epoch_closed().await;
            let source = scene.folder("a");
            propose(&scene.keeper("a").await).await.unwrap();
            let before = scene.ledger.landed();
            let keeper = scene.keeper("b").await;
            let work = |keeper: Keeper| {
                let (scene, source) = (&scene, source.clone());
                async move {
                    keeper
                        .attest(EpochNumber::FIRST, Some(&source), AttestOptions::default())
                        .await?;
                    scene.set_time(scene.activatable_at(1));
                    keeper.activate(EpochNumber::FIRST).await.map(|_| ())
                }
            };
            scene.faulty.forget_calls();
            // The recomputation is the same each time; the calls after it are what may die.
            scene.faulty.plan(FIRST_CALL_OF_INTEREST + call, fault);
            let end = Box::pin(until_death(&scene, work(keeper))).await;
            if matches!(end, End::Died) {
                work(scene.keeper("b").await).await.unwrap();
            }
            assert_eq!(scene.epoch(1).unwrap().status(), EpochStatus::Active);
            assert_eq!(
                scene.ledger.landed() - before,
                2,
                "{fault:?} at call {call}"
            );
            if matches!(end, End::Finished) {
                break;
            }
        }
    }
}

/// Fetching the epoch, the network, its trees and the limits: reads that change nothing, covered by the proposal's.
const FIRST_CALL_OF_INTEREST: usize = 8;
