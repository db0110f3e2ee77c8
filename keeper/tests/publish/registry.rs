//! What stands in the registry stops no keeper, and its roots alone say what stands there.

use std::fs;

use cairn_epoch::{Device, Entry, read_decisions, write_devices};
use cairn_interface::registry::{
    ConfigureNetwork, Consent, CreateTree, ImportTree, RegisterDevice, Registration, RegistryError,
    cell_location, constants, tree_address,
};
use cairn_keeper::{CloseOptions, Keeper, KeeperError, OriginFault, ProposeOptions};
use cairn_merkle::EpochNumber;
use cairn_proof::Reason;
use cairn_registry::leaf_of;
use cairn_testkit::assert_refused;
use sha2::{Digest, Sha256};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use crate::attest::attest;
use crate::world::{Scene, devices};

/// Lets anybody register.
fn open(scene: &Scene) {
    scene.ledger.with_world(|world| {
        let admin = world.actor("admin");
        let configure = ConfigureNetwork {
            authority: admin.pubkey(),
            network: scene.network,
            guardian: scene.guardian.pubkey(),
            registration: Registration::Open,
        };
        world.must(&[configure.instruction()], &[&admin]);
    });
}

/// Opens the network's second tree.
fn open_tree(scene: &Scene, depth: u8) -> Pubkey {
    scene.ledger.with_world(|world| {
        let admin = world.actor("admin");
        let create = CreateTree {
            payer: admin.pubkey(),
            authority: admin.pubkey(),
            network: scene.network,
            index: 1,
            depth,
            canopy_depth: 0,
        };
        world.must(&create.instructions().unwrap(), &[&admin]);
        create.tree()
    })
}

/// A device like the first hotspot, of a stranger's making.
fn stranger(tree: u16, leaf_index: u32, device: &Keypair, owner: Pubkey) -> Device {
    Device {
        key: device.pubkey().to_bytes(),
        tree,
        leaf_index,
        owner: owner.to_bytes(),
        entry: Entry::Consented,
        ..devices()[0].clone()
    }
}

/// The registration of `row`, which its device signs; the stranger pays.
fn register(scene: &Scene, row: &Device, device: &Keypair) -> cairn_testkit::registry::Ran {
    scene.ledger.with_world(|world| {
        let owner = world.actor("stranger");
        let registration = RegisterDevice {
            owner: owner.pubkey(),
            network: scene.network,
            tree: tree_address(&scene.network, row.tree).0,
            index: row.leaf_index,
            device: row.key,
            hardware: row.hardware,
            location: row.location,
            location_kind: row.location_kind,
            model: row.model,
            country: row.country,
            class: row.class,
            issuer_key: None,
        };
        let consent = Consent {
            signature: device.sign_message(&registration.message()).into(),
        };
        world.send(&registration.instructions(&consent, None), &[&owner])
    })
}

fn owner(scene: &Scene) -> Pubkey {
    scene
        .ledger
        .with_world(|world| world.actor("stranger").pubkey())
}

/// Publishes `rows` as keeper a's registry.
fn publish(scene: &Scene, rows: &[Device]) {
    let path = scene.folder("a").join("registry/devices.parquet");
    write_devices(&path, rows).unwrap();
}

/// The hotspots of the network are paid as if nothing else stood there.
fn is_closed_for_the_honest(keeper: &Keeper) {
    let decisions = read_decisions(keeper.folder().epoch(EpochNumber::FIRST).root()).unwrap();
    let owner = devices()[3].owner;
    let mut paid = decisions.iter().filter(|row| row.reason == Reason::Ok);
    assert!(paid.any(|row| row.beneficiary == Some(owner)));
}

#[tokio::test]
async fn a_device_that_is_registered_twice_stops_no_epoch() {
    let scene = Scene::new();
    open(&scene);
    let device = Keypair::new_from_array([0x77; 32]);
    let twins = [20, 21].map(|index| stranger(0, index, &device, owner(&scene)));
    for row in &twins {
        register(&scene, row, &device).unwrap();
    }
    publish(&scene, &[devices(), twins.to_vec()].concat());
    let a = scene.keeper("a").await;
    scene.ingest(&a, 1).await;
    a.close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap();
    is_closed_for_the_honest(&a);
}

#[tokio::test]
async fn a_cell_that_rules_do_not_count_with_is_refused_at_registration_and_stops_nothing_imported()
{
    // Resolutions 8 and 15, a digit that no cell has, and what is no index at all.
    let cells = [
        0x0882_a100_d2bf_ffff,
        0x08f2_a100_d2d6_1b6d,
        0x0892_a100_d2d6_0000,
        0x0fff_ffff_ffff_ffff,
    ];
    let scene = Scene::new();
    open(&scene);
    let device = Keypair::new_from_array([0x78; 32]);
    let rows = cells.map(|cell| Device {
        location_kind: constants::LOCATION_CELL,
        location: cell_location(cell),
        ..stranger(0, 20, &device, owner(&scene))
    });
    for row in &rows {
        assert_refused(
            register(&scene, row, &device),
            RegistryError::DeviceLocation,
        );
    }
    // An import the program never looks into.
    let tree = open_tree(&scene, 3);
    let imported: Vec<Device> = (0..)
        .zip(rows)
        .map(|(leaf_index, row)| Device {
            tree: 1,
            leaf_index,
            entry: Entry::Imported,
            ..row
        })
        .collect();
    import(&scene, tree, &imported, [9; 32]);
    publish(&scene, &[devices(), imported].concat());
    let a = scene.keeper("a").await;
    scene.ingest(&a, 1).await;
    a.close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap();
    is_closed_for_the_honest(&a);
}

#[tokio::test]
async fn however_many_registrations_come_the_newest_file_is_taken() {
    let scene = Scene::new();
    open(&scene);
    open_tree(&scene, 8);
    // More than the account remembers, the first two of one device.
    let mut rows = devices();
    for index in 0..67_u32 {
        let seed = u8::try_from(index.max(1)).unwrap();
        let device = Keypair::new_from_array([seed; 32]);
        let row = stranger(1, index, &device, owner(&scene));
        register(&scene, &row, &device).unwrap();
        rows.push(row);
    }
    let a = scene.keeper("a").await;
    scene.ingest(&a, 1).await;
    // A file from before them is older than the account can tell: said, and not believed.
    publish(&scene, &devices());
    let refused = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(
            &refused,
            KeeperError::Origin {
                fault: OriginFault::Unknown { .. },
                ..
            }
        ),
        "{refused}"
    );
    publish(&scene, &rows);
    a.close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap();
    is_closed_for_the_honest(&a);
}

/// Fills the network's second tree with the leaves of `rows`.
fn import(scene: &Scene, tree: Pubkey, rows: &[Device], devices_hash: [u8; 32]) {
    let leaves: Vec<_> = rows.iter().map(leaf_of).collect();
    scene.ledger.with_world(|world| {
        let admin = world.actor("admin");
        let (import, _) = ImportTree::prepare(
            admin.pubkey(),
            scene.network,
            tree,
            (3, 0),
            &leaves,
            devices_hash,
        )
        .unwrap();
        world.must(&[import.instruction()], &[&admin]);
    });
}

#[tokio::test]
async fn a_file_that_the_authority_vouches_for_and_the_tree_contradicts_is_refused_by_all() {
    let scene = Scene::new();
    let device = Keypair::new_from_array([0x55; 32]);
    let [honest, thief] = [1, 2].map(|seed| Keypair::new_from_array([seed; 32]).pubkey());
    let row = |owner| Device {
        entry: Entry::Imported,
        ..stranger(1, 0, &device, owner)
    };
    publish(&scene, &[devices(), vec![row(thief)]].concat());
    let path = scene.folder("a").join("registry/devices.parquet");
    let devices_hash = Sha256::digest(fs::read(&path).unwrap()).into();
    let tree = open_tree(&scene, 3);
    import(&scene, tree, &[row(honest)], devices_hash);
    let a = scene.keeper("a").await;
    scene.ingest(&a, 1).await;
    let refused = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(
            &refused,
            KeeperError::Origin {
                fault: OriginFault::Root { tree: 1, .. },
                ..
            }
        ),
        "{refused}"
    );
    // The tree's own leaves pass, also under another hash than the authority's.
    publish(&scene, &[devices(), vec![row(honest)]].concat());
    a.close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap();
    a.propose(EpochNumber::FIRST, ProposeOptions::default())
        .await
        .unwrap();
    let b = scene.keeper("b").await;
    attest(&b, a.folder().root()).await.unwrap();
}

#[tokio::test]
async fn a_row_that_calls_an_imported_device_consented_is_refused() {
    let scene = Scene::new();
    let mut rows = devices();
    rows[4].entry = Entry::Consented;
    publish(&scene, &rows);
    let a = scene.keeper("a").await;
    scene.ingest(&a, 1).await;
    let refused = a
        .close(EpochNumber::FIRST, CloseOptions::default())
        .await
        .unwrap_err();
    let told = refused.to_string();
    assert!(
        told.contains("consented") && told.contains("position 4"),
        "{told}"
    );
}
