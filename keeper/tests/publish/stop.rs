//! A keeper that is told to stop while its node does not answer.

use std::time::Duration;

use cairn_keeper::journal::Journal;
use cairn_keeper::{Keeper, KeeperError, ProposeOptions, Proposed};
use cairn_merkle::EpochNumber;

use crate::faulty::{Call, Fault};
use crate::world::Scene;

/// Far more than a stop may take, and less than a node is given to answer.
const SOON: Duration = Duration::from_secs(25);

/// Proposes while the call with this number is never answered, and stops the keeper there.
async fn stopped_at(scene: &Scene, keeper: &Keeper, call: usize) -> Result<Proposed, KeeperError> {
    scene.faulty.forget_calls();
    scene.faulty.plan(call, Fault::KilledBefore);
    let stop = keeper.stop_switch();
    let told = async {
        scene.faulty.died.notified().await;
        stop.stop();
    };
    let both = async {
        tokio::join!(
            keeper.propose(EpochNumber::FIRST, ProposeOptions::default()),
            told
        )
    };
    let (ended, ()) = tokio::time::timeout(SOON, both)
        .await
        .expect("it stops soon");
    ended
}

/// The number of the call that hands the first transaction over.
async fn first_submission() -> usize {
    let scene = Scene::with_first_epoch_closed().await;
    let keeper = scene.keeper("a").await;
    scene.faulty.forget_calls();
    keeper
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    let is_submission = |call: &Call| matches!(call, Call::Submit(_));
    scene.faulty.calls().iter().position(is_submission).unwrap()
}

#[tokio::test]
async fn a_question_that_nobody_answers_is_dropped_when_the_keeper_is_told_to_stop() {
    for call in 0..first_submission().await {
        let scene = Scene::with_first_epoch_closed().await;
        let keeper = scene.keeper("a").await;
        let ended = stopped_at(&scene, &keeper, call).await;
        assert!(
            matches!(ended, Err(KeeperError::Stopped)),
            "call {call}: {ended:?}"
        );
        assert!(scene.faulty.submitted().is_empty(), "call {call}");
        assert!(scene.epoch(1).is_none(), "call {call}");
    }
}

#[tokio::test]
async fn a_submitted_transaction_is_left_to_the_next_start_and_acts_once() {
    let submission = first_submission().await;
    let scene = Scene::with_first_epoch_closed().await;
    let before = scene.ledger.landed();
    let keeper = scene.keeper("a").await;
    let ended = stopped_at(&scene, &keeper, submission).await;
    assert!(matches!(ended, Err(KeeperError::Stopped)), "{ended:?}");
    let path = keeper.folder().journal();
    keeper.shut_down().await;
    let journal = Journal::open_read_only(&path).await.unwrap();
    assert!(journal.pending_submission().await.unwrap().is_some());
    journal.close().await;

    scene.faulty.forget_calls();
    let keeper = scene.keeper("a").await;
    keeper
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    assert!(scene.epoch(1).unwrap().facts.canopy.complete);
    assert_eq!(scene.ledger.landed() - before, 3);
}
