//! Which member a payout belongs to: the one rule for every payout to a member.

use anchor_lang::{address_eq, prelude::*};

use crate::{
    error::VaultError,
    state::{MemberSlot, Pool, Recipient},
};

/// The member who is paid when `wallet`'s canonical account is: the wallet itself, or, when a recipient account comes
/// along, the member who set it. Whether a recipient account had to come along only the member's slot tells:
/// [`require_recipient`].
///
/// # Errors
/// [`VaultError::WrongRecipient`] when it is of another pool, [`VaultError::DestinationNotRecipient`] when another
/// wallet is in effect at `now`.
pub fn paid_member<'a>(
    pool: &Account<Pool>,
    wallet: &'a Address,
    recipient: Option<&'a Recipient>,
    now: i64,
) -> Result<&'a Address> {
    let Some(recipient) = recipient else {
        return Ok(wallet);
    };
    require!(
        address_eq(&recipient.pool, pool.address()),
        VaultError::WrongRecipient
    );
    require!(
        address_eq(&recipient.payout_at(now), wallet),
        VaultError::DestinationNotRecipient
    );
    Ok(&recipient.owner)
}

/// A member's recipient account must come along: without it anyone could have a member paid to the wallet that the
/// member turned away from.
///
/// # Errors
/// [`VaultError::RecipientMissing`].
pub fn require_recipient(slot: &MemberSlot, came_along: bool) -> Result<()> {
    require!(
        came_along || !slot.has_recipient(),
        VaultError::RecipientMissing
    );
    Ok(())
}
