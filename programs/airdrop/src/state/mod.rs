//! The program's accounts: zero-copy, fixed layout, version and reserved bytes in each.

mod campaign;
mod campaign_page;
mod vesting;

pub use campaign::{
    Campaign, CampaignAccount, CampaignStatus, CampaignTombstone, NotBuried, StandingCampaign,
    campaign_canopy_complete,
};
pub use campaign_page::{
    Bits, CampaignPage, CampaignPageAccount, OpenedCampaignPage, PageOpen, mark_claimed,
};
pub use vesting::{OpenedVesting, Vesting, VestingOpen};
