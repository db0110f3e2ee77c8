//! What the registry showed when: nobody's word, but what follows from the snapshots of all epochs. And the pipeline is total
//! over what the registry takes: no owner of one device can stop a network's epochs.

mod world;

use cairn_epoch::{
    Device, DeviceStatus, Entry, EpochError, EpochFolder, Silent, asserted_cell, close,
    read_devices, write_devices,
};
use cairn_proof::Reason;
use proptest::prelude::*;
use world::{
    CELL, CHICAGO, COMMITMENT, HOUR, MINUTE, NEW_YORK, PLACE, START, TOKYO, World, cell_location,
    cell_of, key, north_of, place_location,
};

const NOON: i64 = START + 12 * HOUR;

/// Closes the epoch with one flawless visit, so that somebody earns, and goes on.
fn pass(world: &mut World) {
    let at = world.start() + 150 * HOUR;
    let week = world.epoch.number;
    world.visit(&format!("walker {week}"), "point", at);
    let closed = world.close();
    world.next_epoch(&closed);
}

fn world() -> World {
    let mut world = World::new();
    world.device("point", "alice", NEW_YORK);
    world
}

fn tell(world: &mut World, device: &str, kind: u8, location: [u8; 32]) {
    let device = world
        .devices
        .iter_mut()
        .find(|known| known.key == key(device))
        .unwrap();
    (device.location_kind, device.location) = (kind, location);
}

#[test]
fn a_new_place_is_not_trusted_in_the_week_of_the_move() {
    let mut world = world();
    world.device("mover", "dan", CHICAGO);
    pass(&mut world);
    tell(&mut world, "mover", PLACE, place_location(TOKYO));
    let start = world.start();
    let (early, late) = (
        world.heartbeat("mover", start + HOUR),
        world.heartbeat("mover", start + 160 * HOUR),
    );
    let week = world.dir();
    pass(&mut world);
    let settled = world.heartbeat("mover", world.start() + HOUR);
    world.close();
    let decisions = cairn_epoch::read_decisions(&week).unwrap();
    for id in [early, late] {
        let decision = decisions.iter().find(|row| row.proof_id == id).unwrap();
        assert_eq!(decision.reason, Reason::LowTrust);
        assert_eq!(decision.bound, Some(168));
    }
    assert_eq!(world.reason(settled), Reason::Ok);
}

#[test]
fn untelling_a_place_does_not_wash_a_move_off() {
    let mut world = world();
    world.device("mover", "dan", CHICAGO);
    pass(&mut world);
    tell(&mut world, "mover", 0, [0; 32]);
    pass(&mut world);
    tell(&mut world, "mover", COMMITMENT, [7; 32]);
    pass(&mut world);
    // Back where it was: no move. Elsewhere: one.
    tell(&mut world, "mover", PLACE, place_location(CHICAGO));
    let back = world.heartbeat("mover", world.start() + HOUR);
    let week = world.dir();
    pass(&mut world);
    let decisions = cairn_epoch::read_decisions(&week).unwrap();
    assert!(
        decisions
            .iter()
            .any(|row| row.proof_id == back && row.reason == Reason::Ok)
    );
    tell(&mut world, "mover", 0, [0; 32]);
    pass(&mut world);
    tell(&mut world, "mover", PLACE, place_location(TOKYO));
    let elsewhere = world.heartbeat("mover", world.start() + HOUR);
    world.close();
    assert_eq!(world.reason(elsewhere), Reason::LowTrust);
}

#[test]
fn a_place_told_for_the_first_time_later_is_a_move() {
    let mut world = world();
    world.device("hoarded", "dan", CHICAGO);
    tell(&mut world, "hoarded", 0, [0; 32]);
    pass(&mut world);
    tell(&mut world, "hoarded", PLACE, place_location(TOKYO));
    let beat = world.heartbeat("hoarded", world.start() + HOUR);
    world.close();
    assert_eq!(world.reason(beat), Reason::LowTrust);
}

#[test]
fn of_two_neighbours_the_one_seen_first_is_paid_whatever_their_trees() {
    let mut world = world();
    // Registered later, in a tree that ranks before: seniority is what the registry showed first.
    world.device("first", "dan", CHICAGO).tree = 1;
    pass(&mut world);
    world.device("second", "eve", north_of(CHICAGO, 30));
    let start = world.start();
    let (first, second) = (
        world.heartbeat("first", start + HOUR),
        world.heartbeat("second", start + HOUR),
    );
    world.close();
    assert_eq!(world.reason(first), Reason::Ok);
    assert_eq!(world.reason(second), Reason::CapCell);
}

#[test]
fn within_one_epoch_the_position_in_the_registry_decides() {
    let mut world = world();
    world.device("later", "dan", CHICAGO).leaf_index = 9;
    world
        .device("earlier", "eve", north_of(CHICAGO, 30))
        .leaf_index = 5;
    let (later, earlier) = (
        world.heartbeat("later", NOON),
        world.heartbeat("earlier", NOON),
    );
    world.close();
    assert_eq!(world.reason(earlier), Reason::Ok);
    assert_eq!(world.reason(later), Reason::CapCell);
}

#[test]
fn a_leaf_that_a_snapshot_does_not_show_is_not_forgotten() {
    let mut world = world();
    world.device("first", "dan", CHICAGO);
    pass(&mut world);
    // An older snapshot is frozen, then the newest again, with a younger neighbour.
    let first = world.devices.pop().unwrap();
    pass(&mut world);
    world.devices.push(first);
    world.device("second", "eve", north_of(CHICAGO, 30));
    let start = world.start();
    let (first, second) = (
        world.heartbeat("first", start + HOUR),
        world.heartbeat("second", start + HOUR),
    );
    world.close();
    assert_eq!(world.reason(first), Reason::Ok);
    assert_eq!(world.reason(second), Reason::CapCell);
}

#[test]
fn a_device_that_registers_twice_keeps_its_first_owner_and_any_ban() {
    let mut world = world();
    world.device("twice", "dan", CHICAGO);
    let mut again = world.devices[1].clone();
    (again.leaf_index, again.owner) = (2, key("mallory"));
    world.devices.push(again.clone());
    let beat = world.heartbeat("twice", NOON);
    world.close();
    assert_eq!(world.decision(beat).beneficiary, Some(key("dan")));

    // A ban of either leaf holds for the key, with its reason.
    for banned in [1, 2] {
        let mut world = world_with(&[again.clone()]);
        let leaf = world
            .devices
            .iter_mut()
            .find(|leaf| leaf.leaf_index == banned)
            .unwrap();
        (leaf.status, leaf.reason) = (DeviceStatus::Banned, 12);
        let beat = world.heartbeat("twice", NOON);
        world.visit("bob", "point", NOON);
        world.close();
        assert_eq!(world.reason(beat), Reason::Denied);
        assert_eq!(world.decision(beat).found, Some(12));
    }
}

#[test]
fn a_registration_in_a_lower_tree_changes_no_owner_either() {
    let mut world = world();
    world.device("sold", "dan", CHICAGO).tree = 1;
    pass(&mut world);
    // Before it by position, after it by what the registry showed.
    let mut again = world.devices[1].clone();
    (again.tree, again.owner) = (0, key("mallory"));
    world.devices.push(again);
    let beat = world.heartbeat("sold", world.start() + HOUR);
    world.close();
    assert_eq!(world.decision(beat).beneficiary, Some(key("dan")));
}

/// A meter that was imported for dan and changed so often since, and that then consented to eve, and to mallory.
fn consented_after_import(changes: u64, status: DeviceStatus) -> World {
    let mut world = world();
    let imported = world.device("meter", "dan", CHICAGO);
    (imported.entry, imported.sequence, imported.status) = (Entry::Imported, changes, status);
    for (leaf_index, owner) in [(2, "eve"), (3, "mallory")] {
        let consented = Device {
            leaf_index,
            owner: key(owner),
            sequence: 0,
            status: DeviceStatus::Active,
            entry: Entry::Consented,
            ..world.devices[1].clone()
        };
        world.devices.push(consented);
    }
    world.visit("bob", "point", NOON);
    world
}

#[test]
fn an_imported_device_is_superseded_by_its_consent_unless_somebody_changed_it() {
    for (changes, standing) in [(0, "eve"), (1, "dan")] {
        let mut world = consented_after_import(changes, DeviceStatus::Active);
        let beat = world.heartbeat("meter", NOON);
        world.close();
        assert_eq!(world.decision(beat).beneficiary, Some(key(standing)));
        // Whatever it is superseded by, it was banned.
        let mut world = consented_after_import(changes, DeviceStatus::Banned);
        let beat = world.heartbeat("meter", NOON);
        world.close();
        assert_eq!(world.reason(beat), Reason::Denied);
    }
}

fn world_with(more: &[Device]) -> World {
    let mut world = world();
    world.device("twice", "dan", CHICAGO);
    world.devices.extend_from_slice(more);
    world
}

#[test]
fn a_position_that_stands_twice_is_refused() {
    let mut world = world();
    let twin = world.devices[0].clone();
    world.devices.push(twin);
    let path = world.data.path().join("devices.parquet");
    let refused = write_devices(&path, &world.devices);
    assert!(
        matches!(&refused, Err(EpochError::Row { field, .. }) if field == "leaf_index"),
        "{refused:?}"
    );
}

#[test]
fn a_device_that_tells_its_cell_alone_is_metered_and_not_located() {
    let mut world = world();
    world.device("meter", "dan", CHICAGO);
    tell(&mut world, "meter", CELL, cell_location(cell_of(CHICAGO)));
    world.stream(1, "partner", 24, 100);
    let proof = world.metric("partner", "meter", 1, NOON + MINUTE, 1);
    let metric = world.submit(
        &proof,
        &[
            (cairn_proof::Role::Partner, "partner"),
            (cairn_proof::Role::Device, "meter"),
        ],
    );
    let beat = world.heartbeat("meter", NOON);
    world.close();
    assert_eq!(world.reason(metric), Reason::Ok);
    assert_eq!(world.reason(beat), Reason::NotAsserted);
}

#[test]
fn cells_are_computed_with_libm_s_sines_and_not_the_platform_s() {
    // h3o's feature "std" brings ahash along, and the sines of whatever C library is there. Without it, libm's.
    let lock = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    let text = std::fs::read_to_string(lock).unwrap();
    let packages: Vec<&str> = text
        .split("[[package]]")
        .filter(|package| package.contains("name = \"h3o\""))
        .collect();
    assert_eq!(packages.len(), 1);
    assert!(
        packages[0].contains("\"libm\"") && !packages[0].contains("ahash"),
        "{}",
        packages[0]
    );
}

#[test]
fn the_cells_of_places_at_every_edge_are_as_committed() {
    for (place, cell) in [
        (NEW_YORK, 0x0892_a107_2893_ffff_u64),
        ((0, 0), 0x0897_54e6_4993_ffff),
    ] {
        assert_eq!(asserted_cell(place.0, place.1), Some(cell), "{place:?}");
    }
    for lat_e7 in [-900_000_000, 0, 900_000_000] {
        for lon_e7 in [-1_800_000_000, 0, 1_800_000_000] {
            assert!(asserted_cell(lat_e7, lon_e7).is_some());
        }
    }
    assert_eq!(asserted_cell(900_000_001, 0), None);
    assert_eq!(asserted_cell(0, i32::MIN), None);
}

/// Whatever may stand in a leaf that the registry takes, and beyond: imported leaves it has never seen.
fn any_leaf() -> impl Strategy<Value = Device> {
    let keys = prop_oneof![Just([1; 32]), Just([2; 32]), any::<[u8; 32]>()];
    let location = prop_oneof![
        Just((0, [0; 32])),
        any::<[u8; 32]>().prop_map(|bytes| (COMMITMENT, bytes)),
        (0..1_u64 << 59).prop_map(|bits| (CELL, cell_location(1 << 59 | bits))),
        (any::<i32>(), any::<i32>()).prop_map(|place| (PLACE, place_location(place))),
        (any::<u8>(), any::<[u8; 32]>()),
    ];
    (
        (keys.clone(), keys, any::<[u8; 32]>(), any::<[u8; 32]>()),
        (any::<u8>(), any::<u32>(), any::<u16>(), any::<u64>()),
        (any::<[u8; 2]>(), any::<u8>(), location, any::<bool>()),
    )
        .prop_map(
            |(
                (key, owner, issuer, hardware),
                (class, model, reason, sequence),
                (country, status, location, is_imported),
            )| Device {
                key,
                tree: 1,
                leaf_index: 0,
                owner,
                class,
                model,
                issuer,
                country,
                status: DeviceStatus::of(status),
                reason,
                location_kind: location.0,
                location: location.1,
                sequence,
                hardware,
                entry: if is_imported {
                    Entry::Imported
                } else {
                    Entry::Consented
                },
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_leaves_the_registry_holds_the_epoch_closes_over_them(
        leaves in prop::collection::vec(any_leaf(), 1..12),
    ) {
        let mut world = world();
        for (at, leaf) in (0..).zip(leaves) {
            world.devices.push(Device { leaf_index: at, ..leaf });
        }
        let visit = world.visit("bob", "point", NOON);
        world.close();
        prop_assert_eq!(world.reason(visit), Reason::Ok);
        let path = EpochFolder::new(world.dir()).devices();
        prop_assert_eq!(read_devices(&path).unwrap(), world.devices.clone());
        // The next epoch can be computed from the state as well.
        let next = close(&world.dir(), &Silent).unwrap();
        world.next_epoch(&next);
        world.visit("bob", "point", world.start() + HOUR);
        world.close();
    }
}
