//! A network with three devices, a partner and a pool in LiteSVM, and two epochs closed by the real pipeline.

use std::path::Path;

use cairn_epoch::{
    Anchor, Device, EpochFolder, EpochInput, EvidenceWriter, Manifest, NetworkTerms, Payer, Silent,
    Task, carry, close, read_manifest, write_anchors, write_devices, write_epoch,
    write_shipped_ruleset,
};
use cairn_interface::CanopyFacts;
use cairn_interface::registry::DeviceLeaf;
use cairn_interface::vault::{
    EPOCH_VERSION, Epoch, EpochFacts, EpochRecord, EpochStatus, EpochView, PoolParams, PoolView,
    epoch_address,
};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_origin::{Before, Finding, Known, OriginFault, Published, check, insist, partners};
use cairn_registry::leaf_of;
use cairn_scene::{Hotspot, seed};
use cairn_testkit::{Founding, LiteSvmLedger, RULESET_HASH, World};
use sha2::{Digest, Sha256};
use solana_sdk::pubkey::Pubkey;
use tempfile::TempDir;

/// A full hour, in hours since 1970.
const FIRST_HOUR: i64 = 472_222;
const HOUR_MS: i64 = 3_600_000;

pub struct Scene {
    pub ledger: LiteSvmLedger,
    pub anchors: Vec<Anchor>,
    pub pool: PoolView,
    data: TempDir,
    first: (Manifest, [u8; 32]),
}

impl Scene {
    pub fn new() -> Self {
        let mut world = World::new();
        let (network, pool) = build(&mut world);
        let view = world.pool(&pool);
        let data = tempfile::tempdir().unwrap();
        let mut scene = Self {
            ledger: LiteSvmLedger::new(world),
            anchors: Vec::new(),
            pool: view,
            first: (close_first(data.path(), network, pool), [0; 32]),
            data,
        };
        scene.first.1 = scene.first.0.hash().unwrap();
        freeze(scene.data.path(), network, pool, 2, Some(scene.first.1));
        let second = EpochFolder::of(scene.data.path(), EpochNumber::new(2));
        close(second.root(), &Silent).unwrap();
        scene.anchors = anchors(1).into_iter().chain(anchors(2)).collect();
        scene
    }

    /// Epoch 2 as it was closed, where it may be spoilt.
    pub fn copy_of_second_epoch(&self) -> EpochFolder {
        let name = format!(
            "forged-{}",
            std::fs::read_dir(self.data.path()).unwrap().count()
        );
        let to = self.data.path().join(name);
        copy(
            EpochFolder::of(self.data.path(), EpochNumber::new(2)).root(),
            &to,
        );
        EpochFolder::new(to)
    }

    /// The untouched epoch is equal in everything.
    pub async fn honest(&self) {
        let folder = self.copy_of_second_epoch();
        self.attest(&folder).await.unwrap();
    }

    /// What the network's issuers say of its terms with these tasks.
    pub async fn agreements(&self, tasks: Vec<Task>) -> Finding {
        self.issuers(NetworkTerms { tasks, ..terms() }).await
    }

    /// As [`Self::agreements`], with these payers.
    pub async fn payers(&self, payers: Vec<Payer>) -> Finding {
        self.issuers(NetworkTerms { payers, ..terms() }).await
    }

    async fn issuers(&self, terms: NetworkTerms) -> Finding {
        let network = cairn_origin::network(&self.ledger, &self.pool.network);
        let network = network.await.unwrap();
        partners(&self.ledger, &network, &terms).await.unwrap()
    }

    /// Computes the epoch again, so that manifest and proposal agree with whatever was forged, and asks as an attester.
    pub async fn attest(&self, folder: &EpochFolder) -> Result<(), OriginFault> {
        reclose(folder);
        insist(&self.check(folder, &self.anchors, true).await)
    }

    /// All findings, with `anchors` as the checker's own and with or without the files of the epoch before.
    pub async fn check(
        &self,
        folder: &EpochFolder,
        anchors: &[Anchor],
        has_previous: bool,
    ) -> Vec<Finding> {
        let (manifest, hash) = read_manifest(folder.root()).unwrap();
        let ruleset = self.data.path().join("ruleset");
        check(
            &self.ledger,
            Published {
                folder,
                manifest: &manifest,
                epoch: &EpochRecord::Stored(proposed(&manifest, hash, &self.pool)),
                pool: &self.pool,
            },
            Known {
                anchors,
                ruleset: Some(&ruleset),
                before: Some(Before {
                    manifest_hash: self.first.1,
                    manifest: has_previous.then_some(&self.first.0),
                    is_revoked: false,
                }),
            },
        )
        .await
        .unwrap()
    }
}

/// A manifest that agrees with the folder's inputs: the real computation's, or, where it refuses the forged file, the honest
/// one with the file's hash in it.
fn reclose(folder: &EpochFolder) {
    let (mut manifest, _) = read_manifest(folder.root()).unwrap();
    if close(folder.root(), &Silent).is_ok() {
        return;
    }
    for entry in &mut manifest.inputs {
        let bytes = std::fs::read(folder.root().join(&entry.name)).unwrap();
        entry.sha256 = Sha256::digest(&bytes).into();
        entry.size = bytes.len() as u64;
    }
    std::fs::write(folder.manifest(), manifest.to_bytes().unwrap()).unwrap();
}

/// The account that a proposal of `manifest` makes.
fn proposed(manifest: &Manifest, manifest_hash: [u8; 32], pool: &PoolView) -> EpochView {
    let end = manifest.epoch.period_end_ms / 1_000;
    let mut epoch: Epoch = bytemuck::Zeroable::zeroed();
    epoch.pool = pool.address;
    epoch.number = 2;
    epoch.status = EpochStatus::Proposed as u8;
    epoch.proposed_at = end + 60;
    epoch.challenge_window_secs = 3_600;
    epoch.root = manifest.tree.root_hash;
    epoch.tokens = manifest.tree.root_sum.get();
    epoch.points = manifest.totals.milli_points.get();
    epoch.credits = manifest.totals.credits.get();
    epoch.leaf_count = manifest.tree.leaf_count;
    epoch.depth = manifest.tree.depth;
    epoch.canopy_depth = manifest.tree.canopy_depth;
    epoch.period_start = manifest.epoch.period_start_ms / 1_000;
    epoch.period_end = end;
    epoch.manifest_hash = manifest_hash;
    epoch.ruleset_hash = manifest.ruleset.hash;
    epoch.code_hash = manifest.code.hash;
    epoch.accepted = manifest.accepted;
    epoch.rejected = manifest.rejected;
    epoch.emission_allowance = u64::MAX;
    epoch.epoch_interval_secs = 86_400;
    epoch.intervals = 1;
    epoch.threshold = 2;
    epoch.version = EPOCH_VERSION;
    let facts = EpochFacts {
        status: EpochStatus::Proposed,
        canopy: CanopyFacts {
            nodes: Vec::new(),
            complete: false,
        },
    };
    EpochView::supposed(
        epoch_address(&pool.address, EpochNumber::new(2)).0,
        epoch,
        facts,
    )
}

fn build(world: &mut World) -> (Pubkey, Pubkey) {
    let leaves: Vec<DeviceLeaf> = (0..3).map(leaf).collect();
    let founded = Founding {
        partner: seed("partner", 1),
        leaves: &leaves,
        depth: 3,
        keepers: &["a", "b"],
        canopy_depth: 1,
        params: PoolParams::new(86_400, 3_600, 1_000_000_000),
        ruleset_hash: RULESET_HASH,
        funds: 0,
    }
    .found(world);
    (founded.network, founded.pool)
}

pub fn terms() -> NetworkTerms {
    cairn_scene::terms(FIRST_HOUR, Tokens::new(1_000_000_000))
}

pub fn device(number: u8) -> Device {
    Hotspot(number.into()).row()
}

/// The leaf of device `number`.
pub fn leaf(number: u8) -> DeviceLeaf {
    leaf_of(&device(number))
}

fn first_ms(number: u64) -> i64 {
    terms()
        .calendar
        .period(EpochNumber::new(number))
        .unwrap()
        .start_ms
}

fn anchors(number: u64) -> Vec<Anchor> {
    (0..4)
        .map(|hour| Anchor {
            slot: number * 1_000 + hour * 10,
            hash: seed("block", u16::try_from(hour).unwrap()),
            unix_ms: first_ms(number) + i64::try_from(hour).unwrap() * HOUR_MS,
        })
        .collect()
}

fn close_first(data: &Path, network: Pubkey, pool: Pubkey) -> Manifest {
    write_shipped_ruleset(&data.join("ruleset"), &terms()).unwrap();
    freeze(data, network, pool, 1, None);
    close(EpochFolder::of(data, EpochNumber::FIRST).root(), &Silent)
        .unwrap()
        .manifest
}

/// Writes the inputs of an epoch over the three devices.
pub fn freeze(data: &Path, network: Pubkey, pool: Pubkey, number: u64, before: Option<[u8; 32]>) {
    let folder = EpochFolder::of(data, EpochNumber::new(number));
    std::fs::create_dir_all(folder.inputs()).unwrap();
    if before.is_some() {
        let last = EpochFolder::of(data, EpochNumber::new(number - 1));
        let (manifest, _) = read_manifest(last.root()).unwrap();
        carry(&last, &manifest, &folder).unwrap();
    }
    write_shipped_ruleset(&folder.inputs(), &terms()).unwrap();
    write_devices(&folder.devices(), &[0, 1, 2].map(|of| Hotspot(of).row())).unwrap();
    write_anchors(&folder.anchors(), &anchors(number)).unwrap();
    let input = EpochInput {
        canopy_depth: 1,
        network: network.to_bytes(),
        number: EpochNumber::new(number),
        pool: pool.to_bytes(),
        previous_manifest: before,
    };
    write_epoch(&folder.epoch_json(), &input).unwrap();
    let mut evidence = EvidenceWriter::open(&folder.inputs(), 0);
    for (hour, anchor) in anchors(number).into_iter().enumerate() {
        for of in 0..3 {
            let sequence = number * 100 + hour as u64;
            let epoch = u32::try_from(number).unwrap();
            let beat = Hotspot(of).beat(network, epoch, sequence, &anchor);
            evidence
                .append(&beat, beat.proof.observed_at_ms + 1_000)
                .unwrap();
        }
    }
    evidence.append_raw(b"rubbish", first_ms(number)).unwrap();
    evidence.finish().unwrap();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
