use anchor_lang::{address_eq, prelude::*};

use crate::{
    error::VaultError,
    event::{CreditsRefunded, emit},
    state::{KnownCarrier, KnownPool, KnownRedemption, OpenedPage},
};

#[event_cpi]
#[derive(Accounts)]
pub struct RefundCredits {
    #[account(mut)]
    pub pool: KnownPool,
    /// The page that holds the member's counters.
    #[account(
        mut,
        constraint = address_eq(&page.pool, pool.address()) @ VaultError::WrongPool,
    )]
    pub page: OpenedPage,
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
    #[account(mut, address = redemption.rent_payer @ VaultError::WrongRentPayer)]
    pub rent_payer: UncheckedAccount,
}

/// Ends a redemption that nobody delivered in time. Anyone may send it, and a pause does not stop it: it takes
/// nothing out of the pool.
pub fn handler(ctx: &mut Context<RefundCredits>) -> Result<()> {
    let RefundCredits {
        pool,
        page,
        carrier,
        redemption,
        ..
    } = &mut ctx.accounts;
    let now = Clock::get()?.unix_timestamp;
    require!(now > redemption.deadline, VaultError::RedemptionNotExpired);
    let slot = page.slot_mut(redemption.index)?;
    slot.refund_credits(redemption.credits)?;
    carrier.release(redemption.credits)?;
    pool.refund_credits(redemption.credits)?;
    carrier.invariant()?;
    pool.invariant()?;

    let event = CreditsRefunded {
        pool: redemption.pool,
        owner: redemption.owner,
        carrier: redemption.carrier,
        nonce: redemption.nonce,
        credits: redemption.credits,
        credits_redeemed: slot.credits_redeemed(),
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
