//! Keepers that read each other's epochs from web servers, and one that was away.

use std::sync::Arc;

use cairn_epoch::{read_manifest, verify_files};
use cairn_keeper::progress::Silent;
use cairn_keeper::{AttestOptions, CloseOptions, Keeper, ProposeOptions, status};
use cairn_merkle::EpochNumber;
use cairn_static::{Served, Site};

use crate::world::{SECOND, Scene, stranger};

const THIRD: EpochNumber = EpochNumber::new(3);
const FOURTH: EpochNumber = EpochNumber::new(4);
/// Nobody listens there.
const GONE: &str = "http://127.0.0.1:1/";

async fn serve(keeper: &Keeper) -> Served {
    Site::of(keeper.folder().epochs()).serve(0).await.unwrap()
}

/// Brings an epoch from evidence to activation: keeper a derives it, keeper b attests it.
async fn play(scene: &Scene, a: &Keeper, b: &Keeper, mirror: &Served, number: EpochNumber) {
    let at = u32::try_from(number.get()).unwrap();
    scene.ingest(a, at).await;
    scene.pass_epoch(i64::from(at));
    a.close(number, CloseOptions::default()).await.unwrap();
    a.propose(number, ProposeOptions::default()).await.unwrap();
    b.attest_from(number, &[mirror.url().into()], AttestOptions::default())
        .await
        .unwrap();
    scene.set_time(scene.activatable_at(number.get()));
    a.activate(number).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keeper_attests_from_the_mirror_that_answers_and_status_names_the_other_one() {
    let scene = Scene::with_first_epoch_closed().await;
    let a = scene.keeper("a").await;
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    let mirror = serve(&a).await;
    let mut config = scene.config();
    config.attest.source = vec![GONE.into(), mirror.url().into()];
    let b = scene
        .keeper_with("b", config.clone(), Arc::new(Silent))
        .await;
    let ran = b.run(true).await.unwrap();
    assert_eq!(ran.attested, [EpochNumber::FIRST], "{ran:?}");
    let copy = b.folder().published(EpochNumber::FIRST);
    let (manifest, _) = read_manifest(copy.root()).unwrap();
    verify_files(copy.root(), &manifest).unwrap();
    let ledger = scene.ledger.clone();
    let status = status::read_with(b.folder(), &config, b.address(), &ledger)
        .await
        .unwrap();
    assert_eq!(status.newest_files, Some(EpochNumber::FIRST));
    let said: Vec<_> = status
        .mirrors
        .iter()
        .map(|peer| (peer.mirror.clone(), peer.said.is_some()))
        .collect();
    assert_eq!(said, [(GONE.to_owned(), true), (mirror.url(), false)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keeper_that_was_away_fetches_what_became_active_and_proposes_the_next_epoch() {
    let scene = Scene::new();
    let (a, b) = (scene.keeper("a").await, scene.keeper("b").await);
    let mirror = serve(&a).await;
    play(&scene, &a, &b, &mirror, EpochNumber::FIRST).await;
    // Keeper c was there for the first epoch.
    let mut config = scene.config();
    config.inputs.epochs = vec![GONE.into(), mirror.url().into()];
    let c = scene
        .keeper_with("c", config.clone(), Arc::new(Silent))
        .await;
    assert_eq!(
        c.catch_up(EpochNumber::FIRST).await.unwrap(),
        [EpochNumber::FIRST]
    );
    c.shut_down().await;
    for number in [SECOND, THIRD] {
        play(&scene, &a, &b, &mirror, number).await;
    }
    let c = scene.keeper_with("c", config, Arc::new(Silent)).await;
    scene.ingest(&c, 4).await;
    scene.pass_epoch(4);
    let ran = c.run(true).await.unwrap();
    assert_eq!(ran.fetched, [SECOND, THIRD], "{ran:?}");
    assert_eq!(
        (ran.closed.as_slice(), ran.proposed.as_slice()),
        (&[FOURTH][..], &[FOURTH][..])
    );
    let (manifest, _) = read_manifest(c.folder().epoch(FOURTH).root()).unwrap();
    let third = scene.epoch(3).unwrap().manifest_hash;
    assert_eq!(manifest.epoch.previous_manifest, Some(third));
    // Everything is here: nobody is asked again.
    drop(mirror);
    assert!(c.run(true).await.unwrap().fetched.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_that_serves_another_epoch_gives_nothing_and_the_keeper_waits_for_a_person() {
    let scene = Scene::new();
    let (a, b) = (scene.keeper("a").await, scene.keeper("b").await);
    let mirror = serve(&a).await;
    play(&scene, &a, &b, &mirror, EpochNumber::FIRST).await;
    let (_other, stranger) = stranger().await;
    let liar = serve(&stranger).await;
    let mut config = scene.config();
    config.inputs.epochs = vec![liar.url().into()];
    let c = scene.keeper_with("c", config, Arc::new(Silent)).await;
    let error = c.catch_up(EpochNumber::FIRST).await.unwrap_err();
    let told = error.to_string();
    assert!(
        told.contains(&liar.url()) && told.contains("another file"),
        "{told}"
    );
    assert!(!c.folder().published(EpochNumber::FIRST).root().exists());
}
