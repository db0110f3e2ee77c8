use cairn_epoch::read_manifest;
use cairn_interface::vault::EpochStatus;
use cairn_keeper::domain::step::Wait;
use cairn_keeper::{AttestOptions, CloseOptions, Ending, KeeperError, ProposeOptions};
use cairn_merkle::{EpochNumber, Tokens};

use crate::world::{DEVICES, EMISSION, SECOND, Scene, WINDOW};

#[tokio::test]
async fn an_epoch_goes_from_proofs_to_active_with_two_keepers() {
    let scene = Scene::with_first_epoch_closed().await;
    let (a, b) = (scene.keeper("a").await, scene.keeper("b").await);

    let proposed = a
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    assert_eq!(
        (proposed.attempt, proposed.attestations, proposed.threshold),
        (0, 1, 2)
    );
    assert_eq!(proposed.members, u32::from(DEVICES));
    assert_eq!(
        proposed.transactions.len(),
        3,
        "the proposal and two parts of the canopy"
    );
    let on_chain = scene.epoch(1).unwrap();
    assert!(on_chain.facts.canopy.complete);
    assert_eq!(on_chain.status(), EpochStatus::Proposed);

    // Too early for everything that follows.
    let early = a.activate(EpochNumber::FIRST).await.unwrap_err();
    assert!(
        matches!(
            early,
            KeeperError::Wait(Wait::Attestations {
                have: 1,
                need: 2,
                ..
            })
        ),
        "{early}"
    );
    assert_eq!(early.ending(), Ending::Temporary);

    let attested = b
        .attest(
            EpochNumber::FIRST,
            Some(a.folder().root()),
            AttestOptions::default(),
        )
        .await
        .unwrap();
    assert_eq!(attested.manifest_hash, proposed.manifest_hash);
    assert_eq!((attested.attestations, attested.threshold), (2, 2));
    assert_eq!(scene.epoch(1).unwrap().status(), EpochStatus::Attested);

    let early = b.activate(EpochNumber::FIRST).await.unwrap_err();
    let at = on_chain.proposed_at + WINDOW;
    assert!(
        matches!(early, KeeperError::Wait(Wait::Window { at: named, .. }) if named == at),
        "{early}"
    );
    scene.set_time(at);
    let active = b.activate(EpochNumber::FIRST).await.unwrap();
    let tokens = Tokens::new(active.tokens.base());
    assert_eq!(tokens, scene.pool().total_cumulative());
    assert!(tokens > Tokens::ZERO && tokens.get() <= EMISSION);
    assert_eq!(scene.pool().active_epoch, 1);
}

#[tokio::test]
async fn every_phase_repeated_finds_nothing_left_to_do() {
    let scene = Scene::with_first_epoch_closed().await;
    let (a, b) = (scene.keeper("a").await, scene.keeper("b").await);
    let source = a.folder().root().to_owned();
    let again = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(
            again,
            KeeperError::AlreadyClosed {
                number: EpochNumber::FIRST,
                ..
            }
        ),
        "{again}"
    );

    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    let before = scene.ledger.landed();
    assert!(
        a.propose(EpochNumber::FIRST, ProposeOptions::default())
            .await
            .unwrap()
            .transactions
            .is_empty()
    );
    assert_eq!(scene.ledger.landed(), before);

    b.attest(EpochNumber::FIRST, Some(&source), AttestOptions::default())
        .await
        .unwrap();
    let before = scene.ledger.landed();
    assert!(
        b.attest(EpochNumber::FIRST, Some(&source), AttestOptions::default())
            .await
            .unwrap()
            .transactions
            .is_empty()
    );
    // The proposal was its proposer's word already.
    assert!(
        a.attest(EpochNumber::FIRST, None, AttestOptions::default())
            .await
            .unwrap()
            .transactions
            .is_empty()
    );
    assert_eq!(scene.ledger.landed(), before);

    scene.pass_epoch(2);
    a.activate(EpochNumber::FIRST).await.unwrap();
    let before = scene.ledger.landed();
    assert!(
        b.activate(EpochNumber::FIRST)
            .await
            .unwrap()
            .transactions
            .is_empty()
    );
    assert!(
        a.propose(EpochNumber::FIRST, ProposeOptions::default())
            .await
            .unwrap()
            .transactions
            .is_empty()
    );
    assert_eq!(scene.ledger.landed(), before);
}

#[tokio::test]
async fn the_second_epoch_continues_from_the_first_and_totals_grow() {
    let scene = Scene::with_first_epoch_closed().await;
    let (a, b) = (scene.keeper("a").await, scene.keeper("b").await);
    let source = a.folder().root().to_owned();
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    scene.ingest(&a, 2).await;

    // What has not become active is no ground to build on.
    scene.pass_epoch(2);
    let early = a.close(SECOND, CloseOptions::default()).await.unwrap_err();
    assert!(
        matches!(
            early,
            KeeperError::Wait(Wait::NotYet {
                number: SECOND,
                next: EpochNumber::FIRST
            })
        ),
        "{early}"
    );
    b.attest(EpochNumber::FIRST, Some(&source), AttestOptions::default())
        .await
        .unwrap();
    scene.set_time(scene.activatable_at(1));
    a.activate(EpochNumber::FIRST).await.unwrap();

    let closing = a.close(SECOND, CloseOptions::default()).await.unwrap();
    assert_eq!(
        (closing.accepted, closing.members),
        (u64::from(DEVICES) * 2, u32::from(DEVICES))
    );
    a.propose(SECOND, ProposeOptions::default()).await.unwrap();
    // Keeper b has never seen epoch 2's proofs, only its own copy of epoch 1.
    b.attest(SECOND, Some(&source), AttestOptions::default())
        .await
        .unwrap();
    let first = scene.epoch(1).unwrap();
    let second = scene.epoch(2).unwrap();
    assert!(second.tokens > first.tokens);
    let (manifest, _) = read_manifest(a.folder().epoch(SECOND).root()).unwrap();
    assert_eq!(manifest.epoch.previous_manifest, Some(first.manifest_hash));
    scene.pass_epoch(3);
    b.activate(SECOND).await.unwrap();
    assert_eq!(scene.pool().active_epoch, 2);
    assert_eq!(scene.epoch(1).unwrap().status(), EpochStatus::Superseded);
}

#[tokio::test]
async fn two_keepers_that_run_bring_an_epoch_all_the_way_by_themselves() {
    let scene = Scene::new();
    let a = scene.keeper("a").await;
    scene.ingest(&a, 1).await;
    let mut config = scene.config();
    config.attest.source = vec![a.folder().root().to_owned()];
    let b = scene
        .keeper_with(
            "b",
            config,
            std::sync::Arc::new(cairn_keeper::progress::Silent),
        )
        .await;

    let nothing = b.run(true).await.unwrap();
    assert!(
        nothing.attested.is_empty() && nothing.waiting_for.contains("not proposed"),
        "{nothing:?}"
    );
    let first = a.run(true).await.unwrap();
    assert_eq!(
        (first.closed.as_slice(), first.proposed.as_slice()),
        (&[EpochNumber::FIRST][..], &[EpochNumber::FIRST][..])
    );
    assert!(
        first.waiting_for.contains("1 of 2 attestations"),
        "{first:?}"
    );
    let second = b.run(true).await.unwrap();
    assert_eq!(second.attested, [EpochNumber::FIRST]);
    assert!(
        second.waiting_for.contains("can become active"),
        "{second:?}"
    );
    scene.set_time(scene.activatable_at(1));
    let third = a.run(true).await.unwrap();
    assert_eq!(third.activated, [EpochNumber::FIRST]);
    // Epoch 2 has not ended.
    assert!(third.waiting_for.contains("epoch 2 ends at"), "{third:?}");
    assert_eq!(scene.pool().active_epoch, 1);
}

#[tokio::test]
async fn a_keeper_that_is_told_to_stop_signs_nothing_more_and_continues_later() {
    let scene = Scene::with_first_epoch_closed().await;
    let a = scene.keeper("a").await;
    a.stop_switch().stop();
    let stopped = a
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap_err();
    assert!(matches!(stopped, KeeperError::Stopped), "{stopped}");
    assert!(scene.epoch(1).is_none());
    assert_eq!(a.run(false).await.unwrap().waiting_for, "told to stop");
    a.shut_down().await;
    let a = scene.keeper("a").await;
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn an_epoch_that_was_closed_for_its_rent_is_in_nobodys_way() {
    let scene = Scene::with_first_epoch_closed().await;
    let (a, b) = (scene.keeper("a").await, scene.keeper("b").await);
    let source = a.folder().root().to_owned();
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    b.attest(EpochNumber::FIRST, Some(&source), AttestOptions::default())
        .await
        .unwrap();
    for number in [2_u32, 3] {
        let epoch = u64::from(number);
        scene.ingest(&a, number).await;
        scene.pass_epoch(number.into());
        a.activate(EpochNumber::new(epoch - 1)).await.unwrap();
        a.close(EpochNumber::new(epoch), CloseOptions::default())
            .await
            .unwrap();
        a.propose(EpochNumber::new(epoch), ProposeOptions::default())
            .await
            .unwrap();
        b.attest(
            EpochNumber::new(epoch),
            Some(&source),
            AttestOptions::default(),
        )
        .await
        .unwrap();
    }
    scene.pass_epoch(4);
    a.activate(EpochNumber::new(3)).await.unwrap();
    scene.close_epoch(1);

    // What stays of it still counts where the next one is compared with the last ones.
    scene.ingest(&a, 4).await;
    a.close(EpochNumber::new(4), CloseOptions::default())
        .await
        .unwrap();
    a.propose(EpochNumber::new(4), ProposeOptions::default())
        .await
        .unwrap();
    b.attest(EpochNumber::new(4), Some(&source), AttestOptions::default())
        .await
        .unwrap();
    let over = b
        .attest(EpochNumber::FIRST, Some(&source), AttestOptions::default())
        .await
        .unwrap_err();
    assert!(over.to_string().contains("is closed"), "{over}");
    assert!(
        over.hint().contains("use the active epoch"),
        "{}",
        over.hint()
    );
}
