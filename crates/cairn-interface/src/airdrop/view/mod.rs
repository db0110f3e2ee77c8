//! The accounts of airdrop as plain owned types.

mod campaign;
mod drop;

pub use campaign::{CampaignStatus, CampaignView, ClosedCampaignView};
pub use drop::{CampaignPageView, VestingView};
