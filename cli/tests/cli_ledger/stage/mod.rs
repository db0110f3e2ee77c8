//! A network with devices, a funded pool, and epochs that are closed from signed proofs by the code keepers run.

use std::path::PathBuf;
use std::sync::Arc;

use cairn::context::Context;
use cairn::wallet::Wallet;
use cairn_client::Block;
use cairn_epoch::{
    Anchor, Calendar, Closed, EpochFolder, EpochInput, EvidenceWriter, NetworkTerms,
    SHIPPED_ARREARS, Silent, carry, close, write_anchors, write_epoch, write_shipped_ruleset,
};
use cairn_interface::vault;
use cairn_merkle::{EpochNumber, Tokens};
use cairn_proof::{Body, HotspotBeat, ProofV1, Role, SignedProof, Signer as ProofSigner};
use cairn_testkit::{LiteSvmLedger, World};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

mod made;

pub use crate::listener::{Listener, damage, page};

/// Start of the first period, unix seconds: a full hour shortly before the world begins.
const PERIOD: i64 = 1_699_999_200;
const DAY: i64 = 86_400;
/// Tokens of the pool's mint have six decimals.
pub const TOKEN: u64 = 1_000_000;

/// Days of 10,000 tokens each.
pub fn terms() -> NetworkTerms {
    NetworkTerms {
        calendar: Calendar {
            first_epoch: EpochNumber::FIRST,
            first_start: PERIOD / 3600,
            epoch_hours: 24,
        },
        tokens_per_epoch: Tokens::new(10_000 * TOKEN),
        arrears: SHIPPED_ARREARS,
        genesis: None,
        streams: Vec::new(),
        tasks: Vec::new(),
        attestors: Vec::new(),
        payers: Vec::new(),
        operators: Vec::new(),
    }
}

pub struct Stage {
    pub ledger: LiteSvmLedger,
    pub authority: Keypair,
    pub guardian: Keypair,
    pub keepers: Vec<Keypair>,
    pub network: Pubkey,
    pub mint: Pubkey,
    pub pool: Pubkey,
    /// A keeper's data folder: `epochs/` and `devices.parquet`.
    pub data: tempfile::TempDir,
    /// Devices and their owners.
    pub devices: Vec<(Keypair, Keypair)>,
}

impl Stage {
    /// A network with three imported devices of three owners, and a pool with 1,000,000 tokens.
    pub async fn new() -> Self {
        Self::over(|world, authority| world.create_mint(authority, 6)).await
    }

    /// The same over another mint of six decimals.
    pub async fn over(mint: impl FnOnce(&mut World, &Keypair) -> Pubkey) -> Self {
        let mut world = World::new();
        let authority = world.actor("authority");
        let guardian = world.actor("guardian");
        let keepers: Vec<_> = (1..=3)
            .map(|n| world.actor(&format!("keeper {n}")))
            .collect();
        let devices: Vec<_> = (1..=3)
            .map(|n| {
                (
                    World::pauper(&format!("device {n}")),
                    world.actor(&format!("owner {n}")),
                )
            })
            .collect();
        let mint = mint(&mut world, &authority);
        world.mint_to(&mint, &authority, &authority.pubkey(), 2_000_000 * TOKEN);
        let mut stage = Self {
            ledger: LiteSvmLedger::new(world),
            authority,
            guardian,
            keepers,
            network: Pubkey::default(),
            mint,
            pool: Pubkey::default(),
            data: tempfile::tempdir().unwrap(),
            devices,
        };
        stage.network = stage.create_network().await;
        stage.import_devices().await;
        stage.pool = stage.create_pool(0).await;
        stage.fund().await;
        stage
    }

    /// The same, and beside it a second pool of the same network, mint, keepers and devices.
    pub async fn with_two_pools() -> (Self, Self) {
        let stage = Self::new().await;
        let copies = |keys: &[Keypair]| keys.iter().map(Keypair::insecure_clone).collect();
        let mut other = Self {
            ledger: stage.ledger.clone(),
            authority: stage.authority.insecure_clone(),
            guardian: stage.guardian.insecure_clone(),
            keepers: copies(&stage.keepers),
            network: stage.network,
            mint: stage.mint,
            pool: Pubkey::default(),
            data: tempfile::tempdir().unwrap(),
            devices: stage
                .devices
                .iter()
                .map(|(device, owner)| (device.insecure_clone(), owner.insecure_clone()))
                .collect(),
        };
        std::fs::copy(stage.devices_file(), other.devices_file()).unwrap();
        other.pool = other.create_pool(1).await;
        other.fund().await;
        (stage, other)
    }

    pub fn context(&self, key: &Keypair) -> Context {
        Context::decided(
            Arc::new(self.ledger.clone()),
            Wallet::from(key.insecure_clone()),
        )
    }

    pub fn as_authority(&self) -> Context {
        self.context(&self.authority)
    }

    pub fn owner(&self, at: usize) -> &Keypair {
        &self.devices[at].1
    }

    pub fn network_arg(&self) -> cairn::args::NetworkArg {
        cairn::args::NetworkArg {
            network: self.network,
        }
    }

    pub fn pool_arg(&self) -> cairn::args::PoolArg {
        cairn::args::PoolArg { pool: self.pool }
    }

    pub fn files_arg(&self) -> cairn::args::FilesArg {
        self.data.path().into()
    }

    pub fn devices_file(&self) -> PathBuf {
        self.data.path().join("devices.parquet")
    }

    pub fn folder(&self, number: u64) -> PathBuf {
        EpochFolder::of(self.data.path(), EpochNumber::new(number))
            .root()
            .to_path_buf()
    }

    /// Closes epoch `number`: every device beats in `hours` hours of its day, and the first proof is sent twice.
    pub fn close(&self, number: u64, hours: i64) -> Closed {
        self.close_under(number, hours, &terms())
    }

    /// The same under other terms.
    pub fn close_under(&self, number: u64, hours: i64, terms: &NetworkTerms) -> Closed {
        let folder = EpochFolder::of(self.data.path(), EpochNumber::new(number));
        let day = i64::try_from(number).unwrap() - 1;
        let start = PERIOD + day * DAY;
        let previous = number.checked_sub(1).filter(|before| *before > 0);
        std::fs::create_dir_all(folder.inputs()).unwrap();
        if let Some(before) = previous {
            let before = EpochFolder::of(self.data.path(), EpochNumber::new(before));
            let (manifest, _) = cairn_epoch::read_manifest(before.root()).unwrap();
            carry(&before, &manifest, &folder).unwrap();
        }
        write_epoch(
            &folder.epoch_json(),
            &EpochInput {
                canopy_depth: 1,
                network: self.network.to_bytes(),
                number: EpochNumber::new(number),
                pool: self.pool.to_bytes(),
                previous_manifest: previous
                    .map(|before| cairn_epoch::read_manifest(&self.folder(before)).unwrap().1),
            },
        )
        .unwrap();
        write_shipped_ruleset(&folder.inputs(), terms).unwrap();
        std::fs::copy(self.devices_file(), folder.devices()).unwrap();
        self.prove(&folder, number, start, hours);
        close(folder.root(), &Silent).unwrap()
    }

    fn prove(&self, folder: &EpochFolder, number: u64, start: i64, hours: i64) {
        let anchor = |hour: i64| Anchor {
            slot: u64::try_from(start + hour * 3600).unwrap(),
            hash: [7; 32],
            unix_ms: (start + hour * 3600) * 1000,
        };
        let anchors: Vec<_> = (0..hours).map(anchor).collect();
        write_anchors(&folder.anchors(), &anchors).unwrap();
        // The ledger keeps these blocks, so that an auditor finds them.
        for anchor in &anchors {
            let block = Block {
                hash: anchor.hash,
                unix_timestamp: anchor.unix_ms / 1000,
            };
            self.ledger.keep_block(anchor.slot, block);
        }
        let rows = cairn_epoch::read_devices(&folder.devices()).unwrap();
        let mut evidence = EvidenceWriter::open(&folder.inputs(), 0);
        for (device, _) in &self.devices {
            let row = rows
                .iter()
                .find(|row| row.key == device.pubkey().to_bytes())
                .unwrap();
            let (lat_e7, lon_e7) = row.place().unwrap();
            let signer = ProofSigner::ed25519(device.secret_bytes());
            for hour in 0..hours {
                let anchor = anchor(hour);
                let observed = anchor.unix_ms + 60_000;
                let proof = ProofV1 {
                    network: self.network.to_bytes(),
                    ruleset: 1,
                    subject: device.pubkey().to_bytes(),
                    signer_seq: number * 1000 + u64::try_from(hour).unwrap(),
                    epoch: u32::try_from(number).unwrap(),
                    observed_at_ms: observed,
                    anchor_slot: anchor.slot,
                    anchor_hash: anchor.hash,
                    cell: row.cell().unwrap(),
                    body: Body::HotspotBeat(HotspotBeat {
                        hour_bucket: u32::try_from(observed / 3_600_000).unwrap(),
                        lat_e7,
                        lon_e7,
                        contact: false,
                    }),
                };
                let signed = SignedProof::new(proof).signed(Role::Device, &signer);
                evidence.append(&signed, observed + 1_000).unwrap();
                if hour == 0 {
                    evidence.append(&signed, observed + 2_000).unwrap();
                }
            }
        }
        evidence.finish().unwrap();
    }

    /// Puts a closed epoch on chain as a keeper does, without activating it.
    pub fn propose(&self, closed: &Closed) {
        let manifest = &closed.manifest;
        let number = manifest.epoch.number;
        let (first, second) = (&self.keepers[0], &self.keepers[1]);
        let propose = vault::ProposeEpoch {
            proposer: first.pubkey(),
            pool: self.pool,
            number,
            root: closed.root,
            points: closed.totals.milli_points,
            credits: closed.totals.credits,
            leaf_count: closed.leaf_count,
            period_start: manifest.epoch.period_start_ms / 1000,
            period_end: manifest.epoch.period_end_ms / 1000,
            manifest_hash: closed.manifest_hash,
            ruleset_hash: manifest.ruleset.hash,
            code_hash: manifest.code.hash,
            accepted: closed.accepted,
            rejected: closed.rejected,
            admin: None,
            guardian: None,
        };
        let attest = vault::AttestEpoch {
            keeper: second.pubkey(),
            pool: self.pool,
            number,
            proposal: propose.proposal(0),
        };
        self.ledger.with_world(|world| {
            // Nobody proposes an epoch before it is over: its evidence would have been received after its proposal.
            let over = manifest.epoch.period_end_ms / 1000;
            if world.now() < over {
                world.set_time(over);
            }
            world.must(&[propose.instruction()], &[first]);
            for part in vault::PutCanopy::all(first.pubkey(), self.pool, number, &closed.canopy) {
                world.must(&[part.instruction()], &[first]);
            }
            world.must(&[attest.instruction()], &[second]);
        });
    }

    /// Lets the challenge window pass.
    pub fn wait(&self) {
        self.ledger.with_world(|world| world.warp(3600));
    }

    /// Closes, proposes and activates an epoch, a day after the last.
    pub async fn run_epoch(&self, number: u64, hours: i64) -> Closed {
        let closed = self.close(number, hours);
        self.propose(&closed);
        self.wait();
        let args = cairn::command::epoch::activate::Args {
            number: EpochNumber::new(number),
            pool: self.pool_arg(),
        };
        cairn::command::epoch::activate::run(&self.as_authority(), &args)
            .await
            .unwrap();
        self.ledger.with_world(|world| world.warp(DAY));
        closed
    }

    /// Base units in an owner's token account.
    pub fn tokens_of(&self, owner: &Pubkey) -> u64 {
        let account = self.wallet_of(owner);
        self.ledger.with_world(|world| world.tokens(&account))
    }

    /// An owner's canonical token account.
    pub fn wallet_of(&self, owner: &Pubkey) -> Pubkey {
        let token_program = self
            .ledger
            .with_world(|world| world.token_program(&self.mint));
        cairn_interface::spl::associated_token_address(owner, &self.mint, &token_program)
    }
}
