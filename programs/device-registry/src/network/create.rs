#![expect(
    unused_variables,
    reason = "the derive reads the arguments once more on the way out, where nothing needs them"
)]

use anchor_lang::prelude::*;

use crate::{
    RegistryError,
    constants::{CLASSES, NETWORK_SEED, REGISTRATION_OPEN, VERSION},
    event::NetworkCreated,
    state::Network,
};

#[derive(Clone, Debug, PartialEq, IdlType, SchemaRead, SchemaWrite)]
pub struct CreateNetworkArgs {
    /// Number of the network among its creator's.
    pub id: u64,
    /// May ban devices.
    pub guardian: Address,
    /// Who may register: `REGISTRATION_*`.
    pub registration: u8,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: CreateNetworkArgs)]
pub struct CreateNetwork {
    /// Pays the rent; may be the authority.
    #[account(unsafe(dup))]
    pub payer: Signer,
    /// First authority. It signs: with its key in the seeds, nobody else takes this number.
    pub authority: Signer,
    /// The new network.
    #[account(
        init,
        payer = payer,
        seeds = [NETWORK_SEED, authority.address().as_ref(), &args.id.to_le_bytes()],
        bump,
    )]
    pub network: Account<Network>,
    pub system_program: Program<System>,
}

impl CreateNetwork {
    fn validate(args: &CreateNetworkArgs) -> Result<()> {
        require!(args.guardian != Address::default(), RegistryError::ZeroKey);
        require!(
            args.registration <= REGISTRATION_OPEN,
            RegistryError::UnknownPolicy
        );
        Ok(())
    }
}

/// # Errors
/// [`RegistryError::ZeroKey`] for a guardian of zeros, [`RegistryError::UnknownPolicy`].
pub fn handler(ctx: &mut Context<CreateNetwork>, args: CreateNetworkArgs) -> Result<()> {
    CreateNetwork::validate(&args)?;
    let created_at = Clock::get()?.unix_timestamp;
    let authority = *ctx.accounts.authority.address();
    *ctx.accounts.network = Network {
        authority,
        pending_authority: Address::default(),
        guardian: args.guardian,
        creator: authority,
        id: args.id,
        created_at,
        devices: 0,
        devices_by_class: [0; CLASSES],
        banned: 0,
        reserved: [0; 16],
        issuers: 0,
        trees: 0,
        registration: args.registration,
        bump: ctx.bumps.network,
        version: VERSION,
        padding: [0; 7],
    };
    ctx.accounts.network.invariant()?;
    emit_cpi!(NetworkCreated {
        network: *ctx.accounts.network.address(),
        authority,
        guardian: args.guardian,
        id: args.id,
        registration: args.registration,
    });
    Ok(())
}
