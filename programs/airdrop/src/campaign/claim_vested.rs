use anchor_lang::{address_eq, prelude::*};
use cairn_onchain::token::{Payout, pay, payable_owner};

use crate::{
    constants::CAMPAIGN_SEED,
    error::AirdropError,
    event::{VestedClaimed, emit},
    state::{OpenedVesting, StandingCampaign},
};

/// How to check the destination.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct ClaimVestedArgs {
    /// Bump of the owner's associated token account.
    pub destination_bump: u8,
}

#[event_cpi]
#[derive(Accounts)]
pub struct ClaimVested {
    #[account(mut)]
    pub campaign: StandingCampaign,
    #[account(
        mut,
        constraint = address_eq(&vesting.campaign, campaign.address()) @ AirdropError::WrongCampaign,
    )]
    pub vesting: OpenedVesting,
    /// The campaign's token account.
    #[account(mut, address = campaign.vault @ AirdropError::WrongVault)]
    pub vault: UncheckedAccount,
    #[account(address = campaign.mint @ AirdropError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The claimant's associated token account.
    #[account(mut)]
    pub destination: UncheckedAccount,
    #[account(address = campaign.token_program @ AirdropError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
    /// Needed when the destination requires a memo.
    pub memo_program: Option<UncheckedAccount>,
}

impl ClaimVested {
    /// Checks fields in order.
    fn validate(&self, args: &ClaimVestedArgs, now: i64) -> Result<()> {
        let campaign = &self.campaign;
        campaign.require_claimable(now)?;
        let owner = payable_owner::<AirdropError>(
            self.destination.account(),
            &campaign.mint,
            &campaign.token_program,
            args.destination_bump,
        )?;
        require!(
            address_eq(&owner, &self.vesting.owner),
            AirdropError::DestinationNotOwner
        );
        Ok(())
    }
}

pub fn handler(ctx: &mut Context<ClaimVested>, args: ClaimVestedArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    ctx.accounts.validate(&args, now)?;
    let ClaimVested {
        campaign,
        vesting,
        vault,
        mint,
        destination,
        token_program,
        memo_program,
        ..
    } = &mut ctx.accounts;
    // Counted before a token moves, as with every payout.
    let vested = campaign.vested(vesting.locked, now);
    let paid = vesting.draw(vested)?;
    campaign.count_claimed(paid)?;
    let received = pay::<AirdropError>(
        Payout {
            token_program,
            vault,
            mint,
            destination,
            authority: campaign.cpi_handle(),
            memo_program: memo_program.as_ref(),
        },
        paid,
        campaign.decimals,
        &[&[
            CAMPAIGN_SEED,
            campaign.creator.as_ref(),
            &campaign.id.to_le_bytes(),
            &[campaign.bump],
        ]],
    )?;
    vesting.invariant()?;
    campaign.invariant()?;

    let event = VestedClaimed {
        campaign: *campaign.address(),
        owner: vesting.owner,
        paid,
        received,
        locked: vesting.locked,
        vested_paid: vesting.paid,
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
