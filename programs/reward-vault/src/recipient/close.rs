use anchor_lang::{address_eq, prelude::*};

use crate::{
    error::VaultError,
    event::{RecipientClosed, emit},
    state::{KnownPool, KnownRecipient, OpenedPage},
};

#[event_cpi]
#[derive(Accounts)]
pub struct CloseRecipient {
    /// The member.
    #[account(address = recipient.owner @ VaultError::NotOwner)]
    pub owner: Signer,
    pub pool: KnownPool,
    /// The page that holds the member's counters.
    #[account(
        mut,
        constraint = address_eq(&page.pool, pool.address()) @ VaultError::WrongPool,
    )]
    pub page: OpenedPage,
    #[account(
        mut,
        constraint = address_eq(&recipient.pool, pool.address()) @ VaultError::WrongRecipient,
        close = rent_payer
    )]
    pub recipient: KnownRecipient,
    /// Who paid the account's rent gets it back; may be the member.
    #[account(
        mut,
        unsafe(dup),
        address = recipient.rent_payer @ VaultError::WrongRentPayer
    )]
    pub rent_payer: UncheckedAccount,
}

/// Only once the account says what its absence says: closing must not be a way around the cooldown for who stole a
/// member's key.
pub fn handler(ctx: &mut Context<CloseRecipient>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let CloseRecipient {
        page, recipient, ..
    } = &mut ctx.accounts;
    require!(recipient.is_idle(now), VaultError::RecipientInUse);
    page.slot_mut(recipient.index)?.mark_recipient(false);

    let event = RecipientClosed {
        pool: recipient.pool,
        owner: recipient.owner,
        rent_payer: recipient.rent_payer,
        index: recipient.index,
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
