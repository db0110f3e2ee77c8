//! A wrong root that became active, as docs/runbooks/wrong-root.md has it: what keepers compute under its number takes its place,
//! the correction makes good what was taken, and the next epoch is one like any other.

use cairn_epoch::{EpochFolder, Taken, read_leaves, read_manifest, read_taken, write_taken};
use cairn_interface::vault::OpenMemberPage;
use cairn_keeper::{AttestOptions, CloseOptions, KeeperError, ProposeOptions};
use cairn_merkle::{Credits, EpochNumber, LeafIndex, MilliPoints, Tokens};
use cairn_origin::{Before, OriginFault, Outcome};
use solana_sdk::signer::Signer as _;

use crate::robbed::{VICTIM, actor, attester, next_is_over, paid, revoke, rob, sign, started};
use crate::world::{DAY, SECOND, copy};

const THIRD: EpochNumber = EpochNumber::new(3);
const FOURTH: EpochNumber = EpochNumber::new(4);
const WEEK: i64 = 7 * DAY;

#[tokio::test]
async fn a_theft_is_corrected_by_keepers_and_every_member_is_paid_what_they_earned() {
    let (scene, a) = started().await;
    a.close(SECOND, CloseOptions::default()).await.unwrap();
    let stolen = rob(&scene, &a).await;
    let b = attester(&scene).await;

    // What is due is said, and nobody proposes it alone.
    let early = a.run(true).await.unwrap();
    assert!(
        early.waiting_for.contains("epoch 3"),
        "{}",
        early.waiting_for
    );
    next_is_over(&scene, &a, 3).await;
    let report = a.run(true).await.unwrap();
    assert_eq!((report.closed, report.proposed), (vec![THIRD], vec![]));
    let due = "epoch 2 was revoked, and epoch 3 is its correction";
    assert!(report.waiting_for.contains(due), "{}", report.waiting_for);
    let alone = a
        .propose(THIRD, ProposeOptions::default())
        .await
        .unwrap_err();
    assert!(alone.to_string().contains(due), "{alone}");
    assert!(alone.hint().contains("cairn epoch correct 3"));
    let waits = b.run(true).await.unwrap();
    assert!(waits.waiting_for.contains(due), "{}", waits.waiting_for);

    // It goes on from what a computed under number 2, and counts what was taken.
    let (_, second) = read_manifest(a.folder().epoch(SECOND).root()).unwrap();
    let (manifest, _) = read_manifest(a.folder().epoch(THIRD).root()).unwrap();
    assert_eq!(manifest.epoch.previous_manifest, Some(second));
    let taken = read_taken(&a.folder().epoch(THIRD).taken()).unwrap();
    assert_eq!(
        taken,
        [Taken {
            index: LeafIndex::new(VICTIM),
            owner: actor(&scene, "thief").pubkey().to_bytes(),
            tokens: Tokens::new(stolen),
            tokens_claimed: Tokens::new(stolen),
            points: MilliPoints::ZERO,
            points_burnt: MilliPoints::ZERO,
            credits: Credits::ZERO,
            credits_redeemed: Credits::ZERO,
        }]
    );

    sign(&scene, &a, THIRD).await;
    assert_eq!(a.run(true).await.unwrap().proposed, [THIRD], "the canopy");
    assert!(scene.epoch(3).unwrap().facts.canopy.complete);
    assert_eq!(b.run(true).await.unwrap().attested, [THIRD]);
    let proposed_at = scene.epoch(3).unwrap().proposed_at;
    assert_eq!(scene.activatable_at(3), proposed_at + WEEK);
    scene.set_time(proposed_at + WEEK);
    assert_eq!(b.run(true).await.unwrap().activated, [THIRD]);

    let earned = |number: EpochNumber| {
        let leaves = read_leaves(a.folder().epoch(number).root()).unwrap();
        move |index: u32| leaves[index as usize].tokens.get()
    };
    let leaf = earned(THIRD);
    assert_eq!(paid(&scene, &a, THIRD, VICTIM).await, leaf(VICTIM) - stolen);
    assert_eq!(paid(&scene, &a, THIRD, 0).await, leaf(0));
    // All of them earn the same here; the victim's leaf holds the theft besides.
    assert_eq!(leaf(VICTIM), leaf(0) + stolen);

    next_is_over(&scene, &a, 4).await;
    scene.set_time(proposed_at + WEEK + 2 * DAY);
    let report = a.run(true).await.unwrap();
    assert_eq!(
        (report.closed, report.proposed),
        (vec![FOURTH], vec![FOURTH])
    );
    assert_eq!(scene.epoch(4).unwrap().correction, 0);
    assert!(!a.folder().epoch(FOURTH).taken().exists());
    assert_eq!(b.run(true).await.unwrap().attested, [FOURTH]);
    scene.set_time(scene.activatable_at(4));
    assert_eq!(a.run(true).await.unwrap().activated, [FOURTH]);
    assert_eq!(
        paid(&scene, &a, FOURTH, VICTIM).await,
        earned(FOURTH)(VICTIM) - stolen
    );
}

#[tokio::test]
async fn a_keeper_that_had_not_closed_the_revoked_epoch_closes_it_first_and_nobodys_proofs_are_lost()
 {
    let (scene, a) = started().await;
    rob(&scene, &a).await;
    next_is_over(&scene, &a, 3).await;
    assert_eq!(a.run(true).await.unwrap().closed, [THIRD]);
    let accepted = |number: EpochNumber| {
        let (manifest, _) = read_manifest(a.folder().epoch(number).root()).unwrap();
        manifest.accepted
    };
    assert_eq!(accepted(SECOND), accepted(EpochNumber::FIRST));
    assert_eq!(accepted(THIRD), accepted(EpochNumber::FIRST));

    // An attester without the files in the revoked one's place gives no word, and none for files that compute otherwise.
    sign(&scene, &a, THIRD).await;
    a.run(true).await.unwrap();
    let b = attester(&scene).await;
    let alone = tempfile::tempdir().unwrap();
    copy(a.folder().epoch(THIRD).root(), &alone.path().join("00003"));
    let lacks = b
        .attest(THIRD, Some(alone.path()), AttestOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(lacks, KeeperError::NoReplacement { number: SECOND, .. }),
        "{lacks}"
    );
    let spoilt = alone.path().join("00002");
    copy(a.folder().epoch(SECOND).root(), &spoilt);
    let leaves = EpochFolder::new(&spoilt).leaves();
    let mut bytes = std::fs::read(&leaves).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    std::fs::write(&leaves, bytes).unwrap();
    assert!(
        b.attest(THIRD, Some(alone.path()), AttestOptions::default())
            .await
            .is_err()
    );
    assert_eq!(b.run(true).await.unwrap().attested, [THIRD]);
}

#[tokio::test]
async fn a_root_of_honest_keepers_that_was_revoked_is_closed_again_and_what_it_paid_counts_once() {
    let (scene, a) = started().await;
    a.close(SECOND, CloseOptions::default()).await.unwrap();
    a.propose(SECOND, ProposeOptions::default()).await.unwrap();
    let b = attester(&scene).await;
    b.run(true).await.unwrap();
    scene.set_time(scene.activatable_at(2));
    a.activate(SECOND).await.unwrap();
    scene.ledger.with_world(|world| {
        let payer = world.actor("stranger");
        let page = OpenMemberPage {
            payer: payer.pubkey(),
            pool: scene.pool,
            page: 0,
        };
        world.must(&[page.instruction()], &[&payer]);
    });
    let before = paid(&scene, &a, SECOND, 0).await;
    let stands = a
        .close(SECOND, CloseOptions { again: true })
        .await
        .unwrap_err();
    assert!(
        matches!(
            stands,
            KeeperError::Refused(_) | KeeperError::OnChain { .. }
        ),
        "{stands}"
    );
    revoke(&scene, SECOND).await;
    let again = a.close(SECOND, CloseOptions { again: true }).await.unwrap();
    assert_eq!(again.revision, 2);
    next_is_over(&scene, &a, 3).await;
    assert_eq!(a.run(true).await.unwrap().closed, [THIRD]);
    let leaves = read_leaves(a.folder().epoch(THIRD).root()).unwrap();
    // Paid to whom the index belongs: a part of what they earned.
    assert_eq!(leaves[0].tokens, leaves[1].tokens);
    assert!(leaves[0].tokens.get() > before);
    let taken = read_taken(&a.folder().epoch(THIRD).taken()).unwrap();
    assert_eq!((taken.len(), taken[0].tokens.get()), (1, before));
}

#[tokio::test]
async fn every_column_of_what_was_taken_is_refused_when_it_is_forged() {
    let (scene, a) = started().await;
    a.close(SECOND, CloseOptions::default()).await.unwrap();
    rob(&scene, &a).await;
    next_is_over(&scene, &a, 3).await;
    a.run(true).await.unwrap();
    let (second, second_hash) = read_manifest(a.folder().epoch(SECOND).root()).unwrap();
    let (manifest, _) = read_manifest(a.folder().epoch(THIRD).root()).unwrap();
    let copied = tempfile::tempdir().unwrap();
    copy(a.folder().epoch(THIRD).root(), copied.path());
    let folder = EpochFolder::new(copied.path());
    let honest = read_taken(&folder.taken()).unwrap()[0];
    let before = |is_revoked| {
        Some(Before {
            manifest_hash: second_hash,
            manifest: Some(&second),
            is_revoked,
        })
    };
    let ask = async |is_revoked| {
        cairn_origin::taken(
            &scene.ledger,
            &scene.pool,
            &folder,
            &manifest,
            before(is_revoked),
        )
        .await
        .unwrap()
        .unwrap()
        .outcome
    };
    assert!(matches!(ask(true).await, Outcome::Equal(_)));
    let forgeries: [(&str, Vec<Taken>); 9] = [
        ("index", vec![]),
        (
            "index",
            vec![Taken {
                index: LeafIndex::new(0),
                ..honest
            }],
        ),
        (
            "owner",
            vec![Taken {
                owner: [7; 32],
                ..honest
            }],
        ),
        (
            "tokens",
            vec![Taken {
                tokens: Tokens::new(1),
                ..honest
            }],
        ),
        (
            "tokens_claimed",
            vec![Taken {
                tokens_claimed: Tokens::MAX,
                ..honest
            }],
        ),
        (
            "milli_points",
            vec![Taken {
                points: MilliPoints::new(1),
                points_burnt: MilliPoints::new(1),
                ..honest
            }],
        ),
        (
            "milli_points_burnt",
            vec![Taken {
                points_burnt: MilliPoints::new(1),
                ..honest
            }],
        ),
        (
            "credits",
            vec![Taken {
                credits: Credits::new(1),
                credits_redeemed: Credits::new(1),
                ..honest
            }],
        ),
        (
            "credits_redeemed",
            vec![Taken {
                credits_redeemed: Credits::new(1),
                ..honest
            }],
        ),
    ];
    for (forged, rows) in forgeries {
        write_taken(&folder.taken(), &rows).unwrap();
        let outcome = ask(true).await;
        let is_named = matches!(
            &outcome,
            Outcome::Differs(OriginFault::Value { column, .. }) if *column == forged
        );
        assert!(is_named, "{forged}: {outcome:?}");
    }
    // Nor is anything made good after an epoch that stands.
    assert!(matches!(
        ask(false).await,
        Outcome::Differs(OriginFault::Succession { .. })
    ));
}
