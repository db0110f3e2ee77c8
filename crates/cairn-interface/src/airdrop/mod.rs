//! airdrop: addresses, instructions, accounts, events of campaigns.

mod campaign;
mod drop;
mod event;
mod invariant;
mod kind;
mod state;

use ::airdrop::{
    constants::{CAMPAIGN_PAGE_SEED, CAMPAIGN_SEED, CAMPAIGN_VAULT_SEED, VESTING_SEED},
    state as on_chain,
};
use cairn_merkle::LeafIndex;
use solana_sdk::pubkey::Pubkey;

use crate::{build, ids::AIRDROP};

pub use ::airdrop::AirdropError;
pub use cairn_onchain::canopy::MAX_CANOPY_DEPTH;
pub use campaign::{
    CloseCampaign, CloseCampaignPage, CloseVesting, CreateCampaign, ExtendCampaign, OpenCampaign,
    OpenCampaignPage, PutCampaignCanopy, SweepCampaign,
};
pub use drop::{ClaimDrop, ClaimVested};
pub use event::*;
pub use invariant::invariant;
pub use kind::Kind;
pub use state::{
    CampaignFacts, CampaignPageFacts, CampaignPageView, CampaignStatus, CampaignView,
    ClosedCampaignView, VestingView,
};

/// Bytes of a vesting account.
pub const VESTING_LEN: usize = DISCRIMINATOR_LEN + size_of::<on_chain::Vesting>();
/// Bytes of the tombstone that stays of a closed campaign.
pub const CLOSED_CAMPAIGN_LEN: usize = DISCRIMINATOR_LEN + size_of::<on_chain::CampaignTombstone>();
const DISCRIMINATOR_LEN: usize = 8;

/// Bytes of the account of a campaign of `leaf_count` drops that wishes `canopy_depth` levels of canopy.
#[must_use]
pub fn campaign_len(leaf_count: u32, canopy_depth: u8) -> usize {
    on_chain::Campaign::space(leaf_count, canopy_depth)
}

/// Bytes of the account of the bits of `page` of a campaign of `leaf_count` drops.
#[must_use]
pub fn campaign_page_len(leaf_count: u32, page: u32) -> usize {
    on_chain::CampaignPage::space(leaf_count, page)
}

/// The campaign numbered `id` of `creator`, and its bump.
#[must_use]
pub fn campaign_address(creator: &Pubkey, id: u64) -> (Pubkey, u8) {
    let id = id.to_le_bytes();
    Pubkey::find_program_address(&[CAMPAIGN_SEED, creator.as_ref(), &id], &AIRDROP)
}

/// The token account that holds a campaign's drops.
#[must_use]
pub fn campaign_vault_address(campaign: &Pubkey) -> (Pubkey, u8) {
    Pubkey::find_program_address(&[CAMPAIGN_VAULT_SEED, campaign.as_ref()], &AIRDROP)
}

/// The account of the bits of a campaign's claimants on `page` (see `cairn_merkle::drop_page_of`).
#[must_use]
pub fn campaign_page_address(campaign: &Pubkey, page: u32) -> (Pubkey, u8) {
    let page = page.to_le_bytes();
    Pubkey::find_program_address(&[CAMPAIGN_PAGE_SEED, campaign.as_ref(), &page], &AIRDROP)
}

/// The account of what is locked of the drop at `index`.
#[must_use]
pub fn vesting_address(campaign: &Pubkey, index: LeafIndex) -> (Pubkey, u8) {
    let index = index.get().to_le_bytes();
    Pubkey::find_program_address(&[VESTING_SEED, campaign.as_ref(), &index], &AIRDROP)
}

/// The key that signs the program's events to itself.
#[must_use]
pub fn event_authority() -> Pubkey {
    build::event_authority(&AIRDROP)
}
