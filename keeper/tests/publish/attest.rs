//! A keeper that attests trusts the publisher with nothing: whatever was changed, it refuses and says what.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cairn_interface::vault::{ProposeEpoch, VetoEpoch};
use cairn_keeper::config::Config;
use cairn_keeper::domain::step::Refusal;
use cairn_keeper::progress::{Phase, Progress, Silent};
use cairn_keeper::{AttestOptions, CloseOptions, Ending, Keeper, KeeperError, ProposeOptions};
use cairn_merkle::{Credits, EpochNumber, MilliPoints};
use cairn_mirror::Fault;
use cairn_testkit::LiteSvmLedger;
use solana_sdk::{signature::Keypair, signer::Signer};

use crate::world::{SECOND, Scene, copy, stranger};

pub async fn attest(keeper: &Keeper, source: &Path) -> Result<(), KeeperError> {
    keeper
        .attest(EpochNumber::FIRST, Some(source), AttestOptions::default())
        .await
        .map(|_| ())
}

/// Keeper b with nothing of what it fetched before: what was right of it would not be asked for again.
async fn fresh(scene: &Scene) -> Keeper {
    let _ = fs::remove_dir_all(scene.folder("b").join("published"));
    scene.keeper("b").await
}

/// What the mirrors answered.
fn faults(error: &KeeperError) -> Vec<Fault> {
    let KeeperError::Mirror(error) = error else {
        panic!("{error}");
    };
    let told = error.told().iter();
    told.map(|told| told.fault.clone()).collect()
}

/// Keeper a closes epoch 1 with `dishonest` settings and proposes it: everything it publishes agrees with the chain.
pub async fn dishonest(scene: &Scene, prepare: impl FnOnce(&Path), config: Config) -> Keeper {
    let folder = scene.folder("a");
    prepare(&folder);
    let a = scene.keeper_with("a", config, Arc::new(Silent)).await;
    scene.ingest(&a, 1).await;
    a.close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap();
    // The pool itself refuses other rules than its own; here it was created with the liar's.
    scene.adopt_rules("a");
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    a
}

#[tokio::test]
async fn every_place_where_the_published_files_may_stand_is_found() {
    let scene = Scene::with_first_epoch_closed().await;
    let a = scene.keeper("a").await;
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    let data = a.folder().root().to_owned();
    let error = attest(&scene.keeper("b").await, Path::new("/nowhere"))
        .await
        .unwrap_err();
    assert_eq!(faults(&error), [Fault::Absent], "{error}");
    for (name, source) in [
        ("b", data.clone()),
        ("c", data.join("epochs")),
        ("b", data.join("epochs/00001")),
    ] {
        attest(&scene.keeper(name).await, &source).await.unwrap();
    }
}

#[tokio::test]
async fn files_that_are_not_those_on_chain_are_refused_before_anything_is_copied() {
    let scene = Scene::with_first_epoch_closed().await;
    let a = scene.keeper("a").await;
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    let (_other, stranger) = stranger().await;

    let b = scene.keeper("b").await;
    let error = attest(&b, stranger.folder().root()).await.unwrap_err();
    assert!(
        matches!(faults(&error)[..], [Fault::Content { .. }]),
        "{error}"
    );
    assert!(!b.folder().published(EpochNumber::FIRST).root().exists());
}

#[tokio::test]
async fn one_changed_byte_in_any_published_file_is_refused_by_its_name() {
    let scene = Scene::with_first_epoch_closed().await;
    let a = scene.keeper("a").await;
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    let before = scene.ledger.landed();
    for name in [
        "inputs/epoch.json",
        "inputs/evidence/hotspot_beat/0000.parquet",
        "inputs/devices.parquet",
        "inputs/ruleset.toml",
        "inputs/rules/90_decisions.sql",
        "outputs/decisions.parquet",
        "outputs/leaves.parquet",
        "outputs/state/members.parquet",
        "outputs/memory/access_points.parquet",
        "outputs/summary.json",
        "outputs/claims.parquet",
        "outputs/claims/0.json",
        "manifest.json",
    ] {
        let folder = tempfile::tempdir().unwrap();
        copy(
            a.folder().epoch(EpochNumber::FIRST).root(),
            &folder.path().join("00001"),
        );
        let file = folder.path().join("00001").join(name);
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&file, bytes).unwrap();
        let error = attest(&fresh(&scene).await, folder.path())
            .await
            .unwrap_err();
        assert_eq!(error.ending(), Ending::Refused, "{name}: {error}");
        // A changed manifest may still be one, of another hash.
        let told = name.trim_end_matches(".json");
        assert!(error.to_string().contains(told), "{name}: {error}");
    }
    for name in [
        "inputs/evidence/hotspot_beat/0000.parquet",
        "outputs/claims/0.json",
    ] {
        let folder = tempfile::tempdir().unwrap();
        copy(
            a.folder().epoch(EpochNumber::FIRST).root(),
            &folder.path().join("00001"),
        );
        let file = folder.path().join("00001").join(name);
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
        let error = attest(&fresh(&scene).await, folder.path())
            .await
            .unwrap_err();
        assert!(
            matches!(faults(&error)[..], [Fault::Length { .. }]),
            "{error}"
        );
        fs::remove_file(&file).unwrap();
        let error = attest(&scene.keeper("b").await, folder.path())
            .await
            .unwrap_err();
        assert_eq!(faults(&error), [Fault::Absent], "{error}");
    }
    assert_eq!(scene.ledger.landed(), before);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_among_the_published_files_is_refused() {
    let scene = Scene::with_first_epoch_closed().await;
    let a = scene.keeper("a").await;
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    copy(
        a.folder().epoch(EpochNumber::FIRST).root(),
        &folder.path().join("00001"),
    );
    let file = folder.path().join("00001/inputs/epoch.json");
    let elsewhere = folder.path().join("epoch.json");
    fs::rename(&file, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
    let error = attest(&scene.keeper("b").await, folder.path())
        .await
        .unwrap_err();
    assert_eq!(faults(&error), [Fault::Link], "{error}");
}

#[tokio::test]
async fn a_publisher_whose_state_does_not_continue_the_active_epoch_is_refused() {
    let scene = Scene::with_first_epoch_closed().await;
    let (a, b) = (scene.keeper("a").await, scene.keeper("b").await);
    let source = a.folder().root().to_owned();
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    b.attest(EpochNumber::FIRST, Some(&source), AttestOptions::default())
        .await
        .unwrap();
    scene.ingest(&a, 2).await;
    scene.pass_epoch(2);
    a.activate(EpochNumber::FIRST).await.unwrap();
    a.close(SECOND, CloseOptions::default()).await.unwrap();
    a.propose(SECOND, ProposeOptions::default()).await.unwrap();
    // Keeper c has no files of epoch 1, and the publisher withholds them.
    let folder = tempfile::tempdir().unwrap();
    copy(
        a.folder().epoch(SECOND).root(),
        &folder.path().join("00002"),
    );
    let c = scene.keeper("c").await;
    let error = c
        .attest(SECOND, Some(folder.path()), AttestOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            KeeperError::NoPrevious {
                number: EpochNumber::FIRST,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.hint().contains("attest 1"));
    // With them it goes on.
    c.attest(SECOND, Some(&source), AttestOptions::default())
        .await
        .unwrap();
    // The state of epoch 1 was edited in keeper a's own folder: epoch 2 can not be derived from it again.
    scene.veto(2);
    let state = a
        .folder()
        .epoch(EpochNumber::FIRST)
        .outputs()
        .join("state/members.parquet");
    let mut bytes = fs::read(&state).unwrap();
    bytes[10] ^= 1;
    fs::write(&state, bytes).unwrap();
    let error = a
        .close(SECOND, CloseOptions { again: true })
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            KeeperError::StateChanged {
                number: EpochNumber::FIRST,
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn an_epoch_nobody_proposed_is_waited_for() {
    let scene = Scene::with_first_epoch_closed().await;
    let error = attest(&scene.keeper("b").await, &scene.folder("a"))
        .await
        .unwrap_err();
    assert!(matches!(error, KeeperError::Wait(_)), "{error}");
    assert_eq!(error.ending(), Ending::Temporary);
}

/// While keeper b recomputes, the guardian vetoes what it reads and keeper c proposes the same root and manifest again,
/// with other totals.
struct Swap {
    ledger: LiteSvmLedger,
    veto: VetoEpoch,
    guardian: Keypair,
    again: ProposeEpoch,
    done: AtomicBool,
}

impl Progress for Swap {
    fn phase_finished(&self, phase: Phase) {
        if phase == Phase::Recompute && !self.done.swap(true, Ordering::SeqCst) {
            self.ledger.with_world(|world| {
                let proposer = world.actor("keeper c");
                world.must(&[self.veto.instruction()], &[&self.guardian]);
                world.must(&[self.again.instruction()], &[&proposer]);
            });
        }
    }
}

#[tokio::test]
async fn totals_that_were_swapped_while_a_keeper_recomputed_do_not_get_its_word() {
    let scene = Scene::with_first_epoch_closed().await;
    let a = scene.keeper("a").await;
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    let seen = scene.epoch(1).unwrap();
    let other = scene.ledger.with_world(|world| world.actor("keeper c"));
    let swap = Arc::new(Swap {
        ledger: scene.ledger.clone(),
        veto: VetoEpoch {
            guardian: scene.guardian.pubkey(),
            pool: scene.pool,
            number: EpochNumber::FIRST,
            reason: 7,
        },
        guardian: scene.guardian.insecure_clone(),
        again: ProposeEpoch {
            proposer: other.pubkey(),
            pool: scene.pool,
            number: EpochNumber::FIRST,
            root: seen.root_node(),
            points: MilliPoints::new(u64::MAX),
            credits: Credits::new((1 << 63) - 1),
            leaf_count: seen.leaf_count,
            period_start: seen.period_start,
            period_end: seen.period_end,
            manifest_hash: seen.manifest_hash,
            ruleset_hash: seen.ruleset_hash,
            code_hash: seen.code_hash,
            accepted: seen.accepted,
            rejected: seen.rejected,
            admin: None,
            guardian: None,
        },
        done: AtomicBool::new(false),
    });
    let progress = Arc::clone(&swap) as Arc<dyn Progress>;
    let b = scene.keeper_with("b", scene.config(), progress).await;
    let error = attest(&b, a.folder().root()).await.unwrap_err();
    assert!(
        matches!(
            error,
            KeeperError::Refused(Refusal::OtherFigures {
                number: EpochNumber::FIRST,
                ..
            })
        ),
        "{error}"
    );
    assert!(swap.done.load(Ordering::SeqCst));
    let epoch = scene.epoch(1).unwrap();
    assert_eq!((epoch.attempt, epoch.points), (1, u64::MAX));
    assert_eq!(epoch.attesters(), [other.pubkey()]);
}
