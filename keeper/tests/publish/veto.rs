use std::path::Path;

use cairn_epoch::EpochIndex;
use cairn_interface::vault::EpochStatus;
use cairn_keeper::domain::step::{Refusal, Wait};
use cairn_keeper::{AttestOptions, CloseOptions, KeeperError, ProposeOptions};
use cairn_merkle::{EpochNumber, Tokens};

use crate::world::{EMISSION, Scene};

/// The manifests that the index of a folder of epochs names.
fn indexed(epochs: &Path) -> Vec<[u8; 32]> {
    let text = std::fs::read(epochs.join("index.json")).unwrap();
    let index: EpochIndex = serde_json::from_slice(&text).unwrap();
    index.epochs.iter().map(|entry| entry.manifest).collect()
}

#[tokio::test]
async fn a_vetoed_epoch_is_derived_anew_and_proposed_again_under_its_number() {
    let scene = Scene::with_first_epoch_closed().await;
    // The pool had rules with the wrong emission, and keeper a derived by them.
    let wrong = {
        let keeper = scene.keeper("a").await;
        let proposed = keeper
            .propose(EpochNumber::FIRST, ProposeOptions::default())
            .await
            .unwrap();
        let on_chain = keeper
            .close(EpochNumber::FIRST, CloseOptions { again: true })
            .await
            .unwrap_err();
        assert!(
            matches!(
                on_chain,
                KeeperError::OnChain {
                    number: EpochNumber::FIRST
                }
            ),
            "{on_chain}"
        );
        proposed
    };
    scene.veto(1);

    for name in ["a", "b"] {
        scene.change_terms(name, |terms| {
            terms.tokens_per_epoch = Tokens::new(EMISSION / 2);
        });
    }
    scene.adopt_rules("a");
    let a = scene.keeper("a").await;
    let b = scene.keeper("b").await;
    let source = a.folder().root().to_owned();
    let vetoed = b
        .attest(EpochNumber::FIRST, Some(&source), AttestOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(
            vetoed,
            KeeperError::Refused(Refusal::Vetoed {
                number: EpochNumber::FIRST
            })
        ),
        "{vetoed}"
    );

    let closing = a
        .close(EpochNumber::FIRST, CloseOptions { again: true })
        .await
        .unwrap();
    assert_eq!(closing.revision, 2);
    assert_ne!(closing.manifest_hash, wrong.manifest_hash);
    assert_eq!(indexed(&a.folder().epochs()), [closing.manifest_hash]);
    let aside = a.folder().aside();
    assert!(
        aside.join("epoch-00001-revision-1-manifest.json").is_file(),
        "what was vetoed stays readable"
    );
    let rests = a
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(
            rests,
            KeeperError::Wait(Wait::Resting {
                number: EpochNumber::FIRST,
                ..
            })
        ),
        "{rests}"
    );
    scene.pass_rest();
    let proposed = a
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    assert_eq!((proposed.attempt, proposed.attestations), (1, 1));
    assert_eq!(proposed.transactions.len(), 3);
    b.attest(EpochNumber::FIRST, Some(&source), AttestOptions::default())
        .await
        .unwrap();
    let copies = b.folder().published_epochs();
    assert_eq!(indexed(&copies), [closing.manifest_hash]);
    scene.pass_epoch(2);
    b.activate(EpochNumber::FIRST).await.unwrap();
    let active = scene.epoch(1).unwrap();
    assert_eq!((active.status(), active.attempt), (EpochStatus::Active, 1));
}

#[tokio::test]
async fn the_very_content_that_was_vetoed_can_be_proposed_again_by_a_persons_command() {
    let scene = Scene::with_first_epoch_closed().await;
    let a = scene.keeper("a").await;
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    scene.veto(1);
    let stopped = a.run(true).await.unwrap_err();
    assert!(
        matches!(
            stopped,
            KeeperError::Refused(Refusal::Vetoed {
                number: EpochNumber::FIRST
            })
        ),
        "{stopped}"
    );
    scene.pass_rest();
    let again = a
        .propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    assert_eq!(again.attempt, 1);
}
