use anchor_lang::prelude::*;

use crate::{RegistryError, event::NetworkChanged, state::Network};

#[event_cpi]
#[derive(Accounts)]
pub struct AcceptAuthority {
    /// The network to take.
    #[account(mut)]
    pub network: Account<Network>,
    /// The key that was proposed. Zeros can not sign, so no offer means nobody.
    #[account(address = network.pending_authority @ RegistryError::NotPendingAuthority)]
    pub new_authority: Signer,
}

/// # Errors
/// [`RegistryError::NotPendingAuthority`].
pub fn handler(ctx: &mut Context<AcceptAuthority>) -> Result<()> {
    let network = &mut ctx.accounts.network;
    network.authority = network.pending_authority;
    network.pending_authority = Address::default();
    network.invariant()?;
    emit_cpi!(NetworkChanged::of(&ctx.accounts.network));
    Ok(())
}
