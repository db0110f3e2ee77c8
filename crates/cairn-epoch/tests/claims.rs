//! Claim files: as many as keep each small, each named by its owner's hash, all of them on a list that the manifest names.

mod world;

use cairn_epoch::{
    ClaimFiles, Closed, EpochError, EpochFolder, claim_files, claims, load_claim, read_manifest,
    verify_files,
};
use cairn_merkle::Tokens;
use world::{HOUR, MINUTE, NEW_YORK, START, World, key, north_of};

const NOON: i64 = START + 12 * HOUR;

/// Two hundred members, who need more than one file.
fn crowd() -> (World, Closed) {
    let mut world = World::new();
    for at in 0..40_i32 {
        world.device(&format!("d{at}"), "alice", north_of(NEW_YORK, 3_000 * at));
    }
    for at in 0..200_i64 {
        let device = format!("d{}", at % 40);
        world.visit(&format!("u{at}"), &device, NOON + at * MINUTE);
    }
    let closed = world.close();
    (world, closed)
}

#[test]
fn a_claim_is_found_in_a_folder_in_its_one_file_and_among_all() {
    let (world, closed) = crowd();
    let folder = EpochFolder::new(world.dir());
    let files = ClaimFiles::of(closed.depth);
    assert!(files.count() > 1, "{} members", closed.leaf_count);
    let bob = load_claim(folder.root(), &key("u7")).unwrap();
    let alone = files.path_of(folder.root(), &key("u7"));
    assert_eq!(bob, load_claim(&alone, &key("u7")).unwrap());
    let (position, node) = bob.canopy_node().unwrap();
    assert_eq!(closed.canopy[position as usize], node);
    assert_eq!(bob.root, closed.root);
    let all = claims(folder.root()).unwrap();
    let all: Vec<_> = all.collect::<Result<_, _>>().unwrap();
    assert_eq!(all.len() as u64, u64::from(closed.leaf_count));
    assert_eq!(
        Tokens::checked_sum(all.iter().map(|claim| claim.tokens)),
        Some(closed.totals.tokens)
    );
    for claim in &all {
        assert_eq!(load_claim(folder.root(), &claim.owner).unwrap(), *claim);
    }
    let nobody = load_claim(folder.root(), &key("nobody"));
    assert!(matches!(nobody, Err(EpochError::NotAMember { .. })));
    let empty = world.data.path().join("empty");
    std::fs::create_dir_all(&empty).unwrap();
    assert!(matches!(
        load_claim(&empty, &key("u7")),
        Err(EpochError::Missing { .. })
    ));
    assert!(matches!(
        claims(&empty).err(),
        Some(EpochError::Missing { .. })
    ));
}

#[test]
fn the_manifest_names_a_list_and_the_list_every_file() {
    let (world, closed) = crowd();
    let folder = EpochFolder::new(world.dir());
    let (manifest, _) = read_manifest(folder.root()).unwrap();
    verify_files(folder.root(), &manifest).unwrap();
    let listed = claim_files(folder.root(), &manifest).unwrap();
    let files = ClaimFiles::of(closed.depth);
    assert_eq!(listed.len() as u64, u64::from(files.count()));
    assert_eq!(manifest.claims.files, listed.len() as u64);
    let size: u64 = listed.iter().map(|entry| entry.size).sum();
    assert_eq!(manifest.claims.size, size);
    let rows: u64 = listed.iter().map(|entry| entry.rows).sum();
    assert_eq!(rows, u64::from(closed.leaf_count));
    for (number, entry) in (0..).zip(&listed) {
        assert_eq!(entry.name, files.name(number));
    }
    assert!(
        manifest
            .outputs
            .iter()
            .all(|entry| !entry.name.starts_with("outputs/claims/"))
    );
}

#[test]
fn a_claim_file_that_the_list_does_not_name_as_it_is_is_refused() {
    let (world, closed) = crowd();
    let folder = EpochFolder::new(world.dir());
    let (manifest, _) = read_manifest(folder.root()).unwrap();
    let refused = || verify_files(folder.root(), &manifest).unwrap_err();
    let files = ClaimFiles::of(closed.depth);

    let path = files.path_of(folder.root(), &key("u3"));
    let honest = std::fs::read(&path).unwrap();
    let mut bytes = honest.clone();
    bytes[100] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let EpochError::Differs(difference) = refused() else {
        panic!("a changed claim file is another file");
    };
    assert_eq!(difference.file, files.name_of(&key("u3")));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(refused(), EpochError::Missing { .. }));
    std::fs::write(&path, &honest).unwrap();

    let stray = folder.root().join("outputs/claims/more.json");
    std::fs::write(&stray, b"{}").unwrap();
    assert!(matches!(refused(), EpochError::Stray { path } if path == stray));
    std::fs::remove_file(&stray).unwrap();

    // The list itself: another one, and one that the manifest names and whose sums it does not have.
    let list = std::fs::read(folder.claim_list()).unwrap();
    let mut bytes = list.clone();
    bytes[20] ^= 1;
    std::fs::write(folder.claim_list(), bytes).unwrap();
    assert!(matches!(refused(), EpochError::Differs(_)));
    std::fs::write(folder.claim_list(), list).unwrap();
    verify_files(folder.root(), &manifest).unwrap();
    let mut forged = manifest.clone();
    forged.claims.size += 1;
    assert!(matches!(
        claim_files(folder.root(), &forged),
        Err(EpochError::Json { .. })
    ));
    forged.claims = manifest.claims;
    forged.tree.depth += 1;
    assert!(matches!(
        claim_files(folder.root(), &forged),
        Err(EpochError::Row { .. })
    ));
    forged.tree.depth -= 2;
    assert!(matches!(
        claim_files(folder.root(), &forged),
        Err(EpochError::Row { .. })
    ));
}
