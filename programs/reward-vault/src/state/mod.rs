//! The program's accounts: zero-copy, fixed layout, version and reserved bytes in each.

mod epoch;
mod member_page;
mod pool;

pub use epoch::{Epoch, EpochAccount, EpochStatus, canopy_complete, refresh_status};
pub use member_page::{MemberPage, MemberSlot, OpenedPage};
pub use pool::Pool;
