//! Preparation with a node at hand: decimals from the mint, points from a published epoch.

use cairn::command::campaign::prepare;
use cairn::error::Exit;
use cairn::moment::{Moment, Seconds};
use cairn_campaign::{Source, read_campaign, read_recipients};
use cairn_merkle::EpochNumber;
use solana_sdk::signer::Signer;

use super::{Scene, days, owner};
use crate::stage::{Stage, TOKEN, damage};

#[tokio::test]
async fn decimals_come_from_the_mint_and_every_faulty_row_is_told_at_once() {
    let scene = Scene::new();
    let table = scene.file(
        "drops.csv",
        &format!("owner,amount\n{},1.0000001\nnobody,5\n", owner(1).pubkey()),
    );
    let error = prepare::run(&scene.as_creator(), &scene.preparation(table))
        .await
        .unwrap_err();
    assert_eq!(
        (error.code().as_ref(), error.exit()),
        ("table-invalid", Exit::Failed)
    );
    let told = error.to_string();
    for part in [
        "has 2 faults",
        "row 2, column amount: \"1.0000001\" has more digits behind the point than the 6 that count",
        "row 3, column owner: \"nobody\" is not a 32-byte key",
    ] {
        assert!(told.contains(part), "{told}");
    }
    assert!(!scene.folder().exists());
}

#[tokio::test]
async fn dates_that_do_not_follow_and_locks_without_vesting_are_refused_before_anything_is_read() {
    let scene = Scene::new();
    let table = scene.table(2);
    let run = async |change: fn(&mut prepare::Args)| {
        let mut args = scene.preparation(table.clone());
        change(&mut args);
        prepare::run(&scene.as_creator(), &args).await.unwrap_err()
    };
    let error = run(|args| args.lasts = Some(days(49))).await;
    assert_eq!(
        (error.code().as_ref(), error.exit()),
        ("terms-invalid", Exit::Usage)
    );
    let error = run(|args| args.cliff = days(51)).await;
    assert_eq!(error.code(), "terms-invalid");
    let error = run(|args| args.lasts = Some(Seconds(u64::MAX))).await;
    assert_eq!(error.code(), "argument");
    let error = run(|args| (args.cliff, args.vesting) = (Seconds(0), Seconds(0))).await;
    assert!(
        error.to_string().contains("no vesting time is given"),
        "{error}"
    );
    assert!(!scene.folder().exists());
}

#[tokio::test]
async fn tokens_are_shared_by_the_points_of_a_published_epoch_to_the_last_unit() {
    let stage = Stage::new().await;
    let closed = stage.run_epoch(1, 5).await;
    let out = stage.data.path().join("spring");
    let args = prepare::Args {
        table: None,
        out: out.clone(),
        mint: stage.mint,
        base_units: false,
        each: None,
        decimals: None,
        offline: false,
        points: Some(stage.data.path().to_path_buf()),
        epoch: None,
        tokens: Some("1000.000001".to_owned()),
        min_points: None,
        cap: None,
        leave_dust: false,
        creator: None,
        id: 3,
        receiver: None,
        starts: Moment(1_900_000_000),
        expires: Some(Moment(1_900_100_000)),
        lasts: None,
        locked: Some(2_500),
        vesting_start: None,
        cliff: Seconds(0),
        vesting: Seconds(100_000),
        canopy_depth: 7,
    };
    let prepared = prepare::run(&stage.as_authority(), &args).await.unwrap();
    let shared = prepared.shared.unwrap();
    assert_eq!((shared.eligible, shared.dust.base()), (3, 0));
    assert_eq!(prepared.tokens.base(), 1_000 * TOKEN + 1);
    let campaign = read_campaign(&out).unwrap();
    let Source::Points {
        manifest_hash,
        epoch,
        ..
    } = campaign.source
    else {
        panic!("{campaign:?}");
    };
    assert_eq!(
        (manifest_hash, epoch),
        (closed.manifest_hash, EpochNumber::FIRST)
    );
    // All three beat alike, so each has a third, a quarter of it locked.
    let recipients = read_recipients(&out, &campaign).unwrap();
    for one in recipients.list() {
        let total = one.unlocked.get() + one.locked.get();
        assert!((333_333_333..=333_333_334).contains(&total), "{total}");
        assert_eq!(one.locked.get(), total / 4);
    }
    let owners: Vec<_> = (0..3)
        .map(|at| stage.owner(at).pubkey().to_bytes())
        .collect();
    assert!(
        recipients
            .list()
            .iter()
            .all(|one| owners.contains(&one.owner))
    );

    // Points that were edited are not paid.
    damage(&cairn_epoch::EpochFolder::of(stage.data.path(), EpochNumber::FIRST).leaves());
    let args = prepare::Args {
        out: stage.data.path().join("summer"),
        ..args
    };
    let error = prepare::run(&stage.as_authority(), &args)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "files-differ");
}
