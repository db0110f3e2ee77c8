use anchor_lang::prelude::*;

use crate::{
    error::AirdropError,
    event::{VestingClosed, emit},
    state::{StandingCampaign, Vesting},
};

#[event_cpi]
#[derive(Accounts)]
pub struct CloseVesting {
    #[account(mut)]
    pub campaign: StandingCampaign,
    #[account(
        mut,
        close = rent_payer,
        constraint = vesting.campaign == *campaign.address() @ AirdropError::WrongCampaign,
    )]
    pub vesting: Account<Vesting>,
    /// Who paid the account's rent.
    #[account(mut, address = vesting.rent_payer @ AirdropError::WrongRentPayer)]
    pub rent_payer: UncheckedAccount,
}

pub fn handler(ctx: &mut Context<CloseVesting>) -> Result<()> {
    let CloseVesting {
        campaign, vesting, ..
    } = &mut ctx.accounts;
    // Until then it says what its owner is still owed. It never comes back: the claimant's bit is set.
    require!(
        vesting.is_paid() || campaign.is_swept(),
        AirdropError::CampaignNotSwept
    );
    campaign.vestings = campaign
        .vestings
        .checked_sub(1)
        .ok_or(AirdropError::Overflow)?;
    campaign.invariant()?;

    let event = VestingClosed {
        campaign: *campaign.address(),
        owner: vesting.owner,
        rent_payer: vesting.rent_payer,
        locked: vesting.locked,
        paid: vesting.paid,
        index: vesting.index,
        reserved: [0; 4],
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
