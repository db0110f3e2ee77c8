use anchor_lang::prelude::*;

use crate::{RegistryError, event::NetworkChanged, state::Network};

#[event_cpi]
#[derive(Accounts)]
pub struct ProposeAuthority {
    /// The network to hand over.
    #[account(mut)]
    pub network: Account<Network>,
    /// Its authority.
    #[account(address = network.authority @ RegistryError::NotAuthority)]
    pub authority: Signer,
}

/// # Errors
/// [`RegistryError::NotAuthority`].
pub fn handler(ctx: &mut Context<ProposeAuthority>, new_authority: Address) -> Result<()> {
    let network = &mut ctx.accounts.network;
    network.pending_authority = new_authority;
    network.invariant()?;
    emit_cpi!(NetworkChanged::of(&ctx.accounts.network));
    Ok(())
}
