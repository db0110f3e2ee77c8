//! Same inputs, same bytes; other inputs, another hash, and a name for what differs.

mod world;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cairn_epoch::{
    ClaimFiles, EpochError, EpochFolder, Silent, close, read_manifest, recompute, verify_files,
    verify_inputs,
};
use cairn_proof::Role;
use world::{CHICAGO, HOUR, NEW_YORK, START, World, north_of};

const NOON: i64 = START + 12 * HOUR;

/// Some of everything, refusals included.
fn busy() -> World {
    let mut world = World::new();
    for at in 0..6_i32 {
        let device = world.device(
            &format!("d{at}"),
            &format!("o{}", at % 2),
            north_of(NEW_YORK, at * 90),
        );
        device.hardware = [u8::try_from(at % 5).unwrap(); 32];
    }
    world.device("ord", "dan", CHICAGO);
    world.stream(1, "partner", 24, 100);
    for at in 0..40_i64 {
        world.heartbeat(&format!("d{}", at % 6), NOON + at * HOUR / 2);
        world.visit(
            &format!("u{}", at % 7),
            &format!("d{}", at % 5),
            NOON + at * HOUR,
        );
        let proof = world.metric(
            "partner",
            "ord",
            1,
            NOON + at * HOUR,
            5 + u64::try_from(at).unwrap(),
        );
        world.submit(&proof, &[(Role::Partner, "partner"), (Role::Device, "ord")]);
    }
    world.visit("u1", "ord", NOON + HOUR);
    world.hand_in(b"rubbish", NOON);
    world
}

fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(
                    path.strip_prefix(dir).unwrap().to_owned(),
                    std::fs::read(&path).unwrap(),
                );
            }
        }
    }
    files
}

#[test]
fn two_folders_and_any_number_of_threads_give_the_same_bytes() {
    let world = busy();
    let mut results = Vec::new();
    for threads in [1, 2, 5] {
        let dir = world.data.path().join(format!("on {threads} threads"));
        world.freeze_into(&dir, usize::MAX);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let closed = pool.install(|| close(&dir, &Silent)).unwrap();
        results.push((closed, files(&dir)));
    }
    assert_eq!(results[0], results[1]);
    assert_eq!(results[0], results[2]);
}

#[test]
fn closing_again_leaves_nothing_of_the_first_time() {
    let world = busy();
    let closed = world.close();
    let folder = EpochFolder::new(world.dir());
    let before = files(folder.root());
    std::fs::write(folder.outputs().join("claims/left-over.json"), "{}").unwrap();
    std::fs::write(folder.decisions(), "half").unwrap();
    assert_eq!(close(folder.root(), &Silent).unwrap(), closed);
    assert_eq!(files(folder.root()), before);
}

#[test]
fn how_proofs_are_cut_into_segments_and_ordered_changes_no_leaf() {
    let mut world = busy();
    let closed = world.close();
    let leaves = std::fs::read(EpochFolder::new(world.dir()).leaves()).unwrap();
    let state = |folder: &EpochFolder| {
        world::HANDED_ON.map(|name| std::fs::read(folder.outputs().join(name)).unwrap())
    };
    let before = state(&EpochFolder::new(world.dir()));
    world.submissions().reverse();
    let other = EpochFolder::new(world.data.path().join("other"));
    world.freeze_into(other.root(), 13);
    let reversed = close(other.root(), &Silent).unwrap();
    assert_eq!(reversed.root, closed.root);
    assert_eq!(reversed.rejected_by_reason, closed.rejected_by_reason);
    assert_eq!(std::fs::read(other.leaves()).unwrap(), leaves);
    assert_eq!(state(&other), before);
    // Which proof stood where is evidence too, so the manifest is another one.
    assert_ne!(reversed.manifest_hash, closed.manifest_hash);
}

#[test]
fn an_attester_gets_the_same_hash_and_an_auditor_finds_everything_equal() {
    let world = busy();
    let closed = world.close();
    let (manifest, hash) = read_manifest(&world.dir()).unwrap();
    assert_eq!((&manifest, hash), (&closed.manifest, closed.manifest_hash));
    verify_files(&world.dir(), &manifest).unwrap();
    let scratch = world.data.path().join("scratch");
    let comparison = recompute(&world.dir(), &scratch, &Silent).unwrap();
    assert!(comparison.is_equal());
    assert_eq!(comparison.published_hash, closed.manifest_hash);
    assert_eq!(comparison.recomputed_hash, Some(closed.manifest_hash));
}

#[test]
fn one_byte_in_any_input_is_named() {
    let world = busy();
    world.close();
    let folder = EpochFolder::new(world.dir());
    let (manifest, _) = read_manifest(folder.root()).unwrap();
    assert!(manifest.inputs.len() > 20);
    for entry in &manifest.inputs {
        let path = folder.root().join(&entry.name);
        let original = std::fs::read(&path).unwrap();
        let mut changed = original.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        let Err(EpochError::Differs(difference)) = verify_inputs(folder.root(), &manifest) else {
            panic!("{} changed unnoticed", entry.name);
        };
        assert_eq!(
            (difference.file.as_str(), difference.field.as_str()),
            (entry.name.as_str(), "sha256")
        );
        let comparison =
            recompute(folder.root(), &world.data.path().join("scratch"), &Silent).unwrap();
        assert_eq!(comparison.difference, Some(*difference));
        std::fs::write(&path, &original).unwrap();
    }
    verify_inputs(folder.root(), &manifest).unwrap();
}

#[test]
fn a_changed_comment_in_a_rule_changes_the_manifest() {
    let world = busy();
    let closed = world.close();
    let folder = EpochFolder::new(world.dir());
    let rule = folder.rules().join("10_hardware.sql");
    let text = std::fs::read_to_string(&rule).unwrap();
    std::fs::write(&rule, format!("{text}-- harmless\n")).unwrap();
    let again = close(folder.root(), &Silent).unwrap();
    assert_eq!(again.root, closed.root);
    assert_ne!(again.manifest.ruleset.hash, closed.manifest.ruleset.hash);
    assert_ne!(again.manifest_hash, closed.manifest_hash);
}

#[test]
fn the_first_row_and_column_that_differ_are_named() {
    let mut world = busy();
    world.close();
    let honest = EpochFolder::new(world.dir());
    // A proposer who pays u1's second visit to d1 twice as much: publish the outputs of other evidence.
    let proof = world.check_in("greedy", "d0", NOON);
    world.submit(&proof, &[(Role::User, "greedy")]);
    let crooked = EpochFolder::new(world.data.path().join("crooked"));
    world.freeze_into(crooked.root(), usize::MAX);
    close(crooked.root(), &Silent).unwrap();
    let scratch = world.data.path().join("scratch");
    let publish = |name: &str| {
        std::fs::copy(crooked.root().join(name), honest.root().join(name)).unwrap();
    };
    publish("outputs/leaves.parquet");
    let difference = recompute(honest.root(), &scratch, &Silent)
        .unwrap()
        .difference
        .unwrap();
    assert_eq!(difference.file, "outputs/leaves.parquet");
    assert!(difference.row.is_some());
    publish("outputs/decisions.parquet");
    let difference = recompute(honest.root(), &scratch, &Silent)
        .unwrap()
        .difference
        .unwrap();
    assert_eq!(difference.file, "outputs/decisions.parquet");
    assert_eq!(difference.field, "milli_points");
    assert!(difference.row.is_some() && difference.expected != difference.found);
    let text = difference.to_string();
    assert!(
        text.starts_with("outputs/decisions.parquet, row "),
        "{text}"
    );
}

#[test]
fn a_changed_claim_a_missing_file_and_a_changed_manifest_are_named() {
    let world = busy();
    let closed = world.close();
    let folder = EpochFolder::new(world.dir());
    let scratch = world.data.path().join("scratch");
    let first = |folder: &EpochFolder| {
        recompute(folder.root(), &scratch, &Silent)
            .unwrap()
            .difference
            .unwrap()
    };

    let shard = ClaimFiles::of(closed.depth).path_of(folder.root(), &world::key("u1"));
    let text = std::fs::read_to_string(&shard).unwrap();
    let tokens = text
        .lines()
        .find(|line| line.contains("\"tokens\""))
        .unwrap();
    std::fs::write(&shard, text.replace(tokens, "      \"tokens\": \"1\"")).unwrap();
    let difference = first(&folder);
    assert!(difference.file.starts_with("outputs/claims/"));
    assert_eq!(
        (difference.field.as_str(), difference.expected.as_str()),
        ("tokens", "1")
    );
    std::fs::remove_file(&shard).unwrap();
    assert_eq!(first(&folder).expected, "missing");
    std::fs::write(&shard, &text).unwrap();

    let manifest = std::fs::read_to_string(folder.manifest()).unwrap();
    let line = manifest
        .lines()
        .find(|line| line.contains("\"tokens_epoch\""))
        .unwrap();
    std::fs::write(
        folder.manifest(),
        manifest.replace(line, "    \"tokens_epoch\": \"5\","),
    )
    .unwrap();
    let difference = first(&folder);
    assert_eq!(
        (difference.file.as_str(), difference.field.as_str()),
        ("manifest.json", "tokens_epoch")
    );
    // The same meaning in another spelling would have another hash.
    std::fs::write(folder.manifest(), manifest.replace("  ", " ")).unwrap();
    assert_eq!(first(&folder).file, "manifest.json");
    std::fs::write(folder.manifest(), &manifest).unwrap();
    assert!(
        recompute(folder.root(), &scratch, &Silent)
            .unwrap()
            .is_equal()
    );
}

#[test]
fn the_scratch_folder_may_not_lie_in_the_epoch_s() {
    let world = busy();
    world.close();
    for scratch in [world.dir(), world.dir().join("outputs/scratch")] {
        let refused = recompute(&world.dir(), &scratch, &Silent);
        assert!(matches!(refused, Err(EpochError::UnsafeName { .. })));
    }
}
