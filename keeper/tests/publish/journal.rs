//! The journal's own word on what it is asked to change: whoever decides from an older state is refused aloud.

use cairn_epoch::Anchor;
use cairn_keeper::journal::{Journal, JournalError, NewReceipt, SegmentRow, SourceRow};
use cairn_merkle::EpochNumber;

use crate::world::SECOND;

async fn journal() -> (tempfile::TempDir, Journal) {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("keeper.sqlite"))
        .await
        .unwrap();
    (folder, journal)
}

fn segment(epoch: u64, number: u32, records: u8) -> (SegmentRow, Vec<NewReceipt>) {
    let row = SegmentRow {
        epoch: EpochNumber::new(epoch),
        name: format!("evidence/hotspot_beat/{number:04}.parquet"),
        records: records.into(),
        sha256: [3; 32],
    };
    let receipts = (0..records).map(|record| NewReceipt {
        record_id: [record; 32],
        received_at_ms: 5,
        malformed: None,
    });
    (row, receipts.collect())
}

async fn nothing_was_acknowledged(journal: &Journal, source: SourceRow) {
    assert_eq!(journal.received().await.unwrap(), 0);
    assert_eq!(journal.source("a").await.unwrap(), source);
    assert!(
        journal
            .segments(EpochNumber::FIRST)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn evidence_of_an_epoch_that_stopped_collecting_or_of_one_before_it_is_not_acknowledged() {
    let (_folder, journal) = journal().await;
    let source = journal.source("a").await.unwrap();
    journal.stop_collecting(SECOND).await.unwrap();
    for epoch in [1, 2] {
        let late = journal
            .acknowledge(source, 2, &[segment(epoch, 0, 2)])
            .await;
        assert!(
            matches!(late, Err(JournalError::NotCollecting { number }) if number == EpochNumber::new(epoch)),
            "{late:?}"
        );
        nothing_was_acknowledged(&journal, source).await;
    }
    // One of several is enough to refuse them all.
    let mixed = [segment(3, 0, 1), segment(2, 0, 1)];
    assert!(journal.acknowledge(source, 2, &mixed).await.is_err());
    nothing_was_acknowledged(&journal, source).await;
    assert!(
        journal
            .segments(EpochNumber::new(3))
            .await
            .unwrap()
            .is_empty()
    );
    let moved = journal.acknowledge(source, 2, &[segment(3, 0, 2)]).await;
    assert_eq!(moved.unwrap().received, 2);
}

#[tokio::test]
async fn a_source_that_somebody_else_read_further_gets_no_second_receipts() {
    let (_folder, journal) = journal().await;
    let source = journal.source("a").await.unwrap();
    journal
        .acknowledge(source, 2, &[segment(1, 0, 2)])
        .await
        .unwrap();
    let twice = journal.acknowledge(source, 2, &[segment(1, 1, 2)]).await;
    assert!(matches!(twice, Err(JournalError::SourceMoved)), "{twice:?}");
    let ended = journal.complete_source(source).await;
    assert!(matches!(ended, Err(JournalError::SourceMoved)), "{ended:?}");
    assert_eq!(journal.received().await.unwrap(), 2);
    let source = journal.source("a").await.unwrap();
    journal.complete_source(source).await.unwrap();
    let after = journal.acknowledge(source, 3, &[segment(1, 1, 1)]).await;
    assert!(matches!(after, Err(JournalError::SourceMoved)), "{after:?}");
}

#[tokio::test]
async fn a_segment_number_is_given_once_and_none_is_left_out() {
    let (_folder, journal) = journal().await;
    let source = journal.source("a").await.unwrap();
    let gap = journal.acknowledge(source, 1, &[segment(1, 1, 1)]).await;
    assert!(
        matches!(gap, Err(JournalError::Overtaken { .. })),
        "{gap:?}"
    );
    let source = journal
        .acknowledge(source, 1, &[segment(1, 0, 1)])
        .await
        .unwrap();
    let taken = journal.acknowledge(source, 2, &[segment(1, 0, 1)]).await;
    assert!(
        matches!(taken, Err(JournalError::Overtaken { .. })),
        "{taken:?}"
    );
}

#[tokio::test]
async fn a_receipt_too_few_or_too_many_is_refused() {
    let (_folder, journal) = journal().await;
    let source = journal.source("a").await.unwrap();
    let (row, mut receipts) = segment(1, 0, 2);
    for (received, segments) in [
        (3, vec![segment(1, 0, 2)]),
        (1, vec![segment(1, 0, 2)]),
        (2, vec![(row, vec![receipts.remove(0)])]),
    ] {
        let refused = journal.acknowledge(source, received, &segments).await;
        assert!(
            matches!(refused, Err(JournalError::Miscounted { .. })),
            "{refused:?}"
        );
        nothing_was_acknowledged(&journal, source).await;
    }
}

#[tokio::test]
async fn every_step_of_an_epoch_is_taken_once_and_from_where_it_stands() {
    let (folder, journal) = journal().await;
    let root = folder.path().join("00001");
    std::fs::create_dir(&root).unwrap();
    let kept = cairn_epoch::disk::keep_all(&cairn_epoch::disk::Machine, &root).unwrap();
    let overtaken = |outcome: Result<(), JournalError>| {
        assert!(
            matches!(outcome, Err(JournalError::Overtaken { .. })),
            "{outcome:?}"
        );
    };
    // Nothing of it exists yet.
    overtaken(journal.mark_frozen(EpochNumber::FIRST, &kept).await);
    overtaken(journal.mark_closed(EpochNumber::FIRST, [1; 32]).await);
    overtaken(journal.reopen(EpochNumber::FIRST).await);
    journal.stop_collecting(EpochNumber::FIRST).await.unwrap();
    overtaken(journal.stop_collecting(EpochNumber::FIRST).await);
    overtaken(journal.mark_closed(EpochNumber::FIRST, [1; 32]).await);
    journal
        .mark_frozen(EpochNumber::FIRST, &kept)
        .await
        .unwrap();
    overtaken(journal.mark_frozen(EpochNumber::FIRST, &kept).await);
    journal.reopen(EpochNumber::FIRST).await.unwrap();
    overtaken(journal.reopen(EpochNumber::FIRST).await);
    journal.stop_collecting(EpochNumber::FIRST).await.unwrap();
    journal
        .mark_frozen(EpochNumber::FIRST, &kept)
        .await
        .unwrap();
    journal
        .mark_closed(EpochNumber::FIRST, [1; 32])
        .await
        .unwrap();
    overtaken(journal.mark_closed(EpochNumber::FIRST, [2; 32]).await);
    overtaken(journal.reopen(EpochNumber::FIRST).await);
    let row = journal.epoch(EpochNumber::FIRST).await.unwrap().unwrap();
    journal.freeze_again(&row).await.unwrap();
    overtaken(journal.freeze_again(&row).await);
    assert_eq!(
        journal
            .epoch(EpochNumber::FIRST)
            .await
            .unwrap()
            .unwrap()
            .revision,
        2
    );
}

#[tokio::test]
async fn a_final_slot_that_shows_another_hash_is_told_and_not_believed() {
    let (_folder, journal) = journal().await;
    let seen = Anchor {
        slot: 9,
        hash: [1; 32],
        unix_ms: 1_000,
    };
    journal.record_anchor(seen).await.unwrap();
    let later = Anchor {
        unix_ms: 1_400,
        ..seen
    };
    journal.record_anchor(later).await.unwrap();
    let other = Anchor {
        hash: [2; 32],
        ..seen
    };
    let refused = journal.record_anchor(other).await;
    assert!(
        matches!(refused, Err(JournalError::OtherAnchor { slot: 9 })),
        "{refused:?}"
    );
    assert_eq!(journal.anchors().await.unwrap(), [seen]);
}
