//! Registry files and anchors that are not the chain's: refused by whoever closes, and by whoever attests.

use std::fs;
use std::path::Path;

use cairn_client::Block;
use cairn_epoch::{read_devices, write_devices};
use cairn_keeper::{CloseOptions, Ending, KeeperError, OriginFault, ProposeOptions};
use cairn_merkle::EpochNumber;

use crate::attest::attest;
use crate::world::Scene;

#[tokio::test]
async fn anchors_that_neither_this_keeper_nor_the_chain_knows_are_refused_as_such() {
    let scene = Scene::with_first_epoch_closed().await;
    let a = scene.keeper("a").await;
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    // Keeper b was told of no block, and the ledger keeps none: nothing says that the anchors are right.
    fs::remove_file(scene.folder("b").join("registry/anchors.parquet")).unwrap();
    let b = scene.keeper("b").await;
    let error = attest(&b, a.folder().root()).await.unwrap_err();
    assert!(
        matches!(
            &error,
            KeeperError::Origin {
                fault: OriginFault::Unknown {
                    what: "anchors",
                    ..
                },
                ..
            }
        ),
        "{error}"
    );
    // The ledger keeps them, one at another time.
    let anchors =
        cairn_epoch::read_anchors(&a.folder().epoch(EpochNumber::FIRST).anchors()).unwrap();
    let keep = |at: usize, unix_timestamp: i64| {
        let anchor = anchors[at];
        scene.ledger.keep_block(
            anchor.slot,
            Block {
                hash: anchor.hash,
                unix_timestamp,
            },
        );
    };
    for (at, anchor) in anchors.iter().enumerate() {
        keep(at, anchor.unix_ms / 1_000);
    }
    keep(3, anchors[3].unix_ms / 1_000 + 60);
    let error = attest(&b, a.folder().root()).await.unwrap_err();
    assert!(error.to_string().contains("unix_ms"), "{error}");
    keep(3, anchors[3].unix_ms / 1_000);
    attest(&b, a.folder().root()).await.unwrap();
}

#[tokio::test]
async fn a_snapshot_that_is_not_of_the_registry_is_refused_by_proposer_and_attester_alike() {
    let scene = Scene::new();
    let forged = |folder: &Path| {
        let path = folder.join("registry/devices.parquet");
        let mut devices = read_devices(&path).unwrap();
        devices[3].owner = devices[4].owner;
        write_devices(&path, &devices).unwrap();
    };
    forged(&scene.folder("a"));
    let a = scene.keeper("a").await;
    scene.ingest(&a, 1).await;
    let error = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            KeeperError::Origin {
                fault: OriginFault::Root { tree: 0, .. },
                ..
            }
        ),
        "{error}"
    );

    // Once the right file is there, the same command goes on.
    fs::copy(
        scene.folder("b").join("registry/devices.parquet"),
        scene.folder("a").join("registry/devices.parquet"),
    )
    .unwrap();
    a.close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn registry_files_that_are_missing_truncated_or_incomplete_stop_the_close_with_a_sentence() {
    let scene = Scene::new();
    let a = scene.keeper("a").await;
    scene.ingest(&a, 1).await;
    let path = scene.folder("a").join("registry/devices.parquet");
    let whole = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let error = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("devices.parquet"), "{error}");
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let error = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("not a readable Parquet file"),
        "{error}"
    );
    let mut devices = crate::world::devices();
    devices.pop();
    write_devices(&path, &devices).unwrap();
    let error = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            KeeperError::Origin {
                fault: OriginFault::Count {
                    on_chain: 20,
                    found: 19,
                    ..
                },
                ..
            }
        ),
        "{error}"
    );
    devices.remove(7);
    write_devices(&path, &devices).unwrap();
    let error = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            KeeperError::Origin {
                fault: OriginFault::Gap { tree: 0, index: 7 },
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(error.ending(), Ending::Refused);
    assert!(!error.hint().is_empty());
}
