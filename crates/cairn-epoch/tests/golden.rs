//! A committed epoch: its manifest must come out the same, byte for byte, on every machine and with every change that
//! does not mean to change what people are paid. `CAIRN_BLESS=1` writes it anew; read the difference before committing.

mod world;

use std::path::PathBuf;

use cairn_epoch::{
    Amounts, ClaimFiles, EpochError, EpochFolder, Manifest, PIPELINE, Silent, code_hash, pipelines,
    read_manifest, recompute,
};
use cairn_merkle::{Credits, MAX_LEAVES, MilliPoints, Tokens, depth_for};
use cairn_proof::{Body, Role, identity_of_email};
use cairn_spelling::text;
use serde_json::json;
use world::{CHICAGO, HOUR, MINUTE, NEW_YORK, START, TOKYO, World, key, north_of};

/// What is committed of the first epoch beside its manifest, for readers in other languages.
const SHOWN: [&str; 5] = [
    "outputs/claims.parquet",
    "outputs/claims/0.json",
    "outputs/decisions.parquet",
    "outputs/leaves.parquet",
    "outputs/summary.json",
];

/// What three weeks come to in which everything happens once: paths below the pipeline's folder, and bytes.
fn weeks() -> Vec<(String, Vec<u8>)> {
    let mut world = World::new();
    for at in 0..8_i32 {
        let device = world.device(
            &format!("d{at}"),
            &format!("o{}", at % 3),
            north_of(NEW_YORK, at * 120),
        );
        (device.model, device.issuer) = (1 + u32::try_from(at % 2).unwrap(), [1; 32]);
    }
    world.device("ord", "dan", CHICAGO).hardware = [5; 32];
    world.device("copy", "mallory", TOKYO).hardware = [5; 32];
    world.stream(1, "partner", 24, 100);
    world.task(1, "carrier", 500, 1_000);
    world.validator("validator", "val", TOKYO);
    world.attestor("desk");
    world.edits = vec![
        ("age_hours = 720", "age_hours = 168"),
        ("days_min = 14", "days_min = 1"),
        ("cells_min = 5", "cells_min = 1"),
    ];
    world.payer(1, "carrier", 1_000);
    for name in ["ina", "omar"] {
        world.operator(name);
    }
    let amounts = |tokens, points, credits| Amounts {
        credits: Credits::new(credits),
        points: MilliPoints::new(points),
        tokens: Tokens::new(tokens),
    };
    let mail = identity_of_email(&[7; 32], "lea@example.org");
    world.held(mail, false, amounts(3_000_000, 4_500, 10));
    world.held(
        key("founder"),
        true,
        amounts(2_000_000_000_000, 30_000_000, 5),
    );
    let mut files = Vec::new();
    for week in 0..3 {
        let start = world.start();
        for at in 0..48_i64 {
            let (user, device) = (format!("u{}", at % 5), format!("d{}", at % 8));
            world.heartbeat(&device, start + at * HOUR + MINUTE);
            let proof = world.check_in(&user, &device, start + at * HOUR + 7 * MINUTE);
            world.submit(&proof, &[(Role::User, &user), (Role::Device, &device)]);
            let reading = 1 + u64::try_from(at).unwrap() + 100 * week;
            let mut proof = world.metric("partner", "ord", 1, start + at * HOUR, reading);
            if let Body::PartnerMetric(metric) = &mut proof.body {
                metric.quality_permille = 900;
            }
            world.submit(&proof, &[(Role::Partner, "partner"), (Role::Device, "ord")]);
        }
        world.heartbeat("copy", start + HOUR);
        world.visit("u1", "ord", start + 20 * HOUR);
        world.visit("u1", "copy", start + 21 * HOUR);
        for device in ["d0", "d1", "ord"] {
            for hour in [2, 3] {
                let proof = world.probe("validator", device, start + hour * HOUR);
                world.probed(&proof, "validator", device);
            }
            world.meet("validator", device, start + 4 * HOUR);
        }
        world.burn(1, 40_500, start + HOUR);
        for (device, subscriber) in [("d0", "s1"), ("ord", "s2")] {
            world.carry(device, 1, subscriber, 25, start + 5 * HOUR);
        }
        let adjusted = [u8::try_from(week).unwrap(); 32];
        world.adjust(["ina", "omar"], adjusted, "u1", 2_500, start + 6 * HOUR);
        for person in ["u1", "u2", "u3"] {
            world.complete("carrier", 1, person, person, start + 22 * HOUR);
        }
        world.add("u0", "cafe", NEW_YORK, start + 50 * HOUR);
        for user in ["u1", "u2", "u3"] {
            world.confirm(user, "cafe", NEW_YORK, start + 51 * HOUR);
        }
        world.invite("u0", "new", start + 52 * HOUR);
        let proof = world.check_in("new", "d0", start + 53 * HOUR);
        world.submit(&proof, &[(Role::User, "new"), (Role::Device, "d0")]);
        let adjusted = [100 + u8::try_from(week).unwrap(); 32];
        let two = ["ina", "omar"];
        let mut proof = world.adjustment(two, adjusted, "lea", 1_500, start + 54 * HOUR);
        proof.subject = mail;
        world.submit(&proof, &two.map(|name| (Role::Attestor, name)));
        if week > 0 {
            world.link(mail, "lea", start + 55 * HOUR);
        }
        world.hand_in(b"rubbish", start);
        let closed = world.close();
        let name = format!("golden-{:05}", week + 1);
        let shown: &[&str] = if week == 0 { &SHOWN } else { &[] };
        for file in shown.iter().chain(&["manifest.json"]) {
            let path = match *file {
                "manifest.json" => format!("{name}.manifest.json"),
                file => format!("{name}/{file}"),
            };
            files.push((path, std::fs::read(world.dir().join(file)).unwrap()));
        }
        world.next_epoch(&closed);
    }
    assert_eq!(world.start(), START + 3 * 168 * HOUR);
    files
}

/// Where the golden manifests of a pipeline stand: its name is the folder's.
fn folder(pipeline: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/epochs")
        .join(pipeline.replace('/', "-"))
}

/// Whether the files are to be written.
#[expect(
    clippy::disallowed_methods,
    reason = "a test has no command line to be told on"
)]
fn bless() -> bool {
    std::env::var_os("CAIRN_BLESS").is_some()
}

#[test]
fn three_weeks_come_out_as_committed_under_the_pipeline_s_name() {
    let bless = bless();
    for (name, bytes) in weeks() {
        let path = folder(PIPELINE).join(name);
        // A name that has files keeps them: auditors ask for that computation by that name.
        if bless && !path.exists() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &bytes).unwrap();
        }
        let committed = std::fs::read(&path).unwrap_or_default();
        assert!(
            committed == bytes,
            "{} differs from what {PIPELINE} leads to. If what people are paid was meant to change, that is another \
             pipeline: give it a new name beside the old one (src/pipeline.rs), then run: \
             CAIRN_BLESS=1 cargo test -p cairn-epoch --test golden",
            path.display()
        );
    }
}

#[test]
fn every_pipeline_that_can_be_audited_has_golden_manifests_of_its_own() {
    for name in pipelines() {
        let path = folder(name).join("golden-00001.manifest.json");
        let bytes = std::fs::read(&path).unwrap();
        let manifest = Manifest::from_bytes(&path, &bytes).unwrap();
        assert_eq!(manifest.code.pipeline, name);
        assert_eq!(manifest.code.hash, code_hash(name));
    }
    assert_eq!(pipelines().last(), Some(&PIPELINE));
}

/// Which file holds whom: what a reader in another language is held against.
#[test]
fn claim_files_have_the_committed_names() {
    let counts = [
        1, 64, 65, 3_190, 4_096, 4_097, 16_384, 16_385, 1_180_000, 4_560_000, MAX_LEAVES,
    ];
    let cases: Vec<_> = counts
        .into_iter()
        .flat_map(|count| ["alice", "bob", "carol"].map(|name| (count, key(name))))
        .map(|(leaf_count, owner)| {
            let files = ClaimFiles::of(depth_for(leaf_count).unwrap());
            json!({
                "file": files.name_of(&owner),
                "files": files.count(),
                "leaf_count": leaf_count,
                "owner": text::base58(&owner),
            })
        })
        .collect();
    let text = serde_json::to_string_pretty(&cases).unwrap() + "\n";
    let path = folder("").join("claim-files.json");
    if bless() {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{} differs; the names belong to the pipeline: give it a new one, then run: \
         CAIRN_BLESS=1 cargo test -p cairn-epoch --test golden",
        path.display()
    );
}

#[test]
fn no_version_of_a_crate_is_in_a_pipeline_s_name() {
    // 0.1.1 of the crate must compute the epochs of 0.1.0 under the same name.
    for name in pipelines() {
        assert!(!name.contains(env!("CARGO_PKG_VERSION")), "{name}");
    }
}

#[test]
fn an_epoch_of_a_pipeline_this_version_does_not_know_is_refused_with_those_it_knows() {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.visit("bob", "point", START + HOUR);
    let closed = world.close();
    let folder = EpochFolder::new(world.dir());
    let mut manifest = closed.manifest;
    manifest.code.pipeline = "cairn/pipeline/999".to_owned();
    manifest.code.hash = code_hash(&manifest.code.pipeline);
    std::fs::write(folder.manifest(), manifest.to_bytes().unwrap()).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let error = recompute(folder.root(), &scratch.path().join("again"), &Silent).unwrap_err();
    assert!(
        matches!(error, EpochError::UnknownPipeline { .. }),
        "{error}"
    );
    assert!(!error.is_evidence_of_fault());
    for name in pipelines() {
        assert!(error.to_string().contains(name), "{error}");
    }
    // A name that is not the hash's own would let a manifest choose its code.
    manifest.code.pipeline = PIPELINE.to_owned();
    std::fs::write(folder.manifest(), manifest.to_bytes().unwrap()).unwrap();
    assert!(matches!(
        read_manifest(folder.root()),
        Err(EpochError::Json { .. })
    ));
}
