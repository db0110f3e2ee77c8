//! A device that is registered more than once, on the built program and in an epoch over what it then holds: no ban is washed
//! off, and no owner is changed by the device's holder alone.

use cairn_epoch::{Decision, Device, EpochFolder, Silent, close, read_decisions, write_devices};
use cairn_interface::registry::{
    DeviceLeaf,
    constants::{STATUS_ACTIVE, STATUS_BANNED},
};
use cairn_merkle::EpochNumber;
use cairn_proof::{Kind, Reason};
use cairn_scene::Hotspot;
use cairn_testkit::World;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use crate::chain::Chain;
use crate::scene;

/// The device that beats in the scene's epochs.
const DEVICE: u8 = 2;

/// The device's leaf under an owner.
fn leaf(owner: &Keypair) -> DeviceLeaf {
    DeviceLeaf {
        owner: owner.pubkey().to_bytes(),
        ..scene::leaf(DEVICE)
    }
}

fn owners() -> [Keypair; 3] {
    ["first", "second", "third"].map(World::pauper)
}

fn chain() -> Chain {
    Chain::new(owners().into_iter().chain([Hotspot(DEVICE.into()).key()]))
}

/// What became of the device's first beat in an epoch over what the chain holds, behind two other devices.
fn beat(chain: &Chain) -> Decision {
    let data = tempfile::tempdir().unwrap();
    let (network, pool) = (
        Pubkey::new_from_array([8; 32]),
        Pubkey::new_from_array([9; 32]),
    );
    scene::freeze(data.path(), network, pool, 1, None);
    let folder = EpochFolder::of(data.path(), EpochNumber::FIRST);
    let behind = chain.rows().into_iter().map(|row| Device {
        tree: row.tree + 1,
        ..row
    });
    let rows: Vec<Device> = [0, 1]
        .map(scene::device)
        .into_iter()
        .chain(behind)
        .collect();
    write_devices(&folder.devices(), &rows).unwrap();
    close(folder.root(), &Silent).unwrap();
    // Each hour the three devices beat in their order.
    let decisions = read_decisions(folder.root()).unwrap().into_iter();
    let mut beats = decisions.filter(|decision| decision.kind == Some(Kind::HotspotBeat));
    beats.nth(usize::from(DEVICE)).unwrap()
}

fn is_paid(decision: &Decision, owner: &Keypair) -> bool {
    decision.reason == Reason::Ok && decision.beneficiary == Some(owner.pubkey().to_bytes())
}

#[test]
fn a_device_that_registers_again_stays_its_first_owners() {
    let [first, second, _] = owners();
    let mut chain = chain();
    chain.open_tree(3, &[]);
    assert!(chain.register(0, &leaf(&first)) && chain.register(0, &leaf(&second)));
    assert!(is_paid(&beat(&chain), &first));
}

#[test]
fn a_banned_device_that_registers_again_stays_banned() {
    let [first, second, _] = owners();
    let mut chain = chain();
    chain.open_tree(3, &[]);
    assert!(chain.register(0, &leaf(&first)));
    assert!(chain.judge(0, 0, STATUS_BANNED, 12));
    for owner in [&first, &second] {
        assert!(chain.register(0, &leaf(owner)));
        assert_eq!(
            chain.trees()[0].rows().last().unwrap().status.code(),
            STATUS_ACTIVE
        );
    }
    let refused = beat(&chain);
    assert_eq!((refused.reason, refused.found), (Reason::Denied, Some(12)));
    // With its ban it lost nothing else: lifted, it earns for its first owner.
    assert!(chain.judge(0, 0, STATUS_ACTIVE, 0));
    assert!(is_paid(&beat(&chain), &first));
}

#[test]
fn an_imported_device_is_the_owners_that_it_consents_to_and_then_stays_theirs() {
    let [first, second, third] = owners();
    let mut chain = chain();
    chain.open_tree(3, &[leaf(&first)]);
    assert!(is_paid(&beat(&chain), &first));
    assert!(chain.register(0, &leaf(&second)));
    assert!(is_paid(&beat(&chain), &second));
    assert!(chain.register(0, &leaf(&third)));
    assert!(is_paid(&beat(&chain), &second));
    // A ban of what it was imported as holds for it.
    assert!(chain.judge(0, 0, STATUS_BANNED, 7));
    assert_eq!(beat(&chain).reason, Reason::Denied);
}

#[test]
fn an_imported_device_that_its_owner_handed_on_stays_whose_it_is() {
    let [first, second, third] = owners();
    let mut chain = chain();
    chain.open_tree(3, &[leaf(&first)]);
    assert!(chain.transfer(0, 0, &second, false));
    assert!(chain.register(0, &leaf(&third)));
    assert!(is_paid(&beat(&chain), &second));
}

#[test]
fn an_import_takes_no_device_from_the_owner_it_consented_to() {
    let [first, second, _] = owners();
    let mut chain = chain();
    chain.open_tree(3, &[]);
    chain.open_tree(3, &[]);
    assert!(chain.register(1, &leaf(&first)));
    chain.import(0, &[leaf(&second)]);
    assert!(is_paid(&beat(&chain), &first));
}

#[test]
fn whatever_an_import_brought_can_be_banned_and_freed() {
    let [first, ..] = owners();
    let good = leaf(&first);
    let spoilt = [
        DeviceLeaf {
            sequence: u64::MAX,
            ..good
        },
        DeviceLeaf {
            country: *b"us",
            ..good
        },
        DeviceLeaf { class: 0, ..good },
        DeviceLeaf {
            class: u8::MAX,
            ..good
        },
        DeviceLeaf {
            owner: [0; 32],
            ..good
        },
        DeviceLeaf {
            device: [0; 32],
            ..good
        },
        DeviceLeaf { status: 0, ..good },
        DeviceLeaf {
            status: u8::MAX,
            ..good
        },
        DeviceLeaf {
            location_kind: 9,
            ..good
        },
    ];
    for leaf in spoilt {
        let mut chain = chain();
        chain.open_tree(3, &[leaf]);
        assert!(chain.judge(0, 0, STATUS_BANNED, 12), "{leaf:?}");
        assert_eq!(chain.scene.network_view().banned, 1);
        assert!(chain.judge(0, 0, STATUS_ACTIVE, 0), "{leaf:?}");
        assert_eq!(chain.scene.network_view().banned, 0);
        // The rows lead to the chain's root: a keeper takes them.
        assert_eq!(chain.rows()[0].status.code(), STATUS_ACTIVE);
    }
}
