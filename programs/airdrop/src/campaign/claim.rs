use anchor_lang::{AccountInitialize, address_eq, find_program_address, prelude::*};
use cairn_merkle::{DropLeaf, LeafIndex, Node, Tokens, verify};
use cairn_onchain::token::{Payout, pay, payable_owner};

use crate::{
    constants::{ACCOUNT_VERSION, CAMPAIGN_SEED, VESTING_SEED},
    error::{AirdropError, refuse},
    event::{DropClaimed, emit},
    state::{OpenedCampaignPage, StandingCampaign, Vesting, mark_claimed},
};

/// The claimant's leaf, but for its owner, who is read from the destination, and its proof.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct ClaimDropArgs {
    /// The claimant's index.
    pub index: u32,
    /// Base units that are paid at the claim.
    pub unlocked: u64,
    /// Base units that vest.
    pub locked: u64,
    /// Bump of the owner's associated token account.
    pub destination_bump: u8,
    /// Siblings from the leaf up to the canopy: 40 bytes each, hash, then sum as u64.
    pub proof: Vec<u8>,
}

/// Accounts of the campaign are recognised by owner program and discriminator and by the campaign they name: only this
/// program creates them, and only at their addresses.
#[event_cpi]
#[derive(Accounts)]
pub struct ClaimDrop {
    #[account(mut)]
    pub campaign: StandingCampaign,
    /// The page that holds the claimant's bit.
    #[account(
        mut,
        constraint = address_eq(&page.campaign, campaign.address()) @ AirdropError::WrongCampaign,
    )]
    pub page: OpenedCampaignPage,
    /// The campaign's token account.
    #[account(mut, address = campaign.vault @ AirdropError::WrongVault)]
    pub vault: UncheckedAccount,
    #[account(address = campaign.mint @ AirdropError::WrongMint)]
    pub mint: UncheckedAccount,
    /// The claimant's associated token account: its owner is the claimant.
    #[account(mut)]
    pub destination: UncheckedAccount,
    #[account(address = campaign.token_program @ AirdropError::WrongTokenProgram)]
    pub token_program: UncheckedAccount,
    /// The vesting account to be; needed when a part of the drop stays locked.
    #[account(mut)]
    pub vesting: Option<UncheckedAccount>,
    /// Pays the vesting account's rent and gets it back.
    #[account(mut)]
    pub rent_payer: Option<Signer>,
    /// Creates the vesting account.
    pub system_program: Option<Program<System>>,
    /// Needed when the destination requires a memo.
    pub memo_program: Option<UncheckedAccount>,
}

impl ClaimDrop {
    /// Checks fields in order and returns the claimant whose leaf it is.
    fn validate(&self, args: &ClaimDropArgs, now: i64) -> Result<Address> {
        let campaign = &self.campaign;
        campaign.require_claimable(now)?;
        let owner = payable_owner::<AirdropError>(
            self.destination.account(),
            &campaign.mint,
            &campaign.token_program,
            args.destination_bump,
        )?;
        let leaf = DropLeaf {
            campaign: campaign.address().to_bytes(),
            index: LeafIndex::new(args.index),
            owner: owner.to_bytes(),
            unlocked: Tokens::new(args.unlocked),
            locked: Tokens::new(args.locked),
        };
        let Some(proof) = Node::slice_from_bytes(&args.proof) else {
            return refuse(AirdropError::ProofBytes);
        };
        let proven = leaf.node().and_then(|node| {
            verify(
                node,
                LeafIndex::new(args.index),
                campaign.leaf_count,
                proof,
                campaign.as_slice(),
                campaign.canopy_depth,
            )
        });
        match proven {
            Ok(()) => Ok(owner),
            Err(error) => refuse(error),
        }
    }

    /// Creates the vesting account of a drop of which `paid` base units of the `locked` ones go out now.
    fn open_vesting(&mut self, owner: Address, args: &ClaimDropArgs, paid: u64) -> Result<()> {
        let (Some(account), Some(payer), Some(_)) =
            (&self.vesting, &self.rent_payer, &self.system_program)
        else {
            return refuse(AirdropError::VestingMissing);
        };
        let campaign = self.campaign.address();
        let index = args.index.to_le_bytes();
        // Found here and not taken from the sender: at another bump's address the claimant would look for it in vain.
        let (address, bump) =
            find_program_address(&[VESTING_SEED, campaign.as_ref(), &index], &crate::ID);
        require!(
            address_eq(&address, account.address()),
            AirdropError::VestingMissing
        );
        let mut vesting = Account::<Vesting>::create_and_initialize(
            payer.account(),
            account.account(),
            <Account<Vesting> as Space>::INIT_SPACE,
            &crate::ID,
            &(),
            Some(&[VESTING_SEED, campaign.as_ref(), &index, &[bump]]),
            None,
        )?;
        vesting.campaign = *campaign;
        vesting.owner = owner;
        vesting.rent_payer = *payer.address();
        vesting.locked = args.locked;
        vesting.paid = paid;
        vesting.index = args.index;
        vesting.bump = bump;
        vesting.version = ACCOUNT_VERSION;
        vesting.invariant()?;
        let vestings = self.campaign.vestings.checked_add(1);
        self.campaign.vestings = vestings.ok_or(AirdropError::Overflow)?;
        Ok(())
    }

    /// Sends `units` from the vault to the claimant, signed by the campaign; returns what arrived.
    fn pay(&mut self, units: u64) -> Result<u64> {
        let campaign = &self.campaign;
        pay::<AirdropError>(
            Payout {
                token_program: &self.token_program,
                vault: &mut self.vault,
                mint: &self.mint,
                destination: &mut self.destination,
                authority: campaign.cpi_handle(),
                memo_program: self.memo_program.as_ref(),
            },
            units,
            campaign.decimals,
            &[&[
                CAMPAIGN_SEED,
                campaign.creator.as_ref(),
                &campaign.id.to_le_bytes(),
                &[campaign.bump],
            ]],
        )
    }
}

pub fn handler(ctx: &mut Context<ClaimDrop>, args: ClaimDropArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut ctx.accounts;
    let owner = accounts.validate(&args, now)?;
    require!(
        args.unlocked > 0 || args.locked > 0,
        AirdropError::NothingToClaim
    );
    // Marked before a token moves: nothing that the transfer calls could come back and claim again.
    mark_claimed(&mut accounts.page, args.index)?;
    let vested = accounts.campaign.vested(args.locked, now);
    let paid = args
        .unlocked
        .checked_add(vested)
        .ok_or(AirdropError::Overflow)?;
    accounts.campaign.count_claimed(paid)?;
    if vested < args.locked {
        accounts.open_vesting(owner, &args, vested)?;
    }
    // Before its cliff a drop that is locked as a whole pays nothing yet; its claim starts the vesting account.
    let received = if paid > 0 { accounts.pay(paid)? } else { 0 };
    accounts.campaign.invariant()?;

    let event = DropClaimed {
        campaign: *accounts.campaign.address(),
        owner,
        unlocked: args.unlocked,
        locked: args.locked,
        paid,
        received,
        index: args.index,
        reserved: [0; 4],
    };
    emit(&accounts.event_authority, ctx.bumps.event_authority, event);
    Ok(())
}
