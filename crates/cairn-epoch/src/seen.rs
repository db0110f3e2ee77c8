//! Since when the registry shows each leaf, and since when at its place: derived epoch by epoch from the snapshots, bound by
//! the manifests before, so that no keeper can make a device older or a move forgotten.

use crate::input::{Device, Location};
use crate::state::Leaf;

/// The leaves as the next epoch will remember them: those of `snapshot`, seen in an epoch that starts at `start_hour`, and
/// those `carried` that it does not hold. Both ascend by tree and position, and so does what comes out.
pub(crate) fn remember(snapshot: &[Device], carried: &[Leaf], start_hour: i64) -> Vec<Leaf> {
    let mut leaves = Vec::with_capacity(snapshot.len().max(carried.len()));
    let mut before = carried.iter().copied().peekable();
    for device in snapshot {
        let place = (device.tree, device.leaf_index);
        // A snapshot may be older than the last one: what it does not show yet is not forgotten.
        while let Some(leaf) = before.next_if(|leaf| (leaf.tree, leaf.leaf_index) < place) {
            leaves.push(leaf);
        }
        let known = before.next_if(|leaf| (leaf.tree, leaf.leaf_index) == place);
        leaves.push(known.map_or_else(
            || first_seen(device, start_hour),
            |leaf| seen_again(device, leaf, start_hour),
        ));
    }
    leaves.extend(before);
    leaves
}

fn first_seen(device: &Device, start_hour: i64) -> Leaf {
    let (told_kind, told) = told(device).unwrap_or_default();
    Leaf {
        tree: device.tree,
        leaf_index: device.leaf_index,
        since_hour: start_hour,
        told_kind,
        told,
        moved_hour: None,
    }
}

/// Another place than the last one told is a move, also when the device told none in between, and also when it told none
/// before: seniority at a place is not kept in store for wherever it will be worth most.
fn seen_again(device: &Device, leaf: Leaf, start_hour: i64) -> Leaf {
    match told(device) {
        Some((kind, place)) if (kind, place) != (leaf.told_kind, leaf.told) => Leaf {
            told_kind: kind,
            told: place,
            moved_hour: Some(start_hour),
            ..leaf
        },
        _ => leaf,
    }
}

/// Kind and bytes of the place a device tells everybody.
fn told(device: &Device) -> Option<(u8, [u8; 32])> {
    match device.location() {
        Location::Untold => None,
        Location::Cell(_) | Location::Place { .. } => Some((device.location_kind, device.location)),
    }
}

/// What is remembered of the leaf at a position.
pub(crate) fn of(leaves: &[Leaf], device: &Device) -> Option<Leaf> {
    let place = (device.tree, device.leaf_index);
    let at = leaves
        .binary_search_by_key(&place, |leaf| (leaf.tree, leaf.leaf_index))
        .ok()?;
    leaves.get(at).copied()
}
