#![expect(
    unused_variables,
    reason = "Anchor reads the arguments again when the instruction ends and leaves them unused"
)]

use anchor_lang::{address_eq, prelude::*};

use crate::{
    constants::{ACCOUNT_VERSION, REDEMPTION_SEED},
    error::VaultError,
    event::{CreditsRedeemed, emit},
    member::leaf::{MemberLeaf, prove_member},
    state::{KnownCarrier, KnownEpoch, KnownPool, OpenedPage, Redemption},
};

/// The member's leaf with its proof, and what to redeem of it.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct RedeemCreditsArgs {
    pub leaf: MemberLeaf,
    /// Data credits to redeem.
    pub credits: u64,
    /// The member's own number for this redemption, unlike that of any other that is open.
    pub nonce: u64,
    /// What is to be delivered, as a salted hash that only member and carrier can open.
    pub commitment: [u8; 32],
    /// Siblings from the leaf up to the canopy: 40 bytes each, hash, then sum as u64.
    pub proof: Vec<u8>,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: RedeemCreditsArgs)]
pub struct RedeemCredits {
    /// Pays the redemption's rent and gets it back when it ends; may be the owner.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The member. Nobody redeems another one's credits.
    pub owner: Signer,
    #[account(mut)]
    pub pool: KnownPool,
    /// The active epoch, or the one before it.
    #[account(
        constraint = address_eq(&epoch.pool, pool.address()) @ VaultError::WrongPool,
    )]
    pub epoch: KnownEpoch,
    /// The page that holds the member's counters.
    #[account(
        mut,
        constraint = address_eq(&page.pool, pool.address()) @ VaultError::WrongPool,
    )]
    pub page: OpenedPage,
    /// Whoever is to deliver.
    #[account(
        mut,
        constraint = address_eq(&carrier.pool, pool.address()) @ VaultError::WrongPool,
        constraint = carrier.active != 0 @ VaultError::CarrierInactive,
    )]
    pub carrier: KnownCarrier,
    #[account(
        init,
        payer = payer,
        seeds = [
            REDEMPTION_SEED,
            pool.address().as_ref(),
            owner.address().as_ref(),
            args.nonce.to_le_bytes()
        ],
        bump
    )]
    pub redemption: Account<Redemption>,
    pub system_program: Program<System>,
}

impl RedeemCredits {
    /// Checks fields in order.
    fn validate(&self, args: &RedeemCreditsArgs, now: i64) -> Result<()> {
        self.pool.require_running(now)?;
        require!(args.credits > 0, VaultError::CreditsZero);
        require!(args.commitment != [0; 32], VaultError::CommitmentZero);
        prove_member(
            &self.pool,
            &self.epoch,
            self.owner.address(),
            &args.leaf,
            &args.proof,
        )
    }
}

pub fn handler(ctx: &mut Context<RedeemCredits>, args: RedeemCreditsArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    ctx.accounts.validate(&args, now)?;
    let RedeemCredits {
        payer,
        owner,
        pool,
        page,
        carrier,
        redemption,
        ..
    } = &mut ctx.accounts;
    let slot = page.slot_mut(args.leaf.index)?;
    slot.redeem_credits(args.leaf.credits, args.credits)?;
    pool.redeem_credits(args.credits)?;
    carrier.redeem(args.credits)?;
    redemption.pool = *pool.address();
    redemption.owner = *owner.address();
    redemption.carrier = carrier.carrier;
    redemption.rent_payer = *payer.address();
    redemption.commitment = args.commitment;
    redemption.credits = args.credits;
    redemption.nonce = args.nonce;
    redemption.deadline = carrier.deadline(now);
    redemption.index = args.leaf.index;
    redemption.bump = ctx.bumps.redemption;
    redemption.version = ACCOUNT_VERSION;
    redemption.invariant()?;
    carrier.invariant()?;
    pool.invariant()?;

    let event = CreditsRedeemed {
        pool: redemption.pool,
        owner: redemption.owner,
        carrier: redemption.carrier,
        commitment: redemption.commitment,
        nonce: redemption.nonce,
        credits: redemption.credits,
        credits_redeemed: slot.credits_redeemed(),
        deadline: redemption.deadline,
        index: redemption.index,
        reserved: [0; 4],
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
