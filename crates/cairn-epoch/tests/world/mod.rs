//! A small network for tests: keys from names, devices at places, proofs signed by whoever must sign them.
#![allow(dead_code, reason = "every test file uses its own part of the world")]

mod blocks;
mod numbers;
pub mod payer;
mod proofs;
mod terms;
pub mod town;

use std::path::{Path, PathBuf};

use cairn_epoch::{
    Anchor, Burn, Calendar, Closed, Decision, Device, DeviceStatus, Entry, EpochFolder, EpochInput,
    EvidenceWriter, Grant, NetworkTerms, Period, SHIPPED_ARREARS, SegmentName, Silent,
    asserted_cell, carry, close, read_decisions, read_leaves, write_anchors, write_burns,
    write_devices, write_epoch, write_shipped_ruleset,
};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_proof::{Body, Kind, ProofV1, PublicKey, Reason, Role, SignedProof, Signer};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use blocks::anchors;

pub const HOUR: i64 = 3_600_000;
pub const MINUTE: i64 = 60_000;
/// A full hour in November 2023.
pub const START: i64 = 1_700_006_400_000;
pub const WEEK_HOURS: i64 = 168;
/// Every network's calendar here: weeks from [`START`].
pub const CALENDAR: Calendar = Calendar {
    first_epoch: EpochNumber::FIRST,
    first_start: START / HOUR,
    epoch_hours: 168,
};
pub const NETWORK: [u8; 32] = [7; 32];
pub const POOL: [u8; 32] = [9; 32];
/// 1,000,000 tokens of six decimals.
pub const EMISSION: u64 = 1_000_000_000_000;

/// New York, Chicago, Tokyo.
pub const NEW_YORK: (i32, i32) = (407_127_760, -740_059_740);
pub const CHICAGO: (i32, i32) = (418_781_136, -876_297_982);
pub const TOKYO: (i32, i32) = (356_895_000, 1_396_917_000);

/// The registry's kinds of location.
pub const CELL: u8 = 1;
pub const COMMITMENT: u8 = 2;
pub const PLACE: u8 = 3;

/// A place as a leaf holds it.
pub fn place_location((lat_e7, lon_e7): (i32, i32)) -> [u8; 32] {
    let mut location = [0; 32];
    location[..4].copy_from_slice(&lat_e7.to_le_bytes());
    location[4..8].copy_from_slice(&lon_e7.to_le_bytes());
    location
}

/// A cell as a leaf holds it.
pub fn cell_location(cell: u64) -> [u8; 32] {
    let mut location = [0; 32];
    location[..8].copy_from_slice(&cell.to_le_bytes());
    location
}

pub fn cell_of(place: (i32, i32)) -> u64 {
    asserted_cell(place.0, place.1).expect("a place on Earth")
}

/// A place near New York and the four 110 m north, south, east and west of it, all in one cell.
pub fn cross_in_one_cell() -> [(i32, i32); 5] {
    // 84,300 m a degree of longitude up there.
    let east = |place: (i32, i32), metres: i32| {
        let e7 = i64::from(metres) * 10_000_000 / 84_300;
        (place.0, place.1 + i32::try_from(e7).expect("a short way"))
    };
    let steps = || (-20..20).map(|step| step * 20);
    steps()
        .flat_map(|north| steps().map(move |side| (north, side)))
        .map(|(north, side)| {
            let centre = east(north_of(NEW_YORK, north), side);
            [
                centre,
                north_of(centre, 110),
                north_of(centre, -110),
                east(centre, 110),
                east(centre, -110),
            ]
        })
        .find(|cross| {
            cross
                .iter()
                .all(|place| cell_of(*place) == cell_of(cross[0]))
        })
        .expect("a cell is wide enough")
}

pub fn signer(name: &str) -> Signer {
    Signer::ed25519(&Sha256::digest(name).into())
}

pub fn key(name: &str) -> [u8; 32] {
    match signer(name).public_key() {
        PublicKey::Ed25519(key) => key,
        PublicKey::P256(_) => unreachable!("names make Ed25519 keys"),
    }
}

pub struct World {
    pub data: TempDir,
    pub epoch: EpochInput,
    /// Calendar, emission and streams, as they go into the ruleset.
    pub terms: NetworkTerms,
    pub devices: Vec<Device>,
    pub anchors: Vec<Anchor>,
    /// What payers of traffic burned.
    pub burns: Vec<Burn>,
    /// What people held before the pool began.
    pub genesis: Vec<Grant>,
    /// What stands otherwise in the ruleset than as shipped: text, and what takes its place.
    pub edits: Vec<(&'static str, &'static str)>,
    /// Numbers of the ruleset that are others than as shipped: table, key and value.
    pub numbers: Vec<(String, String, i64)>,
    submissions: Vec<(Vec<u8>, i64)>,
    sequence: u64,
}

impl World {
    pub fn new() -> Self {
        Self {
            data: tempfile::tempdir().expect("a temporary folder"),
            epoch: EpochInput {
                canopy_depth: 2,
                network: NETWORK,
                number: EpochNumber::FIRST,
                pool: POOL,
                previous_manifest: None,
            },
            terms: NetworkTerms {
                calendar: CALENDAR,
                tokens_per_epoch: Tokens::new(EMISSION),
                arrears: SHIPPED_ARREARS,
                genesis: None,
                streams: Vec::new(),
                tasks: Vec::new(),
                attestors: Vec::new(),
                payers: Vec::new(),
                operators: Vec::new(),
            },
            devices: Vec::new(),
            anchors: anchors(START),
            burns: Vec::new(),
            genesis: Vec::new(),
            edits: Vec::new(),
            numbers: Vec::new(),
            submissions: Vec::new(),
            sequence: 0,
        }
    }

    /// When the epoch is.
    pub fn period(&self) -> Period {
        let period = self.terms.calendar.period(self.epoch.number);
        period.expect("a number in the calendar")
    }

    pub fn start(&self) -> i64 {
        self.period().start_ms
    }

    pub fn dir(&self) -> PathBuf {
        let folder = EpochFolder::of(self.data.path(), self.epoch.number);
        folder.root().to_owned()
    }

    /// A router of class 1 whose leaf tells its place.
    pub fn device(&mut self, name: &str, owner: &str, place: (i32, i32)) -> &mut Device {
        let leaf_index = u32::try_from(self.devices.len()).expect("few devices");
        self.devices.push(Device {
            key: key(name),
            tree: 0,
            leaf_index,
            owner: key(owner),
            class: 1,
            model: 1,
            issuer: [0; 32],
            country: *b"US",
            status: DeviceStatus::Active,
            reason: 0,
            location_kind: PLACE,
            location: place_location(place),
            sequence: 0,
            hardware: [0; 32],
            entry: Entry::Consented,
        });
        self.devices.last_mut().expect("one was pushed")
    }

    /// A validator that an issuer has endorsed.
    pub fn validator(&mut self, name: &str, owner: &str, place: (i32, i32)) -> &mut Device {
        let device = self.device(name, owner, place);
        (device.model, device.issuer) = (3, [1; 32]);
        device
    }

    /// What a leaf of the closed epoch promises so far; 0 for who has none.
    pub fn tokens_of(&self, owner: &str) -> Tokens {
        let leaves = read_leaves(&self.dir()).expect("the leaves");
        let leaf = leaves.iter().find(|leaf| leaf.owner == key(owner));
        leaf.map(|leaf| leaf.tokens).unwrap_or_default()
    }

    fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// A flawless envelope around `body`.
    pub fn proof(&mut self, device: &str, at_ms: i64, body: Body) -> ProofV1 {
        let anchor = self
            .anchors
            .iter()
            .rev()
            .find(|anchor| anchor.unix_ms <= at_ms)
            .unwrap_or(&self.anchors[0]);
        let (anchor_slot, anchor_hash) = (anchor.slot, anchor.hash);
        let known = self.devices.iter().find(|known| known.key == key(device));
        let cell = known.and_then(Device::cell).unwrap_or(0);
        ProofV1 {
            network: NETWORK,
            ruleset: 1,
            subject: key(device),
            signer_seq: self.next_sequence(),
            epoch: u32::try_from(self.epoch.number.get()).expect("a small number"),
            observed_at_ms: at_ms,
            anchor_slot,
            anchor_hash,
            cell,
            body,
        }
    }

    /// Signs as each of `who` and hands in ten seconds after the observation.
    pub fn submit(&mut self, proof: &ProofV1, who: &[(Role, &str)]) -> [u8; 32] {
        let mut signed = SignedProof::new(proof.clone());
        for (role, name) in who {
            signed = signed.signed(*role, &signer(name));
        }
        self.hand_in(&signed.to_bytes(), proof.observed_at_ms + 10_000);
        proof.id()
    }

    pub fn hand_in(&mut self, bytes: &[u8], received_at_ms: i64) {
        self.submissions.push((bytes.to_vec(), received_at_ms));
    }

    pub fn submissions(&mut self) -> &mut Vec<(Vec<u8>, i64)> {
        &mut self.submissions
    }

    /// Writes the inputs of the epoch.
    pub fn freeze(&self) -> PathBuf {
        let dir = self.dir();
        self.freeze_into(&dir, usize::MAX);
        dir
    }

    /// Writes the inputs into `dir`, at most `segment` submissions in one segment.
    pub fn freeze_into(&self, dir: &Path, segment: usize) {
        let folder = EpochFolder::new(dir);
        write_shipped_ruleset(&folder.inputs(), &self.terms).expect("the ruleset");
        let path = folder.ruleset_toml();
        let mut text = std::fs::read_to_string(&path).expect("the ruleset's numbers");
        for (from, to) in &self.edits {
            assert!(text.contains(from), "{from}");
            text = text.replacen(from, to, 1);
        }
        for (table, key, value) in &self.numbers {
            text = numbers::with_number(&text, table, key, *value);
        }
        std::fs::write(&path, text).expect("the ruleset's numbers");
        write_devices(&folder.devices(), &self.devices).expect("the devices");
        write_anchors(&folder.anchors(), &self.anchors).expect("the anchors");
        if !self.terms.payers.is_empty() {
            write_burns(&folder.burns(), &self.burns).expect("the burns");
        }
        if self.terms.genesis.is_some() && self.epoch.number == EpochNumber::FIRST {
            let table = self.genesis_table();
            std::fs::write(folder.genesis(), table).expect("what people held");
        }
        write_epoch(&folder.epoch_json(), &self.epoch).expect("the epoch");
        self.carry_into(&folder);
        let mut writer = EvidenceWriter::open(&folder.inputs(), 0);
        for (at, (bytes, received_at_ms)) in self.submissions.iter().enumerate() {
            if at > 0 && at % segment == 0 {
                writer.flush().expect("a segment");
            }
            writer.append_raw(bytes, *received_at_ms).expect("a row");
        }
        writer.finish().expect("the last segment");
    }

    /// What the epoch before handed on, into another folder than the epoch's own.
    fn carry_into(&self, folder: &EpochFolder) {
        let own = EpochFolder::new(self.dir());
        for part in ["state", "memory"] {
            let (from, to) = (own.inputs().join(part), folder.inputs().join(part));
            if own.root() == folder.root() || !from.is_dir() {
                continue;
            }
            std::fs::create_dir_all(&to).expect("a folder");
            for entry in std::fs::read_dir(from).expect("what was handed on") {
                let path = entry.expect("a file").path();
                let name = path.file_name().expect("a name");
                std::fs::copy(&path, to.join(name)).expect("a copy");
            }
        }
    }

    pub fn close(&self) -> Closed {
        close(&self.freeze(), &Silent).expect("the epoch closes")
    }

    /// The decision on the proof `id` in the closed epoch.
    pub fn decision(&self, id: [u8; 32]) -> Decision {
        let decisions = read_decisions(&self.dir()).expect("the decisions");
        let found = decisions.iter().find(|decision| decision.proof_id == id);
        *found.expect("a decision on the proof")
    }

    /// What the proof `id` earned, in milli-points.
    pub fn pay(&self, id: [u8; 32]) -> u64 {
        self.decision(id).milli_points.get()
    }

    pub fn reason(&self, id: [u8; 32]) -> Reason {
        self.decision(id).reason
    }

    /// Goes on to the week after a closed epoch, carrying its state.
    pub fn next_epoch(&mut self, closed: &Closed) {
        let before = EpochFolder::new(self.dir());
        self.epoch.number = self.epoch.number.next().expect("few epochs");
        self.epoch.previous_manifest = Some(closed.manifest_hash);
        self.anchors = anchors(self.start());
        self.submissions.clear();
        self.burns.clear();
        let after = EpochFolder::new(self.dir());
        std::fs::create_dir_all(after.inputs()).expect("the next folder");
        carry(&before, &closed.manifest, &after).expect("the state");
    }
}

/// The segment `number` of an epoch's evidence, of whatever kind it is.
pub fn segment(folder: &EpochFolder, number: usize) -> PathBuf {
    Kind::ALL
        .into_iter()
        .map(Some)
        .chain([None])
        .map(|kind| folder.evidence(SegmentName { number, kind }))
        .find(|path| path.exists())
        .expect("the segment")
}

/// What an epoch hands to the next, below `outputs/`.
pub const HANDED_ON: [&str; 22] = [
    "state/end.parquet",
    "state/members.parquet",
    "state/waiting.parquet",
    "state/unlinked.parquet",
    "state/arrears.parquet",
    "state/links.parquet",
    "state/signers.parquet",
    "state/leaves.parquet",
    "memory/users.parquet",
    "memory/access_points.parquet",
    "memory/counters.parquet",
    "memory/completions.parquet",
    "memory/probed.parquet",
    "memory/met.parquet",
    "memory/added.parquet",
    "memory/beside.parquet",
    "memory/confirmed.parquet",
    "memory/invited.parquet",
    "memory/invited_cells.parquet",
    "memory/prepaid.parquet",
    "memory/session_numbers.parquet",
    "memory/adjusted.parquet",
];

/// A place `metres` north of another, near enough for tests: 111,195 m a degree.
pub fn north_of(place: (i32, i32), metres: i32) -> (i32, i32) {
    let e7 = i64::from(metres) * 10_000_000 / 111_195;
    (place.0 + i32::try_from(e7).expect("a short way"), place.1)
}
