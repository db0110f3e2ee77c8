//! A network with a month of beats: the programs in LiteSVM, twenty registered hotspots, a funded pool with three
//! keepers of whom two must agree, and data folders whose epochs are derived by the real pipeline.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use cairn_client::Ledger;
use cairn_epoch::{
    Anchor, Device, NetworkTerms, Ruleset, read_terms, shipped_ruleset, write_anchors,
    write_devices, write_shipped_ruleset,
};
use cairn_interface::registry::DeviceLeaf;
use cairn_interface::vault::{
    CloseEpoch, EpochView, PoolParams, PoolView, SetKeepers, VetoEpoch, epoch_address,
};
use cairn_keeper::config::{
    AnomalyConfig, AttestConfig, ChainConfig, Config, IngestConfig, InputsConfig, KeysConfig,
    RpcUrl, RunConfig, ScheduleConfig,
};
use cairn_keeper::progress::{Progress, Silent};
use cairn_keeper::{CloseOptions, Keeper, Record};
use cairn_merkle::{EpochNumber, Tokens};
use cairn_registry::leaf_of;
use cairn_scene::{Hotspot, seed};
use cairn_testkit::{Founded, Founding, LiteSvmLedger, World};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;
use tempfile::TempDir;

use crate::faulty::Faulty;

/// Epoch 1 starts here, a full hour; the world begins after epoch 1.
pub const FIRST_START: i64 = 1_699_999_200;
pub const DAY: i64 = 86_400;
/// Hotspots, each with an owner of its own: a tree of depth 5.
pub const DEVICES: u16 = 20;
/// Enough for a canopy of 32 nodes: two parts.
pub const CANOPY_DEPTH: u8 = 5;
pub const EMISSION: u64 = 1_000_000_000;
/// A `match` takes constants alone.
pub const SECOND: EpochNumber = EpochNumber::new(2);
pub const WINDOW: i64 = 3_600;

pub struct Scene {
    pub ledger: LiteSvmLedger,
    pub faulty: Arc<Faulty>,
    pub network: Pubkey,
    pub pool: Pubkey,
    pub guardian: Keypair,
    folders: TempDir,
}

impl Scene {
    /// The network as it stands before its first epoch is proposed. Every address is the same each time.
    pub fn new() -> Self {
        Self::within(PoolParams::new(DAY as u64, WINDOW as u64, EMISSION))
    }

    /// As [`Self::new`], with other limits of the pool.
    pub fn within(params: PoolParams) -> Self {
        let mut world = World::new();
        let leaves: Vec<DeviceLeaf> = devices().iter().map(leaf_of).collect();
        let Founded {
            guardian,
            network,
            pool,
        } = Founding {
            partner: seed("partner", 1),
            leaves: &leaves,
            depth: 5,
            keepers: &["keeper a", "keeper b", "keeper c"],
            canopy_depth: CANOPY_DEPTH,
            params,
            ruleset_hash: shipped_ruleset(&terms()).unwrap().hash(),
            funds: 50 * EMISSION,
        }
        .found(&mut world);
        let ledger = LiteSvmLedger::new(world);
        let scene = Self {
            faulty: Faulty::new(Arc::new(ledger.clone())),
            ledger,
            network,
            pool,
            guardian,
            folders: tempfile::tempdir().unwrap(),
        };
        scene.set_time(FIRST_START + DAY + 60);
        scene
    }

    /// The same network, where keeper a has closed epoch 1. Deriving it once serves every test.
    pub async fn with_first_epoch_closed() -> Self {
        static CLOSED: OnceLock<TempDir> = OnceLock::new();
        if let Some(closed) = CLOSED.get() {
            let scene = Self::new();
            copy(closed.path(), &scene.folder("a"));
            return scene;
        }
        let scene = Self::new();
        let keeper = scene.keeper("a").await;
        scene.ingest(&keeper, 1).await;
        keeper
            .close(EpochNumber::FIRST, CloseOptions::default())
            .await
            .unwrap();
        keeper.shut_down().await;
        // Whoever comes second has done the same work; either serves.
        let kept = tempfile::tempdir().unwrap();
        copy(&scene.folder("a"), kept.path());
        let _ = CLOSED.set(kept);
        scene
    }

    /// The data folder of a keeper, with the published registry in it.
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folders.path().join(name);
        let registry = folder.join("registry");
        if !registry.exists() {
            fs::create_dir_all(&registry).unwrap();
            write_devices(&registry.join("devices.parquet"), &devices()).unwrap();
            write_anchors(&registry.join("anchors.parquet"), &anchors()).unwrap();
            write_shipped_ruleset(&folder.join("ruleset"), &terms()).unwrap();
        }
        folder
    }

    /// Changes the terms in the ruleset of one keeper.
    pub fn change_terms(&self, name: &str, change: impl FnOnce(&mut NetworkTerms)) {
        let ruleset = self.folder(name).join("ruleset");
        let mut terms = read_terms(&ruleset).unwrap();
        change(&mut terms);
        write_shipped_ruleset(&ruleset, &terms).unwrap();
    }

    /// Makes the rules of one keeper the pool's own, as though they had been announced long before.
    pub fn adopt_rules(&self, name: &str) {
        let rules = self.folder(name).join("ruleset");
        let rules = Ruleset::load(&rules.join("ruleset.toml"), &rules.join("rules")).unwrap();
        self.ledger
            .with_world(|world| world.set_ruleset(&self.pool, rules.hash()));
    }

    pub fn config(&self) -> Config {
        Config {
            chain: ChainConfig {
                rpc_url: RpcUrl::new("http://127.0.0.1:9"),
                network: self.network,
                pool: self.pool,
                priority_fee_micro_lamports: 0,
            },
            keys: KeysConfig::default(),
            schedule: ScheduleConfig { grace_secs: 30 },
            inputs: InputsConfig::default(),
            ingest: IngestConfig::default(),
            anomaly: AnomalyConfig::default(),
            attest: AttestConfig::default(),
            run: RunConfig {
                poll_secs: 1,
                poll_transaction_ms: 0,
            },
        }
    }

    /// Keeper a, b or c, on the faulty ledger.
    pub async fn keeper(&self, name: &str) -> Keeper {
        self.keeper_with(name, self.config(), Arc::new(Silent))
            .await
    }

    pub async fn keeper_with(
        &self,
        name: &str,
        config: Config,
        progress: Arc<dyn Progress>,
    ) -> Keeper {
        let ledger = Arc::clone(&self.faulty) as Arc<dyn Ledger>;
        let key = self
            .ledger
            .with_world(|world| world.actor(&format!("keeper {name}")));
        Keeper::with_ledger(self.folder(name), config, ledger, key, progress)
            .await
            .unwrap()
    }

    /// Files an epoch's beats: two hours of each hotspot.
    pub async fn ingest(&self, keeper: &Keeper, epoch: u32) {
        let records = beats(self.network, epoch, 2);
        let report = keeper
            .ingest(&format!("beats of epoch {epoch}"), records)
            .await
            .unwrap();
        assert_eq!(report.proofs, u64::from(DEVICES) * 2);
    }

    pub fn set_time(&self, unix_timestamp: i64) {
        self.ledger
            .with_world(|world| world.set_time(unix_timestamp));
    }

    /// Past the end of an epoch, its grace and the last proposal's window.
    pub fn pass_epoch(&self, number: i64) {
        self.set_time(FIRST_START + number * DAY + WINDOW + 60);
    }

    pub fn pool(&self) -> PoolView {
        self.ledger.with_world(|world| world.pool(&self.pool))
    }

    pub fn epoch(&self, number: u64) -> Option<EpochView> {
        let (address, _) = epoch_address(&self.pool, EpochNumber::new(number));
        self.ledger
            .with_world(|world| world.account(&address).map(|_| world.epoch(&address)))
    }

    /// Closes an epoch on the chain, rent to its payer.
    pub fn close_epoch(&self, number: u64) {
        let close = CloseEpoch {
            pool: self.pool,
            number: EpochNumber::new(number),
            rent_payer: self.epoch(number).unwrap().rent_payer,
        };
        self.ledger
            .with_world(|world| world.must(&[close.instruction()], &[]));
    }

    /// Takes keeper a, b or c off the pool's list; the threshold stays at two.
    pub fn remove_keeper(&self, name: &str) {
        let keepers = ["a", "b", "c"].iter().filter(|kept| **kept != name);
        self.ledger.with_world(|world| {
            let admin = world.actor("admin");
            let set = SetKeepers {
                admin: admin.pubkey(),
                pool: self.pool,
                keepers: keepers
                    .map(|kept| world.actor(&format!("keeper {kept}")).pubkey())
                    .collect(),
                threshold: 2,
            };
            world.must(&[set.instruction()], &[&admin]);
        });
    }

    /// Past the window for which a keeper whose proposal was vetoed leaves its turn to others.
    pub fn pass_rest(&self) {
        let now = self.ledger.with_world(|world| world.now());
        self.set_time(now + WINDOW);
    }

    /// Unix seconds from which a complete epoch may be activated.
    pub fn activatable_at(&self, number: u64) -> i64 {
        let epoch = self.epoch(number).unwrap();
        let pool = self.ledger.with_world(|world| world.pool(&self.pool));
        epoch.activatable_at(&pool).unwrap()
    }

    pub fn veto(&self, number: u64) {
        let veto = VetoEpoch {
            guardian: self.guardian.pubkey(),
            pool: self.pool,
            number: EpochNumber::new(number),
            reason: 7,
        };
        self.ledger
            .with_world(|world| world.must(&[veto.instruction()], &[&self.guardian]));
    }
}

/// A keeper of the same network under other rules, whose first epoch gives out half as much: its files are whole, and not those on chain.
pub async fn stranger() -> (Scene, Keeper) {
    let other = Scene::new();
    other.change_terms("a", |terms| {
        terms.tokens_per_epoch = Tokens::new(EMISSION / 2);
    });
    let keeper = other.keeper("a").await;
    other.ingest(&keeper, 1).await;
    keeper
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap();
    (other, keeper)
}

/// Days from [`FIRST_START`], [`EMISSION`] each, and a partner's stream that nobody proves for.
pub fn terms() -> NetworkTerms {
    cairn_scene::terms(FIRST_START / 3_600, Tokens::new(EMISSION))
}

pub fn owner(number: u16) -> Pubkey {
    Hotspot(number).owner().pubkey()
}

pub fn devices() -> Vec<Device> {
    (0..DEVICES).map(|number| Hotspot(number).row()).collect()
}

/// One block an hour, for a week.
pub fn anchors() -> Vec<Anchor> {
    (0..24 * 7)
        .map(|hour: i64| Anchor {
            slot: 1_000 + hour as u64,
            hash: seed("block", hour as u16),
            unix_ms: (FIRST_START + hour * 3_600) * 1_000,
        })
        .collect()
}

/// The first hours of an epoch: one beat a hotspot and hour.
pub fn beats(network: Pubkey, epoch: u32, hours: u64) -> Vec<Record> {
    let mut records = Vec::new();
    for hour in 0..hours {
        for number in 0..DEVICES {
            records.push(beat(network, epoch, hour, number));
        }
    }
    records
}

fn beat(network: Pubkey, epoch: u32, hour: u64, number: u16) -> Record {
    let hour_of_month = u64::from(epoch - 1) * 24 + hour;
    let anchor = &anchors()[hour_of_month as usize];
    let signed = Hotspot(number).beat(network, epoch, hour_of_month + 1, anchor);
    let received_at_ms = signed.proof.observed_at_ms + 1_000;
    Record::proof(signed, received_at_ms)
}

/// Copies a folder with everything in it, but what SQLite keeps beside a journal while it is open.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with("-shm") || name.ends_with("-wal") {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
