use anchor_lang::prelude::*;

use crate::{
    error::AirdropError,
    event::{CampaignExtended, emit},
    state::StandingCampaign,
};

/// Until when.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct ExtendCampaignArgs {
    /// Unix seconds of the last claim from now on.
    pub expires_at: i64,
}

#[event_cpi]
#[derive(Accounts)]
pub struct ExtendCampaign {
    #[account(address = campaign.creator @ AirdropError::NotCreator)]
    pub creator: Signer,
    #[account(
        mut,
        constraint = !campaign.is_swept() @ AirdropError::CampaignNotOpen,
    )]
    pub campaign: StandingCampaign,
}

pub fn handler(ctx: &mut Context<ExtendCampaign>, args: ExtendCampaignArgs) -> Result<()> {
    let campaign = &mut ctx.accounts.campaign;
    // Claimants rely on the date they were told; a sweep that nobody ran yet is no reason to keep it.
    require!(
        args.expires_at > campaign.expires_at,
        AirdropError::ExpiryShortened
    );
    require!(
        args.expires_at > Clock::get()?.unix_timestamp,
        AirdropError::CampaignTimes
    );
    let old_expires_at = campaign.expires_at;
    campaign.expires_at = args.expires_at;
    campaign.invariant()?;

    let event = CampaignExtended {
        campaign: *campaign.address(),
        old_expires_at,
        expires_at: args.expires_at,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
