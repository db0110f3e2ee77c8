//! Files as strangers publish them: damaged, cut short, with names that lead elsewhere.

mod world;

use std::path::PathBuf;

use cairn_epoch::{
    Content, EpochError, EpochFolder, EvidenceReader, EvidenceWriter, Manifest, SegmentName,
    Silent, close, read_devices, read_manifest, verify_files,
};
use cairn_proof::{Kind, Role, SignedProof};
use world::{CHICAGO, HOUR, NEW_YORK, START, World, segment, signer};

const NOON: i64 = START + 12 * HOUR;

fn small() -> World {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world.device("ord", "dan", CHICAGO);
    for user in ["bob", "carol", "eve"] {
        world.visit(user, "point", NOON);
    }
    world.hand_in(b"rubbish", NOON);
    world
}

#[test]
fn evidence_comes_back_byte_for_byte_in_the_order_of_receipts() {
    let mut world = small();
    let folder = EpochFolder::new(world.dir());
    world.freeze_into(folder.root(), 2);
    let rows: Vec<_> = EvidenceReader::open(&folder.inputs())
        .unwrap()
        .rows()
        .collect::<Result<_, _>>()
        .unwrap();
    // A segment holds one kind; within a kind the order is that of the hand-ins.
    let come_back = |is_proof: bool| -> Vec<_> {
        let rows = rows.iter().filter_map(|row| match &row.content {
            Content::Proof(signed) => is_proof.then(|| (signed.to_bytes(), row.received_at_ms)),
            Content::Raw(bytes) => (!is_proof).then(|| (bytes.clone(), row.received_at_ms)),
        });
        rows.collect()
    };
    let (proofs, rubbish) = world.submissions().split_at(3);
    assert_eq!(come_back(true), proofs);
    assert_eq!(come_back(false), rubbish);
    assert!(
        rows.iter()
            .enumerate()
            .all(|(at, row)| row.ordinal == at as u64)
    );
    let names: Vec<_> = (0..3)
        .map(|number| {
            segment(&folder, number)
                .strip_prefix(folder.inputs())
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(
        names,
        [
            "evidence/wifi_check_in/0000.parquet",
            "evidence/unread/0001.parquet",
            "evidence/wifi_check_in/0002.parquet"
        ]
        .map(PathBuf::from)
    );
}

#[test]
fn evidence_that_stands_among_another_kind_s_is_refused() {
    let world = small();
    let folder = EpochFolder::new(world.freeze());
    let (from, to) = (segment(&folder, 1), [Some(Kind::HotspotBeat), None]);
    for kind in to {
        let to = folder.evidence(SegmentName { number: 1, kind });
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::rename(&from, &to).unwrap();
        let refused = close(folder.root(), &Silent);
        assert!(
            matches!(&refused, Err(EpochError::Row { field, .. }) if field == "kind"),
            "{refused:?}"
        );
        std::fs::rename(&to, &from).unwrap();
    }
    // The number of another kind's segment is taken.
    let twin = folder.evidence(SegmentName {
        number: 0,
        kind: Some(Kind::WifiCheckIn),
    });
    std::fs::copy(&from, &twin).unwrap();
    let refused = close(folder.root(), &Silent);
    assert!(
        matches!(&refused, Err(EpochError::Stray { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_writer_writes_under_the_number_it_is_handed_and_a_crash_leaves_only_whole_segments() {
    let mut world = small();
    let folder = EpochFolder::new(world.dir());
    let proof = world.check_in("zoe", "point", NOON);
    let signed = SignedProof::new(proof).signed(Role::User, &signer("zoe"));
    let mut writer = EvidenceWriter::open(&folder.inputs(), 0);
    writer.append(&signed, NOON).unwrap();
    assert_eq!(writer.pending(), 1);
    writer.flush().unwrap();
    writer.append(&signed, NOON).unwrap();
    // The process dies here: the second row was not safe.
    drop(writer);
    let mut writer = EvidenceWriter::open(&folder.inputs(), 1);
    writer.append(&signed, NOON).unwrap();
    let segments = writer.finish().unwrap();
    assert_eq!(
        segments[0].name.to_string(),
        "evidence/wifi_check_in/0001.parquet"
    );
    assert_eq!(
        EvidenceReader::open(&folder.inputs())
            .unwrap()
            .rows()
            .count(),
        2
    );
}

#[test]
fn a_second_writer_under_the_same_number_is_refused_and_touches_nothing_of_the_first() {
    let mut world = small();
    let folder = EpochFolder::new(world.dir());
    let proof = world.check_in("zoe", "point", NOON);
    let signed = SignedProof::new(proof).signed(Role::User, &signer("zoe"));
    let mut first = EvidenceWriter::open(&folder.inputs(), 0);
    let mut second = EvidenceWriter::open(&folder.inputs(), 0);
    first.append(&signed, NOON).unwrap();
    second.append(&signed, NOON + 1).unwrap();
    first.flush().unwrap();
    let path = segment(&folder, 0);
    let written = std::fs::read(&path).unwrap();
    // What another writer is in the middle of.
    let half = path.with_extension("parquet.1.partial");
    std::fs::write(&half, "half").unwrap();
    let refused = second.flush().unwrap_err();
    assert!(
        matches!(&refused, EpochError::Io { source, .. } if source.kind() == std::io::ErrorKind::AlreadyExists),
        "{refused}"
    );
    assert_eq!(second.pending(), 1, "the rows are still there");
    assert_eq!(std::fs::read(&path).unwrap(), written);
    assert_eq!(std::fs::read(&half).unwrap(), b"half");
    let set = path.parent().unwrap();
    assert_eq!(std::fs::read_dir(set).unwrap().count(), 2);
}

#[test]
fn a_lost_segment_is_missed() {
    let world = small();
    let folder = EpochFolder::new(world.dir());
    world.freeze_into(folder.root(), 1);
    std::fs::remove_file(segment(&folder, 1)).unwrap();
    let Err(EpochError::Missing { path }) = close(folder.root(), &Silent) else {
        panic!("the gap was not noticed");
    };
    assert!(path.ends_with("evidence/<kind>/0001.parquet"), "{path:?}");
}

#[test]
fn damaged_evidence_is_named_with_its_row_group() {
    let world = small();
    let folder = EpochFolder::new(world.freeze());
    let path = segment(&folder, 1);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 20]).unwrap();
    let error = close(folder.root(), &Silent).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("wifi_check_in/0001.parquet is not a readable Parquet file (footer)"),
        "{error}"
    );
    assert!(error.hint().contains("damaged"));
    // Zeros over the first pages.
    let mut holed = bytes.clone();
    holed[4..400].fill(0);
    std::fs::write(&path, &holed).unwrap();
    let error = close(folder.root(), &Silent).unwrap_err();
    assert!(error.to_string().contains("(row group 0)"), "{error}");
}

#[test]
fn no_damage_to_a_file_ends_in_a_panic() {
    let world = small();
    let folder = EpochFolder::new(world.freeze());
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    for path in [segment(&folder, 1), folder.devices()] {
        let bytes = std::fs::read(&path).unwrap();
        let mut read = 0;
        for at in (0..bytes.len()).step_by(7) {
            for changed in [bytes[..at].to_vec(), flipped(&bytes, at)] {
                std::fs::write(&path, &changed).unwrap();
                let devices = read_devices(&folder.devices());
                let rows: Result<Vec<_>, _> = EvidenceReader::open(&folder.inputs())
                    .unwrap()
                    .rows()
                    .collect();
                read += usize::from(devices.is_ok() && rows.is_ok());
            }
        }
        // Some flips only change a value; a file cut short is never read.
        assert!(read < bytes.len() / 7);
        std::fs::write(&path, &bytes).unwrap();
    }
    std::panic::set_hook(hook);
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at] ^= 0x55;
    changed
}

#[test]
fn a_missing_input_and_a_stray_one_are_named() {
    let world = small();
    let folder = EpochFolder::new(world.freeze());
    std::fs::remove_file(folder.anchors()).unwrap();
    let error = close(folder.root(), &Silent).unwrap_err();
    assert!(
        matches!(&error, EpochError::Missing { path } if *path == folder.anchors()),
        "{error}"
    );
    cairn_epoch::write_anchors(&folder.anchors(), &world.anchors).unwrap();
    let stray = folder.inputs().join("notes.txt");
    std::fs::write(&stray, "remember the milk").unwrap();
    assert!(
        matches!(close(folder.root(), &Silent), Err(EpochError::Stray { path }) if path == stray)
    );
}

#[test]
fn another_table_under_an_input_s_name_is_refused_by_its_columns() {
    let world = small();
    let folder = EpochFolder::new(world.freeze());
    std::fs::copy(folder.anchors(), folder.devices()).unwrap();
    let error = close(folder.root(), &Silent).unwrap_err();
    assert!(matches!(&error, EpochError::Schema { .. }), "{error}");
}

#[test]
fn epoch_json_is_strict() {
    let world = small();
    let folder = EpochFolder::new(world.freeze());
    let text = std::fs::read_to_string(folder.epoch_json()).unwrap();
    let changes = [
        ("\"number\": 1", "\"number\": 1.0"),
        ("\"number\": 1", "\"number\": 0"),
        ("\"number\": 1", "\"number\": 1, \"number\": 1"),
        ("\"number\": 1", "\"number\": 1, \"note\": 1"),
        ("\"canopy_depth\": 2", "\"canopy_depth\": 25"),
        (
            "\"previous_manifest\": null",
            "\"period_start_ms\": 1700006400000,\n  \"previous_manifest\": null",
        ),
    ];
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        std::fs::write(folder.epoch_json(), text.replace(from, to)).unwrap();
        assert!(
            matches!(close(folder.root(), &Silent), Err(EpochError::Json { .. })),
            "{to}"
        );
    }
}

#[test]
fn names_that_leave_the_folder_and_links_are_refused() {
    let world = small();
    world.close();
    let folder = EpochFolder::new(world.dir());
    let (manifest, _) = read_manifest(folder.root()).unwrap();
    for name in [
        "inputs/../../secret",
        "/etc/passwd",
        "inputs//epoch.json",
        "inputs/./epoch.json",
        "outputs/leaves.parquet",
        "inputs/a\\b",
        "",
    ] {
        let mut forged = manifest.clone();
        forged.inputs[0].name = name.to_owned();
        let refused = verify_files(folder.root(), &forged);
        assert!(
            matches!(refused, Err(EpochError::UnsafeName { .. })),
            "{name}"
        );
    }
    let path = folder.anchors();
    let elsewhere = world.data.path().join("elsewhere");
    std::fs::rename(&path, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    assert!(matches!(
        verify_files(folder.root(), &manifest),
        Err(EpochError::UnsafeName { .. })
    ));
    assert!(matches!(
        close(folder.root(), &Silent),
        Err(EpochError::UnsafeName { .. })
    ));
}

#[test]
fn files_that_the_manifest_does_not_list_are_refused() {
    let world = small();
    let closed = world.close();
    let stray = world.dir().join("outputs/claims/zz.json");
    std::fs::write(&stray, "{}").unwrap();
    let refused = verify_files(&world.dir(), &closed.manifest);
    assert!(matches!(refused, Err(EpochError::Stray { path }) if path == stray));
}

#[test]
fn a_manifest_has_one_spelling_and_adds_up() {
    let world = small();
    let closed = world.close();
    let path = EpochFolder::new(world.dir()).manifest();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(
        Manifest::from_bytes(&path, &bytes).unwrap(),
        closed.manifest
    );
    let text = String::from_utf8(bytes).unwrap();
    for (from, to) in [
        ("\"accepted\": 3", "\"accepted\": 4"),
        ("\"accepted\": 3", "\"accepted\":  3"),
        ("\"accepted\": 3,\n", ""),
        ("cairn/manifest/4", "cairn/manifest/3"),
    ] {
        assert!(text.contains(from), "{from}");
        let changed = text.replace(from, to);
        assert!(
            Manifest::from_bytes(&path, changed.as_bytes()).is_err(),
            "{to}"
        );
    }
}
