use anchor_lang::prelude::*;
use cairn_onchain::token::{Deposit, deposit, vault_balance};

use crate::{
    error::AirdropError,
    event::{CampaignOpened, emit},
    state::{CampaignStatus, StandingCampaign, campaign_canopy_complete},
};

/// How much to move.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct OpenCampaignArgs {
    /// Base units to take from the creator's account; u64::MAX takes what the vault lacks. A mint that takes a fee
    /// needs more than that.
    pub amount: u64,
}

#[event_cpi]
#[derive(Accounts)]
pub struct OpenCampaign {
    /// The owner or delegate of `from`.
    #[account(address = campaign.creator @ AirdropError::NotCreator)]
    pub creator: Signer,
    #[account(
        mut,
        constraint = campaign.is_draft() @ AirdropError::CampaignNotDraft,
    )]
    pub campaign: StandingCampaign,
    /// The campaign's token account.
    #[account(mut, address = campaign.vault @ AirdropError::WrongVault)]
    pub vault: UncheckedAccount,
    #[account(address = campaign.mint @ AirdropError::WrongMint)]
    pub mint: UncheckedAccount,
    /// Where the tokens come from; the token program checks it.
    #[account(mut)]
    pub from: UncheckedAccount,
    #[account(address = campaign.token_program @ AirdropError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
}

pub fn handler(ctx: &mut Context<OpenCampaign>, args: OpenCampaignArgs) -> Result<()> {
    let OpenCampaign {
        creator,
        campaign,
        vault,
        mint,
        from,
        token_program,
        ..
    } = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    require!(now <= campaign.expires_at, AirdropError::CampaignExpired);
    require!(
        campaign_canopy_complete(campaign),
        AirdropError::CanopyIncomplete
    );
    let held = vault_balance::<AirdropError>(vault, token_program.address())?;
    let amount = if args.amount == u64::MAX {
        campaign.tokens.saturating_sub(held)
    } else {
        args.amount
    };
    if amount > 0 {
        deposit::<AirdropError>(
            Deposit {
                token_program,
                from,
                mint,
                vault,
                authority: creator.cpi_handle(),
            },
            amount,
            campaign.decimals,
        )?;
    }
    // Every drop must be payable now, so that the last claimant is paid as surely as the first.
    let balance = vault_balance::<AirdropError>(vault, token_program.address())?;
    require!(balance >= campaign.tokens, AirdropError::CampaignVaultShort);
    campaign.status = CampaignStatus::Open as u8;
    campaign.invariant()?;

    let event = CampaignOpened {
        campaign: *campaign.address(),
        tokens: campaign.tokens,
        vault_balance: balance,
        opened_at: now,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
