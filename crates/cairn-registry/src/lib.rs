//! The device registry off chain. The chain keeps a root for each tree and says in events what changed; the devices
//! themselves stand in a published file. Whatever is asked about them is asked here:
//!
//! | question | answer |
//! |---|---|
//! | which fields are hashed, and back | [`leaf_of`], [`row_of`] |
//! | what a change makes of a device | [`transferred`], [`judged`] |
//! | which devices there are, by tree and position | [`Snapshot`] |
//! | whether rows are what the chain has | [`compare`] |
//! | the registry from nothing but the chain's events | [`Replica`] |
//! | the published file | [`DevicesFile`] |
//!
//! Nothing here asks a node: accounts and events are handed in. A device is one flat row without text of its own
//! ([`cairn_epoch::Device`]), so that millions fit in memory.
#![forbid(unsafe_code)]

mod compare;
mod file;
mod replica;
mod row;
mod snapshot;

pub use compare::{Compared, Standing, TreeFault, compare};
pub use file::{DevicesFault, DevicesFile, is_published};
pub use replica::{Applied, EventFault, Import, Replica, TreeReplica};
pub use row::{judged, leaf_of, row_of, transferred};
pub use snapshot::Snapshot;
