//! No leaf stops a network: the pipeline closes an epoch over whatever the registry can hold, in whatever order it came there.

use cairn_epoch::{
    Device, Entry, EpochFolder, Location, Silent, close, read_decisions, read_devices,
    write_devices,
};
use cairn_interface::registry::{DeviceLeaf, cell_location, constants, place_location};
use cairn_merkle::EpochNumber;
use cairn_proof::Reason;
use cairn_registry::{leaf_of, row_of};
use cairn_testkit::World;
use proptest::prelude::*;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use crate::chain::Chain;
use crate::scene;

/// An H3 index of resolution 9 with this base cell and these digits; not each of them is a cell.
fn cell(base: u64, digits: [u64; 9]) -> u64 {
    let places = (18..=42).rev().step_by(3);
    let digits = places.zip(digits).map(|(place, digit)| digit << place);
    (0x089 << 52) | (base << 45) | digits.sum::<u64>() | ((1 << 18) - 1)
}

fn any_cell() -> impl Strategy<Value = u64> {
    (0..122_u64, prop::array::uniform9(0..7_u64)).prop_map(|(base, digits)| cell(base, digits))
}

prop_compose! {
    /// What `location` can hold under each kind that the program takes.
    fn location()(
        kind in constants::LOCATION_NONE..=constants::LOCATION_PLACE,
        bytes: [u8; 32],
        cell in any_cell(),
        lat_e7 in -900_000_000..=900_000_000_i32,
        lon_e7 in -1_800_000_000..=1_800_000_000_i32,
    ) -> (u8, [u8; 32]) {
        let location = match kind {
            constants::LOCATION_NONE => [0; 32],
            constants::LOCATION_CELL => cell_location(cell),
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

/// Closes two epochs over the scene's devices and `rows`; the honest devices beat in both and are paid.
fn closes_over(rows: &[Device]) -> Result<(), TestCaseError> {
    let data = tempfile::tempdir().unwrap();
    let (network, pool) = (
        Pubkey::new_from_array([8; 32]),
        Pubkey::new_from_array([9; 32]),
    );
    let honest = [0, 1, 2].map(scene::device);
    let all: Vec<Device> = honest.iter().chain(rows).cloned().collect();
    let mut before = None;
    for number in [1, 2] {
        scene::freeze(data.path(), network, pool, number, before);
        let folder = EpochFolder::of(data.path(), EpochNumber::new(number));
        write_devices(&folder.devices(), &all).unwrap();
        prop_assert_eq!(&read_devices(&folder.devices()).unwrap(), &all);
        let closed = close(folder.root(), &Silent);
        prop_assert!(closed.is_ok(), "{:?}", closed);
        before = closed.ok().map(|closed| closed.manifest_hash);
        // Whoever is not the same key is decided about as if the rows were not there.
        let decisions = read_decisions(folder.root()).unwrap();
        let is_paid = decisions.iter().any(|decision| {
            decision.beneficiary == Some(honest[1].owner) && decision.reason == Reason::Ok
        });
        prop_assert!(is_paid);
    }
    Ok(())
}

/// Closes over `leaf` behind the scene's devices.
fn closes_over_leaf(leaf: &DeviceLeaf, entry: Entry) -> Result<(), TestCaseError> {
    let row = row_of(0, 3, entry, leaf);
    // The row is the leaf: what keepers hash is what the tree holds.
    prop_assert_eq!(&leaf_of(&row), leaf);
    closes_over(&[row])
}

/// What somebody asks the program for. Places are shares of what there is.
#[derive(Clone, Debug)]
enum Step {
    OpenTree(Vec<DeviceLeaf>),
    Register {
        tree: usize,
        device: usize,
        owner: usize,
        leaf: DeviceLeaf,
    },
    Transfer {
        place: usize,
        to: usize,
        by_device: bool,
    },
    Judge {
        place: usize,
        status: u8,
        reason: u16,
    },
}

const DEVICES: usize = 4;
const OWNERS: usize = 3;

fn device(number: usize) -> Keypair {
    World::pauper(&format!("device {}", number % DEVICES))
}

fn owner(number: usize) -> Keypair {
    World::pauper(&format!("owner {}", number % OWNERS))
}

fn step() -> impl Strategy<Value = Step> {
    let share = || 0..usize::MAX;
    let leaf = || prop_oneof![3 => any_leaf(), 1 => imported()];
    // Of few keys, so that they meet; or of keys that nobody has.
    let known = (imported(), share(), share()).prop_map(|(leaf, of, by)| DeviceLeaf {
        device: device(of).pubkey().to_bytes(),
        owner: owner(by).pubkey().to_bytes(),
        ..leaf
    });
    let import = prop::collection::vec(prop_oneof![3 => known, 1 => imported()], 0..5);
    prop_oneof![
        1 => import.prop_map(Step::OpenTree),
        4 => (share(), share(), share(), leaf())
            .prop_map(|(tree, device, owner, leaf)| Step::Register { tree, device, owner, leaf }),
        3 => (share(), share(), any::<bool>())
            .prop_map(|(place, to, by_device)| Step::Transfer { place, to, by_device }),
        3 => (share(), 0..4_u8, 0..3_u16)
            .prop_map(|(place, status, reason)| Step::Judge { place, status, reason }),
    ]
}

/// A tree and a position in it, at a share of all there are.
fn position(chain: &Chain, place: usize) -> Option<(usize, u32)> {
    let trees = chain.trees().iter().enumerate();
    let all: Vec<(usize, u32)> = trees
        .flat_map(|(tree, it)| (0..it.whole().len()).map(move |index| (tree, index)))
        .collect();
    all.get(place.checked_rem(all.len())?).copied()
}

/// Plays `steps` on the built program. What it refuses did not happen.
fn play(chain: &mut Chain, steps: Vec<Step>) {
    for step in steps {
        match step {
            Step::OpenTree(leaves) => chain.open_tree(3, &leaves),
            Step::Register {
                tree,
                device: by,
                owner: of,
                leaf,
            } => {
                let tree = tree % chain.trees().len();
                let leaf = DeviceLeaf {
                    device: device(by).pubkey().to_bytes(),
                    owner: owner(of).pubkey().to_bytes(),
                    ..leaf
                };
                chain.register(tree, &leaf);
            }
            Step::Transfer {
                place,
                to,
                by_device,
            } => {
                if let Some((tree, index)) = position(chain, place) {
                    chain.transfer(tree, index, &owner(to), by_device);
                }
            }
            Step::Judge {
                place,
                status,
                reason,
            } => {
                if let Some((tree, index)) = position(chain, place) {
                    chain.judge(tree, index, status, reason);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn every_leaf_that_the_program_takes_can_stand_in_an_epoch(leaf in any_leaf()) {
        prop_assume!(leaf.validate().is_ok());
        closes_over_leaf(&leaf, Entry::Consented)?;
    }

    #[test]
    fn every_leaf_that_an_import_can_bring_can_stand_in_an_epoch(leaf in imported()) {
        closes_over_leaf(&leaf, Entry::Imported)?;
    }

    #[test]
    fn whatever_the_program_took_in_whatever_order_the_epochs_close_over_it(
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let keys = (0..DEVICES).map(device).chain((0..OWNERS).map(owner));
        let mut chain = Chain::new(keys);
        chain.open_tree(3, &[]);
        play(&mut chain, steps);
        let rows = chain.rows().into_iter();
        // Behind the honest devices' tree.
        let behind = rows.map(|row| Device { tree: row.tree + 1, ..row });
        closes_over(&behind.collect::<Vec<_>>())?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_program_takes_the_cells_that_rules_read_and_no_others(
        near in any_cell(), bit in 0..64_u32, anything: u64,
    ) {
        for cell in [near, near ^ (1 << bit), anything] {
            the_program_and_rules_agree(cell);
        }
    }
}

fn the_program_and_rules_agree(cell: u64) {
    let leaf = DeviceLeaf {
        location: cell_location(cell),
        location_kind: constants::LOCATION_CELL,
        ..scene::leaf(0)
    };
    let is_read = Location::read(leaf.location_kind, &leaf.location) == Location::Cell(cell);
    assert_eq!(leaf.validate().is_ok(), is_read, "{cell:#x}");
}

#[test]
fn of_every_base_cell_the_program_takes_the_cells_that_rules_read() {
    // A pentagon lacks one direction, wherever the first step out of its middle is taken.
    for base in 0..128 {
        for first in 0..9 {
            for digit in 0..8 {
                let mut digits = [0; 9];
                digits[first] = digit;
                the_program_and_rules_agree(cell(base, digits));
            }
        }
    }
}
