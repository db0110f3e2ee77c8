//! Devices: registered with their own signature, handed on, banned, proven from the published file.

use std::sync::Arc;

use cairn::command::device::{DevicesArg, prove, register, set_status, show, transfer};
use cairn::context::{Context, Manner};
use cairn_interface::registry::constants::STATUS_BANNED;
use cairn_interface::registry::tree_address;
use solana_sdk::signature::{Keypair, write_keypair_file};
use solana_sdk::signer::Signer;

use crate::stage::{Listener, Stage, page};

fn key_file(stage: &Stage, name: &str, key: &Keypair) -> std::path::PathBuf {
    let path = stage.data.path().join(name);
    write_keypair_file(key, &path).unwrap();
    path
}

fn devices(stage: &Stage) -> DevicesArg {
    DevicesArg {
        devices: stage.devices_file(),
    }
}

fn registration(stage: &Stage) -> register::Args {
    register::Args {
        network: stage.network_arg(),
        tree: 0,
        device_keypair: None,
        device: None,
        consent: None,
        class: 4,
        model: 0,
        country: Some(*b"US"),
        cell: None,
        latitude: None,
        longitude: None,
        location_commitment: None,
        hardware: None,
        issuer: None,
        endorsement: None,
        odd_places: false,
        devices: Some(stage.devices_file()),
    }
}

#[tokio::test]
async fn a_registered_device_is_in_the_published_file_and_proven_against_the_chain() {
    let stage = Stage::new().await;
    let device = cairn_testkit::World::pauper("new device");
    let args = register::Args {
        device_keypair: Some(key_file(&stage, "device.json", &device)),
        latitude: Some(407_000_000),
        longitude: Some(-740_000_000),
        ..registration(&stage)
    };
    let owner = stage.owner(0);
    let done = register::run(&stage.context(owner), &args).await.unwrap();
    let register::Registration::Registered(registered) = &done else {
        panic!("{done:?}");
    };
    assert_eq!((registered.index, registered.owner.0), (3, owner.pubkey()));

    let args = prove::Args {
        device: device.pubkey(),
        network: stage.network_arg(),
        devices: devices(&stage),
    };
    let proven = prove::run(&stage.as_authority(), &args).await.unwrap();
    assert_eq!(proven.leaf, registered.leaf);
    assert_eq!(proven.proof.len(), 5);
    insta::assert_snapshot!("device_proven", page(&proven));
}

#[tokio::test]
async fn a_device_elsewhere_is_told_what_to_sign_and_another_signature_is_refused() {
    let stage = Stage::new().await;
    let device = cairn_testkit::World::pauper("far device");
    let ctx = stage.context(stage.owner(0));
    let args = register::Args {
        device: Some(device.pubkey()),
        ..registration(&stage)
    };
    let asked = register::run(&ctx, &args).await.unwrap();
    let register::Registration::ConsentNeeded(needed) = asked else {
        panic!("{asked:?}");
    };
    let message = hex::decode(&needed.message).unwrap();

    let forged = register::Args {
        consent: Some(stage.owner(1).sign_message(&message).into()),
        ..args.clone()
    };
    assert_eq!(
        register::run(&ctx, &forged).await.unwrap_err().code(),
        "argument"
    );

    let signed = register::Args {
        consent: Some(device.sign_message(&message).into()),
        ..args
    };
    let done = register::run(&ctx, &signed).await.unwrap();
    assert!(
        matches!(done, register::Registration::Registered(_)),
        "{done:?}"
    );
}

#[tokio::test]
async fn a_device_is_handed_on_by_both_owners_and_the_file_follows() {
    let stage = Stage::new().await;
    let (device, owner) = &stage.devices[0];
    let heir = stage.owner(1);
    let args = transfer::Args {
        device: device.pubkey(),
        to: heir.pubkey(),
        network: stage.network_arg(),
        devices: devices(&stage),
        new_owner_keypair: Some(key_file(&stage, "heir.json", heir)),
        device_keypair: None,
    };
    let thief = transfer::run(&stage.context(heir), &args)
        .await
        .unwrap_err();
    assert_eq!(thief.code(), "wrong-signer");
    transfer::run(&stage.context(owner), &args).await.unwrap();

    let args = show::Args {
        device: device.pubkey(),
        devices: devices(&stage),
    };
    let shown = show::run(&stage.as_authority(), &args).await.unwrap();
    assert_eq!(shown.0.owner.0, heir.pubkey());
    assert_eq!(shown.0.sequence, 1);
}

#[tokio::test]
async fn a_ban_stands_on_chain_and_in_the_file_and_only_the_authority_lifts_it() {
    let stage = Stage::new().await;
    let (device, owner) = &stage.devices[1];
    let evidence = stage.data.path().join("evidence.txt");
    std::fs::write(&evidence, "two devices, one machine").unwrap();
    let ban = set_status::Args {
        device: device.pubkey(),
        status: set_status::Status::Banned,
        reason: Some(7),
        evidence,
        network: stage.network_arg(),
        devices: devices(&stage),
    };
    let stranger = set_status::run(&stage.context(owner), &ban)
        .await
        .unwrap_err();
    assert_eq!(stranger.code(), "wrong-signer");
    let guardian = stage.context(&stage.guardian);
    set_status::run(&guardian, &ban).await.unwrap();
    assert_eq!(
        stage
            .ledger
            .with_world(|world| world.network(&stage.network).banned),
        1
    );
    let rows = cairn_epoch::read_devices(&stage.devices_file()).unwrap();
    assert_eq!(rows[1].status.code(), STATUS_BANNED);

    let lift = set_status::Args {
        status: set_status::Status::Active,
        reason: None,
        ..ban
    };
    let error = set_status::run(&guardian, &lift).await.unwrap_err();
    assert_eq!(error.code(), "wrong-signer");
    set_status::run(&stage.as_authority(), &lift).await.unwrap();
    assert_eq!(
        stage
            .ledger
            .with_world(|world| world.network(&stage.network).banned),
        0
    );
}

#[tokio::test]
async fn a_file_that_is_not_the_state_on_chain_makes_no_proof() {
    let stage = Stage::new().await;
    let mut rows = cairn_epoch::read_devices(&stage.devices_file()).unwrap();
    rows[2].owner = [9; 32];
    cairn_epoch::write_devices(&stage.devices_file(), &rows).unwrap();
    let args = prove::Args {
        device: stage.devices[0].0.pubkey(),
        network: stage.network_arg(),
        devices: devices(&stage),
    };
    let error = prove::run(&stage.as_authority(), &args).await.unwrap_err();
    assert_eq!(error.code(), "devices-stale");

    rows.remove(1);
    cairn_epoch::write_devices(&stage.devices_file(), &rows).unwrap();
    let error = prove::run(&stage.as_authority(), &args).await.unwrap_err();
    assert_eq!(error.code(), "devices-incomplete");
}

#[tokio::test]
async fn a_device_that_is_registered_already_is_refused_before_anything_is_signed() {
    let stage = Stage::new().await;
    let device = cairn_testkit::World::pauper("new device");
    let owner = stage.owner(0);
    let args = register::Args {
        device_keypair: Some(key_file(&stage, "device.json", &device)),
        ..registration(&stage)
    };
    register::run(&stage.context(owner), &args).await.unwrap();
    let refused = async |args: register::Args, key: &Keypair, position: &str| {
        for manner in [Manner::Send, Manner::DryRun, Manner::Unsigned] {
            let ctx = Context {
                manner,
                ..stage.context(key)
            };
            let error = register::run(&ctx, &args).await.unwrap_err();
            assert_eq!(error.code(), "device-registered");
            assert!(error.to_string().ends_with(position), "{error}");
        }
    };
    // By the published file, whatever is told of the device and whoever asks.
    let other = register::Args {
        country: None,
        model: 7,
        ..args.clone()
    };
    refused(other, stage.owner(1), "at position 3 of tree 0").await;
    let imported = register::Args {
        device_keypair: Some(key_file(&stage, "imported.json", &stage.devices[1].0)),
        ..args.clone()
    };
    // An import says nothing in the device's name: it may still enter with its own word, and then but once.
    register::run(&stage.context(owner), &imported)
        .await
        .unwrap();
    refused(imported, owner, "at position 4 of tree 0").await;
    // By the chain, when a script runs again without the file.
    let again = register::Args {
        devices: None,
        ..args.clone()
    };
    refused(again, owner, "at position 3 of tree 0").await;
    let tree = stage.ledger.with_world(|world| {
        let tree = tree_address(&stage.network, 0).0;
        world.tree(&tree)
    });
    assert_eq!(tree.next_index, 5);
}

#[tokio::test]
async fn a_file_that_lacks_devices_gets_no_other_and_what_it_can_not_show_is_said() {
    let stage = Stage::new().await;
    let old = stage.data.path().join("old.parquet");
    let rows = cairn_epoch::read_devices(&stage.devices_file()).unwrap();
    cairn_epoch::write_devices(&old, &rows[..2]).unwrap();
    let before = std::fs::read(&old).unwrap();
    let notes = async |name: &str, devices: Option<std::path::PathBuf>| {
        let device = cairn_testkit::World::pauper(name);
        let args = register::Args {
            device_keypair: Some(key_file(&stage, "device.json", &device)),
            devices,
            ..registration(&stage)
        };
        let listener = Listener::new(true);
        let ctx = Context {
            talk: Arc::new(listener.clone()),
            ..stage.context(stage.owner(0))
        };
        let done = register::run(&ctx, &args).await.unwrap();
        let register::Registration::Registered(registered) = done else {
            panic!("{done:?}");
        };
        assert_eq!(registered.devices_file, None);
        listener.notes().join("\n")
    };
    let told = notes("first", Some(old.clone())).await;
    assert!(
        told.contains("lists 2 of the 3 devices of tree 0"),
        "{told}"
    );
    assert_eq!(std::fs::read(&old).unwrap(), before);
    let told = notes("second", None).await;
    assert!(told.contains("name it with --devices"), "{told}");
}

#[tokio::test]
async fn a_place_that_looks_wrong_is_refused_until_it_is_confirmed() {
    let stage = Stage::new().await;
    let device = cairn_testkit::World::pauper("new device");
    let args = register::Args {
        device_keypair: Some(key_file(&stage, "device.json", &device)),
        latitude: Some(0),
        longitude: Some(0),
        ..registration(&stage)
    };
    let ctx = stage.context(stage.owner(0));
    let cell = register::Args {
        latitude: None,
        longitude: None,
        cell: cairn_epoch::asserted_cell(0, 0),
        ..args.clone()
    };
    // A minus was lost: this is in Kyrgyzstan.
    let far = register::Args {
        latitude: Some(407_128_000),
        longitude: Some(740_060_000),
        ..args.clone()
    };
    for args in [&args, &cell, &far] {
        let error = register::run(&ctx, args).await.unwrap_err();
        assert_eq!(error.code(), "argument");
        assert!(error.hint().unwrap().contains("--odd-places"), "{error}");
    }
    let confirmed = register::Args {
        odd_places: true,
        ..args
    };
    register::run(&ctx, &confirmed).await.unwrap();
}
