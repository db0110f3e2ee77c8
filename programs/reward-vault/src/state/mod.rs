//! The program's accounts: zero-copy, fixed layout, version and reserved bytes in each.

mod challenge;
mod credits;
mod epoch;
mod epoch_status;
mod known;
mod legacy;
mod member_page;
mod outflow;
mod params;
mod pool;
mod recipient;
mod roles;
mod round;
mod ruleset;
mod spending;
mod tombstone;
mod totals;
mod window;

pub use challenge::{Challenge, ChallengeKnown, KnownChallenge};
pub use credits::{Carrier, Redemption};
pub use epoch::{Epoch, EpochAccount, canopy_complete, refresh_status, veto};
pub use epoch_status::EpochStatus;
pub use known::{
    AnyPool, CarrierKnown, KnownCarrier, KnownPool, KnownReceipt, KnownRecipient, KnownRedemption,
    KnownRound, ReceiptKnown, RecipientKnown, RedemptionKnown, RoundKnown,
};
pub use legacy::{
    EPOCH_GROWTH, PoolTail, epoch_layout, epoch_version, is_other_epoch_version, pool_layout,
    pool_version, upgrade_epoch, upgrade_pool,
};
pub use member_page::{MemberPage, MemberSlot, OpenedPage};
pub use outflow::{Asker, Breaker, Outflow, Room};
pub use params::{Params, PendingParams, StoredParams};
pub use pool::{Allowance, Pool};
pub use recipient::Recipient;
pub use roles::{KeeperSet, PendingRoles};
pub use round::{BurnReceipt, BurnRound};
pub use ruleset::PendingRuleset;
pub use tombstone::{
    ClosableEpoch, EpochClosable, EpochKnown, EpochTombstone, KnownEpoch, require_current,
};
pub use totals::TotalsBefore;
