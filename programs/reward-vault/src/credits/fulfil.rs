use anchor_lang::{address_eq, prelude::*};

use crate::{
    error::VaultError,
    event::{CreditsFulfilled, emit},
    state::{KnownCarrier, KnownPool, KnownRedemption},
};

/// What the carrier delivered.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct FulfilCreditsArgs {
    /// The redemption's credits.
    pub credits: u64,
    /// The redemption's commitment.
    pub commitment: [u8; 32],
    /// SHA-256 of the carrier's receipt, which member and carrier keep.
    pub receipt_hash: [u8; 32],
}

#[event_cpi]
#[derive(Accounts)]
pub struct FulfilCredits {
    /// The carrier's key.
    #[account(address = redemption.carrier @ VaultError::WrongCarrier)]
    pub signer: Signer,
    #[account(mut)]
    pub pool: KnownPool,
    #[account(
        mut,
        constraint = address_eq(&carrier.pool, pool.address()) @ VaultError::WrongPool,
        constraint = address_eq(&carrier.carrier, &redemption.carrier) @ VaultError::WrongCarrier,
    )]
    pub carrier: KnownCarrier,
    /// Closes.
    #[account(
        mut,
        close = rent_payer,
        constraint = address_eq(&redemption.pool, pool.address()) @ VaultError::WrongRedemption,
    )]
    pub redemption: KnownRedemption,
    /// Gets the redemption's rent back.
    #[account(mut, unsafe(dup), address = redemption.rent_payer @ VaultError::WrongRentPayer)]
    pub rent_payer: UncheckedAccount,
}

impl FulfilCredits {
    /// Checks fields in order. Credits and commitment make a signature that comes late useless for another redemption
    /// that its member opened meanwhile under the same nonce.
    fn validate(&self, args: &FulfilCreditsArgs, now: i64) -> Result<()> {
        let redemption = &self.redemption;
        require!(
            args.credits == redemption.credits && args.commitment == redemption.commitment,
            VaultError::RedemptionChanged
        );
        require!(now <= redemption.deadline, VaultError::RedemptionExpired);
        Ok(())
    }
}

/// Ends a redemption that was delivered. A pause does not stop it: the carrier has a deadline and takes no token.
pub fn handler(ctx: &mut Context<FulfilCredits>, args: FulfilCreditsArgs) -> Result<()> {
    ctx.accounts.validate(&args, Clock::get()?.unix_timestamp)?;
    let FulfilCredits {
        pool,
        carrier,
        redemption,
        ..
    } = &mut ctx.accounts;
    carrier.fulfil(redemption.credits)?;
    pool.fulfil_credits(redemption.credits)?;
    carrier.invariant()?;
    pool.invariant()?;

    let event = CreditsFulfilled {
        pool: redemption.pool,
        owner: redemption.owner,
        carrier: redemption.carrier,
        commitment: redemption.commitment,
        receipt_hash: args.receipt_hash,
        nonce: redemption.nonce,
        credits: redemption.credits,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
