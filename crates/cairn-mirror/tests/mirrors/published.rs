//! An epoch as a keeper publishes it, computed once.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use cairn_client::Patience;
use cairn_epoch::{
    Anchor, EpochFolder, EpochInput, EvidenceWriter, Silent, close, write_anchors, write_devices,
    write_epoch, write_index, write_shipped_ruleset,
};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_mirror::{Hear, Mirrors, Pace, Place, Told};
use cairn_scene::{Hotspot, seed, terms};
use tempfile::TempDir;

pub const ONE: EpochNumber = EpochNumber::FIRST;
/// Of a member.
pub const MEMBER: Hotspot = Hotspot(1);

const FIRST_HOUR: i64 = 472_222;
const NETWORK: [u8; 32] = [7; 32];

/// A keeper's data folder with one closed epoch, and its manifest's hash.
pub struct Published {
    pub data: TempDir,
    pub hash: [u8; 32],
}

impl Published {
    /// The folder of epochs.
    pub fn epochs(&self) -> PathBuf {
        self.data.path().join("epochs")
    }

    pub fn epoch(&self) -> PathBuf {
        EpochFolder::of(self.data.path(), ONE).root().to_owned()
    }

    /// The bytes of a file of the epoch.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.epoch().join(name)).expect("a file of the epoch")
    }
}

pub fn published() -> &'static Published {
    static PUBLISHED: OnceLock<Published> = OnceLock::new();
    PUBLISHED.get_or_init(|| {
        let data = tempfile::tempdir().expect("a folder");
        let folder = EpochFolder::of(data.path(), ONE);
        let anchor = Anchor {
            slot: u64::try_from(FIRST_HOUR).expect("an hour") * 9_000,
            hash: seed("block", 0),
            unix_ms: FIRST_HOUR * 3_600_000,
        };
        let devices: Vec<_> = (0..4).map(|number| Hotspot(number).row()).collect();
        write_shipped_ruleset(&folder.inputs(), &terms(FIRST_HOUR, Tokens::new(1_000_000)))
            .expect("rules");
        write_devices(&folder.devices(), &devices).expect("devices");
        write_anchors(&folder.anchors(), &[anchor]).expect("anchors");
        let input = EpochInput {
            canopy_depth: 1,
            network: NETWORK,
            number: ONE,
            pool: seed("pool", 1),
            previous_manifest: None,
        };
        write_epoch(&folder.epoch_json(), &input).expect("the epoch");
        let mut writer = EvidenceWriter::open(&folder.inputs(), 0);
        for number in 0..4 {
            let proof = Hotspot(number).beat(NETWORK.into(), 1, 100, &anchor);
            let received = anchor.unix_ms + 70_000;
            writer.append(&proof, received).expect("a proof");
        }
        writer.finish().expect("evidence");
        let hash = close(folder.root(), &Silent)
            .expect("it closes")
            .manifest_hash;
        write_index(&data.path().join("epochs")).expect("an index");
        Published { data, hash }
    })
}

/// What mirrors answered instead.
#[derive(Default)]
pub struct Ears(Mutex<Vec<Told>>);

impl Ears {
    pub fn told(&self) -> Vec<Told> {
        self.0.lock().expect("no test failed here").clone()
    }
}

impl Hear for Ears {
    fn failed(&self, told: &Told) {
        self.0
            .lock()
            .expect("no test failed here")
            .push(told.clone());
    }
}

/// Mirrors there, of which none is waited for long.
pub fn mirrors(places: &[&str]) -> (Mirrors, Arc<Ears>) {
    let places = places.iter().map(|text| Place::read(Path::new(text)));
    let pace = Pace {
        window: Duration::from_millis(400),
        bytes: 256,
    };
    let patience = Patience {
        first: Duration::from_millis(5),
        longest: Duration::from_millis(40),
        total: Duration::from_secs(3),
        line: Duration::from_millis(100),
    };
    let places = places.collect::<Result<_, _>>().expect("places");
    let ears = Arc::new(Ears::default());
    let mirrors = Mirrors::patient(places, pace, patience).expect("a line");
    (mirrors.heard_by(ears.clone()), ears)
}
