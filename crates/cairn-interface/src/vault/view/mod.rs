//! The accounts of reward-vault as plain owned types.

mod credits;
mod epoch;
mod page;
mod params;
mod pool;
mod recipient;
mod round;
mod tombstone;

pub use credits::{CarrierView, RedemptionView};
pub use epoch::{EpochStatus, EpochView};
pub use page::{PageView, Slot};
pub use params::{PendingParams, PoolParams};
pub use pool::{OutflowView, PoolView, Room};
pub use recipient::RecipientView;
pub use round::{ReceiptView, RoundView};
pub use tombstone::{EpochRecord, EpochTombstoneView};
