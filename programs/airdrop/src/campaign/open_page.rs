#![expect(
    unused_variables,
    reason = "Anchor reads the arguments again when the instruction ends and leaves them unused"
)]

use anchor_lang::prelude::*;
use cairn_merkle::drop_pages_for;

use crate::{
    constants::{ACCOUNT_VERSION, CAMPAIGN_PAGE_SEED},
    error::AirdropError,
    event::{CampaignPageOpened, emit},
    state::{Bits, CampaignPage, CampaignPageAccount, StandingCampaign},
};

/// Which page.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct OpenCampaignPageArgs {
    /// Holds the claimants at `page × 80,000` to `page × 80,000 + 79,999`.
    pub page: u32,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: OpenCampaignPageArgs)]
pub struct OpenCampaignPage {
    /// Pays the page's rent and gets it back; anyone may.
    #[account(mut)]
    pub payer: Signer,
    #[account(
        mut,
        constraint = campaign.is_open() @ AirdropError::CampaignNotOpen,
    )]
    pub campaign: StandingCampaign,
    #[account(
        init,
        payer = payer,
        space = CampaignPage::space(campaign.leaf_count, args.page),
        seeds = [CAMPAIGN_PAGE_SEED, campaign.address().as_ref(), args.page.to_le_bytes()],
        bump
    )]
    pub page: CampaignPageAccount,
    pub system_program: Program<System>,
}

pub fn handler(ctx: &mut Context<OpenCampaignPage>, args: OpenCampaignPageArgs) -> Result<()> {
    let OpenCampaignPage {
        payer,
        campaign,
        page,
        ..
    } = &mut ctx.accounts;
    require!(
        args.page < drop_pages_for(campaign.leaf_count),
        AirdropError::CampaignPageRange
    );
    page.campaign = *campaign.address();
    page.rent_payer = *payer.address();
    page.page = args.page;
    page.version = ACCOUNT_VERSION;
    page.bump = ctx.bumps.page;
    // The account was created with room for its claimants' bits and no more: full is complete.
    while page.try_push(Bits { bytes: [0; 40] }).is_ok() {}
    campaign.pages = campaign
        .pages
        .checked_add(1)
        .ok_or(AirdropError::Overflow)?;
    campaign.invariant()?;

    let event = CampaignPageOpened {
        campaign: page.campaign,
        payer: page.rent_payer,
        page: args.page,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
