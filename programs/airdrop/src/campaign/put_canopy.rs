use anchor_lang::prelude::*;
use cairn_onchain::canopy::{self, PutCanopyArgs};

use crate::{
    error::AirdropError,
    event::{CampaignCanopyStored, emit},
    state::StandingCampaign,
};

#[event_cpi]
#[derive(Accounts)]
pub struct PutCampaignCanopy {
    #[account(address = campaign.creator @ AirdropError::NotCreator)]
    pub creator: Signer,
    #[account(
        mut,
        constraint = campaign.is_draft() @ AirdropError::CampaignNotDraft,
    )]
    pub campaign: StandingCampaign,
}

pub fn handler(ctx: &mut Context<PutCampaignCanopy>, args: PutCanopyArgs) -> Result<()> {
    let campaign = &mut ctx.accounts.campaign;
    let target = campaign.canopy();
    let progress = canopy::put::<AirdropError, _>(campaign, target, &args)?;
    campaign.invariant()?;

    let event = CampaignCanopyStored {
        campaign: *campaign.address(),
        stored: progress.stored,
        needed: progress.needed,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
