//! `cairn network propose-authority`.

use cairn_interface::registry;
use solana_sdk::pubkey::Pubkey;

use crate::args::{NetworkArg, address};
use crate::chain;
use crate::context::Context;
use crate::conversation::Effect;
use crate::error::CliError;
use crate::facts::Facts;
use crate::transact::{Deed, perform};

/// Offer a network to another authority, or withdraw the offer
///
/// Nothing changes until the other key accepts, so a mistyped address can not lose the network.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cairn network propose-authority NEW_AUTHORITY --network NET
  cairn network propose-authority --withdraw --network NET")]
pub struct Args {
    /// The new authority's address
    #[arg(value_name = "ADDRESS", value_parser = address, required_unless_present = "withdraw")]
    pub new_authority: Option<Pubkey>,
    #[command(flatten)]
    pub network: NetworkArg,
    /// Take the present offer back
    #[arg(long, conflicts_with = "new_authority")]
    pub withdraw: bool,
}

/// # Errors
/// The signer is not the network's authority; what sending runs into.
pub async fn run(ctx: &Context, args: &Args) -> Result<Facts, CliError> {
    let network = chain::network(ctx, &args.network.network).await?;
    let authority = ctx.signer_as("network's authority", &network.authority)?;
    let propose = registry::ProposeAuthority {
        authority,
        network: network.address,
        // The zero key withdraws the offer.
        new_authority: args.new_authority.unwrap_or_default(),
    };
    let effect = match args.new_authority {
        Some(new_authority) => Effect::new("Offer the network to another authority")
            .fact("network", network.address)
            .fact("from", authority)
            .fact("to", format!("{new_authority} (must accept)")),
        None => Effect::new("Withdraw the offer of the network").fact("network", network.address),
    };
    let transactions = perform(ctx, Deed::new(effect).step([propose.instruction()])).await?;
    Ok(Facts::of(transactions).fact("network", network.address))
}
