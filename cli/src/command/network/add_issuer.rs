//! `cairn network add-issuer`.

use cairn_interface::registry::{self, KeyKind, constants};

use crate::address::Hash;
use crate::args::{NetworkArg, hash};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Trust a manufacturer, carrier, partner or validator authority
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn network add-issuer --network NET --key ADDRESS --role manufacturer --did did:web:maker.example
  cairn network add-issuer --network NET --key 02HEX… --role partner --did did:web:weather.example   (P-256)")]
pub struct Args {
    #[command(flatten)]
    pub network: NetworkArg,
    /// Its key: an Ed25519 address in base58, or a compressed P-256 point in hex (66 digits)
    #[arg(long, value_name = "KEY", value_parser = issuer_key)]
    pub key: IssuerKey,
    /// What it may vouch for; repeat it for each
    #[arg(
        long = "role",
        value_enum,
        value_name = "ROLE",
        required = true,
        value_delimiter = ','
    )]
    pub roles: Vec<Role>,
    /// Its decentralised identifier, did:…, at most 128 bytes
    #[arg(long, value_name = "DID")]
    pub did: String,
    /// Where it publishes its status list
    #[arg(long, value_name = "URI", requires = "status_list_hash")]
    pub status_list_uri: Option<String>,
    /// SHA-256 of that list, in hex
    #[arg(long, value_name = "HASH", value_parser = hash, requires = "status_list_uri")]
    pub status_list_hash: Option<[u8; 32]>,
}

/// What an issuer may vouch for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Endorses the devices it made
    Manufacturer,
    /// Signs traffic and fulfils data credits
    Carrier,
    /// Streams metrics
    Partner,
    /// Credentials validators
    Validator,
}

impl Role {
    const fn bit(self) -> u32 {
        match self {
            Self::Manufacturer => constants::ROLE_MANUFACTURER,
            Self::Carrier => constants::ROLE_CARRIER,
            Self::Partner => constants::ROLE_PARTNER,
            Self::Validator => constants::ROLE_VALIDATOR,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Manufacturer => "manufacturer",
            Self::Carrier => "carrier",
            Self::Partner => "partner",
            Self::Validator => "validator",
        }
    }
}

/// An issuer's key with its curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssuerKey {
    pub kind: KeyKind,
    pub key: [u8; 32],
}

/// Reads an Ed25519 address or a compressed P-256 point.
///
/// # Errors
/// A sentence for what is neither.
pub fn issuer_key(text: &str) -> Result<IssuerKey, String> {
    if let Ok(address) = crate::args::address(text) {
        return Ok(IssuerKey {
            kind: KeyKind::Ed25519,
            key: address.to_bytes(),
        });
    }
    let point: Option<[u8; 33]> = hex::decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok());
    let neither = || {
        "a key is an Ed25519 address in base58, or a compressed P-256 point: 66 hex digits starting with 02 or 03".to_owned()
    };
    let [parity, key @ ..] = point.ok_or_else(neither)?;
    let Some(kind @ (KeyKind::P256Even | KeyKind::P256Odd)) = KeyKind::from_byte(parity) else {
        return Err(neither());
    };
    Ok(IssuerKey { kind, key })
}

/// # Errors
/// The signer is not the network's authority; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let network = chain::network(ctx, &args.network.network).await?;
    let authority = ctx.signer_as("network's authority", &network.authority)?;
    let add = registry::AddIssuer {
        payer: ctx.fee_payer()?,
        authority,
        network: network.address,
        key: args.key.key,
        key_kind: args.key.kind,
        roles: args.roles.iter().fold(0, |bits, role| bits | role.bit()),
        did: args.did.clone(),
        status_list_uri: args.status_list_uri.clone().unwrap_or_default(),
        status_list_hash: args.status_list_hash.unwrap_or_default(),
    };
    let issuer = add.issuer();
    let roles: Vec<_> = args.roles.iter().copied().map(Role::name).collect();
    let mut effect = Effect::new(format!("Trust {}", args.did))
        .fact("network", network.address)
        .fact("as", roles.join(", "))
        .fact("with key", Hash(args.key.key))
        .fact("account", issuer);
    if let (Some(hash), Some(uri)) = (args.status_list_hash, &args.status_list_uri) {
        effect = effect.fact("status list", format!("{uri}\nSHA-256 {}", Hash(hash)));
    }
    let transactions = perform(ctx, Deed::new(effect).step([add.instruction()])).await?;
    Ok(Facts::of(transactions)
        .fact("network", network.address)
        .fact("issuer", issuer)
        .data("did", args.did.clone())
        .named("roles", "as", roles))
}
