#![expect(
    unused_variables,
    reason = "the derive reads the arguments once more on the way out, where nothing needs them"
)]

use anchor_lang::prelude::*;

use crate::{
    RegistryError,
    constants::{
        ISSUER_SEED, KEY_ED25519, KEY_P256_EVEN, KEY_P256_ODD, ROLES_KNOWN, TEXT_LEN, VERSION,
    },
    event::IssuerAdded,
    state::{Issuer, Network},
};

#[derive(Clone, Debug, PartialEq, IdlType, SchemaRead, SchemaWrite)]
pub struct AddIssuerArgs {
    /// Ed25519 point, or x coordinate of a P-256 point.
    pub key: [u8; 32],
    /// `KEY_*`.
    pub key_kind: u8,
    /// Bits `ROLE_*`.
    pub roles: u32,
    /// Its decentralised identifier, `did:…`, UTF-8, at most 128 bytes.
    pub did: Vec<u8>,
    /// Where it publishes its status list, ASCII, at most 128 bytes; empty when it does not.
    pub status_list_uri: Vec<u8>,
    /// SHA-256 of that list; zeros when it publishes none.
    pub status_list_hash: [u8; 32],
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: AddIssuerArgs)]
pub struct AddIssuer {
    /// Pays the rent; may be the authority.
    #[account(unsafe(dup))]
    pub payer: Signer,
    /// The network that will trust it.
    #[account(mut)]
    pub network: Account<Network>,
    /// The network's authority.
    #[account(address = network.authority @ RegistryError::NotAuthority)]
    pub authority: Signer,
    /// The new issuer. One account a key: a retired key never comes back.
    #[account(
        init,
        payer = payer,
        seeds = [ISSUER_SEED, network.address().as_ref(), &args.key],
        bump,
    )]
    pub issuer: Account<Issuer>,
    pub system_program: Program<System>,
}

impl AddIssuer {
    fn validate(args: &AddIssuerArgs) -> Result<()> {
        require!(args.key != [0; 32], RegistryError::ZeroKey);
        require!(
            matches!(args.key_kind, KEY_ED25519 | KEY_P256_EVEN | KEY_P256_ODD),
            RegistryError::UnknownKeyKind
        );
        require!(
            args.roles != 0 && args.roles & !ROLES_KNOWN == 0,
            RegistryError::NoRoles
        );
        let did = core::str::from_utf8(&args.did).unwrap_or_default();
        require!(
            did.len() > b"did:".len() && did.len() <= TEXT_LEN && did.starts_with("did:"),
            RegistryError::DidTooLong
        );
        require!(
            args.status_list_uri.len() <= TEXT_LEN
                && args.status_list_uri.iter().all(u8::is_ascii_graphic),
            RegistryError::UriTooLong
        );
        Ok(())
    }
}

/// # Errors
/// [`RegistryError::NotAuthority`]; [`RegistryError::ZeroKey`], [`RegistryError::UnknownKeyKind`],
/// [`RegistryError::NoRoles`], [`RegistryError::DidTooLong`], [`RegistryError::UriTooLong`] for the arguments.
pub fn handler(ctx: &mut Context<AddIssuer>, args: AddIssuerArgs) -> Result<()> {
    AddIssuer::validate(&args)?;
    let (did, did_len) = text(&args.did);
    let (status_list_uri, status_list_uri_len) = text(&args.status_list_uri);
    *ctx.accounts.issuer = Issuer {
        added_at: Clock::get()?.unix_timestamp,
        retired_at: 0,
        network: *ctx.accounts.network.address(),
        key: args.key,
        status_list_hash: args.status_list_hash,
        roles: args.roles,
        key_kind: args.key_kind,
        active: 1,
        bump: ctx.bumps.issuer,
        version: VERSION,
        did_len,
        status_list_uri_len,
        padding: [0; 6],
        did,
        status_list_uri,
        reserved: [0; 8],
    };
    ctx.accounts.issuer.invariant()?;
    let network = &mut ctx.accounts.network;
    network.issuers = network
        .issuers
        .checked_add(1)
        .ok_or(RegistryError::SequenceOverflow)?;
    network.invariant()?;
    emit_cpi!(IssuerAdded {
        network: *ctx.accounts.network.address(),
        issuer: *ctx.accounts.issuer.address(),
        key: args.key,
        key_kind: args.key_kind,
        roles: args.roles,
    });
    Ok(())
}

/// `bytes`, at most 128 of them, as a fixed field and its length.
fn text(bytes: &[u8]) -> ([u8; TEXT_LEN], u8) {
    let mut field = [0; TEXT_LEN];
    let mut len = 0_u8;
    for (to, from) in field.iter_mut().zip(bytes) {
        *to = *from;
        len = len.saturating_add(1);
    }
    (field, len)
}
