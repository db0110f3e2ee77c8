//! Leaf bytes, messages and the precompile's form: what devices, wallets and other implementations must agree on.

use device_registry::{
    DeviceLeaf, PREIMAGE_LEN, RegistryError, cell_location,
    consent::{endorsement_message, register_message, transfer_message},
    constants::{
        CLASS_NETWORK, LOCATION_CELL, LOCATION_COMMITMENT, LOCATION_NONE, LOCATION_PLACE,
        STATUS_ACTIVE,
    },
    place_location, precompile,
};
use proptest::prelude::*;

fn hotspot() -> DeviceLeaf {
    DeviceLeaf {
        device: [1; 32],
        owner: [2; 32],
        issuer: [3; 32],
        hardware: [4; 32],
        location: cell_location(0x0892_a100_d2d7_ffff),
        sequence: 0x0807_0605_0403_0201,
        model: 0x0d0c_0b0a,
        reason: 0x0f0e,
        country: *b"US",
        class: CLASS_NETWORK,
        location_kind: LOCATION_CELL,
        status: STATUS_ACTIVE,
    }
}

/// Makes one field of a leaf another.
type Change = fn(&mut DeviceLeaf);

/// SHA-256 by the `sha2` crate's one-shot interface, not by what the program calls.
fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}

#[test]
fn a_leaf_hashes_its_documented_preimage() {
    let tree = [9; 32];
    let mut expected = b"\x00cairn/device/1".to_vec();
    expected.extend([9; 32]);
    expected.extend([0x44, 0x33, 0x22, 0x11]);
    for byte in 1..=4 {
        expected.extend([byte; 32]);
    }
    expected.extend([0xff, 0xff, 0xd7, 0xd2, 0x00, 0xa1, 0x92, 0x08]);
    expected.extend([0; 24]);
    expected.extend([1, 2, 3, 4, 5, 6, 7, 8]);
    expected.extend([0x0a, 0x0b, 0x0c, 0x0d]);
    expected.extend([0x0e, 0x0f]);
    expected.extend(b"US");
    expected.extend([1, 1, 1]);
    assert_eq!(expected.len(), PREIMAGE_LEN);
    assert_eq!(hotspot().preimage(&tree, 0x1122_3344).to_vec(), expected);
    assert_eq!(hotspot().hash(&tree, 0x1122_3344), sha256(&expected));
}

#[test]
fn every_field_tree_and_index_change_the_leaf_s_hash() {
    let base = hotspot();
    let tree = [9; 32];
    let mut hashes = vec![
        base.hash(&tree, 0),
        base.hash(&tree, 1),
        base.hash(&[8; 32], 0),
    ];
    let changes: [Change; 11] = [
        |leaf| leaf.device[31] ^= 1,
        |leaf| leaf.owner[31] ^= 1,
        |leaf| leaf.issuer[31] ^= 1,
        |leaf| leaf.hardware[31] ^= 1,
        |leaf| leaf.location[31] ^= 1,
        |leaf| leaf.sequence ^= 1,
        |leaf| leaf.model ^= 1,
        |leaf| leaf.reason ^= 1,
        |leaf| leaf.country = *b"CA",
        |leaf| leaf.class ^= 2,
        |leaf| leaf.status ^= 3,
    ];
    for change in changes {
        let mut leaf = base;
        change(&mut leaf);
        hashes.push(leaf.hash(&tree, 0));
    }
    let mut kind = base;
    kind.location_kind = LOCATION_COMMITMENT;
    hashes.push(kind.hash(&tree, 0));
    hashes.sort_unstable();
    let number = hashes.len();
    hashes.dedup();
    assert_eq!(hashes.len(), number);
}

#[test]
fn a_leaf_without_meaning_is_refused_by_its_field() {
    let cases: [(Change, RegistryError); 11] = [
        (|leaf| leaf.device = [0; 32], RegistryError::ZeroKey),
        (|leaf| leaf.owner = [0; 32], RegistryError::ZeroKey),
        (|leaf| leaf.class = 0, RegistryError::DeviceClass),
        (|leaf| leaf.class = 16, RegistryError::DeviceClass),
        (|leaf| leaf.country = *b"us", RegistryError::DeviceCountry),
        (|leaf| leaf.country = *b"U\0", RegistryError::DeviceCountry),
        (|leaf| leaf.status = 0, RegistryError::DeviceStatus),
        (|leaf| leaf.location_kind = 4, RegistryError::DeviceLocation),
        (
            |leaf| leaf.location_kind = LOCATION_NONE,
            RegistryError::DeviceLocation,
        ),
        // A cell with bytes behind it, and a number that is no cell: mode 0.
        (|leaf| leaf.location[9] = 1, RegistryError::DeviceLocation),
        (
            |leaf| leaf.location = cell_location(1),
            RegistryError::DeviceLocation,
        ),
    ];
    assert_eq!(hotspot().validate(), Ok(()));
    for (change, error) in cases {
        let mut leaf = hotspot();
        change(&mut leaf);
        assert_eq!(leaf.validate(), Err(error));
    }
    let commitment = DeviceLeaf {
        location: [5; 32],
        location_kind: LOCATION_COMMITMENT,
        country: [0; 2],
        ..hotspot()
    };
    assert_eq!(commitment.validate(), Ok(()));
}

#[test]
fn a_cell_is_one_of_resolution_9_that_exists() {
    let at = |cell| DeviceLeaf {
        location: cell_location(cell),
        ..hotspot()
    };
    // In Manhattan, at Null Island, and the middle of a pentagon.
    for cell in [
        0x0892_a100_d2d7_ffff,
        0x0897_54e6_4993_ffff,
        0x0890_8000_0003_ffff,
    ] {
        assert_eq!(at(cell).validate(), Ok(()), "{cell:#x}");
    }
    for cell in [
        // Resolutions 8 and 15; an edge instead of a cell; a reserved bit; the top bit.
        0x0882_a100_d2bf_ffff,
        0x08f2_a100_d2d6_1b6d,
        0x1092_a100_d2d7_ffff,
        0x0992_a100_d2d7_ffff,
        0x8892_a100_d2d7_ffff,
        // A digit behind the ninth; a digit 7; a base cell 122; a pentagon's missing direction.
        0x0892_a100_d2d6_ffff,
        0x0892_a100_d2df_ffff,
        0x089f_4000_0003_ffff,
        0x0890_8400_0003_ffff,
        0x0fff_ffff_ffff_ffff,
        0,
    ] {
        let refused = Err(RegistryError::DeviceLocation);
        assert_eq!(at(cell).validate(), refused, "{cell:#x}");
    }
}

#[test]
fn a_place_stands_in_the_leaf_when_it_is_on_earth_and_nothing_beside_it() {
    let at = |lat_e7: i32, lon_e7: i32| DeviceLeaf {
        location: place_location(lat_e7, lon_e7),
        location_kind: LOCATION_PLACE,
        ..hotspot()
    };
    let new_york = at(407_127_760, -740_059_740);
    assert_eq!(
        new_york.location[..8],
        [0xd0, 0x46, 0x44, 0x18, 0xa4, 0x95, 0xe3, 0xd3]
    );
    // Null Island is a place like any other; whether a device is there, the network's people see.
    for (lat_e7, lon_e7) in [
        (407_127_760, -740_059_740),
        (0, 0),
        (900_000_000, 1_800_000_000),
        (-900_000_000, -1_800_000_000),
    ] {
        assert_eq!(at(lat_e7, lon_e7).validate(), Ok(()));
    }
    for (lat_e7, lon_e7) in [
        (900_000_001, 0),
        (-900_000_001, 0),
        (0, 1_800_000_001),
        (0, -1_800_000_001),
        (i32::MIN, i32::MIN),
        (i32::MAX, i32::MAX),
    ] {
        assert_eq!(
            at(lat_e7, lon_e7).validate(),
            Err(RegistryError::DeviceLocation)
        );
    }
    for byte in 8..32 {
        let mut beside = new_york;
        beside.location[byte] = 1;
        assert_eq!(beside.validate(), Err(RegistryError::DeviceLocation));
    }
}

#[test]
fn messages_are_their_names_and_the_hash_of_their_fields() {
    let (owner, network, issuer, leaf) = ([1; 32], [2; 32], [3; 32], [4; 32]);
    let join = |name: &str, fields: &[&[u8]]| {
        let mut message = name.as_bytes().to_vec();
        message.extend(sha256(&fields.concat()));
        message
    };
    assert_eq!(
        register_message(&owner, &network, 0x0102_0304_0506_0708, &leaf).to_vec(),
        join(
            "cairn/register/1",
            &[&owner, &network, &[8, 7, 6, 5, 4, 3, 2, 1], &leaf]
        )
    );
    assert_eq!(
        transfer_message(&owner, &network, &leaf).to_vec(),
        join("cairn/transfer/1", &[&owner, &network, &leaf])
    );
    assert_eq!(
        endorsement_message(&network, &issuer, &owner, &leaf, 0x0a0b_0c0d, 9).to_vec(),
        join(
            "cairn/endorsed/1",
            &[
                &network,
                &issuer,
                &owner,
                &leaf,
                &[0x0d, 0x0c, 0x0b, 0x0a],
                &[9]
            ]
        )
    );
}

#[test]
fn error_codes_are_their_places_in_the_table() {
    for (code, (error, name, message)) in (6000..).zip(RegistryError::TABLE) {
        assert_eq!(error.code(), code, "{name}");
        assert!(!message.is_empty() && message.is_ascii(), "{name}");
    }
}

proptest! {
    #[test]
    fn the_sdk_s_ed25519_instruction_is_read_and_any_changed_header_byte_refused(
        key in any::<[u8; 32]>(),
        signature in any::<[[u8; 32]; 2]>(),
        message in proptest::collection::vec(any::<u8>(), 0..80),
        at in 0_usize..16,
        change in 1_u8..,
    ) {
        let signature: [u8; 64] = signature.concat().try_into().unwrap();
        let instruction =
            solana_ed25519_program::new_ed25519_instruction_with_signature(&message, &signature, &key);
        let signed = precompile::parse(&instruction.data, 32).unwrap();
        prop_assert_eq!(signed.key, &key[..]);
        prop_assert_eq!(signed.message, &message[..]);

        let mut forged = instruction.data.clone();
        forged[at] ^= change;
        prop_assert_eq!(precompile::parse(&forged, 32), Err(RegistryError::PrecompileLayout));
        let mut longer = instruction.data;
        longer.push(0);
        prop_assert_eq!(precompile::parse(&longer, 32), Err(RegistryError::PrecompileLayout));
    }

    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(
        data in proptest::collection::vec(any::<u8>(), 0..200),
        key_len in 32_usize..=33,
    ) {
        let _either = precompile::parse(&data, key_len);
    }
}
