//! A device's row and its leaf: the same fields, once as files have them and once as the program hashes them.

use cairn_epoch::{Device, DeviceStatus, Entry};
use cairn_interface::registry::{DeviceLeaf, constants};

// The row's codes are the program's: a file that said otherwise would lead to another root.
const _: () = assert!(DeviceStatus::Active.code() == constants::STATUS_ACTIVE);
const _: () = assert!(DeviceStatus::Banned.code() == constants::STATUS_BANNED);
// 4.56 million devices are 876 MB.
const _: () = assert!(size_of::<Device>() <= 192);

/// The leaf that the program hashed for a row.
#[must_use]
pub const fn leaf_of(row: &Device) -> DeviceLeaf {
    DeviceLeaf {
        device: row.key,
        owner: row.owner,
        issuer: row.issuer,
        hardware: row.hardware,
        location: row.location,
        sequence: row.sequence,
        model: row.model,
        reason: row.reason,
        country: row.country,
        class: row.class,
        location_kind: row.location_kind,
        status: row.status.code(),
    }
}

/// The row of a leaf at a position. Total: a leaf that was imported may hold anything, and changes like any other.
#[must_use]
pub const fn row_of(tree: u16, leaf_index: u32, entry: Entry, leaf: &DeviceLeaf) -> Device {
    Device {
        key: leaf.device,
        tree,
        leaf_index,
        owner: leaf.owner,
        class: leaf.class,
        model: leaf.model,
        issuer: leaf.issuer,
        country: leaf.country,
        status: DeviceStatus::of(leaf.status),
        reason: leaf.reason,
        location_kind: leaf.location_kind,
        location: leaf.location,
        sequence: leaf.sequence,
        hardware: leaf.hardware,
        entry,
    }
}

/// What a transfer makes of a device.
#[must_use]
pub fn transferred(row: &Device, owner: [u8; 32]) -> Device {
    Device {
        owner,
        sequence: row.sequence.saturating_add(1),
        ..row.clone()
    }
}

/// What a ban, or the end of one, makes of a device.
#[must_use]
pub fn judged(row: &Device, status: DeviceStatus, reason: u16) -> Device {
    Device {
        status,
        reason,
        sequence: row.sequence.saturating_add(1),
        ..row.clone()
    }
}
