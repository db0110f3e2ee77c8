//! `run` with what people put in its inbox, and with epochs that are not as it derived them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::UNIX_EPOCH;

use cairn_keeper::domain::step::Refusal;
use cairn_keeper::progress::Progress;
use cairn_keeper::{
    AttestOptions, CloseOptions, Content, Ending, Keeper, KeeperError, ProposeOptions, Record,
    frame,
};
use cairn_merkle::EpochNumber;

use crate::faulty::Fault;
use crate::world::{DEVICES, Scene, beats};

/// Hears the sentences for the person.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Heard {
    fn times(&self, words: &str) -> usize {
        let notes = self.0.lock().unwrap();
        notes.iter().filter(|note| note.contains(words)).count()
    }
}

impl Progress for Heard {
    fn note(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

async fn listened(scene: &Scene) -> (Keeper, Arc<Heard>) {
    let heard = Arc::new(Heard::default());
    let progress = Arc::clone(&heard) as Arc<dyn Progress>;
    (
        scene.keeper_with("a", scene.config(), progress).await,
        heard,
    )
}

fn stream(records: &[Record]) -> Vec<u8> {
    let proofs = records.iter().map(|record| match &record.content {
        Content::Proof(signed) => frame(signed),
        Content::Raw { bytes, .. } => bytes.clone(),
    });
    proofs.flatten().collect()
}

/// Puts a file into the inbox that nobody has written to for a while.
fn put(keeper: &Keeper, name: &str, bytes: &[u8]) -> PathBuf {
    let path = keeper.folder().inbox().join(name);
    fs::write(&path, bytes).unwrap();
    age(&path);
    path
}

fn age(path: &Path) {
    File::options()
        .append(true)
        .open(path)
        .unwrap()
        .set_modified(UNIX_EPOCH)
        .unwrap();
}

#[tokio::test]
async fn one_bad_file_is_set_aside_with_its_reason_and_everything_else_goes_on() {
    let scene = Scene::new();
    let (a, heard) = listened(&scene).await;
    scene.ingest(&a, 1).await;
    let good = stream(&beats(scene.network, 2, 2));
    put(&a, "1-cut.borsh", &good[..good.len() - 10]);
    put(&a, "2-zip.json", b"\x1f\x8b\x08\0 some");
    put(&a, "3-table.csv", b"a,b\n");
    put(&a, "4-good.borsh", &good);
    let report = a.run(true).await.unwrap();
    assert_eq!((report.files, report.proofs), (1, u64::from(DEVICES) * 2));
    assert_eq!(report.refused_files, ["1-cut.borsh", "2-zip.json"]);
    // And the epoch was closed and proposed in the same run.
    assert_eq!(
        (report.closed, report.proposed),
        (vec![EpochNumber::FIRST], vec![EpochNumber::FIRST])
    );

    let refused = a.folder().inbox().join("refused");
    for (name, words) in [
        ("1-cut.borsh", "ends inside record"),
        ("2-zip.json", "packed with gzip"),
    ] {
        assert!(refused.join(name).is_file());
        let reason = fs::read_to_string(refused.join(format!("{name}.reason.txt"))).unwrap();
        assert!(
            reason.contains(words) && reason.contains("hint: "),
            "{reason}"
        );
        assert_eq!(heard.times(&format!("inbox/{name}: set aside")), 1);
    }
    assert!(a.folder().inbox_done().join("4-good.borsh").is_file());
    assert!(a.folder().inbox().join("3-table.csv").is_file());
    assert_eq!(heard.times("3-table.csv"), 1, "said once, in many rounds");
}

#[tokio::test]
async fn a_file_that_may_still_be_being_written_is_left_until_it_is_whole() {
    let scene = Scene::new();
    let (a, _) = listened(&scene).await;
    let good = stream(&beats(scene.network, 1, 1));
    let path = a.folder().inbox().join("slow.borsh");
    fs::write(&path, &good[..good.len() / 2 + 3]).unwrap();
    let report = a.run(true).await.unwrap_err();
    assert!(matches!(report, KeeperError::Read(_)), "{report}");
    assert!(path.is_file());
    fs::write(&path, &good).unwrap();
    assert_eq!(a.run(true).await.unwrap().files, 1);
}

#[tokio::test]
async fn a_second_file_of_the_same_name_replaces_neither_the_taken_nor_the_refused() {
    let scene = Scene::new();
    let (a, _) = listened(&scene).await;
    let records = beats(scene.network, 1, 2);
    for (round, records) in records.chunks(usize::from(DEVICES)).enumerate() {
        put(&a, "day.borsh", &stream(records));
        put(&a, "bad.json", format!("junk {round}\n").as_bytes());
        let _ = a.run(true).await.unwrap();
    }
    for name in [
        "done/day.borsh",
        "done/day.borsh.2",
        "refused/bad.json",
        "refused/bad.json.2",
    ] {
        assert!(a.folder().inbox().join(name).is_file(), "{name}");
    }
}

#[tokio::test]
async fn a_young_network_whose_first_epoch_ends_before_any_paid_proof_is_waited_for() {
    let scene = Scene::new();
    let (a, heard) = listened(&scene).await;
    for _ in 0..3 {
        let waiting = a.run(true).await.unwrap();
        assert!(
            waiting.waiting_for.contains("nobody has earned anything"),
            "{waiting:?}"
        );
        assert!(scene.epoch(1).is_none());
    }
    assert_eq!(heard.times("nobody has earned anything"), 3, "once a run");
    // A late proof comes, and it goes on by itself.
    scene.ingest(&a, 1).await;
    let report = a.run(true).await.unwrap();
    assert_eq!(
        (report.closed, report.proposed),
        (vec![EpochNumber::FIRST], vec![EpochNumber::FIRST])
    );
}

#[tokio::test]
async fn a_run_that_waits_says_so_once_and_never_ends_by_itself() {
    let scene = Scene::new();
    let (a, heard) = listened(&scene).await;
    let stop = a.stop_switch();
    let rounds = async {
        // Each round reads the chain; after some of them it is told to stop.
        while scene.faulty.calls().len() < 20 {
            tokio::task::yield_now().await;
        }
        stop.stop();
    };
    let (ended, ()) = tokio::join!(a.run(false), rounds);
    assert_eq!(ended.unwrap().waiting_for, "told to stop");
    assert_eq!(heard.times("nobody has earned anything"), 1);
}

#[tokio::test]
async fn a_phase_that_fails_for_good_holds_up_no_other_and_is_not_repeated_each_round() {
    let scene = Scene::new();
    let (a, heard) = listened(&scene).await;
    scene.ingest(&a, 1).await;
    let devices = scene.folder("a").join("registry/devices.parquet");
    let whole = fs::read(&devices).unwrap();
    fs::write(&devices, &whole[..whole.len() / 2]).unwrap();
    put(&a, "more.borsh", &stream(&beats(scene.network, 2, 1)));
    let failed = a.run(true).await.unwrap_err();
    assert_eq!(failed.ending(), Ending::Refused);
    assert!(failed.to_string().contains("devices.parquet"), "{failed}");
    assert_eq!(heard.times("devices.parquet"), 1);
    assert!(a.folder().inbox_done().join("more.borsh").is_file());
    fs::write(&devices, &whole).unwrap();
    assert_eq!(a.run(true).await.unwrap().proposed, [EpochNumber::FIRST]);
}

#[tokio::test]
async fn an_epoch_derived_differently_is_neither_attested_nor_activated_and_the_difference_is_named()
 {
    let scene = Scene::with_first_epoch_closed().await;
    let (a, b) = (scene.keeper("a").await, scene.keeper("b").await);
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    b.attest(
        EpochNumber::FIRST,
        Some(a.folder().root()),
        AttestOptions::default(),
    )
    .await
    .unwrap();
    scene.set_time(scene.activatable_at(1));
    // Keeper c received less than keeper a.
    let c = scene.keeper("c").await;
    c.ingest("half", beats(scene.network, 1, 1)).await.unwrap();
    let refused = c.run(true).await.unwrap_err();
    let KeeperError::Refused(Refusal::OtherManifest { differs, .. }) = &refused else {
        panic!("{refused}");
    };
    let text = differs.to_string();
    let count = u64::from(DEVICES);
    assert!(
        text.contains(&format!(
            "accepted proofs {} on chain, {count} here",
            count * 2
        )),
        "{text}"
    );
    assert!(matches!(
        c.activate(EpochNumber::FIRST).await,
        Err(KeeperError::Refused(Refusal::OtherManifest { .. }))
    ));
    assert_eq!(scene.pool().active_epoch, 0);
    // Who derived the same has nothing against it.
    assert_eq!(a.run(true).await.unwrap().activated, [EpochNumber::FIRST]);
}

#[tokio::test]
async fn a_keeper_without_evidence_of_its_own_helps_nothing_it_can_not_check_to_become_active() {
    let scene = Scene::with_first_epoch_closed().await;
    let (a, b) = (scene.keeper("a").await, scene.keeper("b").await);
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    b.attest(
        EpochNumber::FIRST,
        Some(a.folder().root()),
        AttestOptions::default(),
    )
    .await
    .unwrap();
    scene.set_time(scene.activatable_at(1));
    let refused = scene.keeper("c").await.run(true).await.unwrap_err();
    assert!(
        matches!(
            refused,
            KeeperError::Refused(Refusal::NothingDerived {
                number: EpochNumber::FIRST
            })
        ),
        "{refused}"
    );
    assert_eq!(scene.pool().active_epoch, 0);
}

#[tokio::test]
async fn after_a_veto_of_another_keepers_epoch_the_right_one_is_proposed_without_a_person() {
    let scene = Scene::new();
    let a = scene.keeper("a").await;
    let b = scene.keeper("b").await;
    // Keeper a received half of it.
    a.ingest("half", beats(scene.network, 1, 1)).await.unwrap();
    scene.ingest(&b, 1).await;
    assert_eq!(a.run(true).await.unwrap().proposed, [EpochNumber::FIRST]);
    let refused = b.run(true).await.unwrap_err();
    assert!(matches!(
        refused,
        KeeperError::Refused(Refusal::OtherManifest { .. })
    ));
    scene.veto(1);
    assert_eq!(b.run(true).await.unwrap().proposed, [EpochNumber::FIRST]);
    assert_eq!(scene.epoch(1).unwrap().attempt, 1);
}

#[tokio::test]
async fn killed_at_any_call_of_a_run_the_next_one_ends_in_the_same_epoch() {
    for fault in [Fault::KilledBefore, Fault::KilledAfter] {
        // Every seventh call: the calls of a proposal are killed one by one elsewhere.
        for call in (0..).step_by(7) {
            let scene = Scene::with_first_epoch_closed().await;
            let before = scene.ledger.landed();
            let a = scene.keeper("a").await;
            put(&a, "next.borsh", &stream(&beats(scene.network, 2, 1)));
            scene.faulty.forget_calls();
            scene.faulty.plan(call, fault);
            let died = tokio::select! {
                biased;
                () = scene.faulty.died.notified() => true,
                done = a.run(true) => { done.unwrap(); false }
            };
            drop(a);
            scene.faulty.forget_calls();
            let a = scene.keeper("a").await;
            a.run(true).await.unwrap();
            assert_eq!(
                scene.ledger.landed() - before,
                3,
                "{fault:?} at call {call}"
            );
            let records = beats(scene.network, 2, 1);
            for record in &records {
                let receipts = a.intake().receipts(&record.id()).await.unwrap();
                assert_eq!(receipts.len(), 1, "{fault:?} at call {call}");
            }
            if !died {
                assert!(call > 20);
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_proposal_whose_end_is_not_known_is_resolved_before_its_epoch_is_derived_anew() {
    let scene = Scene::with_first_epoch_closed().await;
    let a = scene.keeper("a").await;
    scene.faulty.forget_calls();
    // The first transaction lands and the machine never hears of it.
    let submission = {
        let probe = Scene::with_first_epoch_closed().await;
        let keeper = probe.keeper("a").await;
        probe.faulty.forget_calls();
        keeper
            .propose(EpochNumber::FIRST, ProposeOptions::default())
            .await
            .unwrap();
        let is_submission =
            |call: &crate::faulty::Call| matches!(call, crate::faulty::Call::Submit(_));
        probe.faulty.calls().iter().position(is_submission).unwrap()
    };
    scene.faulty.plan(submission, Fault::KilledAfter);
    tokio::select! {
        () = scene.faulty.died.notified() => {}
        done = a.propose(EpochNumber::FIRST, ProposeOptions::default()) => panic!("{done:?}"),
    }
    drop(a);
    let a = scene.keeper("a").await;
    let refused = a
        .close(EpochNumber::FIRST, CloseOptions { again: true })
        .await
        .unwrap_err();
    assert!(
        matches!(
            refused,
            KeeperError::OnChain {
                number: EpochNumber::FIRST
            }
        ),
        "{refused}"
    );
}
