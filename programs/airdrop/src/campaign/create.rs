#![expect(
    unused_variables,
    reason = "Anchor reads the arguments again when the instruction ends and leaves them unused"
)]

use anchor_lang::prelude::*;
use cairn_merkle::depth_for;
use cairn_onchain::{
    canopy::{self, MAX_CANOPY_DEPTH},
    token::{NewVault, check_mint, create_vault},
};

use crate::{
    constants::{ACCOUNT_VERSION, CAMPAIGN_SEED, CAMPAIGN_VAULT_SEED},
    error::AirdropError,
    event::{CampaignCreated, emit},
    state::{Campaign, CampaignAccount, CampaignStatus},
};

/// What a campaign is. Only the expiry changes later, and only to a later second.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct CreateCampaignArgs {
    /// Tells apart several campaigns of one creator.
    pub id: u64,
    /// The wallet whose canonical token account gets what nobody claims.
    pub receiver: Address,
    /// Hash of the tree's root.
    pub root: [u8; 32],
    /// Base units of all drops: the root's sum.
    pub tokens: u64,
    /// Drops in the tree, 1 to 2^24.
    pub leaf_count: u32,
    /// SHA-256 of the published list of drops.
    pub snapshot_hash: [u8; 32],
    /// Unix seconds of the first claim.
    pub starts_at: i64,
    /// Unix seconds from which locked parts vest.
    pub vesting_start: i64,
    /// Unix seconds before which nothing of a locked part is paid.
    pub cliff_at: i64,
    /// Unix seconds at which locked parts are vested.
    pub vesting_end: i64,
    /// Unix seconds of the last claim.
    pub expires_at: i64,
    /// Levels of the tree that the account stores, at most 7; fewer when the tree is lower.
    pub canopy_depth: u8,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: CreateCampaignArgs)]
pub struct CreateCampaign {
    /// Pays the rent of campaign and vault and gets it back. Part of the address: nobody else can take it.
    #[account(mut)]
    pub creator: Signer,
    /// The token to drop.
    pub mint: UncheckedAccount,
    /// Its token program, checked with the mint.
    pub token_program: UncheckedAccount,
    #[account(
        init,
        payer = creator,
        space = Campaign::space(args.leaf_count, args.canopy_depth),
        seeds = [CAMPAIGN_SEED, creator.address().as_ref(), args.id.to_le_bytes()],
        bump
    )]
    pub campaign: CampaignAccount,
    /// The token account to be, created below: Anchor would create it before the mint is checked.
    #[account(mut, seeds = [CAMPAIGN_VAULT_SEED, campaign.address().as_ref()], bump)]
    pub vault: UncheckedAccount,
    pub system_program: Program<System>,
}

impl CreateCampaign {
    /// Checks fields in order; the times are checked once they are written. Returns the mint's decimals.
    fn validate(&self, args: &CreateCampaignArgs) -> Result<u8> {
        require!(args.receiver != Address::default(), AirdropError::ZeroKey);
        require!(args.root != [0; 32], AirdropError::RootZero);
        require!(args.tokens > 0, AirdropError::CampaignTokensZero);
        depth_for(args.leaf_count).map_err(AirdropError::from)?;
        require!(
            args.canopy_depth <= MAX_CANOPY_DEPTH,
            AirdropError::CanopyDepthRange
        );
        check_mint::<AirdropError>(&self.mint, self.token_program.address())
    }
}

pub fn handler(ctx: &mut Context<CreateCampaign>, args: CreateCampaignArgs) -> Result<()> {
    let decimals = ctx.accounts.validate(&args)?;
    let CreateCampaign {
        creator,
        mint,
        token_program,
        campaign,
        vault,
        ..
    } = &mut ctx.accounts;
    let address = *campaign.address();
    create_vault::<AirdropError>(
        NewVault {
            payer: creator.account(),
            vault,
            mint,
            token_program,
            owner: &address,
        },
        &[CAMPAIGN_VAULT_SEED, address.as_ref(), &[ctx.bumps.vault]],
    )?;
    campaign.creator = *creator.address();
    campaign.mint = *mint.address();
    campaign.token_program = *token_program.address();
    campaign.vault = *vault.address();
    campaign.decimals = decimals;
    campaign.bump = ctx.bumps.campaign;
    campaign.vault_bump = ctx.bumps.vault;
    freeze(campaign, &args)?;
    require!(
        campaign.times_follow() && campaign.expires_at > Clock::get()?.unix_timestamp,
        AirdropError::CampaignTimes
    );
    let canopy = campaign.canopy();
    canopy::start(campaign, canopy)?;
    campaign.invariant()?;

    let event = said(campaign, address);
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}

/// Writes what the campaign is created with.
fn freeze(campaign: &mut Campaign, args: &CreateCampaignArgs) -> Result<()> {
    campaign.receiver = args.receiver;
    campaign.root = args.root;
    campaign.snapshot_hash = args.snapshot_hash;
    campaign.id = args.id;
    campaign.tokens = args.tokens;
    campaign.starts_at = args.starts_at;
    campaign.vesting_start = args.vesting_start;
    campaign.cliff_at = args.cliff_at;
    campaign.vesting_end = args.vesting_end;
    campaign.expires_at = args.expires_at;
    campaign.leaf_count = args.leaf_count;
    campaign.depth = depth_for(args.leaf_count).map_err(AirdropError::from)?;
    campaign.canopy_depth = Campaign::canopy_levels(args.leaf_count, args.canopy_depth);
    campaign.status = CampaignStatus::Draft as u8;
    campaign.version = ACCOUNT_VERSION;
    Ok(())
}

fn said(campaign: &Campaign, address: Address) -> CampaignCreated {
    CampaignCreated {
        campaign: address,
        creator: campaign.creator,
        mint: campaign.mint,
        receiver: campaign.receiver,
        root: campaign.root,
        snapshot_hash: campaign.snapshot_hash,
        id: campaign.id,
        tokens: campaign.tokens,
        starts_at: campaign.starts_at,
        vesting_start: campaign.vesting_start,
        cliff_at: campaign.cliff_at,
        vesting_end: campaign.vesting_end,
        expires_at: campaign.expires_at,
        leaf_count: campaign.leaf_count,
        depth: campaign.depth,
        canopy_depth: campaign.canopy_depth,
        reserved: [0; 2],
    }
}
