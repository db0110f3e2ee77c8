//! The program's accounts: zero-copy, fixed layout, version and reserved bytes in each.

mod campaign;
mod campaign_page;
mod tombstone;
mod vesting;

pub use campaign::{Campaign, CampaignAccount, CampaignStatus, campaign_canopy_complete};
pub use campaign_page::{
    Bits, CampaignPage, CampaignPageAccount, OpenedCampaignPage, PageOpen, mark_claimed,
};
pub use tombstone::{CampaignTombstone, NotBuried, StandingCampaign};
pub use vesting::{OpenedVesting, Vesting, VestingOpen};
