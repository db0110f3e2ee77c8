//! Proofs in: every one has a receipt, none is filed twice, none that was acknowledged is lost.

use cairn_epoch::{EvidenceReader, SegmentName};
use cairn_keeper::{CloseOptions, KeeperError};
use cairn_merkle::EpochNumber;
use cairn_proof::Kind;

use crate::world::{DEVICES, SECOND, Scene, beats};

#[tokio::test]
async fn proofs_are_filed_under_the_epoch_they_name_when_it_is_near_else_under_the_open_one() {
    let scene = Scene::new();
    let a = scene.keeper("a").await;
    let mut records = beats(scene.network, 1, 1);
    records.extend(beats(scene.network, 2, 1));
    for record in beats(scene.network, 1, 1) {
        let cairn_keeper::Content::Proof(mut signed) = record.content else {
            unreachable!()
        };
        signed.proof.epoch = 4_000_000_000;
        records.push(cairn_keeper::Record::proof(signed, record.received_at_ms));
    }
    let report = a.ingest("mixed", records).await.unwrap();
    let count = u64::from(DEVICES);
    assert_eq!(
        report.epochs,
        [(EpochNumber::FIRST, count * 2), (SECOND, count)].into()
    );
}

#[tokio::test]
async fn a_source_that_broke_off_continues_behind_its_last_receipt() {
    let scene = Scene::new();
    let mut config = scene.config();
    config.ingest.batch = 7;
    let a = scene
        .keeper_with(
            "a",
            config,
            std::sync::Arc::new(cairn_keeper::progress::Silent),
        )
        .await;
    let records = beats(scene.network, 1, 1);
    let stop = a.stop_switch();
    let mut given = 0;
    let broken = records.iter().cloned().inspect(|_| {
        given += 1;
        if given == 10 {
            stop.stop();
        }
    });
    let error = a.ingest("beats", broken).await.unwrap_err();
    assert!(matches!(error, KeeperError::Stopped), "{error}");
    drop(a);
    let a = scene.keeper("a").await;
    let report = a.ingest("beats", records.clone()).await.unwrap();
    assert_eq!(
        (report.already, report.proofs),
        (14, u64::from(DEVICES) - 14)
    );
    for record in &records {
        assert_eq!(a.intake().receipts(&record.id()).await.unwrap().len(), 1);
    }
    let evidence = EvidenceReader::open(&a.folder().epoch(EpochNumber::FIRST).inputs()).unwrap();
    let filed: Vec<_> = evidence.rows().map(Result::unwrap).collect();
    assert_eq!(filed.len(), records.len(), "in evidence exactly once");
    assert_eq!(a.ingest("beats", records).await.unwrap().proofs, 0);
}

#[tokio::test]
async fn a_replay_has_a_receipt_of_its_own_and_is_rejected_by_the_rules() {
    let scene = Scene::new();
    let a = scene.keeper("a").await;
    let records = beats(scene.network, 1, 1);
    a.ingest("beats", records.clone()).await.unwrap();
    a.ingest("a thief", records[..3].to_vec()).await.unwrap();
    assert_eq!(
        a.intake().receipts(&records[0].id()).await.unwrap().len(),
        2
    );
    let closing = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap();
    assert_eq!(
        (closing.accepted, closing.rejected),
        (u64::from(DEVICES), 3)
    );
    assert_eq!(closing.reasons, [("DUPLICATE".to_owned(), 3)].into());
}

#[tokio::test]
async fn evidence_that_was_changed_after_its_receipt_stops_the_close() {
    let scene = Scene::new();
    let a = scene.keeper("a").await;
    scene.ingest(&a, 1).await;
    let path = a.folder().epoch(EpochNumber::FIRST).evidence(SegmentName {
        number: 0,
        kind: Some(Kind::HotspotBeat),
    });
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let error = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(
            &error,
            KeeperError::EvidenceChanged {
                number: EpochNumber::FIRST,
                ..
            }
        ),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains("evidence/hotspot_beat/0000.parquet")
    );
}

#[tokio::test]
async fn proofs_that_come_after_the_close_are_filed_under_the_next_epoch() {
    let scene = Scene::with_first_epoch_closed().await;
    let a = scene.keeper("a").await;
    let late = beats(scene.network, 1, 3).split_off(usize::from(DEVICES) * 2);
    let report = a.ingest("late", late).await.unwrap();
    assert_eq!(report.epochs, [(SECOND, u64::from(DEVICES))].into());
}
