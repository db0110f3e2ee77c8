//! Many who hand in at once, and closes in between: what has a receipt stands in exactly one set, whoever was faster.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use cairn_epoch::{Content, EvidenceReader, SegmentName};
use cairn_keeper::progress::Silent;
use cairn_keeper::{AttestOptions, CloseOptions, Keeper, ProposeOptions, Record};
use cairn_merkle::EpochNumber;
use cairn_proof::Kind;

use crate::world::{DEVICES, SECOND, Scene, beats};

/// Polls `work` until it has given way `times` times; its result when it ended before.
async fn advance<F: Future>(mut work: Pin<&mut F>, times: usize) -> Option<F::Output> {
    let mut left = times;
    poll_fn(move |context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

/// Every record has one receipt, and stands where the receipt says. Returns how many stand in each epoch's evidence.
async fn each_stands_once(
    keeper: &Keeper,
    records: &[Record],
    moment: &str,
) -> BTreeMap<EpochNumber, u64> {
    let mut rows = BTreeMap::new();
    for epoch in (1..=4).map(EpochNumber::new) {
        let inputs = keeper.folder().epoch(epoch).inputs();
        if !inputs.exists() {
            continue;
        }
        let evidence = EvidenceReader::open(&inputs).unwrap();
        for row in evidence.rows() {
            let Content::Proof(signed) = row.unwrap().content else {
                panic!("only proofs were handed in");
            };
            rows.entry(signed.proof.id())
                .or_insert_with(Vec::new)
                .push(epoch);
        }
    }
    let mut counts = BTreeMap::new();
    for record in records {
        let receipts = keeper.intake().receipts(&record.id()).await.unwrap();
        let promised: Vec<EpochNumber> = receipts.iter().map(|receipt| receipt.epoch).collect();
        let found = rows.get(&record.id()).cloned().unwrap_or_default();
        assert_eq!(promised.len(), 1, "{moment}: not one receipt");
        assert_eq!(found, promised, "{moment}: not where its receipt says");
        *counts.entry(promised[0]).or_default() += 1;
    }
    counts
}

#[tokio::test]
async fn two_who_hand_in_at_once_get_their_receipts_and_nothing_replaces_anything() {
    let scene = Scene::new();
    let mut config = scene.config();
    config.ingest.batch = 3;
    let a = scene.keeper_with("a", config, Arc::new(Silent)).await;
    let records = beats(scene.network, 1, 2);
    let (first, second) = records.split_at(usize::from(DEVICES));
    let (one, two) = tokio::join!(
        a.ingest("one", first.to_vec()),
        a.ingest("two", second.to_vec())
    );
    let count = u64::from(DEVICES);
    assert_eq!((one.unwrap().proofs, two.unwrap().proofs), (count, count));
    let counts = each_stands_once(&a, &records, "at once").await;
    assert_eq!(counts, [(EpochNumber::FIRST, count * 2)].into());
    let closing = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap();
    assert_eq!(closing.accepted, count * 2);
}

#[tokio::test]
async fn a_close_at_any_moment_of_an_ingest_leaves_no_receipt_outside_a_set() {
    for moment in 0.. {
        let scene = Scene::new();
        let a = scene.keeper("a").await;
        let records = beats(scene.network, 1, 2);
        let (before, mut during) = (
            records[..usize::from(DEVICES)].to_vec(),
            records[usize::from(DEVICES)..].to_vec(),
        );
        // Some of them are of the epoch after, which a close must leave alone as well.
        during.extend(beats(scene.network, 2, 1));
        a.ingest("before", before.clone()).await.unwrap();

        let mut ingest = pin!(a.ingest("during", during.clone()));
        let ended = advance(ingest.as_mut(), moment).await;
        let closing = a
            .close(EpochNumber::FIRST, CloseOptions::default())
            .await
            .unwrap();
        let over = ended.is_some();
        let report = match ended {
            Some(done) => done.unwrap(),
            None => ingest.await.unwrap(),
        };
        let moment = format!("close at moment {moment}");
        assert_eq!(report.proofs, during.len() as u64, "{moment}");
        let all: Vec<_> = before.into_iter().chain(during).collect();
        let counts = each_stands_once(&a, &all, &moment).await;
        assert_eq!(
            counts[&EpochNumber::FIRST],
            closing.received,
            "{moment}: outside every set"
        );
        if over {
            break;
        }
    }
}

#[tokio::test]
async fn an_evidence_file_that_nobody_was_promised_anything_about_leaves_no_gap_behind() {
    let scene = Scene::new();
    let a = scene.keeper("a").await;
    let records = beats(scene.network, 1, 2);
    let (first, second) = records.split_at(usize::from(DEVICES));
    a.ingest("first", first.to_vec()).await.unwrap();
    // As an ingest leaves it whose receipts could not be written: the disk was full for a moment.
    let folder = a.folder().epoch(EpochNumber::FIRST);
    let [written, left] = [0, 1].map(|number| {
        folder.evidence(SegmentName {
            number,
            kind: Some(Kind::HotspotBeat),
        })
    });
    std::fs::copy(written, left).unwrap();
    a.ingest("second", second.to_vec()).await.unwrap();
    let closing = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap();
    assert_eq!(closing.accepted, u64::from(DEVICES) * 2);
    each_stands_once(&a, &records, "after a failed write").await;
}

#[tokio::test]
async fn evidence_of_an_epoch_that_another_keeper_brought_through_is_decided_about_with_the_next() {
    let scene = Scene::with_first_epoch_closed().await;
    let (a, b, c) = (
        scene.keeper("a").await,
        scene.keeper("b").await,
        scene.keeper("c").await,
    );
    // Keeper c took in proofs, slept through epoch 1, and found it active.
    let first = beats(scene.network, 1, 1);
    c.ingest("first", first.clone()).await.unwrap();
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
    a.activate(EpochNumber::FIRST).await.unwrap();
    c.attest(
        EpochNumber::FIRST,
        Some(a.folder().root()),
        AttestOptions::default(),
    )
    .await
    .unwrap();
    let second = beats(scene.network, 2, 1);
    c.ingest("second", second.clone()).await.unwrap();
    scene.pass_epoch(2);
    let closing = c.close(SECOND, CloseOptions::default()).await.unwrap();
    let count = u64::from(DEVICES);
    assert_eq!((closing.accepted, closing.rejected), (count, count));
    let all: Vec<_> = first.into_iter().chain(second).collect();
    let counts = each_stands_once(&c, &all, "carried over").await;
    assert_eq!(counts, [(SECOND, count * 2)].into());
}
