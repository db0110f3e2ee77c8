//! Honest mirrors: everything arrives, only what is needed is asked for, and nothing twice.

use std::fs;

use cairn_epoch::{load_claim, read_leaves, verify_files};
use cairn_merkle::EpochNumber;
use cairn_mirror::{Cache, Fault, MirrorError, Wanted};
use cairn_static::Site;

use crate::hostile::{Hostile, honest};
use crate::published::{MEMBER, ONE, mirrors, published};

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_epoch_comes_from_a_web_server_once_and_is_checked_again_whenever_it_is_used() {
    let published = published();
    let served = Site::of(published.data.path()).serve(0).await.unwrap();
    let to = tempfile::tempdir().unwrap();
    let (mirrors, ears) = mirrors(&[&served.url()]);
    let all = [Wanted::Whole; 2];
    let first = mirrors
        .fetch(ONE, published.hash, all[0], to.path())
        .await
        .unwrap();
    verify_files(to.path(), &first.manifest).unwrap();
    assert_eq!(first.files, first.manifest.file_count() + 1);
    assert_eq!(first.from.into_iter().collect::<Vec<_>>(), [served.url()]);
    assert!(!to.path().join("parts").exists());
    let again = mirrors
        .fetch(ONE, published.hash, all[1], to.path())
        .await
        .unwrap();
    assert_eq!((again.files, again.bytes), (0, 0));
    // A disk forgets.
    let leaves = to.path().join("outputs/leaves.parquet");
    let mut bytes = fs::read(&leaves).unwrap();
    bytes[9] ^= 1;
    fs::write(&leaves, bytes).unwrap();
    let mended = mirrors
        .fetch(ONE, published.hash, all[0], to.path())
        .await
        .unwrap();
    assert_eq!(mended.files, 1);
    verify_files(to.path(), &mended.manifest).unwrap();
    // Where a data folder keeps its epochs was found out once.
    assert!(ears.told().is_empty(), "{:?}", ears.told());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_takes_the_index_the_manifest_the_list_and_one_file() {
    let published = published();
    let site = Hostile::serve(published.epochs(), &[], honest);
    let (mirrors, _) = mirrors(&[&site.url]);
    let listed = mirrors.index().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].number, listed[0].manifest),
        (ONE, published.hash)
    );
    let cache = tempfile::tempdir().unwrap();
    let cache = Cache::new(cache.path());
    let held = cache.hold(&published.hash).await.unwrap();
    let owner = MEMBER.row().owner;
    let wanted = Wanted::Claim(&owner);
    mirrors
        .fetch(ONE, published.hash, wanted, held.folder())
        .await
        .unwrap();
    assert_eq!(load_claim(held.folder(), &owner).unwrap().owner, owner);
    let asked: Vec<String> = site.asked().into_iter().map(|asked| asked.path).collect();
    let expected = [
        "index.json",
        "00001/manifest.json",
        "00001/outputs/claims.parquet",
        "00001/outputs/claims/0.json",
    ];
    assert_eq!(asked, expected);
    mirrors
        .fetch(ONE, published.hash, wanted, held.folder())
        .await
        .unwrap();
    assert_eq!(site.asked().len(), expected.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_files_that_were_named_come() {
    let published = published();
    let served = Site::of(published.epochs()).serve(0).await.unwrap();
    let to = tempfile::tempdir().unwrap();
    let (mirrors, _) = mirrors(&[&served.url()]);
    let names = ["outputs/leaves.parquet", "inputs/rules/"];
    let wanted = Wanted::Files(&names);
    let came = mirrors
        .fetch(ONE, published.hash, wanted, to.path())
        .await
        .unwrap();
    let rules = came
        .manifest
        .inputs
        .iter()
        .filter(|entry| entry.name.starts_with("inputs/rules/"));
    assert_eq!(came.files, rules.count() as u64 + 2);
    assert_eq!(read_leaves(to.path()).unwrap().len(), 4);
    assert!(!to.path().join("outputs/claims.parquet").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_place_where_an_epoch_may_stand_is_found() {
    let published = published();
    let data = published.data.path();
    let both = tempfile::tempdir().unwrap();
    // Another derivation of the same number, which is not the one that is meant.
    let own = both.path().join("epochs/00001");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("manifest.json"), "{}").unwrap();
    std::os::unix::fs::symlink(published.epochs(), both.path().join("published")).unwrap();
    let beside = published.epochs().join("00002");
    for folder in [data.to_owned(), published.epochs(), published.epoch()] {
        let served = Site::of(folder.clone()).serve(0).await.unwrap();
        for place in [folder.to_str().unwrap(), &served.url()] {
            let to = tempfile::tempdir().unwrap();
            let (mirrors, _) = mirrors(&[place]);
            assert_eq!(mirrors.index().await.unwrap()[0].manifest, published.hash);
            let came = mirrors
                .fetch(ONE, published.hash, Wanted::Whole, to.path())
                .await;
            came.unwrap_or_else(|error| panic!("{place}: {error}"));
        }
    }
    // The folder of the epoch behind it was named.
    let served = Site::of(published.epochs()).serve(0).await.unwrap();
    for place in [beside.to_str().unwrap(), &format!("{}00002/", served.url())] {
        let to = tempfile::tempdir().unwrap();
        let (mirrors, _) = mirrors(&[place]);
        let came = mirrors
            .fetch(ONE, published.hash, Wanted::Manifest, to.path())
            .await;
        came.unwrap_or_else(|error| panic!("{place}: {error}"));
    }
    let (mirrors, _) = mirrors(&[both.path().to_str().unwrap()]);
    let to = tempfile::tempdir().unwrap();
    let error = mirrors
        .fetch(ONE, published.hash, Wanted::Whole, to.path())
        .await
        .unwrap_err();
    // What lies behind a link is nobody's publication.
    assert_eq!(error.told()[0].fault, Fault::Link, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_has_is_told_with_every_answer() {
    let published = published();
    let served = Site::of(published.epochs()).serve(0).await.unwrap();
    let to = tempfile::tempdir().unwrap();
    let gone = "http://127.0.0.1:1/";
    let (mirrors, _) = mirrors(&[&served.url(), "/nowhere", gone]);
    let nine = EpochNumber::new(9);
    let error = mirrors
        .fetch(nine, [9; 32], Wanted::Whole, to.path())
        .await
        .unwrap_err();
    let MirrorError::Nowhere { told, what, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(what, "manifest.json");
    assert_eq!(told[0].fault, Fault::Absent);
    assert_eq!(told[1].fault, Fault::Absent);
    // Another file of that name is told, though none stands at the other places.
    let other = mirrors.fetch(ONE, [9; 32], Wanted::Whole, to.path()).await;
    let other = other.unwrap_err();
    assert!(
        matches!(other.told()[0].fault, Fault::Content { .. }),
        "{other}"
    );
    assert!(matches!(told[2].fault, Fault::Unreachable(_)), "{error}");
    assert!(error.is_temporary() && error.to_string().contains(&served.url()));
    let (mirrors, _) = crate::published::mirrors(&["/nowhere"]);
    let error = mirrors.index().await.unwrap_err();
    assert!(!error.is_temporary(), "{error}");
}
