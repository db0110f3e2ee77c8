//! The frozen inputs of an epoch besides evidence and rules: what the registry, the streams, the chain and the epoch
//! before say. Each has a type, one writer and one reader; a reader refuses what the writer would not have written.

mod anchor;
mod device;
mod epoch;
mod stream;

pub use anchor::{Anchor, read_anchors, write_anchors};
pub use device::{Device, DeviceStatus, asserted_cell, read_devices, write_devices};
pub use epoch::{EpochInput, read_epoch, write_epoch};
pub use stream::{Stream, read_streams, write_streams};

pub(crate) use anchor::decode_anchors;
pub(crate) use device::decode_devices;
pub(crate) use epoch::decode_epoch;
pub(crate) use stream::decode_streams;
