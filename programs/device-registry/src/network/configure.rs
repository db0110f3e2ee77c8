use anchor_lang::prelude::*;

use crate::{RegistryError, constants::REGISTRATION_OPEN, event::NetworkChanged, state::Network};

#[derive(Clone, Debug, PartialEq, IdlType, SchemaRead, SchemaWrite)]
pub struct ConfigureNetworkArgs {
    /// May ban devices from now on.
    pub guardian: Address,
    /// Who may register from now on: `REGISTRATION_*`.
    pub registration: u8,
}

#[event_cpi]
#[derive(Accounts)]
pub struct ConfigureNetwork {
    /// The network to change.
    #[account(mut)]
    pub network: Account<Network>,
    /// Its authority.
    #[account(address = network.authority @ RegistryError::NotAuthority)]
    pub authority: Signer,
}

impl ConfigureNetwork {
    fn validate(args: &ConfigureNetworkArgs) -> Result<()> {
        require!(args.guardian != Address::default(), RegistryError::ZeroKey);
        require!(
            args.registration <= REGISTRATION_OPEN,
            RegistryError::UnknownPolicy
        );
        Ok(())
    }
}

/// # Errors
/// [`RegistryError::NotAuthority`], [`RegistryError::ZeroKey`] for a guardian of zeros,
/// [`RegistryError::UnknownPolicy`].
pub fn handler(ctx: &mut Context<ConfigureNetwork>, args: ConfigureNetworkArgs) -> Result<()> {
    ConfigureNetwork::validate(&args)?;
    let network = &mut ctx.accounts.network;
    network.guardian = args.guardian;
    network.registration = args.registration;
    network.invariant()?;
    emit_cpi!(NetworkChanged::of(&ctx.accounts.network));
    Ok(())
}
