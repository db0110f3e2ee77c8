use anchor_lang::prelude::*;
use cairn_onchain::tombstone::bury;

use crate::{
    error::AirdropError,
    event::{CampaignClosed, emit},
    state::{CampaignTombstone, StandingCampaign},
};

#[event_cpi]
#[derive(Accounts)]
pub struct CloseCampaign {
    #[account(
        mut,
        constraint = campaign.is_swept() @ AirdropError::CampaignNotSwept,
    )]
    pub campaign: StandingCampaign,
    /// Who paid the campaign's rent; gets back all but the tombstone's.
    #[account(mut, address = campaign.creator @ AirdropError::WrongRentPayer)]
    pub creator: UncheckedAccount,
}

pub fn handler(ctx: &mut Context<CloseCampaign>) -> Result<()> {
    let campaign = &ctx.accounts.campaign;
    // Both name the campaign as their own and need it to be closed themselves.
    require!(
        campaign.pages == 0 && campaign.vestings == 0,
        AirdropError::CampaignNotEmpty
    );
    campaign.invariant()?;
    let event = CampaignClosed {
        campaign: *campaign.address(),
        creator: campaign.creator,
        claimed: campaign.claimed,
        swept: campaign.swept,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    // The number stays taken: a second campaign at this address would let the first one's proofs be claimed again.
    let CloseCampaign {
        campaign, creator, ..
    } = &mut ctx.accounts;
    let tombstone = CampaignTombstone::of(campaign);
    bury::<AirdropError, _>(*campaign.account(), &tombstone, *creator.account())
}
