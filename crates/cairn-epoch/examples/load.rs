//! Closes an epoch of many proofs and says how long each step took: `cargo run -p cairn-epoch --example load -- 200000`.
//!
//! Half are beats, three tenths check-ins, two tenths metrics, of a thousandth as many devices; all are signed.
#![expect(clippy::print_stdout, reason = "an example talks")]
#![expect(clippy::disallowed_methods, reason = "an example that measures")]

use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

use cairn_epoch::{
    Anchor, Calendar, Device, DeviceStatus, Entry, EpochFolder, EpochInput, EvidenceWriter,
    NetworkTerms, Progress, SHIPPED_ARREARS, Step, Stream, close, write_anchors, write_devices,
    write_epoch, write_shipped_ruleset,
};
use cairn_merkle::{EpochNumber, MilliPoints, Tokens};
use cairn_proof::{
    Body, HotspotBeat, PartnerMetric, ProofV1, PublicKey, Role, SignedProof, Signer, WifiCheckIn,
};
use rayon::prelude::*;

const START: i64 = 1_700_006_400_000;
const HOUR: i64 = 3_600_000;

struct Clock(Mutex<(Instant, Option<Step>)>);

impl Clock {
    fn lap(&self, next: Option<Step>) {
        let mut lap = self.0.lock().expect("no step panics");
        if let Some(step) = lap.1 {
            println!("{:>7} ms  {}", lap.0.elapsed().as_millis(), step.title());
        }
        *lap = (Instant::now(), next);
    }
}

impl Progress for Clock {
    fn begin(&self, step: Step, _: u64) {
        self.lap(Some(step));
    }

    fn advance(&self, _: u64) {}
}

fn signer(kind: u8, number: usize) -> Signer {
    let mut seed = [kind; 32];
    seed[..8].copy_from_slice(&(number as u64).to_le_bytes());
    Signer::ed25519(&seed)
}

fn key(signer: &Signer) -> [u8; 32] {
    match signer.public_key() {
        PublicKey::Ed25519(key) => key,
        PublicKey::P256(_) => [0; 32],
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: usize = std::env::args()
        .nth(1)
        .map_or(Ok(100_000), |text| text.parse())?;
    let data = tempfile::tempdir()?;
    let folder = EpochFolder::new(data.path());
    let devices = devices(count.div_ceil(168).max(10));
    write_inputs(&folder, &devices)?;
    let begun = Instant::now();
    let proofs: Vec<SignedProof> = (0..count)
        .into_par_iter()
        .map(|at| proof(at, &devices))
        .collect();
    println!(
        "{:>7} ms  signing {count} proofs of {} devices",
        begun.elapsed().as_millis(),
        devices.len()
    );
    let begun = Instant::now();
    let mut writer = EvidenceWriter::open(&folder.inputs(), 0);
    for proof in &proofs {
        writer.append(proof, proof.proof.observed_at_ms + 1_000)?;
    }
    writer.finish()?;
    println!("{:>7} ms  writing evidence", begun.elapsed().as_millis());
    let begun = Instant::now();
    let clock = Clock(Mutex::new((Instant::now(), None)));
    let closed = close(data.path(), &clock)?;
    clock.lap(None);
    println!("{:>7} ms  in all", begun.elapsed().as_millis());
    println!(
        "{} accepted, {} rejected {:?}",
        closed.accepted, closed.rejected, closed.rejected_by_reason
    );
    println!(
        "{} members, {} bytes",
        closed.leaf_count,
        size(data.path())?
    );
    Ok(())
}

fn size(dir: &Path) -> std::io::Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        sum += if entry.file_type()?.is_dir() {
            size(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(sum)
}

fn devices(count: usize) -> Vec<Device> {
    (0..count)
        .into_par_iter()
        .map(|at| {
            let side = 1 + count.isqrt();
            let step = |number: usize| i32::try_from(number).unwrap_or(0) * 30_000;
            let (lat, lon) = (
                400_000_000 + step(at % side),
                -740_000_000 + step(at / side),
            );
            Device {
                key: key(&signer(1, at)),
                tree: 0,
                leaf_index: u32::try_from(at).unwrap_or(u32::MAX),
                owner: key(&signer(2, at / 3)),
                class: 1,
                model: 1,
                issuer: [0; 32],
                country: *b"US",
                status: DeviceStatus::Active,
                reason: 0,
                location_kind: 3,
                location: location(lat, lon),
                sequence: 0,
                hardware: [0; 32],
                entry: Entry::Imported,
            }
        })
        .collect()
}

/// A place as the registry's leaf holds it.
fn location(lat_e7: i32, lon_e7: i32) -> [u8; 32] {
    let mut location = [0; 32];
    location[..4].copy_from_slice(&lat_e7.to_le_bytes());
    location[4..8].copy_from_slice(&lon_e7.to_le_bytes());
    location
}

fn write_inputs(folder: &EpochFolder, devices: &[Device]) -> Result<(), cairn_epoch::EpochError> {
    write_devices(&folder.devices(), devices)?;
    let stream = Stream {
        id: 1,
        partner: key(&signer(3, 0)),
        partner_kind: 0,
        unit: "weather hour".to_owned(),
        daily_ceiling: 24,
        rate_milli_points: MilliPoints::new(100),
        pot_permille: 1_000,
        second_source: "a neighbouring station".to_owned(),
        second_source_permille: 0,
    };
    let terms = NetworkTerms {
        calendar: Calendar {
            first_epoch: EpochNumber::FIRST,
            first_start: START / HOUR,
            epoch_hours: 168,
        },
        tokens_per_epoch: Tokens::new(1_000_000_000_000),
        arrears: SHIPPED_ARREARS,
        genesis: None,
        streams: vec![stream],
        tasks: Vec::new(),
        attestors: Vec::new(),
        payers: Vec::new(),
        operators: Vec::new(),
    };
    write_shipped_ruleset(&folder.inputs(), &terms)?;
    let anchors: Vec<Anchor> = (0..168 * 12).map(anchor).collect();
    write_anchors(&folder.anchors(), &anchors)?;
    write_epoch(
        &folder.epoch_json(),
        &EpochInput {
            canopy_depth: 6,
            network: [7; 32],
            number: EpochNumber::FIRST,
            pool: [9; 32],
            previous_manifest: None,
        },
    )
}

fn anchor(at: i64) -> Anchor {
    Anchor {
        slot: at.unsigned_abs(),
        hash: [at.to_le_bytes()[0]; 32],
        unix_ms: START + at * HOUR / 12,
    }
}

fn proof(at: usize, devices: &[Device]) -> SignedProof {
    let place = at % devices.len();
    let device = &devices[place];
    let hour = i64::try_from(at / devices.len()).unwrap_or(0) % 168;
    let observed_at_ms = START + hour * HOUR + i64::try_from(at % 3_000).unwrap_or(0) * 1_000;
    let anchor = anchor((observed_at_ms - START) / (HOUR / 12));
    let (lat_e7, lon_e7) = device.place().unwrap_or_default();
    let user = signer(4, at);
    let hour_bucket = u32::try_from(observed_at_ms / HOUR).unwrap_or(0);
    let (body, signers) = match at % 10 {
        0..5 => (
            Body::HotspotBeat(HotspotBeat {
                hour_bucket,
                lat_e7,
                lon_e7,
                contact: true,
            }),
            vec![(Role::Device, signer(1, place))],
        ),
        5..8 => (
            Body::WifiCheckIn(WifiCheckIn {
                user: key(&user),
                challenge_at_ms: observed_at_ms - 1_000,
                challenge: [1; 16],
                session_secs: 600,
                scan_overlap_permille: 900,
            }),
            vec![(Role::User, user)],
        ),
        _ => (
            Body::PartnerMetric(PartnerMetric {
                stream: 1,
                hour_bucket,
                quantity: 1,
                counter: at as u64 + 1,
                quality_permille: 1_000,
                second_source: true,
                partner: key(&signer(3, 0)),
            }),
            vec![
                (Role::Partner, signer(3, 0)),
                (Role::Device, signer(1, place)),
            ],
        ),
    };
    let proof = ProofV1 {
        network: [7; 32],
        ruleset: 1,
        subject: device.key,
        signer_seq: at as u64 + 1,
        epoch: 1,
        observed_at_ms,
        anchor_slot: anchor.slot,
        anchor_hash: anchor.hash,
        cell: device.cell().unwrap_or(0),
        body,
    };
    signers
        .into_iter()
        .fold(SignedProof::new(proof), |signed, (role, signer)| {
            signed.signed(role, &signer)
        })
}
