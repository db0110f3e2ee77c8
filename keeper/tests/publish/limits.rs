//! What a keeper refuses to put before the network.

use std::fs;
use std::sync::Arc;

use cairn_interface::vault::PoolParams;
use cairn_keeper::domain::anomaly::Quantity;
use cairn_keeper::domain::emission::CapExceeded;
use cairn_keeper::domain::proposal::{Unfit, Warning};
use cairn_keeper::domain::step::{Refusal, Wait};
use cairn_keeper::progress::Silent;
use cairn_keeper::{
    AttestOptions, CloseOptions, Closing, Ending, Keeper, KeeperError, ProposeOptions,
};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_origin::Capped;

use crate::world::{DAY, EMISSION, SECOND, Scene, WINDOW, copy};

/// Takes epoch 1 to active and closes epoch 2 with `emission`.
async fn second_epoch(scene: &Scene, emission: u64) -> Keeper {
    let a = scene.keeper("a").await;
    let b = scene.keeper("b").await;
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
    scene.ingest(&a, 2).await;
    scene.pass_epoch(2);
    a.activate(EpochNumber::FIRST).await.unwrap();
    drop(a);
    scene.change_terms("a", |terms| terms.tokens_per_epoch = Tokens::new(emission));
    scene.adopt_rules("a");
    // Far more intervals than one have passed, so that the cap alone would let the jump through.
    scene.pass_epoch(10);
    let a = scene.keeper("a").await;
    a.close(SECOND, CloseOptions::default()).await.unwrap();
    a
}

#[tokio::test]
async fn an_epoch_that_jumps_is_refused_until_a_person_accepts_it() {
    let scene = Scene::with_first_epoch_closed().await;
    let a = second_epoch(&scene, EMISSION * 4).await;
    let before = scene.ledger.landed();
    let error = a
        .propose(SECOND, ProposeOptions::default())
        .await
        .unwrap_err();
    let KeeperError::Unfit(Unfit::Anomaly(anomaly)) = &error else {
        panic!("{error}")
    };
    assert_eq!(anomaly.quantity, Quantity::Tokens);
    assert_eq!(anomaly.percent, 400);
    assert!(error.hint().contains("--accept-anomaly"));
    assert_eq!(scene.ledger.landed(), before);
    let proposed = a
        .propose(
            SECOND,
            ProposeOptions {
                accept_anomaly: true,
            },
        )
        .await
        .unwrap();
    assert_eq!(proposed.warnings, [Warning::AnomalyAccepted]);

    // The attester has a judgement of its own.
    scene.change_terms("b", |terms| {
        terms.tokens_per_epoch = Tokens::new(EMISSION * 4);
    });
    let b = scene.keeper("b").await;
    let error = b
        .attest(SECOND, Some(a.folder().root()), AttestOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(error, KeeperError::Unfit(Unfit::Anomaly(_))),
        "{error}"
    );
    let options = AttestOptions {
        accept_anomaly: true,
    };
    b.attest(SECOND, Some(a.folder().root()), options)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_epoch_above_the_emission_cap_is_refused_with_the_moment_from_which_it_fits() {
    let scene = Scene::new();
    scene.change_terms("a", |terms| {
        terms.tokens_per_epoch = Tokens::new(EMISSION * 200);
    });
    scene.adopt_rules("a");
    let (cap, closing) = waits_for_its_cap(&scene).await;
    assert_eq!(
        (cap.what, cap.growth),
        (Capped::Tokens, closing.tokens.base())
    );
}

/// The program holds points to a cap of their own: a keeper that knew only that of tokens would close, attest and then be
/// refused by the chain without a word of when it fits.
#[tokio::test]
async fn an_epoch_above_the_points_cap_is_refused_with_the_moment_from_which_it_fits() {
    let scene = Scene::within(PoolParams {
        points_cap: 4_000,
        ..PoolParams::new(DAY as u64, WINDOW as u64, EMISSION)
    });
    let (cap, _) = waits_for_its_cap(&scene).await;
    assert_eq!((cap.what, cap.cap), (Capped::Points, 4_000));
    assert!(cap.growth > 4_000);
}

/// Closes epoch 1 and proposes it at the very second from which it is said to fit.
async fn waits_for_its_cap(scene: &Scene) -> (CapExceeded, Closing) {
    let a = scene.keeper("a").await;
    scene.ingest(&a, 1).await;
    let closing = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap();
    let now = scene.ledger.with_world(|world| world.now());
    let error = a
        .propose(
            EpochNumber::FIRST,
            ProposeOptions {
                accept_anomaly: true,
            },
        )
        .await
        .unwrap_err();
    let KeeperError::Unfit(Unfit::Cap(cap)) = &error else {
        panic!("{error}")
    };
    assert_eq!(error.ending(), Ending::Temporary);
    let fits_at = cap.fits_at.unwrap();
    assert!(fits_at > now);
    assert!(scene.epoch(1).is_none());
    // The program agrees to the second.
    scene.set_time(fits_at - 1);
    assert!(matches!(
        a.propose(EpochNumber::FIRST, ProposeOptions::default())
            .await,
        Err(KeeperError::Unfit(Unfit::Cap(_)))
    ));
    scene.set_time(fits_at);
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    (*cap, closing)
}

#[tokio::test]
async fn a_vault_that_can_not_cover_the_epoch_is_a_warning_not_a_refusal() {
    let scene = Scene::with_first_epoch_closed().await;
    let vault = scene.pool().vault;
    scene.ledger.with_world(|world| {
        let mut account = world.expect_account(&vault);
        account.data[64..72].copy_from_slice(&7_u64.to_le_bytes());
        world.set_account(&vault, account);
    });
    let a = scene.keeper("a").await;
    let proposed = a
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    assert_eq!(
        proposed.warnings,
        [Warning::VaultShort {
            missing: Tokens::new(proposed.tokens.base() - 7)
        }]
    );
}

#[tokio::test]
async fn an_epoch_that_was_not_closed_here_is_not_proposed() {
    let scene = Scene::new();
    let a = scene.keeper("a").await;
    let error = a
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            KeeperError::NotClosed {
                number: EpochNumber::FIRST
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_folder_with_one_changed_byte_anywhere_is_not_proposed() {
    let closed = Scene::with_first_epoch_closed().await;
    let pristine = closed.folder("a").join("epochs/00001");
    let mut files = Vec::new();
    list(&pristine, &mut files);
    assert!(
        files.len() > 30,
        "an epoch has more files than {}",
        files.len()
    );
    for file in files {
        let original = fs::read(&file).unwrap();
        if original.is_empty() {
            continue;
        }
        let mut changed = original.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        fs::write(&file, changed).unwrap();
        let a = closed.keeper("a").await;
        let error = a
            .propose(EpochNumber::FIRST, ProposeOptions::default())
            .await
            .unwrap_err();
        let text = error.to_string();
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(
            text.contains(name) || text.contains("manifest"),
            "{name}: {text}"
        );
        assert_eq!(error.ending(), Ending::Refused, "{text}");
        assert!(
            closed.epoch(1).is_none(),
            "{name} was changed and the epoch proposed"
        );
        fs::write(&file, original).unwrap();
        drop(a);
    }
    let a = closed.keeper("a").await;
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
}

fn list(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(&path, files);
        } else {
            files.push(path);
        }
    }
}

#[tokio::test]
async fn a_key_that_is_no_keeper_of_the_pool_proposes_nothing() {
    let scene = Scene::with_first_epoch_closed().await;
    copy(&scene.folder("a"), &scene.folder("stranger"));
    let stranger = scene.keeper("stranger").await;
    let error = stranger
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(error, KeeperError::Refused(Refusal::NotAKeeper)),
        "{error}"
    );
}

#[tokio::test]
async fn an_epoch_is_not_closed_before_it_and_its_grace_are_over() {
    let scene = Scene::new();
    let a = scene.keeper("a").await;
    scene.ingest(&a, 1).await;
    for (time, over) in [
        (crate::world::DAY - 1, false),
        (crate::world::DAY + 29, false),
        (crate::world::DAY + 30, true),
    ] {
        scene.set_time(crate::world::FIRST_START + time);
        match a.close(EpochNumber::FIRST, CloseOptions::default()).await {
            Ok(_) => assert!(over),
            Err(error) => {
                assert!(
                    !over
                        && matches!(
                            error,
                            KeeperError::Wait(Wait::NotOver {
                                number: EpochNumber::FIRST,
                                ..
                            })
                        ),
                    "{error}"
                );
                assert_eq!(error.ending(), Ending::Temporary);
            }
        }
    }
}

#[tokio::test]
async fn a_pool_of_another_network_or_none_at_all_is_refused_by_name() {
    let scene = Scene::new();
    let mut config = scene.config();
    config.chain.network = crate::world::owner(1);
    let a = scene.keeper_with("a", config, Arc::new(Silent)).await;
    let error = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap_err();
    assert!(matches!(error, KeeperError::OtherNetwork { .. }), "{error}");
    drop(a);
    let mut config = scene.config();
    config.chain.pool = crate::world::owner(1);
    let a = scene.keeper_with("a", config, Arc::new(Silent)).await;
    let error = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(error, KeeperError::NoAccount { what: "pool", .. }),
        "{error}"
    );
    drop(a);
    // An account of another program: the wrong address, or the wrong program behind the right one.
    let mut config = scene.config();
    config.chain.pool = scene.network;
    let a = scene.keeper_with("a", config, Arc::new(Silent)).await;
    let error = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains(&scene.network.to_string()),
        "{error}"
    );
    assert_eq!(error.ending(), Ending::Refused);
}

/// The epoch's status still says attested; whose words count is the pool's list as it is now.
#[tokio::test]
async fn the_word_of_a_keeper_that_was_removed_since_makes_nothing_active() {
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
    scene.remove_keeper("b");
    scene.set_time(scene.activatable_at(1));
    let early = a.activate(EpochNumber::FIRST).await.unwrap_err();
    assert!(
        matches!(
            early,
            KeeperError::Wait(Wait::Attestations {
                number: EpochNumber::FIRST,
                have: 1,
                need: 2
            })
        ),
        "{early}"
    );
    let c = scene.keeper("c").await;
    c.attest(
        EpochNumber::FIRST,
        Some(a.folder().root()),
        AttestOptions::default(),
    )
    .await
    .unwrap();
    // The last word is a new one, and everybody has half a window to look at what it stands under.
    scene.set_time(scene.activatable_at(1));
    a.activate(EpochNumber::FIRST).await.unwrap();
    assert_eq!(scene.pool().active_epoch, 1);
}
