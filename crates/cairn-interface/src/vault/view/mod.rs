//! The accounts of reward-vault as plain owned types.

mod epoch;
mod page;
mod pool;

pub use epoch::{EpochStatus, EpochView};
pub use page::{PageView, Slot};
pub use pool::PoolView;
