//! No leaf stops a network: the pipeline closes an epoch over whatever the registry can hold.

use cairn_epoch::{EpochFolder, Silent, close, read_decisions, read_devices, write_devices};
use cairn_interface::registry::{DeviceLeaf, constants, place_location};
use cairn_merkle::EpochNumber;
use cairn_proof::Reason;
use cairn_registry::{leaf_of, row_of};
use proptest::prelude::*;
use solana_sdk::pubkey::Pubkey;

use crate::scene;

prop_compose! {
    /// What `location` can hold under each kind that the program takes.
    fn location()(
        kind in constants::LOCATION_NONE..=constants::LOCATION_PLACE,
        bytes: [u8; 32],
        lat_e7 in -900_000_000..=900_000_000_i32,
        lon_e7 in -1_800_000_000..=1_800_000_000_i32,
    ) -> (u8, [u8; 32]) {
        let mut cell = [0; 32];
        cell[..7].copy_from_slice(&bytes[..7]);
        cell[7] = 0b1000 | (bytes[7] & 0b111);
        let location = match kind {
            constants::LOCATION_NONE => [0; 32],
            constants::LOCATION_CELL => cell,
            constants::LOCATION_PLACE => place_location(lat_e7, lon_e7),
            _ => bytes,
        };
        (kind, location)
    }
}

prop_compose! {
    fn any_leaf()(
        keys: [[u8; 32]; 4], location in location(), sequence: u64, model: u32, reason: u16,
        country in prop::option::of(prop::array::uniform2(b'A'..=b'Z')), class in 1..16_u8,
        status in constants::STATUS_ACTIVE..=constants::STATUS_BANNED, copies: bool,
    ) -> DeviceLeaf {
        let [device, owner, issuer, hardware] = keys;
        DeviceLeaf {
            // Some leaves are second ones of a device that is there already.
            device: if copies { scene::device(0).key } else { device },
            owner,
            issuer,
            hardware,
            location: location.1,
            sequence,
            model,
            reason,
            country: country.unwrap_or_default(),
            class,
            location_kind: location.0,
            status,
        }
    }
}

prop_compose! {
    /// What an import can bring, which the program never looks into.
    fn imported()(
        leaf in any_leaf(), location: [u8; 32], location_kind: u8, country: [u8; 2], class: u8, status: u8,
        zeros in prop::bits::u8::ANY,
    ) -> DeviceLeaf {
        let or_zeros = |bit: u8, key: [u8; 32]| if zeros & (1 << bit) == 0 { key } else { [0; 32] };
        DeviceLeaf {
            device: or_zeros(0, leaf.device),
            owner: or_zeros(1, leaf.owner),
            location,
            location_kind,
            country,
            class,
            status,
            ..leaf
        }
    }
}

/// Closes the first epoch over the scene's devices and `leaf`; the honest devices beat in it.
fn closes_over(leaf: &DeviceLeaf) -> Result<(), TestCaseError> {
    let data = tempfile::tempdir().unwrap();
    let key = Pubkey::new_from_array;
    scene::freeze(data.path(), key([8; 32]), key([9; 32]), 1, None);
    let folder = EpochFolder::of(data.path(), EpochNumber::FIRST);
    // Behind the scene's devices.
    let row = row_of(0, 3, leaf);
    // The row is the leaf: what keepers hash is what the tree holds.
    prop_assert_eq!(&leaf_of(&row), leaf);
    let rows = [0, 1, 2]
        .map(scene::device)
        .into_iter()
        .chain([row.clone()]);
    write_devices(&folder.devices(), &rows.collect::<Vec<_>>()).unwrap();
    prop_assert_eq!(&read_devices(&folder.devices()).unwrap()[3], &row);
    let closed = close(folder.root(), &Silent);
    prop_assert!(closed.is_ok(), "{:?}", closed);
    // Whoever is not the same key is decided about as if the leaf were not there.
    let decisions = read_decisions(folder.root()).unwrap();
    let honest = scene::device(1).owner;
    let is_paid = decisions
        .iter()
        .any(|decision| decision.beneficiary == Some(honest) && decision.reason == Reason::Ok);
    prop_assert!(is_paid);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_leaf_that_the_program_takes_can_stand_in_an_epoch(leaf in any_leaf()) {
        prop_assume!(leaf.validate().is_ok());
        closes_over(&leaf)?;
    }

    #[test]
    fn every_leaf_that_an_import_can_bring_can_stand_in_an_epoch(leaf in imported()) {
        closes_over(&leaf)?;
    }
}
