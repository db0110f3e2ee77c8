//! The frozen inputs of an epoch besides evidence and rules: what the registry, the chain and the epoch before say. Each has a type, one writer and one reader; a reader refuses what the writer would not have written.

mod anchor;
mod burn;
mod device;
mod epoch;
mod genesis;
mod location;
mod taken;

pub use anchor::{Anchor, read_anchors, write_anchors};
pub use burn::{Burn, read_burns, write_burns};
pub use device::{Device, DeviceStatus, Entry, hashed_devices, read_devices, write_devices};
pub use epoch::{EpochInput, read_epoch, write_epoch};
pub use genesis::{Grant, encode_genesis, read_genesis};
pub use location::{Location, asserted_cell};
pub use taken::{Taken, read_taken, write_taken};

pub(crate) use anchor::{ANCHOR_FIELDS, decode_anchors};
pub(crate) use burn::{BURN_FIELDS, decode_burns};
pub(crate) use device::{DEVICE_FIELDS, decode_devices};
pub(crate) use epoch::{EPOCH_FIELDS, HOUR_MS, decode_epoch};
pub(crate) use genesis::{GENESIS_FIELDS, decode_genesis};
pub(crate) use taken::{TAKEN_FIELDS, decode_taken};
