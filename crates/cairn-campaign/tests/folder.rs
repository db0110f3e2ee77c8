//! The folder of a campaign: whole or absent, the same bytes every time, and every claim in it proves itself.

use std::fs;
use std::path::{Path, PathBuf};

use cairn_campaign::{
    CampaignError, CampaignFile, ClaimFile, Reading, Recipients, Silent, Source, Terms, Units,
    claim_files, load_claim, prepare, read_campaign, read_canopy, read_claim_file, read_recipients,
    read_table,
};
use cairn_merkle::{MerkleError, Tokens, verify};
use cairn_spelling::text::base58;
use proptest::prelude::*;

fn terms() -> Terms {
    Terms {
        campaign: [7; 32],
        canopy_depth: 3,
        cliff_at: 300,
        creator: [1; 32],
        decimals: 6,
        expires_at: 500,
        id: 9,
        mint: [2; 32],
        receiver: [4; 32],
        starts_at: 100,
        vesting_end: 400,
        vesting_start: 200,
    }
}

fn owner(n: u32) -> [u8; 32] {
    let mut key = [5; 32];
    key[..4].copy_from_slice(&n.to_be_bytes());
    key
}

fn table(count: u32) -> Recipients {
    let mut text = "owner,amount,locked\n".to_owned();
    for n in 0..count {
        text.push_str(&format!("{},{},{}\n", base58(&owner(n)), n + 1, n % 3));
    }
    let reading = Reading {
        units: Units::Base,
        locked_bps: 0,
        each: None,
    };
    read_table(Path::new("drops.csv"), text.as_bytes(), reading, &Silent).unwrap()
}

fn make(target: &Path, recipients: &Recipients) -> Result<CampaignFile, CampaignError> {
    let source = Source::Table { sha256: [8; 32] };
    prepare(target, recipients, source, terms(), &Silent)
}

fn prepared(count: u32) -> (tempfile::TempDir, PathBuf, CampaignFile) {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("spring");
    let campaign = make(&target, &table(count)).unwrap();
    (home, target, campaign)
}

/// Every file below a folder with its bytes.
fn contents(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
    found.sort();
    found
}

/// The verdict of the program's check on an owner's claim as its file tells it.
fn verdict(dir: &Path, campaign: &CampaignFile, owner: &[u8; 32]) -> Result<(), MerkleError> {
    let canopy = read_canopy(dir, campaign).unwrap();
    let claim = load_claim(dir, owner).unwrap().claim;
    verify(
        claim.leaf.node()?,
        claim.leaf.index,
        campaign.leaf_count,
        &claim.proof,
        &canopy,
        campaign.canopy_depth,
    )
}

#[test]
fn every_claim_of_campaigns_of_every_small_size_verifies() {
    for count in (1..=34).chain([255, 256, 257, 1_000]) {
        let (_home, dir, campaign) = prepared(count);
        assert_eq!(campaign.leaf_count, count);
        let tokens: u64 = (0..u64::from(count)).map(|n| n + 1 + n % 3).sum();
        assert_eq!(campaign.root_sum.get(), tokens);
        for n in 0..count {
            assert_eq!(
                verdict(&dir, &campaign, &owner(n)),
                Ok(()),
                "{n} of {count}"
            );
            let claim = load_claim(&dir, &owner(n)).unwrap().claim;
            let expected = (u64::from(n) + 1, u64::from(n) % 3);
            assert_eq!(
                (claim.leaf.unlocked.get(), claim.leaf.locked.get()),
                expected
            );
        }
        assert_eq!(read_recipients(&dir, &campaign).unwrap(), table(count));
    }
}

#[test]
fn a_large_campaign_has_many_small_files_that_hold_everyone_once() {
    let (_home, dir, campaign) = prepared(5_000);
    let files = claim_files(&dir, &campaign);
    assert_eq!((campaign.depth, files.len()), (13, 32));
    let mut next = 0;
    for path in &files {
        let file = read_claim_file(path).unwrap();
        assert_eq!(file.first, next);
        for claim in file.claims().unwrap() {
            assert_eq!(claim.leaf.index.get(), next);
            assert_eq!(file.claim(&claim.leaf.owner).unwrap(), claim);
            next += 1;
        }
        assert!(fs::metadata(path).unwrap().len() < 32_000);
    }
    assert_eq!(next, 5_000);
    for n in (0..5_000).step_by(97) {
        assert_eq!(verdict(&dir, &campaign, &owner(n)), Ok(()));
    }
}

#[test]
fn one_claim_file_by_itself_is_enough_for_a_claim() {
    let (_home, dir, campaign) = prepared(5_000);
    let found = load_claim(&dir, &owner(77)).unwrap();
    let path = claim_files(&dir, &campaign)
        .into_iter()
        .find(|path| load_claim(path, &owner(77)).is_ok())
        .unwrap();
    assert_eq!(load_claim(&path, &owner(77)).unwrap(), found);
    assert_eq!((found.root, found.leaf_count), (campaign.root(), 5_000));
    let stranger = load_claim(&dir, &[9; 32]).unwrap_err();
    assert!(matches!(stranger, CampaignError::NotARecipient { .. }));
}

#[test]
fn the_same_recipients_give_the_same_bytes() {
    let (_one, first, _) = prepared(700);
    let (_two, second, _) = prepared(700);
    let strip = |dir: &Path| -> Vec<_> {
        contents(dir)
            .into_iter()
            .map(|(path, bytes)| (path.strip_prefix(dir).unwrap().to_owned(), bytes))
            .collect()
    };
    assert_eq!(strip(&first), strip(&second));
}

#[test]
fn nothing_is_overwritten() {
    let (home, dir, _) = prepared(10);
    let before = contents(home.path());
    let again = make(&dir, &table(11)).unwrap_err();
    assert!(matches!(again, CampaignError::Exists { .. }), "{again}");
    assert_eq!(contents(home.path()), before);
    // A file, an empty folder, and a folder of somebody's own under the partial name.
    let file = home.path().join("file");
    fs::write(&file, "mine").unwrap();
    assert!(matches!(
        make(&file, &table(3)),
        Err(CampaignError::Exists { .. })
    ));
    let empty = home.path().join("empty");
    fs::create_dir(&empty).unwrap();
    assert!(matches!(
        make(&empty, &table(3)),
        Err(CampaignError::Exists { .. })
    ));
    let own = home.path().join("fresh.partial");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("notes"), "mine").unwrap();
    let fresh = make(&home.path().join("fresh"), &table(3)).unwrap_err();
    assert!(matches!(fresh, CampaignError::Exists { .. }), "{fresh}");
    assert_eq!(fs::read(own.join("notes")).unwrap(), b"mine");
}

#[test]
fn what_a_crash_left_is_cleared_and_the_preparation_starts_over() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("spring");
    // As a process that was killed leaves it: half a set, and a lock that nobody holds.
    let partial = home.path().join("spring.partial");
    fs::create_dir_all(partial.join("set/claims")).unwrap();
    fs::write(partial.join("lock"), "").unwrap();
    fs::write(partial.join("set/campaign.json"), "{ half").unwrap();
    let campaign = make(&target, &table(40)).unwrap();
    assert!(!partial.exists());
    assert_eq!(read_campaign(&target).unwrap(), campaign);
    assert_eq!(contents(&target).len(), 4);
}

#[test]
fn two_preparations_of_one_folder_do_not_mix() {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("spring");
    let partial = home.path().join("spring.partial");
    fs::create_dir_all(&partial).unwrap();
    let lock = fs::File::create(partial.join("lock")).unwrap();
    lock.lock().unwrap();
    let busy = make(&target, &table(40)).unwrap_err();
    assert!(matches!(busy, CampaignError::Busy { .. }), "{busy}");
    assert!(partial.exists() && !target.exists());
}

#[test]
fn a_preparation_that_fails_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let wrong = Terms {
        expires_at: 399,
        ..terms()
    };
    let source = Source::Table { sha256: [8; 32] };
    let target = home.path().join("spring");
    let error = prepare(&target, &table(4), source, wrong, &Silent).unwrap_err();
    assert_eq!(error.to_string(), "the expiry is before the end of vesting");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_file_that_was_changed_is_noticed() {
    let (_home, dir, campaign) = prepared(300);
    let files = claim_files(&dir, &campaign);
    let file = read_claim_file(&files[0]).unwrap();
    let text = fs::read_to_string(&files[0]).unwrap();
    let first = file.recipients[0];
    let richer = text.replacen(
        &format!("\"{}\",\"{}\"", base58(&first.owner), first.unlocked),
        &format!(
            "\"{}\",\"{}\"",
            base58(&first.owner),
            first.unlocked.get() + 1
        ),
        1,
    );
    assert_ne!(richer, text);
    fs::write(&files[0], &richer).unwrap();
    // The file reads, and its proofs lead elsewhere: both the richer leaf's and its neighbour's.
    for one in &file.recipients[..2] {
        assert!(verdict(&dir, &campaign, &one.owner).is_err());
    }
    for (from, to) in [
        ("\"depth\":9", "\"depth\":8"),
        ("\"first\":0", "\"first\":1"),
        (
            "\"format\":\"cairn/drop-claims/1\"",
            "\"format\":\"cairn/drop-claims/2\"",
        ),
        ("\"leaf_count\":300", "\"leaf_count\":600"),
        ("\"shard\":0", "\"shard\":1"),
        ("\"shard\":0", "\"shard\": 0"),
        ("\"shard\":0", "\"shard\":0,\"more\":1"),
    ] {
        let damaged = text.replacen(from, to, 1);
        assert_ne!(damaged, text, "{from}");
        let error = ClaimFile::from_bytes(&files[0], damaged.as_bytes()).unwrap_err();
        assert!(matches!(error, CampaignError::Json { .. }), "{to}: {error}");
    }
    let csv = dir.join("recipients.csv");
    let rows = fs::read_to_string(&csv).unwrap().replacen(",1,", ",2,", 1);
    fs::write(&csv, rows).unwrap();
    let error = read_recipients(&dir, &campaign).unwrap_err();
    assert!(matches!(error, CampaignError::Differs { .. }), "{error}");
    let canopy = dir.join("canopy.bin");
    let mut nodes = fs::read(&canopy).unwrap();
    nodes[50] ^= 1;
    fs::write(&canopy, nodes).unwrap();
    assert!(read_canopy(&dir, &campaign).is_err());
}

#[test]
fn terms_out_of_order_are_refused_by_name() {
    let refusal = |terms: Terms| terms.check().unwrap_err().to_string();
    assert_eq!(terms().check().map_err(|error| error.to_string()), Ok(()));
    let all = |starts_at, vesting_start, cliff_at, vesting_end, expires_at| Terms {
        starts_at,
        vesting_start,
        cliff_at,
        vesting_end,
        expires_at,
        ..terms()
    };
    assert_eq!(
        refusal(all(2, 1, 3, 4, 5)),
        "the start of vesting is before the start"
    );
    assert_eq!(
        refusal(all(1, 3, 2, 4, 5)),
        "the cliff is before the start of vesting"
    );
    assert_eq!(
        refusal(all(1, 2, 4, 3, 5)),
        "the end of vesting is before the cliff"
    );
    assert_eq!(
        refusal(all(1, 2, 3, 5, 4)),
        "the expiry is before the end of vesting"
    );
    assert_eq!(refusal(all(-1, 2, 3, 4, 5)), "the start is before 1970");
    assert!(all(1, 1, 1, 1, 1).check().is_ok());
}

proptest! {
    #[test]
    fn what_has_vested_never_shrinks_and_never_exceeds_what_is_locked(
        locked in any::<u64>(), mut times in prop::array::uniform5(0..10_000_i64), a in 0..12_000_i64, b in 0..12_000_i64,
    ) {
        times.sort_unstable();
        let [starts_at, vesting_start, cliff_at, vesting_end, expires_at] = times;
        let terms = Terms { starts_at, vesting_start, cliff_at, vesting_end, expires_at, ..terms() };
        let (locked, early, late) = (Tokens::new(locked), a.min(b), a.max(b));
        prop_assert!(terms.vested(locked, early) <= terms.vested(locked, late));
        prop_assert!(terms.vested(locked, late) <= locked);
        prop_assert_eq!(terms.vested(locked, vesting_end), locked);
        if vesting_end > vesting_start {
            prop_assert!(cliff_at == 0 || cliff_at == vesting_end || terms.vested(locked, cliff_at - 1) == Tokens::ZERO);
        }
    }
}
