//! What the module says, line by line, of epochs that were closed by the code that keepers run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cairn_auditor::{Folders, audit};
use cairn_epoch::{
    Anchor, EpochFolder, EpochInput, EvidenceWriter, Silent, carry, close, write_anchors,
    write_devices, write_epoch, write_shipped_ruleset,
};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_scene::{Hotspot, seed, terms};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A full hour, in hours since 1970.
const FIRST_HOUR: i64 = 472_222;
const HOUR_MS: i64 = 3_600_000;
const NETWORK: [u8; 32] = [7; 32];

/// Two epochs of two hotspots, closed one behind the other.
struct Scene {
    data: TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Self {
            data: tempfile::tempdir().unwrap(),
        };
        let mut before = None;
        for number in 1..=2 {
            before = Some(scene.play(number, before).unwrap());
        }
        scene
    }

    fn folder(&self, number: u64) -> EpochFolder {
        EpochFolder::of(self.data.path(), EpochNumber::new(number))
    }

    /// Freezes and closes an epoch; its manifest's hash.
    fn play(
        &self,
        number: u64,
        before: Option<[u8; 32]>,
    ) -> Result<[u8; 32], cairn_epoch::EpochError> {
        let folder = self.folder(number);
        let anchors = anchors(number);
        write_shipped_ruleset(&folder.inputs(), &terms(FIRST_HOUR, Tokens::new(1_000_000)))?;
        write_devices(&folder.devices(), &[Hotspot(0).row(), Hotspot(1).row()])?;
        write_anchors(&folder.anchors(), &anchors)?;
        let input = EpochInput {
            canopy_depth: 1,
            network: NETWORK,
            number: EpochNumber::new(number),
            pool: seed("pool", 1),
            previous_manifest: before,
        };
        write_epoch(&folder.epoch_json(), &input)?;
        if let Some(last) = number.checked_sub(1).filter(|last| *last > 0) {
            let (manifest, _) = cairn_epoch::read_manifest(self.folder(last).root())?;
            carry(&self.folder(last), &manifest, &folder)?;
        }
        let mut writer = EvidenceWriter::open(&folder.inputs(), 0);
        for (hour, anchor) in anchors.iter().enumerate() {
            for hotspot in [Hotspot(0), Hotspot(1)] {
                let sequence = number * 100 + hour as u64;
                let epoch = u32::try_from(number).unwrap();
                let proof = hotspot.beat(NETWORK.into(), epoch, sequence, anchor);
                writer.append(&proof, anchor.unix_ms + 70_000)?;
            }
        }
        writer.append_raw(b"rubbish", anchors[0].unix_ms)?;
        writer.finish()?;
        Ok(close(folder.root(), &Silent)?.manifest_hash)
    }

    /// What is said of the epoch in `folder`, with `previous` as what the page knows of the one before.
    fn says(&self, folder: &Path, previous: &Path) -> Vec<Value> {
        let scratch = tempfile::tempdir_in(self.data.path()).unwrap();
        let mut said = Vec::new();
        let folders = Folders {
            epoch: folder,
            previous,
            scratch: scratch.path(),
        };
        audit(&folders, &mut said).unwrap();
        let text = String::from_utf8(said).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// A copy of an epoch that may be spoilt.
    fn copy(&self, number: u64) -> PathBuf {
        let to = self.data.path().join("copy");
        copy(self.folder(number).root(), &to);
        to
    }

    /// A folder that holds no manifest.
    fn nothing(&self) -> PathBuf {
        let folder = self.data.path().join("nothing");
        fs::create_dir_all(&folder).unwrap();
        folder
    }
}

/// A block an hour of an epoch's day.
fn anchors(number: u64) -> Vec<Anchor> {
    let first = FIRST_HOUR + 24 * i64::try_from(number - 1).unwrap();
    (first..first + 3)
        .map(|hour| Anchor {
            slot: u64::try_from(hour).unwrap() * 9_000,
            hash: seed("block", u16::try_from(hour - FIRST_HOUR).unwrap()),
            unix_ms: hour * HOUR_MS,
        })
        .collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn the_first_epoch_comes_out_equal_with_every_step_told() {
    let scene = Scene::new();
    let lines = scene.says(scene.folder(1).root(), &scene.nothing());
    let steps: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["step"].as_str())
        .collect();
    assert_eq!(
        steps,
        [
            "reading the frozen inputs",
            "reading evidence and verifying signatures",
            "running the rules",
            "summing the ledger",
            "building the tree",
            "writing claim files",
            "writing the manifest",
        ]
    );
    let (manifest, hash) = cairn_epoch::read_manifest(scene.folder(1).root()).unwrap();
    assert_eq!(manifest.accepted, 6);
    let last = lines.last().unwrap();
    assert_eq!(
        *last,
        json!({
            "says": "found", "finding": "equal", "manifest": hex::encode(hash),
            "accepted": 6, "rejected": 1, "files": manifest.file_count(), "follows": false,
        })
    );
}

#[test]
fn the_second_carries_on_where_the_first_ended() {
    let scene = Scene::new();
    let lines = scene.says(scene.folder(2).root(), scene.folder(1).root());
    let last = lines.last().unwrap();
    assert_eq!(
        (&last["finding"], &last["follows"]),
        (&json!("equal"), &json!(true))
    );
}

#[test]
fn another_epoch_before_it_is_said_to_be_another() {
    let scene = Scene::new();
    let lines = scene.says(scene.folder(2).root(), scene.folder(2).root());
    let last = lines.last().unwrap();
    assert_eq!(last["finding"], "breaks");
    assert_eq!(last["message"], "its number is not the next one");
}

#[test]
fn a_byte_in_a_file_is_named() {
    let scene = Scene::new();
    let (manifest, _) = cairn_epoch::read_manifest(scene.folder(2).root()).unwrap();
    let before = scene.folder(1);
    let claims = cairn_epoch::claim_files(scene.folder(2).root(), &manifest).unwrap();
    // Of the outputs, a table, a text and a file that only the list names: each is a whole computation.
    let outputs = [
        "outputs/decisions.parquet",
        "outputs/summary.json",
        "outputs/claims/0.json",
    ];
    let files = manifest
        .files()
        .chain(&claims)
        .filter(|entry| !entry.name.starts_with("outputs/") || outputs.contains(&&*entry.name));
    for entry in files {
        let copy = scene.copy(2);
        flip(&copy.join(&entry.name));
        let lines = scene.says(&copy, before.root());
        let last = lines.last().unwrap();
        assert_eq!(last["finding"], "differs", "{}", entry.name);
        assert_eq!(last["file"], *entry.name, "{last}");
    }
}

#[test]
fn a_folder_without_an_epoch_is_a_computation_that_could_not_be_made() {
    let scene = Scene::new();
    let lines = scene.says(&scene.nothing(), &scene.nothing());
    assert_eq!(lines.last().unwrap()["says"], "failed");
}

/// A page that is gone.
struct Gone;

impl io::Write for Gone {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn nobody_to_tell_is_an_error() {
    let scene = Scene::new();
    let (nothing, scratch) = (scene.nothing(), tempfile::tempdir().unwrap());
    let first = scene.folder(1);
    let folders = Folders {
        epoch: first.root(),
        previous: &nothing,
        scratch: scratch.path(),
    };
    let error = audit(&folders, &mut Gone).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
}
