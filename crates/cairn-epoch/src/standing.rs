//! Which leaf stands for a device. The registry takes a key as often as the device signs, in any of its trees; each key is one
//! device all the same, with one owner.

use ahash::{HashMap, HashMapExt as _};

use crate::input::{Device, DeviceStatus};
use crate::seen;
use crate::state::Leaf;

/// The devices as they count, in the order of the registry's trees.
///
/// Of several leaves of one key the one that was `seen` first stands, unless it yields ([`Device::yields_to`]); of those of one
/// epoch, the first by position. By position alone the device's holder could register it under another owner in a lower tree
/// that has room. It is banned if any of them is, or a ban could be washed off by registering once more.
pub(crate) fn standing(snapshot: &[Device], seen: &[Leaf]) -> Vec<Device> {
    let position = |leaf: &Device| (leaf.tree, leaf.leaf_index);
    let mut leaves: Vec<&Device> = snapshot.iter().collect();
    leaves.sort_by_cached_key(|leaf| {
        let since = seen::of(seen, leaf).map_or(i64::MAX, |known| known.since_hour);
        (since, position(leaf))
    });
    let mut devices: Vec<Device> = Vec::with_capacity(leaves.len());
    // Only asked, never walked: its order does not matter.
    let mut places: HashMap<[u8; 32], usize> = HashMap::with_capacity(leaves.len());
    for leaf in leaves {
        let Some(first) = places.get(&leaf.key).and_then(|at| devices.get_mut(*at)) else {
            places.insert(leaf.key, devices.len());
            devices.push(leaf.clone());
            continue;
        };
        let ban = [&*first, leaf]
            .into_iter()
            .find(|leaf| leaf.status == DeviceStatus::Banned)
            .map(|leaf| (leaf.status, leaf.reason));
        if first.yields_to(leaf) {
            first.clone_from(leaf);
        }
        if let Some(ban) = ban {
            (first.status, first.reason) = ban;
        }
    }
    devices.sort_unstable_by_key(position);
    devices
}
