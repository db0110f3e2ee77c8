use anchor_lang::{address_eq, prelude::*};
use cairn_onchain::token::{CloseVault, Payout, close_vault, pay, payable_owner, vault_balance};

use crate::{
    constants::CAMPAIGN_SEED,
    error::AirdropError,
    event::{CampaignSwept, emit},
    state::{CampaignStatus, StandingCampaign},
};

/// How to check the destination.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct SweepCampaignArgs {
    /// Bump of the receiver's associated token account.
    pub destination_bump: u8,
}

#[event_cpi]
#[derive(Accounts)]
pub struct SweepCampaign {
    #[account(
        mut,
        constraint = !campaign.is_swept() @ AirdropError::CampaignNotOpen,
    )]
    pub campaign: StandingCampaign,
    /// Gets the vault's rent; signs to give up a draft.
    #[account(mut, address = campaign.creator @ AirdropError::NotCreator)]
    pub creator: UncheckedAccount,
    /// The campaign's token account, closed here.
    #[account(mut, address = campaign.vault @ AirdropError::WrongVault)]
    pub vault: UncheckedAccount,
    /// Fees that the vault still holds go back to the mint before the vault closes.
    #[account(mut, address = campaign.mint @ AirdropError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The receiver's associated token account; not looked at when nothing is left.
    #[account(mut)]
    pub destination: UncheckedAccount,
    #[account(address = campaign.token_program @ AirdropError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
    /// Needed when the destination requires a memo.
    pub memo_program: Option<UncheckedAccount>,
}

impl SweepCampaign {
    /// Checks fields in order.
    fn validate(&self, args: &SweepCampaignArgs, now: i64, left: u64) -> Result<()> {
        let campaign = &self.campaign;
        let given_up = campaign.is_draft() && self.creator.account().is_signer();
        require!(
            given_up || now > campaign.expires_at,
            AirdropError::CampaignNotExpired
        );
        // An empty vault closes whatever became of the receiver's account.
        if left > 0 {
            let owner = payable_owner::<AirdropError>(
                self.destination.account(),
                &campaign.mint,
                &campaign.token_program,
                args.destination_bump,
            )?;
            require!(
                address_eq(&owner, &campaign.receiver),
                AirdropError::WrongReceiver
            );
        }
        Ok(())
    }
}

pub fn handler(ctx: &mut Context<SweepCampaign>, args: SweepCampaignArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut ctx.accounts;
    let left = vault_balance::<AirdropError>(&accounts.vault, accounts.token_program.address())?;
    accounts.validate(&args, now, left)?;
    accounts.campaign.status = CampaignStatus::Swept as u8;
    accounts.campaign.swept = left;
    let received = empty(accounts, left)?;
    accounts.campaign.invariant()?;

    let event = CampaignSwept {
        campaign: *accounts.campaign.address(),
        receiver: accounts.campaign.receiver,
        swept: left,
        received,
        claimed: accounts.campaign.claimed,
    };
    emit(&accounts.event_authority, ctx.bumps.event_authority, event);
    Ok(())
}

/// Sends all that is left to the receiver and closes the vault; returns what arrived.
fn empty(accounts: &mut SweepCampaign, left: u64) -> Result<u64> {
    let SweepCampaign {
        campaign,
        creator,
        vault,
        mint,
        destination,
        token_program,
        memo_program,
        ..
    } = accounts;
    let id = campaign.id.to_le_bytes();
    let bump = [campaign.bump];
    let seeds: [&[u8]; 4] = [CAMPAIGN_SEED, campaign.creator.as_ref(), &id, &bump];
    let signer: [&[&[u8]]; 1] = [&seeds];
    let received = if left > 0 {
        pay::<AirdropError>(
            Payout {
                token_program,
                vault,
                mint,
                destination,
                authority: campaign.cpi_handle(),
                memo_program: memo_program.as_ref(),
            },
            left,
            campaign.decimals,
            &signer,
        )?
    } else {
        0
    };
    close_vault(
        CloseVault {
            token_program,
            vault,
            mint,
            rent_to: creator.try_cpi_handle_mut()?,
            authority: campaign.cpi_handle(),
        },
        &signer,
    )?;
    Ok(received)
}
