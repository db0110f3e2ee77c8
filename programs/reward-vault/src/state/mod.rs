//! The program's accounts: zero-copy, fixed layout, version and reserved bytes in each.

mod credits;
mod emission;
mod epoch;
mod known;
mod member_page;
mod outflow;
mod params;
mod pool;
mod recipient;
mod round;
mod spending;
mod tombstone;

pub use credits::{Carrier, Redemption};
pub use epoch::{Epoch, EpochAccount, EpochStatus, canopy_complete, refresh_status};
pub use known::{
    AnyPool, CarrierKnown, KnownCarrier, KnownPool, KnownReceipt, KnownRecipient, KnownRedemption,
    KnownRound, ReceiptKnown, RecipientKnown, RedemptionKnown, RoundKnown,
};
pub use member_page::{MemberPage, MemberSlot, OpenedPage};
pub use outflow::{Outflow, Room};
pub use params::{Params, PendingParams};
pub use pool::Pool;
pub use recipient::Recipient;
pub use round::{BurnReceipt, BurnRound};
pub use tombstone::{ClosableEpoch, EpochClosable, EpochKnown, EpochTombstone, KnownEpoch};
