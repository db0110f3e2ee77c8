use anchor_lang::prelude::*;

use crate::{
    error::AirdropError,
    event::{CampaignPageClosed, emit},
    state::{CampaignPageAccount, StandingCampaign},
};

#[event_cpi]
#[derive(Accounts)]
pub struct CloseCampaignPage {
    /// Swept: before that the page's bits stand between a drop and its second claim.
    #[account(
        mut,
        constraint = campaign.is_swept() @ AirdropError::CampaignNotSwept,
    )]
    pub campaign: StandingCampaign,
    #[account(
        mut,
        close = rent_payer,
        constraint = page.campaign == *campaign.address() @ AirdropError::WrongCampaign,
    )]
    pub page: CampaignPageAccount,
    /// Who paid the page's rent.
    #[account(mut, address = page.rent_payer @ AirdropError::WrongRentPayer)]
    pub rent_payer: UncheckedAccount,
}

pub fn handler(ctx: &mut Context<CloseCampaignPage>) -> Result<()> {
    let CloseCampaignPage { campaign, page, .. } = &mut ctx.accounts;
    campaign.pages = campaign
        .pages
        .checked_sub(1)
        .ok_or(AirdropError::Overflow)?;
    campaign.invariant()?;

    let event = CampaignPageClosed {
        campaign: *campaign.address(),
        rent_payer: page.rent_payer,
        page: page.page,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
