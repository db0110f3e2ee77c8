use anchor_lang::prelude::*;

use crate::{
    RegistryError,
    event::IssuerRetired,
    state::{Issuer, Network},
};

#[event_cpi]
#[derive(Accounts)]
pub struct RetireIssuer {
    /// The network that trusted it.
    pub network: Account<Network>,
    /// The network's authority.
    #[account(address = network.authority @ RegistryError::NotAuthority)]
    pub authority: Signer,
    /// The issuer to retire.
    #[account(
        mut,
        constraint = issuer.network == *network.address() @ RegistryError::WrongNetwork,
        constraint = issuer.is_active() @ RegistryError::IssuerRetired,
    )]
    pub issuer: Account<Issuer>,
}

/// # Errors
/// [`RegistryError::NotAuthority`], [`RegistryError::WrongNetwork`], [`RegistryError::IssuerRetired`] when it already
/// is.
pub fn handler(ctx: &mut Context<RetireIssuer>) -> Result<()> {
    let retired_at = Clock::get()?.unix_timestamp;
    let issuer = &mut ctx.accounts.issuer;
    issuer.active = 0;
    issuer.retired_at = retired_at;
    issuer.invariant()?;
    emit_cpi!(IssuerRetired {
        network: *ctx.accounts.network.address(),
        issuer: *ctx.accounts.issuer.address(),
        retired_at,
    });
    Ok(())
}
